"""The objects of a document to which OpenAPI gives a meaning, told from data and from chosen names.

A response may be called `default`, and a property `example`, `value` or `$ref`: within a map of chosen names
no name is a keyword.
"""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from scripts.document.tree import escape

COMPONENTS = (
    *("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes"),
    *("links", "callbacks", "pathItems", "mediaTypes"),
)
# Maps whose keys are names and not keywords.
NAMES = frozenset(
    {
        *(*COMPONENTS, "properties", "patternProperties", "dependentSchemas", "$defs", "definitions"),
        *("content", "encoding", "paths", "webhooks", "variables", "mapping", "scopes"),
    }
)
# A list of `examples` is data, too; a map of them holds objects with names.
DATA = frozenset({"example", "default", "const", "enum", "value", "dataValue"})

_Kind: TypeAlias = Literal["object", "map", "map of maps"]


def objects(value: Any, pointer: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of a document with its pointer, those further out first.

    The children of an object are looked for after its turn, so its user may change what it holds.

    Args:
        value: a document, or an object of one.
        pointer: where it stands.
    """
    # A stack of our own: a document is as deep as it likes, Python's is not.
    waiting: list[tuple[str, Any, _Kind]] = [(pointer, value, "object")]
    while waiting:
        place, node, kind = waiting.pop()
        if isinstance(node, list):
            below: list[tuple[str, Any, _Kind]] = [
                (f"{place}/{number}", child, "object") for number, child in enumerate(node)
            ]
        elif isinstance(node, dict):
            if kind == "object":
                yield place, node
            below = [
                (f"{place}/{escape(str(key))}", child, inner)
                for key, child in node.items()
                if (inner := _kind_below(kind, key, child)) is not None
            ]
        else:
            continue
        waiting += reversed(below)


def _kind_below(kind: _Kind, key: str, child: Any) -> _Kind | None:
    """Return what a child is by the key under which it stands; None for data and for texts and numbers."""
    if not isinstance(child, dict | list):
        return None
    if kind == "map of maps":
        # The paths of a callback are chosen as well; a reference may stand for all of them.
        is_reference = isinstance(child, dict) and isinstance(child.get("$ref"), str)
        return "object" if is_reference else "map"
    if kind == "map":
        return "object"
    if key in DATA or (key == "examples" and isinstance(child, list)):
        return None
    if key not in NAMES or isinstance(child, list):
        return "object"
    return "map of maps" if key == "callbacks" else "map"
