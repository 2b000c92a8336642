"""References: only within the document, only to where the generator follows them, and never in a circle."""

import re
from collections.abc import Iterator

from scripts.document.bundle import outside_reason
from scripts.document.discriminators import full, leads, place
from scripts.document.objects import objects
from scripts.document.tree import SECTIONS, Node, Tree, escape
from scripts.lib.errors import Refusal
from scripts.lib.word_set import words

_COMPONENT = re.compile(r"[A-Za-z0-9._-]+")
_ANNOTATIONS = words(
    """
    $ref summary description title example examples deprecated readOnly writeOnly externalDocs xml
    maxLength minLength pattern maximum minimum maxItems minItems uniqueItems multipleOf
    """
)
_BASES = words(
    """
    $id $schema $anchor $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor $vocabulary
    """
)
_DIALECTS = (None, "https://spec.openapis.org/oas/3.1/dialect/base")


def outside_references(tree: Tree) -> Iterator[Refusal]:
    """Refuse a `$ref` to an address or out of the document's folder; nothing there is read."""
    extensions: set[str] = set()
    for pointer, value in objects(tree.document):
        extensions.update(f"{pointer}/{escape(key)}" for key in value if key.startswith("x-"))
        reference = value.get("$ref")
        outside = isinstance(reference, str) and not reference.startswith("#/")
        if outside and not _stands_within(pointer, extensions):
            yield Refusal(pointer, outside_reason("", str(reference)) or _no_pointer(str(reference)))


def _stands_within(pointer: str, places: set[str]) -> bool:
    """Whether something stands at one of some places or below it; an extension is data that nobody reads."""
    steps = pointer.split("/")
    return any("/".join(steps[:length]) in places for length in range(2, len(steps) + 1))


def _no_pointer(reference: str) -> str:
    return f"refers to {reference!r}; a place within the document is written #/components/…"


def component_names(tree: Tree) -> Iterator[Refusal]:
    """Refuse a component whose name OpenAPI does not allow; references could not name it."""
    for node in tree.nodes:
        if (
            node.parent is not None
            and node.parent.kind == "components"
            and not _COMPONENT.fullmatch(node.name)
        ):
            yield Refusal(
                node.pointer, "the name of a component is made of A-Z, a-z, 0-9, '.', '-' and '_' only"
            )


def reference_targets(tree: Tree) -> Iterator[Refusal]:
    """Refuse a reference that leads nowhere, or to where the generator does not follow it."""
    for node in tree.nodes:
        if "$ref" not in node.value or node.kind == "document":
            continue
        reference = node.value["$ref"]
        if node.kind == "path item":
            # The generator drops every operation that stands behind it.
            yield Refusal(node.pointer, "a path item that is a reference; the generator drops its operations")
        elif not isinstance(reference, str):
            yield Refusal(node.pointer, "a $ref that is not text")
        elif reference.startswith("#/"):
            yield from _target(tree, node, reference)


def _target(tree: Tree, node: Node, reference: str) -> Iterator[Refusal]:
    found = tree.find(reference)
    prefix = f"#/components/{SECTIONS.get(node.kind, '')}/"
    name = reference.removeprefix(prefix)
    if not reference.startswith(prefix) or not _COMPONENT.fullmatch(name):
        yield Refusal(node.pointer, f"refers to {reference!r}; the generator follows only {prefix}NAME here")
    elif found is None or found.kind != node.kind:
        yield Refusal(node.pointer, f"refers to {reference!r}, which is not there")
    elif node.kind in ("parameter", "response", "header") and "$ref" in found.value:
        yield Refusal(
            node.pointer, f"refers to {reference!r}, which is a reference again; the generator stops there"
        )
    strange = sorted(key for key in node.value if key not in _ANNOTATIONS and not key.startswith("x-"))
    if strange and node.kind == "schema":
        # OpenAPI 3.0 says so as well, but whoever wrote it meant something by it.
        yield Refusal(
            node.pointer, f"{', '.join(strange)} beside $ref, which the generator ignores; use allOf"
        )


def reference_circles(tree: Tree) -> Iterator[Refusal]:
    """Refuse a schema that is, in the end, made of itself; the generator drops it, or follows it forever.

    An object may hold itself as a property. Any other way back to itself has no end.
    """
    done: set[str] = set()
    for start in tree.nodes:
        if start.pointer not in done and start.kind in SECTIONS:
            yield from _circles(tree, start, done)


def _circles(tree: Tree, start: Node, done: set[str]) -> Iterator[Refusal]:
    path: dict[str, None] = {}
    waiting: list[tuple[Node, bool]] = [(start, True)]
    while waiting:
        node, entering = waiting.pop()
        if not entering:
            path.pop(node.pointer)
            done.add(node.pointer)
            continue
        if node.pointer in path:
            yield Refusal(node.pointer, "is made of itself, without a property in between")
            continue
        if node.pointer in done:
            continue
        path[node.pointer] = None
        waiting.append((node, False))
        waiting += [(part, True) for part in _made_of(tree, node)]


def _made_of(tree: Tree, node: Node) -> list[Node]:
    reference = node.value.get("$ref")
    if isinstance(reference, str):
        target = tree.find(reference)
        return [] if target is None else [target]
    if node.kind != "schema":
        return []
    fields = ("items", "not", "additionalProperties") if node.value.get("type") == "array" else ("not",)
    single = [tree.find(f"{node.pointer}/{field}") for field in fields]
    listed = [
        part for field in ("allOf", "anyOf", "oneOf", "prefixItems") for part in tree.children(node, field)
    ]
    return [part for part in (*single, *listed) if part is not None]


def discriminators(tree: Tree) -> Iterator[Refusal]:
    """Refuse a discriminator that names a schema which is not in the document."""
    for node in tree.of_kind("schema"):
        for holder, key, target in leads(node.value):
            if not full(target).startswith("#/components/schemas/") or tree.find(full(target)) is None:
                yield Refusal(
                    place(node.pointer, node.value, holder, key),
                    f"names {target!r}, which is no schema under #/components/schemas",
                )


def other_bases(tree: Tree) -> Iterator[Refusal]:
    """Keywords that give a schema another address or language; references would mean other things."""
    dialect = tree.document.get("jsonSchemaDialect")
    if dialect not in _DIALECTS:
        yield Refusal("#/jsonSchemaDialect", f"{dialect!r} is another language than that of OpenAPI")
    for node in tree.of_kind("schema"):
        for key in sorted(_BASES.intersection(node.value)):
            yield Refusal(
                f"{node.pointer}/{key}", f"{key} gives the schema another base or language; not taken"
            )
