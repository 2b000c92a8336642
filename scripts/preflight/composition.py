"""Schemas made of schemas: what the generator collapses into something else."""

from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.lib.errors import Refusal

_MEANING = ("properties", "required", "additionalProperties", "enum", "items", "const")


def lone_references(tree: Tree) -> Iterator[Refusal]:
    """Refuse a single reference in an allOf, anyOf or oneOf with more beside it."""
    for node in tree.of_kind("schema"):
        parts = schema_types.members(tree, node)
        if len(parts) != 1 or "$ref" not in parts[0].value:
            continue
        ignored = [key for key in _MEANING if key in node.value]
        if schema_types.is_nullable(node) and "type" in node.value:
            ignored.append("the permission of null")
        if ignored:
            yield Refusal(
                node.pointer, f"the generator ignores {', '.join(ignored)} beside a single reference"
            )


def mixed_composition(tree: Tree) -> Iterator[Refusal]:
    """Refuse anyOf, oneOf, allOf and properties beside each other; the generator sees one of them."""
    for node in tree.of_kind("schema"):
        kinds = [key for key in ("anyOf", "oneOf", "allOf") if node.value.get(key)]
        if len(kinds) > 1:
            yield Refusal(node.pointer, f"the generator mixes up {' and '.join(kinds)} in one schema")
        elif kinds and kinds != ["allOf"] and (beside := [key for key in _MEANING if key in node.value]):
            yield Refusal(node.pointer, f"the generator ignores {', '.join(beside)} beside {kinds[0]}")
        elif kinds and kinds != ["allOf"] and isinstance(node.value.get("type"), list):
            yield Refusal(node.pointer, f"the generator adds the types beside {kinds[0]} to its parts")


def all_of_objects(tree: Tree) -> Iterator[Refusal]:
    """Refuse an allOf of what are no objects; the generator makes an object of them, or ignores the allOf."""
    for node in tree.of_kind("schema"):
        parts = tree.children(node, "allOf")
        if not parts:
            continue
        own = set(schema_types.declared_types(node)) - {"object"}
        if own:
            yield Refusal(node.pointer, f"the generator ignores allOf beside type {', '.join(sorted(own))}")
            continue
        if len(parts) == 1 and "$ref" in parts[0].value:
            continue
        for part in parts:
            found = schema_types.types(tree, part)
            inner = tree.resolve(part)
            if found - {"object", "any"} or (
                found == {"any"} and inner.value.get("required") is None and inner.value
            ):
                yield Refusal(
                    part.pointer, "a part of allOf that is no object; the generator makes one of it"
                )
            elif any(key in inner.value for key in ("anyOf", "oneOf")):
                yield Refusal(
                    part.pointer, "a part of allOf with alternatives of its own, which the generator ignores"
                )
            elif "$ref" not in part.value and inner.value.get("allOf"):
                yield Refusal(
                    part.pointer, "a part of allOf with an allOf of its own, which the generator ignores"
                )
            elif isinstance(inner.value.get("additionalProperties"), dict):
                yield Refusal(part.pointer, "the generator ignores additionalProperties of a part of allOf")


def differing_defaults(tree: Tree) -> Iterator[Refusal]:
    """Parts of an allOf that have one property with two defaults; the generator takes one of them."""
    for node in tree.of_kind("schema"):
        if not node.value.get("allOf"):
            continue
        found: dict[str, str] = {}
        for part in schema_types.parts_of(tree, node):
            for child in tree.children(part, "properties"):
                default = child.value.get("default")
                if default is not None and found.setdefault(child.name, repr(default)) != repr(default):
                    yield Refusal(
                        f"{child.pointer}/default",
                        f"{default!r} here and {found[child.name]} in another part",
                    )


def ambiguous_unions(tree: Tree) -> Iterator[Refusal]:
    """Alternatives that some values fit alike; a note, for the document itself does not say which is meant.

    The client takes the one with the least left over, of equals the earlier one.
    """
    for node in tree.of_kind("schema"):
        # The generator goes through anyOf first.
        parts = tree.children(node, "anyOf") + tree.children(node, "oneOf")
        objects = [
            (part, alternative)
            for part in parts
            for alternative in schema_types.alternatives(tree, part)
            if schema_types.types(tree, alternative) == {"object"}
        ]
        for i, (_, later) in enumerate(objects):
            for part, earlier in objects[:i]:
                if earlier is not later and not _told_apart(tree, earlier, later):
                    yield Refusal(
                        part.pointer,
                        f"takes what fits {later.pointer} as well: it needs nothing that the other one lacks",
                    )


def _told_apart(tree: Tree, earlier: Node, later: Node) -> bool:
    """Whether a value of the later schema cannot be read by the earlier one, or leaves something over."""
    ours, theirs = schema_types.properties(tree, earlier), schema_types.properties(tree, later)
    needed = schema_types.required(tree, earlier)
    if any(name not in theirs for name in needed):
        return True
    asked = schema_types.required(tree, later)
    # Further fields of a type of their own are documented, so they do not count as left over.
    loose = isinstance(earlier.value.get("additionalProperties"), dict)
    if not loose and any(name not in ours for name in asked):
        return True
    for name in needed | asked:
        one, other = _values(tree, ours.get(name)), _values(tree, theirs.get(name))
        if one and other and not one & other:
            return True
    return False


def _values(tree: Tree, node: Node | None) -> set[str]:
    if node is None:
        return set()
    value = tree.resolve(node).value
    values = (
        value.get("enum")
        if isinstance(value.get("enum"), list)
        else [value["const"]]
        if "const" in value
        else []
    )
    return {repr(item) for item in values or ()}


def empty_composition(tree: Tree) -> Iterator[Refusal]:
    """Refuse an empty list of types or alternatives; nothing fits, and the generator takes anything."""
    for node in tree.of_kind("schema"):
        for key in ("allOf", "anyOf", "oneOf", "type"):
            if node.value.get(key) == []:
                yield Refusal(f"{node.pointer}/{key}", "an empty list, which nothing fits")


def typed_unions(tree: Tree) -> Iterator[Refusal]:
    """Alternatives that leave their type to the schema around them; the generator takes anything for them."""
    for node in tree.of_kind("schema"):
        if not schema_types.declared_types(node):
            continue
        for part in tree.children(node, "anyOf") + tree.children(node, "oneOf"):
            if schema_types.types(tree, part) == {"any"}:
                yield Refusal(part.pointer, "has no type of its own, so the generator takes anything for it")
