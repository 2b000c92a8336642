"""One deadline for a whole call, held against every single wait for the network.

httpx' time-outs hold for one wait each. A server that sends a byte before each of them runs out keeps a
caller for ever. httpx has no place for a total, so the connections have a network backend of their own,
which httpcore's connections take as an argument: before each wait, its time-out is cut to what is left of
the call that runs at that moment.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar

import httpx

Clock = Callable[[], float]

DEADLINE_PASSED = "the call took longer than its deadline"

# The deadline of the call that runs now, as a value of time.monotonic(), or None for no end.
_NOW: ContextVar["Deadline | None"] = ContextVar("deadline", default=None)


class Deadline:
    """The moment at which a call must be over, or none, and the bounds of its single waits."""

    __slots__ = ("_clock", "_end", "_phases")

    def __init__(
        self, seconds: float | None, clock: Clock = time.monotonic, phases: httpx.Timeout | None = None
    ) -> None:
        self._clock = clock
        self._phases = phases
        self._end = None if seconds is None else clock() + seconds
        outer = _NOW.get()
        # A call within a call, such as the one for a token, has no more time than the outer one.
        if outer is not None and outer._end is not None:
            self._end = outer._end if self._end is None else min(self._end, outer._end)

    def left(self) -> float | None:
        """Return the seconds that are left, not below zero; None without an end."""
        return None if self._end is None else max(0.0, self._end - self._clock())

    def cut(self, seconds: float | None) -> float | None:
        """Return a time-out, cut to what is left."""
        left = self.left()
        if left is None:
            return seconds
        return left if seconds is None else min(seconds, left)

    def waits(self) -> dict[str, float | None]:
        """Return the bounds of the waits of one request, as httpx has them, cut to what is left."""
        phases = self._phases.as_dict() if self._phases is not None else dict.fromkeys(_PHASES)
        left = self.left()
        if left is None:
            return dict(phases.items())
        return {name: left if phase is None else min(phase, left) for name, phase in phases.items()}


_PHASES = ("connect", "read", "write", "pool")


def left_now(at_most: float) -> float:
    """Return the seconds that are left of the call that runs now, and not more than `at_most`."""
    deadline = _NOW.get()
    left = None if deadline is None else deadline.left()
    return at_most if left is None else min(at_most, left)


class holding:  # noqa: N801 - reads as what it does: `with holding(deadline):`
    """While the block runs, every wait of our connections keeps to this deadline."""

    __slots__ = ("_deadline", "_token")

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __enter__(self) -> None:
        self._token = _NOW.set(self._deadline)

    def __exit__(self, *ignored: object) -> None:
        _NOW.reset(self._token)


def running() -> Deadline | None:
    """Return the deadline of the call that runs now."""
    return _NOW.get()
