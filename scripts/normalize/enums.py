"""Enums and constants: values that a schema lists."""

from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.generator.python_names import generator_members
from scripts.lib.errors import Refusal
from scripts.normalize.defaults import meant

# What other readers of JSON hold exactly is less; beyond this, nobody does.
_INTEGER_LIMIT = 2**63


def booleans(tree: Tree) -> Iterator[Refusal]:
    """Make a boolean of an enum of true and false, whichever of them it lists."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        booleans_only = bool(values) and all(isinstance(value, bool) for value in values)
        if booleans_only and _is_of(node, "boolean") and _has_default(node):
            _replace_enum(node, "boolean")
            if len(set(values)) == 1:
                yield Refusal(
                    f"{node.pointer}/enum", f"only {values[0]!r} is listed; the client takes any boolean"
                )


def numbers(tree: Tree) -> Iterator[Refusal]:
    """Make a number of an enum of numbers that are no integers, which Python's cannot hold."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        kinds = {schema_types.type_of(value) for value in values}
        numbers_only = "number" in kinds and kinds <= {"number", "integer"}
        if numbers_only and _is_of(node, "number") and _has_default(node):
            _replace_enum(node, "number")
            yield Refusal(f"{node.pointer}/enum", "the client takes any number")


def mixed(tree: Tree) -> Iterator[Refusal]:
    """Make a choice of two enums of an enum of texts and integers."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        texts = [value for value in values if schema_types.type_of(value) == "string"]
        integers = [value for value in values if schema_types.type_of(value) == "integer"]
        if not texts or not integers or len(texts) + len(integers) < len(values):
            continue
        told = {"default", "const", "x-enum-varnames", "allOf", "anyOf", "oneOf"} & node.value.keys()
        if told or set(schema_types.declared_types(node)) not in (set(), {"string", "integer"}):
            continue
        nullable = None in node.value.pop("enum") or schema_types.is_nullable(node)
        node.value.pop("type", None)
        node.value["anyOf"] = [{"type": "string", "enum": texts}, {"type": "integer", "enum": integers}]
        if nullable:
            node.value["nullable"] = True
    yield from ()


def _values(node: Node) -> list[object]:
    found = node.value.get("enum")
    return [value for value in found if value is not None] if isinstance(found, list) else []


def _is_of(node: Node, name: str) -> bool:
    return schema_types.declared_types(node) in ([], [name])


def _has_default(node: Node) -> bool:
    """Whether the default is among the values, or there is none; any other is to be refused."""
    default = node.value.get("default")
    return default is None or default in node.value["enum"]


def _replace_enum(node: Node, name: str) -> None:
    nullable = None in node.value["enum"]
    del node.value["enum"]
    if "type" not in node.value:
        node.value["type"] = name
    if nullable and not schema_types.is_nullable(node):
        node.value["type"] = [name, "null"]


def repeated_values(tree: Tree) -> Iterator[Refusal]:
    """Drop a value that an enum has already."""
    for node in tree.of_kind("schema"):
        values = node.value.get("enum")
        if not isinstance(values, list) or "x-enum-varnames" in node.value:
            continue
        seen: set[tuple[str, str]] = set()
        kept = []
        for value in values:
            key = (schema_types.type_of(value), repr(value))
            if key not in seen:
                kept.append(value)
            seen.add(key)
        values[:] = kept
    yield from ()


def listed_elsewhere(tree: Tree) -> Iterator[Refusal]:
    """Mend an enum whose values are of another type than the schema; the type of the schema holds."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        declared = schema_types.declared_types(node)
        if not values or len(declared) != 1 or declared[0] not in schema_types.SCALARS:
            if values and declared == ["array"]:
                items = node.value.get("items")
                if isinstance(items, dict) and "enum" not in items and "$ref" not in items:
                    items["enum"] = node.value["enum"]
                del node.value["enum"]
                yield Refusal(f"{node.pointer}/enum", "lists the items of the array; read so")
            continue
        kinds = {schema_types.type_of(value) for value in values}
        fits = kinds <= {declared[0]} or (kinds <= {"integer", "number"} and declared[0] == "number")
        if fits:
            continue
        cast = [_cast(value, declared[0]) for value in values]
        if any(value is None for value in cast):
            del node.value["enum"]
            yield Refusal(f"{node.pointer}/enum", f"lists what is no {declared[0]}; the client takes any")
            continue
        nulls = [None] if None in node.value["enum"] else []
        node.value["enum"] = [*cast, *nulls]
        yield Refusal(f"{node.pointer}/enum", f"its values are read as {declared[0]}, which the type is")


def _cast(value: object, kind: str) -> object | None:
    if schema_types.type_of(value) == kind:
        return value
    if kind == "string" and isinstance(value, str | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return meant(value, {kind})


def unlisted(tree: Tree) -> Iterator[Refusal]:
    """Drop an enum that Python cannot hold: of mixed types, of objects, of too large numbers."""
    for node in tree.of_kind("schema"):
        values = _values(node)
        kinds = {schema_types.type_of(value) for value in values}
        if not values:
            continue
        if any(type(value) is int and abs(value) >= _INTEGER_LIMIT for value in values):
            reason = "holds an integer of more than 64 bits"
        elif len(kinds) > 1 or not kinds <= {"string", "integer"}:
            reason = f"lists {' and '.join(sorted(kinds))}"
        else:
            names = node.value.get("x-enum-varnames")
            if isinstance(names, list) and (len(names) != len(values) or not _are_names(names)):
                del node.value["x-enum-varnames"]
                yield Refusal(f"{node.pointer}/x-enum-varnames", "has not one name for each value; left out")
            continue
        nullable = None in node.value.pop("enum") or schema_types.is_nullable(node)
        node.value.pop("x-enum-varnames", None)
        if not schema_types.declared_types(node) and len(kinds) == 1:
            node.value["type"] = kinds.pop()
            if nullable:
                node.value["nullable"] = True
        yield Refusal(f"{node.pointer}/enum", f"{reason}; the client takes any value of its type")


def _are_names(names: list[object]) -> bool:
    found = generator_members(["x"] * len(names), names)
    return len(set(found)) == len(found) and all(name.isidentifier() for name in found)


def constants(tree: Tree) -> Iterator[Refusal]:
    """Mend a constant that the generator cannot write: null is a type, a fraction any number."""
    for node in tree.of_kind("schema"):
        if "const" not in node.value:
            continue
        value = node.value["const"]
        if value is None:
            del node.value["const"]
            node.value["type"] = "null"
        elif isinstance(value, float):
            del node.value["const"]
            node.value.setdefault("type", "number")
            yield Refusal(f"{node.pointer}/const", "the client takes any number")
        elif "default" in node.value and node.value["default"] != value:
            del node.value["default"]
