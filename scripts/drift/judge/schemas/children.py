"""What is inside of two shapes: the entries and properties to be compared, and those that only one has."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from scripts.drift.judge.schemas import keyword_gaps, property_names
from scripts.drift.judge.schemas.gap import Gap, Step
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape

# A shape within the writer's, its counterpart, and the step to them; without one both stand for the whole.
Child: TypeAlias = tuple[Shape, Shape, Step | None]
# Whether two schemas are the same to the letter.
Same: TypeAlias = Callable[[Any, Any], bool]


class Inside:
    """The insides of shapes of one document (the writer's) and of another (the reader's)."""

    def __init__(self, writer: Reader, reader: Reader, same: Same) -> None:
        self.writer = writer
        self.reader = reader
        self._same = same

    def children(self, mine: Shape, theirs: Shape) -> Iterator[Child]:
        """Yield the pairs inside of two shapes, without those that are the same to the letter."""
        if "object" in mine.types & theirs.types:
            for name, child in mine.properties.items():
                for counterpart in keyword_gaps.of_property(theirs, name):
                    if counterpart is not False and not self._same(child, counterpart):
                        inner = self.writer.shape(child)
                        yield inner, self.reader.shape(counterpart), ("property", name, mine)
            for child, counterpart, step in property_names.pairs(mine, theirs):
                if not self._same(child, counterpart):
                    yield self.writer.shape(child), self.reader.shape(counterpart), step
        if "array" in mine.types & theirs.types:
            yield from self._items(mine, theirs)

    def _items(self, mine: Shape, theirs: Shape) -> Iterator[Child]:
        longest = max(len(mine.prefix), len(theirs.prefix))
        for index in range(longest):
            inner = mine.prefix[index] if index < len(mine.prefix) else mine.items
            outer = theirs.prefix[index] if index < len(theirs.prefix) else theirs.items
            if outer is not None and not self._same(inner, outer):
                yield self.writer.shape(inner), self.reader.shape(outer), ("item", str(index), mine)
        if theirs.items is not None and mine.items is not False and not self._same(mine.items, theirs.items):
            yield self.writer.shape(mine.items), self.reader.shape(theirs.items), ("item", "", mine)

    def undescribed(self, mine: Shape, theirs: Shape) -> Iterator[Gap]:
        """Properties that the writer may send and the reader does not describe."""
        if "object" not in mine.types & theirs.types:
            return
        for name, child in mine.properties.items():
            if keyword_gaps.is_named(theirs, name) or self.writer.shape(child).never:
                continue
            if name in theirs.hidden:
                yield Gap("read-only", (), mine, theirs, "soft", "is not read any more", name=name)
            elif theirs.beyond is not False and self.reader.shape(theirs.beyond).is_any:
                yield Gap("property", (), mine, theirs, "soft", "is not described any more", name=name)
        for name, child in mine.properties.items():
            forbidden = any(one is False for one in keyword_gaps.of_property(theirs, name))
            if forbidden and not self.writer.shape(child).never:
                yield Gap("property", (), mine, theirs, "no", "is not allowed", name=name)
        key = property_names.refused_key(mine, theirs) if theirs.beyond is False else None
        if key is not None:
            what = "other properties are not allowed"
            extra = {"key": key, "closing": property_names.is_closing(mine)}
            yield Gap("additional-properties", (), mine, theirs, "no", what, extra=extra)
        elif (
            theirs.beyond is not False
            and property_names.is_open(mine)
            and theirs.beyond is not None
            and not self.reader.shape(theirs.beyond).is_any
        ):
            what = "other properties are restricted"
            extra = {
                "key": property_names.other_key(mine, theirs),
                "closing": property_names.is_closing(mine),
            }
            yield Gap("additional-properties", (), mine, theirs, "no", what, extra=extra)
