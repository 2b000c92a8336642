"""Whether values of a writer fit two alternatives of a reader's oneOf, which takes what fits exactly one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from scripts.drift.document.types import meet
from scripts.drift.judge.schemas.discriminators import marks
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape, allowed
from scripts.drift.judge.witness.differences import samples_of
from scripts.drift.judge.witness.to_json_schema import Emitter
from scripts.drift.judge.witness.validator import Engine

# Alternatives of one oneOf beyond which its pairs are not looked at.
MAX_ALTERNATIVES = 40
_DEPTH = 3


class Overlaps:
    """Comparisons of the schemas of one document (the writer's) with the oneOf of another (the reader's)."""

    def __init__(self, writer: Reader, reader: Reader, engine: Engine) -> None:
        self._writer = writer
        self._reader = reader
        self._engine = engine
        self._pairs: dict[int, list[tuple[Shape, Shape]]] = {}
        self._kept: list[Shape] = []

    def gaps(self, mine: Shape, theirs: Shape) -> Iterator[Gap]:
        """Yield that a value which may be sent fits more than one alternative."""
        if mine.is_way:
            return  # the whole union was asked
        if mine.never or mine.opaque or theirs.opaque or not any(theirs.exclusive):
            return
        written: dict[str, object] | None = None
        doubtful = False
        for one, other in self._overlapping(theirs):
            if not meet(meet(mine.types, one.types), other.types):
                continue
            if written is None:
                written = Emitter(self._writer, closed=False).schema(mine)
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
            doubtful = doubtful or answer == "unknown"
        if doubtful and not any(mine.exclusive):
            yield Gap(
                "one-of", (), mine, theirs, "unknown", "alternatives that may overlap cannot be compared"
            )

    def _overlapping(self, theirs: Shape) -> list[tuple[Shape, Shape]]:
        """Return the pairs of alternatives that a value may fit both of."""
        if id(theirs) not in self._pairs:
            self._kept.append(theirs)
            found: list[tuple[Shape, Shape]] = []
            for group, alone in zip(theirs.unions, theirs.exclusive, strict=True):
                if not alone or len(group) > MAX_ALTERNATIVES:
                    continue
                shapes = [self._reader.shape(one) for one in group]
                found += [
                    pair
                    for pair in combinations(shapes, 2)
                    if not self._is_marked(theirs, *pair) and not self._disjoint(*pair)
                ]
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
