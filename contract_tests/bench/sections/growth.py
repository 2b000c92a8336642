"""How the cost of a command grows with its document, beside another command on the same documents."""

import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract_tests.bench.tools import process
from contract_tests.bench.values import (
    Cell,
    Curve,
    Figure,
    Missing,
    Ratio,
    Setting,
    Step,
    exponent,
    figure,
    ratio,
)

SIZES = (1, 10, 100, 1000)
# Below, what grows is hidden by what is always there.
FITTED_FROM = 10
EXPONENT_GOAL = 1.15
COLUMNS = ("operations", "KB", "command", "CPU s", "least", "most", "s", "MB")
# For 1,000 operations on a machine that is busy.
LIMIT_SECONDS = 3600


@dataclass(frozen=True)
class Command:
    """A command to be measured.

    Attributes:
        name: for people.
        run: runs it once on the files in a folder (`old.json`, `new.json`) and gives what it cost.
    """

    name: str
    run: Callable[[Path], process.Cost]


@dataclass
class Grown:
    """What came of it.

    Attributes:
        rows: of the columns `COLUMNS`.
        ratios: of processor time and of memory, by size.
        curves: of both commands.
        figures: our exponent.
        missing: the other command and why it was not measured.
    """

    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)


def grow(
    ours: Command,
    theirs: Command,
    prepare: Callable[[int, Path], None],
    setting: Setting,
    step: Step,
    *,
    goal: float | None,
) -> Grown:
    """Measure two commands in turns on documents of each size.

    Args:
        ours: whose exponent has a goal.
        theirs: left out from the first size on that it cannot do.
        prepare: writes the files for so many operations into a folder.
        setting: how much; a thousand operations are measured once, for they take minutes.
        step: told what is under way.
        goal: of the ratio of processor time at the larger sizes.

    Raises:
        Missing: ours failed.
    """
    grown, there = Grown(), True
    costs: dict[str, list[tuple[int, process.Cost]]] = {ours.name: [], theirs.name: []}
    for size in SIZES[:2] if setting.quick else SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            prepare(size, folder)
            kilobytes = (folder / "old.json").stat().st_size / 1000
            pairs: list[tuple[process.Cost, process.Cost]] = []
            alone: list[process.Cost] = []
            for number in range(rounds_of(size, setting)):
                turn = [ours, theirs] if number % 2 == 0 else [theirs, ours]
                got: dict[str, process.Cost] = {}
                for command in turn if there else [ours]:
                    step(f"{size:,} operations, {command.name}, round {number + 1}")
                    try:
                        got[command.name] = command.run(folder)
                    except Missing as reason:
                        if command is ours:
                            raise
                        there = False
                        grown.missing.append((theirs.name, f"at {size:,} operations: {reason}"))
                alone.append(got[ours.name])
                if theirs.name in got:
                    pairs.append((got[ours.name], got[theirs.name]))
        measured = {ours: alone, theirs: [other for _, other in pairs]}
        for command, runs in measured.items():
            if runs:
                grown.rows.append(_row(size, kilobytes, command.name, runs))
                costs[command.name] += [(size, cost) for cost in runs]
        if pairs:
            aim = goal if size >= 100 else None
            grown.ratios += _ratios(size, theirs.name, pairs, aim)
    for name, all_runs in costs.items():
        if all_runs:
            grown.curves += _curves(name, all_runs)
    power = grown.curves[0].exponent
    if power is not None:
        grown.figures.append(
            figure(f"exponent of {ours.name}", [power], unit="", better="lower", goal=EXPONENT_GOAL)
        )
    return grown


def rounds_of(size: int, setting: Setting) -> int:
    """Return how often a size is measured."""
    return 1 if size >= 1000 else min(setting.rounds, 3) if size >= 100 else setting.rounds


def _row(size: int, kilobytes: float, name: str, runs: Sequence[process.Cost]) -> tuple[Cell, ...]:
    cpu = [run.cpu for run in runs]
    wall, memory = (run.wall for run in runs), (run.megabytes for run in runs)
    return (size, kilobytes, name, statistics.median(cpu), min(cpu), max(cpu), statistics.median(wall),
            statistics.median(memory))  # fmt: skip


def _ratios(
    size: int, peer: str, pairs: Sequence[tuple[process.Cost, process.Cost]], goal: float | None
) -> list[Ratio]:
    cpu = [(a.cpu, b.cpu) for a, b in pairs]
    memory = [(a.megabytes, b.megabytes) for a, b in pairs]
    return [
        ratio(f"processor time, {size:,} operations", peer, cpu, unit="CPU s", better="lower", goal=goal),
        ratio(f"memory, {size:,} operations", peer, memory, unit="MB", better="lower"),
    ]


def _curves(name: str, runs: Sequence[tuple[int, process.Cost]]) -> list[Curve]:
    sizes = sorted({size for size, _ in runs})
    made = []
    for what, unit in (("cpu", "CPU s"), ("megabytes", "MB")):
        points = tuple(
            (size, statistics.median(getattr(cost, what) for other, cost in runs if other == size))
            for size in sizes
        )
        fitted = [point for point in points if point[0] >= FITTED_FROM]
        power = exponent(fitted) if len(fitted) > 1 else None
        made.append(Curve(name, "operations", unit, points, power))
    return made
