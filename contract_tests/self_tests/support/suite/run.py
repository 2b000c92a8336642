"""The suite as a process of its own, forked from one that has already imported all that a run imports.

Of what a short run takes, more than half is the import of pytest, Hypothesis, schemathesis and the suite.
The tests of one process share a process that does this once; each run is a child of that one. Where the start
of the suite is what is tested, or the environment has to be there when something is imported, start an
interpreter instead.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Timer

from contract_tests.self_tests.support.suite import forks
from scripts.lib.paths import ROOT


def run_suite(
    *arguments: object, env: Mapping[str, str] | None = None, seconds: float = 600
) -> subprocess.CompletedProcess[str]:
    """Run pytest from the root of the repository, with plain asserts as the make target does.

    Args:
        arguments: the command line after `pytest --assert=plain`.
        env: the environment; left out, that of this process.
        seconds: after which the run is killed.
    """
    command = ["pytest", "--assert=plain", *map(str, arguments)]
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        given = dict(os.environ if env is None else env)
        status = _ended({"command": command, "env": given, "out": str(out), "err": str(err)}, seconds)
        return subprocess.CompletedProcess(
            command, status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


def _ended(job: Mapping[str, object], seconds: float) -> int:
    """Let a child do the job, and return its exit code."""
    forking = _forking()
    assert forking.stdin is not None
    assert forking.stdout is not None
    print(json.dumps(job), file=forking.stdin, flush=True)
    timer = Timer(seconds, os.kill, (int(forking.stdout.readline()), signal.SIGKILL))
    timer.start()
    try:
        return int(forking.stdout.readline())
    finally:
        timer.cancel()


@cache
def _forking() -> "subprocess.Popen[str]":
    """Return the process that forks. It ends when its standard input does."""
    process = subprocess.Popen(
        [sys.executable, "-m", forks.__name__],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process
