"""Where the marks of a chart lie: ratios on a scale on which twice and half are equally far from one."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WIDTH = 760
HEIGHT = 276
LEFT, FOOT = 60, 240
"""Where the axes of a curve lie."""

_MARGIN = 10
_MOST_TICKS = 10
_MOST_STEPS = 5
# Two curves of one chart differ by more than colour.
_DASHES = ("none", "6 4", "2 3")


@dataclass(frozen=True)
class RatioMark:
    """One ratio: its words, and the places of what is drawn."""

    words: str
    kind: str
    verdict: str
    median: float
    least: float
    most: float
    goal: float | None


@dataclass(frozen=True)
class RatioChart:
    """All ratios of a section; `one` is the place of "as much as theirs", ticks are words and places."""

    one: float
    marks: list[RatioMark]
    ticks: list[tuple[str, float]]


def ratios(rows: Iterable[Mapping[str, Any]]) -> RatioChart | None:
    """Return the chart of some ratios; None if none of them has a place on it."""
    shown = [row for row in rows if row["least"] > 0]
    if not shown:
        return None
    ends = [1.0, *(row[name] for row in shown for name in ("least", "most", "goal") if row[name])]
    place = _scale(min(ends), max(ends), _MARGIN, WIDTH - _MARGIN)
    marks = [
        RatioMark(
            f"{row['name']}, beside {row['peer']}: {short(row['median'])} times "
            f"({short(row['least'])} to {short(row['most'])})",
            *_verdict(row),
            place(row["median"]),
            place(row["least"]),
            place(row["most"]),
            place(row["goal"]) if row["goal"] else None,
        )
        for row in shown
    ]
    return RatioChart(
        place(1.0), marks, [(short(each), place(each)) for each in _powers(min(ends), max(ends))]
    )


def _powers(least: float, most: float) -> list[float]:
    """Return powers of two from least to most, few enough to be read beside each other."""
    low, high = math.ceil(math.log2(least)), math.floor(math.log2(most))
    step = max(1, math.ceil((high - low) / _MOST_TICKS))
    return [2.0**each for each in range(low, high + 1) if each % step == 0]


def steps(most: float) -> list[tuple[str, float]]:
    """Return the ticks of an axis from nothing to the most: words, and shares of the axis."""
    size = 10.0 ** math.floor(math.log10(most))
    step = next(each for each in (size / 2, size, size * 2, size * 5) if most / each < _MOST_STEPS)
    step = max(1.0, step)
    return [(short(round(n * step)), n * step / most) for n in range(int(most / step) + 1)]


def _verdict(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["goal"] is None:
        return "plain", f"{row['better']} is better"
    sign = "at least" if row["better"] == "higher" else "at most"
    goal = f"goal {sign} {short(row['goal'])}"
    return ("good", f"{goal}: reached") if row["reached"] else ("bad", f"{goal}: not reached")


@dataclass(frozen=True)
class CurveMark:
    """One curve: its words, the places of its points, and how its line is dashed."""

    words: str
    points: list[tuple[float, float]]
    dash: str

    @property
    def line(self) -> str:
        """The points as a polyline has them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@dataclass(frozen=True)
class CurveChart:
    """Curves of one unit, both axes logarithmic; ticks are words and places."""

    unit: str
    by: str
    curves: list[CurveMark]
    across: list[tuple[str, float]]
    up: list[tuple[str, float]]


def curves(rows: Iterable[Mapping[str, Any]]) -> list[CurveChart]:
    """Return a chart for each unit."""
    units: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if len(row["points"]) > 1 and all(x > 0 and y > 0 for x, y in row["points"]):
            units.setdefault(row["unit"], []).append(row)
    return [_curve_chart(unit, rows) for unit, rows in units.items()]


def _curve_chart(unit: str, rows: list[Mapping[str, Any]]) -> CurveChart:
    points = [point for row in rows for point in row["points"]]
    sizes, values = [x for x, _ in points], [y for _, y in points]
    across = _scale(min(sizes), max(sizes), LEFT + 20, WIDTH - 40)
    up = _scale(min(values), max(values), FOOT - 20, 24)
    marks = [
        CurveMark(
            f"{row['name']}: "
            + ", ".join(f"{short(y)} {unit} at {short(x)}" for x, y in row["points"])
            + ("" if row["exponent"] is None else f"; exponent {row['exponent']:.2f}"),
            [(across(x), up(y)) for x, y in row["points"]],
            _DASHES[number % len(_DASHES)],
        )
        for number, row in enumerate(rows)
    ]
    return CurveChart(
        unit,
        rows[0]["by"],
        marks,
        [(short(size), across(size)) for size in sorted(set(sizes))],
        [(short(value), up(value)) for value in (min(values), max(values))],
    )


def _scale(least: float, most: float, start: float, end: float) -> Callable[[float], float]:
    span = math.log(most / least) or 1.0
    return lambda value: start + (end - start) * math.log(value / least) / span


def short(value: object) -> str:
    """Return a number with three significant digits, a text as it is, and nothing for None."""
    if value is None:
        return ""
    if not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
