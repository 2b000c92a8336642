"""What OpenAPI 3.2 has and 3.1 has not, said in the words of 3.1."""

import copy
from collections.abc import Iterator
from typing import Any

from scripts.document.objects import objects
from scripts.document.operations import METHODS, resolved
from scripts.document.tree import Tree, escape
from scripts.lib.errors import Refusal

_LATEST = "3.1.1"


def version(tree: Tree) -> Iterator[Refusal]:
    """Call a document of 3.2 one of 3.1, after what is new in it was said otherwise."""
    document = tree.document
    if not str(document.get("openapi", "")).startswith("3.2"):
        return
    document["openapi"] = _LATEST
    document.pop("$self", None)
    paths = document.get("paths")
    if isinstance(paths, dict):
        for path, item in list(paths.items()):
            found = resolved(document, item)
            if isinstance(found, dict):
                if found is not item:
                    own = {name: value for name, value in item.items() if name != "$ref"}
                    paths[path] = found = {**copy.deepcopy(found), **own}
                yield from _query_strings(document, path, found)
                yield from _other_methods(paths, path, found)
    yield from _streams(document)


def media_types(tree: Tree) -> Iterator[Refusal]:
    """Put media types that are references in their places, and so what bundlers make of a whole `content`."""
    document = tree.document
    for pointer, value in objects(document):
        content: Any = value.get("content")
        if isinstance(content, dict) and content.keys() == {"$ref"}:
            found = resolved(document, content)
            if isinstance(found, dict) and "$ref" not in found:
                value["content"] = content = copy.deepcopy(found)
                yield Refusal(f"{pointer}/content", "OpenAPI has no reference here; read as one")
        for name, media in content.items() if isinstance(content, dict) else ():
            reference = media.get("$ref") if isinstance(media, dict) else None
            if isinstance(reference, str) and reference.startswith("#/components/mediaTypes/"):
                found = resolved(document, media)
                content[name] = found if isinstance(found, dict) else {}
    if isinstance(document.get("components"), dict):
        document["components"].pop("mediaTypes", None)


def _other_methods(paths: dict[str, Any], path: str, item: dict[str, Any]) -> Iterator[Refusal]:
    """Give an operation of another method a path item of its own, told apart by a fragment."""
    for method, operation in _others(item).items():
        if (
            not isinstance(operation, dict)
            or not (method.isascii() and method.isalpha())
            or method.lower() in METHODS
        ):
            yield Refusal(
                f"#/paths/{escape(path)}/additionalOperations", f"{method!r} is no method; left out"
            )
            continue
        shared = {
            name: value
            for name, value in item.items()
            if name not in (*METHODS, "query", "additionalOperations")
        }
        place = "post" if "requestBody" in operation else "get"
        paths[f"{path}#{method}"] = {**shared, place: {**operation, "x-http-method": method.upper()}}
    item.pop("additionalOperations", None)
    item.pop("query", None)


def _others(item: dict[str, Any]) -> dict[str, Any]:
    """Return the operations of a path item for which 3.1 has no place, by method."""
    listed = item.get("additionalOperations")
    found = dict(listed) if isinstance(listed, dict) else {}
    return found | {"QUERY": item["query"]} if isinstance(item.get("query"), dict) else found


def _query_strings(document: dict[str, Any], path: str, item: dict[str, Any]) -> Iterator[Refusal]:
    """Take a whole query that is described as a form for parameters of their own."""
    operations = (*(item.get(method) for method in METHODS), *_others(item).values())
    for holder in (item, *(each for each in operations if isinstance(each, dict))):
        listed = holder.get("parameters")
        for parameter in list(listed) if isinstance(listed, list) else ():
            found = resolved(document, parameter)
            if not isinstance(found, dict) or found.get("in") != "querystring":
                continue
            listed = holder["parameters"] = [each for each in holder["parameters"] if each is not parameter]
            content = found.get("content")
            media = content.get("application/x-www-form-urlencoded") if isinstance(content, dict) else None
            schema = resolved(document, media.get("schema")) if isinstance(media, dict) else None
            properties = schema.get("properties") if isinstance(schema, dict) else None
            if not isinstance(schema, dict) or not isinstance(properties, dict):
                yield Refusal(
                    f"#/paths/{escape(path)}",
                    "its query as a whole is no form of fields; the client sends none",
                )
                continue
            required = schema.get("required")
            listed += (
                {
                    "name": name,
                    "in": "query",
                    "required": isinstance(required, list) and name in required,
                    "schema": value,
                }
                for name, value in properties.items()
            )


def _streams(document: dict[str, Any]) -> Iterator[Refusal]:
    """Take what comes item by item (`itemSchema`) for a file, and `dataValue` for the value of an example."""
    for pointer, value in objects(document):
        content = value.get("content")
        for name, media in content.items() if isinstance(content, dict) else ():
            if isinstance(media, dict) and "itemSchema" in media:
                del media["itemSchema"]
                media.setdefault("schema", {"type": "string", "format": "binary"})
                yield Refusal(
                    f"{pointer}/content/{escape(name)}",
                    "comes item by item; the client gives all of it at once",
                )
        examples = value.get("examples")
        for example in examples.values() if isinstance(examples, dict) else ():
            if isinstance(example, dict) and "dataValue" in example:
                example["value"] = example.pop("dataValue")
                example.pop("serializedValue", None)
