"""The mock on large documents: ready how soon, in how much memory, and how quick beside Prism.

The floor of a start is a program that reads the document and compiles the schemas of its operations, and does
nothing else (`programs/reading.py`). From our start that of the mock without a document is taken off, for
both are there before the document is looked at. All is processor time.
"""

import json
import os
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from contract_tests.bench.novapost.servers import OURS
from contract_tests.bench.sections.mock import Turns, warm
from contract_tests.bench.tools import process
from contract_tests.bench.tools.documents import document
from contract_tests.bench.tools.load import Call
from contract_tests.bench.tools.peers import fetch_wrk, npm, program
from contract_tests.bench.tools.serving import Running, Server, started
from contract_tests.bench.tools.starting import start
from contract_tests.bench.values import Cell, Curve, Missing, Ratio, Section, Setting, Step, exponent, ratio
from scripts.lib.paths import ROOT

SIZES = (43, 200, 1000)
# With more operations Prism answers most calls later than a turn ends.
ASKED_SIZE = 43
READY_GOAL, MEMORY_GOAL, PRISM_GOAL = 1.5, 2.0, 10.0
_COLUMNS = ("operations", "form", "read s", "compile s", "ready s", "parsed MB", "validators MB", "mock MB")
_KEY = (("X-Api-Key", "0123456789"),)
_NEW = json.dumps({"sender": {"name": "Olena", "telephone": "498213437654"}}).encode()
_IDENT = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Raises:
        Missing: our own mock does not start.
    """
    rows: list[tuple[Cell, ...]] = []
    ratios: list[Ratio] = []
    curves: list[Curve] = []
    missing: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for form in ("json", "yaml"):
            points: list[tuple[float, float]] = []
            for size in SIZES:
                path = _written(folder, size, form, setting.seed)
                row, found = _start(path, size, form, setting, step)
                rows.append(row)
                ratios += found
                points.append((size, found[0].ours))
            curves.append(Curve(f"ready, {form}", "operations", "CPU s", tuple(points), exponent(points[1:])))
        try:
            found, left = _beside_prism(folder / f"{ASKED_SIZE}.json", setting, step)
            ratios += found
            missing += left
        except Missing as reason:
            missing.append(("Prism", str(reason)))
    notes = (
        f"documents of bench/tools/documents.py, seed {setting.seed}; exponents from {SIZES[1]} on",
        "read and compile: programs/reading.py; ready and mock: what --spec adds to the mock without it",
        f"requests a second: the document with {ASKED_SIZE} operations as JSON, on one processor each",
    )
    return Section("large", "Large documents", _COLUMNS, tuple(rows), tuple(ratios), (), tuple(curves), notes,
                   tuple(missing))  # fmt: skip


def _written(folder: Path, size: int, form: str, seed: int) -> Path:
    path = folder / f"{size}.{form}"
    text = json.dumps(document(size, seed), indent=1)
    if form == "yaml":
        # Through JSON, so that equal parts are written out and not as aliases.
        text = yaml.dump(json.loads(text), sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def _start(
    path: Path, size: int, form: str, setting: Setting, step: Step
) -> tuple[tuple[Cell, ...], list[Ratio]]:
    floors: list[list[float]] = []
    times: list[tuple[float, float]] = []
    sizes: list[tuple[float, float]] = []
    reading = (sys.executable, "-m", "contract_tests.bench.programs.reading", path)
    for number in range(setting.rounds):
        step(f"{size:,} operations, {form}, round {number + 1} of {setting.rounds}")
        floor = [float(each) for each in process.run(reading, folder=ROOT, seconds=600).output.split()]
        with_it, without = start(("--spec", str(path))), start(())
        floors.append(floor)
        times.append((with_it.cpu - without.cpu, floor[0] + floor[1]))
        sizes.append((with_it.megabytes - without.megabytes, floor[2]))
    read, took, parsed, validators, _ = (statistics.median(column) for column in zip(*floors, strict=True))
    ready, used = (statistics.median(one for one, _ in pairs) for pairs in (times, sizes))
    name = f"{size:,} operations, {form}"
    ratios = [
        ratio(
            f"ready, {name}", "reading and compiling", times, unit="CPU s", better="lower", goal=READY_GOAL
        ),
        ratio(f"memory, {name}", "parsed document", sizes, unit="MB", better="lower", goal=MEMORY_GOAL),
    ]
    return (size, form, read, took, ready, parsed, validators, used), ratios


def _beside_prism(path: Path, setting: Setting, step: Step) -> tuple[list[Ratio], list[tuple[str, str]]]:
    fetch_wrk()
    seconds = 1 if setting.quick else 3
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    server, client = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
    calls = _calls(json.loads(path.read_bytes()))
    first = next(iter(calls.values()))
    step("Prism: installing and starting")
    prism = npm("prism") / ".bin" / "prism"
    command = (program("node"), str(prism), "mock", "--port", "{port}", "--verboseLevel", "silent", str(path))
    # Prism serves a document without the path of its server.
    bare = replace(first, target=first.target.removeprefix("/v1"))
    with_it = replace(OURS, command=(*OURS.command, "--spec", str(path)), call=first)
    ratios: list[Ratio] = []
    missing: list[tuple[str, str]] = []
    for name, call in calls.items():
        step(f"Prism: {name}")
        # Anew for each call: what it has not answered when a turn ends, it works on in the next ones.
        try:
            with (
                started(Server("Prism", command, bare, bare), server) as theirs,
                started(with_it, server) as ours,
            ):
                ours.halt()
                theirs.halt()
                one, other = _pair(ours, theirs, call, setting.rounds, seconds, client)
        except Missing as reason:
            missing.append((f"Prism, {name}", str(reason)))
            continue
        rates = [(a.rate, b.rate) for a, b in zip(one.measured, other.measured, strict=True)]
        costs = list(zip(one.costs, other.costs, strict=True))
        ratios.append(ratio(name, "Prism", rates, unit="req/s", better="higher", goal=PRISM_GOAL))
        if all(other.costs):
            of_one = f"{name}, processor time of a request"
            ratios.append(ratio(of_one, "Prism", costs, unit="µs", better="lower"))
    return ratios, missing


def _pair(
    ours: Running, theirs: Running, call: Call, rounds: int, seconds: int, client: int | None
) -> tuple[Turns, Turns]:
    one, other = Turns(), Turns()
    bare = replace(call, target=call.target.removeprefix("/v1"))
    asked = [replace(ours, server=replace(ours.server, call=call)),
             replace(theirs, server=replace(theirs.server, call=bare))]  # fmt: skip
    warm(asked[1], seconds, client)
    for number in range(rounds):
        order = list(zip((one, other), asked, strict=True))
        for turns, running in order if number % 2 == 0 else reversed(order):
            turns.take(running, seconds, client)
    return one, other


def _calls(tree: dict[str, Any]) -> dict[str, Call]:
    """Return the calls by name, of the resource in the middle of the document."""
    paths = list(tree["paths"])
    many = next(path for path in paths[len(paths) // 2 :] if not path.endswith("}"))
    one = f"/v1{many}/{_IDENT}"
    return {
        "one thing": Call("GET", one, headers=_KEY),
        "a page": Call("GET", f"/v1{many}?limit=10", headers=_KEY),
        "a new thing": Call("POST", f"/v1{many}", _NEW, _KEY, status=201),
        "a refusal": Call("GET", f"/v1{many}?limit=1000", headers=_KEY, status=400),
        "a generated body": Call("GET", one, headers=(*_KEY, ("Prefer", "dynamic=true"))),
    }
