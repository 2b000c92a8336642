"""The place where calls wait for a connection: in front of the pool, in their order, and not for ever.

httpcore's own pool lets calls wait within, and looks at all that wait and at all connections whenever one
comes or goes. With hundreds of calls that takes so long that connections time out meanwhile.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

Late = Callable[[str], Exception]


def _late(late: Late, places: int, timeout: float | None) -> Exception:
    within = "" if timeout is None else f" within {timeout:.3g} s"
    return late(f"no connection was free{within}, all {places} are in use")


class Place:
    """A place at a gate of threads, with what is used there.

    An exception can come to a thread between any two of its steps: KeyboardInterrupt, or one that another
    thread sends. So `taken` is set in the same step as the place is counted, and a place that is dropped
    before it was left is found among the lost ones.
    """

    __slots__ = ("_lost", "taken", "use")

    def __init__(self, lost: "deque[Any]") -> None:
        self._lost = lost
        self.taken = False
        self.use: Any = None

    def __del__(self) -> None:
        # No lock may be taken here: this can run in the middle of anything.
        if self.taken or self.use is not None:
            self._lost.append((self.taken, self.use))


class Gate:
    """Lets a number of threads pass at a time. Every `enter` that returns needs one `leave`."""

    def __init__(self, places: int, late: Late = TimeoutError) -> None:
        self.places = places
        self._late = late
        self._lock = threading.Lock()
        self._free = places
        self._waiting: deque[threading.Lock] = deque()

    @property
    def inside(self) -> int:
        """Return how many have passed and not left."""
        return self.places - self._free

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    @property
    def is_waited_for(self) -> bool:
        """Return whether somebody waits."""
        return bool(self._waiting)

    def enter(self, timeout: float | None, place: Place | None = None) -> None:
        """Take a place, or wait for one at most `timeout` seconds.

        `place` is told that it is taken.

        Raises:
            TimeoutError, or what `late` makes: none was free in time.
        """
        with self._lock:
            if self._free:  # then nobody waits: whoever leaves gives the place on
                self._free -= 1
                if place is not None:
                    place.taken = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        given = False
        try:
            given = ticket.acquire(timeout=-1 if timeout is None else min(timeout, threading.TIMEOUT_MAX))
            if given and place is not None:
                place.taken = True
        finally:
            if not given:
                self._withdraw(ticket)
        if not given:
            raise _late(self._late, self.places, timeout)

    def _withdraw(self, ticket: threading.Lock) -> None:
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                return
        # A place was given in the very moment in which nobody waited for it any more.
        self.leave()

    def leave(self, place: Place | None = None) -> None:
        """Give the place to whoever has waited longest."""
        with self._lock:
            if place is not None:
                place.taken = False
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


class AsyncGate:
    """The same for the tasks of one event loop."""

    def __init__(self, places: int, late: Late = TimeoutError) -> None:
        self.places = places
        self._late = late
        self._free = places
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def inside(self) -> int:
        """Return how many have passed and not left."""
        return self.places - self._free

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return sum(not one.done() for one in self._waiting)

    @property
    def is_waited_for(self) -> bool:
        """Return whether somebody waits, or did a moment ago."""
        return bool(self._waiting)

    async def enter(self, timeout: float | None) -> None:
        """Take a place, or wait for one at most `timeout` seconds.

        Raises:
            TimeoutError, or what `late` makes: none was free in time.
        """
        if self._free:  # then nobody waits: whoever leaves gives the place on
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        ticket: asyncio.Future[None] = loop.create_future()
        self._waiting.append(ticket)
        timer = None if timeout is None else loop.call_later(timeout, self._expire, ticket, timeout)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled() and ticket.exception() is None:
                # The place was given, and the caller was cancelled before it could take it.
                self.leave()
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def _expire(self, ticket: "asyncio.Future[None]", timeout: float) -> None:
        if not ticket.done():
            ticket.set_exception(_late(self._late, self.places, timeout))

    def leave(self) -> None:
        """Give the place to whoever has waited longest and still does."""
        while self._waiting:
            ticket = self._waiting.popleft()
            if not ticket.done():
                ticket.set_result(None)
                return
        self._free += 1


class Turns:
    """Let no more calls into somebody else's pools than they have connections.

    A call that waits within httpcore's pool and runs out of time in the moment in which it is given a
    connection takes that along (1.0.9). So nobody waits there: calls wait here, as in front of our own pool.
    """

    def __init__(self, places: int, late: Late) -> None:
        self._places = places
        self._late = late
        self._threads = Gate(places, late)
        self._loops: dict[asyncio.AbstractEventLoop, AsyncGate] = {}

    @property
    def threads(self) -> Gate:
        """Return the gate of threads."""
        return self._threads

    @property
    def tasks(self) -> AsyncGate:
        """Return the gate of the event loop that runs."""
        loop = asyncio.get_running_loop()
        if loop not in self._loops:
            self._loops = {one: gate for one, gate in self._loops.items() if not one.is_closed()}
            self._loops[loop] = AsyncGate(self._places, self._late)
        return self._loops[loop]
