"""A server of this machine: started, asked once, halted between turns, stopped; what it used meanwhile."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.bench.tools.load import Call
from contract_tests.bench.values import Missing
from scripts.lib.paths import ROOT

START_SECONDS = 180
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Server:
    """How a server is had and asked.

    Attributes:
        name: for the report.
        command: starts it; `{port}` is filled in.
        call: what it is asked; the answer has to have its status.
        wrong: the same with a value that its schema refuses.
        surroundings: environment variables of its own.
        folder: where it runs, for servers that leave files there.
    """

    name: str
    command: tuple[str, ...]
    call: Call
    wrong: Call
    surroundings: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT


@dataclass(frozen=True)
class Running:
    """A server that runs.

    Attributes:
        server: which.
        process: its number, which is that of its group too.
        port: on 127.0.0.1.
        ready: seconds until its first answer.
    """

    server: Server
    process: int
    port: int
    ready: float

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Let it go on for as long as this lasts; see `halt`."""
        os.killpg(self.process, signal.SIGCONT)
        try:
            yield
        finally:
            self.halt()

    def halt(self) -> None:
        """Take the processor from it, threads and children included, until its turn.

        An idle JVM or node collects garbage and looks at its timers, which would disturb the measured one.
        """
        os.killpg(self.process, signal.SIGSTOP)


@contextlib.contextmanager
def started(server: Server, processor: int | None = None) -> Iterator[Running]:
    """Start a server and wait for its first answer; stop it at the end.

    Args:
        server: which.
        processor: the one to run on; None for any.

    Raises:
        Missing: it did not answer, or with another status.
    """
    port = free_port()
    begun = time.perf_counter()
    try:
        process = subprocess.Popen(
            [part.format(port=port) for part in server.command],
            cwd=server.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **server.surroundings},
        )
    except OSError as error:
        raise Missing(f"did not start: {error.strerror}") from error
    if processor is not None:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(process.pid, {processor})
    try:
        while (status := answered(port, server.call)) != server.call.status:
            if process.poll() is not None:
                raise Missing(f"did not start: ended with {process.returncode}")
            if time.perf_counter() - begun > START_SECONDS:
                raise Missing(f"did not start: {status or 'no answer'} after {START_SECONDS} s")
            time.sleep(0.005)
        yield Running(server, process.pid, port, time.perf_counter() - begun)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGCONT):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    # What outlived its parent, and a parent that does not end.
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def answered(port: int, call: Call) -> int:
    """Return the status of a call's answer; 0 if nobody answered."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{call.target}",
        call.body or None,
        {**({"Content-Type": "application/json"} if call.body else {}), **dict(call.headers)},
        method=call.method,
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, ValueError):
        return 0


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def family(process: int) -> list[int]:
    """Return a process and all its descendants; only itself where the system does not list them."""
    found = [process]
    for each in found:
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (thread / "children").read_text("ascii").split())
    return found


def cpu_seconds(process: int) -> float:
    """Return the processor time of a process and its children so far; 0 where the system does not tell."""
    total = 0
    for each in family(process):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            total += sum(map(int, fields[11:13]))
    return total / _TICKS


def megabytes(process: int) -> float:
    """Return the resident memory of a process and its children; 0 where the system does not tell."""
    total = 0
    for each in family(process):
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{each}/status").read_text(encoding="utf-8")
            total += sum(map(int, re.findall(r"VmRSS:\s+(\d+)", status)))
    return total / 1024
