"""Is a run's summary whole, of the published form, free of secrets, and can shards be joined to one?"""

import json
import os
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from contract_tests.campaigns import merge
from contract_tests.checks.deviations import Deviations
from contract_tests.checks.finding import Finding
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.observations.record import Observations
from contract_tests.observations.rules import Counts, state
from contract_tests.reporting.report import SCHEMA, BadReport, Report, read, report, write
from contract_tests.self_tests.support.suite.run import run_suite
from contract_tests.target import targets
from contract_tests.target.exchange import Exchange, Received, Sent
from contract_tests.target.shards import Shard
from contract_tests.target.targets import Target, WrongUse
from scripts.lib.paths import NOVAPOST

# Runs that tests start are not the job's.
HERE = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
SECRET = "0123456789abcdef0123456789abcdef01234567"
FILES = (("contract", "json"), ("contract", "html"), ("fuzzing-commons", "json"), ("junit", "xml"))
CONTRACT = contract()


def summary(
    number: int = 1, of: int = 1, *, finding: bool = False, whole: bool = True, secret: str = SECRET
) -> Report:
    """Return the summary of a shard that saw one answer of every documented kind, or of the first only."""
    observations = Observations(certainty=CONTRACT.knowledge.certainties)
    for operation, status in CONTRACT.documented if number == 1 else CONTRACT.documented[:1]:
        sent = Sent(operation.method, f"http://127.0.0.1{operation.path}", operation.path, {}, b"")
        observations.saw(Exchange(sent, Received(status, {}, b"")))
    observations.saw(Exchange(Sent("GET", "http://127.0.0.1/x", "/x", {}, b""), Received(404, {}, b"")))
    observations.ended(["jwt", "day"], "passed")
    observations.ended(["day"], "skipped" if number > 1 else "passed")
    observations.secrets.add(secret)
    if finding:
        observations.found([Finding("jwt", "GET /clients/authorization", f"{SECRET} came", f"curl {SECRET}")])
        observations.ended(["jwt"], "failed")
        observations.rules.contradicted("jwt")
    return report(
        Target("url", "http://127.0.0.1/", "http://127.0.0.1/control/"),
        CONTRACT,
        observations,
        seed=7,
        shard=Shard(number, of),
        whole=whole,
        started_at=datetime(2026, 3, 10, 9, number, tzinfo=UTC),
        complaints=[],
        deviations=Deviations(),
    )


def row(tree: Report, rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in tree["rules"] if each["rule"] == rule)
    return found


def test_the_schema_is_one() -> None:
    """It is published, so that others can read our summaries."""
    jsonschema_rs.meta.validate(json.loads(SCHEMA.read_bytes()))


def test_a_summary_has_the_published_form_and_no_secret(tmp_path: Path) -> None:
    """Written and read back it is the same."""
    tree = summary(finding=True)
    write(tree, tmp_path / "reports" / "contract.json")

    assert read(tmp_path / "reports" / "contract.json") == tree
    assert SECRET not in json.dumps(tree)
    assert tree["findings"][0]["message"] == "*** came"
    assert (tree["verdict"], row(tree, "jwt")["state"]) == ("broken", "contradicted")
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["contract.json"]


def test_a_digest_that_has_a_piece_of_a_secret_stays_a_digest(tmp_path: Path) -> None:
    """Keys are hexadecimal, too: of thousands one has eight digits of a digest by chance."""
    piece = summary()["sources"]["document"][20:30]
    write(summary(secret=piece + SECRET), tmp_path / "contract.json")

    assert piece in read(tmp_path / "contract.json")["sources"]["document"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda tree: tree.pop("verdict"), "the whole: "),
        (lambda tree: tree["counts"].update(cases=-1), "counts/cases: "),
        (lambda tree: tree.update(phone="491729925904"), "the whole: "),
        (lambda tree: tree["sources"].update(suite="x"), "sources/suite: "),
    ],
)
def test_what_is_no_summary_is_refused(
    change: Callable[[Report], object], reason: str, tmp_path: Path
) -> None:
    """With the place, and without the value that may be a secret."""
    tree = summary()
    change(tree)
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(tree))

    with pytest.raises(BadReport, match=f"contract.json: {reason}") as caught:
        read(path)
    assert "491729925904" not in str(caught.value)


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2", "1/2/3", "1/999999", "job/2", ""])
def test_what_names_no_shard_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that ran the wrong part would leave a hole."""
    monkeypatch.delenv("JOB_COMPLETION_INDEX", raising=False)

    with pytest.raises(WrongUse, match=r"SHARD|a shard is"):
        targets.shard(text)


def test_an_indexed_job_knows_its_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kubernetes counts from nought."""
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "3")

    assert targets.shard("job/4") == Shard(4, 4)
    with pytest.raises(WrongUse):
        targets.shard("job/3")


