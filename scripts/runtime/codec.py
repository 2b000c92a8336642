"""What the codecs of all kinds have in common, and values of any kind written as JSON or as text.

A codec has three sides. `parse` takes a value of an answer and raises `Mismatch` unless it is of the
documented type. `dump` gives the value for a JSON body. `text` gives the text for a path, a query, a header
or a form. The last two raise `Mismatch` for an argument of the wrong type.
"""

import datetime
import json
import math
import uuid
from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import Any, Generic, TypeVar

from .mismatch import Mismatch, kind
from .values import is_object, is_row

T = TypeVar("T")


class Codec(Generic[T]):
    """Any JSON value, taken as it is; and the base of the more particular ones."""

    expected = "any value"
    # Values of exactly this type are taken as they are, so that whoever has many need not call `parse`.
    exact: type | None = None
    # The types that JSON gives to the values of this kind; None for any.
    kinds: frozenset[type] | None = None
    # In a union the most particular alternative is tried first; the lower, the more particular.
    rank = 9

    def parse(self, value: Any) -> T:
        """Return the Python value of a JSON value."""
        result: T = value
        return result

    def dump(self, value: Any) -> Any:
        """Return the JSON value of a Python value."""
        return plain(value)

    def text(self, value: Any) -> str:
        """Write a Python value as text outside of JSON."""
        return written(plain(value))

    def texts(self, value: Any) -> list[str]:
        """Write a Python value as the texts of a repeated name: several for an array, else one."""
        return [self.text(value)]

    def wrong(self, value: object) -> Mismatch:
        """Return the mismatch of a value that this codec is not for."""
        return Mismatch(f"expected {self.expected}, got {kind(value)}")


def plain(value: Any) -> Any:
    """Return a Python value of any kind as JSON has it."""
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
    """Write a JSON value as text outside of JSON; objects and arrays stay JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def written(value: Any) -> str:
    """Write a JSON value as text outside of JSON; the items of an array have commas between them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if is_row(value):
        return ",".join(written(item) for item in value)
    return str(value)


def surprises(value: Any) -> int:
    """Count in a parsed value what the document does not know: unlisted enum values, undeclared fields."""
    if is_row(value):
        return sum(surprises(item) for item in value)
    if getattr(value, "is_known", True) is False:
        return 1
    count: Callable[[], int] | None = getattr(value, "count_surprises", None)
    return 0 if count is None else count()
