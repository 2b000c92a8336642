"""Are several workers on one machine the same run as one, and joined with nothing lost?"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.campaigns import workers
from contract_tests.reporting.report import read
from scripts.lib.paths import NOVAPOST, ROOT


def test_two_workers_are_one_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every documented status was seen by one of them, and the end tells what a single run tells, once.

    Of a part of the suite: `make test` ends with all of it, in two workers.
    """
    job = tmp_path / "job.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(job))

    folder = tmp_path / "reports"  # not there yet, as in a clone
    assert workers.main(["--workers=2", "--seed=7", f"--report={folder}", "-k", "statuses or limit"]) == 0

    out = capfd.readouterr().out
    tree = read(folder / "contract.json")
    assert (tree["verdict"], tree["complaints"], tree["settings"]["shards"]) == ("holds", [], [1, 2])
    assert "[1] statuses ...\n" in out
    assert "[2] statuses ...\n" in out
    assert out.count("The contract holds: no findings.\n") == 1
    assert all(row["seen"] for row in tree["counts"]["operations"] if row["documented"])
    assert "rules unproven here: " in out
    assert "reading of daily-limit: issuing" in out
    assert f"{tree['counts']['tests']['passed']} passed\n" in out
    assert "repeat with make contract ARGS='--seed=7 -k " in out
    assert f"{tree['counts']['cases']:,} cases in 2 shards in " in out
    assert job.read_text().count("## The contract holds") == 1
    left = {"contract.html", "contract.json", "fuzzing-commons.json", "junit.xml"}
    assert {path.name for path in folder.iterdir()} == left, "`make merge` would take more for its own"


def test_a_worker_that_cannot_run_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """By its own line, and 2: half a suite is no answer."""
    assert workers.main(["--workers=2", f"--report={tmp_path}", "--seeds=0"]) == 2

    said = capfd.readouterr()
    assert "[1] error: SEEDS is how many seeds the campaign has: 1 to 10000\n" in said.out
    assert said.err == "error: a worker could not run to its end; its lines above say why\n"
    assert not (tmp_path / "contract.json").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--workers=0"], "WORKERS is 1 to 64, or auto"),
        (["--workers=few"], "WORKERS is 1 to 64, or auto"),
        (
            ["--workers=2", "--target=http://127.0.0.1:1/"],
            "WORKERS goes with TARGET=mock: two that set the state",
        ),
        (["--workers=2", "--shard=1/2"], "WORKERS makes shards of its own: no SHARD beside it"),
    ],
)
def test_wrong_use_of_workers_is_one_line(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and what to mend."""
    assert workers.main(arguments) == 2
    assert capsys.readouterr().err.startswith(f"error: {reason}")


@pytest.mark.parametrize(("cores", "workers_there"), [(1, 1), (2, 2), (16, 2)])
def test_two_cores_are_used_where_there_are_two(
    cores: int, workers_there: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than two were never measured, so they are for whoever asks."""
    monkeypatch.setattr(workers, "cores", lambda: cores)

    assert workers.number("auto") == workers_there


def test_one_worker_is_a_run_without_shards(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As `make contract ARGS=...` has it, whose lines bear no number."""
    assert workers.main(["--workers=1", "--seed=7", f"--report={tmp_path}", "-k", "test_limit"]) == 0

    assert read(tmp_path / "contract.json")["settings"]["of"] == 1
    assert "\nlimit ..." in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "has_seed"),
    [(["--workers=1"], False), (["--workers=1", "--seed=7"], True), (["--workers=2"], True)],
)
def test_one_worker_gets_a_seed_only_from_whoever_asks(
    arguments: list[str], has_seed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is repeated by its seed leaves out what failed before; several workers need one to share."""
    asked: list[list[str]] = []

    class Done:
        returncode = 0

    def run(command: list[str], **_: object) -> Done:
        asked.append(command)
        return Done()

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(workers, "_run", lambda commands: asked.extend(commands))

    workers.main([*arguments, f"--report={tmp_path}"])

    assert asked
    for command in asked:
        assert any(each.startswith("--seed=") for each in command) == has_seed


def test_the_make_target_uses_two_cores_unless_something_is_asked_for() -> None:
    """Whoever narrows a run, or brings a target, gets one process that can be followed line by line."""

    def started(*arguments: str) -> str:
        command = ["make", "--dry-run", "--always-make", "contract", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout

    assert "campaigns.workers --workers='auto'" in started()
    assert "campaigns.workers --workers='3'" in started("WORKERS=3", "ARGS=--seed=7")
    for alone in ("ARGS=-x", "TARGET=sandbox", "CONTROL=http://127.0.0.1:1/", "SHARD=1/2"):
        assert "-m pytest " in started(alone)


def test_control_c_ends_the_workers_and_their_mocks(tmp_path: Path) -> None:
    """As a terminal sends it, to all of them at once; one line, no traceback, nothing half-written."""
    command = [
        sys.executable,
        "-m",
        "contract_tests.campaigns.workers",
        "--workers=2",
        f"--report={tmp_path}",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout is not None
        until = next(line for line in run.stdout if "renewals" in line)
        os.killpg(run.pid, signal.SIGINT)
        rest, said = run.communicate(timeout=60)

    assert run.returncode == 2, until + rest
    assert said == "error: a worker could not run to its end; its lines above say why\n"
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)


# A plugin that stands for Control-C at the worst moment: while pytest makes the report of a test.
INTERRUPTING = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item, call):
    raise KeyboardInterrupt
"""


def test_control_c_within_a_report_is_no_internal_error(tmp_path: Path) -> None:
    """Some plugins wrap the report in the old style, and pluggy warns of what passes through them."""
    (tmp_path / "interrupting.py").write_text(INTERRUPTING, encoding="utf-8")

    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "interrupting",
            NOVAPOST / "test_tokens.py",
            f"--report={tmp_path}",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == pytest.ExitCode.INTERRUPTED
    assert "KeyboardInterrupt" in ended.stdout
    assert "INTERNALERROR" not in ended.stdout
