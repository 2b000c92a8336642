"""Does parity notice what differs, pass over what is named, and record without a secret?"""

import json
import re
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_tests.checks.document import Contract
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.parity import record
from contract_tests.novapost.parity.answers import Answer, Placeholders, unlike
from contract_tests.novapost.parity.backend import Side
from contract_tests.novapost.parity.recording import FOLDER, BadRecording, Recording
from contract_tests.novapost.parity.script import SCRIPT, Step
from contract_tests.sandbox.masking import Masker
from contract_tests.sandbox.site import Site
from contract_tests.self_tests.sandbox.fake_sandbox import OWN, running_sandbox
from contract_tests.target import targets
from contract_tests.target.call_log import CallLog
from contract_tests.target.transport import Wire, transport_to

CONTRACT = Contract.read()
STEPS = {step.name: step for step in SCRIPT}
KEY: dict[str, Any] = {
    "apiKey": "<KEY 1>",
    "createdAt": "2026-03-10T09:30:00.123456Z",
    "expDate": "2027-03-10T23:59:59.000Z",
    "status": "Active",
}
ERROR: dict[str, Any] = {"success": False, "errors": ["Client not found"]}


def differences(name: str, one: Answer, other: Answer) -> list[str]:
    return list(unlike(STEPS[name], one, other, CONTRACT))


def key(**changes: Any) -> Answer:
    return Answer(200, "application/json", KEY | changes)


def error(status: int = 404, **changes: Any) -> Answer:
    return Answer(status, "application/json", ERROR | changes)


def token(number: int) -> Answer:
    return Answer(200, "application/json", {"jwt": f"<TOKEN {number}>"})


@pytest.mark.parametrize(
    ("name", "one", "other", "request_of"),
    [
        ("a stranger", error(), error(400), "status: 404 and 400"),
        ("a stranger", error(), replace(error(), content_type="text/html"), "content type: application/json"),
        ("a stranger", error(), error(success=True), "body/success: false and true"),
        ("a stranger", error(), error(errors=[]), 'body/errors: ["<words>"] and []'),
        ("a stranger", error(), error(errors={"": "x"}), "body/errors: "),
        ("a stranger", error(), error(errors=[" "]), "body/errors/0: "),
        ("a stranger", error(), error(code=7), "body/code: only one side has it"),
        ("a key", key(), key(status="Expired"), 'body/status: "Active" and "Expired"'),
        ("a key", key(), key(createdAt="2026-03-10 09:30:00"), "body/createdAt: "),
        ("a key", key(), key(expDate="2027-03-10T09:30:00Z"), "body/expDate: "),
        ("a key", key(), key(expDate=None), "body/expDate: "),
        ("the key again", key(), key(apiKey="<KEY 2>"), 'body/apiKey: "<KEY 1>" and "<KEY 2>"'),
        ("the key again", key(), error(404), "status: 200 and 404"),
        ("a key", key(), error(429), "status: 200 and 429"),
        ("another method", error(405), error(400), "status: 405 and 400"),
        ("another path", error(404), error(200), "status: 404 and 200"),
    ],
)
def test_a_difference_that_is_not_named_is_found(
    name: str, one: Answer, other: Answer, request_of: str
) -> None:
    """With its place in the answer and both sides."""
    found = differences(name, one, other)

    assert len(found) == 1
    assert found[0].startswith(request_of)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("a key", key(), key(createdAt="2026-03-11T10:00:00Z", expDate="2027-03-11T23:59:59Z")),
        ("a stranger", error(), error(errors=["No such client", "Try another phone"])),
        ("another method", error(405), Answer(405, "text/html", "<20 bytes that are not JSON>")),
        ("another method", error(405), error(404)),
        ("another method", error(405), error(501)),
        ("another path", error(404), Answer(302, "", None)),
        ("the key again", key(), error(429)),
        ("another token", token(1), token(2)),
        ("no key", error(422, errors={"": "x"}), error(422, errors={"apiKey": "GET needs one", "b": "y"})),
        ("a key", key(), key(expDate="2027-03-11T00:59:59+01:00")),
        ("a key", key(), key(expDate="2027-03-10T23:59:59.999Z")),
    ],
)
def test_what_is_named_may_differ(name: str, one: Answer, other: Answer) -> None:
    """What no document promises."""
    assert differences(name, one, other) == []


