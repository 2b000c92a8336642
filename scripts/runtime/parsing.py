"""One object per kind of value: JSON to Python with its type checked, and Python to what is sent.

A codec has three sides. `parse` takes what stands in an answer and raises `Mismatch` unless it is of the
documented type. `dump` gives what stands in a JSON body. `text` gives what stands in a path, a query, a
header or a form. The last two raise `Mismatch` for an argument of the wrong type.
"""

import datetime
import math
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import Any, Generic, TypeVar

from .values import File, is_array, is_object, is_row, is_several

T = TypeVar("T")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339, section 5.6: a moment has an offset. Without one, nobody knows when it is.
_MOMENT = re.compile(
    _DATE.pattern + r"[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Mismatch(Exception):
    """A value is not of the documented type.

    Attributes:
        reason: what was expected and what came, by type; never the value, which may be a secret.
        steps: the way from the outermost value to this one, as names and indexes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str | int] = []

    def within(self, step: str | int) -> "Mismatch":
        """The same, seen from one level further out."""
        self.steps.insert(0, step)
        return self

    @property
    def json_path(self) -> str:
        """The way as a JSONPath (RFC 9535)."""
        return "$" + "".join(_step(step) for step in self.steps)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_NAME.fullmatch(step) else f"[{step!r}]"


def kind(value: object) -> str:
    """The JSON name of a value's type, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "an array"
    return f"a {type(value).__name__}"


class Codec(Generic[T]):
    """Any JSON value, taken as it is; and the base of the more particular ones."""

    expected = "any value"
    # In a union the most particular alternative is tried first; the lower, the more particular.
    rank = 9

    def parse(self, value: Any) -> T:
        """The Python value of a JSON value."""
        result: T = value
        return result

    def dump(self, value: Any) -> Any:
        """The JSON value of a Python value."""
        return plain(value)

    def text(self, value: Any) -> str:
        """A Python value as text outside of JSON."""
        return _written(plain(value))

    def texts(self, value: Any) -> list[str]:
        """A Python value as the texts of a repeated name: several for an array, else one."""
        return [self.text(value)]

    def wrong(self, value: object) -> Mismatch:
        """That `value` is not what this codec is for."""
        return Mismatch(f"expected {self.expected}, got {kind(value)}")


def plain(value: Any) -> Any:
    """A Python value of any kind as JSON has it."""
    if isinstance(value, (StrEnum, IntEnum)):
        return value.value
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise Mismatch("a number that is not finite")
    if is_object(value):
        return {str(name): plain(item) for name, item in value.items()}
    if is_row(value):
        return [plain(item) for item in value]
    to_dict = getattr(value, "to_dict", None)
    if callable(to_dict):
        return to_dict()
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise Mismatch(f"a {type(value).__name__} cannot be sent")


def plain_text(value: Any) -> str:
    """A JSON value as text outside of JSON; what is nested in it stays JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        import json

        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if is_row(value):
        return ",".join(_written(item) for item in value)
    return str(value)


class _Text(Codec[str]):
    expected = "text"
    rank = 8

    def parse(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        raise self.wrong(value)

    def dump(self, value: Any) -> str:
        if isinstance(value, str):
            return value if type(value) is str else str(value)
        raise self.wrong(value)

    text = dump


class _Boolean(Codec[bool]):
    expected = "a boolean"
    rank = 1

    def parse(self, value: Any) -> bool:
        if value is True or value is False:
            return value
        raise self.wrong(value)

    dump = parse

    def text(self, value: Any) -> str:
        return "true" if self.parse(value) else "false"


class _Integer(Codec[int]):
    expected = "an integer"
    rank = 4

    def parse(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return int(value)
        # JSON Schema counts 1.0 as an integer.
        if isinstance(value, float) and value.is_integer():
            return int(value)
        raise self.wrong(value)

    dump = parse

    def text(self, value: Any) -> str:
        return str(self.parse(value))


class _Number(Codec[float]):
    expected = "a number"
    rank = 5

    def parse(self, value: Any) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                raise Mismatch("a number that is too large") from None
            if math.isfinite(number):
                return number
            raise Mismatch("a number that is not finite")
        raise self.wrong(value)

    def dump(self, value: Any) -> Any:
        self.parse(value)
        return value

    def text(self, value: Any) -> str:
        self.parse(value)
        return str(value)


class _Null(Codec[None]):
    expected = "null"
    rank = 0

    def parse(self, value: Any) -> None:
        if value is not None:
            raise self.wrong(value)

    dump = parse

    def text(self, value: Any) -> str:
        self.parse(value)
        return ""


class _Moment(Codec[datetime.datetime]):
    expected = "a date with time and offset (RFC 3339)"
    rank = 3

    def parse(self, value: Any) -> datetime.datetime:
        if not isinstance(value, str):
            raise self.wrong(value)
        if not _MOMENT.fullmatch(value):
            raise Mismatch(f"expected {self.expected}")
        try:
            if value[17:19] == "60":
                return _leap(value.upper())
            return datetime.datetime.fromisoformat(value.upper())
        except (ValueError, OverflowError):
            raise Mismatch(f"expected {self.expected}") from None

    def dump(self, value: Any) -> str:
        if not isinstance(value, datetime.datetime):
            raise self.wrong(value)
        if value.tzinfo is None:
            raise Mismatch("expected a datetime with a time zone")
        return value.isoformat()

    text = dump


def _leap(text: str) -> datetime.datetime:
    """A leap second (RFC 3339, section 5.7): it is the last of a day in UTC, and Python's clock has no such.

    As every clock that does not know it, ours tells the second after it.
    """
    moment = datetime.datetime.fromisoformat(f"{text[:17]}59{text[19:]}")
    utc = moment.astimezone(datetime.UTC)
    if (utc.hour, utc.minute) != (23, 59):
        raise ValueError
    return moment + datetime.timedelta(seconds=1)


class _Date(Codec[datetime.date]):
    expected = "a date (RFC 3339)"
    rank = 3

    def parse(self, value: Any) -> datetime.date:
        if not isinstance(value, str):
            raise self.wrong(value)
        try:
            if _DATE.fullmatch(value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        raise Mismatch(f"expected {self.expected}")

    def dump(self, value: Any) -> str:
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.wrong(value)
        return value.isoformat()

    text = dump


class _Uuid(Codec[uuid.UUID]):
    expected = "a UUID"
    rank = 3

    def parse(self, value: Any) -> uuid.UUID:
        if not isinstance(value, str):
            raise self.wrong(value)
        if not _UUID.fullmatch(value):
            raise Mismatch(f"expected {self.expected}")
        return uuid.UUID(value)

    def dump(self, value: Any) -> str:
        if not isinstance(value, uuid.UUID):
            raise self.wrong(value)
        return str(value)

    text = dump


class _File(Codec[File]):
    expected = "a file"
    rank = 8

    def parse(self, value: Any) -> File:
        if isinstance(value, File):
            return value
        if isinstance(value, str):
            return File(value.encode())
        raise self.wrong(value)

    def dump(self, value: Any) -> str:
        if not isinstance(value, File):
            raise self.wrong(value)
        try:
            return value.read().decode()
        except UnicodeDecodeError:
            raise Mismatch("a file that is no text cannot stand in a JSON body") from None

    text = dump


class Constant(Codec[Any]):
    """The one value that the document allows."""

    rank = 2

    def __init__(self, value: str | int | float | bool) -> None:
        self.value = value
        self.expected = repr(value)

    def parse(self, value: Any) -> Any:
        """The value, if it is the one; 1.0 is 1 in JSON (JSON Schema 2020-12, section 4.2.2), true is not."""
        if isinstance(value, bool) is isinstance(self.value, bool) and value == self.value:
            return self.value
        raise Mismatch(f"expected {self.expected}")

    def dump(self, value: Any) -> Any:
        """The value, if it is the one."""
        return self.parse(value)

    def text(self, value: Any) -> str:
        """The value as text."""
        return _written(self.parse(value))


class Choice(Codec[Any]):
    """A value of a list that does not grow (`literal_enums` of the generator's settings)."""

    rank = 2

    def __init__(self, values: Iterable[str | int]) -> None:
        self.values = frozenset(values)
        self.expected = "one of the documented values"

    def parse(self, value: Any) -> Any:
        """The value, if it is listed."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value in self.values:
            return value
        raise Mismatch(f"expected {self.expected}")

    def dump(self, value: Any) -> Any:
        """The value, if it is listed."""
        return self.parse(value)

    def text(self, value: Any) -> str:
        """The value as text."""
        return _written(self.parse(value))


class Listed(Codec[Any]):
    """A member of an enumeration; a value that the document does not list is kept and says so."""

    rank = 2

    def __init__(self, members: type[StrEnum] | type[IntEnum]) -> None:
        self.members = members
        self.base: type[str] | type[int] = str if issubclass(members, str) else int
        self.expected = "text" if self.base is str else "an integer"

    def parse(self, value: Any) -> Any:
        """The member of this value."""
        if self.base is int and isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, self.base):
            raise self.wrong(value)
        members: Callable[[Any], Any] = self.members
        return members(value)

    def dump(self, value: Any) -> Any:
        """The value of a member; a plain value will do."""
        if isinstance(value, bool) or not isinstance(value, self.base):
            raise self.wrong(value)
        return self.base(value)

    def text(self, value: Any) -> str:
        """The value of a member as text."""
        return str(self.dump(value))


class Array(Codec[list[Any]]):
    """An array of values of one kind."""

    expected = "an array"
    rank = 7

    def __init__(self, inner: Codec[Any]) -> None:
        self.inner = inner

    def parse(self, value: Any) -> list[Any]:
        """Every item parsed."""
        if not is_array(value):
            raise self.wrong(value)
        return self._each(self.inner.parse, value)

    def dump(self, value: Any) -> list[Any]:
        """Every item dumped."""
        return self._each(self.inner.dump, self._items(value))

    def texts(self, value: Any) -> list[str]:
        """Every item as text."""
        return self._each(self.inner.text, self._items(value))

    def text(self, value: Any) -> str:
        """The items with commas between, which is what paths and headers do ("simple" style)."""
        return ",".join(self.texts(value))

    def _items(self, value: Any) -> list[Any]:
        if not is_several(value):
            raise self.wrong(value)
        return list(value)

    def _each(self, convert: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        position = 0
        result: list[Any] = []
        try:
            for position, item in enumerate(items):  # noqa: B007 - told when one of them fails
                result.append(convert(item))
        except Mismatch as mismatch:
            raise mismatch.within(position) from None
        return result


class Union(Codec[Any]):
    """One of several kinds: the most particular that fits with the least left over."""

    def __init__(self, *alternatives: Codec[Any]) -> None:
        self.alternatives = sorted(alternatives, key=lambda codec: codec.rank)
        self.expected = " or ".join(codec.expected for codec in alternatives)
        self.rank = max(codec.rank for codec in alternatives)

    def parse(self, value: Any) -> Any:
        """The value by the alternative that fits best."""
        found: list[tuple[int, Any]] = []
        reasons: list[Mismatch] = []
        for codec in self.alternatives:
            try:
                parsed = codec.parse(value)
            except Mismatch as mismatch:
                reasons.append(mismatch)
                continue
            left_over = surprises(parsed)
            if left_over == 0:
                return parsed
            found.append((left_over, parsed))
        if found:
            return min(found, key=lambda pair: pair[0])[1]
        raise self._nearest(value, reasons)

    def dump(self, value: Any) -> Any:
        """The value by the first alternative that takes it."""
        return self._first(value, "dump")

    def text(self, value: Any) -> str:
        """The value by the first alternative that takes it, as text."""
        return str(self._first(value, "text"))

    def _first(self, value: Any, side: str) -> Any:
        reasons: list[Mismatch] = []
        for codec in self.alternatives:
            try:
                return getattr(codec, side)(value)
            except Mismatch as mismatch:
                reasons.append(mismatch)
        raise self._nearest(value, reasons)

    def _nearest(self, value: Any, reasons: list[Mismatch]) -> Mismatch:
        # The alternative that got furthest tells most: it agreed on the kind and failed on a field.
        deepest = max(reasons, key=lambda mismatch: len(mismatch.steps))
        return deepest if deepest.steps else self.wrong(value)


def surprises(value: Any) -> int:
    """How much in a parsed value the document does not know: unlisted enum values, undeclared fields."""
    if is_row(value):
        return sum(surprises(item) for item in value)
    if getattr(value, "is_known", True) is False:
        return 1
    count: Callable[[], int] | None = getattr(value, "count_surprises", None)
    return 0 if count is None else count()


ANY: Codec[Any] = Codec()
TEXT = _Text()
BOOLEAN = _Boolean()
INTEGER = _Integer()
NUMBER = _Number()
NULL = _Null()
MOMENT = _Moment()
DATE = _Date()
UUID = _Uuid()
FILE = _File()
