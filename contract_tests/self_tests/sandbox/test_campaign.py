"""A run on the sandbox as users start it, on a fake one: polite, masked, open about what it did not try."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from contract_tests.sandbox.site import Site
from contract_tests.self_tests.sandbox.fake_sandbox import OWN, FakeSandbox, Seen, running_sandbox
from contract_tests.self_tests.support.suite.run import run_suite
from contract_tests.target import targets
from scripts.lib.paths import ANY_API, NOVAPOST, ROOT

QUICK = [str(NOVAPOST / "test_asking.py"), str(NOVAPOST / "test_document.py")]
WHOLE = [*QUICK, str(ANY_API / "test_operations.py"), str(NOVAPOST / "test_limit.py")]
# Written down once more, so that the list of the guest is not its own judge.
NOBODYS = re.compile(r"(00)?(447700900\d{3}|493023125\d{3}|(999|21[04579]|259|28\d|83\d|89\d)\d*)|0+|" + OWN)

Done = subprocess.CompletedProcess[str]


def run(*arguments: str, state: Path, phone: str | None = OWN, files: list[str] = QUICK) -> Done:
    """Start the suite as the make target does, with settings of its own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("NOVAPOST_", "GITHUB_"))
    }
    given = {"NOVAPOST_TEST_LEDGER": str(state / "ledger"), "NOVAPOST_TEST_CONTACT": "team@example.com"}
    # What a job of GitHub Actions shows is an artefact like any other.
    given |= {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(state / "steps.md")}
    if phone is not None:
        given["NOVAPOST_TEST_PHONE"] = phone
    return run_suite(*files, "--campaign", *arguments, env=kept | given)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSandbox]:
    """Yield a sandbox that reads the limit strictly, and is down now and then."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def polite(sandbox: FakeSandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, list[Seen], Path]:
    """Run the whole suite once, and return its output, the requests that arrived, and its ledger."""
    state = tmp_path_factory.mktemp("state")
    begun = len(sandbox.seen)
    done = run(*sandbox.arguments, state=state, files=WHOLE)
    return done, sandbox.seen[begun:], state


def test_a_correct_sandbox_gives_no_finding(polite: tuple[Done, list[Seen], Path]) -> None:
    """Slow, sometimes down, with the other reading and other digits: none of it is a broken promise."""
    done, _, _ = polite

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "No findings, but not all was asked." in done.stdout
    assert "reading of daily-limit: strict" in done.stdout
    assert re.search(r"\d+ answers were the documented 503 that nobody asked for", done.stdout)


def test_it_is_said_before_where_it_goes_and_what_it_asks(polite: tuple[Done, list[Seen], Path]) -> None:
    """Whoever starts it reads the address, the name it goes by and the most it will send."""
    done, seen, _ = polite
    lines = done.stdout.splitlines()

    assert lines[0].startswith("about to connect to https://localhost:")
    assert lines[1].startswith("as novapost-client-contract/")
    assert lines[1].endswith("(contract tests; team@example.com)")
    assert lines[2] == "PHONE is set: one issuing a day; 2 requests a second, 300 at most"
    announced = re.search(r"(\d+) of (\d+) tests may run there, (\d+) requests at most", lines[3])
    assert announced is not None
    assert 0 < len(seen) <= int(announced[3]) <= 300
    assert f"as a guest: {len(seen)} of at most 300 requests" in done.stdout


def test_what_was_not_asked_stays_unproven(polite: tuple[Done, list[Seen], Path]) -> None:
    """Without the stage most rules of a key's life cannot be seen; the summary names them."""
    done, _, _ = polite
    unproven = re.search(r"rules unproven here: (.*)", done.stdout)

    assert unproven is not None
    assert {"daily-limit", "cleaned-new", "one-active"} <= set(unproven[1].split(", "))
    assert "rules contradicted: same-day-same-key" in done.stdout
    assert "without control: tests that need it were skipped" in done.stdout
    assert re.search(r"\d+ not sent: it carries digits that could be somebody's phone", done.stdout)


