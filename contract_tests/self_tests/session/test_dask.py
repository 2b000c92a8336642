"""Does the same campaign come out of a scheduler as of shards? On a Dask cluster of two local processes."""

import subprocess
from pathlib import Path

import pytest

from contract_tests.reporting.report import read
from scripts.lib.paths import ROOT

DASK = ROOT / ".venv-dask" / "bin" / "python"
ADAPTER = ROOT / "contract_tests" / "campaigns" / "on_dask.py"
PARTS = 5

pytestmark = pytest.mark.skipif(
    not DASK.exists(),
    reason="NOT TRIED: the campaign on Dask; `make dask ARGS=--help` installs what it needs",
)


def on_dask(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return a campaign handed out to two workers."""
    command = [str(DASK), str(ADAPTER), "--seed=7", f"--folder={folder}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def test_every_part_is_handed_out_and_joined(tmp_path: Path) -> None:
    """More parts than workers: whoever is done takes the next, and the whole is the whole suite."""
    done = on_dask(tmp_path, "--workers=2", f"--parts={PARTS}")

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.count(" ended with 0\n") == PARTS
    assert "The contract holds: no findings.\n" in done.stdout
    tree = read(tmp_path / "contract.json")
    assert (tree["verdict"], tree["settings"]["of"]) == ("holds", PARTS)
    assert tree["complaints"] == []
    assert (tmp_path / "junit.xml").read_text().count("<testcase ") == sum(tree["counts"]["tests"].values())


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--workers=0"], "--workers is 1 or more, --parts 2 or more"),
        (["--scheduler=tcp://127.0.0.1:1"], "no scheduler at tcp://127.0.0.1:1: "),
        (["--parts=2", "--seeds=0"], "shard "),
    ],
)
def test_a_campaign_that_cannot_run_says_so(arguments: list[str], reason: str, tmp_path: Path) -> None:
    """Exit 2 and what to mend."""
    done = on_dask(tmp_path, *arguments)

    assert done.returncode == 2
    assert f"error: {reason}" in done.stderr
    assert "Traceback" not in done.stderr
