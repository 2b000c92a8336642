# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Decide when a call is repeated, and after how long.

This is our own code and not a library's. The base install contains only httpx, attrs and their needs. httpx
itself repeats only failed connections, without waiting (`HTTPTransport(retries=)`). Libraries that wrap its
transport know neither which operation is safe to repeat nor the time that is left for the whole call.
"""

import asyncio
import email.utils
import random
import time
from collections.abc import Awaitable, Callable

from .checks import seconds, whole_number
from .errors import UsageError
from .values import is_several

# RFC 9110, section 9.2.2: to repeat these does no more than to do them once.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
STATUSES = frozenset({408, 429, 502, 503, 504})


_LONGEST = 2**31


class Retry:
    """How often and how fast a call is repeated. Several clients can share the object; it keeps no state.

    Idempotent calls (GET, HEAD, PUT, DELETE, OPTIONS, TRACE) are repeated after a failed connection, a
    time-out, and the statuses 408, 429, 502, 503 and 504. Other calls, such as POST, are repeated only if the
    request certainly was not sent. A repetition begins only if it can end before the call's deadline.

    Attributes:
        attempts: the largest number of attempts, the first one included; 1 switches repetitions off.
        first_wait: seconds before the first repetition. The wait doubles with each repetition. Each wait is
            a random time between half of this value and all of it, so that many clients do not repeat
            their calls at the same moment.
        longest_wait: the longest of these waits, in seconds.
        longest_retry_after: the longest Retry-After for which the client waits, in seconds. If the server
            asks for more, the client raises the error at once, with `retry_after`.
        statuses: the statuses after which a call is repeated.
        random: returns random numbers from 0 to 1.
        sleep: waits for a number of seconds; a test can replace it, so that it need not wait.
        async_sleep: the same for async calls.
    """

    __slots__ = (
        "_random",
        "async_sleep",
        "attempts",
        "first_wait",
        "longest_retry_after",
        "longest_wait",
        "sleep",
        "statuses",
    )

    def __init__(
        self,
        attempts: int = 3,
        *,
        first_wait: float = 0.5,
        longest_wait: float = 8.0,
        longest_retry_after: float = 20.0,
        statuses: frozenset[int] = STATUSES,
        random: Callable[[], float] = random.random,
        sleep: Callable[[float], object] = time.sleep,
        async_sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.attempts = max(1, whole_number("Retry(attempts)", attempts, 0))
        self.first_wait = seconds("Retry(first_wait)", first_wait)
        self.longest_wait = seconds("Retry(longest_wait)", longest_wait)
        self.longest_retry_after = seconds("Retry(longest_retry_after)", longest_retry_after)
        self.statuses = _statuses(statuses)
        if not (callable(random) and callable(sleep) and callable(async_sleep)):
            raise UsageError("Retry(random, sleep, async_sleep) take functions")
        self._random = random
        self.sleep = sleep
        self.async_sleep = async_sleep

    def after_failure(self, method: str, attempt: int, *, sent: bool) -> float | None:
        """Return the seconds to wait after attempt `attempt` (from 1) got no answer, or None to give up."""
        if attempt >= self.attempts or (sent and method not in IDEMPOTENT):
            return None
        return self._backoff(attempt)

    def after_status(self, method: str, attempt: int, status: int, retry_after: float | None) -> float | None:
        """Return the seconds to wait after attempt `attempt` was answered `status`, or None to give up."""
        if attempt >= self.attempts or status not in self.statuses or method not in IDEMPOTENT:
            return None
        if retry_after is None:
            return self._backoff(attempt)
        if retry_after > self.longest_retry_after:
            return None
        return max(retry_after, 0.0)

    def _backoff(self, attempt: int) -> float:
        whole = min(self.longest_wait, self.first_wait * 2.0 ** min(attempt - 1, 30))
        return whole * (0.5 + self._random() / 2)

    def __repr__(self) -> str:
        return f"Retry(attempts={self.attempts})"


def _statuses(statuses: object) -> frozenset[int]:
    if not is_several(statuses):
        raise UsageError("Retry(statuses) takes a set of HTTP statuses")
    return frozenset(whole_number("Retry(statuses)", status, 100) for status in statuses)


NEVER = Retry(1)


def retry_after_seconds(value: str | None, now: Callable[[], float] = time.time) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110, section 10.2.3), or None if it is not valid.

    It is a number of seconds or a date; a date in the past means zero.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        # A number too large to be meant is a very long time (RFC 9111, section 1.2.2), not none at all.
        return float(min(int(text[:20]), _LONGEST))
    if not text or len(text) > 40:
        return None
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
