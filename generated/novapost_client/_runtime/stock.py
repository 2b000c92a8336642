# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The connections of a pool: which are kept, which are lent, which are to be closed. No waiting, no locks."""

from collections.abc import Callable
from typing import Generic, TypeVar

import httpcore

from .gate import Place
from .network import AsyncNetwork, Network


class Line:
    """A connection, the socket below it, where it leads, and whether no answer has come on it yet."""

    __slots__ = ("connection", "is_new", "network", "origin")

    def __init__(
        self, connection: httpcore.ConnectionInterface, network: Network, origin: httpcore.Origin
    ) -> None:
        self.connection = connection
        self.network = network
        self.origin = origin
        self.is_new = True

    def close(self) -> None:
        """Close it, in whatever state it is."""
        try:
            self.connection.close()
        finally:
            self.network.close()


class AsyncLine:
    """As `Line`, of an event loop."""

    __slots__ = ("connection", "is_new", "network", "origin")

    def __init__(
        self, connection: httpcore.AsyncConnectionInterface, network: AsyncNetwork, origin: httpcore.Origin
    ) -> None:
        self.connection = connection
        self.network = network
        self.origin = origin
        self.is_new = True

    async def aclose(self) -> None:
        """Close it, in whatever state it is."""
        try:
            await self.connection.aclose()
        finally:
            await self.network.aclose()


L = TypeVar("L", bound=Line | AsyncLine)


class Stock(Generic[L]):
    """The connections of one pool.

    Args:
        connect: makes an unopened connection to an origin.
        kept: how many are kept idle.
        look: whether an idle connection has to be looked at before it is lent; with HTTP/1.1 and without TLS
            httpcore does.
    """

    def __init__(self, connect: Callable[[httpcore.Origin], L], kept: int, *, look: bool) -> None:
        self._connect = connect
        self._kept = kept
        self._look = look
        self.idle: list[L] = []
        self.used: set[L] = set()

    def take(self, origin: httpcore.Origin, place: Place | None = None) -> tuple[L, list[L]]:
        """Return a connection to an origin, and those that are to be closed.

        `place` is told which it is before anything else happens.
        """
        closing: list[L] = []
        # Of those that nobody needs at this pace, the oldest; one look is enough, for there will be others.
        if len(self.idle) > 1 and self._is_over(self.idle[0]):
            closing.append(self.idle.pop(0))
        for index in range(len(self.idle) - 1, -1, -1):
            line = self.idle[index]
            if line.origin == origin:
                del self.idle[index]
                if not self._is_over(line):
                    break
                closing.append(line)
        else:
            line = self._connect(origin)
        if place is not None:
            place.use = line
        self.used.add(line)
        return line, closing

    def _is_over(self, line: L) -> bool:
        if not self._is_fit(line) or line.connection.has_expired():
            return True
        # Nothing is due on an idle connection: what can be read is its end.
        return self._look and line.network.is_readable

    def _is_fit(self, line: L) -> bool:
        connection = line.connection
        # One that never was connected calls itself idle as well as closed; one with HTTP/2 on which a wait
        # ran out of time calls itself idle as well, and not available.
        if connection.is_closed() or not connection.is_idle():
            return False
        return not self._look or connection.is_available()

    def give_back(self, line: L, *, whole: bool, wanted: bool) -> L | None:
        """Take a connection back, and return it if it has to be closed.

        Args:
            line: the connection.
            whole: the answer on it was read to its end.
            wanted: somebody waits for a connection, so that it is kept in any case.
        """
        self.used.discard(line)
        kept = whole and (wanted or len(self.idle) < self._kept) and self._is_fit(line)
        if kept and not _holds_more(line.connection):
            line.is_new = False
            self.idle.append(line)
            return None
        return line

    def empty(self) -> list[L]:
        """Forget all connections, and return them, for they are to be closed."""
        lines = [*self.idle, *self.used]
        self.idle, self.used = [], set()
        return lines


def _holds_more(connection: object) -> bool:
    """Return whether something came behind the answer, which would be taken for the next one.

    httpcore keeps it within h11's state machine; these attributes have had their names since 0.13. Should
    they go, the test of this module says so.
    """
    while (inner := getattr(connection, "_connection", None)) is not None:
        connection = inner
    state = getattr(connection, "_h11_state", None)
    return state is not None and bool(state.trailing_data[0])
