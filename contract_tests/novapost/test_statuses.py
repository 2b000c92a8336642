"""Can every documented status of every operation be brought about, and does it mean what it says?"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contract_tests.checks.document import Contract, Operation
from contract_tests.novapost.knowledge.steps import MORNING
from contract_tests.novapost.knowledge.strategies import fictional
from contract_tests.session.api import Api
from contract_tests.target.control import Stage
from contract_tests.target.exchange import Received

PHONE = fictional(100)


def _new_key(api: Api, stage: Stage) -> Received:
    stage.set_clock(MORNING)
    stage.register(PHONE)
    return api.ask(PHONE)


def _limit_reached(api: Api, stage: Stage) -> Received:
    _new_key(api, stage)
    stage.cleanup(PHONE)
    # A second issuing on one day: too much by either reading of daily-limit.
    return api.ask(PHONE)


def _ambiguous(api: Api, stage: Stage) -> Received:
    stage.register(PHONE, matches=2)
    return api.ask(PHONE)


def _expired_key(api: Api, stage: Stage) -> Received:
    key = _new_key(api, stage).json()["apiKey"]
    stage.advance(timedelta(days=800))
    return api.authorize(key)


# How each status comes about by the rules. A pair that is not here is asked for by `Prefer: code=…`.
RECIPES: dict[tuple[str, int], Callable[[Api, Stage], Received]] = {
    ("createTestApiKey", 200): _new_key,
    ("createTestApiKey", 400): lambda api, stage: api.ask("no phone"),
    ("createTestApiKey", 404): lambda api, stage: api.ask(PHONE),
    ("createTestApiKey", 409): _ambiguous,
    ("createTestApiKey", 429): _limit_reached,
    ("authorizeClient", 200): lambda api, stage: api.authorize(_new_key(api, stage).json()["apiKey"]),
    ("authorizeClient", 401): _expired_key,
    ("authorizeClient", 422): lambda api, stage: api.send("GET", "/clients/authorization"),
}

DOCUMENTED = Contract.read().documented


@pytest.mark.parametrize(
    ("operation", "status"), DOCUMENTED, ids=[f"{o.operation_id}-{status}" for o, status in DOCUMENTED]
)
def test_a_documented_status_comes_about(operation: Operation, status: int, api: Api, stage: Stage) -> None:
    """A status that nobody can bring about is a promise that nobody can rely on."""
    recipe = RECIPES.get((operation.operation_id, status))

    answer = recipe(api, stage) if recipe else _preferred(api, operation, status)

    api.expect(
        answer.status == status,
        "status-comes-about",
        f"{answer.status} where the rules give {status}: {operation.label}",
        operation.path,
    )


@pytest.mark.parametrize(
    ("operation", "status"), DOCUMENTED, ids=[f"{o.operation_id}-{status}" for o, status in DOCUMENTED]
)
def test_a_documented_status_can_be_asked_for(
    operation: Operation, status: int, api: Api, stage: Stage
) -> None:
    """`Prefer: code=…` (RFC 7240) gives any documented answer, so that callers can try how they take it."""
    answer = _preferred(api, operation, status)

    api.expect(
        answer.status == status,
        "prefer-gives-the-status",
        f"{answer.status} where Prefer asked for {status}: {operation.label}",
        operation.path,
    )


def _preferred(api: Api, operation: Operation, status: int) -> Received:
    options = {"headers": {"Prefer": f"code={status}"}}
    if operation.method == "POST":
        return api.ask(PHONE, **options)
    return api.send(operation.method, operation.path, params={"apiKey": "0" * 40}, **options)
