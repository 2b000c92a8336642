"""Values of parameters as texts, by the styles of OpenAPI: written for a request, and read from one."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from contract_tests.checks.operations import Document

Pairs = Sequence[tuple[str, str]]

_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_WORDS = {"true": True, "false": False}
# What everybody reads as a number, as JSON has it; `1.0` and `1e3` are integers for some readers only.
_NUMBERS = {
    "integer": re.compile(r"-?(0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"),
}


def text_of(value: Any) -> str:
    """Return a value that is neither an array nor an object as a text."""
    return value if isinstance(value, str) else json.dumps(value)


def _style(parameter: Mapping[str, Any]) -> tuple[str, bool]:
    style = str(parameter.get("style") or _STYLES.get(str(parameter.get("in")), "form"))
    return style, bool(parameter.get("explode", style in ("form", "cookie")))


def query_pairs(parameter: Mapping[str, Any], value: Any) -> list[tuple[str, str]]:
    """Return a query parameter as pairs, by its style."""
    name = parameter["name"]
    style, explode = _style(parameter)
    if "content" in parameter:
        return [(name, json.dumps(value))]
    if isinstance(value, dict):
        if style == "deepObject":
            return [(f"{name}[{key}]", _joined(each)) for key, each in value.items()]
        if explode:
            return [(key, _joined(each)) for key, each in value.items()]
        return [(name, ",".join(f"{key},{_joined(each)}" for key, each in value.items()))]
    if isinstance(value, list):
        if explode and style == "form":
            return [(name, _joined(each)) for each in value]
        return [(name, _SEPARATORS.get(style, ",").join(map(_joined, value)))]
    return [(name, text_of(value))]


def header_text(parameter: Mapping[str, Any], value: Any) -> str:
    """Return the value of a header parameter, by its style."""
    if "content" in parameter:
        return json.dumps(value)
    return _pieces(value, "=" if _style(parameter)[1] else ",", ",")


def cookie_text(parameter: Mapping[str, Any], value: Any) -> str:
    """Return the value of a cookie parameter."""
    return quote(json.dumps(value) if "content" in parameter else _pieces(value, ",", ","), safe=",")


def path_text(parameter: Mapping[str, Any], value: Any) -> str:
    """Return what stands in a path for a parameter, by its style, encoded."""
    style, explode = _style(parameter)
    if "content" in parameter:
        return quote(json.dumps(value), safe="")
    name = quote(parameter["name"], safe="")
    equals = "=" if explode else ","
    if style == "label":
        return "." + _pieces(value, equals, "." if explode else ",", encode=True)
    if style == "matrix":
        if explode and isinstance(value, list):
            return "".join(f";{name}={quote(_joined(each), safe='')}" for each in value)
        if explode and isinstance(value, dict):
            return f";{_pieces(value, '=', ';', encode=True)}"
        return f";{name}={_pieces(value, ',', ',', encode=True)}"
    return _pieces(value, equals, ",", encode=True)


def unmarked(parameter: Mapping[str, Any], text: str) -> str:
    """Return a text of a path, decoded, without what the styles label and matrix put before a value."""
    mark = _mark(parameter)
    return "" if mark and text == mark.removesuffix("=") else text.removeprefix(mark)


def _mark(parameter: Mapping[str, Any]) -> str:
    return {"label": ".", "matrix": f";{parameter['name']}="}.get(_style(parameter)[0], "")


def _pieces(value: Any, equals: str, separator: str, *, encode: bool = False) -> str:
    def text(one: Any) -> str:
        return quote(_joined(one), safe="") if encode else _joined(one)

    if isinstance(value, dict):
        return separator.join(f"{text(key)}{equals}{text(each)}" for key, each in value.items())
    return separator.join(map(text, value)) if isinstance(value, list) else text(value)


def _joined(value: Any) -> str:
    return ",".join(map(_joined, value)) if isinstance(value, list) else text_of(value)


def is_sound(parameter: Mapping[str, Any], texts: Sequence[str], pairs: Pairs, document: Document) -> bool:
    """Return whether what was sent for a parameter is surely good: everybody reads it as a value that fits.

    Args:
        parameter: the parameter object.
        texts: the values under its name, decoded.
        pairs: all of the query, for an object whose members have names of their own.
        document: what its schema belongs to.
    """
    if "content" in parameter:
        content = parameter["content"]
        media = next(iter(content.values()), None) if isinstance(content, dict) else None
        try:
            value = json.loads(texts[0]) if len(texts) == 1 else None
        except (ValueError, RecursionError):
            return False
        schema = media.get("schema") if isinstance(media, dict) else None
        return len(texts) == 1 and not document.complaints(schema, value, "request")
    schema = parameter.get("schema")
    resolved = document.resolve(schema) if isinstance(schema, dict) else {}
    kind = resolved.get("type")
    if kind == "array":
        items = list(_items(parameter, texts))
        found = [_read(text, document.resolve(resolved.get("items")), document) for text in items]
        # An empty list vanishes, and with that it is a parameter that is missing.
        return (
            bool(items)
            and all(len(one) == 1 for one in found)
            and not document.complaints(schema, [one[0] for one in found], "request")
        )
    if kind == "object":
        members = _members(parameter, texts, pairs, resolved)
        known = resolved.get("properties") or {}
        read = {name: _read(text, document.resolve(known.get(name)), document) for name, text in members}
        # Of other names nobody says how they are read.
        return (
            len(read) == len(members)
            and read.keys() <= set(known)
            and all(len(one) == 1 for one in read.values())
            and not document.complaints(schema, {name: one[0] for name, one in read.items()}, "request")
        )
    if len(texts) != 1 or not texts[0].startswith(_mark(parameter)):
        return False
    text = unmarked(parameter, texts[0])
    return bool(text.strip()) and bool(_read(text, schema, document))


def _items(parameter: Mapping[str, Any], texts: Sequence[str]) -> Iterator[str]:
    style, explode = _style(parameter)
    for text in texts:
        if style == "form" and explode:
            yield text
        elif style in ("label", "matrix"):
            yield from unmarked(parameter, text).split(_mark(parameter) if explode else ",")
        else:
            yield from text.split(_SEPARATORS.get(style, ","))


def _members(
    parameter: Mapping[str, Any], texts: Sequence[str], pairs: Pairs, schema: Mapping[str, Any]
) -> list[tuple[str, str]]:
    style, explode = _style(parameter)
    name = parameter["name"]
    if style == "deepObject":
        return [(key[len(name) + 1 : -1], text) for key, text in pairs if key.startswith(f"{name}[")]
    if style == "form" and explode:
        known = schema.get("properties") or {}
        return [(key, text) for key, text in pairs if key in known]
    whole = texts[0] if len(texts) == 1 else ""
    separator = {"label": ".", "matrix": ";"}.get(style, ",") if explode else ","
    if style in ("label", "matrix"):
        whole = whole[1:] if explode else unmarked(parameter, whole)
    parts = whole.split(separator) if whole else []
    if explode:
        return [(one, text) for one, _, text in (part.partition("=") for part in parts)]
    return list(zip(parts[::2], parts[1::2], strict=False)) if len(parts) % 2 == 0 else [("", "")]


def _read(text: str, schema: Any, document: Document) -> list[Any]:
    """Return the one value that a text surely is under a schema; nothing if none of them fits."""
    kinds = document.resolve(schema).get("type") if isinstance(schema, dict) else None
    for kind in [kinds] if isinstance(kinds, str) else kinds or ("string", "integer", "number", "boolean"):
        for value in _values(text, kind):
            if not document.complaints(schema if schema is not None else True, value, "request"):
                return [value]
    return []


def _values(text: str, kind: str) -> Iterator[Any]:
    if kind == "string":
        yield text
    elif kind == "boolean" and text in _WORDS:
        yield _WORDS[text]
    elif kind in _NUMBERS and _NUMBERS[kind].fullmatch(text):
        try:
            number = json.loads(text)
        except ValueError:
            return  # longer than Python reads
        if isinstance(number, int) or math.isfinite(number):
            yield number
