"""Values as they stand on the wire, read back into what a schema talks about.

A text such as `5` may be meant as a number or as a text. Each reading is offered to the validator, and the
value is good if one of them fits; so no choice has to be made where the document leaves it open.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

from novapost_mock.schemas.merging import CHOICES, TooDeepError, flat
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.validators import Node, Shape

MAX_READINGS = 64
MAX_STEPS = 16
Tree: TypeAlias = "list[str] | dict[str, Tree]"
"""The texts of names such as `a[b][0]` by their steps."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,400}", re.ASCII)
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?", re.ASCII
)
_ALL = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


def unfolded(pairs: Iterable[tuple[Sequence[str], str]]) -> "Tree | None":
    """Ways and texts as one tree; None if a text stands where others are below."""
    tree: dict[str, Tree] = {}
    for way, text in pairs:
        inner = tree
        for step in way[:-1]:
            below = inner.setdefault(step, {})
            if not isinstance(below, dict):
                return None
            inner = below
        texts = inner.setdefault(way[-1], [])
        if not isinstance(texts, list):
            return None
        texts.append(text)
    return tree


def way_of(name: str) -> list[str]:
    """`a[b][0]` as its steps; a name that is not written that way is one step."""
    outer, bracket, rest = name.partition("[")
    if not outer or not bracket or not rest.endswith("]"):
        return [name]
    steps = rest[:-1].split("][")
    return [outer, *steps] if len(steps) <= MAX_STEPS else [name]


class Reader:
    """Reads texts back by one schema: its types, and those of its items and properties."""

    def __init__(self, schemas: SchemaSet, node: Node, depth: int = 0) -> None:
        self.schemas = schemas
        self.types, self.items_node, self.properties, self.others_node = _described(schemas, node)
        self.named = frozenset(self.properties)
        self._node = node
        self._shape: Shape | None = None
        self._depth = depth
        self._children: dict[str | None, Reader] = {}

    def scalar(self, text: str) -> Iterator[Any]:
        """Every value that a single text may stand for, the likeliest first."""
        types = self.types
        if ("integer" in types or "number" in types) and _INTEGER.fullmatch(text):
            yield int(text)
        elif ("integer" in types or "number" in types) and _NUMBER.fullmatch(text):
            number = float(text)
            if number - number == 0:  # neither infinite nor nothing
                yield int(number) if number == int(number) and abs(number) < 2**53 else number
        if "boolean" in types and text in ("true", "false"):
            yield text == "true"
        # Where a text may stand, an empty one is a text, and may be refused as such.
        if "null" in types and (text == "null" or (not text and "string" not in types)):
            yield None
        if "string" in types:
            yield text

    def best(self, readings: Iterable[Any], text: str) -> Any:
        """Return the first of several readings of a text that fits, else the first, else the text itself."""
        found = list(readings)
        if len(found) > 1 and not isinstance(self._node, bool):
            if self._shape is None:
                self._shape = self.schemas.once(self._node)
            return next((each for each in found if self._shape.accepts(each)), found[0])
        return found[0] if found else text

    def items(self, texts: Sequence[str]) -> Iterator[list[Any]]:
        """Every list that several texts may stand for."""
        child = self._child(None, self.items_node)
        first = [child.best(child.structured(text), text) for text in texts]
        yield first
        if "string" in child.types and child.types & {"integer", "number", "boolean", "null"}:
            yield list(texts)

    def object(self, pairs: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """Every object that several named texts may stand for; a name that comes twice makes a list."""
        texts: dict[str, list[str]] = {}
        for name, text in pairs:
            texts.setdefault(name, []).append(text)
        yield {name: self.property(name)._given(given) for name, given in texts.items()}

    def _given(self, texts: list[str]) -> Any:
        """Return the value that the texts of one name stand for."""
        if texts == ["{}"] and "array" in self.types and "object" not in self.types:
            return {}  # an object where a list belongs, whatever a list of texts could make of it
        if "array" in self.types and (len(texts) > 1 or self.types <= {"array", "null"}):
            return next(self.items(texts))
        return self.best(self.structured(texts[-1]), texts[-1])

    def nested(self, tree: Tree) -> Any:
        """Return the value that texts stand for whose names say where in it they belong."""
        if isinstance(tree, list):
            return self._given(tree)
        if "array" in self.types and all(not name or name.isdigit() for name in tree):
            child = self._child(None, self.items_node)
            items: list[Any] = []
            for _, inner in sorted(tree.items(), key=lambda each: int(each[0][:9] or 0)):
                items += next(self.items(inner)) if isinstance(inner, list) else [child.nested(inner)]
            return items
        return {name: self.property(name).nested(inner) for name, inner in tree.items()}

    def property(self, name: str) -> "Reader":
        """Return the reader for a property."""
        return self._child(name, self.properties.get(name, self.others_node))

    def structured(self, text: str) -> Iterator[Any]:
        """Yield a single text as a scalar, or as JSON where an array or an object is meant."""
        if self.types & {"array", "object"} and text[:1] in ("[", "{"):
            with contextlib.suppress(ValueError, RecursionError):
                yield json.loads(text)
        yield from islice(self.scalar(text), MAX_READINGS)

    def _child(self, name: str | None, node: Node) -> "Reader":
        found = self._children.get(name)
        if found is None:
            deeper = True if self._depth > 8 else node
            found = Reader(self.schemas, deeper, self._depth + 1)
            if len(self._children) < 1000:
                self._children[name] = found
        return found


def _described(schemas: SchemaSet, node: Node) -> tuple[frozenset[str], Node, Mapping[str, Node], Node]:
    """Return the types of a value, its items, its properties by name, and the schema of other properties."""
    try:
        schema = flat(schemas, node, (), 1)[0]
    except TooDeepError:
        return _ALL, True, {}, True
    types = frozenset(schema.get("type", _ALL))
    items, others = schema.get("items", True), schema.get("additionalProperties", True)
    properties: dict[str, Node] = dict(schema.get("properties", {}))
    if "enum" in schema:
        types &= frozenset(kind for each in schema["enum"] for kind in _kinds(each))
    for branches in schema.get(CHOICES, ()):
        told = [_described(schemas, branch) for branch in branches if branch is not node]
        types &= frozenset().union(*(each[0] for each in told))
        for _, inner, named, _ in told:
            items = inner if items is True else items
            properties = {**named, **properties}
    return types, items, properties, others


def _kinds(value: Any) -> tuple[str, ...]:
    match value:
        case bool():
            return ("boolean",)
        case int() | float():
            return ("integer", "number")
        case str():
            return ("string",)
        case None:
            return ("null",)
        case list():
            return ("array",)
        case _:
            return ("object",)
