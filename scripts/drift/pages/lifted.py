"""Put what a rendered page shows on a document: what the page does not show stays as the document has it.

So two pages are compared by what both say. A table of fields is complete as far as it goes: a field that it
does not show is not there.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.document.spec import Spec, as_dict, as_list, neutral
from scripts.drift.findings import Pointer
from scripts.drift.pages.sentences import sentences
from scripts.drift.pages.shown import MEDIA_TYPE, Reading, ShownBody, ShownField, ShownOperation


def lifted(document: dict[str, Any], reading: Reading) -> tuple[dict[str, Any], dict[Pointer, int]]:
    """Return the document as a rendered page would have it, and the lines of what it shows."""
    alone, lines = reading.document()
    result = copy.deepcopy(document)
    spec = Spec(result)
    paths = result.setdefault("paths", {})
    by_path = {neutral(str(path)): str(path) for path in paths}
    for shown in reading.operations:
        path = by_path.get(neutral(shown.path), shown.path)
        item = paths.setdefault(path, {})
        told = alone["paths"][shown.path][shown.method]
        at: Pointer = ("paths", path, shown.method)
        lines.setdefault(at, shown.line)
        if not isinstance(item.get(shown.method), dict):
            item[shown.method] = told
            continue
        _operation(spec, item[shown.method], shown, told, at, lines)
    return result, lines


def _operation(
    spec: Spec,
    operation: dict[str, Any],
    shown: ShownOperation,
    told: dict[str, Any],
    at: Pointer,
    lines: dict[Pointer, int],
) -> None:
    for key in ("summary", "description"):
        _text(operation, told, key)
    for where, body in shown.bodies():
        owner = operation
        for key in where[:-1]:
            owner = owner.setdefault(key, {})
        part = told
        for key in where:
            part = as_dict(part.get(key))
        if not isinstance(owner.get(where[-1]), dict):
            owner[where[-1]] = part
            continue
        there = copy.deepcopy(spec.follow(owner[where[-1]], ()).value)
        owner[where[-1]] = there
        if where[0] == "responses":
            _text(there, part, "description")
        _body(spec, there, body, part, (*at, *where), lines)
    if shown.parameters:
        operation["parameters"] = list(_parameters(spec, operation, told))


def _text(into: dict[str, Any], told: dict[str, Any], key: str) -> None:
    """Take a text over where it says something else; notation does not count."""
    if not told.get(key):
        return
    before = {one.hash for one in sentences(str(into.get(key, "")))}
    if before != {one.hash for one in sentences(str(told[key]))}:
        into[key] = told[key]


def _body(
    spec: Spec,
    into: dict[str, Any],
    body: ShownBody,
    told: dict[str, Any],
    at: Pointer,
    lines: dict[Pointer, int],
) -> None:
    if not body.fields:
        return
    content = into.setdefault("content", {})
    kind = body.media_type or next(iter(content), MEDIA_TYPE)
    media = content.get(kind)
    if not isinstance(media, dict):
        content.update(as_dict(told.get("content")))
        return
    media = content[kind] = dict(media)
    schema = copy.deepcopy(as_dict(spec.follow(media.get("schema"), ()).value))
    media["schema"] = schema
    properties = as_dict(schema.get("properties"))
    if not properties and any(key in schema for key in ("allOf", "oneOf", "anyOf", "items")):
        # What a table of fields says of such a schema cannot be told.
        return
    _fields(spec, schema, body.fields)
    for one in body.fields:
        for pointer, inner in one.within((*at, "content", kind, "schema", "properties", one.name)):
            lines[pointer] = inner.line


def _fields(spec: Spec, schema: dict[str, Any], shown: Sequence[ShownField]) -> None:
    """Give a schema the properties that a table of fields shows."""
    properties = as_dict(schema.get("properties"))
    schema["properties"] = {one.name: _field(spec, properties.get(one.name), one) for one in shown}
    required = [one.name for one in shown if one.is_required]
    schema.pop("required", None)
    if required:
        schema["required"] = required


def _field(spec: Spec, before: Any, shown: ShownField) -> dict[str, Any]:
    """Return the schema of a field: what is shown, and the rest as it was."""
    told = shown.schema()
    told.pop("x-enum", None)
    if not isinstance(before, dict):
        return told
    result = copy.deepcopy(as_dict(spec.follow(before, ()).value))
    _text(result, told, "description")
    if "example" in told and ("example" in result or "examples" in result):
        result["example"] = told["example"]
    kinds = as_list(result.get("type")) or [result.get("type")]
    if "type" in told and told["type"] not in kinds and not (None in kinds and "enum" in result):
        result["type"] = told["type"]
    for key in ("format", "items"):
        if key in told:
            result[key] = told[key] if key not in result or key == "format" else result[key]
        elif key == "format" and key in result:
            # A site shows every format.
            del result[key]
    if "enum" in told:
        result["enum"] = _as_before(told["enum"], as_list(result.get("enum")))
    elif "enum" in result and not shown.is_enum:
        del result["enum"]
    if shown.fields and shown.kind == "array":
        result["items"] = copy.deepcopy(as_dict(spec.follow(result.get("items"), ()).value))
        _fields(spec, result["items"], shown.fields)
    elif shown.fields:
        _fields(spec, result, shown.fields)
    return {**result, **shown.limits}


def _as_before(values: list[Any], before: list[Any]) -> list[Any]:
    """Return the values; those that a page shows as one word are taken apart by the known ones."""
    if len(values) == 1 and "".join(map(str, before)) == str(values[0]):
        return before
    return values


def _parameters(spec: Spec, operation: dict[str, Any], told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the parameters: those that are shown, and those of places of which none is shown."""
    before = [spec.follow(one, ()).value for one in as_list(operation.get("parameters"))]
    known = {(str(one.get("in")), str(one.get("name"))): one for one in before}
    places = {str(one["in"]) for one in told["parameters"]}
    yield from (one for one in before if one.get("in") not in places)
    for one in told["parameters"]:
        old = known.get((one["in"], one["name"]))
        if old is None:
            yield one
            continue
        schema = {**as_dict(spec.follow(old.get("schema"), ()).value), **one["schema"]}
        yield {**old, "required": one["required"], "schema": schema}
