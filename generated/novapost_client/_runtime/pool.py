# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Connections that are kept and lent out, one call at a time, over httpcore's own connections.

Why not httpcore's pool (1.0.9): a call that is cancelled between the moment in which it is given a new
connection and the moment in which that has begun to work leaves it neither idle nor closed, so that its slot
is gone for good; our own deadline cancels calls. Here a slot is a place at the gate, and whatever ends a
call gives it back, before anything is awaited. The connections, proxies and TLS are httpcore's, by its
public classes. What is lent is the call's alone; only with HTTP/2 do calls share a connection.
"""

import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, MutableMapping
from typing import Any, Generic, Protocol, TypeVar

import httpcore

from .gate import SENT, AsyncGate, Gate


class Reusable(Protocol):
    """What httpcore's connections of both kinds tell of themselves."""

    def is_available(self) -> bool:
        """Return whether a further request can be sent now."""
        ...

    def is_closed(self) -> bool:
        """Return whether it is over."""
        ...

    def has_expired(self) -> bool:
        """Return whether it was idle too long, or the other side has closed it."""
        ...

    def is_idle(self) -> bool:
        """Return whether it is open and nobody uses it."""
        ...


C = TypeVar("C", bound=Reusable)


class Line(Generic[C]):
    """A connection, where it leads, and how many calls use it."""

    __slots__ = ("connection", "origin", "users")

    def __init__(self, connection: C, origin: httpcore.Origin) -> None:
        self.connection = connection
        self.origin = origin
        self.users = 1


class Stock(Generic[C]):
    """The connections of one pool: which are kept, which are shared, which have to be closed. No I/O.

    `connect` makes an unopened connection to an origin, `kept` is how many are kept idle.
    """

    def __init__(self, connect: Callable[[httpcore.Origin], C], kept: int, *, shared: bool) -> None:
        self._connect = connect
        self._kept = kept
        self._shared = shared
        self.idle: list[Line[C]] = []
        self.used: set[Line[C]] = set()

    def take(self, origin: httpcore.Origin) -> tuple[Line[C], list[C]]:
        """Return a connection to an origin, and those that are to be closed."""
        closing: list[C] = []
        if self._shared:
            for line in self.used:
                if line.origin == origin and line.connection.is_available():
                    line.users += 1
                    return line, closing
        # Of those that nobody needs at this pace, the oldest; one look is enough, for there will be others.
        if len(self.idle) > 1 and _is_spent(self.idle[0].connection):
            closing.append(self.idle.pop(0).connection)
        for index in range(len(self.idle) - 1, -1, -1):
            line = self.idle[index]
            if line.origin == origin:
                del self.idle[index]
                if not _is_spent(line.connection):
                    line.users = 1
                    self.used.add(line)
                    return line, closing
                closing.append(line.connection)
        line = Line(self._connect(origin), origin)
        self.used.add(line)
        return line, closing

    def give_back(self, line: Line[C], *, wanted: bool) -> C | None:
        """End one use of a connection, and return it if it has to be closed.

        `wanted` says that somebody waits for a connection, so that it is kept in any case.
        """
        line.users -= 1
        if line.users > 0:
            return None
        self.used.discard(line)
        # One that never was connected calls itself idle as well as closed.
        whole = line.connection.is_idle() and not line.connection.is_closed()
        if whole and (wanted or len(self.idle) < self._kept):
            self.idle.append(line)
            return None
        return line.connection

    def empty(self) -> list[C]:
        """Forget all connections, and return those that are to be closed."""
        lines = [*self.idle, *self.used]
        self.idle, self.used = [], set()
        return [line.connection for line in lines]


def _is_spent(connection: Reusable) -> bool:
    return connection.is_closed() or connection.has_expired() or not connection.is_idle()


def _extensions(message: Any) -> MutableMapping[str, Any]:
    # httpcore leaves open of what they are.
    extensions: MutableMapping[str, Any] = message.extensions
    return extensions


def _pool_timeout(extensions: Mapping[str, Any]) -> float | None:
    seconds: float | None = extensions.get("timeout", {}).get("pool")
    return seconds


