"""Enums and constants: values that the generator drops, merges or cannot name."""

from collections.abc import Iterator
from typing import Any

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.generator.python_names import alteration, fault, member_names
from scripts.lib.errors import Refusal

# What other readers of JSON hold exactly is less; beyond this, nobody does.
_INTEGER_LIMIT = 2**63


def enum_values(tree: Tree) -> Iterator[Refusal]:
    """Refuse an enum of mixed, unfitting, double or nameless values."""
    for node in tree.of_kind("schema"):
        if not isinstance(node.value.get("enum"), list):
            continue
        place = f"{node.pointer}/enum"
        values = [value for value in node.value["enum"] if value is not None]
        kinds = {schema_types.type_of(value) for value in values}
        if len(kinds) > 1:
            yield Refusal(
                place, f"mixes values of {' and '.join(sorted(kinds))}; the generator takes one type"
            )
        elif kinds and not kinds <= {"string", "integer"}:
            yield Refusal(
                place, f"values of {kinds.pop()}; the generator takes enums of text or integers only"
            )
        elif (declared := schema_types.declared_types(node)) and not _fits(kinds, declared):
            yield Refusal(
                place, f"values of {' and '.join(kinds)}, though the type is {' or '.join(declared)}"
            )
        else:
            yield from _members(place, values, node.value.get("x-enum-varnames"))


def _fits(kinds: set[str], declared: list[str]) -> bool:
    return not kinds or bool(kinds & set(declared)) or (kinds == {"integer"} and "number" in declared)


def _members(place: str, values: list[Any], names: object) -> Iterator[Refusal]:
    if isinstance(names, list) and len(names) != len(values):
        yield Refusal(place, "x-enum-varnames has not one name for each value, so the generator ignores it")
    seen: dict[str, Any] = {}
    for value, member in zip(values, member_names(values, names), strict=True):
        if isinstance(value, int) and abs(value) >= _INTEGER_LIMIT:
            yield Refusal(place, f"the value {value} needs more than 64 bits")
        elif reason := (isinstance(value, str) and alteration(value)) or _member_fault(member):
            yield Refusal(place, f"{reason}; x-enum-varnames can name it" if "name" in reason else reason)
        elif member in seen:
            yield Refusal(place, f"the values {seen[member]!r} and {value!r} become one member, {member}")
        seen.setdefault(member, value)


def _member_fault(member: str) -> str | None:
    return fault(member, member) or (None if member.isidentifier() else f"{member!r} is no name")


def constants(tree: Tree) -> Iterator[Refusal]:
    """Refuse a constant that the generator would write otherwise than it is."""
    for node in tree.of_kind("schema"):
        if "const" not in node.value:
            continue
        value = node.value["const"]
        place = f"{node.pointer}/const"
        if value is None or not isinstance(value, str | int | bool):
            yield Refusal(
                place,
                f"a constant of {schema_types.type_of(value)}; the generator knows text, integers, booleans",
            )
        elif isinstance(value, str) and (reason := alteration(value)):
            yield Refusal(place, reason)


def defaults(tree: Tree) -> Iterator[Refusal]:
    """Refuse a default that is not of its type, or that the generator drops or alters."""
    for node in tree.of_kind("schema"):
        default = node.value.get("default")
        if default is not None and (reason := default_fault(tree, node, default)):
            yield Refusal(f"{node.pointer}/default", reason)


def default_fault(tree: Tree, node: Node, default: Any) -> str | None:
    """Why a default would be dropped or altered by the generator, or None."""
    kind = schema_types.type_of(default)
    allowed = schema_types.types(tree, node)
    if kind in ("array", "object"):
        # None at all means as much as an empty one.
        return f"the generator drops a default that is an {kind}" if default else None
    if not (allowed & {kind, "any"} or (kind == "integer" and "number" in allowed)):
        return f"{default!r} is of {kind}; the schema takes {' or '.join(sorted(allowed)) or 'none'}"
    if isinstance(default, int) and abs(default) >= _INTEGER_LIMIT:
        return "needs more than 64 bits"
    if (
        kind == "integer"
        and "integer" not in allowed
        and "number" in allowed
        and int(float(default)) != default
    ):
        return f"{default} is no number that 64 bits hold exactly; every reader of JSON would change it"
    if isinstance(default, str):
        return alteration(default) or _text_default(tree, node, default)
    return _enum_default(tree, node, default)


def _text_default(tree: Tree, node: Node, default: str) -> str | None:
    formats = {part.value.get("format") for part in schema_types.alternatives(tree, node)}
    if formats & {"date", "date-time", "uuid"}:
        return _dated_default(formats, default)
    if "binary" in formats:
        return "a file has no default"
    return _enum_default(tree, node, default)


def _dated_default(formats: set[Any], default: str) -> str | None:
    from datetime import date, datetime
    from uuid import UUID

    try:
        if "uuid" in formats:
            return (
                None
                if str(UUID(default)) == default.lower()
                else f"{default!r} is no UUID as RFC 9562 writes it"
            )
        if "date" in formats:
            return None if date.fromisoformat(default).isoformat() == default else f"{default!r} is no date"
        moment = datetime.fromisoformat(default)
    except ValueError:
        return f"{default!r} is not of the format {', '.join(sorted(str(name) for name in formats if name))}"
    return None if moment.tzinfo else f"{default!r} has no time zone, which RFC 3339 asks for"


def _enum_default(tree: Tree, node: Node, default: Any) -> str | None:
    for part in schema_types.alternatives(tree, node):
        values = part.value.get("enum")
        if isinstance(values, list) and default not in values:
            return f"{default!r} is none of the enum's values"
    return None
