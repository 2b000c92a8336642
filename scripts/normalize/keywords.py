"""Keywords that narrow a value and that a client does not check: left out, or said in a wider way."""

from collections.abc import Iterator
from typing import Any

from scripts.document import schema_types
from scripts.document.tree import Tree, escape
from scripts.lib.errors import Refusal
from scripts.lib.word_set import words

# What a server may refuse, and a client neither sends otherwise nor reads otherwise.
_UNCHECKED = words(
    """
    dependentSchemas dependentRequired dependencies if then else not contains minContains maxContains
    unevaluatedItems unevaluatedProperties propertyNames contentSchema extends
    """
)
# What each keyword says something about; of any other type it says nothing (JSON Schema, section 7.6.1).
_ABOUT = {
    **dict.fromkeys(("properties", "required", "additionalProperties"), "object"),
    **dict.fromkeys(("items", "prefixItems"), "array"),
}
_TELLING = ("properties", "items")
_QUIET = words("minContains maxContains")


def unchecked(tree: Tree) -> Iterator[Refusal]:
    """Leave a keyword that only narrows to the server."""
    for node in tree.of_kind("schema"):
        for key in sorted(_UNCHECKED.intersection(node.value)):
            value = node.value.pop(key)
            if key == "unevaluatedProperties" and value is False and not node.value.get("allOf"):
                node.value.setdefault("additionalProperties", False)
            elif key not in _QUIET:
                yield Refusal(
                    f"{node.pointer}/{escape(key)}", f"the client does not check {key!r}, the server does"
                )


def encoded_contents(tree: Tree) -> Iterator[Refusal]:
    """Take a text that holds something for raw bytes in a part of a form, else for text."""
    for node in tree.of_kind("schema"):
        encoding = node.value.pop("contentEncoding", None)
        media = node.value.pop("contentMediaType", None)
        if media is None:
            continue
        if encoding is None and "json" not in str(media) and not str(media).startswith("text/"):
            node.value.setdefault("type", "string")
            node.value.setdefault("format", "binary")
        else:
            yield Refusal(node.pointer, f"holds {media!r} as text, which the caller reads and writes")


def definitions(tree: Tree) -> Iterator[Refusal]:
    """Schemas within a schema, to which references have been followed already."""
    for node in tree.of_kind("schema"):
        for key in ("$defs", "definitions", "$comment", "$schema", "$anchor"):
            if key in node.value and (key != "$schema" or node.parent is None):
                del node.value[key]
    yield from ()


def pattern_properties(tree: Tree) -> Iterator[Refusal]:
    """Properties that are known by a pattern of their names: further properties to the client."""
    for node in tree.of_kind("schema"):
        held = node.value.pop("patternProperties", None)
        if not isinstance(held, dict) or not held:
            continue
        more = node.value.get("additionalProperties")
        found = [one for one in held.values() if isinstance(one, dict)]
        if isinstance(more, dict):
            found.append(more)
        elif more is not False:
            found.append({})
        node.value.setdefault("type", "object")
        unique: list[Any] = [one for i, one in enumerate(found) if one not in found[:i]]
        node.value["additionalProperties"] = {} if {} in unique else _one_of(unique)
        yield Refusal(
            f"{node.pointer}/patternProperties", "are further properties to the client, whatever their names"
        )


def _one_of(schemas: list[Any]) -> Any:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def tuples(tree: Tree) -> Iterator[Refusal]:
    """Let an array that says what stands at each position hold any of those at all of them."""
    for node in tree.of_kind("schema"):
        first = node.value.pop("prefixItems", None)
        if not isinstance(first, list) or not first:
            continue
        rest = node.value.get("items")
        found = [one for one in first if isinstance(one, dict)]
        if isinstance(rest, dict) and rest:
            found.append(rest)
        unique: list[Any] = [one for i, one in enumerate(found) if one not in found[:i]]
        node.value.setdefault("type", "array")
        node.value["items"] = {} if {} in unique else _one_of(unique)
        if len(unique) > 1:
            yield Refusal(
                f"{node.pointer}/prefixItems",
                "any of these at any position, as far as the client is concerned",
            )


def open_arrays(tree: Tree) -> Iterator[Refusal]:
    """Let an array that does not say of what hold any values."""
    for node in tree.of_kind("schema"):
        if "array" in schema_types.declared_types(node) and not isinstance(node.value.get("items"), dict):
            node.value["items"] = {}
            yield Refusal(node.pointer, "an array without `items`; it holds any values")


def undeclared_requirements(tree: Tree) -> Iterator[Refusal]:
    """Add a property of any value for a name that is required and that no property has."""
    for node in tree.of_kind("schema"):
        needed = node.value.get("required")
        if not isinstance(needed, list) or not needed:
            continue
        owner = node
        # A part of an allOf may require what another part declares.
        while owner.parent is not None and owner.parent.kind == "schema" and "/allOf/" in owner.pointer[-9:]:
            owner = owner.parent
        known = set(schema_types.properties(tree, owner))
        known |= set(schema_types.properties(tree, node))
        for name in list(needed):
            if name in known or not isinstance(name, str):
                continue
            if node.value.get("type", "object") == "object" or "properties" in node.value:
                node.value.setdefault("type", "object")
                node.value.setdefault("properties", {})[name] = {}
                yield Refusal(
                    f"{node.pointer}/required", f"{name!r} is required and not described; it takes any value"
                )
            else:
                node.value["required"] = [one for one in node.value["required"] if one != name]


def vacuous_keywords(tree: Tree) -> Iterator[Refusal]:
    """Drop a keyword beside a type of which it says nothing."""
    for node in tree.of_kind("schema"):
        types = schema_types.declared_types(node)
        if not types:
            continue
        for key, about in _ABOUT.items():
            if key in node.value and about not in types:
                del node.value[key]
                if key in _TELLING:
                    listed = " or ".join(types)
                    yield Refusal(
                        f"{node.pointer}/{key}", f"says nothing about a value of type {listed}; left out"
                    )
