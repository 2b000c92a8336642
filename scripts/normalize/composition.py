"""Schemas made of others: what their parts mean together."""

from collections.abc import Iterator
from typing import Any

from scripts.document import schema_types
from scripts.document.discriminators import default_of, full, leads
from scripts.document.tree import Node, Tree
from scripts.lib.errors import Refusal

_MORE = ("properties", "required", "additionalProperties")


def lone_references(tree: Tree) -> Iterator[Refusal]:
    """Make parts of an allOf of the properties that stand beside it.

    The generator takes the reference alone.
    """
    for node in tree.of_kind("schema"):
        parts = tree.children(node, "allOf")
        if (
            len(parts) != 1
            or "$ref" not in parts[0].value
            or schema_types.types(tree, parts[0]) != {"object"}
        ):
            continue
        if node.value.get("additionalProperties") is False:
            # Beside allOf it forbids what the reference has, which nobody means.
            del node.value["additionalProperties"]
        if not any(node.value.get(key) for key in ("properties", "required")):
            continue
        known = schema_types.properties(tree, parts[0]).keys() | (node.value.get("properties") or {}).keys()
        if not known >= set(node.value.get("required") or ()):
            continue  # which is to be told with the place that it has in the document
        own = {"type": "object"}
        own |= {key: node.value.pop(key) for key in _MORE if key in node.value}
        node.value["allOf"].append(own)
    yield from ()


def idle_siblings(tree: Tree) -> Iterator[Refusal]:
    """Drop what says something about a value beside a reference, and nothing about its form.

    OpenAPI 3.0 has whatever stands beside a $ref ignored; in 3.1 these two are annotations.
    """
    for node in tree.nodes:
        if node.kind != "schema" or not isinstance(node.value.get("$ref"), str):
            continue
        for key in ("format", "default"):
            if key in node.value:
                del node.value[key]
                yield Refusal(f"{node.pointer}/{key}", "stands beside a $ref, which says it all; left out")


def distant_requirements(tree: Tree) -> Iterator[Refusal]:
    """Say again where all parts are together what one part of an allOf requires of another."""
    users: dict[str, list[Node]] = {}
    elsewhere: set[str] = set()
    for node in tree.nodes:
        if node.kind == "schema" and isinstance(node.value.get("$ref"), str):
            in_all_of = node.parent is not None and node.pointer.startswith(f"{node.parent.pointer}/allOf/")
            if in_all_of and node.parent is not None:
                users.setdefault(tree.resolve(node).pointer, []).append(node.parent)
            else:
                elsewhere.add(tree.resolve(node).pointer)
    for pointer, wholes in users.items():
        part = tree.find(pointer)
        needed = part.value.get("required") if part is not None else None
        if part is None or not isinstance(needed, list) or pointer in elsewhere:
            continue
        own = schema_types.properties(tree, part)
        far = [name for name in needed if isinstance(name, str) and name not in own]
        if not far or not all(set(far) <= schema_types.properties(tree, whole).keys() for whole in wholes):
            continue
        part.value["required"] = [name for name in needed if name not in far]
        for whole in wholes:
            told = whole.value.setdefault("required", [])
            told += [name for name in far if name not in told]
    yield from ()


def same_types(tree: Tree) -> Iterator[Refusal]:
    """Drop a type beside a single reference of that type; the generator would ignore the reference."""
    for node in tree.of_kind("schema"):
        parts = tree.children(node, "allOf")
        own = node.value.get("type")
        alone = len(parts) == 1 and "$ref" in parts[0].value and isinstance(own, str) and own != "object"
        if alone and own in schema_types.types(tree, parts[0]) | {"null"}:
            del node.value["type"]
    yield from ()


# What says nothing about a value.
_WORDS = frozenset({"title", "description", "example", "examples", "deprecated", "externalDocs"})


def choices_of_one(tree: Tree) -> Iterator[Refusal]:
    """Take a choice with one alternative, and words alone beside it, for that alternative."""
    for node in tree.of_kind("schema"):
        kinds = [kind for kind in ("oneOf", "anyOf") if kind in node.value]
        parts = node.value.get(kinds[0]) if len(kinds) == 1 else None
        beside = {name for name in node.value if not name.startswith("x-")} - _WORDS - {*kinds}
        if isinstance(parts, list) and len(parts) == 1 and not beside:
            reference = parts[0].get("$ref") if isinstance(parts[0], dict) else None
            if isinstance(reference, str) and reference != node.pointer:
                node.value.clear()
                node.value["$ref"] = reference
    yield from ()


def idle_parts(tree: Tree) -> Iterator[Refusal]:
    """Drop a part of an allOf that says nothing of the type: prose and bounds."""
    for node in tree.of_kind("schema"):
        parts = node.value.get("allOf")
        if not isinstance(parts, list) or len(parts) < 2:
            continue
        telling = [part for part in parts if not isinstance(part, dict) or part.keys() & _TELLING]
        if len(telling) == len(parts) or not telling:
            continue
        for part in parts:
            if part not in telling:
                for key, value in part.items():
                    node.value.setdefault(key, value)
        node.value["allOf"] = telling
    yield from ()


