"""Numbers between bounds, and texts of which only a length is asked.

Numbers are reckoned exactly: 0.1 is a tenth here, as whoever wrote it meant it.
"""

import functools
from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from random import Random
from typing import Any

_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")
_LETTERS = "abcdefghikmnoprstuvy"


class NoNumberError(Exception):
    """No number lies between the bounds."""


def number(schema: Mapping[str, Any], whole: bool, random: Random | None) -> int | float:
    """Make a number.

    Args:
        schema: a flat schema: its bounds and its `multipleOf`.
        whole: whether it has to be an integer.
        random: what to draw it from; without, it is 1 or what is nearest to it.

    Raises:
        NoNumberError: there is none between the bounds.
    """
    if random is None:
        return _usual(*(schema.get(each) for each in _BOUNDS), whole=whole)
    return _number(schema, whole, random)


@functools.lru_cache(maxsize=1000)
def _usual(*bounds: float | None, whole: bool) -> int | float:
    return _number(
        {name: bound for name, bound in zip(_BOUNDS, bounds, strict=True) if bound is not None}, whole, None
    )


def _number(schema: Mapping[str, Any], whole: bool, random: Random | None) -> int | float:
    low, low_open = _bound(schema, "minimum", "exclusiveMinimum", max)
    high, high_open = _bound(schema, "maximum", "exclusiveMaximum", min)
    if low is not None and high is not None and (high < low or (high == low and (low_open or high_open))):
        raise NoNumberError
    step = Fraction(str(schema["multipleOf"])) if "multipleOf" in schema else None
    if whole:
        step = Fraction(1) if step is None else Fraction(step.numerator)
    if step is None:
        step = Fraction(1)
        if low is not None and high is not None and high - low <= 2:
            step = (high - low) / 4 or Fraction(1)
            if low == high:
                return _plain_number(low)
    first = None if low is None else ceil(low / step) + (low_open and low % step == 0)
    last = None if high is None else floor(high / step) - (high_open and high % step == 0)
    if first is not None and last is not None and first > last:
        raise NoNumberError
    wanted = 1 if random is None else random.randint(0, 1000)
    if random is not None and (first is not None or last is not None):
        start = first if first is not None else (last or 0) - 1000
        end = last if last is not None else start + 1000
        wanted = random.randint(start, max(start, min(end, start + 10**6)))
    wanted = wanted if first is None else max(wanted, first)
    wanted = wanted if last is None else min(wanted, last)
    if random is not None and not whole and "multipleOf" not in schema and random.random() < 0.5:
        half = (wanted + Fraction(1, 2)) * step
        if high is None or half < high:
            return _plain_number(half)
    return _plain_number(wanted * step)


def _bound(
    schema: Mapping[str, Any], plain_: str, exclusive: str, tighter: Any
) -> tuple[Fraction | None, bool]:
    closed = Fraction(str(schema[plain_])) if plain_ in schema else None
    opened = Fraction(str(schema[exclusive])) if exclusive in schema else None
    if closed is None or opened is None:
        return (opened, True) if closed is None else (closed, False)
    return (opened, True) if tighter(opened, closed) == opened else (closed, False)


def _plain_number(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


def plain(random: Random | None, least: int, most: int | None) -> str:
    """Return `text`, or a word by chance, as long as is asked."""
    text = "text" if random is None else _word(random)
    while len(text) < least:
        text += " text" if random is None else f" {_word(random)}"
    longest = max(least, 4 if random is None else 6) if len(text) > least > 0 else len(text)
    return text[: longest if most is None else min(longest, most)]


def _word(random: Random) -> str:
    return "".join(random.choice(_LETTERS) for _ in range(6))
