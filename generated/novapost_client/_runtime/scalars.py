# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""One codec per kind of single value: text, numbers, dates and the like."""

import datetime
import math
import re
import uuid
from typing import Any

from .codec import Codec
from .mismatch import Mismatch
from .values import File

_DATE = r"\d\d\d\d-\d\d-\d\d"
# RFC 3339, section 5.6: a moment has an offset. Without one, nobody knows when it is.
_MOMENT = _DATE + r"[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)"
_HEX = "[0-9a-fA-F]"
_is_date = re.compile(_DATE, re.ASCII).fullmatch
_is_moment = re.compile(_MOMENT, re.ASCII).fullmatch
_is_uuid = re.compile("-".join(f"{_HEX}{{{digits}}}" for digits in (8, 4, 4, 4, 12))).fullmatch
# The types that JSON gives to texts and to numbers: 1.0 is an integer to JSON Schema.
TEXTS = frozenset((str,))
NUMBERS = frozenset((int, float))


class _Text(Codec[str]):
    expected = "text"
    exact = str
    kinds = TEXTS
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
    exact = bool
    kinds = frozenset((bool,))
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
    exact = int
    kinds = NUMBERS
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
    kinds = NUMBERS
    rank = 5

    def parse(self, value: Any) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                raise Mismatch("a number that is too large") from None
            if not math.isfinite(number):
                raise Mismatch("a number that is not finite")
            # From 2 ** 53 on, not every integer is a float; such a one stays what it is.
            return number if number == value else value
        raise self.wrong(value)

    def dump(self, value: Any) -> Any:
        self.parse(value)
        return value

    def text(self, value: Any) -> str:
        self.parse(value)
        return str(value)


class _Null(Codec[None]):
    expected = "null"
    kinds = frozenset((type(None),))
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
    kinds = TEXTS
    rank = 3

    def parse(self, value: Any) -> datetime.datetime:
        if not isinstance(value, str):
            raise self.wrong(value)
        if not _is_moment(value):
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
    """Return the second after a leap second (RFC 3339, section 5.7), as clocks do that do not know it.

    A leap second is the last of a day in UTC. Python has no value for it.
    """
    moment = datetime.datetime.fromisoformat(f"{text[:17]}59{text[19:]}")
    utc = moment.astimezone(datetime.UTC)
    if (utc.hour, utc.minute) != (23, 59):
        raise ValueError
    return moment + datetime.timedelta(seconds=1)


class _Date(Codec[datetime.date]):
    expected = "a date (RFC 3339)"
    kinds = TEXTS
    rank = 3

    def parse(self, value: Any) -> datetime.date:
        if not isinstance(value, str):
            raise self.wrong(value)
        try:
            if _is_date(value):
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
    kinds = TEXTS
    rank = 3

    def parse(self, value: Any) -> uuid.UUID:
        if not isinstance(value, str):
            raise self.wrong(value)
        if not _is_uuid(value):
            raise Mismatch(f"expected {self.expected}")
        return uuid.UUID(value)

    def dump(self, value: Any) -> str:
        if not isinstance(value, uuid.UUID):
            raise self.wrong(value)
        return str(value)

    text = dump


class _File(Codec[File]):
    expected = "a file"
    kinds = TEXTS
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
