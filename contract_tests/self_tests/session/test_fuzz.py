"""Does a campaign of long running tell what is new once, and go on past it?"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_tests.campaigns import fuzz, known_findings
from contract_tests.campaigns.known_findings import KnownFinding
from contract_tests.defects.defect import Handle, Start
from contract_tests.defects.proxy import standing_before, unmodified
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.reporting.report import BadReport
from contract_tests.session.plugin.example_database import VARIABLE
from scripts.lib.paths import ROOT

SHELVED = {defect.name: defect.start for defect in CATALOGUE}
# Neither keeps the stage from being set, so that what is made up meets them.
FIRST, SECOND = SHELVED["key-400-with-errors-null"], SHELVED["jwt-422-with-errors-null"]


def both() -> Handle:
    """Two defects at once."""
    first, second = FIRST(), SECOND()
    return lambda request, send: first(request, lambda passed: second(passed, send))


@dataclass(frozen=True)
class Said:
    """What a campaign came to."""

    code: int
    out: str


class Campaigns:
    """Campaigns of one round behind defects, each with what earlier ones have left in a folder."""

    def __init__(self, mock: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.mock = mock
        self.folder = folder
        self.capsys = capsys

    def behind(self, does: Start) -> Said:
        """One more."""
        with standing_before(self.mock, does) as address:
            code = fuzz.main([*arguments(address, self.folder), "--rounds=1"])
        return Said(code, self.capsys.readouterr().out)


@pytest.fixture
def campaigns(
    mock: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Campaigns:
    """Of the fuzzing alone: the walks take as long again, and find these defects as well."""
    monkeypatch.setattr(fuzz, "MADE_UP", fuzz.MADE_UP[:1])
    monkeypatch.setenv(VARIABLE, str(tmp_path / "examples"))
    return Campaigns(mock, tmp_path, capsys)


def arguments(address: str, folder: Path) -> list[str]:
    """Return a campaign on a target; one round is as long as it needs to be."""
    where = [f"--target={address}/v.1.0/", f"--control={address}/__mock__/", f"--known={folder}/fuzz.json"]
    return ["--minutes=10", *where]


def test_a_finding_is_news_once(campaigns: Campaigns, tmp_path: Path) -> None:
    """New in the first run, known in the second, and no cover for another defect in the third."""
    first = campaigns.behind(FIRST)
    examples = list((tmp_path / "examples").rglob("*"))
    # Other checks than the first one's may meet it only in a further round.
    campaigns.behind(FIRST)
    kept = {(each.operation, each.promise) for each in known_findings.read(tmp_path / "fuzz.json")}
    second = campaigns.behind(FIRST)
    third = campaigns.behind(both)

    of_keys = "NEW POST /test-api-keys: body-fits-the-schema: "
    of_jwts = "NEW GET /clients/authorization: body-fits-the-schema: "
    assert first.code == 1, first.out
    assert of_keys in first.out
    assert of_jwts not in first.out
    assert ("POST /test-api-keys", "body-fits-the-schema") in kept
    assert examples, "what failed was not kept"
    assert second.code == 0, second.out
    assert "NEW" not in second.out
    assert "times: POST /test-api-keys: body-fits-the-schema\n" in second.out
    assert f"0 new findings, {len(kept)} known before (fuzz.json)" in second.out
    assert third.code == 1, third.out
    assert of_jwts in third.out
    assert of_keys not in third.out


def test_control_c_ends_it_with_its_summary(mock: str, tmp_path: Path) -> None:
    """What was found so far is told, and nothing goes on behind."""
    with (
        standing_before(mock, unmodified) as address,
        subprocess.Popen(
            [sys.executable, "-m", "contract_tests.campaigns.fuzz", *arguments(address, tmp_path)],
            cwd=ROOT,
            env={**os.environ, VARIABLE: "none"},
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()

    assert line.startswith("round 1: ")
    assert rest.splitlines()[-1].endswith(" new findings, 0 known before (fuzz.json)")
    assert "Traceback" not in rest
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--minutes=0"], "MINUTES is more than 0 and at most 10080"),
        (["--minutes=nan"], "MINUTES is more than 0 and at most 10080"),
        (
            ["--minutes=1", "--target=sandbox"],
            "a guest does not fuzz: TARGET is mock or an address",
        ),
        (["--minutes=1", "--target=http://127.0.0.1:1/"], "nothing answers at http://127.0.0.1:1/: "),
    ],
)
def test_wrong_use_of_the_campaign_is_one_line(
    arguments: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, nothing sent, and what to mend."""
    assert fuzz.main([*arguments, f"--known={tmp_path}/fuzz.json"]) == 2
    assert capsys.readouterr().err.startswith(f"error: {reason}")
    assert not (tmp_path / "fuzz.json").exists()


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 1, "findings": [1]}', '{"format": 1, "findings": [{"operation": "x"}]}']
)
def test_a_file_of_something_else_is_refused(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody's file is written over, and no finding is taken for news by mistake."""
    path = tmp_path / "fuzz.json"
    path.write_text(content)

    assert fuzz.main(["--minutes=1", f"--known={path}"]) == 2
    assert capsys.readouterr().err == "error: fuzz.json: no list of known findings\n"
    assert path.read_text() == content


def test_what_is_known_is_written_and_read(tmp_path: Path) -> None:
    """It comes back as it was; another format is refused."""
    found = KnownFinding("POST /test-api-keys", "jwt", "x", "curl", "2026-03-10")
    path = tmp_path / "reports" / "fuzz.json"
    known_findings.write([found], path)

    assert known_findings.read(path) == [found]
    assert known_findings.read(tmp_path / "none.json") == []
    path.write_text(json.dumps({"format": 2, "findings": []}))
    with pytest.raises(BadReport, match=r"fuzz\.json: of another format than 1"):
        known_findings.read(path)


def test_a_round_that_cannot_run_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what the round said last."""
    monkeypatch.setattr(fuzz, "MADE_UP", [str(tmp_path / "test_none.py")])

    with pytest.raises(fuzz.RoundFailed):
        fuzz.fuzz(fuzz.Campaign([]), ["--target=mock"], 5, tmp_path / "fuzz.json", rounds=1)


def test_a_campaign_tells_what_it_covered_in_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each kind, that of both runs of a round together."""
    tree = {"counts": {"cases": 30}, "covered": {"phones": 5}, "deviations": [], "findings": []}

    def started(arguments: object, seeds: object, known: object, place: Path) -> "subprocess.Popen[bytes]":
        place.mkdir()
        (place / "contract.json").touch()
        return subprocess.Popen([sys.executable, "-c", ""])

    monkeypatch.setattr(fuzz, "_started", started)
    monkeypatch.setattr(fuzz, "read", lambda path: {**tree, "complaints": []})
    campaign = fuzz.Campaign([])
    fuzz.fuzz(campaign, [], 5, tmp_path / "fuzz.json", rounds=1, runs=2)

    assert campaign.rounds == 1
    assert campaign.rates(20.0) == "60 cases (3 a second), 10 phones (0.5 a second)"
