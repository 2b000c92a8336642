"""Where null is fine: told in the one way that the generator does not forget."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.document.schema_types import declared_types, is_nullable, types
from scripts.document.tree import Node, Tree
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


def nullable_circles(tree: Tree) -> Iterator[Refusal]:
    """Say of each reference to an object that holds itself that null is fine, not of the object.

    The generator makes a union of an object that may be null, and a union cannot hold itself.
    """
    is_30 = str(tree.document.get("openapi")).startswith("3.0")
    moved: set[str] = set()
    below: dict[str, list[Node]] = {}
    for node in tree.nodes:
        if node.parent is not None:
            below.setdefault(node.parent.pointer, []).append(node)
    for node in tree.of_kind("schema"):
        component = node.parent is not None and node.parent.kind == "components"
        if (
            component
            and is_nullable(node)
            and declared_types(node) == ["object"]
            and _holds_itself(tree, below, node)
        ):
            node.value.pop("nullable", None)
            node.value["type"] = "object"
            moved.add(node.pointer)
    for node in tree.nodes if moved else ():
        if node.kind != "schema" or node.value.get("$ref") not in moved:
            continue
        reference: dict[str, Any] = dict(node.value)
        node.value.clear()
        if is_30:
            node.value.update({"nullable": True, "allOf": [reference]})
        else:
            node.value["oneOf"] = [reference, {"type": "null"}]
    yield from ()


def _holds_itself(tree: Tree, below: Mapping[str, list[Node]], start: Node) -> bool:
    """Return whether a reference somewhere within a schema leads back to it."""
    waiting, seen = [start], {start.pointer}
    while waiting:
        for child in below.get(waiting.pop().pointer, ()):
            end = tree.resolve(child)
            if end is start:
                return True
            if end.pointer not in seen:
                seen.add(end.pointer)
                waiting.append(end)
    return False
