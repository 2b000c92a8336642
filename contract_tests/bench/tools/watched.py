"""Processes that are watched while they run: what they say and when, and an end to all that they started."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from contract_tests.bench.values import Missing

_START_SECONDS = 60.0


@dataclass(frozen=True)
class Said:
    """What a process said.

    Attributes:
        lines: of stdout and stderr, each with the seconds since the start.
        begun: when it started, by `time.time()`.
        seconds: until it ended.
        status: its exit code.
        cut: whether it was stopped because its time was up.
    """

    lines: tuple[tuple[float, str], ...]
    begun: float
    seconds: float
    status: int
    cut: bool = False


def watched(
    command: Sequence[str | Path],
    *,
    folder: Path,
    seconds: float,
    surroundings: Mapping[str, str] | None = None,
) -> Said:
    """Run a command to its end, or to the end of its time.

    Args:
        command: program and arguments.
        folder: to run it in.
        seconds: after which it is stopped, with all that it started.
        surroundings: environment variables on top of ours.
    """
    begun, clock = time.time(), time.monotonic()
    process = _started(command, folder, surroundings)
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    watch = threading.Timer(seconds, stop)
    watch.start()
    lines: list[tuple[float, str]] = []
    try:
        lines.extend(
            (time.monotonic() - clock, line.decode("utf-8", "replace").rstrip()) for line in _output(process)
        )
        process.wait()
    finally:
        watch.cancel()
        _kill(process)
        process.wait()
        _output(process).close()
    return Said(tuple(lines), begun, time.monotonic() - clock, process.returncode, late.is_set())


@contextmanager
def announced(
    command: Sequence[str | Path], *, folder: Path, surroundings: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Start a server whose first line says where it listens, yield its port, and stop it at the end.

    Raises:
        Missing: it did not start.
    """
    process = _started(command, folder, surroundings)
    watch = threading.Timer(_START_SECONDS, _kill, (process,))
    watch.start()
    # What it says later must not fill the pipe.
    drain = threading.Thread(target=_drain, args=(process,), daemon=True)
    try:
        first = _output(process).readline().decode("utf-8", "replace").strip()
        watch.cancel()
        port = first.partition("://127.0.0.1:")[2].partition("/")[0]
        if not port.isdigit():
            raise Missing(f"{' '.join(map(str, command[1:3]))} did not start: {first[:200]}")
        drain.start()
        yield int(port)
    finally:
        watch.cancel()
        _kill(process)
        process.wait()
        if drain.is_alive():
            drain.join()
        _output(process).close()


def _started(
    command: Sequence[str | Path], folder: Path, surroundings: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(surroundings or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise Missing(f"{Path(command[0]).name}: {error.strerror}") from error


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdout is None:
        raise ValueError("started without a pipe")
    return process.stdout


def _drain(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError, ValueError):
        while _output(process).read(4096):
            pass


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and its children, which share its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
