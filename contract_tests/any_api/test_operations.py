"""Does every operation keep its promises, whatever it is sent?

Schemathesis makes the requests (the document's examples, systematic coverage of the schemas, random data
that fits them and data that breaks them); its checks and those of checks.py judge the answers.
"""

from typing import Any

import pytest
import schemathesis

from contract_tests.any_api.phases import PHASES, schema_of
from contract_tests.session.api import Api
from contract_tests.session.resources import Existing, Resources
from contract_tests.session.subject import chosen
from contract_tests.target.control import ControlClient

CONTRACT = chosen().contract
IS_OURS = chosen().is_ours
# A document of many operations gets fewer cases for each, so that a run takes minutes at most.
CASES_PER_OPERATION = 350 if IS_OURS else max(15, min(120, 2400 // len(CONTRACT.operations)))

# Off: it takes a refusal of data that fits the schema as a fault, but an API may have rules that no schema
# says. The check status-fits-the-request is told what the rules leave open, and is stricter elsewhere.
_LEFT_OUT = ["positive_data_acceptance"]
if not IS_OURS:
    # Off as well: what a check of ours judges by what HTTP leaves open (RFC 9110), such as 415, 501, and
    # formats that a server need not know. One cause is one finding.
    _LEFT_OUT += ["negative_data_rejection", "missing_required_header", "not_a_server_error"]
    _LEFT_OUT += ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]
    _LEFT_OUT += ["response_headers_conformance", "unsupported_method", "allow_header_conformance"]
    _LEFT_OUT += ["ignored_auth", "use_after_free", "ensure_resource_availability"]
    _LEFT_OUT += ["object_level_authorization"]

examples, coverage, fuzzing = (
    schema_of(phase, CONTRACT.document, CASES_PER_OPERATION, _LEFT_OUT) for phase in PHASES
)
for schema in (examples, coverage, fuzzing):
    for hook in CONTRACT.knowledge.hooks:
        schema.hook(hook)


@pytest.fixture(scope="module", autouse=True)
def prepared(api: Api, shared_control: ControlClient | None) -> None:
    """Prepare the target, so that generated requests reach past the first refusal."""
    CONTRACT.knowledge.prepare(api, shared_control)


@pytest.fixture(scope="module")
def existing(api: Api, resources: Resources) -> Existing | None:
    """Things to ask about; the knowledge of an API has its own."""
    return None if IS_OURS else Existing(api, resources)


# Of the cases that are made up a guest sends a few, and none with what could be somebody's.
@pytest.mark.listed
@pytest.mark.guest(requests=4)
@examples.parametrize()
def test_the_examples_keep_the_promises(
    case: schemathesis.Case[Any], api: Api, existing: Existing | None
) -> None:
    """What the document itself shows as a request: the answer is one that the document promises."""
    _run(case, api, existing)


@pytest.mark.listed
@pytest.mark.guest(requests=26)
@coverage.parametrize()
def test_every_keyword_keeps_the_promises(
    case: schemathesis.Case[Any], api: Api, existing: Existing | None
) -> None:
    """What keeps or breaks each keyword of the schemas in turn: the answer is a promised one."""
    _run(case, api, existing)


@pytest.mark.guest(requests=30)
@fuzzing.parametrize()
def test_every_answer_keeps_the_promises(
    case: schemathesis.Case[Any], api: Api, existing: Existing | None
) -> None:
    """Whatever fits the document or breaks it: the answer is one that the document promises."""
    _run(case, api, existing)


def _run(case: schemathesis.Case[Any], api: Api, existing: Existing | None) -> None:
    api.run(case, existing.put_into(case) if existing else ())
