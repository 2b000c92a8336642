"""Texts that several expressions take at once, found by walking their automata side by side.

The walk knows at each place how many characters are left, so bounds of the length cost nothing: a state from
which no text of the wanted length leads to an end is left at once, and is not entered a second time.
Expressions that an automaton cannot hold (back-references, lookarounds in the middle) make it guess; the
caller then checks what it gets.
"""

import functools
import string
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from random import Random
from typing import NamedTuple

from novapost_mock.schemas.patterns.automaton import Automaton, States
from novapost_mock.schemas.patterns.expressions import Anchor, Back, Group, Look, PatternError, Repeat, read

MAX_STEPS = 30_000
"""Places that one search may look at, beside those of the text itself."""
MAX_SLACK = 400
"""How much longer than needed a text without an upper bound may be made."""
USUAL_LENGTH = 6

_PLAIN = frozenset(map(ord, string.ascii_letters + string.digits))
_MARKS = frozenset(map(ord, " -_.@/:,+!#"))
_SHOWN = frozenset(range(33, 127))
_LEFT_OUT = range(0xD800, 0xE000)  # halves of pairs: no text of UTF-8 holds one


class Letters(NamedTuple):
    """Characters between which no expression makes a difference, the plainer ones.

    Attributes:
        held: by automaton, which of its sets hold them.
        some: some of them.
        rank: how odd they are: 0 for letters and digits, then marks, then the rest.
    """

    held: tuple[frozenset[int], ...]
    some: tuple[int, ...]
    rank: int


class Part(NamedTuple):
    """One automaton, and whether it has to take the text or must not."""

    automaton: Automaton
    takes: bool


