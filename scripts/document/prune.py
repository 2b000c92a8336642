"""Taking out of a document the operations that the caller does without, and what only they need."""

import copy
from collections.abc import Sequence
from typing import Any

from scripts.document.operations import METHODS, Operation, operations, resolved
from scripts.lib.errors import Refusal


def without(document: dict[str, Any], names: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return a copy of a document without some operations, and "METHOD /path" of each that was taken out.

    The components that nothing refers to any more go with them, so that a fault in a schema that only an
    omitted operation needs does not stand in the way of the others.

    Args:
        document: the document.
        names: what to leave out, each as "METHOD /path" or as an operationId.

    Raises:
        Refusal: there is no operation of such a name, or no other operation.
    """
    result = copy.deepcopy(document)
    before = _referred(result)
    omitted = []
    for name in names:
        found = [operation for operation in operations(result) if _is(name, operation)]
        if not found:
            raise Refusal("--allow-missing", f"the document has no operation {name!r}")
        for operation in found:
            item = result["paths"][operation.path]
            del item[operation.method]
            omitted.append(operation.label)
            if not any(key in METHODS for key in item):
                del result["paths"][operation.path]
    if names and next(operations(result), None) is None:
        raise Refusal("--allow-missing", "would leave no operation")
    _prune(result, before - _referred(result))
    return result, omitted


def _is(name: str, operation: Operation) -> bool:
    return name in (operation.value.get("operationId"), operation.label)


def _referred(document: dict[str, Any]) -> set[str]:
    """Return the references that can be reached from the operations."""
    found: set[str] = set()
    waiting: list[Any] = [document.get("paths")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference not in found:
                found.add(reference)
                waiting.append(resolved(document, {"$ref": reference}))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _prune(document: dict[str, Any], references: set[str]) -> None:
    for reference in references:
        section, _, name = reference.removeprefix("#/components/").partition("/")
        components = document.get("components")
        holder = components.get(section) if isinstance(components, dict) else None
        if isinstance(holder, dict):
            holder.pop(name, None)
