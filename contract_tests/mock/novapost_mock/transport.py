"""The mock behind an httpx client of the same process, sync and async."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import anyio
import httpx

from novapost_mock.messages import Delivery, Reply, Request
from novapost_mock.mock import Mock


class MockTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that hands every request to a mock: `httpx.Client(transport=MockTransport(mock))`.

    The transport ignores the host of an address, so a client can keep the base address of the real sandbox.

    A fault raises the same error as on a real connection: `ReadTimeout` for a pause that is longer than the
    request's read time-out (at once for the fault `timeout`), `ReadError` for a reset, `RemoteProtocolError`
    for a body that ends early and for bytes that are not HTTP.
    """

    # Tells novapost-client that no wait here is longer than the request's time-outs.
    keeps_timeouts = True

    def __init__(
        self,
        mock: Mock | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        async_sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        """Put a mock behind a transport.

        Args:
            mock: the mock (default: a new one with the phone of the published example).
            sleep: waits for the seconds of a fault; with `lambda seconds: None` tests do not wait.
            async_sleep: the same for async clients (asyncio or trio).
        """
        self.mock = mock if mock is not None else Mock()
        self._sleep = sleep
        self._async_sleep = async_sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of `httpx.Client`.

        Raises:
            httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError: a fault raises it.
        """
        request.read()
        reply = self.mock.handle(_request(request))
        if reply.delivery is None:
            return _response(reply, httpx.ByteStream(reply.body), request)
        _check_timeout(reply.delivery)
        patience = _patience(request)
        self._wait(reply.delivery.delay_seconds, patience)
        _check_start(reply.delivery)
        body = _Body(reply.body, reply.delivery, lambda seconds: self._wait(seconds, patience))
        return _response(reply, body, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of `httpx.AsyncClient`.

        Raises:
            httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError: a fault raises it.
        """
        await request.aread()
        reply = self.mock.handle(_request(request))
        if reply.delivery is None:
            return _response(reply, httpx.ByteStream(reply.body), request)
        _check_timeout(reply.delivery)
        patience = _patience(request)
        await self._async_wait(reply.delivery.delay_seconds, patience)
        _check_start(reply.delivery)
        body = _AsyncBody(reply.body, reply.delivery, lambda seconds: self._async_wait(seconds, patience))
        return _response(reply, body, request)

    def _wait(self, seconds: float, patience: float | None) -> None:
        late = patience is not None and seconds > patience
        if seconds:
            self._sleep(patience if late and patience is not None else seconds)
        if late:
            raise httpx.ReadTimeout("The read operation timed out")

    async def _async_wait(self, seconds: float, patience: float | None) -> None:
        late = patience is not None and seconds > patience
        if seconds:
            await self._async_sleep(patience if late and patience is not None else seconds)
        if late:
            raise httpx.ReadTimeout("The read operation timed out")


class _Body(httpx.SyncByteStream):
    """A body that comes as a fault wants it."""

    def __init__(self, body: bytes, delivery: Delivery, wait: Callable[[float], None]) -> None:
        self._body, self._delivery, self._wait = body, delivery, wait

    def __iter__(self) -> Iterator[bytes]:
        for piece in _pieces(self._body, self._delivery):
            self._wait(self._delivery.drip_seconds)
            yield piece
        _check_end(self._body, self._delivery)


class _AsyncBody(httpx.AsyncByteStream):
    """The same for async clients."""

    def __init__(self, body: bytes, delivery: Delivery, wait: Callable[[float], Awaitable[None]]) -> None:
        self._body, self._delivery, self._wait = body, delivery, wait

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in _pieces(self._body, self._delivery):
            await self._wait(self._delivery.drip_seconds)
            yield piece
        _check_end(self._body, self._delivery)


def _pieces(body: bytes, delivery: Delivery) -> Iterator[bytes]:
    ends = [end for end in (delivery.reset_after, delivery.cut_after) if end is not None]
    sent = body[: min(ends)] if ends else body
    size = delivery.drip_bytes or len(sent) or 1
    for start in range(0, len(sent), size):
        yield sent[start : start + size]


def _check_timeout(delivery: Delivery) -> None:
    """Raise what a caller meets whose patience ends; nobody waits for it."""
    if delivery.is_timeout:
        raise httpx.ReadTimeout("The read operation timed out")


def _check_start(delivery: Delivery) -> None:
    """Raise what keeps an answer from beginning."""
    if delivery.raw is not None:
        raise httpx.RemoteProtocolError("illegal status line")
    if delivery.reset_after is not None and delivery.reset_after < 0:
        raise httpx.ReadError("[Errno 104] Connection reset by peer")


def _check_end(body: bytes, delivery: Delivery) -> None:
    """Raise what keeps a body from ending."""
    if delivery.reset_after is not None:
        raise httpx.ReadError("[Errno 104] Connection reset by peer")
    if delivery.cut_after is not None and delivery.cut_after < len(body):
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {delivery.cut_after} bytes, expected {len(body)})"
        )


def _patience(request: httpx.Request) -> float | None:
    """Return the read time-out of a request in seconds; None if it waits for ever."""
    timeout: Any = request.extensions.get("timeout", {})
    patience: float | None = timeout.get("read")
    return patience


def _request(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(request.method, path, query, headers, request.content)


def _response(
    reply: Reply, body: httpx.SyncByteStream | httpx.AsyncByteStream, request: httpx.Request
) -> httpx.Response:
    # As a stream and not as content, so that the client reads it as it reads one that came from afar, and
    # `response.elapsed` is there.
    return httpx.Response(reply.status, headers=reply.headers, stream=body, request=request)
