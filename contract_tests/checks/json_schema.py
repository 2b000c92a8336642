"""Schemas of OpenAPI 3.0 and 3.1 in terms of JSON Schema 2020-12."""

import json
import math
from typing import Any, Literal

Direction = Literal["request", "response"]

# Keywords whose value is a schema, a list of schemas, or schemas by name. All others are left as they are.
_ONE = {"additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"}
_ONE |= {"unevaluatedItems", "unevaluatedProperties"}
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("$defs", "dependentSchemas", "patternProperties", "properties")
# What says nothing about a value. A discriminator only repeats what the alternatives say.
_SILENT = ("deprecated", "discriminator", "example", "examples", "externalDocs", "nullable", "xml")
_WIDTHS = {"int32": 32, "int64": 64}
# A property that belongs to the other direction need not be there, although `required` names it.
_OTHER = {"request": "readOnly", "response": "writeOnly"}


def plain(schema: Any, direction: Direction = "response", *, bounded: bool = False) -> Any:
    """Return a schema in terms of JSON Schema: `nullable`, exclusive bounds as booleans, `readOnly`.

    Args:
        schema: one of OpenAPI.
        direction: whether requests or responses are held against it.
        bounded: whether the formats of integers count, which no validator knows.
    """
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str) and len(schema) == 1:
        return dict(schema)
    terms = {
        name: _part(name, value, direction, bounded) for name, value in schema.items() if name not in _SILENT
    }
    _bounds(terms)
    if bounded and terms.get("format") in _WIDTHS:
        half = 2 ** (_WIDTHS[terms["format"]] - 1)
        terms = {"allOf": [terms, {"anyOf": [{"minimum": -half, "maximum": half - 1}, {"type": "null"}]}]}
    if isinstance(terms.get("required"), list):
        terms["required"] = _required(schema, direction)
    return _or_null(terms) if schema.get("nullable") is True else terms


def components(document: dict[str, Any], direction: Direction, *, bounded: bool = False) -> dict[str, Any]:
    """Return the components of a document, its schemas in terms of JSON Schema, for references to them."""
    found = document.get("components")
    if not isinstance(found, dict):
        return {}
    schemas = found.get("schemas")
    if not isinstance(schemas, dict):
        return dict(found)
    return found | {
        "schemas": {name: plain(schema, direction, bounded=bounded) for name, schema in schemas.items()}
    }


def _part(name: str, value: Any, direction: Direction, bounded: bool) -> Any:
    if name in _ONE:
        return plain(value, direction, bounded=bounded)
    if name in _SEVERAL and isinstance(value, list):
        return [plain(item, direction, bounded=bounded) for item in value]
    if name in _NAMED and isinstance(value, dict):
        return {key: plain(item, direction, bounded=bounded) for key, item in value.items()}
    return value


def _bounds(terms: dict[str, Any]) -> None:
    """Give exclusive bounds as numbers where 3.0 says by a boolean that a bound is exclusive."""
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(terms.get(exclusive), bool) and terms.pop(exclusive) and bound in terms:
            terms[exclusive] = terms.pop(bound)


_TYPES: dict[str, Any] = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}


def with_typed_enums(value: Any) -> Any:
    """Return a document with enums of the type beside them: YAML without quotes lists 1 for "1"."""
    if isinstance(value, list):
        return [with_typed_enums(each) for each in value]
    if not isinstance(value, dict):
        return value
    listed, named = value.get("enum"), value.get("type")
    kinds = [each for each in (named if isinstance(named, list) else [named]) if each != "null"]
    kind = kinds[0] if len(kinds) == 1 else None
    typed = {name: with_typed_enums(each) for name, each in value.items()}
    if isinstance(listed, list) and isinstance(kind, str) and kind in _TYPES:
        typed["enum"] = [_read_as(each, kind) for each in listed]
    return typed


def _read_as(value: Any, kind: str) -> Any:
    is_of = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if is_of or not isinstance(value, str | int | float):
        return value
    if kind == "string":
        return json.dumps(value)
    try:
        read = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
    if isinstance(read, float) and not math.isfinite(read):
        return value
    return read if isinstance(read, _TYPES[kind]) and isinstance(read, bool) is (kind == "boolean") else value


def _required(schema: dict[str, Any], direction: Direction) -> list[str]:
    properties = schema.get("properties")
    others = {
        name
        for name, value in (properties.items() if isinstance(properties, dict) else ())
        if isinstance(value, dict) and value.get(_OTHER[direction]) is True
    }
    return [name for name in schema["required"] if name not in others]


def _or_null(terms: dict[str, Any]) -> dict[str, Any]:
    kinds = terms.get("type")
    if isinstance(terms.get("enum"), list) and None not in terms["enum"]:
        terms["enum"] = [*terms["enum"], None]
    if isinstance(kinds, str):
        return terms | {"type": [kinds, "null"]}
    # 3.0 gives `nullable` no meaning beside `allOf` and the like; whoever writes it means this.
    return {"anyOf": [terms, {"type": "null"}]} if terms else terms
