"""The mock on a port beside servers that do less: requests a second, waiting, processor time, memory, start.

All run on one processor, the load on another. A peer is measured in pairs of turns, ours and its, one after
the other, whose order changes from round to round; whoever has no turn is halted. Processor time is the
server's own for a request: it hardly depends on what else runs on the machine, where requests a second do.
"""

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Sequence

from contract_tests.bench.novapost.servers import OURS, PEERS
from contract_tests.bench.tools import process
from contract_tests.bench.tools.load import CONNECTIONS, Measured, generator, load
from contract_tests.bench.tools.peers import fetch_wrk
from contract_tests.bench.tools.serving import Running, Server, answered, cpu_seconds, megabytes, started
from contract_tests.bench.values import Cell, Figure, Missing, Ratio, Section, Setting, Step, figure, ratio
from scripts.lib.paths import ROOT

GOALS = {"Prism": 10.0, "WireMock": 3.0, "granian, bare RSGI": 0.8}
READY_SECONDS = 0.4
MEMORY_MEGABYTES = 100
IN_PROCESS_MILLISECONDS = 0.1
# wrk counts whole seconds.
_WARM_SECONDS = 1
_LEAST_WARM_TURNS, _WARM_TURNS = 3, 10
_MEMORY_SECONDS = 300
_COLUMNS = ("server", "req/s", "least", "most", "p50 ms", "p99 ms", "CPU µs", "MB", "ready s", "validates")


