"""Comparing what came out of the generator with the document, whatever rule should have foreseen the loss.

The package is parsed, never imported. Each operation must have its one row in the table with its method, its
path and what it accepts, its one module in which the wire name of each parameter, each documented status and
each media type of its body stand as constants, and a method of a resource; each object and enum must have a
module in which all its wire names or values stand. It does not matter how the templates put them there.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.document.media_types import kind
from scripts.document.operations import Operation, operations, resolved
from scripts.generator.tables import wire_method, wire_path
from scripts.lib.errors import Refusal
from scripts.postcheck.syntax import nodes


@dataclass(frozen=True)
class Module:
    """The constants of a generated module, or of a part of it: its texts without docstrings, its integers.

    Attributes:
        name: the file.
        texts: every text that is no docstring.
        integers: every integer.
        keywords: the names of arguments that calls give.
    """

    name: str
    texts: frozenset[str]
    integers: frozenset[int]
    keywords: frozenset[str]

    @property
    def stem(self) -> str:
        """The file without its folder and its ending."""
        return self.name.rpartition("/")[2].removesuffix(".py")

    def has(self, value: str | int) -> bool:
        """Whether a text or an integer stands in it."""
        return value in (self.texts if isinstance(value, str) else self.integers)


class Shelf:
    """Modules by what stands in them: thousands of things are asked for in thousands of modules."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._holders: dict[str | int, list[Module]] = {}
        for module in modules:
            values: tuple[str | int, ...] = (*module.texts, *module.integers)
            for value in values:
                self._holders.setdefault(value, []).append(module)

    def having(self, *values: str | int) -> list[Module]:
        """Return the modules in which every one of some values stands, in their order."""
        rare = min((self._holders.get(value, []) for value in values), key=len)
        return [module for module in rare if all(map(module.has, values))]


