"""Parameters: those that OpenAPI has ignored, and defaults where a value is always given."""

from collections.abc import Iterator
from typing import Any

from scripts.document.operations import resolved
from scripts.document.tree import Tree
from scripts.lib.errors import Refusal
from scripts.preflight.security import OWN_HEADERS

_IGNORED = ("accept", "content-type", "authorization")


def ignored_headers(tree: Tree) -> Iterator[Refusal]:
    """OpenAPI: a header parameter of these names shall be ignored; and some are the message's own."""
    for node in (*tree.of_kind("path item"), *tree.of_kind("operation")):
        listed = node.value.get("parameters")
        if not isinstance(listed, list):
            continue
        for position in reversed(range(len(listed))):
            name = _header(resolved(tree.document, listed[position]))
            if name is not None:
                del listed[position]
                if name.lower() in OWN_HEADERS:
                    reason = f"the HTTP library sets the header {name!r} by itself; it is left out"
                else:
                    reason = f"OpenAPI has a parameter for the header {name!r} ignored; it is left out"
                yield Refusal(f"{node.pointer}/parameters/{position}", reason)


def _header(parameter: Any) -> str | None:
    if not isinstance(parameter, dict) or parameter.get("in") != "header":
        return None
    name = parameter.get("name")
    return name if isinstance(name, str) and name.lower() in (*_IGNORED, *OWN_HEADERS) else None


def path_defaults(tree: Tree) -> Iterator[Refusal]:
    """A parameter in the path is always given, so it has no use for a default."""
    for node in tree.of_kind("parameter"):
        schema = node.value.get("schema")
        if node.value.get("in") == "path" and isinstance(schema, dict) and schema.get("default") is not None:
            del schema["default"]
            yield Refusal(node.pointer, "a parameter in the path is always given, so its default is left out")
