# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""One deadline for a whole call, held against every single wait for the network.

httpx' time-outs hold for one wait each. A server that sends a byte before each of them runs out keeps a
caller for ever. httpx has no place for a total, so the connections have a network backend of their own,
which httpcore's connections take as an argument: before each wait, its time-out is cut to what is left of
the call that runs at that moment.
"""

import ssl
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

Clock = Callable[[], float]

DEADLINE_PASSED = "the call took longer than its deadline"

# The deadline of the call that runs now, as a value of time.monotonic(), or None for no end.
_NOW: ContextVar["Deadline | None"] = ContextVar("deadline", default=None)


class Deadline:
    """The moment at which a call must be over, or none, and the bounds of its single waits."""

    __slots__ = ("_clock", "_end", "_phases")

    def __init__(
        self, seconds: float | None, clock: Clock = time.monotonic, phases: httpx.Timeout | None = None
    ) -> None:
        self._clock = clock
        self._phases = phases
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

    def waits(self) -> dict[str, float | None]:
        """The bounds of the waits of one request, as httpx has them, cut to what is left."""
        phases = self._phases.as_dict() if self._phases is not None else dict.fromkeys(_PHASES)
        left = self.left()
        if left is None:
            return phases
        return {name: left if phase is None else min(phase, left) for name, phase in phases.items()}


_PHASES = ("connect", "read", "write", "pool")


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
        raise httpcore.ReadTimeout(DEADLINE_PASSED)
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose waits keep to the deadline; everything else is the connection's own."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self.close = inner.close  # type: ignore[method-assign]
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _cut(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _cut(timeout)))


class Backend(httpcore.NetworkBackend):
    """The network of threads, or what somebody else put in its place, its waits cut to the deadline."""

    def __init__(self, inner: httpcore.NetworkBackend | None = None) -> None:
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *more: Any, **options: Any
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(host, port, _cut(timeout), *more, **options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, *more: Any, **options: Any
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_unix_socket(path, _cut(timeout), *more, **options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(_cut(seconds) or 0.0)


class _AsyncStream(httpcore.AsyncNetworkStream):
    """As `_Stream`."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.aclose = inner.aclose  # type: ignore[method-assign]
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, _cut(timeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, _cut(timeout))

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._inner.start_tls(ssl_context, server_hostname, _cut(timeout)))


class AsyncBackend(httpcore.AsyncNetworkBackend):
    """As `Backend`, for the pool of a transport of the caller's own.

    Our own pool needs none: there asyncio.timeout cancels a wait from outside. httpcore's loses a slot when
    a call is cancelled, so that a deadline must come to it as a time-out.
    """

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *more: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._inner.connect_tcp(host, port, _cut(timeout), *more, **options))

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, *more: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._inner.connect_unix_socket(path, _cut(timeout), *more, **options))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(_cut(seconds) or 0.0)
