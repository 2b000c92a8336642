"""The keywords of a schema, and what a value of each has to be to have an effect."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final


def _is_count(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 and value == int(value)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_positive(value: Any) -> bool:
    return _is_number(value) and value > 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_bound(value: Any) -> bool:
    return _is_flag(value) or _is_number(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_full_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _is_names_by_name(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_is_names(each) for each in value.values())


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_anything(value: Any) -> bool:
    return True


TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})

# Types as people write them: by a name of another language, or a format instead.
_OTHERS: Mapping[str, str] = {
    **dict.fromkeys(("str", "text", "varchar", "char"), "string"),
    **dict.fromkeys(("int", "int32", "int64", "long", "short", "bigint"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "real", "numeric"), "number"),
    "bool": "boolean",
    **dict.fromkeys(("list", "arr"), "array"),
    **dict.fromkeys(("dict", "map", "hash", "json"), "object"),
}
_FORMATS: Mapping[str, str] = {
    **{name: name for name in ("date", "date-time", "uuid", "email", "uri", "binary")},
    **dict.fromkeys(("datetime", "timestamp"), "date-time"),
    "file": "binary",
}


def type_meant(name: Any) -> Mapping[str, Any] | None:
    """Return the keywords that the name of a type stands for; None if that cannot be told."""
    if not isinstance(name, str):
        return None
    bare = re.sub(r"[^a-z0-9-]", "", name.lower())
    if bare in _FORMATS:
        return {"type": "string", "format": _FORMATS[bare]}
    if bare in ("any", "mixed"):
        return {}
    named = bare if bare in TYPES else _OTHERS.get(bare)
    return None if named is None else {"type": named}


PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "enum": _is_full_list,
    "const": _is_anything,
    "required": _is_names,
    "multipleOf": _is_positive,
    "maximum": _is_number,
    "exclusiveMaximum": _is_bound,
    "minimum": _is_number,
    "exclusiveMinimum": _is_bound,
    "maxLength": _is_count,
    "minLength": _is_count,
    "pattern": _is_text,
    "format": _is_text,
    "maxItems": _is_count,
    "minItems": _is_count,
    "uniqueItems": _is_flag,
    "maxProperties": _is_count,
    "minProperties": _is_count,
    "minContains": _is_count,
    "maxContains": _is_count,
    "dependentRequired": _is_names_by_name,
    "example": _is_anything,
    "examples": _is_anything,
    "default": _is_anything,
    "discriminator": _is_object,
    "xml": _is_object,
    "contentEncoding": _is_text,
    "contentMediaType": _is_text,
}
"""Keywords that hold no schema."""

ONE_SCHEMA = frozenset(
    {"additionalProperties", "items", "not", "contains", "propertyNames", "if", "then", "else"}
    | {"unevaluatedItems", "unevaluatedProperties", "additionalItems"}
)
SCHEMA_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SCHEMA_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})

IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
"""Keywords whose schemas look at the same value: a circle through these alone has no end."""

ONLY_31 = frozenset(
    {"const", "minContains", "maxContains", "dependentRequired", "dependentSchemas", "prefixItems"}
    | {"contains", "propertyNames", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties"}
)
"""Keywords that OpenAPI 3.0 does not have. Its schemas are Draft 4, where they mean nothing."""

SILENT = frozenset(
    {
        "title",
        "description",
        "externalDocs",
        "deprecated",
        "readOnly",
        "writeOnly",
        "nullable",
        "type",
        "$ref",
        "$dynamicRef",
        "$dynamicAnchor",
        "$id",
    }
    | {"$defs", "definitions", "$comment", "$schema", "$anchor", "contentSchema", "examples", "id", "name"}
)
"""Keywords that are read elsewhere or say nothing about what is valid."""

UNREADABLE: Final = object()
"""Stands for a value that a type cannot hold."""

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?[0-9]{1,18}[.][0-9]{1,18}")


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal in JSON, where true is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def is_of(value: Any, types: list[str]) -> bool:
    """Tell whether a value is of one of several types of JSON Schema."""
    match value:
        case bool():
            return "boolean" in types
        case int():
            return "integer" in types or "number" in types
        case float():
            return "number" in types or ("integer" in types and value == int(value))
        case str():
            return "string" in types
        case None:
            return "null" in types
        case list():
            return "array" in types
        case _:
            return "object" in types


def read_as(value: Any, kind: str) -> Any:
    """Return a listed value as the type beside it has it: 1 as "1", "1" as 1; `UNREADABLE` if it has none."""
    if is_of(value, [kind]):
        return value
    if kind == "string" and isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, str):
        return UNREADABLE
    text = value.strip()
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind in ("integer", "number") and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        return float(text)
    return UNREADABLE
