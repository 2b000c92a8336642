"""The objects that OpenAPI gives a meaning, told from data and from maps whose keys somebody chose."""

from collections.abc import Iterator
from typing import Any

from novapost_mock.schemas.keywords import SCHEMA_MAPS

# Their keys are names that somebody chose: also `default`, `example` or `value`.
_NAMED = SCHEMA_MAPS | {
    *("$defs", "definitions", "schemas", "responses", "parameters", "headers", "requestBodies", "callbacks"),
    *("mediaTypes", "pathItems", "paths", "webhooks", "content", "encoding", "examples", "links"),
}
_INNER = (dict, list)
_DATA = frozenset({"example", "examples", "default", "const", "enum", "value", "dataValue"})


def objects(tree: Any, *, is_named: bool = False) -> Iterator[dict[str, Any]]:
    """Yield each object of a document once, however often aliases lead to it.

    Args:
        is_named: whether the keys of the tree itself may be chosen names, as in a file of schemas.
    """
    waiting: list[tuple[Any, str]] = [(tree, "any" if is_named else "object")]
    # The values themselves, too, so that none is freed and its number given to another one.
    seen: dict[int, Any] = {}
    while waiting:
        value, kind = waiting.pop()
        if id(value) in seen or not isinstance(value, _INNER):
            continue
        seen[id(value)] = value
        if isinstance(value, list):
            waiting += [(each, "object") for each in value if isinstance(each, _INNER)]
            continue
        if kind != "map" or isinstance(value.get("$ref"), str):
            yield value
        for key, child in value.items():
            if not isinstance(child, _INNER):
                continue
            below = "map" if kind != "map" and key in _NAMED and isinstance(child, dict) else "object"
            if kind != "object" or below == "map" or key not in _DATA:
                waiting.append((child, below))
