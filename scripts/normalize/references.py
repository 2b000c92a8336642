"""References that lead to where the generator does not follow them; said so that they lead to a component."""

import copy
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from scripts.document.discriminators import entries, full, leads, place
from scripts.document.identities import name_places
from scripts.document.operations import resolved
from scripts.document.transliteration import spelled
from scripts.document.tree import SECTIONS, Node, Tree
from scripts.lib.errors import Refusal

# What OpenAPI 3.0 has ignored beside a reference and the client does not read anyway.
_IDLE = frozenset(("format", "default"))
_SCHEMA_WORDS = frozenset(
    (
        *("type", "nullable", "properties", "required", "additionalProperties", "items", "enum", "const"),
        *("allOf", "anyOf", "oneOf", "not", "discriminator", "patternProperties", "prefixItems"),
    )
)
_OLD = ("#/definitions/", "#/components/schema/", "#/schemas/")


def identities(tree: Tree) -> Iterator[Refusal]:
    """Lead what goes by `$id`, `$anchor` and `$dynamicRef` to components."""
    name_places(tree.document)
    yield from ()


def spellings(tree: Tree) -> Iterator[Refusal]:
    """Mend a reference that names a component otherwise than OpenAPI: encoded, or by its name alone."""
    for node in tree.nodes:
        reference = node.value.get("$ref")
        if node.kind == "document" or not isinstance(reference, str) or tree.find(reference) is not None:
            continue
        section = SECTIONS.get(node.kind)
        bare = reference
        for prefix in _OLD:
            bare = bare.removeprefix(prefix)
        for wanted in (unquote(reference), f"#/components/{section}/{unquote(bare)}"):
            found = tree.find(wanted)
            if section is not None and found is not None and found.kind == node.kind:
                node.value["$ref"] = wanted
                if wanted != unquote(reference):
                    yield Refusal(node.pointer, f"refers to {reference!r}; read as {wanted!r}")
                break


def siblings(tree: Tree) -> Iterator[Refusal]:
    """Drop what stands beside a `$ref` of a schema in OpenAPI 3.0; in 3.1 make an allOf of both."""
    is_30 = str(tree.document.get("openapi")).startswith("3.0")
    for node in tree.nodes:
        if node.kind != "schema" or not isinstance(node.value.get("$ref"), str):
            continue
        beside = sorted(_SCHEMA_WORDS & node.value.keys())
        if not is_30 and "nullable" in beside:
            del node.value["nullable"]
            beside.remove("nullable")
            yield Refusal(
                f"{node.pointer}/nullable", "OpenAPI 3.1 knows no nullable; left out (null is a type there)"
            )
        if is_30:
            for key in beside:
                del node.value[key]
                yield Refusal(
                    f"{node.pointer}/{key}",
                    "stands beside a $ref, where OpenAPI 3.0 has it ignored; left out (allOf would keep it)",
                )
        elif beside:
            more = {key: node.value.pop(key) for key in list(node.value) if key not in ("$ref", *_IDLE)}
            reference = node.value.pop("$ref")
            own = {key: more.pop(key) for key in beside if key != "allOf"}
            parts = [{"$ref": reference}, *(more.pop("allOf", None) or ())]
            node.value.clear()
            node.value.update({"allOf": [*parts, own] if own else parts, **more})


def path_items(tree: Tree) -> Iterator[Refusal]:
    """Put what a path item refers to in its place."""
    for node in tree.nodes:
        if node.kind == "path item" and isinstance(node.value.get("$ref"), str):
            target = resolved(tree.document, node.value)
            if isinstance(target, dict) and target is not node.value:
                own = {key: value for key, value in node.value.items() if key != "$ref"}
                node.value.clear()
                node.value.update({**copy.deepcopy(target), **own})
    yield from ()


def chains(tree: Tree) -> Iterator[Refusal]:
    """Lead a reference to a reference to the end at once."""
    for node in tree.nodes:
        reference = node.value.get("$ref")
        if node.kind in ("document", "path item", "schema") or not isinstance(reference, str):
            continue
        end = tree.resolve(node)
        if end is node or "$ref" in end.value:
            continue
        if node.parent is not None and node.parent.kind == "components":
            node.value.clear()
            node.value.update(copy.deepcopy(end.value))
        elif end.pointer != reference:
            node.value["$ref"] = end.pointer
    yield from ()


def distant(tree: Tree) -> Iterator[Refusal]:
    """Make a component of what a reference to another place refers to."""
    moved: dict[str, str] = {}
    for node in tree.nodes:
        reference = node.value.get("$ref")
        section = SECTIONS.get(node.kind)
        if section is None or node.kind == "path item" or not isinstance(reference, str):
            continue
        target = tree.find(reference)
        holder = target.parent if target is not None else None
        if target is None or target.kind != node.kind or (holder is not None and holder.kind == "components"):
            continue
        if reference not in moved:
            moved[reference] = _moved(tree, target, section)
        node.value["$ref"] = moved[reference]
    yield from ()


