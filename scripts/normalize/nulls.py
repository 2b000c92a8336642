"""Where null is fine: told in the one way that the generator does not forget."""

from collections.abc import Iterator

from scripts.document.schema_types import declared_types, is_nullable, types
from scripts.document.tree import Tree
from scripts.lib.errors import Refusal


def nullable_enums(tree: Tree) -> Iterator[Refusal]:
    """Say once that an enum may be null: in the enum and in the type, as the generator reads it."""
    for node in tree.of_kind("schema"):
        values = node.value.get("enum")
        if isinstance(values, list) and values and is_nullable(node):
            if None not in values:
                values.append(None)
            node.value.pop("nullable", None)
            types = declared_types(node)
            node.value["type"] = types[0] if len(types) == 1 else types
    yield from ()


def nullable_references(tree: Tree) -> Iterator[Refusal]:
    """Drop the type of an allOf of one reference, with which the generator forgets that null is fine."""
    for node in tree.of_kind("schema"):
        parts = tree.children(node, "allOf")
        if len(parts) != 1 or "$ref" not in parts[0].value or not is_nullable(node):
            continue
        target = tree.resolve(parts[0])
        own = declared_types(node)
        if isinstance(node.value.get("type"), list) and (not own or set(own) <= types(tree, target)):
            del node.value["type"]
            node.value["oneOf"] = [*node.value.pop("allOf"), {"type": "null"}]
        elif node.value.get("type") is not None and node.value["type"] == target.value.get("type"):
            del node.value["type"]
    yield from ()
