"""A campaign as users run it: `make contract` with a target of their own, and its exit codes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_tests import targets
from contract_tests.contract import Contract
from contract_tests.exchange import Exchange, Received, Sent
from contract_tests.house.proxy import Defect, Passing, honest, standing_before
from contract_tests.observations import Observations

ROOT = Path(__file__).resolve().parent.parent.parent
NAMED = [
    str(ROOT / "contract_tests" / name)
    for name in ("test_requests.py", "test_clients.py", "test_statuses.py")
]
SUITE = sorted(str(path) for path in (ROOT / "contract_tests").glob("test_*.py"))


def campaign(*arguments: str, files: list[str] = SUITE) -> subprocess.CompletedProcess[str]:
    """Run the suite as the make target does."""
    command = [sys.executable, "-m", "pytest", *files, "--campaign", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """A mock on a port of its own."""
    with targets.opened("mock", None) as target:
        yield target.base_url.removesuffix("/v.1.0/")


def changed(passing: Passing, **fields: Any) -> Passing:
    """The same answer with fields of its JSON object replaced."""
    return replace(passing, body=json.dumps(json.loads(passing.body) | fields).encode())


def extra_field(passing: Passing) -> Passing:
    return changed(passing, phone="447700900001") if passing.status == 200 else passing


def cut_body(passing: Passing) -> Passing:
    return replace(passing, length=len(passing.body) + 5) if passing.status == 409 else passing


def html_error(passing: Passing) -> Passing:
    if passing.status != 429:
        return passing
    return replace(passing, body=b"<html>Too many requests</html>").with_header("Content-Type", "text/html")


def no_allow(passing: Passing) -> Passing:
    return passing.with_header("Allow", None)


def _every_tenth() -> Defect:
    count = iter(range(1_000_000))

    def defect(passing: Passing) -> Passing:
        tenth = passing.status == 200 and next(count) % 10 == 9
        return changed(passing, status="Expired") if tenth and b"expDate" in passing.body else passing

    return defect


DEFECTS: dict[str, tuple[Defect, str]] = {
    "an extra field": (extra_field, "body-fits-the-schema"),
    "a body cut short": (cut_body, "answers-whole"),
    "an HTML error": (html_error, "content-type-is-documented"),
    "405 without Allow": (no_allow, "method-refusal-names-methods"),
    "every tenth key Expired": (_every_tenth(), "given-key-is-active"),
}


@pytest.mark.parametrize(("defect", "promise"), DEFECTS.values(), ids=DEFECTS)
def test_a_defect_between_suite_and_target_is_found(defect: Defect, promise: str, mock: str) -> None:
    """Exit 1, the verdict first, and the finding with its promise and a command that reproduces it."""
    with standing_before(mock, defect) as address:
        done = campaign(f"--target={address}/v.1.0/", f"--control={address}/__mock__/", "-x", files=NAMED)

    assert done.returncode == 1, done.stdout[-3000:]
    assert "The contract is broken:" in done.stdout
    assert promise in done.stdout
    assert "curl -i -X" in done.stdout
    assert "Traceback" not in done.stdout


def test_an_honest_target_of_somebody_else_passes(mock: str) -> None:
    """The suite does not assume that the target is ours: here it is behind another server."""
    with standing_before(mock, honest) as address:
        done = campaign(f"--target={address}/v.1.0", f"--control={address}/__mock__")

    assert done.returncode == 0, done.stdout[-3000:]
    assert "The contract holds: no findings." in done.stdout
    assert "never seen" not in done.stdout


def test_without_control_it_is_said_what_was_left_out(mock: str) -> None:
    """What needs the stage is skipped, not passed."""
    done = campaign(f"--target={mock}/v.1.0/", files=NAMED[-1:])

    assert done.returncode == 0, done.stdout[-3000:]
    assert "without control: what needs the stage was skipped" in done.stdout
    assert "20 skipped" in done.stdout


def test_a_documented_status_that_was_never_seen_is_a_failure(mock: str) -> None:
    """A campaign that never met a promise has not proven it, though no test failed."""
    arguments = f"--target={mock}/v.1.0/", f"--control={mock}/__mock__/"

    done = campaign(*arguments, files=[str(ROOT / "contract_tests" / "test_document.py")])

    assert done.returncode == 1, done.stdout[-3000:]
    assert "The contract is not proven." in done.stdout
    assert "POST /test-api-keys 503 is documented and was never seen" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--target=sandbox", "--control=http://127.0.0.1:1/"], "CONTROL goes with TARGET=URL"),
        (["--target=nonsense"], "TARGET is mock, sandbox or an address such as"),
        (["--target=ftp://127.0.0.1/"], "TARGET is mock, sandbox or an address such as"),
        (["--target=http://me:word@127.0.0.1/"], "TARGET is a base address: no query, fragment or user"),
        (["--target=http://127.0.0.1/?a=b"], "TARGET is a base address: no query, fragment or user"),
        (["--target=https://api.novapost.com/v.1.0/"], "TARGET names the vendor's host api.novapost.com"),
        (
            ["--target=https://API-STAGE.novapost.pl./"],
            "TARGET names the vendor's host api-stage",
        ),
        (["--target=http://127.0.0.1:1/"], "nothing answers at http://127.0.0.1:1/"),
        (["--control=http://127.0.0.1:1/"], "CONTROL goes with TARGET=URL"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, nothing sent, and what to mend."""
    done = campaign(*arguments, files=SUITE[:1])

    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {reason}")
    assert done.stderr.count("\n") == 1
    assert "word" not in done.stderr


def test_what_was_never_seen_is_counted_by_operation() -> None:
    """Until something is seen, nothing is; and a status of one operation says nothing about another."""
    contract, observations = Contract.read(), Observations()
    all_pairs = observations.never_seen(contract)

    sent = Sent("GET", "http://127.0.0.1/clients/authorization", "/clients/authorization", {}, b"")
    observations.saw(Exchange(sent, Received(503, {}, b"")))

    assert len(all_pairs) == len(contract.documented) == 10
    left = {(operation.path, status) for operation, status in observations.never_seen(contract)}
    assert ("/clients/authorization", 503) not in left
    assert ("/test-api-keys", 503) in left
