"""Where a document contradicts itself: examples and defaults that do not fit the schema beside them."""

from collections.abc import Iterator
from typing import Any

from contract_tests.checks.json_schema import Direction
from contract_tests.checks.operations import Document

_MOST = 200
_DEEPEST = 30


def contradictions(document: Document) -> list[str]:
    """Return a line for each, with the place as a JSON pointer; 200 at most."""
    found: list[str] = []
    for line in _all(document):
        found.append(line)
        if len(found) == _MOST:
            break
    return list(dict.fromkeys(found))


def _all(document: Document) -> Iterator[str]:
    yield from _inside(document, document.document, "#", "response", 0)


def _inside(document: Document, node: Any, place: str, side: Direction, depth: int) -> Iterator[str]:
    """Walk through everything that may hold an example beside a schema, or is a schema."""
    if depth > _DEEPEST or not isinstance(node, dict | list):
        return
    if isinstance(node, list):
        for number, each in enumerate(node):
            yield from _inside(document, each, f"{place}/{number}", side, depth + 1)
        return
    if isinstance(node.get("schema"), dict):
        yield from _beside(document, node, place, side)
    if _is_schema(node, place):
        yield from _own(document, node, place, side)
    for name, each in node.items():
        if name in ("example", "examples", "default", "enum", "const") and not place.endswith("/properties"):
            continue
        if name.startswith("x-"):
            continue
        turned: Direction = "request" if name in ("requestBody", "parameters", "requestBodies") else side
        turned = "response" if name == "responses" else turned
        escaped = name.replace("~", "~0").replace("/", "~1")
        yield from _inside(document, each, f"{place}/{escaped}", turned, depth + 1)


def _beside(document: Document, node: dict[str, Any], place: str, side: Direction) -> Iterator[str]:
    examples = [("example", node["example"])] if "example" in node else []
    named = node.get("examples")
    for name, each in named.items() if isinstance(named, dict) else ():
        value = document.resolve(each)
        if "value" in value:
            examples.append((f"examples/{name}", value["value"]))
    media = place.rpartition("/")[2].replace("~1", "/")
    if (
        "/content/" in place
        and isinstance(node.get("schema"), dict)
        and not media.partition(";")[0].endswith("json")
    ):
        return
    for name, value in examples:
        for complaint in document.complaints(node["schema"], value, side)[:1]:
            yield f"{place}/{name} does not fit its schema: {complaint}"


def _is_schema(node: dict[str, Any], place: str) -> bool:
    above = place.rpartition("/")[0]
    return "/parameters/" not in place[-20:] and (
        place.endswith(("/schema", "/items", "/additionalProperties"))
        or above.endswith(("/schemas", "/properties", "/allOf", "/oneOf", "/anyOf"))
    )


def _own(document: Document, node: dict[str, Any], place: str, side: Direction) -> Iterator[str]:
    values: list[tuple[str, Any]] = [(n, node[n]) for n in ("example", "default") if n in node]
    several = node.get("examples")
    values += [(f"examples/{n}", each) for n, each in enumerate(several)] if isinstance(several, list) else []
    without = {name: each for name, each in node.items() if name not in ("example", "examples", "default")}
    for name, value in values:
        for complaint in document.complaints(without, value, side)[:1]:
            yield f"{place}/{name} does not fit its schema: {complaint}"
    enum = node.get("enum")
    if isinstance(enum, list):
        rest = {name: each for name, each in without.items() if name != "enum"}
        for number, value in enumerate(enum[:200]):
            if document.complaints(rest, value, side):
                yield f"{place}/enum/{number} does not fit its own schema"