def test_every_request_that_arrived_was_a_guests(polite: tuple[Done, list[Seen], Path]) -> None:
    """Seen from the other side: a name, no phone of somebody's, and the tester's own at most twice."""
    _, seen, _ = polite

    for request in seen:
        agents = [value for name, value in request.headers if name.lower() == "user-agent"]
        assert len(agents) == 1
        assert agents[0].startswith("novapost-client-contract/")
        # The keys that were given may go back whatever digits they have.
        text = re.sub(r"apiKey=[0-9a-f]{40}\b", "apiKey=given", unquote(request.text))
        for digits in re.findall(r"\d{7,}", text):
            assert NOBODYS.fullmatch(digits), request.path
    assert 1 <= sum(OWN in request.text for request in seen) <= 2


def test_a_second_run_of_the_day_does_not_ask_for_the_phone(
    polite: tuple[Done, list[Seen], Path], sandbox: FakeSandbox
) -> None:
    """The ledger is kept from run to run."""
    _, _, state = polite
    begun = len(sandbox.seen)

    done = run(*sandbox.arguments, "-rs", "-k", "own_phone", state=state)

    assert done.returncode == 0, done.stdout[-3000:]
    assert "PHONE has had its request of the day" in done.stdout
    assert sandbox.seen[begun:] == []


def test_without_a_phone_the_rest_is_asked(sandbox: FakeSandbox, tmp_path: Path) -> None:
    """And no key is issued."""
    begun = len(sandbox.seen)
    done = run(*sandbox.arguments, "-rs", state=tmp_path, phone=None)

    assert done.returncode == 0, done.stdout[-3000:]
    assert "no PHONE: no key will be issued" in done.stdout
    assert "no PHONE is set" in done.stdout
    assert len(sandbox.seen) > begun


def test_the_budget_ends_a_run_and_says_so(sandbox: FakeSandbox, tmp_path: Path) -> None:
    """What was left out is unproven, not passed."""
    begun = len(sandbox.seen)
    done = run(*sandbox.arguments, "--requests=10", state=tmp_path)

    assert done.returncode == 0, done.stdout[-3000:]
    assert "that is more than the budget: the last tests will be left out" in done.stdout
    assert "as a guest: 10 of at most 10 requests" in done.stdout
    assert "not sent: the run has sent the 10 requests that it may" in done.stdout
    assert len(sandbox.seen) - begun == 10


def leaking(seen: Seen, status: int, body: bytes) -> tuple[int, bytes]:
    """Return a sandbox that repeats what it should not: the phone in an error, a key where none belongs."""
    if status == 400 or (status == 401 and len(seen.path) > 60):
        return status, b'{"success": false, "errors": ["' + OWN.encode() + b' is not +49 172 9925904"]}'
    return status, body


def test_no_artefact_of_a_failing_run_shows_a_secret(tmp_path: Path) -> None:
    """Canaries: the phone, the key and the token that were really in play are nowhere to be found."""
    begun = time.time() - 1
    with running_sandbox(tmp_path, change=leaking, strict=False, down_every=0) as sandbox:
        done = run(
            *(*sandbox.arguments, "-rA", "-vv", "--showlocals", "--tb=long", "--log-level=DEBUG"),
            *(f"--log-file={tmp_path}/run.log", "--log-cli-level=DEBUG"),
            *("-k", "not own_phone", f"--report={tmp_path}"),
            state=tmp_path,
            files=[QUICK[0], str(Path(__file__).with_name("leaking_tests.py"))],
        )

    assert done.returncode == 1, done.stdout[-3000:] + done.stderr[-3000:]
    assert "RuntimeError" in done.stdout
    assert "Impolite" in done.stdout
    assert len(sandbox.secrets) == 2
    masked = (tmp_path / "junit.xml").read_text() + (tmp_path / "run.log").read_text() + done.stdout
    assert masked.count("***") > 20
    canaries = {OWN, OWN[2:], *sandbox.secrets, *(text[:20] for text in sandbox.secrets)}
    canaries |= {text[-20:] for text in sandbox.secrets} | {"+49 172 9925904", "172 9925904"}
    artefacts = {"stdout": done.stdout, "stderr": done.stderr} | {
        str(path): path.read_bytes().decode("latin-1")
        for folder in (tmp_path, ROOT / ".hypothesis", ROOT / ".pytest_cache", ROOT / "reports")
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_mtime >= begun
    }
    assert {"junit.xml", "run.log", "contract.json", "contract.html", "steps.md"} <= {
        Path(name).name for name in artefacts
    }
    shown = {name for name, text in artefacts.items() if any(canary in text for canary in canaries)}
    assert shown == set()
    assert not any("/examples/" in name for name in artefacts)


