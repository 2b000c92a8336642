"""Transports and httpx clients that the caller brings along: finding the connection pools within them.

They may wrap one another: a cache around retries around httpx' own. What is found is used twice. Its waits
are made to keep to the total deadline, and after a fork it is known that there are sockets of the parent.
"""

import contextlib
from collections.abc import Collection
from typing import Any, TypeGuard

import httpcore
import httpx

from .gate import Turns
from .network import AsyncBackend, Backend

# How deep and how many objects are looked at. A wrapper is a few attributes deep.
_DEPTH, _MOST = 6, 500
_PLAIN = (str, bytes, int, float, bool, type(None), type)

PoolOfHttpcore = httpcore.ConnectionPool | httpcore.AsyncConnectionPool


def pools_within(thing: object) -> list[PoolOfHttpcore]:
    """Find httpcore's pools within an object: in attributes, slots, lists, dictionaries, closures."""
    found: list[PoolOfHttpcore] = []
    seen: set[int] = set()
    level = [thing]
    for _ in range(_DEPTH):
        following: list[object] = []
        for one in level:
            if isinstance(one, _PLAIN) or id(one) in seen or len(seen) > _MOST:
                continue
            seen.add(id(one))
            if isinstance(one, (httpcore.ConnectionPool, httpcore.AsyncConnectionPool)):
                found.append(one)
            else:
                # What stands for another object may refuse to be looked at.
                with contextlib.suppress(Exception):
                    following += _parts(one)
        level = following
    return found


def _is_dictionary(value: object) -> TypeGuard[dict[object, object]]:
    return isinstance(value, dict)


def _is_collection(value: object) -> TypeGuard[Collection[object]]:
    return isinstance(value, (list, tuple, set, frozenset))


def _parts(one: object) -> list[object]:
    if _is_dictionary(one):
        return list(one.values())
    if _is_collection(one):
        return list(one)
    parts: list[object] = list(getattr(one, "__dict__", {}).values())
    for kind in type(one).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            try:
                parts.append(object.__getattribute__(one, name))
            except AttributeError:
                continue
    for method in (one, getattr(type(one), "handle_request", None), getattr(one, "__func__", None)):
        for cell in getattr(method, "__closure__", None) or ():
            try:
                parts.append(cell.cell_contents)
            except ValueError:
                continue
    return parts


def turns_of(pools: list[PoolOfHttpcore]) -> Turns | None:
    """Return the turns for pools, or None where there is no pool or no limit."""
    limits = [getattr(pool, "_max_connections", None) for pool in pools]
    places = min((limit for limit in limits if isinstance(limit, int) and limit > 0), default=None)
    return None if places is None else Turns(places, httpx.PoolTimeout)


def keep_to_deadline(pools: list[PoolOfHttpcore]) -> bool:
    """Make pools that are not ours keep to the deadline; False if there is none, or one cannot.

    httpcore takes a network backend as an argument and httpx does not pass one on; the attribute has had
    this name since httpcore 0.13. Should it go, the test of this module says so.
    """
    kept = bool(pools)
    for pool in pools:
        inner: Any = getattr(pool, "_network_backend", None)
        if inner is None:
            kept = False
        elif not isinstance(inner, (Backend, AsyncBackend)):
            wrap: Any = Backend if isinstance(pool, httpcore.ConnectionPool) else AsyncBackend
            setattr(pool, "_network_backend", wrap(inner))  # noqa: B010 - httpcore does not declare it
    return kept
