# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The body of an answer as it is read: unpacked, within its limit and the deadline."""

import httpx

from .answers import Received, whole
from .deadline import DEADLINE_PASSED, Deadline
from .errors import BodyError, BodyTooLargeError, ClientError, UndecodableBodyError
from .limits import Garbled, Intake, TooLarge


class Content:
    """The body of an answer, or why it could not be taken."""

    __slots__ = ("data", "problem")

    def __init__(self, data: bytes, problem: BodyError | None = None) -> None:
        self.data = data
        self.problem = problem


def _intake(response: httpx.Response, limit: int) -> Intake:
    headers = response.headers
    return Intake(limit, headers.get("content-encoding"), headers.get("content-length"))


def _ready(response: httpx.Response) -> bytes | None:
    # A transport may hand over an answer that is read and unpacked already, as MockTransport does.
    return response.content if response.is_stream_consumed else None


def read(response: httpx.Response, limit: int, deadline: Deadline) -> Content:
    """Return the body of an answer, unpacked, within `limit` bytes and the deadline."""
    intake = _intake(response, limit)
    try:
        ready = _ready(response)
        if ready is not None:
            return Content(intake.ready(ready))
        intake.begin()
        for chunk in response.iter_raw():
            if deadline.left() == 0:
                raise httpx.ReadTimeout(DEADLINE_PASSED)
            intake.take(chunk)
        return Content(intake.whole())
    except (TooLarge, Garbled) as error:
        return Content(intake.rest(), _unreadable(error, response.status_code))


async def read_async(response: httpx.Response, limit: int) -> Content:
    """Do as `read`, without blocking the event loop."""
    intake = _intake(response, limit)
    try:
        ready = _ready(response)
        if ready is not None:
            return Content(intake.ready(ready))
        intake.begin()
        async for chunk in response.aiter_raw():
            intake.take(chunk)
        return Content(intake.whole())
    except (TooLarge, Garbled) as error:
        return Content(intake.rest(), _unreadable(error, response.status_code))


def _unreadable(error: TooLarge | Garbled, status: int) -> BodyError:
    if isinstance(error, TooLarge):
        reason = "the body is larger than the client takes (limits.max_body_bytes)"
        return BodyTooLargeError(reason, status_code=status)
    return UndecodableBodyError(str(error), status_code=status)


def received(
    response: httpx.Response, content: Content, elapsed: float, token_header: str | None
) -> Received | ClientError:
    """Return an answer as a plain value. A success without its body is none; an error is one all the same."""
    following = response.next_request
    answer = Received(
        response.status_code,
        response.headers,
        content.data,
        elapsed,
        next_url=following.url if following is not None else None,
        next_method=following.method if following is not None else "",
        token=response.request.headers.get(token_header) if token_header else None,
        problem=content.problem.reason if content.problem is not None else None,
    )
    if content.problem is not None and response.status_code < 300:
        kept = whole(answer)
        content.problem.response, content.problem.request_id = kept, kept.request_id
        return content.problem
    return answer
