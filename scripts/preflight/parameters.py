"""Parameters: names that the generated functions need themselves, and values written otherwise than meant."""

import re
from collections.abc import Iterator

from scripts.preflight import schemas
from scripts.preflight.naming import OWN_ARGUMENTS, fault, identifier
from scripts.preflight.tree import Node, Tree
from scripts.refusal import Refusal

# RFC 9110, section 5.6.2: what the name of a header or a cookie is made of.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STYLES = {"path": ("simple",), "query": ("form",), "header": ("simple",), "cookie": ("form",)}
# OpenAPI: a header parameter of these names is to be ignored; the generator sends it.
_IGNORED_HEADERS = ("accept", "content-type", "authorization")


def parameter_names(tree: Tree) -> Iterator[Refusal]:
    """A parameter that hides another one, or what the generated function itself needs."""
    for operation in tree.operations:
        seen: dict[str, Node] = {}
        for parameter in operation.parameters:
            name = parameter.value.get("name")
            if not isinstance(name, str):
                continue
            python = identifier(name)
            if reason := fault(name, python):
                yield Refusal(parameter.pointer, reason)
            elif python in OWN_ARGUMENTS or (
                python.startswith("json_") and python[5:] in _names(operation.parameters)
            ):
                yield Refusal(
                    parameter.pointer, f"the name {name!r} is one that the generated function uses itself"
                )
            elif (other := seen.setdefault(python, parameter)) is not parameter:
                yield Refusal(
                    parameter.pointer,
                    f"the parameters {other.value.get('name')!r} and {name!r} of {operation.label} "
                    f"become one argument, {python!r}",
                )


def _names(parameters: tuple[Node, ...]) -> set[str]:
    return {identifier(name) for p in parameters if isinstance(name := p.value.get("name"), str)}


def parameter_schemas(tree: Tree) -> Iterator[Refusal]:
    """A parameter without a schema; the generator drops it."""
    for node in tree.of_kind("parameter"):
        if "content" in node.value:
            yield Refusal(node.pointer, "the generator drops a parameter that has `content`")
        elif "schema" not in node.value:
            yield Refusal(node.pointer, "the generator drops a parameter without a schema")


def parameter_styles(tree: Tree) -> Iterator[Refusal]:
    """A way of writing the value that the generator does not know; it would use the usual one."""
    for node in tree.of_kind("parameter"):
        place = node.value.get("in")
        style = node.value.get("style")
        if style is not None and style not in _STYLES.get(str(place), ()):
            yield Refusal(node.pointer, f"the generator does not know style {style!r} in {place}")
        if node.value.get("allowReserved"):
            yield Refusal(node.pointer, "the generator ignores allowReserved and encodes what is reserved")
        if (
            place == "query"
            and node.value.get("explode") is False
            and _types(tree, node) & {"array", "object"}
        ):
            yield Refusal(node.pointer, "the generator ignores explode: false and repeats the parameter")


def parameter_values(tree: Tree) -> Iterator[Refusal]:
    """A value that the generator writes otherwise than the document means it."""
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
        if not _TOKEN.fullmatch(name):
            yield Refusal(node.pointer, f"{name!r} cannot be the name of a {node.value['in']} (RFC 9110)")
        if node.value["in"] == "header" and name.lower() in _IGNORED_HEADERS:
            yield Refusal(
                node.pointer,
                f"OpenAPI has a parameter for the header {name!r} ignored; the generator sends it",
            )


def _types(tree: Tree, node: Node) -> set[str]:
    schema = tree.child(node, "schema")
    return set() if schema is None else schemas.types(tree, schema)


def _formats(tree: Tree, schema: Node) -> set[object]:
    return {part.value.get("format") for part in schemas.alternatives(tree, schema)}


def _in_path(tree: Tree, schema: Node) -> str | None:
    found = schemas.types(tree, schema)
    if found & {"array", "object"}:
        return "the generator writes an array or object in a path as Python does"
    if "boolean" in found:
        return "the generator writes a boolean in a path as True or False"
    if "date-time" in _formats(tree, schema):
        return "the generator writes a time in a path with a space in the place of its T"
    if _nullable(tree, schema):
        return "null in a path is written as None"
    return _in_all(tree, schema)


def _in_query(tree: Tree, schema: Node) -> str | None:
    for part in schemas.alternatives(tree, schema):
        nested = list(schemas.properties(tree, part).values())
        items = tree.child(part, "items")
        if items is not None:
            nested.append(items)
        if any(schemas.types(tree, child) & {"array", "object"} for child in nested):
            return "the generator writes what is nested in a query parameter as Python does"
    return _in_all(tree, schema)


def _in_header(tree: Tree, schema: Node) -> str | None:
    parts = list(schemas.alternatives(tree, schema))
    if len(parts) > 1 or isinstance(schema.value.get("type"), list) or _nullable(tree, schema):
        return "the generator writes a header only of one type that is not null"
    found = schemas.types(tree, schema)
    formats = _formats(tree, schema)
    if not found <= schemas.SCALARS or formats & {"date", "date-time", "uuid"}:
        return "the generator writes only text, numbers, booleans and enums rightly as a header"
    return _in_all(tree, schema)


def _in_cookie(tree: Tree, schema: Node) -> str | None:
    formats = _formats(tree, schema)
    if schemas.types(tree, schema) != {"string"} or formats & {"date", "date-time", "uuid"}:
        return "the generator writes only text rightly as a cookie"
    if _nullable(tree, schema):
        return "null as a cookie is written as None"
    return _in_all(tree, schema)


def _in_all(tree: Tree, schema: Node) -> str | None:
    if "binary" in _formats(tree, schema):
        return "a file cannot be a parameter"
    return None


def _no_reason(tree: Tree, schema: Node) -> str | None:
    return None


def _nullable(tree: Tree, schema: Node) -> bool:
    return any(
        schemas.is_nullable(part)
        or part.value.get("type") == "null"
        or None in (part.value.get("enum") or ())
        for part in (schema, *schemas.alternatives(tree, schema))
    )


_REASONS = {"path": _in_path, "query": _in_query, "header": _in_header, "cookie": _in_cookie}
