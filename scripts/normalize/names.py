"""Names that the document gives to schemas, where another one of its own does as well."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from scripts.document.discriminators import full, leads
from scripts.document.objects import objects
from scripts.document.transliteration import mixed_alphabets, spelled
from scripts.document.tree import SECTIONS, Tree, escape
from scripts.generator.python_names import (
    LONGEST,
    alteration,
    class_name,
    generator_members,
    identifier,
    member_names,
    module_of,
    operation_name,
)
from scripts.lib.errors import Refusal

# Long enough for a sentence, which some documents have as a value.
_LONGEST_MEMBER = 100
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")


def component_names(tree: Tree) -> Iterator[Refusal]:
    """Rename a component whose name has blanks or letters of another alphabet; references follow."""
    components = tree.document.get("components")
    renamed: dict[str, str] = {}
    for section in sorted(set(SECTIONS.values())):
        holder = components.get(section) if isinstance(components, dict) else None
        for name in list(holder) if isinstance(holder, dict) else ():
            plain = re.sub(r" +", "_", spelled(name).strip())
            plain = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("_")
            told = any(c.isalnum() for c in name) and mixed_alphabets(name) is None and not alteration(name)
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
                renamed[f"#/components/{section}/{escape(name)}"] = f"#/components/{section}/{plain}"
    if renamed:
        _follow(tree.document, renamed)
    yield from ()


def _follow(document: Any, renamed: dict[str, str]) -> None:
    for _, value in objects(document):
        reference = value.get("$ref")
        if isinstance(reference, str):
            value["$ref"] = renamed.get(reference) or renamed.get(unquote(reference), reference)
        for holder, key, target in leads(value):
            holder[key] = renamed.get(full(target), target)


def class_names(tree: Tree) -> Iterator[Refusal]:
    """Two components that become one class: the later one has a number."""
    components = tree.document.get("components")
    held = components.get("schemas") if isinstance(components, dict) else None
    if not isinstance(held, dict):
        return
    seen: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for name, schema in list(held.items()):
        if not isinstance(schema, dict) or not _is_class(schema) or schema.get("title"):
            continue
        module = module_of(class_name(name))
        if seen.setdefault(module, name) != name:
            number = 2
            while f"{name}{number}" in held or module_of(class_name(f"{name}{number}")) in seen:
                number += 1
            renamed[name] = f"{name}{number}"
            seen[module_of(class_name(renamed[name]))] = name
            yield Refusal(
                f"#/components/schemas/{escape(name)}",
                f"{seen[module]!r} and {name!r} become one class; this one is {class_name(renamed[name])}",
            )
    if renamed:
        items = [(renamed.get(name, name), value) for name, value in held.items()]
        held.clear()
        held.update(items)
        _follow(
            tree.document,
            {f"#/components/schemas/{old}": f"#/components/schemas/{new}" for old, new in renamed.items()},
        )


def operations(tree: Tree) -> Iterator[Refusal]:
    """Operations of one name: the later one is named after its method and path as well."""
    taken: set[str] = set()
    for operation in tree.operations:
        value = operation.node.value
        given = value.get("operationId")
        if given is not None and (not isinstance(given, str) or not any(c.isalnum() for c in given)):
            del value["operationId"]
            given = None
        if isinstance(given, str) and len(identifier(given)) > LONGEST:
            del value["operationId"]
            given = None
            yield Refusal(
                operation.node.pointer, "its operationId is too long for a module; named after its path"
            )
        words = re.sub(r"[^A-Za-z0-9]+", "_", f"{operation.method}_{spelled(operation.path)}").strip("_")
        if given is None and not operation.path.isascii() and mixed_alphabets(operation.path) is None:
            given = value["operationId"] = words
        name = operation_name(given, operation.method, operation.path)
        if name in taken:
            wanted = f"{given}_{operation.method}" if given else words
            if identifier(wanted) in taken:
                wanted = words
            number = 2
            while identifier(wanted) in taken:
                wanted, number = f"{words}_{number}", number + 1
            value["operationId"] = wanted
            name = identifier(wanted)
            yield Refusal(
                operation.node.pointer,
                f"{operation.label} shares its name with another operation; its module is {name!r}",
            )
        taken.add(name)


def tags(tree: Tree) -> Iterator[Refusal]:
    """Replace a tag that makes the same package as an earlier one, or none."""
    packages: dict[str, str] = {}
    for operation in tree.operations:
        listed = operation.node.value.get("tags")
        if not isinstance(listed, list) or not listed:
            continue
        tag = str(listed[0])
        if not any(c.isalnum() for c in tag):
            listed[:] = ["default"]
            continue
        if mixed_alphabets(tag) is None and alteration(tag) is None:
            listed[0] = packages.setdefault(identifier(tag, "tag"), tag)
    yield from ()


def repeated_titles(tree: Tree) -> Iterator[Refusal]:
    """Drop a title that an earlier schema has, since it would name both classes.

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


def _cut(name: str) -> str:
    """Return a name that is not too long, ended where a word ends."""
    if len(name) <= _LONGEST_MEMBER:
        return name
    cut = name[: _LONGEST_MEMBER + 1]
    return (cut.rpartition("_")[0] or cut[:-1]).rstrip("_")


def long_members(tree: Tree) -> Iterator[Refusal]:
    """Name a value of an enum whose name nobody could write, or that another one has."""
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
            cut = _cut(name)
            short, number = cut, 2
            while short in taken or (number > 2 and short in given):
                short, number = f"{cut}_{number}", number + 1
            taken.add(short)
            if short != name:
                given[position] = short
                yield Refusal(
                    f"{node.pointer}/enum", f"the value {own[position][:80]!r} is the member {short}"
                )
        if given != generator_members(own, None):
            node.value["x-enum-varnames"] = given
