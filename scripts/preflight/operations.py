"""Operations: their names, their tags, and what the generated client cannot do for one of them."""

from collections.abc import Iterator

from scripts.document.operations import METHODS
from scripts.document.tree import Operation, Tree, escape
from scripts.generator.python_names import fault, identifier, operation_name
from scripts.lib.errors import Refusal


def methods(tree: Tree) -> Iterator[Refusal]:
    """Refuse an operation under a key that is no method as OpenAPI writes them; the generator drops it."""
    for node in tree.of_kind("path item"):
        for key, value in node.value.items():
            operation = isinstance(value, dict) and ("responses" in value or key.lower() in METHODS)
            if operation and key not in METHODS and not key.startswith("x-"):
                yield Refusal(
                    f"{node.pointer}/{escape(key)}",
                    f"{key!r} is no method; OpenAPI has {', '.join(METHODS)}, in small letters",
                )


def operation_ids(tree: Tree) -> Iterator[Refusal]:
    """Two operations of one name; the second takes the first one's place without a word."""
    by_id: dict[str, Operation] = {}
    by_module: dict[str, Operation] = {}
    for operation in tree.operations:
        given = operation.node.value.get("operationId")
        name = operation_name(given, operation.method, operation.path)
        if isinstance(given, str) and (reason := fault(given, name)):
            yield Refusal(f"{operation.node.pointer}/operationId", reason)
        elif not isinstance(given, str) and (reason := fault(name, name)):
            yield Refusal(operation.node.pointer, f"{reason}; give it an operationId")
        others = [by_module.setdefault(name, operation)]
        if isinstance(given, str):
            others.append(by_id.setdefault(given.casefold(), operation))
        if other := next((other for other in others if other is not operation), None):
            yield Refusal(
                operation.node.pointer, f"{operation.label} has the name {name!r} of {other.label} already"
            )


def tags(tree: Tree) -> Iterator[Refusal]:
    """Refuse a tag that gives no package."""
    for operation in tree.operations:
        listed = operation.node.value.get("tags")
        tag = listed[0] if isinstance(listed, list) and listed else None
        if isinstance(tag, str) and (reason := fault(tag, identifier(tag, "tag"))):
            yield Refusal(f"{operation.node.pointer}/tags/0", reason)
