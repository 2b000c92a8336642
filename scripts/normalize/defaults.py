"""Defaults: in the type of their schema, or left to the server."""

import re
from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Tree
from scripts.evidence.contradictions import fits
from scripts.lib.errors import Refusal
from scripts.preflight.enums import default_fault


def text_defaults(tree: Tree) -> Iterator[Refusal]:
    """Make a text of a number that is the default of a text."""
    for node in tree.of_kind("schema"):
        default = node.value.get("default")
        if (
            isinstance(default, int)
            and not isinstance(default, bool)
            and schema_types.declared_types(node) == ["string"]
            and not node.value.get("enum")
            and not node.value.get("format")
        ):
            node.value["default"] = str(default)
            yield Refusal(
                f"{node.pointer}/default", f"the default of a text is written as one: {str(default)!r}"
            )


def listed_defaults(tree: Tree) -> Iterator[Refusal]:
    """Drop a default that is an array or an object, as the generator does; a server has its own."""
    for node in tree.of_kind("schema"):
        if isinstance(node.value.get("default"), list | dict):
            empty = not node.value["default"]
            del node.value["default"]
            if not empty:
                yield Refusal(
                    f"{node.pointer}/default", "an array or object; the client sends nothing in its place"
                )


def convertible_defaults(tree: Tree) -> Iterator[Refusal]:
    """Mend a default that is of another type: read as it is meant (`"50"` of an integer), or left out."""
    for node in tree.of_kind("schema"):
        default = node.value.get("default")
        if default is None:
            continue
        place = f"{node.pointer}/default"
        allowed = schema_types.types(tree, node)
        kind = schema_types.type_of(default)
        if not (allowed & {kind, "any"} or (kind == "integer" and "number" in allowed)):
            read = meant(default, allowed)
            if read is None:
                del node.value["default"]
                yield Refusal(place, f"{default!r} is of {kind}; left out, the server has its own")
                continue
            node.value["default"] = read
            yield Refusal(place, f"{default!r} is of {kind}; read as {read!r}")
        if reason := default_fault(tree, node, node.value["default"]):
            del node.value["default"]
            yield Refusal(place, f"{reason}; left out, the server has its own")


_BOUNDS = frozenset(
    (
        *("pattern", "minLength", "maxLength", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    )
)


def fitting_defaults(tree: Tree) -> Iterator[Refusal]:
    """Leave out a default that its own schema does not allow; a server would refuse it."""
    for node in tree.of_kind("schema"):
        default = node.value.get("default")
        bounded = isinstance(default, str | int | float) and _BOUNDS & node.value.keys()
        if bounded and not fits(node.value, _BOUNDS, default):
            del node.value["default"]
            yield Refusal(
                f"{node.pointer}/default", f"{default!r} does not fit its schema; the client sends nothing"
            )


def meant(default: object, allowed: set[str]) -> object | None:
    """Return a default in a type that is allowed, or None."""
    text = str(default).strip() if isinstance(default, str | int | float) else ""
    if isinstance(default, bool):
        return text.lower() if "string" in allowed else None
    if isinstance(default, str) and "boolean" in allowed and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if isinstance(default, str) and allowed & {"integer", "number"}:
        if re.fullmatch(r"[-+]?[0-9]{1,18}", text):
            return int(text)
        if "number" in allowed and re.fullmatch(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", text):
            return float(text)
    if isinstance(default, float) and default.is_integer() and "integer" in allowed and abs(default) < 2**53:
        return int(default)
    return text if "string" in allowed and isinstance(default, int | float) else None
