"""A campaign as users run it: `make contract` with a target of their own, and its exit codes."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.checks.document import Contract
from contract_tests.defects.defect import Send
from contract_tests.defects.exchange import Answer, Request
from contract_tests.defects.proxy import standing_before
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.observations.record import Observations
from contract_tests.self_tests.support.mock_process import started
from contract_tests.self_tests.support.suite.run import run_suite
from contract_tests.target.exchange import Exchange, Received, Sent
from scripts.lib.paths import ANY_API, CONTRACT, NOVAPOST, ROOT

NAMED = [
    *(str(NOVAPOST / name) for name in ("test_requests.py", "test_clients.py")),
    str(ANY_API / "test_statuses.py"),
]
# With one test named, the run does not count as the whole suite.
OF_THE_LIMIT = [
    str(NOVAPOST / name)
    for name in (
        "test_limit.py",
        "test_clients.py",
        "test_renewals.py",
        "test_lifecycle.py",
        "test_tokens.py::test_a_key_buys_jwts",
    )
]
WITH_KEYS = [
    str(NOVAPOST / "test_tokens.py"),
    str(ROOT / "contract_tests" / "self_tests" / "session" / "leaking_tests.py"),
]
# The phone that a mock knows unless it is told otherwise.
KNOWN = "498213437654"
SUITE = [str(folder) for folder in CONTRACT]


def campaign(*arguments: str, files: list[str] = SUITE) -> subprocess.CompletedProcess[str]:
    """Run the suite as the make target does."""
    return run_suite(*files, "--campaign", *arguments)


CAUGHT_BY = {
    "key-with-an-extra-field": "body-fits-the-schema",
    "key-409-cut": "answers-whole",
    "key-429-as-html": "content-type-is-documented",
    "405-without-allow": "method-refusal-names-methods",
    "second-phones-repeat-is-limited": "daily-limit",
}


@pytest.mark.parametrize(("name", "check"), CAUGHT_BY.items(), ids=CAUGHT_BY)
def test_a_defect_between_suite_and_target_is_found(name: str, check: str, mock: str) -> None:
    """Exit 1, the finding at once, the verdict, and a command that reproduces it."""
    defect = next(defect for defect in CATALOGUE if defect.name == name)
    with standing_before(mock, defect.start) as address:
        done = campaign(f"--target={address}/v.1.0/", f"--control={address}/__mock__/", "-x", files=NAMED)

    assert done.returncode == 1, done.stdout[-3000:]
    assert re.search(rf"(?m)^first finding after \d+ cases and [\d.]+ s: {check} in test_", done.stdout)
    assert "The contract is broken:" in done.stdout
    assert "curl -i -X" in done.stdout
    assert "Traceback" not in done.stdout


def test_an_honest_target_of_somebody_else_passes(mock: str) -> None:
    """The suite does not assume that the target is ours: here it is behind another server."""
    with standing_before(mock) as address:
        done = campaign(f"--target={address}/v.1.0", f"--control={address}/__mock__")

    assert done.returncode == 0, done.stdout[-3000:]
    assert "rules unproven here" not in done.stdout
    assert "rules contradicted" not in done.stdout
    assert "reading of daily-limit: issuing" in done.stdout
    assert "The contract holds: no findings." in done.stdout
    assert "never seen" not in done.stdout


def test_the_strict_reading_of_the_limit_is_accepted_and_named() -> None:
    """Both readings are models: a target that keeps the other one is not broken, but gives up one rule."""
    with started("--daily-limit", "strict") as strict:
        address = strict.base.removesuffix("/v.1.0/")
        done = campaign(f"--target={address}/v.1.0/", f"--control={address}/__mock__/", files=OF_THE_LIMIT)

    assert done.returncode == 0, done.stdout[-3000:]
    assert "reading of daily-limit: strict (a second request of the same day gets 429)" in done.stdout
    assert "rules contradicted: same-day-same-key" in done.stdout


@pytest.mark.parametrize("name", ["no-limit", "limit-for-a-day-and-night", "limit-for-creating-only"])
def test_a_strict_target_is_held_to_its_reading(name: str) -> None:
    """Accepting two readings must not mean accepting anything."""
    defect = next(defect for defect in CATALOGUE if defect.name == name)
    with (
        started("--daily-limit", "strict") as strict,
        standing_before(strict.base.removesuffix("/v.1.0/"), defect.start) as address,
    ):
        done = campaign(
            f"--target={address}/v.1.0/", f"--control={address}/__mock__/", "-x", files=OF_THE_LIMIT
        )

    assert done.returncode == 1, done.stdout[-3000:]
    assert "first finding after" in done.stdout


@pytest.mark.parametrize("name", ["error-shows-the-last-key", "jwt-with-an-extra-field"])
def test_no_report_of_a_campaign_shows_a_key(name: str, mock: str, tmp_path: Path) -> None:
    """Not even where a defect puts them in places of its own: page, summary, junit.xml, what is printed."""
    given: set[str] = set()
    does = next(defect.start for defect in CATALOGUE if defect.name == name)()

    def watched(request: Request, send: Send) -> Answer:
        answer = does(request, send)
        if request.is_control:
            return answer
        given.update(key.decode() for key in re.findall(rb'"([0-9a-f]{32,}|eyJ[\w.-]+)"', answer.body))
        return answer

    with standing_before(mock, lambda: watched) as address:
        target = [f"--target={address}/v.1.0/", f"--control={address}/__mock__/"]
        done = campaign(*target, f"--report={tmp_path}", "-rA", "--showlocals", files=WITH_KEYS)

    artefacts = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} | {"stdout": done.stdout}
    assert set(artefacts) == {
        "contract.html",
        "contract.json",
        "fuzzing-commons.json",
        "junit.xml",
        "stdout",
    }
    assert done.returncode == 1
    assert len(given) > 5
    assert "RuntimeError" in done.stdout
    pieces = {secret[:12] for secret in given} | {secret[-12:] for secret in given}
    assert {name for name, text in artefacts.items() if any(piece in text for piece in pieces)} == set()
    assert '<testcase classname="contract_tests.novapost.test_tokens"' in artefacts["junit.xml"]
    assert "<failure" in artefacts["junit.xml"]


def test_a_run_in_which_all_was_left_out_is_no_success(mock: str) -> None:
    """What needs the control API is skipped, not passed; where nothing else was chosen, nothing was tried."""
    done = campaign(f"--target={mock}/v.1.0/", "-k", "documented_status")

    assert done.returncode == 2, done.stdout[-3000:]
    assert done.stderr.startswith("error: nothing was tried: no ")
    assert "Nothing was tried." in done.stdout
    assert "The contract holds" not in done.stdout
    assert "without control: tests that need it were skipped" in done.stdout
    assert "! 20 tests skipped: the target has no control API (--control)" in done.stdout
    assert "-k documented_status'" in done.stdout, "the line that repeats it chooses the same tests"


def test_a_base_address_without_its_path_is_one_line(mock: str) -> None:
    """Not a finding for each question."""
    done = campaign(f"--target={mock}/", f"--control={mock}/__mock__/")

    assert done.returncode == 2, done.stdout[-3000:]
    assert done.stderr == (
        f"error: at {mock}/ is nothing of the document: every path gets 404; TARGET={mock}/v.1.0/ has them\n"
    )


@pytest.mark.parametrize("added", ["status", "matches", "admin"])
def test_a_property_that_has_an_effect_is_found(added: str, mock: str, tmp_path: Path) -> None:
    """A server that binds whatever it is sent, known from outside by an answer that it should not give."""

    def binding(request: Request, send: Send) -> Answer:
        body = request.json
        if request.is_control or not isinstance(body, dict) or added not in body:
            return send(request)
        known = json.dumps({"phone": body.get("phone")}).encode()
        headers = (*request.without("content-length").headers, ("Content-Length", str(len(known))))
        return send(replace(request, headers=headers, body=known))

    with standing_before(mock, lambda: binding) as address:
        target = [f"--target={address}/v.1.0/", f"--control={address}/__mock__/"]
        done = campaign(*target, f"--report={tmp_path}", "-k", "nobody_documented")

    assert done.returncode == 1, done.stdout[-3000:]
    assert f"to the same request with the property {added!r}" in done.stdout
    assert "WFC 203: Mass Assignment" in done.stdout
    tests = (tmp_path / "junit.xml").read_text("utf-8")
    findings = json.loads((tmp_path / "contract.json").read_bytes())["findings"]
    assert tests.count("<failure ") == len(findings)


def test_a_phone_that_the_target_knows_shows_a_key_and_its_token(
    mock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without control a day of a key's life can still be seen, and the phone is shown nowhere."""
    monkeypatch.setenv("NOVAPOST_TARGET_PHONE", KNOWN)

    done = campaign(
        f"--target={mock}/v.1.0/",
        f"--report={tmp_path}",
        files=[f"{NOVAPOST}/test_asking.py::test_the_testers_own_phone"],
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"GET /clients/authorization +200 +[1-9]", done.stdout)
    assert re.search(r"rules proven: .*same-day-same-key", done.stdout)
    artefacts = [done.stdout, done.stderr, *(each.read_text("utf-8") for each in tmp_path.iterdir())]
    assert len(artefacts) > 3
    assert not any(KNOWN in each for each in artefacts)


def test_the_phone_for_the_sandbox_goes_nowhere_else(mock: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has set it for the nightly run has not said that another server may have it."""
    monkeypatch.setenv("NOVAPOST_TEST_PHONE", KNOWN)

    done = campaign(
        f"--target={mock}/v.1.0/",
        files=[f"{NOVAPOST}/test_asking.py::test_the_testers_own_phone"],
    )

    assert "1 skipped" in done.stdout


def test_a_documented_status_that_was_never_seen_is_a_failure(mock: str) -> None:
    """A campaign that never met a promise has not proven it, though no test failed."""
    arguments = f"--target={mock}/v.1.0/", f"--control={mock}/__mock__/"

    done = campaign(*arguments, files=[str(NOVAPOST / "test_limit.py")])

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
        (["--target=http://127.0.0.1:1/", "--phone=0172 9925904"], "PHONE is a phone with its country code"),
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
