"""An answer as it is read: its body unpacked, within its limit and the deadline."""

import asyncio

import httpx

from .deadline import DEADLINE_PASSED, Deadline, holding
from .errors import BodyError, BodyTooLargeError, UndecodableBodyError
from .limits import Garbled, Intake, TooLarge

# Seconds to wait at most for the beginning of a body that is known to be too large.
_MOMENT = 1.0


class Unreadable:
    """Why a body could not be taken whole, and the error that this is for whoever wants its value."""

    __slots__ = ("kind", "reason")

    def __init__(self, kind: type[BodyError], reason: str) -> None:
        self.kind = kind
        self.reason = reason


class Received:
    """A whole answer as it came, its body unpacked."""

    __slots__ = ("content", "elapsed", "headers", "next_method", "next_url", "problem", "status", "token")

    def __init__(
        self,
        status: int,
        headers: httpx.Headers,
        content: bytes,
        elapsed: float,
        next_url: httpx.URL | None = None,
        next_method: str = "",
        token: str | None = None,
        problem: Unreadable | None = None,
    ) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.elapsed = elapsed
        self.next_url = next_url
        self.next_method = next_method
        self.token = token
        self.problem = problem

    def __repr__(self) -> str:
        return f"<answer {self.status}>"


class Content:
    """The body of an answer, or as much of it as could be taken, and why it is not whole."""

    __slots__ = ("data", "problem")

    def __init__(self, data: bytes, problem: Unreadable | None = None) -> None:
        self.data = data
        self.problem = problem


def _intake(response: httpx.Response, limit: int) -> Intake:
    headers = response.headers
    return Intake(limit, headers.get("content-encoding"), headers.get("content-length"))


def _ready(response: httpx.Response) -> bytes | None:
    # A transport may hand over an answer that is read and unpacked already, as MockTransport does.
    return response.content if response.is_stream_consumed else None


def _moment(deadline: Deadline) -> float:
    # Never all that is left: the call is to end by its answer, and not by its deadline.
    left = deadline.left()
    return _MOMENT if left is None else min(_MOMENT, left / 2)


def read(response: httpx.Response, limit: int, deadline: Deadline) -> Content:
    """Return the body of an answer, unpacked, within `limit` bytes and the deadline."""
    intake = _intake(response, limit)
    try:
        ready = _ready(response)
        if ready is not None:
            return Content(intake.ready(ready))
        if intake.is_hopeless:
            deadline = Deadline(_moment(deadline))
        with holding(deadline):
            for chunk in response.iter_raw():
                if deadline.left() == 0:
                    raise httpx.ReadTimeout(DEADLINE_PASSED)
                intake.take(chunk)
        return Content(intake.whole())
    except (TooLarge, Garbled) as error:
        return _refused(intake, error)
    except httpx.HTTPError:
        if not intake.is_hopeless:
            raise
        return _refused(intake, TooLarge())


async def read_async(response: httpx.Response, limit: int, deadline: Deadline) -> Content:
    """Do as `read`, without blocking the event loop."""
    intake = _intake(response, limit)
    try:
        ready = _ready(response)
        if ready is not None:
            return Content(intake.ready(ready))
        async with asyncio.timeout(_moment(deadline) if intake.is_hopeless else None):
            async for chunk in response.aiter_raw():
                intake.take(chunk)
        return Content(intake.whole())
    except (TooLarge, Garbled) as error:
        return _refused(intake, error)
    except (httpx.HTTPError, TimeoutError):
        if not intake.is_hopeless:
            raise
        return _refused(intake, TooLarge())


def _refused(intake: Intake, error: TooLarge | Garbled) -> Content:
    if isinstance(error, TooLarge):
        reason = "the body is larger than the client takes (limits.max_body_bytes)"
        return Content(intake.rest(), Unreadable(BodyTooLargeError, reason))
    return Content(intake.rest(), Unreadable(UndecodableBodyError, str(error)))


def received(
    response: httpx.Response, content: Content, elapsed: float, token_header: str | None
) -> Received:
    """Return an answer as a plain value."""
    following = response.next_request
    return Received(
        response.status_code,
        response.headers,
        content.data,
        elapsed,
        next_url=following.url if following is not None else None,
        next_method=following.method if following is not None else "",
        token=response.request.headers.get(token_header) if token_header else None,
        problem=content.problem,
    )