def compare(document: dict[str, Any], folder: Path) -> list[Refusal]:
    """Return what of the document is not in the package, one refusal for each thing that is missing."""
    endpoints = [constants(tree, name) for name, tree in _modules(folder, "api/*/*.py")]
    models = [constants(tree, name) for name, tree in _modules(folder, "models/*.py")]
    rows = [
        constants(node, _own_name(node))
        for _, tree in _modules(folder, "_table.py")
        for node in nodes(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Operation"
    ]
    offered = {
        f"{(node.module or '').replace('.', '/')}/{alias.name}.py"
        for _, tree in _modules(folder, "resources/*.py")
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return [
        *_missing_operations(document, rows, endpoints, offered),
        *_missing_schemas(document, models, endpoints),
    ]


def _own_name(row: ast.Call) -> str:
    """Return the name of the operation that a row of the table is about."""
    first = row.args[0] if row.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _modules(folder: Path, pattern: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(folder.glob(pattern)):
        if path.name == "__init__.py":
            continue
        name = path.relative_to(folder).as_posix()
        try:
            yield name, ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Refusal(name, f"the generator wrote no Python: {error}") from error


def constants(tree: ast.AST, name: str) -> Module:
    """Return the constants of one generated file, or of a part of it."""
    texts: set[str] = set()
    integers: set[int] = set()
    every = nodes(tree)
    # What stands alone as a statement is a docstring: text for people, and no part of the program.
    prose = {id(node.value) for node in every if isinstance(node, ast.Expr)}
    for node in every:
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.Constant)
        ):
            if type(node.operand.value) is int:
                integers.add(-node.operand.value)
        elif isinstance(node, ast.Constant) and id(node) not in prose:
            if isinstance(node.value, str):
                texts.add(node.value)
            elif type(node.value) is int:
                integers.add(node.value)
    keywords = {node.arg for node in every if isinstance(node, ast.keyword) and node.arg}
    return Module(name, frozenset(texts), frozenset(integers), frozenset(keywords))


def _missing_operations(
    document: dict[str, Any], rows: list[Module], modules: list[Module], offered: set[str]
) -> Iterator[Refusal]:
    taken: set[str] = set()
    table, places = Shelf(rows), {module.name: place for place, module in enumerate(modules)}
    named: dict[str, list[Module]] = {}
    for module in modules:
        # A module that is at home in a row asks the table for it by its own name.
        if module.has(module.stem):
            named.setdefault(module.stem, []).append(module)
    for operation in operations(document):
        found = table.having(wire_path(operation.path), wire_method(operation))
        # By the name of the row alone: a parameter may be called like another operation.
        homes = [module for row in found for module in named.get(row.name, ())]
        homes.sort(key=lambda module: places[module.name])
        if len(found) != 1 or not homes:
            yield Refusal(operation.label, "is not in the generated package")
            continue
        accepted = {name for text in found[0].texts for name in text.split(", ")}
        lost = [value for value in _constants(document, operation) if not homes[0].has(value)]
        lost += [name for name in _answered(document, operation) if name not in accepted]
        lost += {"default"} & set(operation.value.get("responses") or ()) - homes[0].keywords
        if len(homes) > 1 or homes[0].name in taken:
            yield Refusal(operation.label, f"shares the generated {homes[0].name} with another operation")
        elif lost:
            yield Refusal(
                operation.label, f"lacks {', '.join(map(repr, lost))} in the generated {homes[0].name}"
            )
        elif homes[0].name not in offered:
            yield Refusal(operation.label, "is no method of a resource in the generated package")
        taken.add(homes[0].name)


def _constants(document: dict[str, Any], operation: Operation) -> Iterator[str | int]:
    """Yield what must stand in the module of an operation: wire names, statuses, media types of the body."""
    for parameter in operation.parameters:
        yield parameter["name"]
    for status in operation.value.get("responses") or ():
        if status.isdecimal():
            yield int(status)
        elif status.endswith("XX"):
            yield from (int(status[0]) * 100, int(status[0]) * 100 + 99)
    yield from _content(document, operation.value.get("requestBody"))


def _answered(document: dict[str, Any], operation: Operation) -> Iterator[str]:
    """Yield the media types of all documented answers."""
    for answer in (operation.value.get("responses") or {}).values():
        yield from _content(document, answer)


def _content(document: dict[str, Any], holder: Any) -> dict[str, Any]:
    """Return what stands in a body or an answer, by media type."""
    found: dict[str, Any] = (resolved(document, holder) or {}).get("content") or {}
    return found


def _missing_schemas(
    document: dict[str, Any], models: list[Module], endpoints: list[Module]
) -> Iterator[Refusal]:
    """Objects whose properties, and enums whose values, do not stand together in one module."""
    kept, everywhere = Shelf(models), Shelf([*models, *endpoints])
    for pointer, schema in _schemas(document):
        names = schema.get("properties")
        if isinstance(names, dict) and names:
            yield from _unless_together(pointer, list(names), kept, "the properties")
        values = schema.get("enum")
        if isinstance(values, list) and schema.get("type") != "boolean":
            wanted = [value for value in values if type(value) in (str, int)]
            yield from _unless_together(pointer, wanted, everywhere, "the values")
        if isinstance(schema.get("const"), str):
            yield from _unless_together(pointer, [schema["const"]], everywhere, "the constant")


def _unless_together(pointer: str, wanted: list[Any], modules: Shelf, what: str) -> Iterator[Refusal]:
    if wanted and not modules.having(*wanted):
        lost = [value for value in wanted if not modules.having(value)] or wanted
        yield Refusal(pointer, f"{what} {', '.join(map(repr, lost[:5]))} are not in the generated package")


def _schemas(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schemas that the package must know: the named ones, and those that an operation leads to."""
    components = document.get("components") or {}
    waiting: list[tuple[str, Any]] = [
        (f"#/components/schemas/{name}", schema) for name, schema in (components.get("schemas") or {}).items()
    ]
    for operation in operations(document):
        waiting += [
            (f"{operation.label} {parameter.get('name')}", parameter.get("schema"))
            for parameter in operation.parameters
        ]
        holders = {"body": operation.value.get("requestBody"), **(operation.value.get("responses") or {})}
        waiting += [
            (f"{operation.label} {name}", media.get("schema"))
            for name, holder in holders.items()
            for media_type, media in _content(document, holder).items()
            # Anything else is raw bytes or plain text to the client.
            if kind(media_type) in ("json", "form", "multipart")
        ]
    while waiting:
        place, schema = waiting.pop(0)
        if not isinstance(schema, dict) or "$ref" in schema:
            continue
        yield place, schema
        waiting += [(f"{place}/{name}", child) for name, child in (schema.get("properties") or {}).items()]
        for key in ("allOf", "anyOf", "oneOf"):
            waiting += [(f"{place}/{key}/{i}", child) for i, child in enumerate(schema.get(key) or ())]
        waiting += [(f"{place}/{key}", schema.get(key)) for key in ("items", "additionalProperties")]
