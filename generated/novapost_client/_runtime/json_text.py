# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
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

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*"')
_OTHERS = bytes(set(range(256)) - set(b'[]{}",:'))
_ROUND = bytes.maketrans(b"[]{}", b"()()")


class NotJson(ValueError):
    """The text is no JSON that we take; the message says why and quotes nothing."""


def loads(content: bytes) -> Any:
    """Return the value of a JSON text in UTF-8 (RFC 8259, section 8.1), whatever charset a header claims.

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
    skeleton = _bounded(content)
    kept = 0

    def count(found: dict[str, Any]) -> dict[str, Any]:
        nonlocal kept
        kept += len(found)
        return found

    decoder = json.JSONDecoder(object_hook=count, parse_float=_number, parse_constant=_constant)
    try:
        value = decoder.decode(text)
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        raise NotJson(f"no JSON: {error.msg} at character {error.pos}") from None
    except (ValueError, RecursionError, OverflowError):
        raise NotJson("no JSON that can be read: a number or the nesting is too large") from None
    # Of names that stand twice in an object Python keeps one. Each name has a colon after it.
    if kept != skeleton.count(b":"):
        raise NotJson("a name stands twice in one object")
    if b"\\" in content and _SURROGATE.search(text):
        _whole(value)
    return value


def loads_leniently(content: bytes) -> Any:
    """Return the value of a JSON text as Python reads it: UTF-8, 16 or 32, NaN, and names that stand twice.

    A whole number of more digits than Python reads is kept as their text.

    Raises:
        NotJson: the bytes are no JSON, or nest too deep, or hold too many values.
    """
    try:
        text = content.decode(json.detect_encoding(content), "surrogatepass").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start} is no text") from None
    _bounded(text.encode("utf-8", "surrogatepass"))
    try:
        return json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise NotJson(f"{error.msg} at character {error.pos}") from None
    except (ValueError, RecursionError):
        raise NotJson("a number or the nesting is too large") from None


def _bounded(content: bytes) -> bytes:
    """Return the skeleton of a text that holds not too many values and does not nest too deep."""
    skeleton = _skeleton(content)
    opened = skeleton.count(b"(")
    if opened + skeleton.count(b",") > MAX_VALUES:
        raise NotJson(f"more than {MAX_VALUES} values")
    if opened > MAX_DEPTH:
        brackets = skeleton.translate(None, b",:")
        # Each turn takes the innermost ones away.
        for _ in range(MAX_DEPTH):
            brackets = brackets.replace(b"()", b"")
        # Brackets that were never closed are told as such, unless they are too many.
        if b"()" in brackets or brackets.count(b"(") > MAX_DEPTH:
            raise NotJson(f"nested deeper than {MAX_DEPTH}")
    return skeleton


def _skeleton(content: bytes) -> bytes:
    """Return the brackets, commas and colons of a JSON text in UTF-8, those within strings left out.

    All brackets are round ones. Every step is one of C, since an answer may have millions of characters.
    """
    if b"\\" in content:
        content = _ESCAPED.sub(b"", content)
    marks = content.translate(_ROUND, _OTHERS)
    # Most strings hold no mark. What is taken away here may also be the end of one and the beginning of the
    # next, which are then one string.
    marks = marks.replace(b'""', b"")
    return _STRING.sub(b"", marks) if b'"' in marks else marks


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


def _integer(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        # Python reads some thousand digits, and fewer where somebody has asked it to.
        return digits


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotJson("a number is too large")
    return number


def _constant(name: str) -> Never:
    raise NotJson(f"{name} is no JSON")
