"""What OpenAPI 3.2 has and 3.1 has not, as far as a mock answers by it."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from novapost_mock.document.found import METHODS
from novapost_mock.document.objects import objects
from novapost_mock.responses.media_type import parse_written
from novapost_mock.schemas.pointers import listing, mapping, resolved
from novapost_mock.schemas.violation import DocumentError

_FORM = "application/x-www-form-urlencoded"


def with_media_types(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a document with media types in their places, and so what bundlers make of a whole `content`."""
    if not any(_refers(value.get("content")) for value in objects(tree)):
        return tree
    result = copy.deepcopy(tree)
    for value in objects(result):
        if mapping(value.get("content")).keys() == {"$ref"}:
            value["content"] = dict(_resolved(result, value["content"])) or value["content"]
        if isinstance(value.get("content"), dict):
            value["content"] = {
                name: _resolved(result, media) if _is_shared(media) else media
                for name, media in value["content"].items()
            }
    return result


def _refers(content: Any) -> bool:
    return mapping(content).keys() == {"$ref"} or any(map(_is_shared, mapping(content).values()))


def _is_shared(media: Any) -> bool:
    reference = mapping(media).get("$ref")
    return isinstance(reference, str) and reference.startswith("#/components/mediaTypes/")


def in_words_of_3_1(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a document of 3.2 with items as arrays or texts, and plain queries.

    Operations of other methods stay where they are; `other_operations` yields them.
    """
    result = copy.deepcopy(tree)
    for value in objects(result):
        if isinstance(value.get("content"), dict):
            value["content"] = {name: _medium(str(name), media) for name, media in value["content"].items()}
        for example in mapping(value.get("examples")).values():
            if isinstance(example, dict) and "dataValue" in example:
                example["value"] = example.pop("dataValue")
    for value in objects(result):
        if isinstance(value.get("parameters"), list):
            value["parameters"] = [each for one in value["parameters"] for each in _parameters(one, result)]
    return result


def other_operations(item: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the methods that 3.1 has no place for, in lower case, and their operations."""
    found = {
        method.lower(): operation
        for method, operation in mapping(item.get("additionalOperations")).items()
        if isinstance(operation, Mapping) and method.isascii() and method.isalpha()
    }
    if isinstance(item.get("query"), Mapping):
        found["query"] = item["query"]
    yield from ((method, operation) for method, operation in found.items() if method not in METHODS)


def _medium(name: str, media: Any) -> Any:
    if not isinstance(media, dict) or "itemSchema" not in media or "schema" in media:
        return media
    read = parse_written(name)
    whole: dict[str, Any] = {"type": "string", "minLength": 1}
    if read is not None and read.is_lines:
        whole = {"type": "array", "minItems": 1, "items": media["itemSchema"]}
    return {**media, "schema": whole}


def _parameters(one: Any, tree: Mapping[str, Any]) -> Iterator[Any]:
    """Yield a parameter; in place of one that is the whole query as a form, those of its fields."""
    found = _resolved(tree, one)
    if found.get("in") != "querystring":
        yield one
        return
    schema = _resolved(tree, mapping(mapping(found.get("content")).get(_FORM)).get("schema"))
    required = listing(schema.get("required"))
    for name, value in mapping(schema.get("properties")).items():
        yield {"name": name, "in": "query", "required": name in required, "schema": value}


def _resolved(tree: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """Return what a value refers to, nothing where that is no object; who reads the operation tells of it."""
    try:
        return resolved(tree, value, "")
    except DocumentError:
        return {}
