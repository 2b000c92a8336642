"""Whether values of a writer fit two alternatives of a reader's oneOf, which takes what fits exactly one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, islice
from typing import Any, TypeAlias

from scripts.drift.document.types import meet
from scripts.drift.judge.schemas.discriminators import marks
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape, allowed
from scripts.drift.judge.witness.differences import samples_of
from scripts.drift.judge.witness.to_json_schema import Emitter
from scripts.drift.judge.witness.validator import Engine, Undecided

# Pairs of alternatives of one oneOf that are looked at.
MAX_PAIRS = 5_000
# Pairs of alternatives that the library is asked about in all; each takes some milliseconds.
MAX_ASKED = 200
_DEPTH = 3
# Whether two schemas are the same to the letter, the writer's first.
Same: TypeAlias = Callable[[Any, Any], bool]


def _renamed(node: Any, mark: str) -> Any:
    """Return a schema whose definitions have names that no other one has."""
    if isinstance(node, list):
        return [_renamed(one, mark) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: value if key in ("enum", "const") else _renamed(value, mark) for key, value in node.items()}
    if isinstance(node.get("$ref"), str):
        made["$ref"] = f"{node['$ref']}.{mark}"
    if isinstance(node.get("$defs"), dict):
        made["$defs"] = {f"{name}.{mark}": one for name, one in made["$defs"].items()}
    return made


class Overlaps:
    """Comparisons of the schemas of one document (the writer's) with the oneOf of another (the reader's)."""

    def __init__(self, writer: Reader, reader: Reader, engine: Engine, same: Same) -> None:
        self._writer = writer
        self._reader = reader
        self._engine = engine
        self._same = same
        self._asked = 0
        self._pairs: dict[int, list[tuple[Any, Any]]] = {}
        self._kept: list[Shape] = []
        # The shapes that have more pairs of alternatives than are looked at.
        self._cut: set[int] = set()

    def gaps(self, mine: Shape, theirs: Shape) -> Iterator[Gap]:
        """Yield that a value which may be sent fits more than one alternative."""
        if mine.is_way:
            return  # the whole union was asked
        if mine.never or mine.opaque or theirs.opaque or not any(theirs.exclusive):
            return
        written: dict[str, Any] | None = None
        doubtful = False
        for left, right in self._overlapping(theirs):
            if self._is_excluded(mine, left, right):
                continue
            one, other = self._reader.shape(left), self._reader.shape(right)
            if not meet(meet(mine.types, one.types), other.types):
                continue
            if self._asked >= MAX_ASKED:
                yield _ended(mine, theirs)
                return
            self._asked += 1
            if written is None:
                written = self._sent(mine)
            sides = [Emitter(self._reader, closed=False).schema(shape) for shape in (one, other)]
            if written is None or None in sides:
                doubtful = True
                continue
            answer, common = self._engine.common(written, *sides)
            if answer == "yes":
                names = " and ".join(shape.name or "another" for shape in (one, other))
                what = f"what fits two alternatives ({names}) is not allowed"
                yield Gap("one-of", (), mine, theirs, "no", what, samples_of(common))
                return
            found = self._tried(mine, theirs, samples_of(common)) if answer == "unknown" else None
            if found is not None:
                what = "what fits two alternatives is not allowed"
                yield Gap("one-of", (), mine, theirs, "no", what, found)
                return
            doubtful = doubtful or answer == "unknown"
        if id(theirs) in self._cut:
            yield _ended(mine, theirs)
        elif doubtful and not any(mine.exclusive):
            yield Gap(
                "one-of", (), mine, theirs, "unknown", "alternatives that may overlap cannot be compared"
            )

    def _sent(self, mine: Shape) -> dict[str, Any] | None:
        """Return the schema of what is sent: what fits one alternative, and only properties that it names.

        Otherwise each new property would collide with what another alternative says nothing of.
        """
        sides = [Emitter(self._writer, closed=closed).schema(mine) for closed in (False, True)]
        if sides[0] is None or sides[1] is None:
            return None
        definitions: dict[str, Any] = {}
        parts: list[Any] = []
        for number, side in enumerate(sides):
            renamed = _renamed(side, f"{number}")
            definitions |= renamed.pop("$defs", {})
            parts.append({key: value for key, value in renamed.items() if key != "$schema"})
        return {"$schema": sides[0]["$schema"], "allOf": parts, "$defs": definitions}

    def _tried(self, mine: Shape, theirs: Shape, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Return those of some values that may be sent and are refused, None without one."""
        sent, read = self._sent(mine), Emitter(self._reader, closed=False).schema(theirs)
        if sent is None or read is None:
            return None
        checks = self._engine.validator(sent, strict=True), self._engine.validator(read)
        try:
            return tuple(value for value in values if checks[0](value) and not checks[1](value)) or None
        except Undecided:
            return None

    def _is_excluded(self, mine: Shape, left: Any, right: Any) -> bool:
        """Return whether the writer has the same two alternatives in a oneOf, and so sends what fits one."""
        return any(
            alone and all(any(self._same(own, one) for own in group) for one in (left, right))
            for group, alone in zip(mine.unions, mine.exclusive, strict=True)
        )

    def _overlapping(self, theirs: Shape) -> list[tuple[Any, Any]]:
        """Return the pairs of alternatives that a value may fit both of."""
        if id(theirs) not in self._pairs:
            self._kept.append(theirs)
            found: list[tuple[Any, Any]] = []
            for group, alone in zip(theirs.unions, theirs.exclusive, strict=True):
                if not alone:
                    continue
                if len(group) * (len(group) - 1) > 2 * MAX_PAIRS:
                    self._cut.add(id(theirs))
                for left, right in islice(combinations(group, 2), MAX_PAIRS):
                    shapes = self._reader.shape(left), self._reader.shape(right)
                    if not self._is_marked(theirs, *shapes) and not self._disjoint(*shapes):
                        found.append((left, right))
            self._pairs[id(theirs)] = found
        return self._pairs[id(theirs)]

    def _is_marked(self, theirs: Shape, one: Shape, other: Shape) -> bool:
        """Return whether a discriminator tells two alternatives apart, whatever else they take."""
        if theirs.discriminator is None:
            return False
        left, right = (
            marks(replace(shape, discriminator=theirs.discriminator), self._reader) for shape in (one, other)
        )
        return bool(left) and bool(right) and not set(left) & set(right)

    def _disjoint(self, one: Shape, other: Shape, depth: int = 0) -> bool:
        """Return whether surely no value fits both."""
        types = meet(one.types, other.types)
        if one.never or other.never or not types:
            return True
        for shape, counterpart in ((one, other), (other, one)):
            if shape.enum is not None:
                able = [value for value in shape.enum if allowed(value, counterpart.types)]
                if counterpart.enum is not None:
                    able = [value for value in able if value in counterpart.enum]
                if not able:
                    return True
        if types != {"object"} or depth >= _DEPTH:
            return False
        for name in one.required | other.required:
            for shape in (one, other):
                if name not in shape.properties and shape.beyond is False and not shape.by_pattern:
                    return True
            if name in one.properties and name in other.properties:
                sides = [self._reader.shape(shape.properties[name]) for shape in (one, other)]
                if self._disjoint(sides[0], sides[1], depth + 1):
                    return True
        return False


def _ended(mine: Shape, theirs: Shape) -> Gap:
    what = (
        "it has more pairs of alternatives than are looked at, and a value that fits two of them is refused;"
        " a discriminator would tell them apart"
    )
    return Gap("one-of", (), mine, theirs, "unknown", what, extra={"incomplete": True})
