"""Which tests of any document run for Nova Post's: those of which its own tests do not ask for more."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.checks.knowledge import Asked
from contract_tests.session.api import Api
from contract_tests.session.attempts import unknown_value
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import chosen
from contract_tests.target.control import ControlClient

if TYPE_CHECKING:
    from contract_tests.checks.document import Operation

OF_OTHER_DOCUMENTS = (
    "test_effects.py",
    "test_methods.py",
    "test_parents.py",
    "test_state.py",
    "test_values.py",
    "test_versions.py",
)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what Nova Post's own tests ask for more strictly."""
    return True if collection_path.name in OF_OTHER_DOCUMENTS and chosen().is_ours else None


@pytest.fixture
def asked(
    request: pytest.FixtureRequest,
    api: Api,
    shared_control: ControlClient | None,
    samples: Samples,
    resources: Resources,
) -> Asked:
    """Bring a situation about and return its request."""
    knowledge, name = chosen().contract.knowledge, request.param
    if name in knowledge.requests and name not in knowledge.situations:
        method, _, path = name.partition(" ")
        return Asked(method, path, knowledge.requests[name])
    api.calls.begin()
    if name not in knowledge.situations:
        return _from_document(name, samples, resources)
    if shared_control is not None:
        shared_control.reset()
    made = knowledge.situations[name](api, shared_control)
    if made is None:
        pytest.skip("the target has no control API (--control)")
    return made


def _from_document(label: str, samples: Samples, resources: Resources) -> Asked:
    """Return a request that fits the document, about something that exists."""
    method, _, template = label.partition(" ")
    operation = chosen().contract.find_operation(method, template)
    assert operation is not None
    path = samples.path(operation, resources.values(operation))
    return Asked(method, path, samples.options(operation))


@pytest.fixture
def stateful(api: Api, samples: Samples, resources: Resources, request: pytest.FixtureRequest) -> None:
    """Skip a test whose resource the target answers without having it."""
    api.calls.begin()
    reading: Operation = request.getfixturevalue("reading")
    name = reading.path_names[-1]
    values = {**resources.values(reading), name: unknown_value(reading, name, api, samples, 0) or "zz"}
    answer = api.send("GET", samples.path(reading, values), **samples.options(reading))
    if 200 <= answer.status < 300:
        pytest.skip("unproven: the target answers for what it never had, so it keeps no state")
    api.calls.begin()
