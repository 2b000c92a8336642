"""Can every documented status of every operation be brought about, and does it mean what it says?"""

import pytest

from contract_tests.checks.document import Operation
from contract_tests.session.api import Api
from contract_tests.session.subject import chosen
from contract_tests.target.control import Stage
from contract_tests.target.exchange import Received

KNOWLEDGE = chosen().contract.knowledge
DOCUMENTED = chosen().contract.documented


@pytest.mark.parametrize(
    ("operation", "status"), DOCUMENTED, ids=[f"{o.operation_id}-{status}" for o, status in DOCUMENTED]
)
def test_a_documented_status_comes_about(operation: Operation, status: int, api: Api, stage: Stage) -> None:
    """A status that nobody can bring about is a promise that nobody can rely on."""
    recipe = KNOWLEDGE.recipes.get((operation.label, status))

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
    options = dict(KNOWLEDGE.requests.get(operation.label, {}))
    return api.send(operation.method, operation.path, headers={"Prefer": f"code={status}"}, **options)
