"""What a schema says about its type, in one vocabulary for OpenAPI 3.0 and 3.1."""

from collections.abc import Iterator

from scripts.document.tree import Node, Tree

SCALARS = frozenset(("string", "number", "integer", "boolean"))


def declared_types(node: Node) -> list[str]:
    """Return the types that a schema names, null left out."""
    value = node.value.get("type")
    types = value if isinstance(value, list) else [value]
    return [name for name in types if isinstance(name, str) and name != "null"]


def is_nullable(node: Node) -> bool:
    """Whether a schema says in so many words that null is fine."""
    value = node.value.get("type")
    return node.value.get("nullable") is True or (isinstance(value, list) and "null" in value)


def members(tree: Tree, node: Node) -> list[Node]:
    """Return the parts of allOf, anyOf and oneOf, not resolved."""
    return [part for field in ("allOf", "anyOf", "oneOf") for part in tree.children(node, field)]


def alternatives(tree: Tree, node: Node) -> Iterator[Node]:
    """Yield the plain schemas of which one holds: the schema itself, or the parts of its anyOf and oneOf.

    Each comes once, however often it is referred to: a document of 30 schemas can have a billion ways.
    """
    waiting, seen = [node], set()
    while waiting:
        node = tree.resolve(waiting.pop())
        if node.pointer in seen:
            continue
        seen.add(node.pointer)
        parts = tree.children(node, "anyOf") + tree.children(node, "oneOf")
        if not parts and len(wrapped := tree.children(node, "allOf")) == 1:
            parts = wrapped
        if not parts:
            yield node
        waiting += reversed(parts)


def types(tree: Tree, node: Node) -> set[str]:
    """Return the types that a value may have, null left out; "any" where the document does not say."""
    found: set[str] = set()
    for schema in alternatives(tree, node):
        names = declared_types(schema)
        if names:
            found.update(names)
        elif "properties" in schema.value or "allOf" in schema.value:
            found.add("object")
        elif schema.value.get("enum"):
            found.update(type_of(value) for value in schema.value["enum"] if value is not None)
        elif "const" in schema.value:
            found.add(type_of(schema.value["const"]))
        elif schema.value.get("type") != "null" and schema.value.get("type") != ["null"]:
            found.add("any")
    return found


def type_of(value: object) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def parts_of(tree: Tree, node: Node) -> list[Node]:
    """Return an object and all that its allOf is made of, each once, the outermost last."""
    found: dict[str, Node] = {}
    waiting = [node]
    while waiting:
        node = tree.resolve(waiting.pop())
        if node.pointer not in found:
            found[node.pointer] = node
            waiting += reversed(tree.children(node, "allOf"))
    return list(reversed(found.values()))


def properties(tree: Tree, node: Node) -> dict[str, Node]:
    """Return the properties of an object by name, those of its allOf included."""
    return {child.name: child for part in parts_of(tree, node) for child in tree.children(part, "properties")}


def required(tree: Tree, node: Node) -> set[str]:
    """Return the names that an object must have, those of its allOf included."""
    return {
        name
        for part in parts_of(tree, node)
        for name in part.value.get("required") or ()
        if isinstance(name, str)
    }


def is_binary(node: Node) -> bool:
    """Whether a schema is that of raw bytes."""
    return declared_types(node) == ["string"] and node.value.get("format") == "binary"
