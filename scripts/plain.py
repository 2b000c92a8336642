"""Saying the same in the words that the generator understands."""

import copy
from typing import Any

from scripts.preflight.schemas import declared_types, is_nullable
from scripts.preflight.tree import Node, Tree


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """A copy of a document that means the same, without what the generator takes for something else."""
    result = copy.deepcopy(document)
    tree = Tree(result)
    for node in tree.of_kind("schema"):
        _nullable_enum(node)
        _nullable_reference(tree, node)
    return result


def _nullable_enum(node: Node) -> None:
    """An enum that holds null says all of it; told twice, the generator takes any text besides, and told
    beside the enum alone it forgets it.
    """
    values = node.value.get("enum")
    if isinstance(values, list) and values and is_nullable(node):
        if None not in values:
            values.append(None)
        node.value.pop("nullable", None)
        types = declared_types(node)
        node.value["type"] = types[0] if len(types) == 1 else types


def _nullable_reference(tree: Tree, node: Node) -> None:
    """An allOf of one reference has its type; told again, the generator forgets that null is fine."""
    parts = tree.children(node, "allOf")
    if len(parts) != 1 or "$ref" not in parts[0].value or not node.value.get("nullable"):
        return
    target = tree.resolve(parts[0])
    if node.value.get("type") is not None and node.value["type"] == target.value.get("type"):
        del node.value["type"]
