"""The mock on a port where it has more to do than for one call, beside a bare server that validates as much.

The bare server has neither rules nor state, so each row says what ours cost there. Turns are those of the
section of the mock.
"""

import os
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

from contract_tests.bench.novapost.rows import ROWS, Row
from contract_tests.bench.novapost.servers import granian
from contract_tests.bench.sections.mock import Turns
from contract_tests.bench.tools.load import CONNECTIONS
from contract_tests.bench.tools.peers import fetch_wrk
from contract_tests.bench.tools.serving import started
from contract_tests.bench.values import Cell, Missing, Ratio, Section, Setting, Step, ratio

GOAL = 0.8
_COLUMNS = ("row", "req/s", "bare req/s", "CPU µs", "bare CPU µs")


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Raises:
        Missing: wrk or the bare server cannot be had, or our own mock does not run.
    """
    fetch_wrk()
    seconds = 1 if setting.quick else 3
    rows: list[tuple[Cell, ...]] = []
    ratios: list[Ratio] = []
    missing: list[tuple[str, str]] = []
    for row in ROWS:
        try:
            ours, theirs = _measured(row, setting, seconds, step)
        except Missing as reason:
            missing.append((row.name, str(reason)))
            continue
        turns = (ours, theirs)
        rates, costs = [[each.rate for each in one.measured] for one in turns], [one.costs for one in turns]
        rows.append((row.name, *map(statistics.median, (*rates, *costs))))
        pairs = list(zip(*rates, strict=True))
        ratios.append(ratio(row.name, "bare granian", pairs, unit="req/s", better="higher", goal=GOAL))
        if all(theirs.costs):
            used = list(zip(*costs, strict=True))
            name = f"{row.name}, processor time of a request"
            ratios.append(ratio(name, "bare granian", used, unit="µs", better="lower"))
    notes = (
        f"load by wrk, {CONNECTIONS} connections that stay, {seconds} s a turn; ours and theirs alternate",
        "one worker of each on one processor and the load on another; two workers are not pinned",
        "the bare server validates the same request and always gives the same answer: no rules, no state",
    )
    return Section("mock-rows", "Mock, row by row", _COLUMNS, tuple(rows), tuple(ratios), (), (), notes,
                   tuple(missing))  # fmt: skip


def _measured(row: Row, setting: Setting, seconds: int, step: Step) -> tuple[Turns, Turns]:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    server, client = (cores[0], cores[1]) if len(cores) > 1 and row.workers == 1 else (None, None)
    step(f"{row.name}: starting")
    one, other = Turns(), Turns()
    with (
        tempfile.TemporaryDirectory() as folder,
        started(granian(row.workers), server) as theirs,
        started(row.ours(Path(folder)), server) as ours,
    ):
        row.prepare(ours.port)
        call = row.call(ours.port)
        ours.halt()
        theirs.halt()
        for number in range(setting.rounds):
            step(f"{row.name}: round {number + 1} of {setting.rounds}")
            order = [(one, ours, row.refused), (other, theirs, 200)]
            for turns, running, status in order if number % 2 == 0 else reversed(order):
                if call.script:
                    call = row.call(ours.port)
                asked = replace(call, status=status)
                turns.take(replace(running, server=replace(running.server, call=asked)), seconds, client)
    return one, other
