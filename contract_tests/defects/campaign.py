"""The suite against one seeded defect, as `make contract` runs it, to its first finding."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from contract_tests.defects.passing import Defect
from contract_tests.defects.proxy import standing_before
from contract_tests.examples import VARIABLE

ROOT = Path(__file__).resolve().parent.parent.parent
SUITE = sorted(str(path) for path in (ROOT / "contract_tests").glob("test_*.py"))
# An honest run takes a fifth of this.
PATIENCE = 180.0
_FIRST = re.compile(r"first finding after ([\d,]+) cases and ([\d.]+) s: (\S+) in (.*)")
_CASES = re.compile(r"([\d,]+) cases in ([\d.]+) s,")


@dataclass(frozen=True)
class Outcome:
    """What came of one defect.

    Attributes:
        check: the promise or rule that noticed; None if nothing did.
        test: where it was noticed.
        cases: how many requests it took, of all that were sent if nothing noticed.
        seconds: from the first request to the finding.
        started: seconds from the start of the process to the first request, about.
        trouble: why the run itself is no answer, if it is none.
    """

    defect: str
    check: str | None = None
    test: str = ""
    cases: int = 0
    seconds: float = 0.0
    started: float = 0.0
    trouble: str = ""


def caught(defect: Defect, mock: str, *, seed: int | None = None) -> Outcome:
    """Run the whole suite against a mock with a defect before it, until something notices.

    Args:
        mock: the address of the mock, without a path.
        seed: of the run; drawn if None.
    """
    with standing_before(mock, defect.does) as address:
        command = [sys.executable, "-m", "pytest", *SUITE, "--campaign", "--assert=plain", "-x"]
        command += ["-p", "no:cacheprovider", f"--target={address}/v.1.0/", f"--control={address}/__mock__/"]
        command += [] if seed is None else [f"--seed={seed}"]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            # What one defect has taught must not help with the next.
            env={**os.environ, VARIABLE: "none", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        ) as process:
            watch = threading.Timer(PATIENCE, _end, [process])
            watch.start()
            try:
                return _read(defect.name, process)
            finally:
                watch.cancel()
                _end(process)


def _read(name: str, process: subprocess.Popen[str]) -> Outcome:
    assert process.stdout is not None
    begun, said = time.monotonic(), []
    for line in process.stdout:
        if found := _FIRST.search(line):
            seconds = float(found[2])
            started = time.monotonic() - begun - seconds
            return Outcome(name, found[3], found[4], int(found[1].replace(",", "")), seconds, started)
        said.append(line)
    told = "".join(said)
    cases = _CASES.search(told)
    asked, took = (int(cases[1].replace(",", "")), float(cases[2])) if cases else (0, 0.0)
    if process.wait() == 0:
        return Outcome(name, cases=asked, seconds=took)
    reason = next((line for line in said if line.startswith(("!", "error"))), "".join(said[-1:]))
    return Outcome(name, cases=asked, seconds=took, trouble=reason.strip() or f"exit {process.returncode}")


def _end(process: subprocess.Popen[str]) -> None:
    """End the run with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
