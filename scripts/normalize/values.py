"""Values that a schema lists or defaults to, and keywords that say nothing about its type."""

from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.lib.errors import Refusal

# What each keyword says something about; of any other type it says nothing (JSON Schema, section 7.6.1).
_ABOUT = {
    **dict.fromkeys(("properties", "required", "additionalProperties"), "object"),
    **dict.fromkeys(("items", "prefixItems"), "array"),
}
_TELLING = ("properties", "items")


def booleans(tree: Tree) -> Iterator[Refusal]:
    """An enum of true and false; it is a boolean, whichever of them it lists."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        booleans_only = bool(values) and all(isinstance(value, bool) for value in values)
        if booleans_only and _is_of(node, "boolean") and _has_default(node):
            _replace_enum(node, "boolean")
            if len(set(values)) == 1:
                yield Refusal(
                    f"{node.pointer}/enum", f"only {values[0]!r} is listed; the client takes any boolean"
                )


def numbers(tree: Tree) -> Iterator[Refusal]:
    """An enum of numbers that are no integers, which no enumeration of Python can hold."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        kinds = {schema_types.type_of(value) for value in values}
        numbers_only = "number" in kinds and kinds <= {"number", "integer"}
        if numbers_only and _is_of(node, "number") and _has_default(node):
            _replace_enum(node, "number")
            yield Refusal(f"{node.pointer}/enum", "the client takes any number")


def mixed(tree: Tree) -> Iterator[Refusal]:
    """An enum of texts and integers; it is one of two enums."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        texts = [value for value in values if schema_types.type_of(value) == "string"]
        integers = [value for value in values if schema_types.type_of(value) == "integer"]
        if not texts or not integers or len(texts) + len(integers) < len(values):
            continue
        told = {"default", "const", "x-enum-varnames", "allOf", "anyOf", "oneOf"} & node.value.keys()
        if told or set(schema_types.declared_types(node)) not in (set(), {"string", "integer"}):
            continue
        nullable = None in node.value.pop("enum") or schema_types.is_nullable(node)
        node.value.pop("type", None)
        node.value["anyOf"] = [{"type": "string", "enum": texts}, {"type": "integer", "enum": integers}]
        if nullable:
            node.value["nullable"] = True
    yield from ()


def _values(node: Node) -> list[object]:
    found = node.value.get("enum")
    return [value for value in found if value is not None] if isinstance(found, list) else []


def _is_of(node: Node, name: str) -> bool:
    return schema_types.declared_types(node) in ([], [name])


def _has_default(node: Node) -> bool:
    """Whether the default is among the values, or there is none; any other is to be refused."""
    default = node.value.get("default")
    return default is None or default in node.value["enum"]


def _replace_enum(node: Node, name: str) -> None:
    nullable = None in node.value["enum"]
    del node.value["enum"]
    if "type" not in node.value:
        node.value["type"] = name
    if nullable and not schema_types.is_nullable(node):
        node.value["type"] = [name, "null"]


def repeated_values(tree: Tree) -> Iterator[Refusal]:
    """A value that an enum lists twice is listed once."""
    for node in tree.of_kind("schema"):
        values = node.value.get("enum")
        if not isinstance(values, list) or "x-enum-varnames" in node.value:
            continue
        seen: set[tuple[str, str]] = set()
        kept = []
        for value in values:
            key = (schema_types.type_of(value), repr(value))
            if key not in seen:
                kept.append(value)
            seen.add(key)
        values[:] = kept
    yield from ()


def text_defaults(tree: Tree) -> Iterator[Refusal]:
    """A number as the default of a text, which is written the same way wherever it is sent."""
    for node in tree.of_kind("schema"):
        default = node.value.get("default")
        if (
            isinstance(default, int)
            and not isinstance(default, bool)
            and schema_types.declared_types(node) == ["string"]
            and not node.value.get("enum")
            and not node.value.get("format")
        ):
            node.value["default"] = str(default)
            yield Refusal(
                f"{node.pointer}/default", f"the default of a text is written as one: {str(default)!r}"
            )


def listed_defaults(tree: Tree) -> Iterator[Refusal]:
    """A default that is an array or an object, which the generator drops; a server has its own without it."""
    for node in tree.of_kind("schema"):
        if isinstance(node.value.get("default"), list | dict):
            empty = not node.value["default"]
            del node.value["default"]
            if not empty:
                yield Refusal(
                    f"{node.pointer}/default", "an array or object; the client sends nothing in its place"
                )


def vacuous_keywords(tree: Tree) -> Iterator[Refusal]:
    """A keyword beside a type of which it says nothing; the generator takes the type, so it goes."""
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
