"""Answers and bodies: in one media type that the client reads, and none where HTTP has none."""

import re
from collections.abc import Iterator
from typing import Any

from scripts.document import schema_types
from scripts.document.media_types import RANGES, kind
from scripts.document.operations import resolved
from scripts.document.tree import Node, Tree, escape
from scripts.lib.errors import Refusal

# RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5; and HEAD has no body at all (9.3.2).
_BODILESS = ("204", "205", "304")


def bodiless_answers(tree: Tree) -> Iterator[Refusal]:
    """Drop the body of an answer that HTTP sends without one."""
    for operation in tree.operations:
        answers = operation.node.value.get("responses")
        if not isinstance(answers, dict):
            continue
        for status, answer in list(answers.items()):
            if status not in _BODILESS and operation.method != "head":
                continue
            found = resolved(tree.document, answer)
            if isinstance(found, dict) and found.get("content"):
                answers[status] = {key: value for key, value in found.items() if key != "content"}
                yield Refusal(
                    f"{operation.node.pointer}/responses/{escape(status)}",
                    f"HTTP sends no body with {'HEAD' if operation.method == 'head' else status}; "
                    "what the document says of one is left out",
                )


def media_types(tree: Tree) -> Iterator[Refusal]:
    """Content in several media types, or under a range such as */*; JSON stands for the others."""
    for node in (*tree.of_kind("response"), *tree.of_kind("request body")):
        content = node.value.get("content")
        if isinstance(content, dict) and all(isinstance(media, dict) for media in content.values()):
            _name_ranges(tree, content)
            yield from _settle(node, content)


def _name_ranges(tree: Tree, content: dict[str, Any]) -> None:
    named: dict[str, Any] = {}
    for name, media in content.items():
        bare = name.strip().lower()
        exact = name
        if bare in RANGES:
            exact = _meant(resolved(tree.document, media.get("schema")), bare)
        # An exact name that is there already says more.
        if exact == name or (exact not in content and exact not in named):
            named[exact] = media
    content.clear()
    content.update(named)


def _meant(schema: Any, name: str) -> str:
    """Return what a range of media types stands for, as the schema has it."""
    if isinstance(schema, dict) and schema.get("type") == "string":
        if schema.get("format") == "binary":
            return "application/octet-stream"
        is_text = name == "text/*" or (name == "*/*" and not schema.get("enum"))
        return "text/plain" if is_text else "application/json"
    return "application/json"


def _settle(node: Node, content: dict[str, Any]) -> Iterator[Refusal]:
    chosen = next((name for name in content if name.strip().lower() == "application/json"), None)
    chosen = chosen or next((name for name in content if kind(name) == "json"), None)
    if chosen is None or len(content) == 1:
        return
    if node.kind == "response":
        gone = [name for name in content if name != chosen]
        reason = f"the client asks for {chosen!r} and reads no {' or '.join(map(repr, gone))}"
    else:
        # A form of the same object would take it away from JSON; bytes are another kind of argument.
        same = content[chosen].get("schema")
        gone = [
            name
            for name, media in content.items()
            if name != chosen and kind(name) not in ("bytes", "text") and media.get("schema") == same
        ]
        gone += [
            name for name in content if name != chosen and kind(name) in ("bytes", "text") and "xml" in name
        ]
        reason = f"the client sends {chosen!r} and no {' or '.join(map(repr, gone))}"
    for name in gone:
        del content[name]
    if gone:
        yield Refusal(f"{node.pointer}/content", reason)


def missing_answers(tree: Tree) -> Iterator[Refusal]:
    """Let an operation that documents no answer give what comes as it comes."""
    for operation in tree.operations:
        if not operation.node.value.get("responses"):
            raw = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
            operation.node.value["responses"] = {"default": {"description": "", "content": raw}}
            yield Refusal(
                operation.node.pointer,
                f"{operation.label} documents no answer; the client gives what comes as a file",
            )


