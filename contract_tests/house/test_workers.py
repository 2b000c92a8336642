"""Are several workers on one machine the same run as one, and joined with nothing lost?"""

from pathlib import Path

import pytest

from contract_tests.campaigns import workers
from contract_tests.report import read


def test_two_workers_are_the_whole_suite(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Every documented status was seen by one of them, and the end tells what a single run tells."""
    assert workers.main(["--workers=2", "--seed=7", f"--report={tmp_path}"]) == 0

    out = capfd.readouterr().out
    tree = read(tmp_path / "contract.json")
    assert (tree["verdict"], tree["complaints"], tree["settings"]["shards"]) == ("holds", [], [1, 2])
    assert "[1] statuses ... (0 cases so far)\n" in out
    assert "[2] statuses ... (0 cases so far)\n" in out
    assert "contract.json: holds, " in out
    assert "rules proven: " in out
    assert "reading of daily-limit: issuing" in out
    assert f"{tree['counts']['tests']['passed']} passed\n" in out
    assert "repeat with: make contract ARGS=--seed=7\n" in out
    assert out.count("cases/s") == 0


def test_a_worker_that_cannot_run_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """By its own line, and 2: half a suite is no answer."""
    assert workers.main(["--workers=2", f"--report={tmp_path}", "--seeds=0"]) == 2

    said = capfd.readouterr()
    assert "[1] error: SEEDS is how many seeds the campaign has: 1 to 10000\n" in said.out
    assert said.err == "error: a worker could not run; its lines above say why\n"
    assert not (tmp_path / "contract.json").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--workers=1"], "WORKERS is 2 to 64"),
        (
            ["--workers=2", "--target=http://127.0.0.1:1/"],
            "WORKERS goes with TARGET=mock: two that set the stage",
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
