"""What a command costs: its processor time, its memory, and how long it took."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.bench.values import Missing


@dataclass(frozen=True)
class Cost:
    """Of one run, children that it waited for included.

    Attributes:
        cpu: seconds of processor time, which hardly depend on what else runs.
        wall: seconds until it ended.
        megabytes: resident at most in one process.
        status: its exit code.
        output: what it printed on stdout.
        errors: what it printed on stderr.
    """

    cpu: float
    wall: float
    megabytes: float
    status: int
    output: str
    errors: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    seconds: float,
    surroundings: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
) -> Cost:
    """Run a command to its end.

    Args:
        command: program and arguments.
        folder: to run it in.
        seconds: after which it is stopped.
        surroundings: environment variables on top of ours.
        expected: exit codes that mean it did what it should.

    Raises:
        Missing: it is not there, took too long, or ended otherwise; the message has its last line.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env={**os.environ, **(surroundings or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as error:
            raise Missing(f"{Path(command[0]).name}: {error.strerror}") from error
        watch = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
        watch.daemon = True  # whoever is ended before it is cancelled does not wait for it
        try:
            watch.start()
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:  # Ctrl-C, which it does not get: its session is its own
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            watch.cancel()
        took = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        told = []
        for stream in (output, errors):
            stream.seek(0)
            told.append(stream.read().decode("utf-8", "replace"))
    name = Path(command[0]).name
    if took >= seconds:
        raise Missing(f"{name} took longer than {seconds:g} s")
    if process.returncode not in expected:
        last = (told[1].strip() or told[0].strip() or "nothing").splitlines()[-1]
        raise Missing(f"{name} ended with {process.returncode} and said: {last[:200]}")
    # Linux counts in kilobytes; macOS, in bytes.
    unit = 1024 if os.uname().sysname == "Linux" else 1024 * 1024
    return Cost(used.ru_utime + used.ru_stime, took, used.ru_maxrss / unit, process.returncode, *told)