class Pool:
    """The pool of threads. `handle_request` and `close` are what httpx.HTTPTransport asks of one."""

    def __init__(self, stock: Stock[httpcore.ConnectionInterface], gate: Gate) -> None:
        self._stock = stock
        self._gate = gate
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return _shown(self._stock, self._gate)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request as soon as there is a place for it.

        Raises:
            httpcore.PoolTimeout: there was none in time.
        """
        extensions = _extensions(request)
        self._gate.enter(_pool_timeout(extensions))
        line: Line[httpcore.ConnectionInterface] | None = None
        try:
            extensions[SENT] = True
            while True:
                with self._lock:
                    line, closing = self._stock.take(request.url.origin)
                for connection in closing:
                    connection.close()
                try:
                    response = line.connection.handle_request(request)
                    break
                except httpcore.ConnectionNotAvailable:
                    taken, line = line, None
                    if (spent := self._give_back(taken)) is not None:
                        spent.close()
        except BaseException:
            self.done(line)
            raise
        return httpcore.Response(
            response.status,
            headers=response.headers,
            content=_Body(self, line, response.stream),
            extensions=_extensions(response),
        )

    def _give_back(self, line: Line[httpcore.ConnectionInterface]) -> httpcore.ConnectionInterface | None:
        with self._lock:
            return self._stock.give_back(line, wanted=self._gate.is_waited_for)

    def done(self, line: Line[httpcore.ConnectionInterface] | None) -> None:
        """Take back a connection whose answer was read or given up, and the place."""
        closing = self._give_back(line) if line is not None else None
        self._gate.leave()
        if closing is not None:
            closing.close()

    def close(self) -> None:
        """Close all connections, also those in use."""
        with self._lock:
            closing = self._stock.empty()
        for connection in closing:
            connection.close()


class _Body:
    """The body of an answer, which holds a connection until it is closed."""

    def __init__(self, pool: Pool, line: Line[httpcore.ConnectionInterface], stream: Any) -> None:
        self._pool = pool
        self._line = line
        self._stream = stream
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        parts: Iterator[bytes] = iter(self._stream)
        return parts

    def close(self) -> None:
        """Give the connection back; it is kept if the body was read to its end."""
        if not self._closed:
            self._closed = True
            try:
                self._stream.close()
            finally:
                self._pool.done(self._line)


class AsyncPool:
    """The pool of one event loop."""

    def __init__(self, stock: Stock[httpcore.AsyncConnectionInterface], gate: AsyncGate) -> None:
        self._stock = stock
        self._gate = gate

    def __repr__(self) -> str:
        return _shown(self._stock, self._gate)

    async def __aenter__(self) -> "AsyncPool":
        return self

    async def __aexit__(self, *ignored: object) -> None:
        await self.aclose()

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request as soon as there is a place for it.

        Raises:
            httpcore.PoolTimeout: there was no place in time.
        """
        extensions = _extensions(request)
        await self._gate.enter(_pool_timeout(extensions))
        line: Line[httpcore.AsyncConnectionInterface] | None = None
        try:
            extensions[SENT] = True
            while True:
                line, closing = self._stock.take(request.url.origin)
                for connection in closing:
                    await connection.aclose()
                try:
                    response = await line.connection.handle_async_request(request)
                    break
                except httpcore.ConnectionNotAvailable:
                    taken, line = line, None
                    if (spent := self._give_back(taken)) is not None:
                        await spent.aclose()
        except BaseException:
            await self.done(line)
            raise
        return httpcore.Response(
            response.status,
            headers=response.headers,
            content=_AsyncBody(self, line, response.stream),
            extensions=_extensions(response),
        )

    def _give_back(
        self, line: Line[httpcore.AsyncConnectionInterface]
    ) -> httpcore.AsyncConnectionInterface | None:
        return self._stock.give_back(line, wanted=self._gate.is_waited_for)

    async def done(self, line: Line[httpcore.AsyncConnectionInterface] | None) -> None:
        """Take back a connection whose answer was read or given up, and the place."""
        # Nothing is awaited until both are back: whoever is cancelled here has left no trace.
        closing = self._give_back(line) if line is not None else None
        self._gate.leave()
        if closing is not None:
            await closing.aclose()

    async def aclose(self) -> None:
        """Close all connections, also those in use."""
        for connection in self._stock.empty():
            await connection.aclose()


class _AsyncBody:
    """As `_Body`."""

    def __init__(self, pool: AsyncPool, line: Line[httpcore.AsyncConnectionInterface], stream: Any) -> None:
        self._pool = pool
        self._line = line
        self._stream = stream
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        parts: AsyncIterator[bytes] = self._stream.__aiter__()
        return parts

    async def aclose(self) -> None:
        """Give the connection back; it is kept if the body was read to its end."""
        if not self._closed:
            self._closed = True
            try:
                await self._stream.aclose()
            finally:
                await self._pool.done(self._line)


def _shown(stock: Stock[Any], gate: Gate | AsyncGate) -> str:
    return (
        f"<pool: {gate.inside} of {gate.places} in use, {gate.waiting} waiting, "
        f"{len(stock.idle)} kept, {len(stock.used)} busy>"
    )
