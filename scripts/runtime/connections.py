"""The rim: httpx clients, made when first used, and their exceptions turned into ours."""

import asyncio
import http.cookiejar
import ssl
import threading
import zlib
from collections.abc import Mapping
from typing import Any

import httpx

from .answers import Received, whole
from .causes import detached, scrubbed
from .deadline import guard
from .errors import (
    BodyError,
    BodyTooLargeError,
    CallTimeoutError,
    ClientError,
    ConnectionFailedError,
    ProtocolError,
    TransportError,
    UndecodableBodyError,
    UsageError,
)
from .limits import ACCEPT_ENCODING, Garbled, Intake, TooLarge
from .redaction import one_line, redact

# The client's own business; in httpx_args they would go past the rules that it keeps.
_OURS = frozenset({"base_url", "follow_redirects", "max_redirects", "timeout"})
# With any of these, httpx has to merge every request; without, requests are made directly, which is faster.
_MERGED = frozenset({"cookies", "headers", "params"})
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# What httpx and the libraries below it raise for something that a server or a network did.
_OUTSIDE = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpx.CookieConflict,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
)


class Connections:
    """One httpx client for threads, and one for the event loop that runs. Made when first used."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        wrong = sorted(_OURS & set(arguments))
        if wrong:
            raise UsageError(f"httpx_args cannot hold {', '.join(wrong)}; the client has settings for them")
        self._arguments = dict(arguments)
        # A server's cookies would travel from one caller's request into another's.
        self._arguments.setdefault(
            "cookies", http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        )
        self._merged = bool(_MERGED & set(arguments))
        self.has_auth = arguments.get("auth") is not None
        self._lock = threading.Lock()
        self._sync: httpx.Client | None = None
        self._async: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Future[None] | None = None

    def sync_client(self) -> httpx.Client:
        """The httpx client for threads.

        Raises:
            UsageError: httpx_args cannot be used.
        """
        client = self._sync
        if client is not None and not client.is_closed:
            return client
        with self._lock:
            if self._sync is None or self._sync.is_closed:
                self._require(httpx.BaseTransport, "handle_request")
                try:
                    client = httpx.Client(**self._arguments)
                except (TypeError, ValueError, httpx.InvalidURL) as error:
                    raise UsageError(f"httpx_args cannot be used: {type(error).__name__}") from None
                guard(client)
                self._sync = client
            return self._sync

    def async_client(self) -> httpx.AsyncClient:
        """The httpx client for the event loop that runs.

        Connections belong to the loop that opened them, so another loop gets another client.

        Raises:
            UsageError: httpx_args cannot be used.
        """
        loop = asyncio.get_running_loop()
        client = self._async
        if client is not None and self._loop is loop and not client.is_closed:
            return client
        self._require(httpx.AsyncBaseTransport, "handle_async_request")
        try:
            client = httpx.AsyncClient(**self._arguments)
        except (TypeError, ValueError, httpx.InvalidURL) as error:
            raise UsageError(f"httpx_args cannot be used: {type(error).__name__}") from None
        self._async, self._loop = client, loop
        return client

    def _require(self, kind: type, method: str) -> None:
        transport = self._arguments.get("transport")
        if transport is not None and not isinstance(transport, kind) and not hasattr(transport, method):
            raise UsageError(f"the transport in httpx_args has no {method}")

    def close(self) -> None:
        """Close the connections of the threads' side, and ask the event loop to close its own."""
        if self._sync is not None:
            self._sync.close()
        if self._async is not None and self._loop is _running_loop() is not None:
            # The task must be held by somebody until it is done.
            self._closing = asyncio.ensure_future(self._async.aclose())
            self._async = None

    async def aclose(self) -> None:
        """Close all connections; those of another event loop are left to it."""
        client, self._async = self._async, None
        self.close()
        if client is not None and self._loop is _running_loop():
            await client.aclose()

    def request(
        self,
        client: httpx.Client | httpx.AsyncClient,
        method: str,
        url: str | httpx.URL,
        *,
        headers: dict[str, str],
        content: bytes | None,
        files: Any,
        timeout: dict[str, float | None],
    ) -> httpx.Request:
        """A request with what every request of ours has, and with what httpx_args ask for."""
        whole = {
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "keep-alive",
            "User-Agent": client.headers.get("user-agent", ""),
            **headers,
        }
        extensions = {"timeout": timeout}
        if self._merged:
            return client.build_request(
                method, url, headers=whole, content=content, files=files, extensions=extensions
            )
        return httpx.Request(method, url, headers=whole, content=content, files=files, extensions=extensions)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Content:
    """The body of an answer, or why it could not be taken."""

    __slots__ = ("data", "problem")

    def __init__(self, data: bytes, problem: BodyError | None = None) -> None:
        self.data = data
        self.problem = problem


