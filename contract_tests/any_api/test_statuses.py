"""Can every documented status of every operation be brought about, and does it mean what it says?

By a recipe where there is one; else by an example, a link, what the schema forbids, credentials left out, or
`Prefer` where the target honours it. A status that does not come about so is unproven and no finding.
"""

from typing import TYPE_CHECKING

import pytest

from contract_tests.checks.document import Operation
from contract_tests.session.api import Api
from contract_tests.session.attempts import attempts
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import chosen
from contract_tests.target.exchange import Received

if TYPE_CHECKING:
    from contract_tests.target.control import ControlClient

KNOWLEDGE = chosen().contract.knowledge
DOCUMENTED = chosen().contract.documented
IDS = [f"{o.operation_id}-{status}" for o, status in DOCUMENTED]


@pytest.mark.parametrize(("operation", "status"), DOCUMENTED, ids=IDS)
def test_a_documented_status_comes_about(
    operation: Operation,
    status: int,
    api: Api,
    request: pytest.FixtureRequest,
    samples: Samples,
    resources: Resources,
) -> None:
    """A status that nobody can bring about is a promise that nobody can rely on."""
    recipe = KNOWLEDGE.recipes.get((operation.label, status))
    if not chosen().is_ours:
        api.calls.begin()
        if recipe is None:
            _try(operation, status, api, samples, resources)
            return
        answer = recipe(api, None)
    else:
        control: ControlClient = request.getfixturevalue("control")
        answer = recipe(api, control) if recipe else _provoked(api, samples, operation, status)

    api.expect(
        answer.status == status,
        "status-comes-about",
        f"{answer.status} where the rules give {status}: {operation.label}",
        operation.label,
    )


def _try(operation: Operation, status: int, api: Api, samples: Samples, resources: Resources) -> None:
    for ask in attempts(operation, status, api, samples, resources):
        answer = ask()
        if answer is not None and answer.status == status:
            return
    pytest.skip(f"unproven: {status} of {operation.label} does not come about without a recipe")


@pytest.mark.parametrize(("operation", "status"), DOCUMENTED, ids=IDS)
def test_a_documented_status_can_be_asked_for(
    operation: Operation, status: int, api: Api, samples: Samples, request: pytest.FixtureRequest
) -> None:
    """`Prefer: code=…` (RFC 7240) gives any documented answer, so that callers can try how they take it."""
    if KNOWLEDGE.honours_prefer:
        request.getfixturevalue("control")
    answer = _preferred(api, samples, operation, status)
    if answer.status != status and not (KNOWLEDGE.honours_prefer and api.target.name == "mock"):
        pytest.skip("the target does not honour Prefer, which RFC 7240 leaves open")

    api.expect(
        answer.status == status,
        "prefer-gives-the-status",
        f"{answer.status} where Prefer asked for {status}: {operation.label}",
        operation.label,
    )


def _provoked(api: Api, samples: Samples, operation: Operation, status: int) -> Received:
    return api.provoke(operation, status, lambda headers: _sent(api, samples, operation, headers))


def _preferred(api: Api, samples: Samples, operation: Operation, status: int) -> Received:
    return _sent(api, samples, operation, {"Prefer": f"code={status}"})


def _sent(api: Api, samples: Samples, operation: Operation, added: dict[str, str]) -> Received:
    if operation.label in KNOWLEDGE.requests:
        path, options = operation.path, dict(KNOWLEDGE.requests[operation.label])
    else:
        path, options = samples.path(operation, {}), samples.options(operation)
    headers = {**options.pop("headers", {}), **added}
    return api.send(operation.method, path, headers=headers, **options)