_TELLING = frozenset(
    (
        *("$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "const"),
        *("allOf", "anyOf", "oneOf", "not", "format", "nullable", "discriminator"),
    )
)


def same_kind_parts(tree: Tree) -> Iterator[Refusal]:
    """Drop a part of an allOf that only says the type of the reference beside it again."""
    for node in tree.of_kind("schema"):
        parts = node.value.get("allOf")
        if not isinstance(parts, list) or len(parts) < 2:
            continue
        references = [part for part in tree.children(node, "allOf") if "$ref" in part.value]
        if len(references) != 1:
            continue
        found = schema_types.types(tree, references[0])
        if "object" in found or "any" in found:
            continue
        others = [part for part in parts if isinstance(part, dict) and "$ref" not in part]
        told = ("enum", "const", "items", "properties", "allOf", "anyOf", "oneOf", "not")
        if all(not any(key in part for key in told) for part in others) and all(
            set(schema_types.declared_types(part)) <= found
            for part in tree.children(node, "allOf")
            if "$ref" not in part.value
        ):
            nullable = any(part.get("nullable") is True for part in others)
            if any("null" in part["type"] for part in others if isinstance(part.get("type"), list)):
                node.value["nullable"] = nullable = True
            node.value["allOf"] = [part for part in parts if "$ref" in part]
            node.value.pop("type", None)
            for part in others:
                for key, value in part.items():
                    if key in _PROSE or (key == "nullable" and nullable):
                        node.value.setdefault(key, value)
    yield from ()


def scalar_parts(tree: Tree) -> Iterator[Refusal]:
    """Make one schema of an allOf whose parts say something each about one text or number."""
    for node in tree.of_kind("schema"):
        parts = node.value.get("allOf")
        if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
            continue
        everything = [node.value, *parts]
        named = {str(part["type"]) for part in everything if "type" in part}
        if len(named) != 1 or not named <= schema_types.SCALARS or not all(_is_flat(part) for part in parts):
            continue
        whole: dict[str, Any] = {}
        for part in reversed(everything):
            whole |= {key: value for key, value in part.items() if key != "allOf"}
        if all(whole[key] == part[key] for part in everything for key in part if key not in _PROSE):
            node.value.clear()
            node.value.update(whole)
    yield from ()


def contradicting_parts(tree: Tree) -> Iterator[Refusal]:
    """Open an allOf of parts that no value fits together, such as a text and a number, to any value."""
    for node in tree.of_kind("schema"):
        parts = tree.children(node, "allOf")
        if len(parts) < 2 or len(parts) != len(node.value["allOf"]):
            continue
        allowed: set[str] | None = None
        for part in parts:
            found = schema_types.types(tree, part)
            if "any" in found:
                continue
            found = found | {"integer"} if "number" in found else found
            allowed = found if allowed is None else allowed & found
        if allowed is not None and not allowed:
            kept = {key: node.value[key] for key in _PROSE if key in node.value and key != "allOf"}
            node.value.clear()
            node.value.update(kept)
            yield Refusal(f"{node.pointer}/allOf", "no value fits all of its parts; taken for any value")


_PROSE = ("allOf", "title", "description", "example", "examples", "deprecated")


def _is_flat(part: dict[str, Any]) -> bool:
    return not any(key in part for key in ("$ref", "allOf", "anyOf", "oneOf", "properties", "items", "not"))


def discriminators(tree: Tree) -> Iterator[Refusal]:
    """List in each alternative the values by which a discriminator means it.

    The client tells alternatives apart by what they list, and keeps a value that none of them does.
    """
    told: dict[str, dict[str, list[str]]] = {}
    for node in tree.of_kind("schema"):
        found = node.value.get("discriminator")
        name = found.get("propertyName") if isinstance(found, dict) else None
        if isinstance(found, dict) and isinstance(name, str):
            _put_default_first(node)
            for pointer, value in _meanings(tree, node, found).items():
                listed = told.setdefault(pointer, {}).setdefault(name, [])
                listed += [one for one in value if one not in listed]
    for pointer, names in told.items():
        schema = tree.find(pointer)
        for name, values in names.items():
            if schema is not None:
                _list_values(tree, schema, name, values)
    yield from ()


def _put_default_first(node: Node) -> None:
    """Let the client prefer the schema of `defaultMapping` where no alternative lists a value."""
    default = default_of(node.value)
    for keyword in ("oneOf", "anyOf"):
        parts = node.value.get(keyword)
        if default is not None and isinstance(parts, list):
            parts.sort(key=lambda part: not (isinstance(part, dict) and part.get("$ref") == default))


def _meanings(tree: Tree, node: Node, found: dict[str, Any]) -> dict[str, list[str]]:
    """Return the values that mean each alternative, by its pointer; its name where the mapping has none."""
    by_pointer: dict[str, list[str]] = {}
    for holder, value, target in leads(node.value):
        if holder is not found:
            by_pointer.setdefault(full(target), []).append(value)
    parts = [*tree.children(node, "oneOf"), *tree.children(node, "anyOf")]
    pointers = [part.value["$ref"] for part in parts if isinstance(part.value.get("$ref"), str)]
    return {one: by_pointer.get(one) or [one.rpartition("/")[2]] for one in pointers}


def _list_values(tree: Tree, schema: Node, name: str, values: list[str]) -> None:
    known = schema_types.properties(tree, schema).get(name)
    if known is None:
        return
    bare = tree.resolve(known).value
    if (
        schema_types.types(tree, known) != {"string"}
        or bare.get("enum")
        or "const" in bare
        or bare.get("format")
    ):
        return
    listed = {"type": "string", "enum": list(values)}
    own = schema.value.get("properties")
    if isinstance(own, dict) and name in own and "$ref" not in own[name]:
        own[name].update(listed)
    elif isinstance(schema.value.get("allOf"), list):
        schema.value["allOf"].append({"type": "object", "properties": {name: listed}})
