"""Comparing what came out of the generator with the document, whatever rule should have foreseen the loss.

The package is parsed, never imported. Each operation must have its one module in which its method, its path,
and the wire name of each parameter stand as constants, with each documented status; each object and enum a
module in which all its wire names or values stand. It does not matter how the templates put them there.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.omission import operations
from scripts.refusal import Refusal

_PARAMETER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Module:
    """The constants of a generated module: its texts without docstrings, and its integers."""

    name: str
    texts: frozenset[str]
    integers: frozenset[int]

    def has(self, value: str | int) -> bool:
        """Whether a text or an integer stands in it."""
        return value in (self.texts if isinstance(value, str) else self.integers)


def compare(document: dict[str, Any], folder: Path) -> list[Refusal]:
    """What of the document is not in the package, one refusal for each thing that is missing."""
    endpoints = [
        module(path, folder) for path in sorted(folder.glob("api/*/*.py")) if path.name != "__init__.py"
    ]
    models = [
        module(path, folder) for path in sorted(folder.glob("models/*.py")) if path.name != "__init__.py"
    ]
    return [*_missing_operations(document, endpoints), *_missing_schemas(document, models, endpoints)]


def module(path: Path, folder: Path) -> Module:
    """The constants of one generated file."""
    name = path.relative_to(folder).as_posix()
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refusal(name, f"the generator wrote no Python: {error}") from error
    texts: set[str] = set()
    integers: set[int] = set()
    nodes = list(ast.walk(tree))
    # What stands alone as a statement is a docstring: text for people, and no part of the program.
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
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
    return Module(name, frozenset(texts), frozenset(integers))


def _missing_operations(document: dict[str, Any], modules: list[Module]) -> Iterator[Refusal]:
    taken: set[str] = set()
    for method, path, operation in operations(document):
        label = f"{method.upper()} {path}"
        found = [m for m in modules if m.has(method) and _shape(path) in map(_shape, m.texts)]
        if not found:
            yield Refusal(label, "is not in the generated package")
            continue
        wanted = list(_constants(document, method, path, operation))
        whole = next((m for m in found if all(m.has(value) for value in wanted)), None)
        if whole is None:
            lost = [value for value in wanted if not found[0].has(value)]
            yield Refusal(label, f"lacks {', '.join(map(repr, lost))} in the generated {found[0].name}")
        elif whole.name in taken:
            yield Refusal(label, f"shares the generated {whole.name} with another operation")
        else:
            taken.add(whole.name)


def _shape(path: str) -> str:
    # The generator writes its own names of the parameters into the path.
    return _PARAMETER.sub("{}", path)


def _constants(
    document: dict[str, Any], method: str, path: str, operation: dict[str, Any]
) -> Iterator[str | int]:
    """What must stand in the module of an operation: wire names, statuses, media types of the body."""
    item = document["paths"][path]
    for parameter in (*item.get("parameters", ()), *operation.get("parameters", ())):
        parameter = _resolved(document, parameter)
        # An object in the query becomes its properties, which are the model's to write.
        if parameter.get("in") in ("query", "header", "cookie") and not _spread(document, parameter):
            yield parameter["name"]
    for status in operation.get("responses") or ():
        if status.isdecimal():
            yield int(status)
        elif status.endswith("XX"):
            yield from (int(status[0]) * 100, int(status[0]) * 100 + 99)
    for media_type in _resolved(document, operation.get("requestBody") or {}).get("content") or ():
        yield "multipart/form-data; boundary=+++" if media_type == "multipart/form-data" else media_type


def _spread(document: dict[str, Any], parameter: dict[str, Any]) -> bool:
    schema = _resolved(document, parameter.get("schema") or {})
    return schema.get("type") not in ("string", "number", "integer", "boolean", "array")


def _missing_schemas(
    document: dict[str, Any], models: list[Module], endpoints: list[Module]
) -> Iterator[Refusal]:
    """Objects whose properties, and enums whose values, do not stand together in one module."""
    everywhere = [*models, *endpoints]
    for pointer, schema in _schemas(document):
        names = schema.get("properties")
        if isinstance(names, dict) and names:
            yield from _unless_together(pointer, list(names), models, "the properties")
        values = schema.get("enum")
        if isinstance(values, list) and schema.get("type") != "boolean":
            wanted = [value for value in values if type(value) in (str, int)]
            yield from _unless_together(pointer, wanted, everywhere, "the values")
        if isinstance(schema.get("const"), str):
            yield from _unless_together(pointer, [schema["const"]], everywhere, "the constant")


def _unless_together(pointer: str, wanted: list[Any], modules: list[Module], what: str) -> Iterator[Refusal]:
    if wanted and not any(all(module.has(value) for value in wanted) for module in modules):
        lost = [value for value in wanted if not any(module.has(value) for module in modules)] or wanted
        yield Refusal(pointer, f"{what} {', '.join(map(repr, lost[:5]))} are not in the generated package")


def _schemas(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schemas that the package must know: the named ones, and those that an operation leads to."""
    components = document.get("components") or {}
    waiting: list[tuple[str, Any]] = [
        (f"#/components/schemas/{name}", schema) for name, schema in (components.get("schemas") or {}).items()
    ]
    for method, path, operation in operations(document):
        label = f"{method.upper()} {path}"
        for parameter in (*document["paths"][path].get("parameters", ()), *operation.get("parameters", ())):
            parameter = _resolved(document, parameter)
            waiting.append((f"{label} {parameter.get('name')}", parameter.get("schema")))
        contents = [("body", _resolved(document, operation.get("requestBody") or {}))]
        contents += [
            (str(key), _resolved(document, value))
            for key, value in (operation.get("responses") or {}).items()
        ]
        for name, holder in contents:
            waiting += [
                (f"{label} {name}", media.get("schema")) for media in (holder.get("content") or {}).values()
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


def _resolved(document: dict[str, Any], value: Any) -> dict[str, Any]:
    for _ in range(100):
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            break
        target: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = (
                target.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
            )
        value = target
    return value if isinstance(value, dict) else {}
