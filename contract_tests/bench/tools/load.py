"""A load of HTTP requests on a server of this machine: `wrk` where it can be had, else a loop of our own.

The loop knows its answers by their lengths alone: it parses nothing but the first answer, so that it is not
what is measured. Still it takes more time for a request than `wrk` does; reports say which of the two it was.
"""

import contextlib
import re
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.bench.tools.peers import wrk
from contract_tests.bench.values import Missing

CONNECTIONS = 32
_LATENCY = re.compile(r"^\s+(50|99)%\s+([0-9.]+)(us|ms|s)\s*$", re.MULTILINE)
_RATE = re.compile(r"^Requests/sec:\s+([0-9.]+)$", re.MULTILINE)
_COUNT = re.compile(r"^\s+(\d+) requests in", re.MULTILINE)
# Its time-outs are answers after two seconds, and count in the latencies.
_BAD = re.compile(
    r"^\s+(?:Non-2xx or 3xx responses: \d+|Socket errors: (?!connect 0, read 0, write 0,).*)$", re.MULTILINE
)
_UNIT = {"us": 1e-3, "ms": 1.0, "s": 1e3}


class LoadError(Missing):
    """The load could not be put on; the message says why."""


@dataclass(frozen=True)
class Call:
    """One request, sent again and again.

    Attributes:
        method: upper case.
        target: path and query.
        body: the JSON body; empty for none.
        headers: headers of its own.
        status: what every answer has to have.
        script: Lua that defines `request()`, for requests that differ; only `wrk` runs it.
    """

    method: str
    target: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    script: str = ""

    def content(self, port: int) -> bytes:
        """Return it as it is sent."""
        described = (
            f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n" if self.body else ""
        )
        described += "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        head = f"{self.method} {self.target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{described}\r\n"
        return head.encode() + self.body


@dataclass(frozen=True)
class Measured:
    """What one round of load gave.

    Attributes:
        requests: how many were answered.
        rate: requests a second.
        p50: milliseconds that half of the answers took at most.
        p99: the same for 99 of 100.
    """

    requests: int
    rate: float
    p50: float
    p99: float


def generator() -> str:
    """Return what puts the load on here."""
    return "wrk" if wrk() else "contract_tests/bench/tools/load.py"


def load(port: int, call: Call, seconds: float, processor: int | None = None) -> Measured:
    """Send a request over 32 connections that stay, for so many seconds.

    Args:
        port: on 127.0.0.1.
        call: the request.
        seconds: for how long.
        processor: the one to run on, where the system lets us choose and the generator is `wrk`.

    Raises:
        LoadError: an answer had another status, nobody answered, or the requests differ and `wrk` is missing.
    """
    generator = wrk()
    if generator is None:
        if call.script:
            raise LoadError("only wrk sends requests that differ")
        return _by_hand(port, call, seconds)
    return _by_wrk(generator, port, call, seconds, processor)


def _by_wrk(
    generator: Sequence[str], port: int, call: Call, seconds: float, processor: int | None
) -> Measured:
    lines = [f'wrk.method = "{call.method}"']
    if call.body:
        lines += [f"wrk.body = [[{call.body.decode()}]]", 'wrk.headers["Content-Type"] = "application/json"']
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in call.headers]
    lines.append(call.script)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "call.lua"
        script.write_text("\n".join(lines), encoding="utf-8")
        pinned = [] if processor is None or not shutil.which("taskset") else ["taskset", "-c", str(processor)]
        command = [
            *pinned,
            *generator,
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds:g}s",
            "--latency",
            "-s",
            str(script),
        ]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}{call.target}"], capture_output=True, text=True, check=False
        )
    output = done.stdout
    bad, rate, count = _BAD.search(output), _RATE.search(output), _COUNT.search(output)
    if bad and call.status >= 400 and count and bad[0].strip() == f"Non-2xx or 3xx responses: {count[1]}":
        bad = None
    if bad or not rate or not count:
        raise LoadError(bad[0].strip() if bad else (done.stderr or output).strip()[:200])
    if not int(count[1]):
        raise LoadError(f"no answer in {seconds:g} s")
    latency = {percent: float(number) * _UNIT[unit] for percent, number, unit in _LATENCY.findall(output)}
    return Measured(int(count[1]), float(rate[1]), latency["50"], latency["99"])


@dataclass(slots=True)
class _Waiting:
    connection: socket.socket
    since: float
    came: int = 0


def _by_hand(port: int, call: Call, seconds: float) -> Measured:
    content = call.content(port)
    size = len(_first(port, content, call.status))
    wanted = f" {call.status} ".encode()
    times: list[float] = []
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
        begun = now = time.perf_counter()
        for connection in connections:
            stack.enter_context(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ, _Waiting(connection, now))
            connection.sendall(content)
        while now - begun < seconds:
            for key, _ in selector.select(1.0):
                waiting: _Waiting = key.data
                received = waiting.connection.recv(65_536)
                if not received or (waiting.came == 0 and wanted not in received[:20]):
                    raise LoadError(f"an answer was {received[:30]!r}")
                waiting.came += len(received)
                if waiting.came >= size:
                    now = time.perf_counter()
                    times.append(now - waiting.since)
                    waiting.came, waiting.since = 0, now
                    waiting.connection.send(content)
            now = time.perf_counter()
    if not times:
        raise LoadError("nobody answered")
    times.sort()
    middle, late = times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3
    return Measured(len(times), len(times) / (now - begun), middle, late)


def _first(port: int, content: bytes, status: int) -> bytes:
    """Read one answer to its end and return its length, which all others have."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(content)
        received = b""
        while b"\r\n\r\n" not in received:
            received += _more(connection)
        length = re.search(rb"\r\ncontent-length: (\d+)\r\n", received, re.IGNORECASE)
        if not received.startswith(f"HTTP/1.1 {status} ".encode()) or length is None:
            raise LoadError(f"the first answer was {received[:30]!r}")
        end = received.index(b"\r\n\r\n") + 4 + int(length[1])
        while len(received) < end:
            received += _more(connection)
    return received


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(65_536)
    if not chunk:
        raise LoadError("a connection ended before its answer")
    return chunk
