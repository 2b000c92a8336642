"""Reading JSON of a stranger: nothing ambiguous, nothing bottomless.

RFC 8259 leaves open what a reader does with duplicate names, and Python's reader takes NaN. Here both are
refused, as is what nests too deep, holds too many values, or escapes half of a surrogate pair.
"""

import json
import math
import re
from typing import Any, Never

MAX_DEPTH = 100
# A body within the limit of bytes may still unfold: `[[],[],...` takes twenty times its size as objects.
MAX_VALUES = 500_000

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class NotJson(ValueError):
    """The text is no JSON that we take; the message says why and quotes nothing."""


def loads(content: bytes) -> Any:
    """The value of a JSON text in UTF-8 (RFC 8259, section 8.1), whatever charset a header claims.

    Raises:
        NotJson: the bytes are no UTF-8, or no JSON, or JSON of a kind that is refused.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start} is no UTF-8") from None
    # A byte order mark is not allowed, and ignoring it is (RFC 8259, section 8.1).
    text = text.removeprefix("\ufeff")
    if not text.strip(" \t\n\r"):
        raise NotJson("empty")
    _bounded(text)
    try:
        value = _DECODER.decode(text)
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        raise NotJson(f"no JSON: {error.msg} at character {error.pos}") from None
    except (ValueError, RecursionError, OverflowError):
        raise NotJson("no JSON that can be read: a number or the nesting is too large") from None
    if _SURROGATE.search(text):
        _whole(value)
    return value


def loads_leniently(content: bytes) -> Any:
    """The value of a JSON text as Python reads it: UTF-8, 16 or 32, NaN, and names that stand twice.

    Raises:
        NotJson: the bytes are no JSON, or nest too deep, or hold too many values.
    """
    try:
        text = content.decode(json.detect_encoding(content), "surrogatepass").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start} is no text") from None
    _bounded(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise NotJson(f"{error.msg} at character {error.pos}") from None
    except (ValueError, RecursionError):
        raise NotJson("a number or the nesting is too large") from None


def _bounded(text: str) -> None:
    opened = text.count("[") + text.count("{")
    if opened + text.count(",") > MAX_VALUES:
        raise NotJson(f"more than {MAX_VALUES} values")
    if opened <= MAX_DEPTH:
        return
    depth = 0
    for mark in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if mark in "[{" else -1
        if depth > MAX_DEPTH:
            raise NotJson(f"nested deeper than {MAX_DEPTH}")


def _whole(value: Any) -> None:
    # Half a surrogate pair cannot be written or sent anywhere later.
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += [*item, *item.values()]
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str):
            try:
                item.encode()
            except UnicodeEncodeError:
                raise NotJson("half of a surrogate pair") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotJson("a name stands twice in one object")
    return result


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotJson("a number is too large")
    return number


def _constant(name: str) -> Never:
    raise NotJson(f"{name} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
