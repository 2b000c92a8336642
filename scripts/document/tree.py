"""An OpenAPI document as a flat list of nodes, each with its kind and its JSON pointer."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts.document.operations import METHODS

# What hangs where: for each kind of node its fields, whether the field holds one node, a list or a map of
# nodes, and of which kind they are. Whatever is not in here (examples, defaults, x-…) is data.
SHAPES: dict[str, dict[str, tuple[str, str]]] = {
    "document": {
        "paths": ("map", "path item"),
        "components": ("one", "components"),
        "webhooks": ("map", "path item"),
    },
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "requestBodies": ("map", "request body"),
        "headers": ("map", "header"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path item"),
    },
    "path item": {
        "parameters": ("list", "parameter"),
        **dict.fromkeys(METHODS, ("one", "operation")),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
    },
    "callback": {"": ("map", "path item")},
    "parameter": {"schema": ("one", "schema"), "content": ("map", "media type")},
    "header": {"schema": ("one", "schema"), "content": ("map", "media type")},
    "request body": {"content": ("map", "media type")},
    "response": {"headers": ("map", "header"), "content": ("map", "media type")},
    "media type": {"schema": ("one", "schema")},
    "schema": {
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), ("map", "schema")),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), ("list", "schema")),
        **dict.fromkeys(("items", "additionalProperties", "not", "if", "then", "else"), ("one", "schema")),
        **dict.fromkeys(("contains", "propertyNames", "unevaluatedItems"), ("one", "schema")),
        **dict.fromkeys(("unevaluatedProperties", "contentSchema"), ("one", "schema")),
    },
}

_NO_FIELDS: dict[str, tuple[str, str]] = {}

# Where the generator follows a reference to, by the kind of node that stands for it.
SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "header": "headers",
    "request body": "requestBodies",
    "callback": "callbacks",
    "path item": "pathItems",
}


@dataclass(frozen=True, eq=False)
class Node:
    """One object of the document.

    Attributes:
        kind: what it is, such as "schema" or "operation".
        pointer: where it stands, as a URI fragment: #/paths/~1parcels/get.
        name: the key under which its parent has it, or its position.
        value: what stands there.
        parent: what it belongs to.
    """

    kind: str
    pointer: str
    name: str
    value: dict[str, Any]
    parent: "Node | None"


@dataclass(frozen=True)
class Operation:
    """An operation with what its path item lends it.

    Attributes:
        node: where it stands.
        method: in small letters.
        path: the key of its path item.
    """

    node: Node
    method: str
    path: str
    parameters: tuple[Node, ...]

    @property
    def label(self) -> str:
        """How people call it."""
        return f"{self.method.upper()} {self.path}"


class Tree:
    """All nodes of a document, in its order; references are nodes of their own and not followed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.nodes = tuple(_walk(document))
        self._by_pointer = {node.pointer: node for node in self.nodes}

    def of_kind(self, kind: str) -> Iterator[Node]:
        """Yield the nodes of one kind that are not references."""
        return (node for node in self.nodes if node.kind == kind and "$ref" not in node.value)

    def resolve(self, node: Node) -> Node:
        """Return the node that a reference finally refers to; a node that is no reference as it is."""
        seen = {node.pointer}
        while (target := self._by_pointer.get(str(node.value.get("$ref")))) is not None:
            if target.pointer in seen or target.kind != node.kind:
                break
            seen.add(target.pointer)
            node = target
        return node

    def find(self, pointer: str) -> Node | None:
        """Return the node at a pointer, if there is one."""
        return self._by_pointer.get(pointer)

    def child(self, node: Node, *names: str) -> Node | None:
        """Return the resolved node below a node, if there is one."""
        found = self.find("/".join((node.pointer, *map(escape, names))))
        return None if found is None else self.resolve(found)

    def children(self, node: Node, field: str) -> list[Node]:
        """Return the nodes in a list or a map that a node has, not resolved."""
        value = node.value.get(field)
        names = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
        found = (self.find(f"{node.pointer}/{escape(field)}/{escape(str(name))}") for name in names)
        return [child for child in found if child is not None]

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations under `paths`."""
        found = []
        for item in self.nodes:
            if item.kind != "path item" or item.parent is None or not item.pointer.startswith("#/paths/"):
                continue
            if item.parent.kind != "document":
                continue
            for method in METHODS:
                node = self.find(f"{item.pointer}/{method}")
                if node is not None:
                    own = [self.resolve(parameter) for parameter in self.children(node, "parameters")]
                    lent = [self.resolve(parameter) for parameter in self.children(item, "parameters")]
                    taken = {_identity(parameter) for parameter in own}
                    own += [parameter for parameter in lent if _identity(parameter) not in taken]
                    found.append(Operation(node, method, item.name, tuple(own)))
        return tuple(found)


def escape(name: str) -> str:
    """Return a key as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name


def _identity(parameter: Node) -> tuple[Any, Any]:
    return parameter.value.get("in"), parameter.value.get("name")


def _walk(document: dict[str, Any]) -> Iterator[Node]:
    # A stack of our own: a document is as deep as it likes, Python's is not.
    waiting = [Node("document", "#", "", document, None)]
    while waiting:
        node = waiting.pop()
        yield node
        if "$ref" in node.value and node.kind != "document" and isinstance(node.value["$ref"], str):
            continue
        below: list[Node] = []
        # A document is walked many times, and a node has few of the fields that it may have.
        for field, (form, kind) in SHAPES.get(node.kind, _NO_FIELDS).items():
            if field and field not in node.value:
                continue
            value = node.value[field] if field else node.value
            prefix = f"{node.pointer}/{field}" if field else node.pointer
            if form == "one":
                if isinstance(value, dict):
                    below.append(Node(kind, prefix, field, value, node))
                continue
            items: Any = ()
            if form == "list":
                items = enumerate(value) if isinstance(value, list) else ()
            elif isinstance(value, dict):
                items = value.items()
            for name, child in items:
                text = str(name)
                if isinstance(child, dict) and not (kind == "path item" and text.startswith("x-")):
                    below.append(Node(kind, f"{prefix}/{escape(text)}", text, child, node))
        below.reverse()
        waiting += below
