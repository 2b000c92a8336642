"""Parameters: names that become one, and values that would be written otherwise than they are meant."""

from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.generator.python_names import fault, identifier
from scripts.lib.errors import Refusal
from scripts.preflight.security import TOKEN

_STYLES = {
    "path": ("simple",),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
# OpenAPI says of these what they mean for one type only.
_STYLED_TYPES = {"spaceDelimited": {"array"}, "pipeDelimited": {"array"}, "deepObject": {"object"}}
_CALLERS = ("url", "headers", "params", "cookies", "json", "files", "method", "timeout", "auth")


def parameter_names(tree: Tree) -> Iterator[Refusal]:
    """A parameter that hides another one, or that gives no argument."""
    for operation in tree.operations:
        seen: dict[str, Node] = {}
        for parameter in operation.parameters:
            name = parameter.value.get("name")
            if not isinstance(name, str):
                continue
            python = identifier(name)
            if reason := fault(name, python, travels=True):
                yield Refusal(parameter.pointer, reason)
            elif (other := seen.setdefault(python, parameter)) is not parameter:
                yield Refusal(
                    parameter.pointer,
                    f"the parameters {other.value.get('name')!r} and {name!r} of {operation.label} "
                    f"become one argument, {python!r}",
                )


def parameter_schemas(tree: Tree) -> Iterator[Refusal]:
    """A parameter without a schema; the generator drops it."""
    for node in tree.of_kind("parameter"):
        if "content" in node.value:
            yield Refusal(node.pointer, "the generator drops a parameter that has `content`")
        elif "schema" not in node.value:
            yield Refusal(node.pointer, "the generator drops a parameter without a schema")


def parameter_styles(tree: Tree) -> Iterator[Refusal]:
    """A way of writing the value that the client does not know; it would use the usual one."""
    for node in tree.of_kind("parameter"):
        place = node.value.get("in")
        style = node.value.get("style")
        if style is not None and style not in _STYLES.get(str(place), ()):
            yield Refusal(node.pointer, f"the client does not know style {style!r} in {place}")
        elif style in _STYLED_TYPES and not _types(tree, node) <= _STYLED_TYPES[style]:
            yield Refusal(node.pointer, f"style {style!r} has no meaning for {_listed(_types(tree, node))}")
        if node.value.get("allowReserved"):
            yield Refusal(node.pointer, "the client ignores allowReserved and encodes what is reserved")
        in_one = place == "query" and style != "deepObject" and node.value.get("explode") is False
        if in_one and "object" in _types(tree, node):
            yield Refusal(node.pointer, "the client ignores explode: false for an object")


def parameter_values(tree: Tree) -> Iterator[Refusal]:
    """A value that the client writes otherwise than the document means it."""
    for node in tree.of_kind("parameter"):
        schema = tree.child(node, "schema")
        if schema is not None and (
            reason := _REASONS.get(str(node.value.get("in")), _no_reason)(tree, schema)
        ):
            yield Refusal(node.pointer, reason)


def parameter_headers(tree: Tree) -> Iterator[Refusal]:
    """A header or cookie whose name cannot be one, or that is not for the caller to give."""
    for node in tree.of_kind("parameter"):
        name = node.value.get("name")
        if node.value.get("in") not in ("header", "cookie") or not isinstance(name, str):
            continue
        if not TOKEN.fullmatch(name):
            yield Refusal(node.pointer, f"{name!r} cannot be the name of a {node.value['in']} (RFC 9110)")
    for operation in tree.operations:
        cookies = any(one.value.get("in") == "cookie" for one in operation.parameters)
        for one in operation.parameters:
            header = one.value.get("in") == "header" and str(one.value.get("name")).lower() == "cookie"
            if header and cookies:
                yield Refusal(one.pointer, f"{operation.label} has parameters in cookies besides this header")


def shadowing(tree: Tree) -> Iterator[Refusal]:
    """A parameter that takes a name which the generator's own functions need; ours have no such name, so this
    is a note for people and no refusal.
    """
    for operation in tree.operations:
        for parameter in operation.parameters:
            name = parameter.value.get("name")
            if isinstance(name, str) and identifier(name) in _CALLERS:
                yield Refusal(
                    parameter.pointer,
                    f"{name!r} is also the name of an argument of HTTP libraries; it is the parameter of "
                    f"{operation.label} here",
                )


def _listed(names: set[str]) -> str:
    return " or ".join(sorted(names))


def _types(tree: Tree, node: Node) -> set[str]:
    schema = tree.child(node, "schema")
    return set() if schema is None else schema_types.types(tree, schema)


def _formats(tree: Tree, schema: Node) -> set[object]:
    return {part.value.get("format") for part in schema_types.alternatives(tree, schema)}


def _in_path(tree: Tree, schema: Node) -> str | None:
    if not schema_types.types(tree, schema) <= schema_types.SCALARS:
        return "only text, numbers, booleans and enums can stand in a path"
    if _nullable(tree, schema):
        return "null cannot stand in a path"
    return _in_all(tree, schema)


def _in_query(tree: Tree, schema: Node) -> str | None:
    for part in schema_types.alternatives(tree, schema):
        nested = list(schema_types.properties(tree, part).values())
        items = tree.child(part, "items")
        if items is not None:
            nested.append(items)
        if any(schema_types.types(tree, child) & {"array", "object"} for child in nested):
            return "OpenAPI does not say how to write what is nested in a query parameter"
    return _in_all(tree, schema)


def _in_header(tree: Tree, schema: Node) -> str | None:
    if not schema_types.types(tree, schema) <= schema_types.SCALARS or _formats(tree, schema) & {
        "date",
        "date-time",
    }:
        return "only text, numbers, booleans, enums and UUIDs can be a header"
    return _in_all(tree, schema)


def _in_cookie(tree: Tree, schema: Node) -> str | None:
    if not schema_types.types(tree, schema) <= schema_types.SCALARS:
        return "only text, numbers, booleans and enums can be a cookie"
    return _in_all(tree, schema)


def _in_all(tree: Tree, schema: Node) -> str | None:
    if "binary" in _formats(tree, schema):
        return "a file cannot be a parameter"
    return None


def _no_reason(tree: Tree, schema: Node) -> str | None:
    return None


def _nullable(tree: Tree, schema: Node) -> bool:
    return any(
        schema_types.is_nullable(part)
        or part.value.get("type") == "null"
        or None in (part.value.get("enum") or ())
        for part in (schema, *schema_types.alternatives(tree, schema))
    )


_REASONS = {"path": _in_path, "query": _in_query, "header": _in_header, "cookie": _in_cookie}
