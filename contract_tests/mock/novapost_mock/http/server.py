"""The HTTP server of the mock: a listener, its connections, their limits, and an orderly end.

Why a protocol of our own over httptools, and no server that exists. A fault wants the wire: a reset inside a
body, a body that ends too early, bytes that are no HTTP. ASGI, RSGI and WSGI have no words for that, and
granian keeps the socket where Python cannot reach it. Every call into an application through ASGI or RSGI
costs an event loop task or more: with rules, state and journal our own protocol over httptools and uvloop
answers as many requests a second as bare applications on granian and uvicorn do, or more (`make bench`
measures all three). What is hard and dangerous in a server, the parser, is llhttp's; what is left is limits
and order, in `reader`, `connection` and here.
"""

import asyncio
import contextlib
import email.utils
import gc
import logging
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from novapost_mock.http.connection import Connection
from novapost_mock.http.event_loop import run
from novapost_mock.http.limits import Limits
from novapost_mock.http.parser import Admission, Heads
from novapost_mock.messages import Reply, Request

_log = logging.getLogger("novapost_mock")

SWEEP_SECONDS = 0.25
"""How often connections are looked at that wait for too long; deadlines are kept to so much."""

STOP_SECONDS = 0.7
"""How long answers that are held back may take when the server stops."""


def _nothing() -> None:
    """No-op callback."""


class Server:
    """A mock on a listening socket.

    Attributes:
        now: a clock that moves with each sweep; what deadlines are told in.
        date: the `Date` line of the current second.
    """

    def __init__(
        self,
        handle: Callable[[Request], Reply],
        admission: Admission,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Build a server that does nothing yet.

        Args:
            handle: what answers, such as `Mock.handle`; one request after the other, on the event loop.
            admission: who is let in.
            limits: the usual ones unless given.
            tls: with which connections are secured; plain HTTP without.
        """
        self.handle = handle
        self.limits = limits or Limits()
        self.heads = Heads(admission)
        self._tls = tls
        self.now = time.monotonic()
        self.date = b""
        self.is_stopping = False
        self.loop: asyncio.AbstractEventLoop
        self._stopped: asyncio.Event
        self._connections: set[Connection] = set()

    async def run(self, listener: socket.socket, started: Callable[[], None] = _nothing) -> None:
        """Serve until `stop` is called.

        Args:
            listener: bound and listening; closed at the end.
            started: called once connections are accepted.
        """
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(_log_failure)
        self._stopped = asyncio.Event()
        self._tick()
        server = await self.loop.create_server(lambda: Connection(self), sock=listener, ssl=self._tls)
        sweeper = self.loop.create_task(self._sweep())
        started()
        if not self.is_stopping:
            await self._stopped.wait()
        # First no more are accepted, then those under way arrive, then the listener closes: the other way
        # round asyncio drops a connection that it has just accepted without closing it. uvloop accepts until
        # the listener closes, and what it accepted last arrives after that.
        with contextlib.suppress(NotImplementedError):  # Windows' loop has no readers
            self.loop.remove_reader(listener)
        await _turn()
        server.close()
        await _turn()
        for connection in tuple(self._connections):
            connection.stop()
        until = time.monotonic() + STOP_SECONDS
        while any(connection.is_busy for connection in self._connections) and time.monotonic() < until:
            await asyncio.sleep(0.02)
        for connection in tuple(self._connections):
            connection.abort()
        sweeper.cancel()
        await _turn()

    def stop(self) -> None:
        """End `run`; to be called on its loop, or before it has one."""
        self.is_stopping = True
        if hasattr(self, "_stopped"):
            self._stopped.set()

    def admit(self, connection: Connection) -> int:
        """Note a connection and return how many there are."""
        self._connections.add(connection)
        return len(self._connections)

    def forget(self, connection: Connection) -> None:
        """Note that a connection is gone."""
        self._connections.discard(connection)

    def _tick(self) -> None:
        self.now = time.monotonic()
        self.date = f"Date: {email.utils.formatdate(usegmt=True)}\r\n".encode("ascii")

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self._tick()
            for connection in [each for each in self._connections if each.deadline < self.now]:
                connection.expire()


async def _turn() -> None:
    # Connections that are being accepted, or are gone, need a few turns of the loop until they are told.
    for _ in range(5):
        await asyncio.sleep(0)


def _log_failure(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # In place of a traceback, whose text may quote a request.
    error = context.get("exception")
    what = type(error).__name__ if error is not None else "no exception"
    _log.error("novapost-mock failed: %s: %s", what, context.get("message"))


def serve(server: Server, listener: socket.socket, started: Callable[[], None]) -> None:
    """Run a server until SIGINT or SIGTERM. See `Server.run`."""
    loop: asyncio.AbstractEventLoop | None = None

    def stop(_: int, __: FrameType | None) -> None:
        if loop is None:
            server.stop()
        else:
            loop.call_soon_threadsafe(server.stop)

    # In place before the loop is, so that a signal during the start counts too.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)

    async def main() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, server.stop)
        await server.run(listener, started)

    # What has been loaded stays; the collector need not walk through it again and again.
    gc.collect()
    gc.freeze()
    run(main())
