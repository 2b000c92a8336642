"""What OpenAPI 3.2 has and 3.1 has not, as far as a mock answers by it."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from novapost_mock.responses.media_type import parse
from novapost_mock.schemas.pointers import listing, mapping


def in_words_of_3_1(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a document of 3.2 with media types in their places, items as arrays or texts, and plain queries.

    Operations of other methods stay where they are; `other_operations` yields them.
    """
    result = copy.deepcopy(tree)
    known = mapping(mapping(result.get("components")).get("mediaTypes"))
    waiting: list[Any] = [result]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("content"), dict):
                value["content"] = {
                    name: _medium(str(name), media, known) for name, media in value["content"].items()
                }
            if isinstance(value.get("parameters"), list):
                value["parameters"] = [
                    each for one in value["parameters"] for each in _parameters(one, result)
                ]
            if "dataValue" in value:
                value.setdefault("value", value.pop("dataValue"))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return result


def other_operations(item: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the methods that 3.1 has no place for, in lower case, and their operations."""
    if isinstance(item.get("query"), Mapping):
        yield "query", item["query"]
    for method, operation in mapping(item.get("additionalOperations")).items():
        if isinstance(operation, Mapping) and method.isascii() and method.isalpha():
            yield method.lower(), operation


def _medium(name: str, media: Any, known: Mapping[str, Any]) -> Any:
    reference = mapping(media).get("$ref")
    if isinstance(reference, str) and reference.startswith("#/components/mediaTypes/"):
        media = known.get(reference.rpartition("/")[2], {})
    if not isinstance(media, dict) or "itemSchema" not in media or "schema" in media:
        return media
    read = parse(name)
    whole: dict[str, Any] = {"type": "string", "minLength": 1}
    if read is not None and read.is_lines:
        whole = {"type": "array", "minItems": 1, "items": media["itemSchema"]}
    return {**media, "schema": whole}


def _parameters(one: Any, tree: Mapping[str, Any]) -> Iterator[Any]:
    """Yield a parameter; in place of one that is the whole query as a form, those of its fields."""
    found = mapping(one)
    if isinstance(found.get("$ref"), str) and found["$ref"].startswith("#/components/parameters/"):
        held = mapping(mapping(tree.get("components")).get("parameters"))
        found = mapping(held.get(found["$ref"].rpartition("/")[2]))
    if found.get("in") != "querystring":
        yield one
        return
    media = mapping(mapping(found.get("content")).get("application/x-www-form-urlencoded"))
    schema = mapping(media.get("schema"))
    required = listing(schema.get("required"))
    for name, value in mapping(schema.get("properties")).items():
        yield {"name": name, "in": "query", "required": name in required, "schema": value}
