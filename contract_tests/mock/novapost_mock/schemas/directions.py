"""Properties that travel one way only: readOnly ones in answers, writeOnly ones in requests."""

from collections.abc import Mapping
from typing import Any

from novapost_mock.schemas.pointers import resolved
from novapost_mock.schemas.violation import DocumentError

_NONE: frozenset[str] = frozenset()
MAX_MARK_DEPTH = 8
"""How far down `allOf` a mark is looked for."""


def is_directed(tree: Any) -> bool:
    """Tell whether a schema of the document may mean another thing in requests than in answers."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            # `nullable` beside an enum is judged leniently in answers alone.
            if "readOnly" in value or "writeOnly" in value or ("nullable" in value and "enum" in value):
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


class Marks:
    """Which properties of a schema do not travel in one direction.

    Args:
        tree: the document.
        mark: readOnly or writeOnly.
        beside_references: whether a keyword beside a `$ref` counts, as in OpenAPI 3.1.
    """

    def __init__(self, tree: Mapping[str, Any], mark: str, *, beside_references: bool) -> None:
        self._tree = tree
        self._mark = mark
        self._beside_references = beside_references
        self._names: dict[int, frozenset[str]] = {}
        self._required: dict[int, tuple[Any, frozenset[str]]] = {}  # by identity, so with the schema itself

    def names(self, schema: Mapping[str, Any], place: str) -> frozenset[str]:
        """Return the marked properties of a schema and of all parts of its `allOf`."""
        if schema.keys().isdisjoint(("properties", "allOf", "$ref")):
            return _NONE
        known = self._names.get(id(schema))
        if known is not None:
            return known
        self._names[id(schema)] = frozenset()  # for a part that is made of the whole
        properties, parts = schema.get("properties"), schema.get("allOf")
        found = {
            name
            for name, each in (properties.items() if isinstance(properties, Mapping) else ())
            if self.is_marked(each, place)
        }
        whole = [{"$ref": schema["$ref"]}] if self._beside_references and "$ref" in schema else []
        for part in [*whole, *(parts if isinstance(parts, list) else ())]:
            inner = self._resolved(part, place)
            if inner is not None:
                found |= self.names(inner, place)
        self._names[id(schema)] = frozenset(found)
        return self._names[id(schema)]

    def required(self, schema: Any, place: str) -> frozenset[str]:
        """Return what a schema asks for, itself or in a part of it, through references."""
        known = self._required.get(id(schema))
        if known is not None:
            return known[1]
        found: set[str] = set()
        waiting, seen = [schema], set[int]()
        while waiting:
            each = waiting.pop()
            if not isinstance(each, Mapping) or id(each) in seen:
                continue
            seen.add(id(each))
            required, parts = each.get("required"), each.get("allOf")
            found |= (
                {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
            )
            waiting += parts if isinstance(parts, list) else ()
            waiting.append(self._resolved(each, place) if "$ref" in each else None)
        self._required[id(schema)] = schema, frozenset(found)
        return self._required[id(schema)][1]

    def is_marked(self, schema: Any, place: str, depth: int = 0) -> bool:
        """Tell whether a schema has the mark, itself or in a part of its `allOf`."""
        if isinstance(schema, Mapping) and self._beside_references and self._mark in schema:
            return schema[self._mark] is True
        inner = self._resolved(schema, place)
        if inner is None:
            return False
        parts = inner.get("allOf")
        return inner.get(self._mark) is True or (
            depth < MAX_MARK_DEPTH
            and isinstance(parts, list)
            and any(self.is_marked(part, place, depth + 1) for part in parts)
        )

    def _resolved(self, schema: Any, place: str) -> Mapping[str, Any] | None:
        if not isinstance(schema, Mapping):
            return None
        try:
            return resolved(self._tree, schema, place) if "$ref" in schema else schema
        except DocumentError:
            return None  # the reference itself is judged where it is translated
