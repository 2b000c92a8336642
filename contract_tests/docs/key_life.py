"""Draw the life of a key, `docs/key-life.svg`, from the table in `novapost_mock.keys.lifecycle`.

    python -m contract_tests.docs.key_life [--check]

This module decides only the places of the parts in the picture. The table gives the events and their rules,
and `openapi/rules.toml` says whether a rule is stated or assumed.
"""

import argparse
import math
import sys
import tomllib
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from novapost_mock.keys.lifecycle import LIFE, Action, Event, Life, Situation, Transition
from scripts.lib.paths import ROOT

DRAWING = ROOT / "docs" / "key-life.svg"
RULES = ROOT / "openapi" / "rules.toml"

WIDTH, HEIGHT = 1150, 660
BOX_WIDTH, BOX_HEIGHT = 236, 56


class Point(NamedTuple):
    """A place on the page, in pixels from the upper left."""

    x: float
    y: float


PLACES: Mapping[Situation, Point] = {
    Situation.ABSENT: Point(142, 150),
    Situation.SAME_DAY: Point(530, 150),
    Situation.LATER_DAY: Point(1008, 150),
    Situation.EXPIRED: Point(769, 335),
    Situation.CLEANED: Point(769, 535),
}
"""The middle of each box."""

BENDS: Mapping[tuple[Situation, Situation], float] = {
    (Situation.SAME_DAY, Situation.LATER_DAY): 36,
    (Situation.LATER_DAY, Situation.SAME_DAY): 36,
    (Situation.SAME_DAY, Situation.CLEANED): -72,
    (Situation.CLEANED, Situation.SAME_DAY): 170,
    (Situation.LATER_DAY, Situation.CLEANED): 90,
}
"""How far the middle of an arrow lies to the left of the straight line, seen in its direction."""

_HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" \
role="img" aria-labelledby="title description" \
font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="14">
<!-- Do not edit: drawn by python -m contract_tests.docs.key_life from novapost_mock/keys/lifecycle.py
     and openapi/rules.toml. -->
