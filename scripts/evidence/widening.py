"""A schema as wide as the examples that contradict it."""

from typing import Any

from scripts.document.schema_types import type_of
from scripts.document.tree import Node, Tree
from scripts.evidence.contradictions import Contradiction, contradictions

# One contradiction may hide another behind it.
_ROUNDS = 8
_BOUNDS = frozenset(
    (
        *("pattern", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum"),
        *("exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties"),
        *("maxProperties", "const", "propertyNames", "contains"),
    )
)


def widen(document: dict[str, Any]) -> list[Contradiction]:
    """Widen the schemas of a document, in place, until its examples fit; return what was widened.

    Defaults and enums are not evidence of what a server sends, so they widen nothing.
    """
    done: list[Contradiction] = []
    for _ in range(_ROUNDS):
        tree = Tree(document)
        is_30 = str(document.get("openapi")).startswith("3.0")
        fresh = []
        for one in contradictions(document):
            node = tree.find(one.schema)
            told = "/example" in one.place
            if told and node is not None and node.kind == "schema" and _widened(node, one, is_30):
                fresh.append(one)
        if not fresh:
            break
        done += fresh
    return done


def _widened(node: Node, one: Contradiction, is_30: bool) -> bool:
    schema = node.value
    if one.keyword == "type":
        return _add_type(schema, type_of(one.value), is_30)
    if one.keyword == "enum" and isinstance(schema.get("enum"), list):
        if one.value in schema["enum"] and type_of(one.value) != "boolean":
            return False
        schema["enum"].append(one.value)
        return True
    if one.keyword == "required" and isinstance(schema.get("required"), list) and isinstance(one.value, dict):
        kept = [name for name in schema["required"] if name in one.value]
        changed: bool = kept != schema["required"]
        schema["required"] = kept
        if not kept:
            del schema["required"]
        return changed
    if one.keyword in ("additionalProperties", "unevaluatedProperties") and isinstance(one.value, dict):
        if schema.get(one.keyword) is not False:
            return False
        known = schema.setdefault("properties", {})
        fresh = [name for name in one.value if name not in known]
        known.update({name: {} for name in fresh})
        return bool(fresh)
    return one.keyword in _BOUNDS and schema.pop(one.keyword, _MISSING) is not _MISSING


_MISSING = object()


def _add_type(schema: dict[str, Any], kind: str, is_30: bool) -> bool:
    given = schema.get("type")
    if kind == "null" and is_30:
        if schema.get("nullable") is True:
            return False
        schema["nullable"] = True
        return True
    if given is None:
        return False
    listed = given if isinstance(given, list) else [given]
    if kind in listed:
        return False
    if not is_30:
        schema["type"] = [*listed, kind]
        return True
    own = {key: schema.pop(key) for key in ("type", "format", "enum", "pattern") if key in schema}
    schema["anyOf"] = [own, {"type": kind}]
    return True
