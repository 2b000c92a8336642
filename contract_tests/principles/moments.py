"""Moments that a server names, held against those of the questions: time moves on as fast as it does here.

Nothing is said of the target's clock itself: only how far it came between two answers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from contract_tests.target.dates import parse_date

# Clocks of two machines, or of one that is set while it runs.
_SLACK = timedelta(milliseconds=100)


@dataclass(frozen=True)
class Named:
    """What an answer says of its moment, and when it was asked and answered, in seconds of one clock here."""

    text: str
    asked: float
    answered: float


def strays(row: Sequence[Named]) -> Iterator[str]:
    """Yield where moments do not come in the order, or at the pace, of their questions.

    A date with a fraction of its own form is a good date for everybody who reads it alone, such as .5123 for
    5,123 microseconds.
    """
    digits = max((len(_fraction(each.text)) for each in row), default=0)
    slack = _SLACK + timedelta(seconds=10**-digits)
    for one, other in pairwise(row):
        begin, end = parse_date(one.text), parse_date(other.text)
        if begin is None or end is None:
            continue
        if end < begin - slack:
            yield f"of two answers the later one names a moment that is {_seconds(begin - end)} s earlier"
        elif end - begin > timedelta(seconds=other.answered - one.asked) + slack:
            yield f"{_seconds(end - begin)} s between the moments of two answers: more than passed"


def _fraction(text: str) -> str:
    found = re.search(r"\.(\d+)", text)
    return found[1] if found else ""


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():.1f}"