def test_the_same_secret_has_the_same_placeholder() -> None:
    """Equal stays equal and different different, wherever it stands."""
    names = Placeholders(Masker("491729925904"))
    secret, other = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"

    names.answer(422, "application/json", b'{"errors": {"apiKey": "is required"}}')
    first = names.answer(200, "application/json", json.dumps({"apiKey": secret}).encode())
    again = names.answer(200, "application/json", json.dumps({"apiKey": secret}).encode())
    third = names.answer(200, "application/json", json.dumps({"apiKey": other}).encode())
    request_of = names.answer(400, "application/json", f'["{secret} of 49 172 9925904"]'.encode())

    assert first == again
    assert (first.body, third.body) == ({"apiKey": "<KEY 1>"}, {"apiKey": "<KEY 2>"})
    assert request_of.body == ["<KEY 1> of ***"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str], str]:
    """Record a fake sandbox through the guest's transport; return file, masked values and output."""
    folder = tmp_path_factory.mktemp("recording")
    output = folder / "sandbox.json"
    with pytest.MonkeyPatch.context() as patch, running_sandbox(folder, down_every=7) as sandbox:
        patch.setenv("NOVAPOST_TEST_PHONE", OWN)
        patch.setenv("NOVAPOST_TEST_LEDGER", str(folder / "ledger"))
        trust = ssl.create_default_context(cafile=str(sandbox.ca))
        site = Site(sandbox.base_url, trust, unhurried=False)
        assert record.main(["--target=sandbox", f"--output={output}"], site) == 0
        given = set(sandbox.secrets)
    return output, given, output.read_text()


def test_a_recording_says_what_it_proves_and_shows_no_secret(recorded: tuple[Path, set[str], str]) -> None:
    """It is committed and read by everybody."""
    output, given, text = recorded
    tree = json.loads(text)

    assert len(given) >= 2
    assert not any(secret in text for secret in {OWN, *given})
    assert tree["recordedFrom"] == "sandbox"
    assert tree["proves"] == "what the vendor's sandbox answered at that time"
    assert not list(output.parent.glob("*.new"))


def against_the_mock(recording: Recording, change: Callable[[Step, Answer], Answer]) -> list[str]:
    """Return the differences between a recording and a live mock whose answers are changed."""
    found = []
    with targets.opened("mock", None) as mock:
        wire = Wire(transport_to(mock.base_url))
        assert mock.control_url is not None
        KeysControl(mock.control_url, wire, CallLog(), mock.control_token).register(record.PHONE)
        side = Side(mock.base_url, wire, record.PHONE)
        for step in SCRIPT:
            there, here = recording.answers[step.name], side.ask(step)
            assert here is not None
            if there is not None:
                found += [
                    f"{step.name}: {request_of}"
                    for request_of in unlike(step, there, change(step, here), CONTRACT)
                ]
        wire.close()
    return found


def test_a_recording_is_replayed_beside_the_mock(recorded: tuple[Path, set[str], str]) -> None:
    """The strict reading, other digits and a 503 now and then are all named; a changed field is found."""
    recording = Recording.read(recorded[0])

    def changed(step: Step, answer: Answer) -> Answer:
        return replace(answer, body=answer.body | {"phone": "x"}) if step.name == "a key" else answer

    assert against_the_mock(recording, lambda step, answer: answer) == []
    assert against_the_mock(recording, changed) == ["a key: body/phone: only one side has it"]


def test_the_committed_recording_is_of_the_mock_and_says_so() -> None:
    """Nothing here has ever run against the vendor, and a file must not look as if it had."""
    tree = json.loads((FOLDER / "mock.json").read_text())

    assert tree["recordedFrom"] == "mock"
    assert tree["proves"].startswith("the machinery only")
    assert [path.name for path in FOLDER.iterdir()] == ["mock.json"]
    assert not re.search(r"\b[0-9a-f]{32,}\b|eyJ", json.dumps(tree["steps"]).replace("0" * 40, ""))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda tree: tree.update(scriptSha256="0"), "made of another script; make record writes it anew"),
        (lambda tree: tree.update(format=2), "format 2, not 1"),
        (lambda tree: tree.pop("recordedAt"), "cannot be read: KeyError"),
        (lambda tree: tree.update(recordedFrom="hearsay"), "does not say when and from what"),
        (lambda tree: tree.update(steps=7), "cannot be read: TypeError"),
    ],
    ids=["script", "format", "date", "source", "steps"],
)
def test_a_recording_that_does_not_fit_is_refused(
    change: Callable[[dict[str, Any]], object], reason: str, tmp_path: Path
) -> None:
    """With what to do about it."""
    tree = json.loads((FOLDER / "mock.json").read_text())
    change(tree)
    path = tmp_path / "mock.json"
    path.write_text(json.dumps(tree))

    with pytest.raises(BadRecording, match=reason):
        Recording.read(path)


def test_a_recording_of_nothing_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Exit 2, and no file."""
    output = tmp_path / "url.json"

    assert record.main(["--target=http://127.0.0.1:1/", f"--output={output}"]) == 2
    assert capsys.readouterr().err.startswith("error: nothing answers at http://127.0.0.1:1/")
    assert not output.exists()
