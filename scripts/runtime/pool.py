"""Connections that are kept and lent out, one call at a time, over httpcore's own connections.

Why not httpcore's pool (1.0.9): a call that is cancelled between the moment in which it is given a new
connection and the moment in which that has begun to work leaves it neither idle nor closed, so that its slot
is gone for good; our own deadline cancels calls. Here a slot is a place at the gate, and whatever ends a
call gives it back, before anything is awaited. The connections, proxies and TLS are httpcore's, by its
public classes.

A connection is lent to one call at a time with HTTP/2, too. httpcore lets calls share one, and then the call
that is abandoned harms those beside it: its time-out becomes theirs, its stream is never reset and counts
against the server's limit for ever, and a thread that waits for another one's read does not see its deadline.
For the same reason a connection is kept only if the answer on it was read to its end.
"""

import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from typing import Any

import httpcore

from .gate import AsyncGate, Gate, Place
from .progress import begin
from .stock import AsyncLine, Line, Stock


def _extensions(message: Any) -> MutableMapping[str, Any]:
    # httpcore leaves open of what they are.
    extensions: MutableMapping[str, Any] = message.extensions
    return extensions


def _pool_timeout(extensions: Mapping[str, Any]) -> float | None:
    seconds: float | None = extensions.get("timeout", {}).get("pool")
    return seconds


class Pool:
    """The pool of threads. `handle_request` and `close` are what httpx.HTTPTransport asks of one."""

    def __init__(self, stock: Stock[Line], gate: Gate) -> None:
        self._stock = stock
        self._gate = gate
        self._lock = threading.Lock()
        self._lost: deque[tuple[bool, Line | None]] = deque()

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
        if self._lost:
            self._find_lost()
        place = Place(self._lost)
        self._gate.enter(_pool_timeout(extensions), place)
        try:
            while True:
                with self._lock:
                    line, closing = self._stock.take(request.url.origin, place)
                begin(extensions, is_new=line.is_new, tasks=False)
                for over in closing:
                    over.close()
                try:
                    response = line.connection.handle_request(request)
                    break
                except httpcore.ConnectionNotAvailable:
                    # It was said good-bye to with HTTP/2, and this request never was on it.
                    self._take_back(place, whole=False)
        except BaseException:
            self.done(place, whole=False)
            raise
        return httpcore.Response(
            response.status,
            headers=response.headers,
            content=_Body(self, place, response.stream),
            extensions=_extensions(response),
        )

    def _take_back(self, place: Place, *, whole: bool) -> None:
        with self._lock:
            line: Line | None = place.use
            wanted = self._gate.is_waited_for
            over = None if line is None else self._stock.give_back(line, whole=whole, wanted=wanted)
            place.use = None
        if over is not None:
            over.close()

    def _find_lost(self) -> None:
        """Take back the places that were dropped."""
        while self._lost:
            try:
                taken, line = self._lost.popleft()
            except IndexError:
                return
            place = Place(self._lost)
            place.taken, place.use = taken, line
            self._end(place, whole=False)

    def done(self, place: Place, *, whole: bool) -> None:
        """Take back a place and the connection on it, whose answer was read or given up."""
        self._end(place, whole=whole)
        if self._lost:
            # Those that wait at the gate have looked for them already.
            self._find_lost()

    def _end(self, place: Place, *, whole: bool) -> None:
        try:
            self._take_back(place, whole=whole)
        finally:
            if place.taken:
                self._gate.leave(place)

    def close(self) -> None:
        """Close all connections, also those in use."""
        with self._lock:
            closing = self._stock.empty()
        for line in closing:
            line.close()


class _Body:
    """The body of an answer, which holds a connection until it is closed."""

    def __init__(self, pool: Pool, place: Place, stream: Any) -> None:
        self._pool = pool
        self._place = place
        self._stream = stream
        self._closed = False
        self._whole = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream
        self._whole = True

    def close(self) -> None:
        """Give the connection back; it is kept if the body was read to its end."""
        if not self._closed:
            self._closed = True
            try:
                self._stream.close()
            finally:
                self._pool.done(self._place, whole=self._whole)


class AsyncPool:
    """The pool of one event loop."""

    def __init__(self, stock: Stock[AsyncLine], gate: AsyncGate) -> None:
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
        line: AsyncLine | None = None
        try:
            while True:
                line, closing = self._stock.take(request.url.origin)
                begin(extensions, is_new=line.is_new, tasks=True)
                for over in closing:
                    await over.aclose()
                try:
                    response = await line.connection.handle_async_request(request)
                    break
                except httpcore.ConnectionNotAvailable:
                    # It was said good-bye to with HTTP/2, and this request never was on it.
                    spent, line = line, None
                    self._give_back(spent, whole=False)
                    await spent.aclose()
        except BaseException:
            await self.done(line, whole=False)
            raise
        return httpcore.Response(
            response.status,
            headers=response.headers,
            content=_AsyncBody(self, line, response.stream),
            extensions=_extensions(response),
        )

    def _give_back(self, line: AsyncLine, *, whole: bool) -> AsyncLine | None:
        return self._stock.give_back(line, whole=whole, wanted=self._gate.is_waited_for)

    async def done(self, line: AsyncLine | None, *, whole: bool) -> None:
        """Take back a connection whose answer was read or given up, and the place."""
        # Nothing is awaited until both are back: whoever is cancelled here has left no trace.
        closing = self._give_back(line, whole=whole) if line is not None else None
        self._gate.leave()
        if closing is not None:
            await closing.aclose()

    async def aclose(self) -> None:
        """Close all connections, also those in use."""
        for line in self._stock.empty():
            await line.aclose()


class _AsyncBody:
    """As `_Body`."""

    def __init__(self, pool: AsyncPool, line: AsyncLine, stream: Any) -> None:
        self._pool = pool
        self._line = line
        self._stream = stream
        self._closed = False
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part
        self._whole = True

    async def aclose(self) -> None:
        """Give the connection back; it is kept if the body was read to its end."""
        if not self._closed:
            self._closed = True
            try:
                await self._stream.aclose()
            finally:
                await self._pool.done(self._line, whole=self._whole)


def _shown(stock: Stock[Any], gate: Gate | AsyncGate) -> str:
    return (
        f"<pool: {gate.inside} of {gate.places} in use, {gate.waiting} waiting, "
        f"{len(stock.idle)} kept, {len(stock.used)} busy>"
    )
