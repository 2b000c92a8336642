"""Guess a text that fits an expression which no automaton can hold.

Such are back-references, and lookarounds in the middle. The texts are tried, not proven: the caller checks
what comes out and asks again with another random number.
"""

import string
from collections.abc import Callable
from random import Random

from novapost_mock.schemas.patterns.expressions import (
    MAX_REPEATS,
    Anchor,
    Back,
    Boundary,
    Chars,
    Group,
    Look,
    Part,
    PatternError,
    Repeat,
    read,
)

_LETTERS = string.ascii_letters + string.digits
_MARKS = " -_.@/:,+!#"


def sampler(pattern: str) -> Callable[[Random, int], str]:
    """Read an expression once.

    Returns:
        A function of a random source and a wanted number of characters. It makes a text that matches where
        the expression has no lookarounds, at least that long where its repeats allow it.

    Raises:
        PatternError: the expression is not understood.
    """
    group = read(pattern)
    hints = tuple(_hints(group))

    def make(random: Random, wanted: int) -> str:
        text, stretch = "", 0
        while True:
            text = _Writer(random, stretch).group(group)
            if len(text) >= wanted or stretch > 2 * wanted:
                break
            stretch = stretch * 2 or 1
        if hints and random.random() < 0.8:
            # What the lookaheads want to see somewhere is written over the text that the rest allows.
            wishes = "".join(_Writer(random, 0).group(hint)[-1:] for hint in hints)
            text = (wishes + text[len(wishes) :]) if len(wishes) <= len(text) else wishes
        return text

    return make


def _hints(group: Group) -> list[Group]:
    return [
        part.part.group
        for alternative in group.alternatives
        for part in alternative
        if isinstance(part.part, Look) and part.part.ahead and not part.part.negated
    ]


class _Writer:
    """Writes one text."""

    def __init__(self, random: Random, stretch: int) -> None:
        self._random = random
        self._stretch = stretch
        self._written: dict[int, str] = {}
        self._left = MAX_REPEATS

    def group(self, group: Group) -> str:
        alternatives = group.alternatives
        chosen = alternatives[0] if self._random.random() < 0.5 else self._random.choice(alternatives)
        text = "".join(self._repeat(each) for each in chosen)
        if group.number:
            self._written[group.number] = text
        return text

    def _repeat(self, repeat: Repeat) -> str:
        most = repeat.least + max(self._stretch, 1) if repeat.most is None else repeat.most
        fewest = max(repeat.least, min(most, 1))  # "a*" gives an "a": an empty text says little
        count = min(most, fewest + self._stretch)
        self._left -= count
        if self._left < 0:
            raise PatternError("would make too long a text")
        return "".join(self._part(repeat.part) for _ in range(count))

    def _part(self, part: Part) -> str:
        match part:
            case Chars():
                return _one_of(part, self._random)
            case Group():
                return self.group(part)
            case Back():
                return self._written.get(part.number, "")
            case Look() | Anchor() | Boundary():
                return ""


def _one_of(chars: Chars, random: Random) -> str:
    """Pick a character of a set, a plain one where there is a choice."""
    for plain in (_LETTERS, _MARKS):
        if found := [c for c in plain if chars.holds(c)]:
            return random.choice(found)
        if not chars.negated and (lettered := [r for r in chars.ranges if chr(r[0]).isalpha()]):
            return _within(random, random.choice(lettered))
    if chars.negated:
        return next((chr(c) for c in range(32, 0xD7FF) if chars.holds(chr(c))), "") or _none()
    return _within(random, random.choice(chars.ranges)) if chars.ranges else _none()


def _none() -> str:
    raise PatternError("no character fits")


def _within(random: Random, bounds: tuple[int, int]) -> str:
    low, high = bounds
    return chr(random.randint(low, min(high, low + 25)))
