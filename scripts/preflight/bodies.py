"""Request bodies and answers: media types and statuses that the generator drops or misreads."""

import re
from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.media_types import kind
from scripts.document.tree import Node, Tree, escape
from scripts.generator.python_names import alteration
from scripts.lib.errors import Refusal

_MEDIA_TYPE = re.compile(
    r"[a-z0-9!#$&^_.+-]+(?:/[a-z0-9!#$&^_.+*-]+)+(?:\s*;\s*[a-zA-Z0-9-]+=(?:\"[^\"\\]*\"|[^\s\";]+))*"
)
_CHARSET = re.compile(r";\s*charset=\"?([^\s\";]+)", re.IGNORECASE)
_STATUS = re.compile(r"[1-5][0-9][0-9]|[1-5]XX|default")


def statuses(tree: Tree) -> Iterator[Refusal]:
    """Refuse a status that is none; the generator would leave the answer out, or wait for it forever."""
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
    """Content that would be lost or misread: of no media type, of several, or without its schema."""
    for node in (*tree.of_kind("response"), *tree.of_kind("request body")):
        for media in tree.children(node, "content"):
            if reason := _media_reason(tree, media, node.kind):
                yield Refusal(media.pointer, reason)


def _media_reason(tree: Tree, media: Node, holder: str) -> str | None:
    if wire := alteration(media.name):
        return wire
    if not _MEDIA_TYPE.fullmatch(media.name):
        return f"{media.name!r} is no media type such as application/json; correct it by an overlay"
    form = kind(media.name)
    schema = tree.child(media, "schema")
    charset = _CHARSET.search(media.name)
    if holder == "request body" and form in ("json", "form") and charset and charset[1].lower() != "utf-8":
        return f"the client writes UTF-8, and not {charset[1]!r}"
    if form == "bytes" or (form == "text" and holder == "request body"):
        # A file to the caller, who knows what stands in it; its schema is for people.
        return None
    if holder == "response" and form in ("form", "multipart"):
        # Given to the caller as it comes.
        return None
    if schema is None:
        lost = holder == "request body" and "the generator drops a body without a schema"
        return lost or None
    if form == "json":
        binary = any(schema_types.is_binary(part) for part in schema_types.alternatives(tree, schema))
        return "JSON cannot carry raw bytes (format: binary)" if binary else None
    if form == "text":
        found = schema_types.types(tree, schema)
        plain = found <= {"string", "any"} and len(list(schema_types.alternatives(tree, schema))) == 1
        return None if plain and not schema.value.get("enum") else "the client reads text only as a text"
    return _form_reason(tree, schema, media.name, form)


def _form_reason(tree: Tree, schema: Node, name: str, form: str) -> str | None:
    parts = list(schema_types.alternatives(tree, schema))
    if len(parts) != 1 or schema_types.types(tree, schema) != {"object"}:
        return f"the client writes only a single object as {name}"
    return None
