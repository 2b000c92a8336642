"""Do mock and target answer one script alike, but for what is named?

Against the mock, the other side is the recording that `make record` made: one of the vendor's sandbox says
how true the mock is, one of the mock itself proves the machinery. Against any other target, a mock of our own
is asked in lockstep.
"""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from contract_tests.checks.document import Contract
from contract_tests.checks.finding import Finding
from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.strategies import fictional
from contract_tests.novapost.parity.answers import Answer, unlike
from contract_tests.novapost.parity.backend import Side
from contract_tests.novapost.parity.recording import FOLDER, Recording, asked
from contract_tests.novapost.parity.script import SCRIPT, Step
from contract_tests.target import targets
from contract_tests.target.call_log import CallLog
from contract_tests.target.transport import Wire, transport_to

Asks = Callable[[Step], Answer | None]
PHONE = fictional(601)
RECORDED = FOLDER / "mock.json"


@pytest.fixture
def tested(api: Api, wire: Wire, shared_control: KeysControl | None) -> Asks:
    """Return the target, with a registered phone where one can be had."""
    phone = api.target.phone
    if shared_control is not None:
        shared_control.reset()
        shared_control.register(PHONE)
        phone = PHONE
    return Side(api.target.base_url, wire, phone, patient=api.target.sandbox is not None).ask


@pytest.fixture
def reference(api: Api) -> Iterator[Asks]:
    """Yield the side that the target is compared with: the recording, or a mock in lockstep."""
    if api.target.name == "mock":
        recording = Recording.read(FOLDER / "sandbox.json" if _has_sandbox() else RECORDED)
        yield lambda step: recording.answers.get(step.name)
        return
    with targets.opened("mock", None) as mock:
        wire = Wire(transport_to(mock.base_url))
        assert mock.control_url is not None
        KeysControl(mock.control_url, wire, CallLog(), mock.control_token).register(PHONE)
        yield Side(mock.base_url, wire, PHONE).ask
        wire.close()


def _has_sandbox() -> bool:
    return (FOLDER / "sandbox.json").exists()


@pytest.mark.guest(requests=40)
def test_both_sides_answer_alike(api: Api, contract: Contract, tested: Asks, reference: Asks) -> None:
    """Step by step; each difference that is not named is a finding, with the step and both sides."""
    findings: list[Finding] = []
    compared = count()
    for step in SCRIPT:
        here, there = tested(step), reference(step)
        if here is None or there is None:
            continue
        next(compared)
        label = f"{step.method} {step.path}"
        findings.extend(
            Finding("parity", label, f"{step.name}: {difference} (reference, target)", asked(step))
            for difference in unlike(step, there, here, contract)
        )

    assert next(compared) > 10, "too little was compared"
    api.settle(findings)
