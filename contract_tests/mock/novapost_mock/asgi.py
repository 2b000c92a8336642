"""The mock as an ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from novapost_mock.messages import MAX_BODY, Reply, Request

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

DRAINED_BYTES = 4 * 1024 * 1024
DRAINED_SECONDS = 5.0
"""How much of a body that is too large is still taken off the wire, and for how long. Closing a connection
on unread bytes resets it, and the client may lose the answer that tells it why (RFC 9112, 9.6)."""


class _GoneError(Exception):
    """The client left before its request was complete."""


class Handler(Protocol):
    """What answers requests: a mock, or what stands before one."""

    def handle(self, request: Request) -> Reply: ...


def application(mock: Handler) -> Application:
    """Wrap a mock. Requests are answered one after the other on the event loop; none of them waits."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            try:
                request, was_read = await _request(scope, receive)
            except _GoneError:
                return  # half a request must not change anything
            reply = mock.handle(request)
            headers = list(reply.headers) if was_read else [*reply.headers, ("Connection", "close")]
            await send(
                {
                    "type": "http.response.start",
                    "status": reply.status,
                    "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers],
                }
            )
            await send({"type": "http.response.body", "body": reply.body})
        else:
            raise NotImplementedError(f"scope {scope['type']}")

    return app


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _request(scope: Scope, receive: Receive) -> tuple[Request, bool]:
    """Return the request and whether its body was read to the end."""
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass")
    request = Request(
        scope["method"],
        _origin_form(path.decode("latin-1")),
        scope["query_string"].decode("latin-1"),
        headers,
    )
    announced = "".join(request.header_values("content-length"))
    if (
        "100-continue" in "".join(request.header_values("expect")).lower()
        and announced.isdigit()
        and len(announced) < 20
        and int(announced) > MAX_BODY
    ):
        # Reading would tell the client to go ahead; answering first spares it the way (RFC 9110, 10.1.1).
        return _with_body(request, b"." * (MAX_BODY + 1)), False
    body, complete = await _body(receive)
    return _with_body(request, body), complete


def _with_body(request: Request, body: bytes) -> Request:
    return Request(request.method, request.path, request.query, request.headers, body)


def _origin_form(target: str) -> str:
    """Return the path of a request target in absolute form too, as servers must (RFC 9112, 3.2.2)."""
    if target.startswith("/") or "://" not in target:
        return target
    return "/" + target.partition("://")[2].partition("/")[2]


async def _body(receive: Receive) -> tuple[bytes, bool]:
    """Return a body, cut to one byte more than a body may have, and whether it was read to its end."""
    body, complete = bytearray(), False
    while not complete and len(body) <= MAX_BODY:
        chunk, complete = await _chunk(receive)
        body += chunk
    if not complete:
        try:
            complete = await asyncio.wait_for(_drained(receive), DRAINED_SECONDS)
        except TimeoutError:
            complete = False
    return bytes(body[: MAX_BODY + 1]), complete


async def _drained(receive: Receive) -> bool:
    drained, complete = 0, False
    while not complete and drained < DRAINED_BYTES:
        chunk, complete = await _chunk(receive)
        drained += len(chunk)
    return complete


async def _chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] != "http.request":
        raise _GoneError
    return message.get("body", b""), not message.get("more_body", False)
