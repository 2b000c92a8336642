"""Hold a rendered page against a document, or a page in another language: what only one of them says."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.drift.document.spec import Spec, as_dict, as_list, neutral
from scripts.drift.facts import Fact
from scripts.drift.findings import Pointer
from scripts.drift.pages.shown import Reading, ShownBody, ShownOperation


def shown_facts(
    reading: Reading, document: Mapping[str, Any], names: tuple[str, str], side: int
) -> Iterator[Fact]:
    """Return what only the rendered page or only the document says, as far as both could.

    Args:
        reading: what the page shows.
        document: the other side.
        names: what to call the page and the other side.
        side: whether the page is the base (0) or the revision (1).
    """
    spec = Spec(dict(document))
    page, other = names
    yield _only(
        other, "OpenAPI document", f"only the {other} holds an OpenAPI document; the {page} shows a part", {}
    )
    shown = {(one.method, neutral(one.path)): one for one in reading.operations}
    for operation in spec.operations():
        if operation.kind != "path":
            continue
        there = shown.get((operation.method, neutral(operation.path)))
        if there is None:
            text = f"only the {other} describes the operation"
            yield _only(other, operation.name, text, {}, operation.part.pointer, side)
            continue
        yield from _statuses(spec, operation.part.value, there, names, side)
        yield from _bodies(spec, operation.part.value, there, names, side)


def _only(
    owner: str, what: str, text: str, more: Mapping[str, Any], pointer: Pointer = (), side: int = 1
) -> Fact:
    # The pointer is one of the document, which is the side that the page is not.
    at = (pointer, ()) if side else ((), pointer)
    place = f"{what}: only in the {owner}"
    return Fact("language", place, base=at[0], revision=at[1], more={"text": text, **more})


def _statuses(
    spec: Spec, operation: Mapping[str, Any], shown: ShownOperation, names: tuple[str, str], side: int
) -> Iterator[Fact]:
    page, other = names
    stated = [str(one) for one in as_dict(operation.get("responses"))]
    there = {one.status for one in shown.answers}
    missing = [one for one in stated if one not in there]
    if missing:
        text = f"only the {other} says what answers {', '.join(missing)} are; the {page} shows the open tab"
        yield _only(other, f"{shown.name} answers {', '.join(missing)}", text, {})


def _bodies(
    spec: Spec, operation: Mapping[str, Any], shown: ShownOperation, names: tuple[str, str], side: int
) -> Iterator[Fact]:
    for where, body in shown.bodies():
        part: Any = operation
        for key in where:
            part = spec.follow(as_dict(part).get(key), ()).value
        content = as_dict(as_dict(part).get("content"))
        kind = body.media_type or next(iter(content), "")
        schema = spec.follow(as_dict(content.get(kind)).get("schema"), ()).value
        properties = as_dict(schema.get("properties"))
        place = f"{shown.name} {'request' if where[0] == 'requestBody' else f'answer {where[1]}'}"
        yield from _examples(spec, place, body, properties, names, side)


def _examples(
    spec: Spec, place: str, body: ShownBody, properties: Mapping[str, Any], names: tuple[str, str], side: int
) -> Iterator[Fact]:
    page, other = names
    for one in body.fields:
        lines = {"lines": (one.line, None) if side == 0 else (None, one.line)}
        if one.name not in properties:
            continue
        schema = spec.follow(properties[one.name], ()).value
        has = "example" in schema or "examples" in schema
        if one.example is not None and not has:
            text = f"only the {page} shows an example of {one.name}: {one.example}"
            yield _only(page, f"{place} /{one.name} example", text, lines)
        elif one.example is None and has:
            yield _only(
                other, f"{place} /{one.name} example", f"only the {other} has an example of {one.name}", {}
            )
        if one.is_enum and not one.values and as_list(schema.get("enum")):
            text = f"only the {other} tells the values of {one.name}"
            yield _only(other, f"{place} /{one.name} values", text, {})
        elif one.is_enum and "enum" not in schema and not one.values:
            text = f"only the {page} says that {one.name} is one of several values, and does not show them"
            yield _only(page, f"{place} /{one.name} values", text, lines)
