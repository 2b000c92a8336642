"""One flat schema out of several that hold at once: references followed, `allOf` folded in.

A flat schema serves to make a value, not to judge one; the validator judges. So merging may be generous where
the exact intersection would take a solver.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from novapost_mock.schemas.keywords import is_of
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.validators import Node

CHOICES = "choices"
"""Under this key a flat schema keeps lists of nodes, of each of which one has to hold."""

NEVER: dict[str, Any] = {"type": []}
_LARGER = ("minLength", "minItems", "minProperties", "minContains")
_SMALLER = ("maxLength", "maxItems", "maxProperties", "maxContains")
_SIZES = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}
_REWRITTEN = frozenset(
    {"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "not", "pattern", "const", "items"}
    | {"exclusiveMinimum", "exclusiveMaximum"}
)
"""Keywords that a flat schema has no place for, or another form of."""
_LISTED = {"pattern": "patterns", "not": "nots"}


class TooDeepError(Exception):
    """A reference that came up too often on the way down."""


def flat(
    schemas: SchemaSet, node: Node, path: tuple[str, ...], limit: int
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Flatten a node.

    Args:
        schemas: where references lead.
        node: what to flatten.
        path: the references that were followed on the way to it.
        limit: how often one of them may come up.

    Returns:
        The flat schema, and the path with the references that were followed now.

    Raises:
        TooDeepError: a reference came up more often than that.
    """
    if node is True:
        return {}, path
    if node is False:
        return dict(NEVER), path
    assert isinstance(node, dict)
    result: dict[str, Any] = {}
    followed = path
    if "$ref" in node:
        reference = node["$ref"]
        if path.count(reference) >= limit:
            raise TooDeepError
        result, followed = flat(schemas, schemas.resolve(reference), (*path, reference), limit)
        if "discriminator" in result and CHOICES not in result:
            result = merged(_hint(schemas, result["discriminator"], reference), result)
    if len(node) > 1 or "$ref" not in node:
        own = _own(schemas, node)
        result = merged(result, own) if result else own
    for part in node.get("allOf", ()):
        inner, walked = flat(schemas, part, path, limit)
        followed = (*followed, *walked[len(path) :])
        result = merged(result, inner)
    return result, followed


def _own(schemas: SchemaSet, node: Mapping[str, Any]) -> dict[str, Any]:
    if _REWRITTEN.isdisjoint(node):
        result = dict(node)
        if isinstance(result.get("type"), str):
            result["type"] = [result["type"]]
        return result
    result = {
        k: v for k, v in node.items() if k not in ("$ref", "allOf", "anyOf", "oneOf", "if", "then", "else")
    }
    if result.get("not") in ({}, True):
        return dict(NEVER)
    choices: list[Sequence[Node]] = [node[k] for k in ("oneOf", "anyOf") if k in node]
    if "discriminator" in node and choices:
        choices[0] = [_named(schemas, node["discriminator"], branch) for branch in choices[0]]
    if "if" in node:
        holds = {"allOf": [node["if"], node.get("then", True)]}
        fails = {"allOf": [{"not": node["if"]}, node.get("else", True)]}
        choices.append([holds, fails])
    if choices:
        result[CHOICES] = choices
    for keyword, listed in _LISTED.items():
        if keyword in result:
            result[listed] = [result.pop(keyword)]
    for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(result.get(exclusive), bool):
            bound = result.pop(plain, None)
            if result.pop(exclusive) and bound is not None:
                result[exclusive] = bound
            elif bound is not None:
                result[plain] = bound
    if isinstance(result.get("type"), str):
        result["type"] = [result["type"]]
    if "const" in result:
        result["enum"] = [result.pop("const")]
    if isinstance(result.get("items"), list):
        result["prefixItems"] = result.pop("items")
        if "additionalItems" in result:
            result["items"] = result.pop("additionalItems")
    return result


def _named(schemas: SchemaSet, discriminator: Mapping[str, Any], branch: Node) -> Node:
    """Return the branch, with the name under which the discriminator knows it."""
    if not isinstance(branch, dict) or "$ref" not in branch:
        return branch
    return {"allOf": [_hint(schemas, discriminator, branch["$ref"]), branch]}


