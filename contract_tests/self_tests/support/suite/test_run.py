"""Is a forked run of the suite what an interpreter of its own would be?"""

import os
import signal
from pathlib import Path

import pytest

from contract_tests.self_tests.support.suite.run import run_suite
from scripts.lib.paths import ROOT

TOLD = """
import os, sys
import hypothesis

def test_it():
    print(os.environ["WORD"], os.getcwd(), hasattr(hypothesis, "left_behind"))
    print("aside", file=sys.stderr)
    hypothesis.left_behind = True
    assert not os.environ.get("BROKEN")
"""


def test_two_runs_have_nothing_in_common(tmp_path: Path) -> None:
    """Each has its own modules, environment and streams, and ends with its own exit code."""
    file = tmp_path / "test_told.py"
    file.write_text(TOLD, encoding="utf-8")
    told = [
        run_suite(file, "-s", "-p", "no:asyncio", "-p", "no:cacheprovider", env={**os.environ, **given})
        for given in ({"WORD": "first"}, {"WORD": "second", "BROKEN": "1"})
    ]

    assert [each.returncode for each in told] == [0, 1]
    for word, each in zip(("first", "second"), told, strict=True):
        assert f"{word} {ROOT} False\n" in each.stdout
        assert each.stderr == "aside\n"


def test_a_run_that_does_not_end_is_killed(tmp_path: Path) -> None:
    """And the next one is not kept from running."""
    file = tmp_path / "test_sleeping.py"
    file.write_text("import time\ndef test_it():\n    time.sleep(600)\n", encoding="utf-8")

    assert run_suite(file, "-p", "no:cacheprovider", seconds=1).returncode == -signal.SIGKILL
    assert run_suite("--collect-only", file, "-p", "no:cacheprovider").returncode == pytest.ExitCode.OK
