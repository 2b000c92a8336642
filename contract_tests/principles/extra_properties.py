"""Properties that nobody documented, such as a careless server would take for its own (mass assignment)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

# Names that frameworks bind to what they store, with the values that an attacker would want.
_USUAL: tuple[tuple[str, Any], ...] = (
    ("admin", True),
    ("role", "admin"),
    ("status", "Active"),
    ("active", True),
    ("matches", 1),
    ("verified", True),
    ("id", 1),
    ("force", True),
    ("debug", True),
    ("__proto__", {"admin": True}),
)
# Of the names that the document has for what the server alone decides.
_MOST_OF_ANSWERS = 6


def undocumented(document: str, body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield names and values to add to a body: the usual ones, and those of the document's answers.

    Args:
        document: the document as one text of JSON.
        body: what is sent; a member that it has is not added.
    """
    names = dict(_USUAL)
    for name, value in list(_of_answers(json.loads(document)))[:_MOST_OF_ANSWERS]:
        names.setdefault(name, value)
    yield from ((name, value) for name, value in names.items() if name not in body)


def _of_answers(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield the properties of all schemas with an example, or with what their type can be."""
    seen: dict[str, Any] = {}
    level = [node]
    while level:
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                properties = each.get("properties")
                for name, schema in properties.items() if isinstance(properties, dict) else ():
                    if isinstance(schema, dict):
                        seen.setdefault(name, _value(schema))
                below += each.values()
            elif isinstance(each, list):
                below += each
        level = below
    yield from seen.items()


def _value(schema: Mapping[str, Any]) -> Any:
    for name in ("example", "default", "const"):
        if name in schema:
            return schema[name]
    if schema.get("enum"):
        return schema["enum"][0]
    by_type = {"boolean": True, "integer": 1, "number": 1, "array": [], "object": {}}
    kind = schema.get("type")
    return by_type.get(kind, "1") if isinstance(kind, str) else "1"