def test_shards_are_joined_to_one_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts add up, findings are kept once, a rule that one shard left out is not wholly proven."""
    for number in (1, 2, 3):
        write(summary(number, 3, finding=number > 1), tmp_path / f"contract-{number}-of-3.json")
    paths = [str(path) for path in tmp_path.iterdir()]
    output = tmp_path / "contract.json"

    assert merge.main([*paths, f"--output={output}"]) == 1

    tree = read(output)
    assert tree["settings"]["shards"] == [1, 2, 3]
    assert tree["counts"]["cases"] == len(CONTRACT.documented) + 2 + 3
    assert tree["counts"]["tests"] == {"failed": 2, "passed": 4, "skipped": 2}
    assert len(tree["findings"]) == 1
    day = row(tree, "day")
    assert [day[name] for name in ("passed", "failed", "leftOut", "state")] == [4, 0, 2, "partly"]
    assert day["statement"] == "A day ends at midnight UTC."
    assert (
        sum(map(sum, (each["counts"] for each in tree["latency"]["operations"])))
        == len(CONTRACT.documented) + 2
    )
    out = capsys.readouterr().out
    assert out.startswith("\nThe contract is broken: 1 finding.\n")
    assert "\n15 cases in 3 shards in " in out
    assert "\n1. " in out


def test_a_status_that_no_shard_saw_is_a_complaint(tmp_path: Path) -> None:
    """One shard cannot ask for every status; all of them together must."""
    reports = [summary(number, 3) for number in (2, 3)]
    reports.append(deepcopy(reports[0]) | {"settings": reports[0]["settings"] | {"shards": [1]}})

    tree = merge.joined(reports)

    assert tree["verdict"] == "unproven"
    assert len(tree["complaints"]) == len(CONTRACT.documented) - 1
    assert merge.joined([summary(1, 2), summary(2, 2)])["complaints"] == []


@pytest.mark.parametrize(
    ("shards", "change", "reason"),
    [
        ((1, 2), {}, "missing are the shards [3] of 3"),
        ((1, 2, 2), {}, "missing are the shards [3] of 3"),
        ((1, 2, 3, 3), {}, "there twice are [3]"),
        ((1, 2, 3), {"seed": 8}, "the summaries are of different campaigns: seed differs"),
        ((1, 2, 3), {"target": "mock"}, "the summaries are of different campaigns: target differs"),
    ],
)
def test_what_does_not_belong_together_is_not_joined(
    shards: tuple[int, ...],
    change: dict[str, object],
    reason: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A campaign with a hole proves less than it says."""
    paths = []
    for n, number in enumerate(shards):
        tree = summary(number, 3)
        if n == 0:
            tree["settings"].update(change)
        paths.append(str(tmp_path / f"{n}.json"))
        write(tree, Path(paths[-1]))

    assert merge.main([*paths, f"--output={tmp_path}/contract.json"]) == 2
    assert capsys.readouterr().err == f"error: {reason}\n"
    assert not (tmp_path / "contract.json").exists()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((0, 0, 0), "unproven"), ((0, 0, 2), "unproven"), ((3, 0, 1), "partly"), ((3, 1, 0), "partly")],
)
def test_the_state_of_a_rule(counts: tuple[int, int, int], expected: str) -> None:
    """Passed, failed, left out."""
    assert state(Counts(*counts), contradicted=False) == expected
    assert state(Counts(*counts), contradicted=True) == "contradicted"
    assert state(Counts(3), contradicted=False) == "proven"


def test_two_shards_of_a_real_campaign_are_the_whole(tmp_path: Path) -> None:
    """Each runs its part, and together they ran every test once."""
    begin = [NOVAPOST / "test_asking.py", NOVAPOST / "test_tokens.py", "--campaign", f"--report={tmp_path}"]
    for shard in (["--shard=1/2", "--seed=7"], ["--shard=2/2", "--seed=7"], []):
        run_suite(*begin, *shard, env=HERE)

    whole = read(tmp_path / "contract.json")
    parts = [read(tmp_path / f"contract-{number}-of-2.json") for number in (1, 2)]
    assert merge.joined(parts)["counts"]["tests"] == whole["counts"]["tests"]
    assert all(part["counts"]["cases"] < whole["counts"]["cases"] for part in parts)
    names = {f"{name}{part}.{kind}" for part in ("", "-1-of-2", "-2-of-2") for name, kind in FILES}
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--shard=1/2"], "SHARD needs a seed that all shards share"),
        (["--shard=1/2", "--seed=7", "--target=sandbox"], "a guest comes alone: no SHARD"),
    ],
)
def test_a_shard_that_proves_nothing_is_refused(arguments: list[str], reason: str) -> None:
    """Shards with seeds of chance are no campaign, and several guests at once are no manners."""
    done = run_suite("contract_tests/novapost/test_document.py", *arguments)

    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {reason}")
