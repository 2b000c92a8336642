"""Checks of numbers that a caller sets."""

import math

from .errors import UsageError


def whole_number(name: str, value: object, least: int) -> int:
    """Check a whole number that is not below `least`, and return it.

    Raises:
        UsageError: it is another thing.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise UsageError(f"{name} takes a whole number from {least} on")
    return value


def seconds(name: str, value: object) -> float:
    """Check a number of seconds, zero included, and return it.

    Raises:
        UsageError: it is another thing, or has no end.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise UsageError(f"{name} takes a number of seconds, from 0 on")
    return float(value)
