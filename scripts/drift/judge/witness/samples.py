"""Values of a schema: small ones that are surely valid, and near misses for a gap, within their parents."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scripts.drift.document.spec import as_dict
from scripts.drift.document.types import FORMATS
from scripts.drift.judge.schemas.discriminators import marks, property_of
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.keyword_gaps import text_of
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape

MAX_DEPTH = 25
MAX_CANDIDATES = 60
# Entries of a kind that are tried alone in a list.
MAX_ENTRIES = 20
# How long a name of a property is made, at most.
MAX_NAME = 5_000
# Names of properties that a rule for names may refuse.
_KEYS = ("other", "a", "A", "aB", "1", "a1", "a-b", "a_b", "a b", "", "\u00e9", "$", "." * 40, "o" * 300)
_ORDER = ("string", "integer", "number", "boolean", "array", "object", "null")


class Samples:
    """Makes values for the schemas of one document and role."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def value(self, shape: Shape, depth: int = 0, kind: str | None = None) -> Any:
        """Return a small value of a shape; of the given type if it allows that. Not checked."""
        return next(self.values(shape, depth, kind), None)

    def values(self, shape: Shape, depth: int = 0, kind: str | None = None) -> Iterator[Any]:
        """Yield some values of a shape, the smallest first."""
        if shape.enum is not None:
            yield from shape.enum[:5]
            return
        if depth > MAX_DEPTH or shape.never:
            return
        if shape.unions:
            for branch in (self._reader.branches(shape) or [])[:8]:
                yield from itertools.islice(self.values(branch, depth + 1, kind), 2)
            return
        for name in [kind] if kind in shape.types else [k for k in _ORDER if k in shape.types]:
            yield from self._of_type(shape, str(name), depth)

    def _of_type(self, shape: Shape, kind: str, depth: int) -> Iterator[Any]:
        if kind == "null":
            yield None
        elif kind == "boolean":
            yield from (True, False)
        elif kind in ("integer", "number"):
            yield from _numbers(shape, kind)
        elif kind == "string":
            yield from _texts(shape)
        elif kind == "array":
            yield self.array(shape, shape.counts[0], depth)
        elif kind == "object":
            yield self.object(shape, depth)

    def array(self, shape: Shape, length: int, depth: int = 0, twice: bool = False) -> list[Any]:
        """Return a list of that length."""
        length = min(length, 300)
        found: list[Any] = []
        for index in range(length):
            inner = shape.prefix[index] if index < len(shape.prefix) else shape.items
            options = itertools.islice(self.values(self._reader.shape(inner), depth + 1), 5)
            fresh = [v for v in options if not shape.unique or v not in found]
            value = fresh[0] if fresh else self.value(self._reader.shape(inner), depth + 1)
            if shape.unique and value in found and isinstance(value, str):
                value = f"{value}{index}"
            elif shape.unique and value in found and isinstance(value, int | float):
                value = value + index
            found.append(value)
        if twice and len(found) > 1:
            found[1] = found[0]
        return found

    def _containing(self, shape: Shape, wanted: Any, times: int) -> list[Any]:
        """Return a list with so many entries of a schema, and what else its length needs."""
        inner = self._reader.shape(wanted)
        options = list(itertools.islice(self.values(inner), times)) or [None]
        entries = [options[index % len(options)] for index in range(min(times, 300))]
        return entries + self.array(shape, shape.counts[0])[len(entries) :]

    def object(self, shape: Shape, depth: int = 0, size: int = 0) -> dict[str, Any]:
        """Return an object with what is required, and more as far as `size` asks for it."""
        found: dict[str, Any] = {}
        for name in sorted(shape.required):
            inner = shape.properties.get(name, shape.beyond)
            found[name] = self.value(self._reader.shape(inner), depth + 1)
        for name, inner in shape.properties.items():
            if len(found) < max(size, shape.sizes[0]) and name not in found:
                found[name] = self.value(self._reader.shape(inner), depth + 1)
        for mark in marks(shape, self._reader)[:1]:
            found[str(property_of(shape))] = mark
        index = 0
        while len(found) < max(size, shape.sizes[0]) and index < 100 and shape.beyond is not False:
            index += 1
            found[f"other{index}"] = self.value(self._reader.shape(shape.beyond), depth + 1)
        return found

    # Near misses

    def candidates(self, gap: Gap) -> Iterator[Any]:
        """Values for the whole position that go through the gap, likely ones first. Not checked."""
        for inner in itertools.islice(self._inner(gap), MAX_CANDIDATES):
            yield self.embedded(gap, inner)

    def embedded(self, gap: Gap, value: Any) -> Any:
        """Return a value at the gap within the smallest parents that can hold it."""
        for kind, name, parent in reversed(gap.steps):
            if kind == "property":
                whole = self.object(parent)
                value = {**whole, name: value}
            elif kind == "key":
                value = {**self.object(parent), name or "other": value}
            elif kind == "item":
                index = int(name) if name else len(parent.prefix)
                entries = self.array(parent, max(index + 1, parent.counts[0]))
                entries[index] = value
                value = entries
        return value

    def _inner(self, gap: Gap) -> Iterator[Any]:
        writer, reader = gap.writer, gap.reader
        yield from gap.sample
        for branch, name, mark in gap.extra.get("marked", ()):
            yield from (
                {**self.object(branch, size=size), name: mark} for size in (0, len(branch.properties))
            )
        if "times" in gap.extra:
            yield self._containing(writer, gap.extra["contains"], gap.extra["times"])
        elif gap.rule == "contains" and "array" in writer.types:
            wanted = self._reader.shape(dict(writer.rest).get("contains"))
            for value in itertools.islice(self.values(wanted), MAX_ENTRIES):
                yield [value]
        if gap.rule == "type":
            for kind in gap.extra.get("types", ()):
                yield from self.values(writer, kind=kind)
        if gap.rule in ("min-items", "max-items"):
            yield self.array(writer, gap.extra["length"])
        if gap.rule == "unique-items":
            yield self.array(writer, max(2, writer.counts[0]), twice=True)
        if gap.name is not None and "object" in writer.types:
            yield from self._about_property(gap, writer)
        if gap.rule in ("min-properties", "max-properties", "additional-properties"):
            yield self.object(writer)
            yield self.object(writer, size=max(gap.extra.get("size", 0), len(writer.required) + 1))
            if writer.beyond is not False:
                beyond = list(itertools.islice(self.values(self._reader.shape(writer.beyond)), 20))
                key = str(gap.extra.get("key", "other"))
                yield from ({**self.object(writer), key: value} for value in beyond)
            for pattern, inner in writer.by_pattern.items():
                key = str(gap.extra.get("key") or pattern)
                yield {**self.object(writer), key: self.value(self._reader.shape(inner))}
        if gap.rule == "property-names" and "object" in writer.types:
            beyond = self.value(self._reader.shape(writer.beyond))
            keys = (*self._names(gap), *writer.properties, *_KEYS)
            yield from ({**self.object(writer), key: beyond} for key in keys)
        yield from self.values(writer)
        yield from self._stretched(writer, reader)

    def _names(self, gap: Gap) -> Iterator[str]:
        """Names that a writer's rule for names allows, those beyond the reader's limits first."""
        mine, theirs = (dict(one.rest).get("propertyNames") for one in (gap.writer, gap.reader))
        names = self._reader.shape({} if mine is None else mine)
        longest = as_dict(theirs).get("maxLength")
        lengths = [longest + 1] if isinstance(longest, int) and longest < MAX_NAME else []
        texts = [*(names.enum or ()), *(text_of(names, length) for length in (*lengths, 1, 2, 4, 8, 16, 32))]
        yield from (text for text in texts if isinstance(text, str))

    def _about_property(self, gap: Gap, writer: Shape) -> Iterator[Any]:
        name = str(gap.name)
        whole = self.object(writer)
        if gap.rule == "required":
            yield {key: value for key, value in whole.items() if key != name}
        else:
            inner = self._reader.shape(writer.properties.get(name, writer.beyond))
            yield {**whole, name: self.value(inner)}

    def _stretched(self, writer: Shape, reader: Shape) -> Iterator[Any]:
        """Values at the edges of both shapes."""
        if writer.types & {"integer", "number"}:
            for bound in (reader.low, reader.high, writer.low, writer.high):
                if bound is not None:
                    for way in (0, -1, 1, -0.5, 0.5, 0.25):
                        yield _whole(bound[0] + way)
            yield from (0, 1, -1, 0.5, 1.5, 7, 10**6, -(10**6), 2**31, 2**63, 1e300)
        if "string" in writer.types:
            for length in (0, 1, reader.lengths[0] - 1, (reader.lengths[1] or 0) + 1):
                if 0 <= length <= 5000:
                    text = text_of(writer, length)
                    if text is not None:
                        yield text
            yield from ("", "a", "text", "1", "*", " ")
            for good, bad in FORMATS.values():
                yield from (*good, *bad)
        if "array" in writer.types:
            for length in (writer.counts[0], writer.counts[0] + 1, (reader.counts[1] or 0) + 1):
                yield self.array(writer, length)
        if "object" in writer.types:
            yield self.object(writer, size=len(writer.properties))
            for name, inner in writer.properties.items():
                yield {**self.object(writer), name: self.value(self._reader.shape(inner))}


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def _numbers(shape: Shape, kind: str) -> Iterator[float]:
    low = shape.low[0] if shape.low else None
    high = shape.high[0] if shape.high else None
    step = math.prod(set(shape.multiples)) if shape.multiples else None
    if kind == "number" and step is None:
        middle = (low + high) / 2 if low is not None and high is not None else None
        base = (
            middle if middle is not None else (low if low is not None else -1.0 if high is None else high - 1)
        )
        for number in (base + 0.5, base + 0.25, base):
            if _inside(number, shape):
                yield number
    start = low if low is not None else min(0, high) if high is not None else 0
    if step:
        start = math.ceil(start / step) * step
        options = [start, start + step, start + 2 * step]
    else:
        options = [math.ceil(start), math.ceil(start) + 1, math.floor(start)]
        if high is not None:
            options.append(math.floor(high))
    for number in options:
        if _inside(number, shape):
            yield _whole(number)


def _inside(number: float, shape: Shape) -> bool:
    low, high = shape.low, shape.high
    return (low is None or number > low[0] or (number == low[0] and not low[1])) and (
        high is None or number < high[0] or (number == high[0] and not high[1])
    )


def _texts(shape: Shape) -> Iterator[str]:
    if "contentEncoding" in dict(shape.rest):
        yield "TWFuTWFu"
    for name in shape.formats:
        if name in FORMATS:
            yield from FORMATS[name][0]
        elif name == "byte":
            yield "TWFu"
    if shape.patterns or not shape.formats:
        text = text_of(replace(shape, formats=()), at_least=min(1, shape.lengths[1] or 1))
        if text is not None:
            yield text