def other_errors(seen: Seen, status: int, body: bytes) -> tuple[int, bytes]:
    """Return a sandbox whose 404 says success."""
    return status, body.replace(b"false", b"true") if status == 404 and b"errors" in body else body


ENTRY = """[[deviation]]
target = "sandbox"
operation = "POST /test-api-keys"
check = "{check}"
status = 404
message = "{message}"
evidence = "seen in a run against the fake sandbox"
seen = {seen}
review = {review}
"""
TODAY = datetime.now(UTC).date()


def accepted(folder: Path, *, days: int = 30) -> str:
    path = folder / "deviations.toml"
    seen, review = TODAY - timedelta(days=60), TODAY + timedelta(days=days)
    path.write_text(ENTRY.format(check="error-says-so", message="success of 404", seen=seen, review=review))
    return f"--deviations={path}"


@pytest.fixture(scope="module")
def deviating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSandbox]:
    """Yield a sandbox that deviates in one way."""
    with running_sandbox(tmp_path_factory.mktemp("deviating"), change=other_errors, down_every=0) as sandbox:
        yield sandbox


def test_a_deviation_is_a_finding_until_it_is_accepted(deviating: FakeSandbox, tmp_path: Path) -> None:
    """Accepted, the run is green and says what it accepted."""
    found = run(*deviating.arguments, state=tmp_path, phone=None)
    done = run(*deviating.arguments, accepted(tmp_path), state=tmp_path, phone=None)

    assert found.returncode == 1
    assert "success of 404 is not false" in found.stdout
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"accepted \d+ times: POST /test-api-keys 404: error-says-so", done.stdout)


def test_a_repaired_sandbox_is_good_news_and_red(sandbox: FakeSandbox, tmp_path: Path) -> None:
    """So that the list never says more than is true."""
    done = run(*sandbox.arguments, accepted(tmp_path), state=tmp_path, phone=None)

    assert done.returncode == 1, done.stdout[-3000:]
    assert "! good news: POST /test-api-keys 404: error-says-so ('success of 404') no longer deviates" in (
        done.stdout
    )


def test_a_review_that_is_due_is_red(deviating: FakeSandbox, tmp_path: Path) -> None:
    """Nobody looks at a list that never asks for it."""
    done = run(*deviating.arguments, accepted(tmp_path, days=0), state=tmp_path, phone=None)

    assert done.returncode == 1, done.stdout[-3000:]
    assert f"was due for review on {TODAY}" in done.stdout


def test_a_run_of_a_part_is_no_good_news(sandbox: FakeSandbox, tmp_path: Path) -> None:
    """A deviation that had no chance has not been repaired."""
    done = run(*sandbox.arguments, accepted(tmp_path), "-k", "own_phone", state=tmp_path)

    assert done.returncode == 0, done.stdout[-3000:]
    assert "good news" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "phone", "reason"),
    [
        (["-s"], OWN, "with TARGET=sandbox what tests print is kept and masked"),
        ([], "0172 9925904", "PHONE is a phone with its country code"),
        (["--fake-sandbox=https://api.novapost.com/v.1.0/"], OWN, "api.novapost.com is not a sandbox"),
    ],
    ids=["uncaptured", "phone", "host"],
)
def test_wrong_use_is_one_line_and_shows_no_phone(
    arguments: list[str], phone: str, reason: str, sandbox: FakeSandbox, tmp_path: Path
) -> None:
    """Exit 2, nothing sent."""
    begun = len(sandbox.seen)
    done = run(*sandbox.arguments, *arguments, state=tmp_path, phone=phone)

    assert done.returncode == 2, done.stdout[-2000:]
    assert done.stderr.startswith(f"error: {reason}"), done.stderr[-2000:]
    assert done.stderr.count("\n") == 1
    assert "9925904" not in done.stdout + done.stderr
    assert len(sandbox.seen) == begun


