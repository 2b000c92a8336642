r"""One expression as an automaton: which texts it takes, and how many characters are still missing.

The drift judge has an automaton as well (`scripts/drift/patterns`). They are two on purpose: neither side may
import the other, each judges what the other makes, and a shared mistake would be seen by nobody. This one
reads more (`\p{…}`, lookarounds at the ends), since it only has to find a text that the validator takes.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from novapost_mock.schemas.patterns.expressions import (
    Anchor,
    Back,
    Boundary,
    Chars,
    Group,
    Look,
    PatternError,
    Repeat,
)

MAX_NODES = 12_000
_TOP = 0x10FFFF
Ranges: TypeAlias = tuple[tuple[int, int], ...]
States: TypeAlias = frozenset[int]
ANYTHING: Ranges = ((0, _TOP),)


class Automaton:
    """States by number. It takes a text of which some part matches, or at its anchors the whole.

    Attributes:
        sets: the different sets of characters that it looks at.
        is_exact: whether it stands for the whole expression; else it takes more or other texts.
        missing: by state, how many characters there are at least until a text is taken; -1 for never.
    """

    def __init__(self, group: Group) -> None:
        """Build the automaton of an expression.

        Raises:
            PatternError: it would be too large.
        """
        self.sets: list[Ranges] = []
        self.is_exact = True
        self._numbers: dict[Ranges, int] = {}
        self._moves: list[list[tuple[int, int]]] = []
        self._free: list[list[tuple[str, int]]] = []
        self._start, self._end = self._node(), self._node()
        first, last = self._group(group)
        anything = self._set(ANYTHING)
        self._moves[self._start].append((anything, self._start))
        self._free[self._start].append(("", first))
        self._free[last].append(("", self._end))
        self._moves[self._end].append((anything, self._end))
        self.missing = self._distances()

    def first(self) -> States:
        """Return the states before the first character."""
        return self._reach((self._start,), at_start=True, at_end=False)

    def step(self, states: States, held: frozenset[int]) -> States:
        """Return the states after a character that belongs to these of the `sets`."""
        found = {target for state in states for number, target in self._moves[state] if number in held}
        return self._reach(found, at_start=False, at_end=False)

    def takes(self, states: States, is_empty: bool) -> bool:
        """Tell whether a text that ends in these states is taken."""
        return self._end in states or self._end in self._reach(states, at_start=is_empty, at_end=True)

    def always_takes(self, states: States) -> bool:
        """Tell whether a text is taken whatever follows."""
        return self._end in states

    def left(self, states: States) -> int:
        """Return how many characters are missing at least; -1 if no text from here on is taken."""
        known = [self.missing[state] for state in states if self.missing[state] >= 0]
        return min(known) if known else -1

    def _node(self) -> int:
        if len(self._moves) >= MAX_NODES:
            raise PatternError("its automaton is too large")
        self._moves.append([])
        self._free.append([])
        return len(self._moves) - 1

    def _set(self, ranges: Ranges) -> int:
        number = self._numbers.get(ranges)
        if number is None:
            number = self._numbers[ranges] = len(self.sets)
            self.sets.append(ranges)
        return number

    def _reach(self, states: Iterable[int], *, at_start: bool, at_end: bool) -> States:
        seen = set(states)
        waiting = list(seen)
        while waiting:
            for kind, target in self._free[waiting.pop()]:
                if target not in seen and (not kind or (at_start if kind == "^" else at_end)):
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)

    def _distances(self) -> Sequence[int]:
        """Count backwards from the end; `^` leads nowhere once a character was read."""
        before: list[list[tuple[int, int]]] = [[] for _ in self._moves]
        for state, moves in enumerate(self._moves):
            for _, target in moves:
                before[target].append((state, 1))
            for kind, target in self._free[state]:
                if kind != "^":
                    before[target].append((state, 0))
        missing = [-1] * len(self._moves)
        level, distance = [self._end], 0
        while level:
            following: list[int] = []
            while level:
                state = level.pop()
                if missing[state] >= 0:
                    continue
                missing[state] = distance
                for other, cost in before[state]:
                    (following if cost else level).append(other)
            level, distance = following, distance + 1
        return missing

    def _group(self, group: Group) -> tuple[int, int]:
        first, last = self._node(), self._node()
        for sequence in group.alternatives:
            end = first
            for repeat in sequence:
                start, stop = self._repeat(repeat)
                self._free[end].append(("", start))
                end = stop
            self._free[end].append(("", last))
        return first, last

    def _repeat(self, repeat: Repeat) -> tuple[int, int]:
        least, most = repeat.least, repeat.most
        if (least, most) == (1, 1):
            return self._part(repeat.part)
        start, leave = self._node(), self._node()
        end = start
        for number in range(max(least, most or 0, 1) if most != 0 else 0):
            if number >= least:
                self._free[end].append(("", leave))
            first, last = self._part(repeat.part)
            self._free[end].append(("", first))
            end = self._node()
            self._free[last].append(("", end))
            if most is None and number + 1 == max(least, 1):
                self._free[end].append(("", first))
        self._free[end].append(("", leave))
        return start, leave

    def _part(self, part: object) -> tuple[int, int]:
        if isinstance(part, Group):
            return self._group(part)
        first, last = self._node(), self._node()
        match part:
            case Chars():
                self._moves[first].append((self._set(spread(part)), last))
            case Anchor(at_end):
                self._free[first].append(("$" if at_end else "^", last))
            case Look() | Back() | Boundary():
                self.is_exact = False
                self._free[first].append(("", last))
        return first, last


def spread(chars: Chars) -> Ranges:
    """Return the characters of a set as ranges; those of a negated one are what lies between."""
    found: list[tuple[int, int]] = []
    at = 0
    for low, high in sorted(chars.ranges):
        if chars.negated and at < low:
            found.append((at, low - 1))
        if not chars.negated and at <= high:
            found.append((max(low, at), high))
        at = max(at, high + 1)
    if chars.negated and at <= _TOP:
        found.append((at, _TOP))
    return tuple(found)
