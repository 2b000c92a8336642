"""What OpenAPI 3.2 has and 3.1 has not, said in the words of 3.1."""

from collections.abc import Iterator
from typing import Any

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
    components = document.get("components")
    media = components.pop("mediaTypes", None) if isinstance(components, dict) else None
    _put_media_types(document, media if isinstance(media, dict) else {})
    paths = document.get("paths")
    if isinstance(paths, dict):
        for path, item in list(paths.items()):
            if isinstance(item, dict):
                yield from _other_methods(paths, path, item)
                yield from _query_strings(document, path, item)
    yield from _streams(document)


def _put_media_types(node: Any, known: dict[str, Any]) -> None:
    """Put media types that are references in their places."""
    waiting = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            content: Any = value.get("content")
            for name, media in content.items() if isinstance(content, dict) else ():
                reference = media.get("$ref") if isinstance(media, dict) else None
                if isinstance(reference, str) and reference.startswith("#/components/mediaTypes/"):
                    content[name] = known.get(reference.rpartition("/")[2], {})
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _other_methods(paths: dict[str, Any], path: str, item: dict[str, Any]) -> Iterator[Refusal]:
    """Give an operation of another method a path item of its own, told apart by a fragment."""
    others = item.pop("additionalOperations", None)
    found = dict(others) if isinstance(others, dict) else {}
    if isinstance(item.get("query"), dict):
        found["QUERY"] = item.pop("query")
    for method, operation in found.items():
        if not isinstance(operation, dict) or not method.isalpha() or method.lower() in METHODS:
            yield Refusal(
                f"#/paths/{escape(path)}/additionalOperations", f"{method!r} is no method; left out"
            )
            continue
        shared = {name: value for name, value in item.items() if name not in METHODS}
        place = "post" if "requestBody" in operation else "get"
        paths[f"{path}#{method}"] = {**shared, place: {**operation, "x-http-method": method.upper()}}


def _query_strings(document: dict[str, Any], path: str, item: dict[str, Any]) -> Iterator[Refusal]:
    """Take a whole query that is described as a form for parameters of their own."""
    holders = [item, *(item[method] for method in METHODS if isinstance(item.get(method), dict))]
    for holder in holders:
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
            if not isinstance(properties, dict):
                yield Refusal(
                    f"#/paths/{escape(path)}",
                    "its query as a whole is no form of fields; the client sends none",
                )
                continue
            required = schema.get("required") or () if isinstance(schema, dict) else ()
            listed += (
                {"name": name, "in": "query", "required": name in required, "schema": value}
                for name, value in properties.items()
            )


def _streams(document: dict[str, Any]) -> Iterator[Refusal]:
    """Take what comes item by item (`itemSchema`) for a file, and `dataValue` for the value of an example."""
    waiting: list[tuple[str, Any]] = [("#", document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
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
            waiting += ((f"{pointer}/{escape(str(key))}", child) for key, child in value.items())
        elif isinstance(value, list):
            waiting += ((f"{pointer}/{number}", child) for number, child in enumerate(value))