<title id="title">The life of a sandbox key</title>
"""
_STYLE = """\
<style>
.page { fill: #ffffff; stroke: #d0d7de }
.box { fill: #eef4fb; stroke: #2f5d8a; stroke-width: 1.5 }
.none { fill: #f6f8fa; stroke: #6e7781 }
.line { fill: none; stroke: #444c56; stroke-width: 1.5; marker-end: url(#arrow) }
.assumed { stroke-dasharray: 6 4 }
text { text-anchor: middle; fill: #1f2328; paint-order: stroke; stroke: #ffffff; stroke-width: 5px;
  stroke-linejoin: round }
.box + text { stroke: none; font-weight: 600 }
.event { font-weight: 600 }
.rule { fill: #57606a; font-size: 12px }
.note { text-anchor: start; fill: #57606a }
</style>
<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="#444c56"/></marker></defs>
"""


def draw(life: Life, rules: Mapping[str, Mapping[str, object]]) -> str:
    """Return the drawing as SVG text.

    Args:
        life: the table.
        rules: the tables of `rules.toml` by rule id.
    """
    drawn = {row: to for row, to in life.items() if changes(row, to)}
    lines = [_arrow(row, to, rules[to.rule]["certainty"] == "assumed") for row, to in drawn.items()]
    boxes = [_box(place) for place in PLACES]
    page = f'<rect class="page" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8"/>\n'
    told = "; ".join(sentence(row, to) for row, to in drawn.items())
    description = f'<desc id="description">{escape(told)}.</desc>\n'
    return "".join([_HEAD, description, _STYLE, page, *lines, *boxes, *_notes(), "</svg>\n"])


def changes(row: tuple[Situation, Event], to: Transition) -> bool:
    """Tell whether a row of the table shows in the drawing: whether anything is other than before it."""
    return to.action is not Action.NONE or to.becomes is not row[0]


def sentence(row: tuple[Situation, Event], to: Transition) -> str:
    """Return a row of the table in words."""
    done = "" if to.action is Action.NONE else f", {to.action}"
    return f"{row[0]}, {row[1]}{done}: {to.becomes} ({to.rule})"


def _box(situation: Situation) -> str:
    x, y = PLACES[situation]
    kind = "box" if situation.name in ("SAME_DAY", "LATER_DAY", "EXPIRED") else "box none"
    left, top = x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2
    return (
        f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="10"/>'
        f'<text x="{x:g}" y="{y + 5:g}">{escape(situation)}</text>\n'
    )


def _arrow(row: tuple[Situation, Event], to: Transition, assumed: bool) -> str:
    path, label = _loop(PLACES[row[0]]) if to.becomes is row[0] else _curve(row[0], to.becomes)
    kind = "line assumed" if assumed else "line"
    done = "" if to.action is Action.NONE else f": {to.action}"
    return (
        f'<path class="{kind}" d="{path}"/>'
        f'<text class="event" x="{label.x:.0f}" y="{label.y:.0f}">{escape(row[1] + done)}</text>'
        f'<text class="rule" x="{label.x:.0f}" y="{label.y + 16:.0f}">{escape(to.rule)}</text>\n'
    )


def _curve(start: Situation, end: Situation) -> tuple[str, Point]:
    """Return the path of an arrow and the place of its words: the middle of the arrow."""
    a, b = PLACES[start], PLACES[end]
    length = math.dist(a, b)
    bend = BENDS.get((start, end), 0.0)
    middle = Point(
        (a.x + b.x) / 2 + (b.y - a.y) / length * bend, (a.y + b.y) / 2 - (b.x - a.x) / length * bend
    )
    # The control point of a quadratic curve lies twice as far out as its middle.
    control = Point(2 * middle.x - (a.x + b.x) / 2, 2 * middle.y - (a.y + b.y) / 2)
    first, last = _edge(a, control), _edge(b, control)
    path = f"M{first.x:.1f} {first.y:.1f} Q{control.x:.1f} {control.y:.1f} {last.x:.1f} {last.y:.1f}"
    at = Point(
        (first.x + last.x) / 4 + control.x / 2,
        (first.y + last.y) / 4 + control.y / 2,
    )
    return path, Point(at.x, at.y - 4)


def _edge(centre: Point, towards: Point) -> Point:
    """Return where the line from the middle of a box to a point leaves the box."""
    x, y = towards.x - centre.x, towards.y - centre.y
    scale = min(
        (BOX_WIDTH / 2 + 3) / abs(x) if x else math.inf, (BOX_HEIGHT / 2 + 3) / abs(y) if y else math.inf
    )
    return Point(centre.x + x * scale, centre.y + y * scale)


def _loop(place: Point) -> tuple[str, Point]:
    """Return the path of an arrow that leads back, above its box, and the place of its words."""
    top = place.y - BOX_HEIGHT / 2 - 3
    x, above = place.x, top - 50
    path = f"M{x - 32:g} {top:g} C{x - 50:g} {above:g} {x + 50:g} {above:g} {x + 32:g} {top:g}"
    return path, Point(place.x, top - 62)


def _notes() -> Sequence[str]:
    texts = (
        "In grey: the rule of openapi/rules.toml. Dashed: assumed, our reading of the documents.",
        "With the reading later_day=repeat, asking on a later day changes nothing.",
        "Not drawn: the end of a day where it changes nothing; answers without a key (400, 404, 409, 429).",
    )
    return [
        f'<text class="note" x="24" y="{HEIGHT - 64 + 20 * number}">{escape(text)}</text>\n'
        for number, text in enumerate(texts)
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the key's life, or with `--check` compare; return 0 for fine, 1 for a drawing out of date."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.docs.key_life", description=__doc__.partition("\n")[0]
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the drawing is out of date"
    )
    arguments = parser.parse_args(argv)
    drawing = draw(LIFE, tomllib.loads(RULES.read_text(encoding="utf-8")))
    if not arguments.check:
        DRAWING.parent.mkdir(exist_ok=True)
        DRAWING.write_text(drawing, encoding="utf-8")
    elif not DRAWING.exists() or DRAWING.read_text(encoding="utf-8") != drawing:
        print(
            "docs/key-life.svg is not what the table gives: python -m contract_tests.docs.key_life",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
