"""The course of a call, without any input or output: what to send, when to wait, when to stop.

`course` is a generator that asks for steps (`Send`, `Pause`) and is told their outcome. One driver runs
the steps with threads, another with tasks; every decision is here, once.
"""

import logging
import time
from collections.abc import Callable, Generator
from typing import Any

import httpx

from .addresses import same_origin
from .answers import refused, understand, whole
from .calls import Call, Prepared
from .content import Received
from .deadline import Deadline
from .errors import ClientError, TransportError
from .limits import Limits
from .retry import Retry, retry_after_seconds
from .values import Response

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Send:
    """A request to send, with the time that is left for it; `tokened` says that the token goes with it."""

    __slots__ = ("deadline", "method", "prepared", "tokened", "url")

    def __init__(
        self, method: str, url: str | httpx.URL, prepared: Prepared, tokened: bool, deadline: Deadline
    ) -> None:
        self.method = method
        self.url = url
        self.prepared = prepared
        self.tokened = tokened
        self.deadline = deadline

    def __repr__(self) -> str:
        return f"<send {self.method}>"


class Pause:
    """Seconds to wait before the next step."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


Outcome = Received | ClientError | None
Course = Generator[Send | Pause, Outcome, Response[Any] | ClientError]


class Rules:
    """What holds for every call of a client: where to, how often, how much, and who is told."""

    __slots__ = ("base", "clock", "forget_token", "limits", "logger", "retry")

    def __init__(
        self,
        *,
        base: str,
        retry: Retry,
        limits: Limits,
        logger: logging.Logger,
        forget_token: Callable[[str | None], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base = base
        self.retry = retry
        self.limits = limits
        self.logger = logger
        self.forget_token = forget_token
        self.clock = clock


def course(
    call: Call[Any],
    prepared: Prepared,
    rules: Rules,
    deadline: Deadline,
    *,
    tokened: bool,
    raw: bool,
    deferred: bool,
) -> Course:
    """Yield the steps of a call; return the answer's value, or the error that the call ends in."""
    operation = call.operation
    url: str | httpx.URL = rules.base + prepared.target
    attempt, redirects, renewed = 1, 0, False
    while True:
        begun = rules.clock()
        outcome = yield Send(operation.method, url, prepared, tokened, deadline)
        assert outcome is not None  # noqa: S101 - a driver answers a Send with what came of it
        if rules.logger.isEnabledFor(logging.INFO):
            _log_attempt(rules, call, outcome, rules.clock() - begun, attempt)
        if isinstance(outcome, ClientError):
            wait = _wait_after_failure(rules, operation.method, attempt, outcome)
        elif outcome.status == 401 and tokened and not renewed and rules.forget_token(outcome.token):
            # The token may have been revoked before its time: once more with a fresh one.
            renewed = True
            continue
        elif outcome.status in _REDIRECTS:
            if redirects >= rules.limits.max_redirects or not _follows(outcome, operation.method, rules.base):
                answer = whole(outcome, None, operation.method, operation.path)
                return refused(outcome, answer, None, operation.method, operation.path, prepared.secrets)
            redirects += 1
            url = outcome.next_url or url
            continue
        else:
            asked = retry_after_seconds(outcome.headers.get("retry-after"))
            wait = rules.retry.after_status(operation.method, attempt, outcome.status, asked)
        left = deadline.left()
        if wait is None or (left is not None and wait >= left):
            break
        yield Pause(wait)
        attempt += 1
        url = rules.base + prepared.target
    if isinstance(outcome, ClientError):
        # The call for a token, which runs within this one, names itself.
        outcome.method, outcome.path = outcome.method or operation.method, outcome.path or operation.path
        return outcome
    secrets = prepared.secrets | {outcome.token} if outcome.token else prepared.secrets
    return understand(
        outcome, call.answers, operation.method, operation.path, secrets, raw=raw, deferred=deferred
    )


def _wait_after_failure(rules: Rules, method: str, attempt: int, error: ClientError) -> float | None:
    if not isinstance(error, TransportError):
        return None
    return rules.retry.after_failure(method, attempt, sent=error.sent)


def _follows(received: Received, method: str, base: str) -> bool:
    """Return whether a redirect leads to the same host, by the same method, so that it can be followed.

    A user in the address is an error (RFC 9110, section 4.2.4), and httpx would send it instead of the token.
    """
    url = received.next_url
    if url is None or url.userinfo or received.next_method != method:
        return False
    return same_origin(url, httpx.URL(base))


def _log_attempt(
    rules: Rules, call: Call[Any], outcome: Received | ClientError, took: float, attempt: int
) -> None:
    result = outcome.status if isinstance(outcome, Received) else type(outcome).__name__
    rules.logger.info(
        "%s %s -> %s in %.0f ms (attempt %d)",
        call.operation.method,
        call.operation.path,
        result,
        took * 1000,
        attempt,
    )
