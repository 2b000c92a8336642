"""Paths: what a key under `paths` must be like for a request to go where the document means it to go."""

import re
from collections.abc import Iterator

from scripts.document.tree import Tree, escape
from scripts.generator.python_names import alteration
from scripts.lib.errors import Refusal

_PARAMETER = re.compile(r"\{([^{}]*)\}")
_ENCODED = re.compile(r"%(?:2[ef]|5c|00|3f|23|0[ad])", re.IGNORECASE)


def path_keys(tree: Tree) -> Iterator[Refusal]:
    """Refuse a key that is no path: it could lead a token to another host or out of the server's base."""
    for path in _paths(tree):
        if reason := _no_path(path):
            yield Refusal(f"#/paths/{escape(path)}", reason)


def _no_path(path: str) -> str | None:
    if not path.startswith("/"):
        return "does not begin with a slash, so it is no path"
    if path.startswith("//"):
        return "begins with two slashes, which makes it the address of another host"
    if wire := alteration(path):
        return wire
    bare = _PARAMETER.sub("", path)
    # A query and a fragment are sent as such, and not at all.
    path, alone = (re.split("[?#]", text, maxsplit=1)[0] for text in (path, bare))
    if "{" in bare or "}" in bare:
        return "has a brace without its other half"
    if "\\" in bare:
        return "holds '\\\\', which many take for a slash"
    if _ENCODED.search(alone):
        return "holds a slash, a dot or the like in its encoded form"
    if any(segment in (".", "..") for segment in path.split("/")):
        return "holds a segment '.' or '..', which leaves the path"
    if "//" in path:
        return "holds an empty segment"
    return None


def path_parameters(tree: Tree) -> Iterator[Refusal]:
    """Refuse a parameter of a path that is not declared, or not in the path, or there twice."""
    for operation in tree.operations:
        declared = {p.value.get("name") for p in operation.parameters if p.value.get("in") == "path"}
        used = _PARAMETER.findall(operation.path.partition("#")[0])
        for name in dict.fromkeys(used):
            if name not in declared:
                yield Refusal(operation.node.pointer, f"the path's parameter {name!r} is not declared")
            if used.count(name) > 1:
                yield Refusal(operation.node.pointer, f"the path's parameter {name!r} stands in it twice")
        for parameter in operation.parameters:
            if parameter.value.get("in") == "path" and parameter.value.get("name") not in used:
                yield Refusal(
                    parameter.pointer, f"is a parameter of a path, but not in that of {operation.label}"
                )


def _paths(tree: Tree) -> list[str]:
    paths = tree.document.get("paths")
    return [path for path in paths if not path.startswith("x-")] if isinstance(paths, dict) else []


def alike_paths(tree: Tree) -> Iterator[Refusal]:
    """Two paths that differ only in the names of parameters, in capitals or in a slash at the end; a note."""
    seen: dict[str, str] = {}
    for path in _paths(tree):
        shape = _PARAMETER.sub("{}", path).rstrip("/").lower()
        other = seen.setdefault(shape, path)
        if other != path:
            yield Refusal(
                f"#/paths/{escape(path)}", f"many servers take it for {other!r}; the client has both"
            )
