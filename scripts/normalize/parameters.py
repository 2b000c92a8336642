"""Parameters: those that OpenAPI has ignored, and defaults where a value is always given."""

import re
from collections.abc import Iterator
from typing import Any

from scripts.document.media_types import kind
from scripts.document.operations import resolved
from scripts.document.tree import Tree
from scripts.generator.views import WRITTEN
from scripts.lib.errors import Refusal
from scripts.preflight.security import OWN_HEADERS, TOKEN

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
    """Drop the default of a parameter in the path, which is always given."""
    for node in tree.of_kind("parameter"):
        schema = node.value.get("schema")
        if node.value.get("in") == "path" and isinstance(schema, dict) and schema.get("default") is not None:
            del schema["default"]
            yield Refusal(node.pointer, "a parameter in the path is always given, so its default is left out")


def files(tree: Tree) -> Iterator[Refusal]:
    """Make a text of a file as a parameter, which nothing can write."""
    for node in tree.of_kind("parameter"):
        schema = resolved(tree.document, node.value.get("schema"))
        if isinstance(schema, dict) and schema.get("format") == "binary":
            node.value["schema"] = {"type": "string"}
            yield Refusal(node.pointer, "a file cannot be a parameter; the caller gives text")


def repeated(tree: Tree) -> Iterator[Refusal]:
    """Drop a parameter that stands in its list already."""
    for node in (*tree.of_kind("path item"), *tree.of_kind("operation")):
        listed = node.value.get("parameters")
        if not isinstance(listed, list):
            continue
        seen: set[tuple[Any, Any]] = set()
        kept = []
        for position, one in enumerate(listed):
            found = resolved(tree.document, one)
            key = (found.get("in"), found.get("name")) if isinstance(found, dict) else (position, None)
            if key in seen:
                yield Refusal(
                    f"{node.pointer}/parameters/{position}",
                    f"the parameter {key[1]!r} in {key[0]} stands here twice; the first one holds",
                )
            else:
                kept.append(one)
            seen.add(key)
        if len(kept) < len(listed):
            node.value["parameters"] = kept


def in_paths(tree: Tree) -> Iterator[Refusal]:
    """Parameters of paths: declared and in the path, and always given."""
    for node in tree.of_kind("parameter"):
        if node.value.get("in") == "path":
            if node.value.get("required") is not True:
                node.value["required"] = True
                yield Refusal(node.pointer, "a parameter in the path is always given; taken for required")
            schema = node.value.get("schema")
            if isinstance(schema, dict) and schema.pop("nullable", None) is True:
                yield Refusal(node.pointer, "null cannot stand in a path; the client takes none")
            if isinstance(schema, dict) and isinstance(schema.get("type"), list):
                schema["type"] = [one for one in schema["type"] if one != "null"] or "string"
    for operation in tree.operations:
        used = list(dict.fromkeys(re.findall(r"\{([^{}]+)\}", operation.path)))
        declared = {p.value.get("name") for p in operation.parameters if p.value.get("in") == "path"}
        for name in used:
            if name not in declared:
                given = operation.node.value.setdefault("parameters", [])
                given.append({"name": name, "in": "path", "required": True, "schema": {"type": "string"}})
                yield Refusal(
                    operation.node.pointer, f"the path's parameter {name!r} is not declared; taken for text"
                )
        for holder in (operation.node, operation.node.parent):
            listed = holder.value.get("parameters") if holder is not None else None
            if holder is None or not isinstance(listed, list):
                continue
            for position in reversed(range(len(listed))):
                found = resolved(tree.document, listed[position])
                idle = isinstance(found, dict) and found.get("in") == "path" and found.get("name") not in used
                if idle:
                    yield Refusal(
                        f"{holder.pointer}/parameters/{position}",
                        f"{found['name']!r} does not stand in the path {operation.path}; left out",
                    )
                    del listed[position]


def contents(tree: Tree) -> Iterator[Refusal]:
    """Note how a parameter with `content` is written: in that media type, which is JSON or text."""
    for node in tree.of_kind("parameter"):
        content = node.value.get("content")
        if not isinstance(content, dict):
            continue
        name = next((name for name in content if kind(name) == "json"), next(iter(content), ""))
        media = content.get(name)
        schema = media.get("schema", {}) if isinstance(media, dict) else {}
        del node.value["content"]
        if kind(name) == "json":
            node.value["schema"] = schema
            node.value[WRITTEN] = "json"
        else:
            node.value["schema"] = {"type": "string"}
            yield Refusal(f"{node.pointer}/content", f"the caller writes {name!r}; taken for text")


def unsendable(tree: Tree) -> Iterator[Refusal]:
    """Drop a header or a cookie whose name cannot be one (RFC 9110); nobody can send it."""
    for node in (*tree.of_kind("path item"), *tree.of_kind("operation")):
        listed = node.value.get("parameters")
        if not isinstance(listed, list):
            continue
        for position in reversed(range(len(listed))):
            one = resolved(tree.document, listed[position])
            name = one.get("name") if isinstance(one, dict) else None
            place = one.get("in") if isinstance(one, dict) else None
            if isinstance(name, str) and place in ("header", "cookie") and not TOKEN.fullmatch(name):
                del listed[position]
                yield Refusal(
                    f"{node.pointer}/parameters/{position}",
                    f"{name!r} cannot be the name of a {place} (RFC 9110); left out",
                )
