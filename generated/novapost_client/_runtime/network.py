# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The network of httpcore with every wait cut to the deadline of the call that runs.

Loaded with the first connection, because httpcore takes longer to load than all the rest of a client.
"""

import ssl
from typing import Any

import httpcore

from .deadline import DEADLINE_PASSED, running


def _cut(timeout: float | None) -> float | None:
    deadline = running()
    if deadline is None:
        return timeout
    left = deadline.left()
    if left is None:
        return timeout
    if left <= 0:
        raise httpcore.ReadTimeout(DEADLINE_PASSED)
    return left if timeout is None else min(timeout, left)


def _is_readable(stream: httpcore.NetworkStream | httpcore.AsyncNetworkStream) -> bool:
    """Return whether something has arrived, on the socket or in what TLS has taken from it.

    What is taken out here is lost, so the stream is of no use afterwards if there is something.
    """
    if stream.get_extra_info("is_readable"):
        return True
    tls = stream.get_extra_info("ssl_object")
    if tls is None or tls.selected_alpn_protocol() == "h2":
        # With HTTP/2 an answer says whose it is.
        return False
    try:
        if tls.pending():
            return True
        if not isinstance(tls, ssl.SSLObject):
            return False
        tls.read(1)  # raises if nothing has arrived; an empty result is the end of the stream
        return True
    except ssl.SSLWantReadError:
        return False
    except (OSError, ValueError):
        return True


class _Stream(httpcore.NetworkStream):
    """A connection whose waits keep to the deadline; everything else is the connection's own."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._hold(inner)

    def _hold(self, inner: httpcore.NetworkStream) -> None:
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
        self._hold(self._inner.start_tls(ssl_context, server_hostname, _cut(timeout)))
        return self


class Backend(httpcore.NetworkBackend):
    """The network of threads, or what somebody else put in its place, its waits cut to the deadline."""

    def __init__(self, inner: httpcore.NetworkBackend | None = None) -> None:
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *more: Any, **options: Any
    ) -> _Stream:
        """Connect within the deadline."""
        return _Stream(self._inner.connect_tcp(host, port, _cut(timeout), *more, **options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, *more: Any, **options: Any
    ) -> httpcore.NetworkStream:
        """Connect within the deadline."""
        return _Stream(self._inner.connect_unix_socket(path, _cut(timeout), *more, **options))

    def sleep(self, seconds: float) -> None:
        """Sleep within the deadline."""
        self._inner.sleep(_cut(seconds) or 0.0)


class Network(Backend):
    """The network of one connection of our own, which can be closed at any moment.

    httpcore leaves a socket open if the handshake on it with a SOCKS proxy or with TLS comes to no good end.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stream: _Stream | None = None

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *more: Any, **options: Any
    ) -> _Stream:
        """Connect within the deadline."""
        self._stream = super().connect_tcp(host, port, timeout, *more, **options)
        return self._stream

    @property
    def is_readable(self) -> bool:
        """Return whether something has arrived, be it the end."""
        return self._stream is not None and _is_readable(self._stream)

    def close(self) -> None:
        """Close the socket, if there is one."""
        if self._stream is not None:
            self._stream.close()


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
        """Connect within the deadline."""
        return _AsyncStream(await self._inner.connect_tcp(host, port, _cut(timeout), *more, **options))

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, *more: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        """Connect within the deadline."""
        return _AsyncStream(await self._inner.connect_unix_socket(path, _cut(timeout), *more, **options))

    async def sleep(self, seconds: float) -> None:
        """Sleep within the deadline."""
        await self._inner.sleep(_cut(seconds) or 0.0)


class _HeldStream(httpcore.AsyncNetworkStream):
    """A connection that stays the same object when it begins to speak TLS."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._hold(inner)

    def _hold(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.read = inner.read  # type: ignore[method-assign]
        self.write = inner.write  # type: ignore[method-assign]
        self.aclose = inner.aclose  # type: ignore[method-assign]
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        self._hold(await self._inner.start_tls(ssl_context, server_hostname, timeout))
        return self


class AsyncNetwork(httpcore.AsyncNetworkBackend):
    """As `Network`, over asyncio."""

    def __init__(self) -> None:
        # httpcore has two classes of that name, of which one stands where anyio is missing.
        self._inner: Any = httpcore.AnyIOBackend()
        self._stream: _HeldStream | None = None

    async def connect_tcp(self, *place: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        """Connect within the deadline."""
        self._stream = _HeldStream(await self._inner.connect_tcp(*place, **options))
        return self._stream

    @property
    def is_readable(self) -> bool:
        """Return whether something has arrived, be it the end."""
        return self._stream is not None and _is_readable(self._stream)

    async def aclose(self) -> None:
        """Close the socket, if there is one."""
        if self._stream is not None:
            await self._stream.aclose()
