"""A document by its operations, references followed; nothing in it is taken for granted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scripts.drift.findings import Pointer

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_MAX_HOPS = 50
_TEMPLATE = re.compile(r"\{[^{}]*\}")


def as_dict(value: Any) -> dict[str, Any]:
    """The object, or an empty one where the document has something else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The list, or an empty one where the document has something else."""
    return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Part:
    """An object of the document and where it stands, references followed."""

    value: dict[str, Any]
    pointer: Pointer

    @property
    def elsewhere(self) -> str | None:
        """The reference that could not be followed, where there is only that."""
        reference = self.value.get("$ref")
        return None if reference is None else str(reference)


@dataclass(frozen=True)
class Operation:
    """One operation with all that belongs to it.

    Attributes:
        kind: "path", "webhook" or "callback".
        method: in small letters.
        path: as written; for a webhook its name, for a callback the operation it belongs to and its names.
        key: what the same operation of another document has in common with it.
        item: the path item.
        part: the operation object.
        parameters: by place and name (header names in small letters); path parameters by their position.
    """

    kind: str
    method: str
    path: str
    key: tuple[str, str, str]
    item: Part
    part: Part
    parameters: dict[tuple[str, str], Part] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How people call it: "POST /a"."""
        prefix = "" if self.kind == "path" else f"{self.kind} "
        return f"{prefix}{self.method.upper()} {self.path}"


class Spec:
    """An OpenAPI 3 document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.is_31 = str(document.get("openapi", "")).startswith("3") and not str(
            document.get("openapi", "")
        ).startswith("3.0")
        # References that lead nowhere, outside, or round in circles.
        self.unresolved: set[str] = set()
        self._anchors: dict[str, tuple[Any, Pointer]] | None = None

    def lookup(self, reference: Any) -> tuple[Any, Pointer] | None:
        """The value that a local reference names; None for any other, which is never read."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        if reference == "#":
            return self.document, ()
        if not reference.startswith("#/"):
            return self._anchor(reference[1:])
        node: Any = self.document
        pointer: list[str] = []
        for token in reference[2:].split("/"):
            key = _unquoted(token).replace("~1", "/").replace("~0", "~")
            if isinstance(node, dict) and key in node:
                node = node[key]
            elif isinstance(node, list) and key.isdecimal() and len(key) < 7 and int(key) < len(node):
                node = node[int(key)]
            else:
                return None
            pointer.append(key)
        return node, tuple(pointer)

    def _anchor(self, name: str) -> tuple[Any, Pointer] | None:
        if self._anchors is None:
            self._anchors = {}
            level: list[tuple[Any, Pointer]] = [(self.document, ())]
            while level:
                node, pointer = level.pop()
                if isinstance(node, dict):
                    if isinstance(node.get("$anchor"), str):
                        self._anchors.setdefault(node["$anchor"], (node, pointer))
                    level += [(child, (*pointer, key)) for key, child in node.items()]
                elif isinstance(node, list):
                    level += [(child, (*pointer, str(i))) for i, child in enumerate(node)]
        return self._anchors.get(name)

    def follow(self, value: Any, pointer: Pointer) -> Part:
        """An object that is not a schema, its reference followed."""
        for _ in range(_MAX_HOPS):
            reference = as_dict(value).get("$ref")
            if reference is None:
                break
            target = self.lookup(reference)
            if target is None:
                self.unresolved.add(str(reference))
                break
            value, pointer = target
        else:
            self.unresolved.add(str(as_dict(value).get("$ref")))
            value = {}
        return Part(as_dict(value), pointer)

    def child(self, part: Part, key: str) -> Part:
        """What stands under a key of an object, its reference followed."""
        return self.follow(part.value.get(key), (*part.pointer, key))

    def children(self, part: Part, key: str) -> dict[str, Part]:
        """The entries of the map under a key of an object, references followed; extensions left out."""
        entries = as_dict(part.value.get(key))
        return {
            str(name): self.follow(value, (*part.pointer, key, str(name)))
            for name, value in entries.items()
            if not str(name).startswith("x-") or key in ("headers", "schemas", "examples")
        }

    def elsewhere(self) -> Iterator[tuple[str, str]]:
        """The paths that are described in another file, which is never read, and the reference to it."""
        for path, item in self.children(Part(self.document, ()), "paths").items():
            if item.elsewhere is not None:
                yield path, item.elsewhere

    def operations(self) -> Iterator[Operation]:
        """Every operation: of paths, of webhooks, of callbacks."""
        for kind, key in (("path", "paths"), ("webhook", "webhooks")):
            for path, item in self.children(Part(self.document, ()), key).items():
                yield from self._of_item(kind, path, item, 0)

    def _of_item(self, kind: str, path: str, item: Part, depth: int) -> Iterator[Operation]:
        for method in METHODS:
            if not isinstance(item.value.get(method), dict):
                continue
            part = Part(item.value[method], (*item.pointer, method))
            operation = Operation(kind, method, path, (kind, method, neutral(path)), item, part)
            operation.parameters.update(self._parameters(operation))
            yield operation
            if depth < 3:
                for name, callback in self.children(part, "callbacks").items():
                    for expression in callback.value:
                        inner = self.child(callback, str(expression))
                        label = f"{name} {expression} of {method.upper()} {path}"
                        yield from self._of_item("callback", label, inner, depth + 1)

    def _parameters(self, operation: Operation) -> dict[tuple[str, str], Part]:
        found: dict[tuple[str, str], Part] = {}
        positions = {name[1:-1]: str(i) for i, name in enumerate(_TEMPLATE.findall(operation.path))}
        for owner in (operation.item, operation.part):
            listed = as_list(owner.value.get("parameters"))
            for index, raw in enumerate(listed):
                part = self.follow(raw, (*owner.pointer, "parameters", str(index)))
                name, where = str(part.value.get("name", "")), str(part.value.get("in", ""))
                if where == "header":
                    name = name.lower()
                    if name in ("accept", "content-type", "authorization"):
                        continue  # OpenAPI 3: these definitions are ignored
                elif where == "path":
                    name = positions.get(name, name)
                if where:
                    found[where, name] = part
        return found


def neutral(path: str) -> str:
    """A path without the names of its parameters, which no request shows."""
    return _TEMPLATE.sub("{}", path)


def _unquoted(token: str) -> str:
    if "%" not in token:
        return token
    from urllib.parse import unquote

    return unquote(token)
