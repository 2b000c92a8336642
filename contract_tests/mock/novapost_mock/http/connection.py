"""One connection to the mock: what comes goes to its reader, what is answered goes out in order."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol, cast

from novapost_mock.errors import error_response
from novapost_mock.http.cors import shared
from novapost_mock.http.delivery import deliver
from novapost_mock.http.limits import Limits
from novapost_mock.http.parser import Broken, Event, Heads, Message, Reader
from novapost_mock.http.serializer import message as written
from novapost_mock.messages import Delivery, Reply, Request

MAX_WAITING = 64 * 1024
"""Bytes that may come while a reply is held back, before the connection is no longer read."""

MAX_LINGERED = 1024 * 1024
"""Bytes that are thrown away after a last answer, so that it arrives rather than a reset (RFC 9112, 9.6)."""

SPARE_CONNECTIONS = 50
"""How many connections above the limit are told so; those above that are only closed."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOO_SLOW = Reply.of_json(408, error_response("The request did not come in time"))
_TOO_MANY = Reply.of_json(503, error_response("Too many connections"))
_FAILED = Reply.of_json(500, error_response("novapost-mock failed to answer"))


_log = logging.getLogger("novapost_mock")


class Owner(Protocol):
    """The server of a connection, as far as a connection knows it.

    Attributes:
        now: the server's monotonic clock, in seconds.
        date: the header line `Date` of the current second.
    """

    handle: Callable[[Request], Reply]
    limits: Limits
    heads: Heads
    now: float
    date: bytes
    is_stopping: bool
    loop: asyncio.AbstractEventLoop

    def admit(self, connection: "Connection") -> int:
        """Count a new connection and return its number."""

    def forget(self, connection: "Connection") -> None:
        """Count a connection that ended."""


