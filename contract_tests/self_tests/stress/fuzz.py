"""A million mixed requests on the mock's socket: valid ones, broken ones, and bytes that are none.

    python -m contract_tests.self_tests.stress.fuzz [--requests 1000000] [--seconds 3600] [--seed 1]

A finding is a 5xx that was not asked for, a valid request without an answer, an error that repeats a phone
or a key, anything like a traceback, a mock that stops, writes to stderr, or does not end with 0, and memory
above the bound. Everything stays on the loopback address of a mock that the campaign starts itself.

Exit codes: 0 no finding, 1 findings, 2 it could not run.
"""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.self_tests.stress.fuzz_requests import Case, Mixture
from scripts.lib.progress import Progress

CLIENTS = 4
BATCH = 24
ANSWER_SECONDS = 20
MAX_MEGABYTES = 100
MAX_TOLD = 20
_STATUS = re.compile(rb"HTTP/1\.1 ([1-5][0-9]{2}) [^\r\n]*\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)\r\n", re.IGNORECASE)
_NO_LENGTH = (204, 304)
_KEY = re.compile(rb'"apiKey": ?"([0-9a-f]{16,})"')
_TRACES = (b"Traceback", b'File "', b'.py", line')


@dataclass
class Report:
    """What came of it.

    Attributes:
        requests: how many were sent.
        statuses: the answers by status.
        findings: how often each kind was seen.
        examples: the first few of them with what was sent, to be read by a person.
    """

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def found(self, what: str, sent: bytes) -> None:
        """Note a finding with the request, or the end of several, that brought it."""
        with self._lock:
            self.findings[what] += 1
            if len(self.examples) < MAX_TOLD:
                self.examples.append(f"{what}: {sent[-400:]!a}")

    def count(self, requests: int, statuses: Sequence[int]) -> None:
        """Note what was sent and answered."""
        with self._lock:
            self.requests += requests
            self.statuses.update(statuses)


@dataclass(frozen=True)
class Answer:
    """One answer as it came."""

    status: int
    content: bytes


def answers(received: bytes, without_body: Sequence[bool] = ()) -> tuple[list[Answer], bytes]:
    """Split what came into answers; return them and what is left.

    Args:
        received: the bytes.
        without_body: for each answer in order, whether it has no body whatever its length says.
    """
    found: list[Answer] = []
    while status := _STATUS.match(received):
        end = received.find(b"\r\n\r\n")
        if end < 0:
            break
        number = int(status[1])
        length = _LENGTH.search(received, 0, end + 2)
        bodiless = number < 200 or number in _NO_LENGTH or without_body[len(found) : len(found) + 1] == [True]
        size = 0 if bodiless or length is None else int(length[1])
        if len(received) < end + 4 + size:
            break
        if number >= 200:
            found.append(Answer(number, received[: end + 4 + size]))
        received = received[end + 4 + size :]
    return found, received


def judge(report: Report, case: Case, answer: Answer) -> None:
    """Hold one answer against what was sent."""
    if answer.status >= 500 and answer.status not in case.asked:
        report.found(f"{answer.status} that was not asked for", case.content)
    if answer.status >= 400 and any(secret in answer.content for secret in case.secrets):
        report.found("an error that repeats what was sent", case.content)
    if any(trace in answer.content for trace in _TRACES):
        report.found("a traceback", case.content)


