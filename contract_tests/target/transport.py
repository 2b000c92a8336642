"""How the suite's own requests travel: one exchange at a time over a kept connection, read strictly.

The pool of httpx opens a connection for each request when told to keep none, and spends more on a request
than a target does on its answer. Here a connection is kept, and what that makes doubtful is settled: a server
may close a kept connection at any time, rightly, so a request that a kept connection swallowed is sent again
on a new one, and from then on no connection is kept, so that a target which drops requests is seen.
"""

import contextlib
import select
import socket
import ssl
import time
import zlib
from collections import deque
from datetime import timedelta
from functools import cache
from typing import Any

import h11
import httpx

TIMEOUT = 15.0
# An answer of this API has some hundred bytes.
LARGEST_ANSWER = 16 * 1024 * 1024
# Servers close what has been idle for some seconds; well before that nothing has to be doubted.
_IDLE = 1.0
_QUICK: int | None = getattr(socket, "TCP_QUICKACK", None)
_CHUNK = 65_536


class _Connection:
    """A socket and what h11 knows of it."""

    def __init__(self, host: str, port: int) -> None:
        try:
            self.socket = socket.create_connection((host, port), timeout=TIMEOUT)
        except OSError as error:
            raise httpx.ConnectError(str(error)) from error
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.state = h11.Connection(h11.CLIENT)
        self.used = False
        self.rested = 0.0

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.close()

    def is_fresh_enough(self) -> bool:
        """Tell whether a kept connection is still usable: not closed, no bytes waiting, not idle for long."""
        if time.monotonic() - self.rested > _IDLE:
            return False
        return not select.select([self.socket], [], [], 0)[0]


class _Swallowed(Exception):
    """The connection ended before the first byte of an answer."""