class Connection(asyncio.Protocol):
    """The protocol of one connection.

    Attributes:
        deadline: when its patience ends, on the server's clock; infinite while the mock itself waits.
    """

    def __init__(self, server: Owner) -> None:
        self.deadline = 0.0
        self._server = server
        self._limits = server.limits
        self._handle = server.handle
        self._reader = Reader(server.heads)
        self._whole = self._reader.whole
        self._events: deque[Event] = deque()
        self._waiting = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._is_choked = False
        self._is_over = False
        self._is_half_closed = False
        self._is_one_too_many = False
        self._lingered = 0
        self._transport: asyncio.Transport

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or refuse it where there are too many."""
        # Nothing else comes over TCP. It cannot be asked: the transports of uvloop only look like one.
        self._transport = cast("asyncio.Transport", transport)
        self.deadline = self._server.now + self._limits.head_seconds
        number = self._server.admit(self)
        self._is_one_too_many = number > self._limits.connections
        if number > self._limits.connections + SPARE_CONNECTIONS:
            self.abort()

    def connection_lost(self, exception: Exception | None) -> None:
        """Stop the answer that is under way."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()
        self._server.forget(self)

    def data_received(self, data: bytes) -> None:
        """Read bytes; wait with them while an answer is under way."""
        if self._task is None and not self._is_over and not self._is_choked:
            message = self._whole(data)
            if message is not None and not self._is_one_too_many:
                self._answer(message)
            else:
                self._read(data)
        elif self._is_over:
            self._lingered += len(data)
            if self._lingered > MAX_LINGERED:
                self._transport.abort()
        else:
            self._waiting += data
            if len(self._waiting) > MAX_WAITING:
                self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Let a client that is done sending wait for its answer."""
        # A client may say that it is done sending and still wait for its answer.
        self._is_half_closed = True
        return self._task is not None

    def pause_writing(self) -> None:
        """Read nothing more from a client that does not take its answers."""
        # The client sends requests and does not take the answers. Nothing more is read until it does.
        self._is_choked = True
        self.deadline = self._server.now + self._limits.write_seconds
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Read on."""
        self._is_choked = False
        if not self._is_over:
            self.deadline = self._server.now + self._limits.idle_seconds
            self._resume()

    # What the server calls.

    def expire(self) -> None:
        """End a connection whose patience has ended; a client in the middle of a request is told."""
        if self._is_over or self._is_choked or self._reader.phase == "between":
            self.abort()
        else:
            self._say_goodbye(_TOO_SLOW)

    def stop(self) -> None:
        """End the connection, at once unless an answer is under way."""
        if self._task is None:
            self._is_over = True
            self._transport.close()

    def abort(self) -> None:
        """End the connection whatever is under way."""
        self._is_over = True
        self._transport.abort()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is held back."""
        return self._task is not None

    # The work.

    def _read(self, data: bytes) -> None:
        before = self._reader.phase
        self._events.extend(self._reader.feed(data))
        self._work()
        after = self._reader.phase
        if after != before and self._task is None and not self._is_over:
            if after == "body":
                self.deadline = self._server.now + self._limits.body_seconds
            elif after == "head":
                self.deadline = self._server.now + self._limits.head_seconds

    def _work(self) -> None:
        while self._events and self._is_idle:
            event = self._events.popleft()
            if isinstance(event, Message):
                self._answer(event)
            elif isinstance(event, Broken):
                self._say_goodbye(Reply.of_json(event.status, error_response(event.text)))
            else:
                self._transport.write(_CONTINUE)

    def _answer(self, message: Message) -> None:
        head = message.head
        if self._is_one_too_many:
            self._say_goodbye(_TOO_MANY)
            return
        try:
            reply = head.refusal or self._handle(message.request)
            if head.origin is not None:
                reply = shared(reply, head.origin)
            stays = head.stays and message.is_whole and reply.status >= 200 and not self._server.is_stopping
            connection = "" if stays and not head.is_old else "keep-alive" if stays else "close"
            above, content = written(reply, self._server.date, connection)
        except Exception as error:
            # `Mock.handle` answers whatever comes. This is for what a handler or a reply has against it that
            # nobody thought of: no traceback on the wire, and no text of an error, which may quote a key.
            _log.error("novapost-mock failed to answer: %s", type(error).__name__)
            self._say_goodbye(_FAILED)
            return
        if not message.is_whole:
            self._say_goodbye(reply)
            return
        if reply.delivery is not None:
            self.deadline = float("inf")
            work = self._deliver(reply.delivery, above, content, stays)
            self._task = self._server.loop.create_task(work)
            return
        self._transport.write(above + content)
        if stays:
            self.deadline = self._server.now + self._limits.idle_seconds
        else:
            self._end()

    async def _deliver(self, how: Delivery, above: bytes, content: bytes, stays: bool) -> None:
        stays = await deliver(self._transport, above, content, how) and stays
        self._task = None
        if self._is_over:
            return
        if stays:
            self.deadline = self._server.now + self._limits.idle_seconds
            self._resume()
        else:
            self._end()

    def _resume(self) -> None:
        """Go on with what came in the meantime."""
        self._work()
        if self._is_idle and self._waiting:
            waiting = bytes(self._waiting)
            self._waiting.clear()
            self._read(waiting)
        if self._is_idle:
            if self._is_half_closed:
                self._end()
            elif not self._transport.is_reading():
                self._transport.resume_reading()

    @property
    def _is_idle(self) -> bool:
        return self._task is None and not self._is_over and not self._is_choked

    def _end(self) -> None:
        """Close in good order: what was written still goes out."""
        self._is_over = True
        self._transport.close()

    def _say_goodbye(self, reply: Reply) -> None:
        """Answer while the client may still be sending; take what it sends for a moment and drop it."""
        above, content = written(reply, self._server.date, "close")
        self._is_over = True
        self._events.clear()
        self._transport.write(above + content)
        self.deadline = self._server.now + self._limits.linger_seconds
        if self._is_half_closed or not self._transport.can_write_eof():
            self._transport.close()
        else:
            self._transport.write_eof()
