"""Names of the document in letters that the generator turns into Python names, and back on the wire."""

from collections.abc import Mapping
from typing import Any

from scripts.document.operations import mapping
from scripts.document.transliteration import spelled
from scripts.document.tree import Node, Tree
from scripts.generator.python_names import generator_members, member_names


def spell(document: dict[str, Any]) -> dict[str, str]:
    """Spell all names in a document so that the generator can do with them.

    Names that nobody sends (operationIds, tags, titles) are replaced for good. Those of properties and
    parameters have to be what they were again before the package is written.

    Returns:
        By what a property or a parameter is called now, what it was called.
    """
    tree = Tree(document)
    _spell_operations(tree)
    for node in tree.of_kind("schema"):
        title = node.value.get("title")
        if isinstance(title, str) and title:
            node.value["title"] = spelled(title)
        _name_members(node)
    return _spell_wires(tree)


def _spell_operations(tree: Tree) -> None:
    for node in tree.of_kind("operation"):
        given = node.value.get("operationId")
        if isinstance(given, str):
            node.value["operationId"] = spelled(given)
        tags = node.value.get("tags")
        if isinstance(tags, list):
            node.value["tags"] = [spelled(tag) if isinstance(tag, str) else tag for tag in tags]


def _name_members(node: Node) -> None:
    """Name the members of an enum whose values the generator could not make names of."""
    values = node.value.get("enum")
    if not isinstance(values, list) or "x-enum-varnames" in node.value:
        return
    own = [value for value in values if value is not None]
    if all(isinstance(value, str) for value in own) and member_names(own, None) != generator_members(
        own, None
    ):
        node.value["x-enum-varnames"] = member_names(own, None)


def _spell_wires(tree: Tree) -> dict[str, str]:
    renamed: dict[str, str] = {}
    taken = wire_names(tree)
    for original in sorted(taken):
        plain = spelled(original)
        if plain == original:
            continue
        # Blanks at the end say nothing in a Python name, and tell this one from all others.
        while plain in taken or plain in renamed.values():
            plain += " "
        renamed[original] = plain
    for node in tree.nodes:
        if node.kind == "schema":
            rename_properties(node, renamed)
        elif node.kind == "parameter" and node.value.get("name") in renamed:
            node.value["name"] = renamed[node.value["name"]]
    return {plain: original for original, plain in renamed.items()}


def wire_names(tree: Tree) -> set[str]:
    """Return the names of all properties and parameters of a document."""
    found: set[str] = set()
    for node in tree.nodes:
        if node.kind == "schema":
            found.update(mapping(node.value, "properties"))
        elif node.kind == "parameter" and isinstance(node.value.get("name"), str):
            found.add(node.value["name"])
    return found


def rename_properties(node: Node, renamed: Mapping[str, str]) -> None:
    """Give properties of a schema other names, in their places."""
    properties = node.value.get("properties")
    if isinstance(properties, dict):
        node.value["properties"] = {renamed.get(name, name): value for name, value in properties.items()}
    required = node.value.get("required")
    if isinstance(required, list):
        node.value["required"] = [
            renamed.get(name, name) if isinstance(name, str) else name for name in required
        ]