def _moved(tree: Tree, target: Node, section: str) -> str:
    """Make a component of what stands at a place, and leave a reference there."""
    if isinstance(target.value.get("$ref"), str):
        return str(target.value["$ref"])
    components: Any = tree.document.setdefault("components", {})
    held = components.setdefault(section, {})
    name = wanted = _component_name(target)
    number = 2
    while name in held:
        name, number = f"{wanted}_{number}", number + 1
    held[name] = dict(target.value)
    target.value.clear()
    target.value["$ref"] = f"#/components/{section}/{name}"
    return f"#/components/{section}/{name}"


def _component_name(target: Node) -> str:
    title = target.value.get("title")
    if isinstance(title, str) and any(c.isalnum() for c in title):
        words = [title]
    else:
        steps = [unquote(step.replace("~1", "/")) for step in target.pointer.split("/")[1:]]
        passed = ("components", "schemas", "properties", "paths", "content", "schema", "application/json")
        words = [step for step in steps if step not in passed][-4:]
    return re.sub(r"[^A-Za-z0-9.-]+", "_", spelled(" ".join(words))).strip("_") or "Part"


def mappings(tree: Tree) -> Iterator[Refusal]:
    """Drop an entry of a discriminator's mapping that names no schema which is there."""
    for node in tree.of_kind("schema"):
        discriminator = node.value.get("discriminator")
        if isinstance(discriminator, str):
            # As Swagger 2.0 wrote it.
            node.value["discriminator"] = {"propertyName": discriminator}
            continue
        for holder, key, target in entries(node.value):
            if not isinstance(target, str) or tree.find(full(target)) is None:
                del holder[key]
                named = f"names {target!r}, which is" if isinstance(target, str) else "is no text, and names"
                yield Refusal(
                    place(node.pointer, node.value, holder, key),
                    f"{named} no schema of the document; left out",
                )


_WORDS = frozenset(("allOf", "title", "description", "example", "examples", "deprecated", "externalDocs"))


def aliases(tree: Tree) -> Iterator[Refusal]:
    """Lead a reference to a component that is another one under a second name to that one.

    The generator makes one class of both, and makes the classes within it twice.
    """
    found = {
        node.pointer: parts[0].value["$ref"]
        for node in tree.of_kind("schema")
        if node.parent is not None
        and node.parent.kind == "components"
        and len(parts := tree.children(node, "allOf")) == 1
        and parts[0].value.keys() == {"$ref"}
        and node.value.get("type") in (None, "object")
        and not {name for name in node.value if not name.startswith("x-")} - _WORDS - {"type"}
    }
    if not found:
        return
    ends: dict[str, str] = {}
    for pointer in found:
        end = pointer
        for _ in found:
            end = found.get(end, end)
        ends[pointer] = end
    for node in tree.nodes:
        if isinstance(node.value.get("$ref"), str):
            node.value["$ref"] = ends.get(node.value["$ref"], node.value["$ref"])
        for holder, key, target in leads(node.value) if node.kind == "schema" else ():
            holder[key] = ends.get(full(target), target)
    schemas = tree.document["components"]["schemas"]
    for node in list(tree.of_kind("schema")):
        if ends.get(node.pointer, node.pointer) != node.pointer:
            del schemas[node.name]
    yield from ()


def circles(tree: Tree) -> Iterator[Refusal]:
    """Open a schema that is made of itself without a property in between to any value."""
    done: set[str] = set()
    for start in tree.nodes:
        if start.kind == "schema" and start.pointer not in done:
            for node in _closing(tree, start, done):
                node.value.clear()
                yield Refusal(
                    node.pointer, "makes a schema of itself without end; the client takes any value there"
                )


def _closing(tree: Tree, start: Node, done: set[str]) -> list[Node]:
    """Return the references that close a circle of schemas with no property in between."""
    found: list[Node] = []
    path: dict[str, None] = {}
    waiting: list[tuple[Node, bool]] = [(start, True)]
    while waiting:
        node, entering = waiting.pop()
        if not entering:
            path.pop(node.pointer, None)
            done.add(node.pointer)
            continue
        if node.pointer in done:
            continue
        path[node.pointer] = None
        waiting.append((node, False))
        for part in _made_of(tree, node):
            if part.pointer in path:
                # The last step of the way back, whether it is a reference or not, is where the cut goes.
                found.append(node if "$ref" in node.value else part)
            else:
                waiting.append((part, True))
    return found


def _made_of(tree: Tree, node: Node) -> list[Node]:
    reference = node.value.get("$ref")
    if isinstance(reference, str):
        target = tree.find(reference)
        return [] if target is None or target.kind != "schema" else [target]
    single = [tree.find(f"{node.pointer}/{field}") for field in ("items", "not")]
    if node.value.get("type") == "array":
        single.append(tree.find(f"{node.pointer}/additionalProperties"))
    listed = [
        part for field in ("allOf", "anyOf", "oneOf", "prefixItems") for part in tree.children(node, field)
    ]
    return [part for part in (*single, *listed) if part is not None]