def test_a_sandbox_that_is_not_there_is_one_line_and_no_finding(sandbox: FakeSandbox, tmp_path: Path) -> None:
    """Exit 2, could not run: a host that is down says nothing about the contract."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    nowhere = f"https://localhost:{port}/v.1.0/"
    options = [option for option in sandbox.arguments if not option.startswith("--fake-sandbox=")]

    done = run(*options, f"--fake-sandbox={nowhere}", state=tmp_path)

    assert done.returncode == 2, done.stdout[-2000:]
    assert re.fullmatch(rf"error: nothing answers at {re.escape(nowhere)}: .*\n", done.stderr)
    assert "broken" not in done.stdout


def test_a_sandbox_with_another_certificate_is_not_asked(sandbox: FakeSandbox, tmp_path: Path) -> None:
    """Somebody in between would be handed keys and a phone."""
    begun = len(sandbox.seen)
    options = [option for option in sandbox.arguments if not option.startswith("--fake-sandbox-ca=")]

    done = run(*options, state=tmp_path)

    assert done.returncode == 2, done.stdout[-2000:]
    assert "certificate verify failed" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(sandbox.seen) == begun


@pytest.mark.parametrize(
    ("environment", "requests", "reason"),
    [
        ({"NOVAPOST_TEST_PHONE": "+49 172 9925904"}, None, "PHONE is a phone with its country code"),
        ({"NOVAPOST_TEST_PHONE": "380501234567"}, None, "PHONE is Ukrainian"),
        ({"NOVAPOST_TEST_CONTACT": "call 0172 9925904"}, None, "the contact looks like a phone"),
        ({}, 0, "the budget is 1 to 1000 requests a run"),
        ({}, 100_000, "the budget is 1 to 1000 requests a run"),
        ({"NOVAPOST_TEST_LEDGER": "/dev/null/ledger"}, None, "the ledger ledger cannot be used: "),
    ],
    ids=["phone", "ukrainian", "contact", "none", "many", "ledger"],
)
def test_a_wrong_setting_is_refused(
    environment: dict[str, str],
    requests: int | None,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """In words that show neither a phone nor what somebody took for a contact."""
    for name, value in ({"NOVAPOST_TEST_LEDGER": str(tmp_path / "ledger")} | environment).items():
        monkeypatch.setenv(name, value)

    with pytest.raises(targets.WrongUse, match=f"^{reason}") as caught:
        targets.sandbox_transport(Site(), phone=None, phone_goes_to="", requests=requests)

    assert not re.search(r"9925904|501234567", str(caught.value))


def test_a_nightly_run_without_a_phone_is_skipped_with_a_line(tmp_path: Path) -> None:
    """Where no secret is set, as in a fork, the job is green and says why."""
    done = run("--target=sandbox", "--skip-without-phone", state=tmp_path, phone=None)

    assert done.returncode == 0
    assert done.stdout == (
        "skipped: no phone is set (NOVAPOST_TEST_PHONE), so nothing was asked of the sandbox\n"
    )


def test_make_shows_no_phone() -> None:
    """Not in what it prints, nor in the arguments of what it starts."""
    command = ["make", "--no-print-directory", "-n", "contract", "TARGET=sandbox", f"PHONE={OWN}"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert shown.returncode == 0
    assert "--target='sandbox'" in shown.stdout
    assert OWN not in shown.stdout + shown.stderr
