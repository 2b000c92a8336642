# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Enumerations that a server may extend without breaking a client.

A value that the document does not list becomes a member that compares like its value. Its `is_known` is
False.
"""

from enum import IntEnum, StrEnum
from typing import Any, Self


class OpenStrEnum(StrEnum):
    """A text of an enumeration that may grow."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        # Not registered: a server must not be able to fill our memory with its inventions.
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNLISTED"
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether the document lists this value."""
        return self._value_ in type(self)._value2member_map_

    def __reduce_ex__(self, proto: object) -> tuple[Any, ...]:
        # By value: Python 3.11.2 pickles members by name, which an unlisted one does not have.
        return type(self), (self._value_,)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    __hash__ = str.__hash__


class OpenIntEnum(IntEnum):
    """A number of an enumeration that may grow."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = "UNLISTED"
        unknown._value_ = value
        return unknown

    def __reduce_ex__(self, proto: object) -> tuple[Any, ...]:
        # By value: Python 3.11.2 pickles members by name, which an unlisted one does not have.
        return type(self), (self._value_,)

    @property
    def is_known(self) -> bool:
        """Whether the document lists this value."""
        return self._value_ in type(self)._value2member_map_
