"""Names that the document gives to schemas, where another one of its own does as well."""

import re
from collections.abc import Iterator
from typing import Any

from scripts.letters import spelled
from scripts.preflight.naming import class_name, module_of
from scripts.preflight.tree import SECTIONS, Tree
from scripts.refusal import Refusal

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
    for node in (*own, *(node for node in titled if node not in own)):
        module = module_of(class_name(node.value["title"]))
        if module in seen:
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
