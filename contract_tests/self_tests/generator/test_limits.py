"""Is the child held to its limits where the system does not hold it?"""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.child.watch import memory_meter
from scripts.confinement.limits import OUT_OF_MEMORY, OUT_OF_TIME
from scripts.confinement.run import Deadline, _cause
from scripts.lib.paths import ROOT

BUSY = "\nwhile True: pass"


def ended(code: str, *arguments: str) -> int:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False).returncode


def test_a_child_that_works_too_long_is_ended_by_its_thread() -> None:
    assert ended(f"from scripts.child.watch import watch\nwatch(0.2, 1, None){BUSY}") == OUT_OF_TIME


def test_a_child_that_takes_too_much_is_ended_by_its_thread() -> None:
    """By what is really used."""
    code = "from scripts.child.watch import *\nimport time\nmeter = memory_meter()\n"
    code += "watch(60, meter() + 100_000_000, meter)\nheap = [bytes(10_000_000) for _ in range(30)]\n"
    code += "heap = [b'x' * 10_000_000 for _ in range(30)]\ntime.sleep(30)"

    assert ended(code) == OUT_OF_MEMORY


def test_where_there_are_no_limits_of_the_system_the_thread_stands_in(tmp_path: Path) -> None:
    """Windows has no module resource; the process is confined all the same."""
    code = "import sys\nsys.modules['resource'] = None\nfrom pathlib import Path\n"
    code += "from scripts.child.__main__ import confine\nconfine(Path(sys.argv[1]), 1)" + BUSY

    assert ended(code, str(tmp_path)) == OUT_OF_TIME


def test_the_meter_tells_bytes() -> None:
    meter = memory_meter()

    assert meter is not None
    assert 5_000_000 < meter() < 5_000_000_000


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (OUT_OF_TIME, "more than 10 seconds of the processor are needed"),
        (OUT_OF_MEMORY, "more memory is needed than 1 GB"),
    ],
)
def test_each_limit_is_told_as_where_the_system_holds_it(tmp_path: Path, status: int, told: str) -> None:
    assert _cause(status, tmp_path / "output", Deadline.after(30)) == told


@pytest.mark.parametrize(
    ("status", "output", "told"),
    [
        (-9, "", "more time or memory is needed than the limits give (ended by signal 9)"),
        (1, "Traceback (most recent call last):\n  x\nMemoryError\n", "more memory is needed than 1 GB"),
        (1, "Traceback (most recent call last):\n  File\nKeyError: 'a'\n", "KeyError: 'a'"),
        (3, "", "exit code 3"),
    ],
)
def test_another_end_of_the_child_is_told_by_its_last_line(
    tmp_path: Path, status: int, output: str, told: str
) -> None:
    """A traceback is for us; its last line is what a reader can use."""
    (tmp_path / "output").write_text(output)

    assert _cause(status, tmp_path / "output", Deadline.after(30)) == told
