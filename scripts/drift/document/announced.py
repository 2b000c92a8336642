"""What an operation announces of its own life: the day after which it may go, and how stable it is."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

SUNSET = "x-sunset"
STABILITY = "x-stability-level"


def sunset_of(node: Mapping[str, Any]) -> date | None:
    """Return the sunset that an object states, None without one that can be read."""
    try:
        return date.fromisoformat(str(node.get(SUNSET, ""))[:10])
    except ValueError:
        return None


def stability_of(node: Mapping[str, Any]) -> str:
    """Return the stability level that an operation states, "stable" without one."""
    return str(node.get(STABILITY, "stable")).strip().lower()


def announced(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Return the keys whose difference the policy tells; what it cannot read is left to others."""
    if sunset_of(old) != sunset_of(new) or (SUNSET in new and sunset_of(new) is None):
        yield SUNSET
    if stability_of(old) != stability_of(new):
        yield STABILITY
