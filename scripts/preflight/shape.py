"""The shape of the document, as the generator's own description of OpenAPI has it."""

from collections.abc import Iterator
from typing import Any

from openapi_python_client import schema
from pydantic import ValidationError

from scripts.document.tree import Tree, escape
from scripts.lib.errors import Refusal


def shape(tree: Tree) -> Iterator[Refusal]:
    """Refuse a part that is not what OpenAPI says it is; all that comes after may rely on it."""
    try:
        schema.OpenAPI.model_validate(tree.document)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            pointer = _pointer(tree.document, fault["loc"])
            yield Refusal(pointer, " ".join(fault["msg"].split()).removeprefix("Value error, "))


def _pointer(document: Any, steps: tuple[int | str, ...]) -> str:
    """Return the place that pydantic means; it names alternatives (`ref`, `other`) among the keys."""
    pointer = "#"
    value = document
    for i, step in enumerate(steps):
        if _has(value, step):
            value = value[step]
        elif i < len(steps) - 1 or step in ("ref", "other") or not isinstance(value, dict):
            continue
        pointer += f"/{escape(str(step))}"
    return pointer


def _has(value: Any, step: int | str) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value
