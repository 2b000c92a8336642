"""What the mock on a port does beside servers that do less: requests a second, waiting, memory, start.

    python -m scripts.bench_mock [--rounds 5] [--seconds 3] [--requests 1000000] [--only NAME ...]

All servers run at once on one processor, the load on another, and each round asks one after the other, so
that what disturbs one disturbs all. Told are the median of the rounds with the smallest and the largest, and
the ratio to the bare granian app. CPU is the server's own time for a request: it hardly depends on what else
runs on the machine, where requests a second do. Prints figures, judges nothing.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.bench_peers import Peer, installed
from scripts.layout import ROOT
from scripts.load import CONNECTIONS, Call, LoadError, Measured, generator, load

PHONE = "498213437654"
BODY = json.dumps({"phone": PHONE}).encode()
OURS = Peer("novapost-mock", (sys.executable, "-m", "novapost_mock", "--port", "{port}"))
STARTS = 5
START_SECONDS = 30
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

_IN_PROCESS = """
import json, statistics, time, httpx
from novapost_mock import Mock, MockTransport
answer = {"apiKey": "0" * 40, "createdAt": "", "expDate": "", "status": "Active"}
bare = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answer)))
ours = httpx.Client(transport=MockTransport(Mock()))
def took(client):
    begun = time.process_time()  # nothing waits here, and what else runs does not count
    for _ in range(200):
        client.post("https://api-stage.novapost.pl/v.1.0/test-api-keys", json={"phone": "498213437654"})
    return (time.process_time() - begun) / 200 * 1e3
rounds = [(took(ours), took(bare)) for _ in range(30)]
print(statistics.median(a for a, _ in rounds), statistics.median(b for _, b in rounds))
"""


@dataclass
class Running:
    """A server that runs, and what was measured of it."""

    peer: Peer
    process: subprocess.Popen[bytes]
    port: int
    call: Call
    name: str
    rounds: list[Measured] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def take_turn(self, seconds: float, processor: int | None) -> None:
        """Measure one round."""
        before = cpu_seconds(self.process.pid)
        measured = load(self.port, self.call, seconds, processor)
        self.rounds.append(measured)
        self.costs.append((cpu_seconds(self.process.pid) - before) / measured.requests * 1e6)


def family(process: int) -> list[int]:
    """A process and its children, theirs included; only itself where the system does not tell."""
    found = [process]
    for each in found:
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text("ascii").split())
    return found


def cpu_seconds(process: int) -> float:
    """Processor time of a process and its children so far; 0 where the system does not tell."""
    total = 0
    for each in family(process):
        with contextlib.suppress(OSError), open(f"/proc/{each}/stat", encoding="utf-8") as told:
            total += sum(map(int, told.read().rpartition(")")[2].split()[11:13]))
    return total / _TICKS


def megabytes(process: int) -> float:
    """Resident memory of a process and its children; 0 where the system does not tell."""
    total = 0
    for each in family(process):
        with contextlib.suppress(OSError), open(f"/proc/{each}/status", encoding="utf-8") as told:
            total += sum(map(int, re.findall(r"VmRSS:\s+(\d+)", told.read())))
    return total / 1024


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextlib.contextmanager
def started(peer: Peer, processor: int | None) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """Start a server; give its process, its port, and the seconds until its first answer."""
    port = free_port()
    command = [part.format(port=port) for part in peer.command]
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT) if peer is not OURS else "",
            "NOVAPOST_MOCK_CONTROL_TOKEN": "",
        },
    )
    if processor is not None:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(process.pid, {processor})
    try:
        while not _answers(port, peer.prefix):
            if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                raise LoadError(f"{peer.name} did not start")
            time.sleep(0.005)
        yield process, port, time.perf_counter() - begun
    finally:
        for each in reversed(family(process.pid)):
            with contextlib.suppress(OSError):
                os.kill(each, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int, prefix: str) -> bool:
    address = f"http://127.0.0.1:{port}{prefix}/test-api-keys"
    request = urllib.request.Request(address, BODY, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def _key(port: int) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v.1.0/test-api-keys", BODY, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return str(json.load(answer)["apiKey"])


def measure(peers: Sequence[Peer], rounds: int, seconds: float, processors: Sequence[int]) -> list[Running]:
    """Measure servers in turns; print why one is left out."""
    server, client = (processors[0], processors[1]) if len(processors) > 1 else (None, None)
    running: list[Running] = []
    with contextlib.ExitStack() as stack:
        for peer in peers:
            try:
                process, port, _ = stack.enter_context(started(peer, server))
            except (LoadError, OSError) as error:
                print(f"{peer.name}: not measured: {error}")
                continue
            asked = Call("POST", f"{peer.prefix}/test-api-keys", BODY)
            running.append(Running(peer, process, port, asked, peer.name))
            if peer is OURS:
                bought = Call("GET", f"{peer.prefix}/clients/authorization?apiKey={_key(port)}")
                running.append(Running(peer, process, port, bought, f"{peer.name}, a token"))
        for _ in range(rounds):
            for each in tuple(running):
                try:
                    each.take_turn(seconds, client)
                except LoadError as error:
                    if each.peer is OURS:
                        raise
                    print(f"{each.name}: left out: {error}")
                    running.remove(each)
        _tell(running)
    return running


def _tell(running: Sequence[Running]) -> None:
    base = next((each for each in running if each.peer.name.startswith("granian")), running[0])
    usual, cost = _middle(base, "rate"), statistics.median(base.costs)
    print(f"{'':23}{'req/s':>7} {'least - most':17}{'ratio':>6}{'CPU µs':>8}{'ratio':>6}", end="")
    print(f"{'p50 ms':>8}{'p99 ms':>8}{'MB':>5}")
    for each in running:
        rates, own = [measured.rate for measured in each.rounds], statistics.median(each.costs)
        spread = f"({min(rates):.0f} - {max(rates):.0f})"
        print(
            f"{each.name:23}{_middle(each, 'rate'):7.0f} {spread:17}{_middle(each, 'rate') / usual:6.2f}"
            f"{own:8.1f}{cost / own if own else 0:6.2f}{_middle(each, 'p50'):8.2f}{_middle(each, 'p99'):8.2f}"
            f"{megabytes(each.process.pid):5.0f}"
        )


def _middle(each: Running, name: str) -> float:
    return float(statistics.median(getattr(measured, name) for measured in each.rounds))


def starts(peers: Sequence[Peer]) -> None:
    """Print how long each server takes until its first answer."""
    for peer in peers:
        took = []
        with contextlib.suppress(LoadError):
            for _ in range(STARTS):
                with started(peer, None) as (_, _, seconds):
                    took.append(seconds)
        if took:
            print(f"{peer.name}: first answer after {statistics.median(took):.2f} s "
                  f"(median of {len(took)}, least {min(took):.2f})")  # fmt: skip


def memory(requests: int, client: int | None) -> None:
    """Print the mock's memory before and after so many requests."""
    with started(OURS, None) as (process, port, _):
        before, sent = megabytes(process.pid), 0
        while sent < requests:
            sent += load(port, Call("POST", "/v.1.0/test-api-keys", BODY), 10, client).requests
        after = megabytes(process.pid)
        print(f"novapost-mock: {before:.1f} MB at the start, {after:.1f} MB after {sent} requests")


