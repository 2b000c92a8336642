# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""One deadline for a whole call, held against every single wait for the network.

httpx' time-outs hold for one wait each. A server that sends a byte before each of them runs out keeps a
caller for ever. httpx has no place for a total, so the connections' network backend is wrapped: before
each wait, its time-out is cut to what is left of the call that runs at that moment.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import httpx

Clock = Callable[[], float]

# The deadline of the call that runs now, as a value of time.monotonic(), or None for no end.
_NOW: ContextVar["Deadline | None"] = ContextVar("deadline", default=None)


class Deadline:
    """The moment at which a call must be over, or none."""

    __slots__ = ("_clock", "_end")

    def __init__(self, seconds: float | None, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        outer = _NOW.get()
        # A call within a call, such as the one for a token, has no more time than the outer one.
        if outer is not None and outer._end is not None:
            self._end = outer._end if self._end is None else min(self._end, outer._end)

    def left(self) -> float | None:
        """Seconds that are left, not below zero; None without an end."""
        return None if self._end is None else max(0.0, self._end - self._clock())

    def cut(self, seconds: float | None) -> float | None:
        """A time-out, cut to what is left."""
        left = self.left()
        if left is None:
            return seconds
        return left if seconds is None else min(seconds, left)


def left_now(at_most: float) -> float:
    """Seconds that are left of the call that runs now, and not more than `at_most`."""
    deadline = _NOW.get()
    left = None if deadline is None else deadline.left()
    return at_most if left is None else min(at_most, left)


class holding:  # noqa: N801 - reads as what it does: `with holding(deadline):`
    """While the block runs, every wait of our connections keeps to this deadline."""

    __slots__ = ("_deadline", "_token")

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __enter__(self) -> None:
        self._token = _NOW.set(self._deadline)

    def __exit__(self, *ignored: object) -> None:
        _NOW.reset(self._token)


def _cut(timeout: float | None) -> float | None:
    deadline = _NOW.get()
    if deadline is None:
        return timeout
    left = deadline.left()
    if left is None:
        return timeout
    if left <= 0:
        raise httpx.ReadTimeout("the call took longer than its deadline")
    return left if timeout is None else min(timeout, left)


class _Stream:
    """A connection whose waits keep to the deadline; everything else is the connection's own."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> Any:
        return self._inner.read(max_bytes, timeout=_cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> Any:
        return self._inner.write(buffer, timeout=_cut(timeout))

    def start_tls(self, ssl_context: Any, server_hostname: Any = None, timeout: float | None = None) -> Any:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout=_cut(timeout)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Backend:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: Any) -> Any:
        return _Stream(self._inner.connect_tcp(host, port, timeout=_cut(timeout), **options))

    def connect_unix_socket(self, path: str, timeout: float | None = None, **options: Any) -> Any:
        return _Stream(self._inner.connect_unix_socket(path, timeout=_cut(timeout), **options))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def guard(client: httpx.Client) -> bool:
    """Make every connection of an httpx client keep to the deadline; False if one cannot.

    The pool's backend is httpcore's own argument, but httpx does not pass it on; the two attributes below
    have had these names since httpx 0.18 and httpcore 0.13. Should they go, a call is still bounded by the
    time-outs of each wait, and the test of this module says so. The async side needs none of this:
    asyncio.timeout cancels a wait from outside.
    """
    transports = [getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()]
    guarded = True
    for transport in transports:
        if not isinstance(transport, httpx.HTTPTransport):
            continue
        pool = getattr(transport, "_pool", None)
        inner = getattr(pool, "_network_backend", None)
        if inner is None:
            guarded = False
        elif not isinstance(inner, _Backend):
            setattr(pool, "_network_backend", _Backend(inner))  # noqa: B010 - httpcore does not declare it
    return guarded
