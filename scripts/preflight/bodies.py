"""Request bodies and answers: media types and statuses that the generator drops or misreads."""

import re
from collections.abc import Iterator

from scripts.preflight import schemas
from scripts.preflight.naming import alteration
from scripts.preflight.tree import Node, Tree, escape
from scripts.refusal import Refusal

_MEDIA_TYPE = re.compile(
    r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+(?:\s*;\s*[a-zA-Z0-9-]+=(?:\"[^\"\\]*\"|[^\s\";]+))*"
)
_STATUS = re.compile(r"[1-5][0-9][0-9]|[1-5]XX|default")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def binary_types(tree: Tree) -> list[str]:
    """The media types of the document whose content is raw bytes, for the generator's settings.

    It knows application/octet-stream alone; under `content_type_overrides` it is told of the others.
    """
    found = {
        node.name for node in tree.of_kind("media type") if _is_binary(tree, node) and not _is_json(node.name)
    }
    return sorted(found - {*_FORMS, "application/octet-stream"})


def statuses(tree: Tree) -> Iterator[Refusal]:
    """A status that is none; the generator leaves the answer out, or waits for one that never comes."""
    for operation in tree.operations:
        answers = operation.node.value.get("responses")
        if not isinstance(answers, dict) or not answers:
            yield Refusal(operation.node.pointer, f"{operation.label} documents no answer")
            continue
        for status in answers:
            if not status.startswith("x-") and not _STATUS.fullmatch(status):
                yield Refusal(
                    f"{operation.node.pointer}/responses/{escape(status)}",
                    "is neither a status such as 200, nor a range such as 2XX, nor `default`",
                )


def media_types(tree: Tree) -> Iterator[Refusal]:
    """Content that the generator drops: of a type it does not know, without a schema, or after the first."""
    for node in (*tree.of_kind("response"), *tree.of_kind("request body")):
        content = node.value.get("content")
        names = list(content) if isinstance(content, dict) else []
        if node.kind == "response" and len(names) > 1:
            yield Refusal(
                f"{node.pointer}/content", f"the generator reads only one of {', '.join(map(repr, names))}"
            )
        if node.kind == "request body" and not names:
            yield Refusal(node.pointer, "a body without content; the generator sends none")
        for media in tree.children(node, "content"):
            if reason := _media_reason(tree, media, node.kind):
                yield Refusal(media.pointer, reason)


def _media_reason(tree: Tree, media: Node, kind: str) -> str | None:
    if wire := alteration(media.name):
        return wire
    if not _MEDIA_TYPE.fullmatch(media.name):
        return f"{media.name!r} is no media type that the generator knows"
    schema = tree.child(media, "schema")
    if schema is None:
        return f"{media.name!r} has no schema, so the generator drops the content"
    found = schemas.types(tree, schema)
    bare = media.name.partition(";")[0].strip()
    if _is_json(bare):
        binary = any(schemas.is_binary(part) for part in schemas.alternatives(tree, schema))
        return "JSON cannot carry raw bytes (format: binary)" if binary else None
    if _is_binary(tree, media):
        return None
    if kind == "request body" and bare in _FORMS:
        return _form_reason(tree, schema, bare)
    if kind == "response" and bare.startswith("text/"):
        plain = found == {"string"} and len(list(schemas.alternatives(tree, schema))) == 1
        return None if plain and not schema.value.get("enum") else "the generator reads text only as a text"
    return (
        f"the generator does not know {media.name!r} unless its schema is that of raw bytes (format: binary)"
    )


def _form_reason(tree: Tree, schema: Node, bare: str) -> str | None:
    parts = list(schemas.alternatives(tree, schema))
    if len(parts) != 1 or schemas.types(tree, schema) != {"object"}:
        return f"the generator writes only a single object as {bare}"
    if bare == "multipart/form-data":
        return None
    for name, child in schemas.properties(tree, parts[0]).items():
        items = tree.child(tree.resolve(child), "items")
        inner = schemas.types(tree, child if items is None else items)
        if inner & {"array", "object"}:
            return f"the generator writes what is nested in the form's field {name!r} as Python does"
    return None


def _is_json(name: str) -> bool:
    bare = name.partition(";")[0].strip()
    return bare == "application/json" or bare.endswith("+json")


def _is_binary(tree: Tree, media: Node) -> bool:
    schema = tree.child(media, "schema")
    return schema is not None and schemas.is_binary(schema)
