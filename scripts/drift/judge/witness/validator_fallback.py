"""Validation against a schema without any library: the part of JSON Schema that descriptions of APIs use."""

import re
from typing import Any

from scripts.drift.document.equality import equal
from scripts.drift.judge.schemas.types import kind_of

_MAX_DEPTH = 60


def valid(schema: Any, value: Any) -> bool:
    """Whether a value fits a schema with local references; keywords that are not known do not count."""
    return _valid(schema, value, schema, 0)


def _valid(schema: Any, value: Any, root: Any, depth: int) -> bool:
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return True
    reference = schema.get("$ref")
    if isinstance(reference, str):
        target = root
        for token in reference.removeprefix("#/").split("/"):
            target = target.get(token, {}) if isinstance(target, dict) else {}
        if not _valid(target, value, root, depth + 1):
            return False
    stated = schema.get("type")
    kind = kind_of(value)
    types = [stated] if isinstance(stated, str) else stated
    if types and kind not in types and not (kind == "integer" and "number" in types):
        return False
    if "enum" in schema and not any(equal(value, one) for one in schema["enum"]):
        return False
    if "const" in schema and not equal(value, schema["const"]):
        return False

    def inner(part: Any, child: Any = value) -> bool:
        return _valid(part, child, root, depth + 1)

    passing = [inner(part) for part in schema.get("oneOf", ())]
    return (
        all(inner(part) for part in schema.get("allOf", ()))
        and ("anyOf" not in schema or any(inner(part) for part in schema["anyOf"]))
        and ("oneOf" not in schema or sum(passing) == 1)
        and not ("not" in schema and inner(schema["not"]))
        and _of_kind(schema, value, kind, inner)
    )


def _of_kind(schema: dict[str, Any], value: Any, kind: str, inner: Any) -> bool:
    if kind == "string":
        return _string(schema, value)
    if kind in ("integer", "number"):
        return _number(schema, value)
    if kind == "array":
        return _array(schema, value, inner)
    return _object(schema, value, inner) if kind == "object" else True


def _string(schema: dict[str, Any], value: str) -> bool:
    try:
        matches = "pattern" not in schema or re.search(schema["pattern"], value) is not None
    except re.error:
        matches = True
    return matches and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))


def _number(schema: dict[str, Any], value: float) -> bool:
    step = schema.get("multipleOf")
    return (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
        and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
        and (not step or abs(value / step - round(value / step)) < 1e-9)
    )


def _array(schema: dict[str, Any], value: list[Any], inner: Any) -> bool:
    prefix = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    return (
        schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        and all(inner(part, child) for part, child in zip(prefix, value, strict=False))
        and all(inner(rest, child) for child in value[len(prefix) :])
        and not (
            schema.get("uniqueItems")
            and any(equal(a, b) for i, a in enumerate(value) for b in value[i + 1 :])
        )
    )


def _object(schema: dict[str, Any], value: dict[str, Any], inner: Any) -> bool:
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    beyond = schema.get("additionalProperties", True)
    if any(name not in value for name in schema.get("required", ())):
        return False
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        return False
    for name, child in value.items():
        matching = [part for pattern, part in patterns.items() if re.search(pattern, name)]
        if name in named:
            matching.append(named[name])
        if not all(inner(part, child) for part in matching or [beyond]):
            return False
    return True