class Client:
    """Sends one share of the requests, one connection after the other."""

    def __init__(self, address: tuple[str, int], seed: int, report: Report) -> None:
        self._address = address
        self._mixture = Mixture(seed)
        self._dice = Mixture(seed + 1_000_000)._random
        self._report = report
        self._connection: socket.socket | None = None

    def run(self, requests: int, end: float) -> None:
        """Send so many requests, unless the time ends before; whatever breaks is a finding."""
        sent = 0
        try:
            while sent < requests and time.monotonic() < end:
                if self._dice.random() < 0.12:
                    draw = self._mixture.raw if self._dice.random() < 0.3 else self._mixture.broken
                    self._send_odd(draw())
                    sent += 1
                else:
                    batch = [self._mixture.valid() for _ in range(self._dice.randrange(1, BATCH))]
                    self._send_valid(batch)
                    sent += len(batch)
        except ConnectionRefusedError:
            self._report.found("nobody listens any more", b"")
        finally:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _send_valid(self, batch: list[Case]) -> None:
        """Send requests in a row on the connection that is kept, and wait for all answers."""
        if self._connection is None:
            self._connection = socket.create_connection(self._address, timeout=ANSWER_SECONDS)
        content = b"".join(case.content for case in batch)
        without_body = [case.has_no_body for case in batch]
        received, got = b"", list[Answer]()
        try:
            self._connection.sendall(content)
            while len(got) < len(batch):
                chunk = self._connection.recv(262_144)
                if not chunk:
                    break
                more, received = answers(received + chunk, without_body[len(got) :])
                got += more
        except (TimeoutError, ConnectionResetError, BrokenPipeError) as error:
            self._report.found(f"a valid request without an answer: {type(error).__name__}", content)
        else:
            if len(got) < len(batch):
                self._report.found("a valid request without an answer: the connection ended", content)
        if len(got) < len(batch) or received:
            self._close()
        if received:
            self._report.found("more than the answers", content)
        self._report.count(len(batch), [answer.status for answer in got])
        for case, answer in zip(batch, got, strict=False):
            judge(self._report, case, answer)
            if key := _KEY.search(answer.content):
                self._mixture.key = key[1]

    def _send_odd(self, case: Case) -> None:
        """Send on a connection of its own, say that no more comes, and read to the end."""
        received = b""
        with socket.create_connection(self._address, timeout=ANSWER_SECONDS) as connection:
            try:
                connection.sendall(case.content)
                connection.shutdown(socket.SHUT_WR)
                while chunk := connection.recv(65_536):
                    received += chunk
            except TimeoutError:
                self._report.found("a connection that does not end", case.content)
            except OSError:
                pass  # whoever sends rubbish may be cut off
        # A mutation may have made a HEAD; what comes after its headers is then the next answer, or none.
        without_body = [case.content.lstrip().startswith(b"HEAD ")] * 50
        got, _ = answers(received, without_body)
        self._report.count(1, [answer.status for answer in got])
        for answer in got:
            judge(self._report, case, answer)


def attack(
    address: tuple[str, int],
    requests: int,
    seconds: float,
    seed: int = 1,
    tell: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Send so many requests from several threads, for no longer than so many seconds.

    Args:
        tell: called every second with the counts so far.
    """
    report, end = Report(), time.monotonic() + seconds
    share = -(-requests // CLIENTS)
    clients = [Client(address, seed * CLIENTS + number, report) for number in range(CLIENTS)]
    threads = [threading.Thread(target=client.run, args=(share, end)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(1.0)
            tell(report)
    return report


def megabytes(process: int) -> float | None:
    """Return the memory of a process that is resident, or None where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return None if found is None else int(found[1]) / 1024


def start() -> tuple[subprocess.Popen[str], tuple[str, int]]:
    """Start a mock on a free port of the loopback address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "novapost_mock", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NOVAPOST_MOCK_CONTROL_TOKEN": ""},
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
    if found is None:
        process.kill()
        raise OSError("the mock did not start")
    return process, ("127.0.0.1", int(found[1]))


def campaign(requests: int, seconds: float, seed: int, say: Callable[[str], None]) -> Report:
    """Start a mock, attack it, end it, and print the result; `say` is called with the progress."""

    def telling(before: int) -> Callable[[Report], None]:
        def tell(report: Report) -> None:
            found = report.findings.total()
            say(f"{before + report.requests:,} of {requests:,} requests, findings: {found}")

        return tell

    process, address = start()
    try:
        # The first part fills what is bounded, such as the memory of heads; growth after it would be a leak.
        report = attack(address, requests // 20, seconds, seed, telling(0))
        before = megabytes(process.pid)
        begun = time.monotonic()
        rest = attack(address, requests - report.requests, seconds, seed + 1, telling(report.requests))
        took = time.monotonic() - begun
        after = megabytes(process.pid)
        held = process.poll() is None
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=ANSWER_SECONDS)
    finally:
        process.kill()
        process.communicate()
    rest.requests += report.requests
    rest.statuses.update(report.statuses)
    rest.findings.update(report.findings)
    rest.examples[:0] = report.examples
    if not held or process.returncode != 0:
        rest.found(f"the mock stopped, or ended with {process.returncode}", b"")
    if out or err:
        rest.found("the mock wrote something", (out + err).encode()[:400])
    if after is not None and after > MAX_MEGABYTES:
        rest.found(f"{after:.0f} MB of memory", b"")
    memory = "not known" if before is None or after is None else f"{before:.1f} MB, then {after:.1f} MB"
    print(f"{rest.requests} requests in {took:.0f} s, seed {seed}; memory {memory}")
    print("answers: " + ", ".join(f"{status}: {count}" for status, count in sorted(rest.statuses.items())))
    return rest


def main(argv: Sequence[str] | None = None) -> int:
    """Send the requests and report the result."""
    parser = argparse.ArgumentParser(prog="fuzz_mock", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(argv)
    try:
        with Progress(every_seconds=10.0) as progress:
            report = campaign(arguments.requests, arguments.seconds, arguments.seed, progress.step)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for what, count in report.findings.most_common():
        print(f"FOUND {count} times: {what}")
    for example in report.examples:
        print(f"  {example}")
    if not report.findings:
        print("no findings")
    return 1 if report.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
