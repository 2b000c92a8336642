"""Parameters: names that become one, and values that would be written otherwise than they are meant."""

from collections.abc import Iterator

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.generator.python_names import fault, identifier
from scripts.lib.errors import Refusal

_CALLERS = ("url", "headers", "params", "cookies", "json", "files", "method", "timeout", "auth")


def parameter_names(tree: Tree) -> Iterator[Refusal]:
    """Refuse a parameter that gives no argument."""
    for operation in tree.operations:
        for parameter in operation.parameters:
            name = parameter.value.get("name")
            if isinstance(name, str) and (reason := fault(name, identifier(name), travels=True)):
                yield Refusal(parameter.pointer, reason)


def parameter_values(tree: Tree) -> Iterator[Refusal]:
    """Refuse a file as a parameter, which nothing can write."""
    for node in tree.of_kind("parameter"):
        schema = tree.child(node, "schema")
        if schema is not None and "binary" in _formats(tree, schema):
            yield Refusal(node.pointer, "a file cannot be a parameter; correct its format by an overlay")


def parameter_headers(tree: Tree) -> Iterator[Refusal]:
    """Refuse a header that carries the cookies, beside parameters that are cookies."""
    for operation in tree.operations:
        cookies = any(one.value.get("in") == "cookie" for one in operation.parameters)
        for one in operation.parameters:
            header = one.value.get("in") == "header" and str(one.value.get("name")).lower() == "cookie"
            if header and cookies:
                yield Refusal(
                    one.pointer,
                    f"{operation.label} has cookies besides this header; remove it by an overlay",
                )


def shadowing(tree: Tree) -> Iterator[Refusal]:
    """Note a parameter with a name that HTTP libraries have for their arguments; ours have none of them."""
    for operation in tree.operations:
        for parameter in operation.parameters:
            name = parameter.value.get("name")
            if isinstance(name, str) and identifier(name) in _CALLERS:
                yield Refusal(
                    parameter.pointer,
                    f"{name!r} is also the name of an argument of HTTP libraries; it is the parameter of "
                    f"{operation.label} here",
                )


def _formats(tree: Tree, schema: Node) -> set[object]:
    return {part.value.get("format") for part in schema_types.alternatives(tree, schema)}