def _hint(schemas: SchemaSet, discriminator: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """Return the value that means a component; of one that no value means, the first that means another."""
    name = discriminator.get("propertyName")
    if not isinstance(name, str):
        return {}
    component = schemas.name_of(reference)
    mapping = discriminator.get("mapping")
    listed = list(mapping.items()) if isinstance(mapping, Mapping) else []
    values = [k for k, v in listed if str(v).rpartition("/")[2] == component] or [k for k, _ in listed]
    return {"properties": {name: {"hint": values[0] if values else component}}}


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Merge two flat schemas into one that asks for both."""
    if not one or not other:
        return dict(one or other)
    result = {**other, **one}
    for keyword in one.keys() & other.keys():
        a, b = one[keyword], other[keyword]
        if keyword == "type":
            result[keyword] = _types(a, b)
        elif keyword == "enum":
            result[keyword] = [each for each in a if each in b]
        elif keyword in ("required", "patterns", "nots", CHOICES):
            result[keyword] = [*a, *(each for each in b if each not in a)]
        elif keyword in ("minimum", "exclusiveMinimum") or keyword in _LARGER:
            result[keyword] = max(a, b)
        elif keyword in ("maximum", "exclusiveMaximum") or keyword in _SMALLER:
            result[keyword] = min(a, b)
        elif keyword == "multipleOf":
            result[keyword] = _common_multiple(a, b)
        elif keyword == "uniqueItems":
            result[keyword] = a or b
        elif keyword in ("items", "contains", "propertyNames", "additionalProperties"):
            result[keyword] = both(a, b)
        elif keyword in ("properties", "patternProperties", "dependentSchemas"):
            result[keyword] = {**b, **{name: both(v, b[name]) if name in b else v for name, v in a.items()}}
        elif keyword in ("dependentRequired", "dependencies"):
            result[keyword] = {**b, **a}
    if "prefixItems" in result:
        length = max(len(each.get("prefixItems", ())) for each in (one, other))
        result["prefixItems"] = [both(_item(one, at), _item(other, at)) for at in range(length)]
    for closed, open_ in ((one, other), (other, one)):
        if closed.get("additionalProperties") is False and not closed.get("patternProperties"):
            foreign = open_.get("properties", {}).keys() - closed.get("properties", {}).keys()
            if foreign:
                result["properties"] = {**result["properties"], **dict.fromkeys(foreign, False)}
    return result


def _item(schema: Mapping[str, Any], position: int) -> Node:
    """Return what a flat schema says of the item at a position."""
    prefix: Sequence[Node] = schema.get("prefixItems", ())
    items: Node = schema.get("items", True)
    return prefix[position] if position < len(prefix) else items


def both(one: Node, other: Node) -> Node:
    """Return a node that asks for two."""
    if one is True or one == other:
        return other
    if other is True:
        return one
    return {"allOf": [one, other]}


def _types(one: list[str], other: list[str]) -> list[str]:
    found = [t for t in one if t in other or (t == "integer" and "number" in other)]
    return found + [t for t in other if t == "integer" and t not in found and "number" in one]


def _common_multiple(one: float, other: float) -> float:
    a, b = Fraction(str(one)), Fraction(str(other))
    common = Fraction(lcm(a.numerator, b.numerator), gcd(a.denominator, b.denominator))
    return common.numerator if common.denominator == 1 else float(common)


def is_hopeless(schema: Mapping[str, Any]) -> bool:
    """Tell whether a flat schema contradicts itself in a way that shows without trying."""
    types = schema.get("type")
    if types == []:
        return True
    if "enum" in schema:
        return not any(types is None or is_of(each, types) for each in schema["enum"])
    if types is None or len(types) > 1:
        return False
    least, most = _SIZES.get(types[0], ("", ""))
    return bool(schema.get(least, 0) > schema.get(most, schema.get(least, 0)))


def implied_types(schema: Mapping[str, Any], depth: int) -> list[str]:
    """Return the types that a schema without one seems to be about."""
    if "type" in schema:
        return []
    for kind, keywords in (
        ("object", ("properties", "required", "additionalProperties", "minProperties", "patternProperties")),
        ("array", ("items", "prefixItems", "minItems", "contains")),
        ("string", ("patterns", "minLength", "maxLength", "format")),
        ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
    ):
        if any(keyword in schema for keyword in keywords):
            return [kind]
    return (
        ["object", "string", "number", "boolean", "array", "null"]
        if depth == 0
        else ["string", "number", "object"]
    )


def property_node(schema: Mapping[str, Any], name: str, otherwise: Node = True) -> Node:
    """Return the schema that a flat one has for a property, by its name and by the patterns that fit it."""
    properties: Mapping[str, Node] = schema.get("properties", {})
    node: Node = True
    known = name in properties
    if known:
        node = properties[name]
    for pattern, each in schema.get("patternProperties", {}).items():
        try:
            if re.search(pattern, name):
                node, known = both(node, each), True
        except re.error:
            continue
    if not known:
        node = schema.get("additionalProperties", otherwise)
    return node