def missing_successes(tree: Tree) -> Iterator[Refusal]:
    """Let an operation that documents errors alone succeed as well, without a value."""
    for operation in tree.operations:
        answers = operation.node.value.get("responses")
        if not isinstance(answers, dict) or not answers:
            continue
        if all(re.fullmatch(r"[45](?:[0-9]{2}|XX)", str(status), re.IGNORECASE) for status in answers):
            answers["2XX"] = {"description": ""}
            yield Refusal(
                f"{operation.node.pointer}/responses",
                f"{operation.label} documents errors alone; a success gives None, whatever its body",
            )


def plain_names(tree: Tree) -> Iterator[Refusal]:
    """Mend a media type in capitals or with blanks, and what people write for JSON."""
    for node in (*tree.of_kind("response"), *tree.of_kind("request body")):
        content = node.value.get("content")
        if not isinstance(content, dict):
            continue
        renamed = {name: _plain_name(name) for name in content}
        if any(name != plain for name, plain in renamed.items()):
            items: dict[str, Any] = {}
            for name, media in content.items():
                items.setdefault(renamed[name], media)
            content.clear()
            content.update(items)
        for name, media in list(content.items()):
            if not isinstance(media, dict):
                content[name] = {}
    yield from ()


_NAMES = {"json": "application/json", "xml": "application/xml", "text": "text/plain", "html": "text/html"}


def _plain_name(name: str) -> str:
    bare, semicolon, rest = name.strip().partition(";")
    bare = _NAMES.get(bare.strip().lower(), bare.strip().lower())
    return f"{bare};{rest}" if semicolon else bare


def empty_bodies(tree: Tree) -> Iterator[Refusal]:
    """Let a body that nobody describes be none at all, or any value."""
    for operation in tree.operations:
        body = operation.node.value.get("requestBody")
        found = resolved(tree.document, body)
        if isinstance(found, dict) and not found.get("content"):
            del operation.node.value["requestBody"]
            yield Refusal(f"{operation.node.pointer}/requestBody", "has no content; the client sends none")
    for node in tree.of_kind("request body"):
        for media in tree.children(node, "content"):
            if "schema" not in media.value and kind(media.name) == "json":
                media.value["schema"] = {}
            elif "schema" not in media.value and kind(media.name) in ("form", "multipart"):
                media.value["schema"] = {"type": "object"}


def forms(tree: Tree) -> Iterator[Refusal]:
    """Forms of anything else than one object, and answers that are forms or texts of another type."""
    for node in tree.of_kind("request body"):
        for media in tree.children(node, "content"):
            schema = tree.child(media, "schema")
            if schema is None or kind(media.name) not in ("form", "multipart"):
                continue
            found = list(schema_types.alternatives(tree, schema))
            if len(found) == 1 and schema_types.types(tree, schema) == {"object"}:
                continue
            properties: dict[str, Any] = {}
            for one in found:
                for name, child in schema_types.properties(tree, one).items():
                    properties.setdefault(name, dict(child.value))
            media.value["schema"] = {"type": "object", "properties": properties}
            yield Refusal(
                f"{media.pointer}/schema",
                "is no single object, which a form is; the client takes the fields of all alternatives",
            )
    for node in tree.of_kind("response"):
        content = node.value.get("content")
        for name, media in list(content.items()) if isinstance(content, dict) else ():
            form = kind(name)
            if (
                form == "text"
                and isinstance(media.get("schema"), dict)
                and media["schema"] != {"type": "string"}
            ):
                media["schema"] = {"type": "string"}
            elif form in ("form", "multipart"):
                media["schema"] = (
                    {"type": "string"} if form == "form" else {"type": "string", "format": "binary"}
                )
                yield Refusal(f"{node.pointer}/content", f"the caller reads {name!r}, which comes as a file")


def files_in_json(tree: Tree) -> Iterator[Refusal]:
    """Raw bytes as the whole of a JSON body, which carries none: any JSON value."""
    for node in (*tree.of_kind("response"), *tree.of_kind("request body")):
        for media in tree.children(node, "content"):
            schema = resolved(tree.document, media.value.get("schema"))
            if kind(media.name) == "json" and isinstance(schema, dict) and schema.get("format") == "binary":
                media.value["schema"] = {}
                yield Refusal(
                    media.pointer,
                    "JSON cannot carry raw bytes (format: binary); any JSON value to the client",
                )
