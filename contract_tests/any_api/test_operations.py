"""Does every operation keep its promises, whatever it is sent?

Schemathesis makes the requests (the document's examples, systematic coverage of the schemas, random data
that fits them and data that breaks them); its checks and those of checks.py judge the answers.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.schemas import BaseSchema

from contract_tests.checks.document import Contract
from contract_tests.novapost.knowledge.strategies import PUBLISHED_EXAMPLE, fictional, fictional_german
from contract_tests.session.api import Api
from contract_tests.target.control import Stage

CASES_PER_OPERATION = 350

# Phones that the stage knows, so that generated requests reach past "Client not found".
REGISTERED = [PUBLISHED_EXAMPLE, *map(fictional, range(4))]
AMBIGUOUS = [fictional_german(0)]
# Keys that were really given; filled when the stage is set, drawn from by position.
_keys: list[str] = []

CHECKS = ChecksConfig(
    # Off: it takes 400 for data that fits the schema as a fault, but the rule ua-unsupported is just that,
    # and no schema says it. Our own check status-fits-the-request knows the rule and is stricter elsewhere.
    positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False),
)


def schema_of(phase: str, document: dict[str, Any]) -> BaseSchema:
    """The document for one phase: each is a test of its own, so that machines can share them."""
    phases = PhasesConfig(
        examples=ExamplesPhaseConfig(enabled=phase == "examples"),
        coverage=CoveragePhaseConfig(enabled=phase == "coverage"),
        fuzzing=FuzzingPhaseConfig(
            enabled=phase == "fuzzing", generation=GenerationConfig(max_examples=CASES_PER_OPERATION)
        ),
        # Sequences of calls are asked for where the rules say what to expect of them: test_lifecycle.py.
        stateful=StatefulPhaseConfig(enabled=False),
    )
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(checks=CHECKS, phases=phases)))
    return schemathesis.openapi.from_dict(document, config=config)


DOCUMENT = Contract.read().document
examples, coverage, fuzzing = (schema_of(phase, DOCUMENT) for phase in ("examples", "coverage", "fuzzing"))


def flatmap_body(context: Any, body: Any) -> st.SearchStrategy[Any]:
    """Every other fitting phone becomes one that the stage knows."""
    if not isinstance(body, dict) or set(body) != {"phone"} or not _fits(body["phone"]):
        return st.just(body)
    return st.just(body) | st.sampled_from(REGISTERED + AMBIGUOUS).map(lambda phone: {"phone": phone})


def flatmap_query(context: Any, query: Any) -> st.SearchStrategy[Any]:
    """Some keys become ones that were really given."""
    if not _keys or not isinstance(query, dict) or not isinstance(query.get("apiKey"), str):
        return st.just(query)
    return st.just(query) | st.integers(0, len(_keys) - 1).map(lambda i: {**query, "apiKey": _keys[i]})


for schema in (examples, coverage, fuzzing):
    schema.hook(flatmap_body)
    schema.hook(flatmap_query)


def _fits(phone: Any) -> bool:
    return isinstance(phone, str) and phone.isascii() and phone.isdigit() and 8 <= len(phone) <= 15


@pytest.fixture(scope="module", autouse=True)
def staged(api: Api, shared_stage: Stage | None) -> None:
    """Clients and keys for the whole file: generated requests come too fast to set the stage for each."""
    _keys.clear()
    if shared_stage is None:
        return
    shared_stage.reset()
    for phone in REGISTERED:
        shared_stage.register(phone)
    for phone in AMBIGUOUS:
        shared_stage.register(phone, matches=2)
    for phone in REGISTERED[:2]:
        answer = api.ask(phone)
        if answer.status == 200:
            _keys.append(answer.json()["apiKey"])


# Of the cases that are made up a guest sends a few, and none with a phone that could be somebody's.
@pytest.mark.listed
@pytest.mark.guest(requests=4)
@examples.parametrize()
def test_the_examples_keep_the_promises(case: schemathesis.Case[Any], api: Api) -> None:
    """What the document itself shows as a request: the answer is one that the document promises."""
    api.run(case)


@pytest.mark.listed
@pytest.mark.guest(requests=26)
@coverage.parametrize()
def test_every_keyword_keeps_the_promises(case: schemathesis.Case[Any], api: Api) -> None:
    """What keeps or breaks each keyword of the schemas in turn: the answer is a promised one."""
    api.run(case)


@pytest.mark.guest(requests=30)
@fuzzing.parametrize()
def test_every_answer_keeps_the_promises(case: schemathesis.Case[Any], api: Api) -> None:
    """Whatever fits the document or breaks it: the answer is one that the document promises."""
    api.run(case)
