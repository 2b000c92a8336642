# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The codecs of constants, enumerations, arrays and unions; generated code finds all others here as well."""

import operator
from collections.abc import Callable, Iterable
from enum import IntEnum, StrEnum
from typing import Any

from .codec import Codec, surprises, written
from .mismatch import Mismatch
from .scalars import ANY, BOOLEAN, DATE, FILE, INTEGER, MOMENT, NULL, NUMBER, NUMBERS, TEXT, TEXTS, UUID
from .values import is_array, is_several

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "FILE",
    "INTEGER",
    "MOMENT",
    "NULL",
    "NUMBER",
    "TEXT",
    "UUID",
    "Array",
    "Choice",
    "Codec",
    "Constant",
    "Listed",
    "Mismatch",
    "Union",
]

_JSON_TYPES = (str, int, float, bool, type(None), dict, list)


class Constant(Codec[Any]):
    """The one value that the document allows."""

    rank = 2

    def __init__(self, value: str | int | float | bool) -> None:
        self.value = value
        self.expected = repr(value)

    def parse(self, value: Any) -> Any:
        """Return the value if it is the one; 1.0 is 1 in JSON (JSON Schema 2020-12, 4.2.2), true is not."""
        if isinstance(value, bool) is isinstance(self.value, bool) and value == self.value:
            return self.value
        raise Mismatch(f"expected {self.expected}")

    def dump(self, value: Any) -> Any:
        """Return the value if it is the one."""
        return self.parse(value)

    def text(self, value: Any) -> str:
        """Return the value as text."""
        return written(self.parse(value))


class Choice(Codec[Any]):
    """A value of a list that does not grow (`literal_enums` of the generator's settings)."""

    rank = 2

    def __init__(self, values: Iterable[str | int]) -> None:
        self.values = frozenset(values)
        self.expected = "one of the documented values"

    def parse(self, value: Any) -> Any:
        """Return the value if it is listed."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value in self.values:
            return value
        raise Mismatch(f"expected {self.expected}")

    def dump(self, value: Any) -> Any:
        """Return the value if it is listed."""
        return self.parse(value)

    def text(self, value: Any) -> str:
        """Return the value as text."""
        return written(self.parse(value))


class Listed(Codec[Any]):
    """A member of an enumeration; a value that the document does not list is kept and says so."""

    rank = 2

    def __init__(self, members: type[StrEnum] | type[IntEnum]) -> None:
        self.members = members
        self.base: type[str] | type[int] = str if issubclass(members, str) else int
        self.expected = "text" if self.base is str else "an integer"
        self.kinds = TEXTS if self.base is str else NUMBERS
        self._known: dict[Any, Any] = {member.value: member for member in members}

    def parse(self, value: Any) -> Any:
        """Return the member of this value."""
        # True is 1 to a dictionary, so the type is looked at first.
        if type(value) is self.base and (known := self._known.get(value)) is not None:
            return known
        if self.base is int and isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, self.base):
            raise self.wrong(value)
        members: Callable[[Any], Any] = self.members
        return members(value)

    def dump(self, value: Any) -> Any:
        """Return the value of a member; a plain value will do."""
        if isinstance(value, bool) or not isinstance(value, self.base):
            raise self.wrong(value)
        return self.base(value)

    def text(self, value: Any) -> str:
        """Return the value of a member as text."""
        return str(self.dump(value))


class Array(Codec[list[Any]]):
    """An array of values of one kind."""

    expected = "an array"
    rank = 7
    kinds = frozenset((list,))

    def __init__(self, inner: Codec[Any]) -> None:
        self.inner = inner

    def parse(self, value: Any) -> list[Any]:
        """Parse every item."""
        if not is_array(value):
            raise self.wrong(value)
        exact, parse = self.inner.exact, self.inner.parse
        result: list[Any] = []
        try:
            for item in value:
                result.append(item if type(item) is exact else parse(item))  # noqa: PERF401 - its length tells
        except Mismatch as mismatch:
            raise mismatch.within(len(result)) from None
        return result

    def dump(self, value: Any) -> list[Any]:
        """Dump every item."""
        return self._each(self.inner.dump, self._items(value))

    def texts(self, value: Any) -> list[str]:
        """Write every item as text."""
        return self._each(self.inner.text, self._items(value))

    def text(self, value: Any) -> str:
        """Write the items with commas between, as paths and headers have them ("simple" style)."""
        return ",".join(self.texts(value))

    def _items(self, value: Any) -> list[Any]:
        if not is_several(value):
            raise self.wrong(value)
        return list(value)

    def _each(self, convert: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        result: list[Any] = []
        try:
            for item in items:
                result.append(convert(item))  # noqa: PERF401 - its length tells which one failed
        except Mismatch as mismatch:
            raise mismatch.within(len(result)) from None
        return result


class Union(Codec[Any]):
    """One of several kinds: the most particular that fits with the least left over."""

    def __init__(self, *alternatives: Codec[Any]) -> None:
        self.alternatives = sorted(alternatives, key=lambda codec: codec.rank)
        self.expected = " or ".join(codec.expected for codec in alternatives)
        self.rank = max(codec.rank for codec in alternatives)
        kinds = [codec.kinds for codec in alternatives]
        if None not in kinds:
            self.kinds = frozenset().union(*(each for each in kinds if each is not None))
        self._of_type = {
            each: [codec for codec in self.alternatives if codec.kinds is None or each in codec.kinds]
            for each in _JSON_TYPES
        }

    def parse(self, value: Any) -> Any:
        """Parse a value by the alternative that fits best."""
        found: list[tuple[int, Any]] = []
        reasons: list[Mismatch] = []
        alternatives = self._of_type.get(
            type(value),  # pyright: ignore[reportUnknownArgumentType]
            self.alternatives,
        )
        for codec in alternatives:
            try:
                parsed = codec.parse(value)
            except Mismatch as mismatch:
                # Its traceback has the frame that has the list: a circle that only the collector breaks.
                reasons.append(mismatch.with_traceback(None))
                continue
            left_over = surprises(parsed)
            if left_over == 0:
                return parsed
            found.append((left_over, parsed))
        if found:
            return min(found, key=operator.itemgetter(0))[1]
        raise self._nearest(value, reasons)

    def dump(self, value: Any) -> Any:
        """Dump a value by the first alternative that takes it."""
        return self._first(value, "dump")

    def text(self, value: Any) -> str:
        """Write a value as text by the first alternative that takes it."""
        return str(self._first(value, "text"))

    def _first(self, value: Any, side: str) -> Any:
        reasons: list[Mismatch] = []
        for codec in self.alternatives:
            try:
                return getattr(codec, side)(value)
            except Mismatch as mismatch:
                reasons.append(mismatch.with_traceback(None))
        raise self._nearest(value, reasons)

    def _nearest(self, value: Any, reasons: list[Mismatch]) -> Mismatch:
        # The alternative that got furthest tells most: it agreed on the kind and failed on a field.
        deepest = max(reasons, key=lambda mismatch: len(mismatch.steps), default=None)
        # The frame of the caller, which is in the traceback of the one that is raised, has the list.
        reasons.clear()
        return deepest if deepest is not None and deepest.steps else self.wrong(value)