class KeptTransport(httpx.BaseTransport):
    """httpx' transport for plain HTTP/1.1 that keeps its connections. Safe to use from several threads.

    Stricter than a browser: bytes beyond the announced length are an error, not somebody else's answer.
    """

    def __init__(self) -> None:
        self._idle: deque[tuple[tuple[str, int], _Connection]] = deque()
        self.keeps = True

    @property
    def has_idle(self) -> bool:
        """Whether a connection is kept for the next request."""
        return self.keeps and any(connection.is_fresh_enough() for _, connection in self._idle)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the answer to its end.

        Raises:
            httpx.TransportError: no whole answer came.
        """
        place = request.url.host, request.url.port or 80
        connection = self._take(place)
        try:
            return self._exchange(connection, place, request)
        except _Swallowed as error:
            if not connection.used:
                raise httpx.RemoteProtocolError(str(error)) from error
        # It may have been closed for good reasons, this once; a second time there is no connection to blame.
        self.keeps = False
        try:
            return self._exchange(_Connection(*place), place, request)
        except _Swallowed as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    def _take(self, place: tuple[str, int]) -> _Connection:
        while self._idle:
            with contextlib.suppress(IndexError):
                where, connection = self._idle.pop()
                if self.keeps and where == place and connection.is_fresh_enough():
                    return connection
                connection.close()
        return _Connection(*place)

    def _exchange(
        self, connection: _Connection, place: tuple[str, int], request: httpx.Request
    ) -> httpx.Response:
        try:
            head, body = _spoken(connection, request, self.keeps)
            _require_unpackable(head, body)
            finished = connection.state.our_state is h11.DONE and connection.state.their_state is h11.DONE
            if finished and self.keeps:
                connection.state.start_next_cycle()
                connection.used, connection.rested = True, time.monotonic()
                self._idle.append((place, connection))
            else:
                connection.close()
        except BaseException as error:
            connection.close()
            _raise_as_httpx(error)
        return httpx.Response(head.status_code, headers=list(head.headers), content=body, request=request)

    def close(self) -> None:
        """Close what is kept."""
        while self._idle:
            self._idle.pop()[1].close()


def _spoken(connection: _Connection, request: httpx.Request, keep: bool) -> tuple[h11.Response, bytes]:
    """Send the request and read the answer: its head and its body as it came."""
    state = connection.state
    headers = [(name, value) for name, value in request.headers.raw if keep or name.lower() != b"connection"]
    if not keep:
        headers.append((b"Connection", b"close"))
    content = request.read()
    event = h11.Request(method=request.method.encode(), target=request.url.raw_path, headers=headers)
    out = [
        state.send(event),
        state.send(h11.Data(content)) if content else b"",
        state.send(h11.EndOfMessage()),
    ]
    early: OSError | None = None
    try:
        connection.socket.sendall(b"".join(part for part in out if part))
        if _QUICK is not None:
            # A server that writes head and body apart would wait for our acknowledgement of the head.
            connection.socket.setsockopt(socket.IPPROTO_TCP, _QUICK, 1)
    except TimeoutError:
        raise
    except OSError as error:
        # A server may refuse a large request before it has read all of it; then the answer is there.
        early = error
    head, body, size = None, [], 0
    while True:
        part = state.next_event()
        if part is h11.NEED_DATA:
            try:
                data = connection.socket.recv(_CHUNK)
            except TimeoutError:
                raise
            except OSError as error:
                data, early = b"", early or error
            if not data and head is None and not state.trailing_data[0]:
                raise _Swallowed(f"the connection ended without an answer: {early or 'closed'}")
            state.receive_data(data)
        elif isinstance(part, h11.Response):
            head = part
        elif isinstance(part, h11.Data):
            body.append(bytes(part.data))
            size += len(part.data)
            if size > LARGEST_ANSWER:
                raise httpx.ReadError(f"the answer has more than {LARGEST_ANSWER} bytes")
        elif isinstance(part, h11.EndOfMessage):
            break
        elif isinstance(part, h11.ConnectionClosed):
            raise _Swallowed("the connection ended without an answer")
    assert head is not None
    names = {name for name, _ in head.headers}
    if {b"content-length", b"transfer-encoding"} <= names:
        # Two who read it differently see two different answers (RFC 9112, section 6.2).
        raise httpx.RemoteProtocolError("the answer has a Content-Length and a Transfer-Encoding")
    left = state.trailing_data[0]
    if left:
        raise httpx.RemoteProtocolError(f"{len(left)} bytes after the end of the answer")
    return head, b"".join(body)


def _require_unpackable(head: h11.Response, body: bytes) -> None:
    """Check that a compressed body is whole: it has an end of its own, which httpx does not check."""
    packed = dict(head.headers).get(b"content-encoding", b"").strip().lower()
    if packed != b"gzip" or not body:
        return
    # 31: the window of zlib, and a gzip header before it.
    unpacking = zlib.decompressobj(31)
    try:
        unpacking.decompress(body, LARGEST_ANSWER)
    except zlib.error as error:
        raise httpx.DecodingError(f"the body is no gzip: {error}") from error
    if not unpacking.eof:
        raise httpx.DecodingError("the packed body is cut short")


def _raise_as_httpx(error: BaseException) -> None:
    if isinstance(error, h11.RemoteProtocolError):
        raise httpx.RemoteProtocolError(str(error)) from error
    if isinstance(error, h11.LocalProtocolError):
        raise httpx.LocalProtocolError(str(error)) from error
    if isinstance(error, TimeoutError):
        raise httpx.ReadTimeout("timed out") from error
    if isinstance(error, OSError):
        raise httpx.ReadError(str(error)) from error
    raise error


@cache
def trust() -> ssl.SSLContext:
    """Return the one TLS context of the suite: reading the certificates takes 50 ms each time."""
    return httpx.create_ssl_context(trust_env=False)


class Wire:
    """Builds requests and sends them through one transport: no redirects, no cookies, no proxies."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport
        # Only builds requests, as httpx writes them.
        self._builder = httpx.Client(transport=transport, timeout=TIMEOUT, trust_env=False)

    def build_request(self, method: str, url: str, **options: Any) -> httpx.Request:
        """Send a request with the options of `httpx.Client.build_request`."""
        return self._builder.build_request(method, url, **options)

    def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request as it is and read the whole answer.

        Raises:
            httpx.TransportError: no whole answer came.
            httpx.DecodingError: the body is not encoded as its Content-Encoding says.
        """
        started = time.perf_counter()
        response = self._transport.handle_request(request)
        response.request = request
        try:
            response.read()
        finally:
            response.close()
        response.elapsed = timedelta(seconds=time.perf_counter() - started)
        return response

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Build a request and send it."""
        return self.send(self.build_request(method, url, **options))

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()


def transport_to(base_url: str, sandbox: httpx.BaseTransport | None = None) -> httpx.BaseTransport:
    """Return the transport for an address: the sandbox's, our own for plain HTTP, or httpx's for TLS."""
    if sandbox is not None:
        return sandbox
    if httpx.URL(base_url).scheme == "http":
        return KeptTransport()
    return httpx.HTTPTransport(verify=trust(), limits=httpx.Limits(max_keepalive_connections=0))
