"""Names that the document gives to schemas, where another one of its own does as well."""

import re
from collections.abc import Iterator
from typing import Any

from scripts.document.transliteration import spelled
from scripts.document.tree import SECTIONS, Tree
from scripts.generator.python_names import alteration, class_name, member_names, module_of
from scripts.lib.errors import Refusal

# Long enough for a sentence, which some documents have as a value.
_LONGEST_MEMBER = 100
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")


def component_names(tree: Tree) -> Iterator[Refusal]:
    """A component whose name has blanks or letters of another alphabet; references follow it."""
    components = tree.document.get("components")
    renamed: dict[str, str] = {}
    for section in sorted(set(SECTIONS.values())):
        holder = components.get(section) if isinstance(components, dict) else None
        for name in list(holder) if isinstance(holder, dict) else ():
            plain = re.sub(r" +", "_", spelled(name).strip())
            told = all(c.isalnum() or c in " ._-" for c in name) and any(c.isalnum() for c in name)
            if (
                isinstance(holder, dict)
                and not _PLAIN.fullmatch(name)
                and told
                and _PLAIN.fullmatch(plain)
                and plain not in holder
            ):
                # In its place, so that the order of all others stays.
                items = [(plain if key == name else key, value) for key, value in holder.items()]
                holder.clear()
                holder.update(items)
                renamed[f"#/components/{section}/{name}"] = f"#/components/{section}/{plain}"
    if renamed:
        _follow(tree.document, renamed)
    yield from ()


def _follow(document: Any, renamed: dict[str, str]) -> None:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str):
                value["$ref"] = renamed.get(reference, reference)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def repeated_titles(tree: Tree) -> Iterator[Refusal]:
    """A title that two schemas have would name both classes; only the first keeps it.

    A component has its own name besides, any other is named after its place.
    """
    seen: set[str] = set()
    titled = [node for node in tree.of_kind("schema") if isinstance(node.value.get("title"), str)]
    titled = [node for node in titled if node.value["title"] and _is_class(node.value)]
    own = [node for node in titled if node.parent is not None and node.parent.kind == "components"]
    for node in tree.of_kind("schema"):
        if node.parent is not None and node.parent.kind == "components" and node not in own:
            seen.add(module_of(class_name(node.name)))
    names = {
        module_of(class_name(node.name)): node
        for node in tree.of_kind("schema")
        if node.parent is not None and node.parent.kind == "components" and _is_class(node.value)
    }
    for node in (*own, *(node for node in titled if node not in own)):
        module = module_of(class_name(node.value["title"]))
        if module in seen or names.get(module, node) is not node:
            del node.value["title"]
            if node in own:
                seen.add(module_of(class_name(node.name)))
        seen.add(module)
    yield from ()


def _is_class(schema: dict[str, Any]) -> bool:
    return bool(
        schema.get("enum")
        or schema.get("type") == "object"
        or schema.get("properties")
        or schema.get("allOf")
    )


def long_members(tree: Tree) -> Iterator[Refusal]:
    """A value of an enum whose name nobody could write, or that another one has; it is sent as it is."""
    for node in tree.of_kind("schema"):
        values = node.value.get("enum")
        if not isinstance(values, list) or "x-enum-varnames" in node.value:
            continue
        own = [value for value in values if value is not None]
        if not own or not all(isinstance(value, str) and alteration(value) is None for value in own):
            continue
        given = member_names(own, None)
        taken: set[str] = set()
        for position, name in enumerate(given):
            short, number = name[:_LONGEST_MEMBER].rstrip("_"), 2
            while short in taken or (number > 2 and short in given):
                short, number = f"{name[:_LONGEST_MEMBER].rstrip('_')}_{number}", number + 1
            taken.add(short)
            if short != name:
                given[position] = short
                yield Refusal(
                    f"{node.pointer}/enum", f"the value {own[position][:80]!r} is the member {short}"
                )
        if given != member_names(own, None):
            node.value["x-enum-varnames"] = given
