r"""Read a regular expression of ECMA-262, as schemas have it under `pattern`.

Python's own parser reads another dialect (`\p{L}`, `(?<name>…)`, `\u0041` differ), so the expression is
read here. What cannot be read is refused, and the caller makes do without.
"""

import re
from typing import NamedTuple, TypeAlias

MAX_PATTERN = 2_000
MAX_REPEATS = 5_000
MAX_GROUPS_DEEP = 50


class PatternError(ValueError):
    """An expression that is not understood, or that would make too long a text."""


class Chars(NamedTuple):
    """A set of characters as ranges of code points, or all but those."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False

    def holds(self, character: str) -> bool:
        """Tell whether a character belongs to the set."""
        return any(low <= ord(character) <= high for low, high in self.ranges) != self.negated


class Group(NamedTuple):
    """Alternatives, each a sequence of repeated parts.

    `number` is set where a back-reference may ask for it.
    """

    alternatives: "tuple[tuple[Repeat, ...], ...]"
    number: int = 0


class Look(NamedTuple):
    """A lookaround. The sampler takes what a positive lookahead says as a hint."""

    group: Group
    ahead: bool
    negated: bool


class Anchor(NamedTuple):
    """The start or the end of the text."""

    at_end: bool


class Boundary(NamedTuple):
    """A word boundary, or a place that is none."""

    negated: bool


class Back(NamedTuple):
    """A reference to what a group matched."""

    number: int


class Repeat(NamedTuple):
    """A part and how often it may stand."""

    part: "Part"
    least: int
    most: int | None


Part: TypeAlias = Chars | Group | Look | Back | Anchor | Boundary

_DIGIT = ((48, 57),)
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE = ((32, 32), (9, 13), (160, 160))
_ANY = Chars(((10, 10), (13, 13)), negated=True)
_CLASSES = {
    "d": Chars(_DIGIT),
    "D": Chars(_DIGIT, negated=True),
    "w": Chars(_WORD),
    "W": Chars(_WORD, negated=True),
    "s": Chars(_SPACE),
    "S": Chars(_SPACE, negated=True),
}
_FLAGS = re.compile(r"\?[imsux]+[:)]")
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "0": 0}
_UPPER = ((65, 90), (0x410, 0x42F))
_LOWER = ((97, 122), (0x430, 0x44F))
_PROPERTIES = {
    "L": (*_UPPER, *_LOWER),
    "Letter": (*_UPPER, *_LOWER),
    "Alphabetic": (*_UPPER, *_LOWER),
    "Lu": _UPPER,
    "Uppercase_Letter": _UPPER,
    "Ll": _LOWER,
    "Lowercase_Letter": _LOWER,
    "N": _DIGIT,
    "Nd": _DIGIT,
    "Number": _DIGIT,
    "P": ((33, 33), (44, 47), (58, 59)),
    "Punctuation": ((33, 33), (44, 47), (58, 59)),
    "S": ((43, 43), (60, 62)),
    "Z": ((32, 32),),
    "Zs": ((32, 32),),
    "M": ((0x300, 0x30F),),
    "Script=Cyrillic": ((0x410, 0x44F),),
    "Script=Latin": ((65, 90), (97, 122)),
}


def read(pattern: str) -> Group:
    """Read an expression.

    Raises:
        PatternError: the expression is not understood.
    """
    if len(pattern) > MAX_PATTERN:
        raise PatternError("too long")
    return _Reader(pattern).read()


class _Reader:
    """Reads one expression, by recursive descent."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._groups = 0
        self._names: dict[str, int] = {}
        self._depth = 0

    def read(self) -> Group:
        group = self._alternatives()
        if self._at < len(self._text):
            raise PatternError("unbalanced parenthesis")
        return group

    def _peek(self, length: int = 1) -> str:
        return self._text[self._at : self._at + length]

    def _take(self, length: int = 1) -> str:
        taken = self._peek(length)
        if len(taken) < length:
            raise PatternError("ends too early")
        self._at += length
        return taken

    def _until(self, mark: str) -> str:
        end = self._text.find(mark, self._at)
        if end < 0:
            raise PatternError("ends too early")
        taken, self._at = self._text[self._at : end], end + 1
        return taken

    def _alternatives(self, number: int = 0) -> Group:
        self._depth += 1
        if self._depth > MAX_GROUPS_DEEP:
            raise PatternError("nests too deep")
        found = [self._sequence()]
        while self._peek() == "|":
            self._take()
            found.append(self._sequence())
        self._depth -= 1
        return Group(tuple(found), number)

    def _sequence(self) -> tuple[Repeat, ...]:
        parts = []
        while self._peek() not in ("", "|", ")"):
            part = self._atom()
            least, most = self._quantifier()
            parts.append(Repeat(part, least, most))
        return tuple(parts)

    def _quantifier(self) -> tuple[int, int | None]:
        mark = self._peek()
        bounds: tuple[int, int | None] = (1, 1)
        if mark and mark in "*+?":
            self._take()
            bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}[mark]
        elif mark == "{" and (end := self._text.find("}", self._at)) > 0:
            low, comma, high = self._text[self._at + 1 : end].partition(",")
            if low.isdigit() and (not high or high.isdigit()):
                self._at = end + 1
                bounds = (int(low[:6]), (int(high[:6]) if high else None) if comma else int(low[:6]))
                if max(bounds[0], bounds[1] or 0) > MAX_REPEATS:
                    bounds = (bounds[0], bounds[0] + 16)
                if bounds[0] > MAX_REPEATS:
                    raise PatternError("would make too long a text")
            else:
                return bounds
        else:
            return bounds
        if self._peek() == "?":  # lazy or not, the same texts match
            self._take()
        return bounds

    def _atom(self) -> Part:
        mark = self._take()
        if mark == "(":
            return self._group()
        if mark == "[":
            return self._set()
        if mark == "\\":
            return self._escape(in_set=False)
        if mark == ".":
            return _ANY
        if mark in "^$":
            return Anchor(mark == "$")
        return Chars(((ord(mark), ord(mark)),))

    def _group(self) -> Group | Look:
        found: Group | Look
        flags = _FLAGS.match(self._text, self._at)
        if flags is not None:
            # Not of ECMA-262, but known to engines. What matches without a flag matches with it, too.
            self._at = flags.end()
            if flags[0].endswith(")"):
                return Group(((),))
            found = self._alternatives()
        elif self._peek(2) == "?:":
            self._take(2)
            found = self._alternatives()
        elif self._peek(2) in ("?=", "?!"):
            negated = self._take(2) == "?!"
            found = Look(self._alternatives(), True, negated)
        elif self._peek(3) in ("?<=", "?<!"):
            negated = self._take(3) == "?<!"
            found = Look(self._alternatives(), False, negated)
        elif self._peek(1) == "?":
            if self._peek(2) != "?<":
                raise PatternError("a group that ECMA-262 does not have")
            self._take(2)
            self._groups += 1
            self._names[self._until(">")] = number = self._groups
            found = self._alternatives(number)
        else:
            self._groups += 1
            found = self._alternatives(self._groups)
        if self._take() != ")":
            raise PatternError("unbalanced parenthesis")
        return found

    def _set(self) -> Chars:
        negated = self._peek() == "^"
        if negated:
            self._take()
        ranges: list[tuple[int, int]] = []
        while (mark := self._take()) != "]":
            low = self._escape(in_set=True) if mark == "\\" else Chars(((ord(mark), ord(mark)),))
            assert isinstance(low, Chars)
            if self._peek() == "-" and self._peek(2) not in ("-]", "-") and _is_single(low):
                self._take()
                mark = self._take()
                high = self._escape(in_set=True) if mark == "\\" else Chars(((ord(mark), ord(mark)),))
                assert isinstance(high, Chars)
                if _is_single(high):
                    ranges.append((low.ranges[0][0], high.ranges[0][1]))
                    continue
                ranges.extend(((45, 45), *_spread(high)))
            ranges.extend(_spread(low))
        return Chars(tuple(ranges), negated)

    def _escape(self, *, in_set: bool) -> Chars | Back | Boundary:
        mark = self._take()
        if mark in _CLASSES:
            return _CLASSES[mark]
        if mark in "bB" and not in_set:
            return Boundary(mark == "B")
        if mark in "pP" and self._peek() == "{":
            self._take()
            name = self._until("}").removeprefix("General_Category=").removeprefix("gc=")
            name = name.replace("sc=", "Script=").replace("Script_Extensions=", "Script=")
            if name not in _PROPERTIES:
                raise PatternError("a property of characters that is not known here")
            return Chars(_PROPERTIES[name], negated=mark == "P")
        if mark == "k" and self._peek() == "<":
            self._take()
            return Back(self._names.get(self._until(">"), 0))
        if mark in "123456789" and not in_set:
            return Back(int(mark))
        if mark == "x":
            return _code(self._take(2))
        if mark == "u" and self._peek() == "{":
            self._take()
            return _code(self._until("}"))
        if mark == "u":
            return _code(self._take(4))
        if mark == "c":
            return Chars(((ord(self._take()) % 32,) * 2,))
        code = _CONTROLS.get(mark, ord(mark))
        return Chars(((code, code),))


def _is_single(chars: Chars) -> bool:
    return not chars.negated and len(chars.ranges) == 1 and chars.ranges[0][0] == chars.ranges[0][1]


def _spread(chars: Chars) -> tuple[tuple[int, int], ...]:
    """Return the ranges of a set; those of a negated one are the gaps, up to the end of the plane."""
    if not chars.negated:
        return chars.ranges
    found, start = [], 0
    for low, high in sorted(chars.ranges):
        if start < low:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, 0xFFFF))


def _code(digits: str) -> Chars:
    try:
        code = int(digits, 16)
    except ValueError:
        raise PatternError("not a code point") from None
    if code > 0x10FFFF:
        raise PatternError("not a code point")
    return Chars(((code, code),))