class Turns:
    """What one server gave in its turns beside another."""

    def __init__(self) -> None:
        self.measured: list[Measured] = []
        self.costs: list[float] = []

    def take(self, running: Running, seconds: int, processor: int | None) -> None:
        """Measure one turn, after a second that does not count: caches are cold after a halt."""
        with running.turn():
            load(running.port, running.server.call, _WARM_SECONDS, processor)
            before = cpu_seconds(running.process)
            measured = load(running.port, running.server.call, seconds, processor)
            self.costs.append((cpu_seconds(running.process) - before) / measured.requests * 1e6)
        self.measured.append(measured)


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Raises:
        Missing: our own mock does not run.
    """
    seconds = 1 if setting.quick else 3
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    server, client = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
    rows: list[tuple[Cell, ...]] = []
    ratios: list[Ratio] = []
    missing: list[tuple[str, str]] = []
    try:
        fetch_wrk()
    except Missing as reason:
        missing.append(("wrk", f"{reason}; so the load is that of a slower loop of our own"))
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(started(OURS, server))
        ours.halt()
        everything = Turns()
        for name, prepare in PEERS.items():
            try:
                step(f"{name}: installing and starting")
                with started(prepare(), server) as theirs:
                    validates = answered(theirs.port, theirs.server.wrong) // 100 == 4
                    theirs.halt()
                    one, other = _pairs(ours, theirs, setting.rounds, seconds, client, step)
                    everything.measured += one.measured
                    everything.costs += one.costs
                    rows.append(_row(theirs, other, validates))
                    ratios += _ratios(theirs.server, one, other)
            except Missing as reason:
                missing.append((name, str(reason)))
        if not everything.measured:
            everything.take(ours, seconds, client)
        rows.insert(0, _row(ours, everything, True))
    pinned = "servers on one processor, the load on another" if client is not None else "nothing pinned"
    notes = (
        (
            f"load by {generator()}, {CONNECTIONS} connections that stay, {seconds} s a turn after "
            f"{_WARM_SECONDS} s that do not count; {pinned}"
        ),
        "a server without a turn is halted (SIGSTOP) and disturbs nobody; ours and theirs alternate",
    )
    figures = _figures(setting, client, step)
    return Section("mock", "Mock", _COLUMNS, tuple(rows), tuple(ratios), figures, (), notes, tuple(missing))


def _pairs(
    ours: Running, theirs: Running, rounds: int, seconds: int, processor: int | None, step: Step
) -> tuple[Turns, Turns]:
    one, other = Turns(), Turns()
    step(f"{theirs.server.name}: warming up")
    warm(theirs, seconds, processor)
    for number in range(rounds):
        step(f"{theirs.server.name}: round {number + 1} of {rounds}")
        order = [(one, ours), (other, theirs)]
        for turns, running in order if number % 2 == 0 else reversed(order):
            turns.take(running, seconds, processor)
    return one, other


def warm(running: Running, seconds: int, processor: int | None) -> None:
    """Put load on until it gets no quicker: a JVM compiles what it runs often.

    Four turns at least, ten at most; the figures of a server that is still getting quicker then are too low.
    """
    best = 0.0
    with running.turn():
        for number in range(_WARM_TURNS):
            rate = load(running.port, running.server.call, seconds, processor).rate
            if number >= _LEAST_WARM_TURNS and rate < best * 1.1:
                return
            best = max(best, rate)


def _row(running: Running, turns: Turns, validates: bool) -> tuple[Cell, ...]:
    rates = [each.rate for each in turns.measured]
    return (
        running.server.name,
        statistics.median(rates),
        min(rates),
        max(rates),
        statistics.median(each.p50 for each in turns.measured),
        statistics.median(each.p99 for each in turns.measured),
        statistics.median(turns.costs),
        megabytes(running.process),
        running.ready,
        "yes" if validates else "no",
    )


def _ratios(server: Server, one: Turns, other: Turns) -> list[Ratio]:
    pairs = list(zip(one.measured, other.measured, strict=True))
    rates = [(a.rate, b.rate) for a, b in pairs]
    found = [
        ratio(
            "requests a second",
            server.name,
            rates,
            unit="req/s",
            better="higher",
            goal=GOALS.get(server.name),
        ),
        ratio("p50", server.name, [(a.p50, b.p50) for a, b in pairs], unit="ms", better="lower"),
        ratio("p99", server.name, [(a.p99, b.p99) for a, b in pairs], unit="ms", better="lower"),
    ]
    if server.name == "Prism":
        late = [(a.p99, b.p50) for a, b in pairs]
        found.append(ratio("our p99 to their p50", server.name, late, unit="ms", better="lower", goal=1.0))
    if all(other.costs):
        costs = list(zip(one.costs, other.costs, strict=True))
        found.append(ratio("processor time of a request", server.name, costs, unit="µs", better="lower"))
    return found


def _figures(setting: Setting, client: int | None, step: Step) -> tuple[Figure, ...]:
    ready = []
    for _ in range(setting.rounds):
        step("starting the mock")
        with started(OURS) as running:
            ready.append(running.ready)
    step("in process")
    ours, bare = in_process(3 if setting.quick else 30)
    more = [a - b for a, b in zip(ours, bare, strict=True)]
    return (
        figure("ready", ready, unit="s", better="lower", goal=READY_SECONDS),
        memory(10_000 if setting.quick else 1_000_000, client, step),
        figure("in process, more than httpx.MockTransport", more, unit="ms a call", better="lower",
               goal=IN_PROCESS_MILLISECONDS),
    )  # fmt: skip


def memory(requests: int, processor: int | None, step: Step) -> Figure:
    """Return the mock's memory after so many requests; without a goal if the requests take too long."""
    with started(OURS) as running:
        sent, begun = 0, time.monotonic()
        while sent < requests and time.monotonic() - begun < _MEMORY_SECONDS:
            sent += load(
                running.port, running.server.call, 1 if requests < 100_000 else 5, processor
            ).requests
            step(f"memory: {sent:,} of {requests:,} requests")
        after = megabytes(running.process)
    if sent < requests:
        name = f"memory after {sent:,} requests, as many as {_MEMORY_SECONDS} s gave"
        return figure(name, [after], unit="MB", better="lower")
    name = f"memory after {requests:,} requests"
    return figure(name, [after], unit="MB", better="lower", goal=MEMORY_MEGABYTES)


def in_process(rounds: int) -> tuple[Sequence[float], Sequence[float]]:
    """Return the milliseconds of a call through the mock's transport and through a fixed answer."""
    program = (sys.executable, "-m", "contract_tests.bench.novapost.mock_calls", str(rounds))
    done = process.run(program, folder=ROOT, seconds=300)
    rows = [tuple(map(float, line.split())) for line in done.output.splitlines()]
    return [row[0] for row in rows], [row[1] for row in rows]
