"""What a benchmark gives: plain values, which sections make and reports show."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower"]
Cell = str | float | int | None
# Says what is under way; whoever listens decides whether to show it.
Step = Callable[[str], None]


class Missing(Exception):
    """A section or a peer cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Setting:
    """How much to measure.

    Attributes:
        rounds: pairs of turns, ours and theirs, of each ratio.
        quick: little of everything, to see that it runs; such figures are no figures.
        seed: of whatever is made up.
    """

    rounds: int = 5
    quick: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Ratio:
    """Ours over theirs, formed in each round from two turns that followed each other.

    Attributes:
        name: what was measured.
        peer: whom beside.
        unit: of `ours` and `theirs`.
        ours: median of our turns.
        theirs: median of theirs.
        median: of the rounds' ratios, which is not the ratio of the medians.
        least: the smallest of them.
        most: the largest of them.
        rounds: each of them, in the order in which they came.
        better: whether a higher ratio or a lower one is good for us.
        goal: where the ratio should be at least or at most; None for no goal.
    """

    name: str
    peer: str
    unit: str
    ours: float
    theirs: float
    median: float
    least: float
    most: float
    rounds: tuple[float, ...]
    better: Better
    goal: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is; None without one."""
        return reached(self.median, self.better, self.goal)


def ratio(
    name: str,
    peer: str,
    pairs: Sequence[tuple[float, float]],
    *,
    unit: str,
    better: Better,
    goal: float | None = None,
) -> Ratio:
    """Return the ratio of alternating turns.

    Args:
        name: what was measured.
        peer: whom beside.
        pairs: for each round what our turn gave, and theirs.
        unit: of both.
        better: whether a higher ratio or a lower one is good for us.
        goal: where it should be.

    Raises:
        Missing: there is no round, or theirs gave nothing that can be divided by.
    """
    if not pairs or any(theirs <= 0 for _, theirs in pairs):
        raise Missing(f"{name} beside {peer}: nothing was measured")
    rounds = tuple(ours / theirs for ours, theirs in pairs)
    return Ratio(
        name,
        peer,
        unit,
        statistics.median(ours for ours, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(rounds),
        min(rounds),
        max(rounds),
        rounds,
        better,
        goal,
    )


@dataclass(frozen=True)
class Figure:
    """One of ours that has a goal and no peer.

    Attributes:
        name: what it is.
        unit: of all numbers.
        median: of what was measured.
        least: the smallest.
        most: the largest.
        better: whether higher or lower is good.
        goal: where it should be; None for no goal.
    """

    name: str
    unit: str
    median: float
    least: float
    most: float
    better: Better
    goal: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is; None without one."""
        return reached(self.median, self.better, self.goal)


def figure(
    name: str, measured: Sequence[float], *, unit: str, better: Better, goal: float | None = None
) -> Figure:
    """Return a figure of what was measured.

    Raises:
        Missing: nothing was.
    """
    if not measured:
        raise Missing(f"{name}: nothing was measured")
    return Figure(name, unit, statistics.median(measured), min(measured), max(measured), better, goal)


def reached(value: float, better: Better, goal: float | None) -> bool | None:
    """Tell whether a value meets its goal; None if it has no goal."""
    if goal is None:
        return None
    return value >= goal if better == "higher" else value <= goal


@dataclass(frozen=True)
class Curve:
    """How something grows.

    Attributes:
        name: what grows, and whose it is.
        by: with what, as in "operations".
        unit: of what grows.
        points: size and value, by size.
        exponent: of the power of the size that fits best, see `exponent`; None where it was not fitted.
    """

    name: str
    by: str
    unit: str
    points: tuple[tuple[float, float], ...]
    exponent: float | None = None


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the straight line through the logarithms of both, by least squares.

    Raises:
        Missing: fewer than two sizes, or a number that has no logarithm.
    """
    if len({size for size, _ in points}) < 2 or any(size <= 0 or value <= 0 for size, value in points):
        raise Missing("an exponent needs two sizes at least, and positive numbers")
    fitted = statistics.linear_regression(
        [math.log(size) for size, _ in points], [math.log(value) for _, value in points]
    )
    return fitted.slope


@dataclass(frozen=True)
class Section:
    """What one section of the benchmark gave.

    Attributes:
        name: by which it is asked for.
        title: for people.
        columns: heads of the table.
        rows: its cells; None for what was not measured.
        ratios: ours beside peers.
        figures: ours alone, with goals.
        curves: how things grow.
        notes: how it was measured, and what disturbs it.
        missing: what could not be measured, each with the reason: a peer, or the section itself.
    """

    name: str
    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    ratios: tuple[Ratio, ...] = ()
    figures: tuple[Figure, ...] = ()
    curves: tuple[Curve, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
