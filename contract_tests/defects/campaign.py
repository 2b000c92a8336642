"""The suite against one seeded defect, as `make contract` runs it, to its first finding."""

import contextlib
import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

import pytest

from contract_tests.defects.defect import Defect
from contract_tests.defects.proxy import standing_before
from contract_tests.session.plugin.example_database import VARIABLE
from scripts.lib.paths import ANY_API, CONTRACT, ROOT

SUITE = [str(folder) for folder in CONTRACT]
# A run on the unmodified target takes a fifth of this.
PATIENCE = 180.0
# Each run begins in a copy of one process that has read the large packages: half of a short run is that.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "pytest",
        "rich.progress",
        "schemathesis.pytest.plugin",
        "schemathesis.specs.openapi.schemas",
        "hypothesis.stateful",
        "contract_tests.novapost.test_client",
        "contract_tests.reporting.terminal",
        "contract_tests.session.plugin.example_database",
        __name__,
    ]
)
_FIRST = re.compile(r"first finding after ([\d,]+) cases and ([\d.]+) s: (\S+) in (.*)")
_CASES = re.compile(r"([\d,]+) cases in ([\d.]+) s,")


@dataclass(frozen=True)
class Outcome:
    """What came of one defect.

    Attributes:
        check: the check or rule that noticed; None if nothing did.
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


def caught(
    defect: Defect,
    mock: str,
    *,
    seed: int | None = None,
    document: Path | None = None,
    base_path: str = "/v.1.0",
) -> Outcome:
    """Run the whole suite against a mock with a defect before it, until something notices.

    Args:
        mock: the address of the mock, without a path.
        seed: of the run; drawn if None.
        document: another document than Nova Post's.
        base_path: the path of the API on the mock.
    """
    with standing_before(mock, defect.start) as address:
        suite = [str(ANY_API), f"--document={document}"] if document else SUITE
        arguments = [*suite, "--campaign", "--assert=plain", "-x", "-p", "no:cacheprovider"]
        arguments += [f"--target={address}{base_path}/", f"--control={address}/__mock__/"]
        arguments += [] if seed is None else [f"--seed={seed}"]
        receiving, sending = _FORKS.Pipe(duplex=False)
        process = _FORKS.Process(target=_campaign, args=(arguments, sending), daemon=True)
        process.start()
        sending.close()
        watch = threading.Timer(PATIENCE, _end, [process])
        watch.start()
        try:
            with os.fdopen(os.dup(receiving.fileno()), encoding="utf-8") as said:
                return _read(defect.name, said, process)
        finally:
            watch.cancel()
            _end(process)
            process.join()
            receiving.close()


def _campaign(arguments: list[str], sending: Connection) -> None:
    """Run the suite in a process of its own, and send what it prints through a pipe."""
    os.setsid()
    os.chdir(ROOT)
    os.dup2(sending.fileno(), 1)
    os.dup2(sending.fileno(), 2)
    # What one defect has taught must not help with the next.
    os.environ[VARIABLE] = "none"
    sys.exit(pytest.main(arguments))


def _read(name: str, said: TextIO, process: BaseProcess) -> Outcome:
    begun, lines = time.monotonic(), []
    for line in said:
        if found := _FIRST.search(line):
            seconds = float(found[2])
            started = time.monotonic() - begun - seconds
            return Outcome(name, found[3], found[4], int(found[1].replace(",", "")), seconds, started)
        lines.append(line)
    cases = _CASES.search("".join(lines))
    asked, took = (int(cases[1].replace(",", "")), float(cases[2])) if cases else (0, 0.0)
    process.join()
    if process.exitcode == 0:
        return Outcome(name, cases=asked, seconds=took)
    reason = next((line for line in lines if line.startswith(("!", "error"))), "".join(lines[-1:]))
    return Outcome(name, cases=asked, seconds=took, trouble=reason.strip() or f"exit {process.exitcode}")


def _end(process: BaseProcess) -> None:
    """End the run with all that it started."""
    if process.is_alive() and process.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
