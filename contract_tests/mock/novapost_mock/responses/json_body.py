"""A request body, read as JSON or refused with a reason.

The checks stand in the order in which they are made. None of the reasons repeats what was sent.
"""

import json
from typing import Any, NoReturn

from novapost_mock.messages import MAX_BODY, Request

MAX_DEPTH = 64
"""How deep arrays and objects may nest. Deeper values would run into the limits of the JSON reader and of
the schema validator, which differ between versions; this one does not."""


class BodyError(ValueError):
    """A body that cannot be read.

    Attributes:
        reason: one sentence for the caller.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_json(request: Request, *, any_type: bool = False) -> Any:
    """Return the JSON value that a request carries.

    Args:
        request: the request.
        any_type: take it whatever Content-Type says, and however long it is.

    Text with lone surrogates is returned with a question mark in place of each: JSON permits them, UTF-8
    and the validator do not, and no rule accepts either character.

    Raises:
        BodyError: too large, empty, declared as something else, not UTF-8, not JSON, too deep, or with a
            property named twice.
    """
    body = request.body
    if not any_type and len(body) > MAX_BODY:
        raise BodyError(f"Request body is larger than {MAX_BODY} bytes")
    if not body.strip():
        raise BodyError("Request body is empty")
    if not any_type and not _declared_as_json(request):
        raise BodyError("Content-Type must be application/json")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BodyError("Request body is not UTF-8") from None
    return parse_json(text)


def parse_json(text: str) -> Any:
    """Return the value of a JSON text, under the same conditions as `read_json`.

    Raises:
        BodyError: not JSON, too deep, or with a property named twice.
    """
    value = _parse(text)
    if "\\u" in text:
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def _declared_as_json(request: Request) -> bool:
    # A missing Content-Type is refused as well: the document names one type and HTTP gives no default.
    # Parameters are let through (RFC 8259 defines none, many clients send charset).
    declared = request.header_values("content-type")
    if declared == ["application/json"]:
        return True
    return {value.partition(";")[0].strip().lower() for value in declared} == {"application/json"}


def _parse(text: str) -> Any:
    too_deep = f"Request body nests deeper than {MAX_DEPTH} levels"
    try:
        value = _DECODER.decode(text)
    except BodyError:
        raise
    except ValueError:
        raise BodyError("Request body is not valid JSON") from None
    except RecursionError:
        raise BodyError(too_deep) from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise BodyError(too_deep)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        # RFC 8259 leaves open which of the two counts; a stand-in that picks one hides a fault.
        raise BodyError("Request body names a property twice")
    return result


def _not_a_number(_: str) -> NoReturn:
    raise BodyError("Request body is not valid JSON")  # NaN and Infinity are Python's own extension


def _finite_float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BodyError("Request body holds a number that is out of range")
    return value


# Made once: `json.loads` with hooks would make one for each body.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_not_a_number, parse_float=_finite_float
)


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level := [node for node in level if isinstance(node, list | dict)]:
        depth += 1
        level = [child for node in level for child in (node.values() if isinstance(node, dict) else node)]
    return depth
