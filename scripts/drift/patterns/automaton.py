"""Regular expressions as automata, in the part of ECMA 262 that descriptions of APIs use.

Look-around, back references, word boundaries and Unicode properties have no place here: `Unsupported`. So
has an expression whose automaton would be larger than `MAX_NODES`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

MAX_NODES = 3000
_TOP = 0x10FFFF
_DIGIT = ((48, 57),)
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE = (
    (9, 13),
    (32, 32),
    (160, 160),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x3000, 0x3000),
)
_LINE_ENDS = ((10, 10), (13, 13), (0x2028, 0x2029))
_SINGLE = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}

Ranges: TypeAlias = tuple[tuple[int, int], ...]


class Unsupported(Exception):
    """The expression cannot be decided here."""


@dataclass
class Automaton:
    """States by number; it accepts a text of which some part, or at its anchors the whole, matches."""

    moves: list[list[tuple[Ranges, int]]] = field(default_factory=list)
    free: list[list[tuple[str, int]]] = field(default_factory=list)  # "" always, "^" and "$" at the ends
    start: int = 0
    end: int = 0
    _steps: dict[tuple[frozenset[int], int], frozenset[int]] = field(default_factory=dict)

    def node(self) -> int:
        """Make a new state."""
        if len(self.moves) >= MAX_NODES:
            raise Unsupported
        self.moves.append([])
        self.free.append([])
        return len(self.moves) - 1

    def reach(self, states: Iterable[int], at_start: bool, at_end: bool) -> frozenset[int]:
        """Return the states that are reached from others without a character."""
        seen = set(states)
        waiting = list(seen)
        while waiting:
            for kind, target in self.free[waiting.pop()]:
                allowed = kind == "" or (kind == "^" and at_start) or (kind == "$" and at_end)
                if allowed and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)

    def step(self, states: frozenset[int], code: int) -> frozenset[int]:
        """Return the states after one more character, with those reached freely within a text."""
        known = self._steps.get((states, code))
        if known is None:
            known = self._steps[states, code] = self._step(states, code)
        return known

    def _step(self, states: frozenset[int], code: int) -> frozenset[int]:
        found = {
            target
            for state in states
            for ranges, target in self.moves[state]
            if any(low <= code <= high for low, high in ranges)
        }
        return self.reach(found, at_start=False, at_end=False)

    def first(self) -> frozenset[int]:
        """Return the states before the first character."""
        return self.reach([self.start], at_start=True, at_end=False)

    def accepts(self, states: frozenset[int], empty: bool) -> bool:
        """Whether a text that ends in these states is accepted."""
        return self.end in states or self.end in self.reach(states, at_start=empty, at_end=True)

    def edges(self) -> set[int]:
        """Return the characters at which it may begin to behave differently."""
        found = {0}
        for moves in self.moves:
            for ranges, _ in moves:
                for low, high in ranges:
                    found.add(low)
                    if high < _TOP:
                        found.add(high + 1)
        return found


def automaton(expression: str) -> Automaton:
    """Return the automaton of an expression, which need not match the whole of a text.

    Raises:
        Unsupported: see the module.
    """
    machine = Automaton()
    parser = _Parser(expression, machine)
    before, after = machine.node(), machine.node()
    first, last = parser.alternatives()
    if parser.rest:
        raise Unsupported
    anything: Ranges = ((0, _TOP),)
    machine.moves[before].append((anything, before))
    machine.free[before].append(("", first))
    machine.free[last].append(("", after))
    machine.moves[after].append((anything, after))
    machine.start, machine.end = before, after
    return machine


class _Parser:
    def __init__(self, text: str, machine: Automaton) -> None:
        self._text = text
        self._at = 0
        self._machine = machine
        self._depth = 0

    @property
    def rest(self) -> str:
        return self._text[self._at :]

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise Unsupported
        self._at += 1
        return self._text[self._at - 1]

    def _peek(self, what: str) -> bool:
        return self._text.startswith(what, self._at)

    def _take(self, what: str) -> bool:
        if self._peek(what):
            self._at += len(what)
            return True
        return False

    def alternatives(self) -> tuple[int, int]:
        self._depth += 1
        if self._depth > 30:
            raise Unsupported
        first, last = self._machine.node(), self._machine.node()
        while True:
            start, end = self._sequence()
            self._machine.free[first].append(("", start))
            self._machine.free[end].append(("", last))
            if not self._take("|"):
                break
        self._depth -= 1
        return first, last

    def _sequence(self) -> tuple[int, int]:
        start = end = self._machine.node()
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            begun = self._at
            first, last = self._atom()
            piece = self._text[begun : self._at]
            first, last = self._quantified(first, last, piece)
            self._machine.free[end].append(("", first))
            end = last
        return start, end

    def _quantified(self, first: int, last: int, piece: str) -> tuple[int, int]:
        if self._take("*"):
            low, high = 0, None
        elif self._take("+"):
            low, high = 1, None
        elif self._take("?"):
            low, high = 0, 1
        elif self._peek("{"):
            low, high = self._counts()
        else:
            return first, last
        self._take("?")  # lazy or greedy, the same texts match
        if self._text[self._at : self._at + 1] in ("*", "+", "{"):
            raise Unsupported
        machine = self._machine
        start = end = machine.node()
        leave = machine.node()
        for number in range(max(low, high or 0, 1) if high != 0 else 0):
            if number:
                first, last = _Parser(piece, machine)._atom()
            if number >= low:
                machine.free[end].append(("", leave))
            machine.free[end].append(("", first))
            end = machine.node()
            machine.free[last].append(("", end))
        if high is None:
            machine.free[end].append(("", first))
        machine.free[end].append(("", leave))
        return start, leave

    def _counts(self) -> tuple[int, int | None]:
        self._take("{")
        text = ""
        while not self._peek("}"):
            text += self._next()
        self._take("}")
        low, comma, high = text.partition(",")
        if not low.isdecimal() or (high and not high.isdecimal()) or len(text) > 9:
            raise Unsupported
        return int(low), (int(low) if not comma else int(high) if high else None)

    def _atom(self) -> tuple[int, int]:
        machine = self._machine
        character = self._next()
        if character == "(":
            if self._take("?") and not self._take(":"):
                if not (self._take("<") and not self._peek("=") and not self._peek("!")):
                    raise Unsupported
                while self._next() != ">":
                    pass
            first, last = self.alternatives()
            if not self._take(")"):
                raise Unsupported
            return first, last
        first, last = machine.node(), machine.node()
        if character in "^$":
            machine.free[first].append((character, last))
            return first, last
        if character in "*+?)|":
            raise Unsupported
        if character == ".":
            ranges = _inverse(_LINE_ENDS)
        elif character == "[":
            ranges = self._class()
        elif character == "\\":
            ranges = self._escape()
        else:
            ranges = ((ord(character), ord(character)),)
        machine.moves[first].append((ranges, last))
        return first, last

    def _escape(self) -> Ranges:
        letter = self._next()
        shorthand = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
        if letter in shorthand:
            return shorthand[letter]
        if letter.lower() in shorthand:
            return _inverse(shorthand[letter.lower()])
        if letter in _SINGLE:
            return ((_SINGLE[letter], _SINGLE[letter]),)
        if letter in "xu":
            digits = "".join(self._next() for _ in range(2 if letter == "x" else 4))
            try:
                code = int(digits, 16)
            except ValueError:
                raise Unsupported from None
            return ((code, code),)
        if letter.isalnum():
            raise Unsupported
        return ((ord(letter), ord(letter)),)

    def _class(self) -> Ranges:
        negated = self._take("^")
        found: list[tuple[int, int]] = []
        while not self._take("]"):
            ranges = self._member()
            single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
            if single and self._peek("-") and not self._peek("-]"):
                self._take("-")
                to = self._member()
                if len(to) != 1 or to[0][0] != to[0][1] or to[0][0] < ranges[0][0]:
                    raise Unsupported
                ranges = ((ranges[0][0], to[0][0]),)
            found += ranges
        return _inverse(tuple(found)) if negated else tuple(found)

    def _member(self) -> Ranges:
        character = self._next()
        if character == "\\":
            if self._take("b"):
                return ((8, 8),)
            return self._escape()
        return ((ord(character), ord(character)),)


def _inverse(ranges: Ranges) -> Ranges:
    found = []
    at = 0
    for low, high in sorted(ranges):
        if low > at:
            found.append((at, low - 1))
        at = max(at, high + 1)
    if at <= _TOP:
        found.append((at, _TOP))
    return tuple(found)
