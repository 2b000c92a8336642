"""Properties that travel one way only and are required: required on that way, and not on the other."""

from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.lib.errors import Refusal


def required_one_way(tree: Tree) -> Iterator[Refusal]:
    """OpenAPI has `required` of a readOnly property hold for answers only, of a writeOnly one for requests.

    A model serves both ways, so the property may be missing in it; a note says so.
    """
    for kind, flag, other in (
        ("request body", "readOnly", "requests do not have it, so it may be missing"),
        ("response", "writeOnly", "answers do not have it, so it may be missing"),
    ):
        seen: set[str] = set()
        for node in tree.of_kind(kind):
            for media in tree.children(node, "content"):
                schema = tree.child(media, "schema")
                if schema is not None:
                    yield from _freed(tree, schema, flag, other, seen)


def _freed(tree: Tree, start: Node, flag: str, other: str, seen: set[str]) -> Iterator[Refusal]:
    waiting = [start]
    while waiting:
        node = tree.resolve(waiting.pop())
        if node.pointer in seen:
            continue
        seen.add(node.pointer)
        for name, child in schema_types.properties(tree, node).items():
            if child.value.get(flag) is True or tree.resolve(child).value.get(flag) is True:
                for part in schema_types.parts_of(tree, node):
                    needed = part.value.get("required")
                    if isinstance(needed, list) and name in needed:
                        part.value["required"] = [one for one in needed if one != name]
                        yield Refusal(child.pointer, f"{name!r} is required and {flag}: {other}")
            waiting.append(child)
        waiting += schema_types.members(tree, node)
        below = (tree.child(node, key) for key in ("items", "additionalProperties"))
        waiting += [child for child in below if child is not None]
