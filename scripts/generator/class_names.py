"""Schemas within schemas that would become one class: each later one has a number.

The generator names such a class after the schema around it and the property, and refuses the second of two
equal names. Here it is asked again for that one, under a title that nobody has.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from openapi_python_client.parser.errors import PropertyError
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import pascal_case

_TAKEN = ("Attempted to generate duplicate models", "Found conflicting enums")
_MOST = 500


def _retried(build: Callable[..., Any], *, with_parent: bool) -> Callable[..., Any]:
    @functools.wraps(build)
    def named(**given: Any) -> Any:
        first = build(**given)
        result, number = first[0], 2
        while isinstance(result, PropertyError) and str(result.detail).startswith(_TAKEN) and number < _MOST:
            title = _text(given["data"].title or given["name"])
            if with_parent and not given["data"].title and given.get("parent_name"):
                title = f"{pascal_case(given['parent_name'])}{pascal_case(title)}"
            more = {"title": UntrustedString(f"{title}{number}")}
            again = build(**{**given, "data": given["data"].model_copy(update=more)})
            result, number = again[0], number + 1
            if not isinstance(result, PropertyError):
                return again
        return first

    return named


def _text(name: UntrustedString | str) -> str:
    return name.get_untrusted_value() if isinstance(name, UntrustedString) else name


@contextlib.contextmanager
def unique() -> Iterator[None]:
    """Let the generator number equal names of classes, for as long as this lasts."""
    with (
        mock.patch.object(ModelProperty, "build", _retried(ModelProperty.build, with_parent=True)),
        mock.patch.object(EnumProperty, "build", _retried(EnumProperty.build, with_parent=False)),
    ):
        yield
