# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""A value that is not of the documented type: what was expected, what came, and where."""

import re
from collections.abc import Mapping

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Mismatch(Exception):
    """A value is not of the documented type.

    Attributes:
        reason: what was expected and what came, by type; never the value, which may be a secret.
        steps: the way from the outermost value to this one, as names and indexes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str | int] = []

    def within(self, step: str | int) -> "Mismatch":
        """Return the same, seen from one level further out."""
        self.steps.insert(0, step)
        return self

    @property
    def json_path(self) -> str:
        """Return the way as a JSONPath (RFC 9535)."""
        return "$" + "".join(_step(step) for step in self.steps)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_NAME.fullmatch(step) else f"[{step!r}]"


def kind(value: object) -> str:
    """Return the JSON name of a value's type, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "an array"
    return f"a {type(value).__name__}"