class Language:
    """The texts that fit several expressions.

    Attributes:
        is_exact: whether each text found is one; else it may be one, and the caller checks.
        spent: how many places the latest search looked at.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        """Read the expressions.

        Raises:
            PatternError: one of them is not understood, or too large.
        """
        self._parts: list[Part] = []
        self._shortest, longest = 0, [-1]
        for pattern in patterns:
            group, looks = _taken_apart(read(pattern))
            self._parts += [Part(Automaton(group), True), *looks]
            least, most, is_whole = _lengths(group)
            self._shortest = max(self._shortest, least)
            if is_whole and most is not None:
                longest.append(most)
        self._longest = min(longest[1:]) if len(longest) > 1 else None
        self.is_exact = all(part.automaton.is_exact for part in self._parts)
        self._letters = self._classes()
        self._steps: dict[tuple[int, States, frozenset[int]], States] = {}
        self._dead: set[tuple[tuple[States, ...], int]] = set()
        self.spent = 0

    def text(self, random: Random, least: int = 0, most: int | None = None) -> str | None:
        """Find a text between two lengths, in characters; None if there is none or none was found in time."""
        low, high = max(least, self._shortest), most
        if self._longest is not None:
            high = self._longest if high is None else min(high, self._longest)
        if high is None:
            high = max(low, USUAL_LENGTH) + MAX_SLACK
        if low > high:
            return None
        self.spent = 0
        start = tuple(part.automaton.first() for part in self._parts)
        wanted = min(max(low, min(USUAL_LENGTH, high)), high)
        if low < wanted and random.random() < 0.5:
            wanted = random.randint(low or 1, wanted)
        order = chain(range(wanted, min(high, low + MAX_SLACK) + 1), range(wanted - 1, low - 1, -1))
        for length in chain(order, (high,)):
            found = self._of_length(random, start, length)
            if found is not None or self.spent > MAX_STEPS:
                return found
        return None

    def _of_length(self, random: Random, start: tuple[States, ...], length: int) -> str | None:
        if not length:
            return "" if self._is_end(start, True) else None
        self.spent += 1
        way: list[tuple[tuple[States, ...], Iterator[Letters]]] = [(start, self._shuffled(random))]
        text: list[str] = []
        while way:
            states, options = way[-1]
            left = length - len(text)
            following = None
            for letters in options:
                self.spent += 1
                after = self._after(states, letters)
                if (after, left - 1) in self._dead or not self._is_possible(after, left - 1):
                    continue
                if left == 1 and not self._is_end(after, False):
                    continue
                following = after
                text.append(chr(random.choice(letters.some)))
                break
            if following is None:
                if self.spent > MAX_STEPS:
                    return None
                self._dead.add((states, left))
                way.pop()
                if text:
                    text.pop()
            elif left == 1:
                return "".join(text)
            else:
                way.append((following, self._shuffled(random)))
        return None

    def _after(self, states: tuple[States, ...], letters: Letters) -> tuple[States, ...]:
        return tuple(
            self._step(number, states[number], letters.held[number]) for number in range(len(self._parts))
        )

    def _step(self, number: int, states: States, held: frozenset[int]) -> States:
        key = (number, states, held)
        found = self._steps.get(key)
        if found is None:
            part = self._parts[number]
            found = part.automaton.step(states, held)
            if part.takes:
                missing = part.automaton.missing
                found = frozenset(state for state in found if missing[state] >= 0)
            self._steps[key] = found
        return found

    def _is_possible(self, states: tuple[States, ...], left: int) -> bool:
        for part, each in zip(self._parts, states, strict=True):
            if part.takes:
                if not 0 <= part.automaton.left(each) <= left:
                    return False
            elif part.automaton.always_takes(each):
                return False
        return True

    def _is_end(self, states: tuple[States, ...], is_empty: bool) -> bool:
        return all(
            part.automaton.takes(each, is_empty) == part.takes
            for part, each in zip(self._parts, states, strict=True)
        )

    def _shuffled(self, random: Random) -> Iterator[Letters]:
        """Every class of letters: plain ones first, in proportion to how many letters they have."""
        plain = [each for each in self._letters if each.rank == 0]
        if len(plain) > 1:
            plain.sort(key=lambda each: random.random() ** (1 / len(each.some)), reverse=True)
        return chain(plain, (each for each in self._letters if each.rank))

    def _classes(self) -> list[Letters]:
        edges = sorted(
            {0, 0xD800, 0xE000}
            | {
                edge
                for part in self._parts
                for ranges in part.automaton.sets
                for low, high in ranges
                for edge in (low, high + 1)
            }
        )
        by_held: dict[tuple[frozenset[int], ...], list[tuple[int, int]]] = {}
        for low, high in zip(edges, [*edges[1:], 0x110000], strict=True):
            if low < high and low not in _LEFT_OUT and low <= 0x10FFFF:
                held = tuple(_held(part.automaton, low) for part in self._parts)
                by_held.setdefault(held, []).append((low, high - 1))
        found = []
        for held, ranges in by_held.items():
            rank, some = _some(ranges)
            found.append(Letters(held, some, rank))
        return sorted(found, key=lambda each: each.rank)


def _held(automaton: Automaton, code: int) -> frozenset[int]:
    return frozenset(
        number
        for number, ranges in enumerate(automaton.sets)
        if (at := bisect_right(ranges, (code, 0x110000))) and ranges[at - 1][1] >= code
    )


def _some(ranges: Sequence[tuple[int, int]]) -> tuple[int, tuple[int, ...]]:
    for rank, preferred in enumerate((_PLAIN, _MARKS, _SHOWN)):
        found = [code for low, high in ranges for code in range(low, min(high, 127) + 1) if code in preferred]
        if found:
            return rank, tuple(found)
    low, high = max(ranges, key=lambda each: each[0] >= 160)
    return (3 if low >= 160 else 4), tuple(range(low, min(high, low + 25) + 1))


def _taken_apart(group: Group) -> tuple[Group, list[Part]]:
    """Return an expression without the lookarounds at its ends, and these as expressions of their own.

    `^(?=A)(?!B)C(?<!D)$` takes what `^C$` and `^A` take, and `^B` and `D$` do not.
    """
    if len(group.alternatives) != 1:
        return group, []
    rest = list(group.alternatives[0])
    looks: list[Part] = []
    start = 1 if rest and isinstance(rest[0].part, Anchor) and not rest[0].part.at_end else 0
    while start < len(rest) and _is_look(rest[start], ahead=True) and start:
        looks.append(_look(rest.pop(start), before=Repeat(Anchor(False), 1, 1)))
    end = -2 if len(rest) > 1 and isinstance(rest[-1].part, Anchor) and rest[-1].part.at_end else -1
    while end == -2 and len(rest) > 2 and _is_look(rest[end], ahead=False):
        looks.append(_look(rest.pop(end), after=Repeat(Anchor(True), 1, 1)))
    return group._replace(alternatives=(tuple(rest),)), looks


def _is_look(repeat: Repeat, *, ahead: bool) -> bool:
    return (
        isinstance(repeat.part, Look) and repeat.part.ahead == ahead and (repeat.least, repeat.most) == (1, 1)
    )


def _look(repeat: Repeat, before: Repeat | None = None, after: Repeat | None = None) -> Part:
    look = repeat.part
    assert isinstance(look, Look)
    parts = [each for each in (before, Repeat(look.group, 1, 1), after) if each is not None]
    return Part(Automaton(Group((tuple(parts),))), not look.negated)


def _lengths(group: Group) -> tuple[int, int | None, bool]:
    """Return the shortest and the longest length of a match, and whether it is always the whole text."""
    least: list[int] = []
    most: list[int | None] = []
    whole: list[bool] = []
    for sequence in group.alternatives:
        low = 0
        high: int | None = 0
        for repeat in sequence:
            inner_low, inner_high = _part_lengths(repeat)
            low += inner_low * repeat.least
            times = repeat.most
            if inner_high == 0 or times == 0:
                continue
            high = None if high is None or inner_high is None or times is None else high + inner_high * times
        least.append(low)
        most.append(high)
        ends = [each.part for each in (sequence[:1] + sequence[-1:])]
        whole.append(
            len(sequence) > 1
            and isinstance(ends[0], Anchor)
            and not ends[0].at_end
            and isinstance(ends[1], Anchor)
            and ends[1].at_end
        )
    bounded = [each for each in most if each is not None]
    return min(least), max(bounded) if len(bounded) == len(most) else None, all(whole)


def _part_lengths(repeat: Repeat) -> tuple[int, int | None]:
    part = repeat.part
    if isinstance(part, Group):
        return _lengths(part)[:2]
    if isinstance(part, Back):
        return 0, None
    return (0, 0) if isinstance(part, Look | Anchor) or not hasattr(part, "ranges") else (1, 1)


@functools.lru_cache(maxsize=1024)
def language(patterns: tuple[str, ...]) -> Language | None:
    """Return the language of several expressions, read once; None if one of them is not understood."""
    try:
        return Language(patterns)
    except PatternError:
        return None