def _intake(response: httpx.Response, limit: int) -> Intake:
    headers = response.headers
    return Intake(limit, headers.get("content-encoding"), headers.get("content-length"))


def _ready(response: httpx.Response) -> bytes | None:
    # A transport may hand over an answer that is read and unpacked already, as MockTransport does.
    return response.content if response.is_stream_consumed else None


def read(response: httpx.Response, limit: int) -> Content:
    """The body of an answer, unpacked, within `limit` bytes."""
    intake = _intake(response, limit)
    try:
        ready = _ready(response)
        if ready is not None:
            return Content(intake.ready(ready))
        intake.begin()
        for chunk in response.iter_raw():
            intake.take(chunk)
        return Content(intake.whole())
    except (TooLarge, Garbled) as error:
        return Content(intake.rest(), _unreadable(error, response.status_code))


async def read_async(response: httpx.Response, limit: int) -> Content:
    """As `read`, without blocking the event loop."""
    intake = _intake(response, limit)
    try:
        ready = _ready(response)
        if ready is not None:
            return Content(intake.ready(ready))
        intake.begin()
        async for chunk in response.aiter_raw():
            intake.take(chunk)
        return Content(intake.whole())
    except (TooLarge, Garbled) as error:
        return Content(intake.rest(), _unreadable(error, response.status_code))


def _unreadable(error: TooLarge | Garbled, status: int) -> BodyError:
    if isinstance(error, TooLarge):
        reason = "the body is larger than the client takes (limits.max_body_bytes)"
        return BodyTooLargeError(reason, status_code=status)
    return UndecodableBodyError(str(error), status_code=status)


def received(
    response: httpx.Response, content: Content, elapsed: float, token_header: str | None
) -> Received | ClientError:
    """An answer as a plain value. A success without its body is none; an error is one all the same."""
    following = response.next_request
    answer = Received(
        response.status_code,
        response.headers,
        content.data,
        elapsed,
        next_url=following.url if following is not None else None,
        next_method=following.method if following is not None else "",
        token=response.request.headers.get(token_header) if token_header else None,
        problem=content.problem.reason if content.problem is not None else None,
    )
    if content.problem is not None and response.status_code < 300:
        kept = whole(answer)
        content.problem.response, content.problem.request_id = kept, kept.request_id
        return content.problem
    return answer


def translated(error: Exception, secrets: frozenset[str] = frozenset()) -> ClientError:
    """Our error for an exception that a server or the network caused; any other is raised again.

    The exception is kept as the cause, scrubbed: its frames hold the address with the key in it.
    """
    if isinstance(error, ClientError):
        return detached(error, secrets)
    ours = _translated(error, secrets)
    ours.__cause__ = scrubbed(error, secrets)
    return ours


def _translated(error: Exception, secrets: frozenset[str]) -> ClientError:
    if isinstance(error, httpx.DecodingError):
        return UndecodableBodyError("the compressed body is damaged")
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        sent = not isinstance(error, _UNSENT)
        return CallTimeoutError(_told(error, "took too long", secrets), sent=sent)
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return UsageError(_told(error, "the request cannot be sent", secrets))
    if isinstance(error, httpx.RemoteProtocolError):
        return ProtocolError(_told(error, "no proper HTTP", secrets))
    if isinstance(error, _OUTSIDE):
        kind: type[TransportError] = ConnectionFailedError
        if isinstance(error, (ValueError, httpx.InvalidURL)) and not isinstance(error, ssl.SSLError):
            kind = ProtocolError
        return kind(_told(error, "the connection failed", secrets), sent=not isinstance(error, _UNSENT))
    raise error


def _told(error: Exception, otherwise: str, secrets: frozenset[str]) -> str:
    said = redact(one_line(str(error)), secrets)
    return f"{said or otherwise} ({type(error).__name__})"