def in_process() -> None:
    """Print what a call through the transport costs beside httpx's own transport with a fixed answer."""
    done = subprocess.run(
        [sys.executable, "-c", _IN_PROCESS], check=True, capture_output=True, text=True, cwd=ROOT
    )
    ours, bare = map(float, done.stdout.split())
    print(
        f"in process: {ours:.3f} ms a call, {bare:.3f} ms with httpx.MockTransport: {ours - bare:.3f} ms more"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """The verb."""
    parser = argparse.ArgumentParser(prog="bench_mock", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument(
        "--requests", type=int, default=1_000_000, help="after which memory is looked at; 0 for none"
    )
    parser.add_argument(
        "--only", nargs="*", default=(), metavar="NAME", help="peers by the start of their names"
    )
    arguments = parser.parse_args(argv)
    processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    try:
        peers = installed()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"error: the peers could not be installed into .bench: {error}", file=sys.stderr)
        return 2
    wanted = tuple(name.lower() for name in arguments.only)
    peers = [peer for peer in peers if not wanted or peer.name.lower().startswith(wanted)]
    for peer in peers:
        if peer.missing:
            print(f"{peer.name}: not installed: {peer.missing}")
    peers = [OURS, *(peer for peer in peers if not peer.missing)]
    pinned = "one processor for the servers, another for the load" if len(processors) > 1 else "not pinned"
    print(f"load by {generator()}, {CONNECTIONS} connections, {pinned}; {arguments.rounds} rounds "
          f"of {arguments.seconds:g} s each")  # fmt: skip
    try:
        measure(peers, arguments.rounds, arguments.seconds, processors)
        starts(peers)
        if arguments.requests:
            memory(arguments.requests, processors[1] if len(processors) > 1 else None)
        in_process()
    except (LoadError, OSError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
