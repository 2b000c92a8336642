"""Schemas made of one reference and more."""

from collections.abc import Iterator

from scripts.preflight import schemas
from scripts.preflight.tree import Tree
from scripts.refusal import Refusal

_MORE = ("properties", "required", "additionalProperties")


def lone_references(tree: Tree) -> Iterator[Refusal]:
    """An allOf of one reference with properties of its own beside it; they become a part of it.

    The generator takes the reference alone.
    """
    for node in tree.of_kind("schema"):
        parts = tree.children(node, "allOf")
        if len(parts) != 1 or "$ref" not in parts[0].value or schemas.types(tree, parts[0]) != {"object"}:
            continue
        if node.value.get("additionalProperties") is False:
            # Beside allOf it forbids what the reference has, which nobody means.
            del node.value["additionalProperties"]
        if not any(node.value.get(key) for key in ("properties", "required")):
            continue
        own = {"type": "object"}
        own |= {key: node.value.pop(key) for key in _MORE if key in node.value}
        node.value["allOf"].append(own)
    yield from ()
