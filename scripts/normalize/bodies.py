"""Answers and bodies: in one media type that the client reads, and none where HTTP has none."""

from collections.abc import Iterator
from typing import Any

from scripts.document.media_types import RANGES, kind
from scripts.document.operations import resolved
from scripts.document.tree import Node, Tree, escape
from scripts.lib.errors import Refusal

# RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5; and HEAD has no body at all (9.3.2).
_BODILESS = ("204", "205", "304")


def bodiless_answers(tree: Tree) -> Iterator[Refusal]:
    """An answer that HTTP sends without a body, and for which the document has one."""
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
        elif ";" not in name and name != bare:
            exact = bare
        # An exact name that is there already says more.
        if exact == name or (exact not in content and exact not in named):
            named[exact] = media
    content.clear()
    content.update(named)


def _meant(schema: Any, name: str) -> str:
    """What a range of media types stands for, as the schema has it."""
    if isinstance(schema, dict) and schema.get("type") == "string":
        if schema.get("format") == "binary":
            return "application/octet-stream"
        return "application/json" if name == "application/*+json" or schema.get("enum") else "text/plain"
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
    """An operation that documents no answer, as OpenAPI 3.1 allows; what comes is given as it comes."""
    if not str(tree.document.get("openapi")).startswith("3.1"):
        return
    for operation in tree.operations:
        if "responses" not in operation.node.value:
            raw = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
            operation.node.value["responses"] = {"default": {"description": "", "content": raw}}
            yield Refusal(
                operation.node.pointer,
                f"{operation.label} documents no answer; the client gives what comes as a file",
            )
