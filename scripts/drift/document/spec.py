"""A document by its operations, references followed; nothing in it is taken for granted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scripts.drift.document.references import references
from scripts.drift.findings import Pointer

# OpenAPI 3: parameters of these names are ignored.
IGNORED_HEADERS = ("accept", "content-type", "authorization")
# What the key of a file begins with that a document refers to, see `load.references`.
FILE = "./"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
# Callbacks within callbacks beyond which none is looked at as operations.
MAX_CALLBACKS = 3
_TEMPLATE = re.compile(r"\{[^{}]*\}")


def as_dict(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one where the document has something else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return the list, or an empty one where the document has something else."""
    return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Part:
    """An object of the document and where it stands, references followed.

    `beside` is what stood beside the references on the way and counts for nothing.
    """

    value: dict[str, Any]
    pointer: Pointer
    beside: dict[str, Any] = field(default_factory=dict)

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
        depth: how many callbacks it is in.
    """

    kind: str
    method: str
    path: str
    key: tuple[str, str, str]
    item: Part
    part: Part
    parameters: dict[tuple[str, str], Part] = field(default_factory=dict)
    depth: int = 0

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
        self._children: dict[tuple[int, Pointer], tuple[dict[str, Part], Any]] = {}
        self._found: dict[str, tuple[Any, Pointer] | None] = {}
        self._referred: set[Pointer] | None = None
        self._operations: list[Operation] | None = None
        # The schemas of each dynamic anchor, once an anchor was asked for.
        self.dynamic: dict[str, list[Any]] = {}

    def lookup(self, reference: Any) -> tuple[Any, Pointer] | None:
        """Return the value that a local reference names; None for any other, which is never read."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        if reference not in self._found:
            self._found[reference] = self._looked_up(reference)
        return self._found[reference]

    def _looked_up(self, reference: str) -> tuple[Any, Pointer] | None:
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

    def targets(self, reference: str) -> list[tuple[Any, Pointer]]:
        """Return all that a local reference may name: a dynamic anchor may stand in several schemas."""
        found = self.lookup(reference)
        if found is None:
            return []
        several = self.dynamic.get(reference[1:], ()) if not reference.startswith("#/") else ()
        return [found, *((one, ()) for one in several if one is not found[0])]

    def referred(self) -> set[Pointer]:
        """Return where the references of the document lead."""
        if self._referred is None:
            every = references(self.document)
            self._referred = {pointer for one in every for _, pointer in self.targets(one)}
        return self._referred

    def _anchor(self, name: str) -> tuple[Any, Pointer] | None:
        if self._anchors is None:
            self._anchors = {}
            level: list[tuple[Any, Pointer]] = [(self.document, ())]
            while level:
                node, pointer = level.pop()
                if isinstance(node, dict):
                    for key in ("$anchor", "$dynamicAnchor"):
                        if isinstance(node.get(key), str):
                            self._anchors.setdefault(node[key], (node, pointer))
                    if isinstance(node.get("$dynamicAnchor"), str):
                        self.dynamic.setdefault(node["$dynamicAnchor"], []).append(node)
                    level += [(child, (*pointer, key)) for key, child in node.items()]
                elif isinstance(node, list):
                    level += [(child, (*pointer, str(i))) for i, child in enumerate(node)]
        return self._anchors.get(name)

    def follow(self, value: Any, pointer: Pointer) -> Part:
        """Return an object that is not a schema, its reference followed."""
        beside: dict[str, Any] = {}
        words: dict[str, Any] = {}
        passed: set[str] = set()
        while (reference := as_dict(value).get("$ref")) is not None:
            if str(reference) in passed:  # a circle
                self.unresolved.add(str(reference))
                break
            passed.add(str(reference))
            for key, sibling in as_dict(value).items():
                if self.is_31 and key in ("summary", "description"):
                    words.setdefault(key, sibling)
                elif key != "$ref":
                    beside.setdefault(key, sibling)
            target = self.lookup(reference)
            if target is None:
                self.unresolved.add(str(reference))
                break
            value, pointer = target
        found = as_dict(value)
        # OpenAPI 3.1: these two count instead of those of the target.
        return Part({**found, **words} if words and "$ref" not in found else found, pointer, beside)

    def child(self, part: Part, key: str) -> Part:
        """Return what stands under a key of an object, its reference followed."""
        return self.follow(part.value.get(key), (*part.pointer, key))

    def children(self, part: Part, key: str) -> dict[str, Part]:
        """Return the entries of the map under a key, references followed; extensions are left out."""
        entries = as_dict(part.value.get(key))
        place = (id(entries), part.pointer)
        if place not in self._children:
            found = {
                str(name): self.follow(value, (*part.pointer, key, str(name)))
                for name, value in entries.items()
                if not str(name).startswith("x-") or key in ("headers", "schemas", "examples")
            }
            # With the map, so that its id stays its own.
            self._children[place] = found, entries
        return self._children[place][0]

    def elsewhere(self) -> Iterator[tuple[str, str]]:
        """Yield the paths that are described in another file, which is not read, and the reference to it."""
        for path, item in self.children(Part(self.document, ()), "paths").items():
            if item.elsewhere is not None:
                yield path, item.elsewhere

    def operations(self) -> list[Operation]:
        """Return every operation: of paths, of webhooks, of callbacks."""
        if self._operations is None:
            self._operations = list(self._every())
        return self._operations

    def _every(self) -> Iterator[Operation]:
        for kind, key in (("path", "paths"), ("webhook", "webhooks")):
            for path, item in self.children(Part(self.document, ()), key).items():
                yield from self._of_item(kind, path, item, 0)

    def _of_item(
        self, kind: str, path: str, item: Part, depth: int, plain: str | None = None
    ) -> Iterator[Operation]:
        custom = as_dict(item.value.get("additionalOperations"))
        places: list[tuple[str, Any, Pointer]] = [
            (method, item.value.get(method), (method,)) for method in METHODS
        ]
        places += [(str(name), one, ("additionalOperations", str(name))) for name, one in custom.items()]
        for method, value, at in places:
            if not isinstance(value, dict):
                continue
            part = Part(value, (*item.pointer, *at))
            key = (
                kind,
                method.lower() if len(at) == 1 else method,
                neutral(path) if plain is None else plain,
            )
            operation = Operation(kind, method, path, key, item, part, depth=depth)
            operation.parameters.update(self._parameters(operation))
            yield operation
            if depth < MAX_CALLBACKS:
                for name, callback in self.children(part, "callbacks").items():
                    for expression in callback.value:
                        inner = self.child(callback, str(expression))
                        label = f"{name} {expression} of {method.upper()} {path}"
                        # An expression is no template: what it names is where the callback goes.
                        same = f"{name} {expression} of {method.upper()} {key[2]}"
                        yield from self._of_item("callback", label, inner, depth + 1, same)

    def listed(self, owner: Part) -> Iterator[tuple[Any, bool]]:
        """Return each entry of a list of parameters, and whether it counts: the last of its name does."""
        entries = as_list(owner.value.get("parameters"))
        parts = [self.follow(raw, ()) for raw in entries]
        last = {self._identity(part): index for index, part in enumerate(parts)}
        for index, part in enumerate(parts):
            identity = self._identity(part)
            yield entries[index], identity is not None and last[identity] == index

    @property
    def shares_security(self) -> bool:
        """Whether what the document as a whole asks for is asked by one of its operations."""
        return any(one.part.value.get("security") is None for one in self.operations())

    def overridden(self, item: Part) -> list[Any]:
        """Return the parameters of a path that each of its operations describes itself."""
        owners = described_by(item)
        own = [
            {self._identity(self.follow(raw, ())) for raw in as_list(one.get("parameters"))} for one in owners
        ]
        return [
            raw
            for raw in as_list(item.value.get("parameters"))
            if own and all(self._identity(self.follow(raw, ())) in one for one in own)
        ]

    def _identity(self, part: Part) -> tuple[str, str] | None:
        name, where = str(part.value.get("name", "")), str(part.value.get("in", ""))
        if not where or (where == "header" and name.lower() in IGNORED_HEADERS):
            return None
        return where, name.lower() if where == "header" else name

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
                    if name in IGNORED_HEADERS:
                        continue
                elif where == "path":
                    name = positions.get(name, name)
                if where:
                    found[where, name] = part
        return found


def described_by(item: Part) -> list[dict[str, Any]]:
    """Return the operations that a path item describes."""
    custom = as_dict(item.value.get("additionalOperations")).values()
    every = [*(item.value.get(method) for method in METHODS), *custom]
    return [one for one in every if isinstance(one, dict)]


def neutral(path: str) -> str:
    """Return a path without the names of its parameters, which no request shows."""
    return _TEMPLATE.sub("{}", path)


def _unquoted(token: str) -> str:
    if "%" not in token:
        return token
    from urllib.parse import unquote

    return unquote(token)
