# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""When a call is made again, and after how long.

Our own rather than a library's: the base install holds httpx and attrs and what they bring, httpx itself
repeats only failed connections and without waiting (`HTTPTransport(retries=)`), and the libraries that sit
at its transport know neither which operation repeats safely nor how much time the whole call has left.
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
    """How often and how fast a call is repeated. The object can be shared; it keeps no state.

    Idempotent calls (GET, HEAD, PUT, DELETE, OPTIONS, TRACE) are repeated after a failed connection, a
    time-out, and the statuses 408, 429, 502, 503 and 504. Others, POST above all, only when the request
    surely never left. No repetition begins that could not end before the call's deadline.

    Attributes:
        attempts: how often a call is made at most, the first time included; 1 switches repetition off.
        first_wait: seconds before the first repetition; doubles with each one, and each is drawn at random
            between half of it and all of it, so that many clients do not come back at once.
        longest_wait: the bound of those waits, in seconds.
        longest_retry_after: the longest Retry-After that is waited for, in seconds. When the server asks
            for more, the error is raised at once, with `retry_after`.
        statuses: the statuses that are worth another attempt.
        random: gives numbers from 0 to 1; `sleep` and `async_sleep` wait for some seconds. Arguments, so
            that a test need not wait.
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
