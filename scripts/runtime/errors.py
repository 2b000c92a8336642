"""All errors of a call, as one tree.

    ClientError
    ├── RefusedError                   nothing was sent
    │   ├── UsageError                 an argument or a setting that cannot be used
    │   ├── EnvironmentMismatchError   the operation does not exist in the environment of this client
    │   └── InsecureAddressError       http to a host that is not this machine
    ├── TransportError                 no answer, or only a part of one
    │   ├── ConnectionFailedError      no connection, or it broke
    │   ├── CallTimeoutError           it took too long
    │   └── ProtocolError              the answer is not correct HTTP
    ├── StatusError                    an answer that is not the documented success
    │   ├── RedirectError              3xx that was not followed
    │   ├── BadRequestError            400
    │   ├── UnauthorizedError          401
    │   ├── ForbiddenError             403
    │   ├── NotFoundError              404
    │   ├── ConflictError              409
    │   ├── UnprocessableError         422
    │   ├── RateLimitError             429
    │   ├── ServerError                5xx
    │   │   └── ServiceUnavailableError  503
    │   └── UnexpectedStatusError      a status below 300 that the document does not know
    └── BodyError                      a success whose body cannot be used
        ├── UndecodableBodyError       not what its headers say: cut, not JSON, another content type
        ├── BodyTooLargeError          larger than the limit
        └── BodyMismatchError          well-formed, but it does not fit the document

Errors have facts as attributes, and build their text from them. No error shows a key, a token or a phone, and
no error contains a request. Each can be pickled and copied. A StatusError and a BodyError have the whole
answer as `response`; its printed form is masked.
"""

from collections.abc import Mapping
from typing import Any, Protocol, Self, TypeVar

E = TypeVar("E", bound="ClientError")


class Answer(Protocol):
    """The whole answer that an error is about; `Response` is one."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; their names are case-insensitive."""
        ...

    @property
    def content(self) -> bytes:
        """The body, decompressed if that was possible."""
        ...

    @property
    def parsed(self) -> Any:
        """The body as the document describes it, or a BodyError or StatusError if it does not fit."""
        ...

    def json(self) -> Any:
        """Return the body as JSON, even if it does not fit the document.

        Raises:
            UndecodableBodyError: the body is not JSON.
        """
        ...


class ClientError(Exception):
    """The root of every error that a client raises.

    Attributes:
        reason: the fault, in words.
        method: the HTTP method of the call, if there was one.
        path: the path of the call as the document writes it, with names in place of values.
    """

    def __init__(self, reason: str, *, method: str | None = None, path: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.method = method
        self.path = path

    def __str__(self) -> str:
        call = f"{self.method} {self.path}: " if self.method else ""
        return f"{call}{self._error_text()}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __copy__(self) -> Self:
        again = _restored(type(self), self.args, dict(self.__dict__))
        if self.__cause__ is not None:
            again.__cause__ = self.__cause__
        return again

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception's own way calls the class with `args`, which has no room for keywords.
        return _restored, (type(self), self.args, dict(self.__dict__))

    def _error_text(self) -> str:
        return self.reason


def _restored(kind: type[E], arguments: tuple[Any, ...], facts: dict[str, Any]) -> E:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(facts)
    return error


class RefusedError(ClientError):
    """The client refused before anything was sent."""


class UsageError(RefusedError):
    """An argument or a setting cannot be used."""


class EnvironmentMismatchError(RefusedError):
    """The operation does not exist in the environment that this client talks to."""


class InsecureAddressError(RefusedError):
    """Plain http to another machine would show keys and tokens to everyone on the way."""


class TransportError(ClientError):
    """No answer came, or only a part of one.

    Attributes:
        sent: False if the request certainly was not sent, so that it is safe to repeat.
    """

    def __init__(self, reason: str, *, sent: bool = True, **call: str | None) -> None:
        super().__init__(reason, **call)
        self.sent = sent


class ConnectionFailedError(TransportError):
    """There was no connection, or it broke."""


class CallTimeoutError(TransportError):
    """The connection, one step of the call, or the whole call took too long."""


class ProtocolError(TransportError):
    """The answer is not correct HTTP."""


class StatusError(ClientError):
    """The answer is not the success that the document describes.

    Attributes:
        status_code: the HTTP status.
        parsed: the body as the error model of the document for this status. None if the document has no
            model, or the body does not fit it.
        errors: the messages in the answer, as a list of text; empty if it contains none.
        retry_after: the seconds that the server asks to wait, or None.
        request_id: the identifier that the server gave the request, or None.
        body_problem: the reason why `parsed` is None although the document has a model; otherwise None.
        response: the whole answer: status_code, headers, content, json(). Its printed form is masked.
    """

    response: Answer

    def __init__(
        self,
        reason: str,
        *,
        status_code: int,
        parsed: Any = None,
        errors: list[str] | None = None,
        retry_after: float | None = None,
        request_id: str | None = None,
        body_problem: str | None = None,
        response: Answer | None = None,
        **call: str | None,
    ) -> None:
        super().__init__(reason, **call)
        self.status_code = status_code
        self.parsed = parsed
        self.errors = list(errors or ())
        self.retry_after = retry_after
        self.request_id = request_id
        self.body_problem = body_problem
        if response is not None:
            self.response = response

    def _error_text(self) -> str:
        text = f"{self.status_code} {self.reason}"
        if self.errors:
            text += f": {'; '.join(self.errors)}"
        if self.body_problem:
            text += f" (its body cannot be used: {self.body_problem})"
        if self.retry_after is not None:
            text += f" (retry after {self.retry_after:g} s)"
        if self.request_id:
            text += f" [request {self.request_id}]"
        return text


class RedirectError(StatusError):
    """The server redirects to an address that the client does not follow."""


class BadRequestError(StatusError):
    """400: the request is not what the server expects."""


class UnauthorizedError(StatusError):
    """401: the key or token is unknown, expired or missing."""


class ForbiddenError(StatusError):
    """403: the key or token is known, but has no permission for this call."""


class NotFoundError(StatusError):
    """404: the thing does not exist."""


class ConflictError(StatusError):
    """409: the request contradicts the present state."""


class UnprocessableError(StatusError):
    """422: the request is well-formed, but a value cannot be used."""


class RateLimitError(StatusError):
    """429: too many requests; `retry_after` is the time to wait, if the server states it."""


class ServerError(StatusError):
    """5xx: the server has a fault."""


class ServiceUnavailableError(ServerError):
    """503: the service is not available at the moment."""


class UnexpectedStatusError(StatusError):
    """A status below 300 that the document does not have, so the meaning of its body is unknown."""


class BodyError(ClientError):
    """The status is a success, but the body cannot be used.

    Attributes:
        status_code: the HTTP status.
        request_id: the identifier that the server gave the request, or None.
        response: the whole answer: status_code, headers, content, json(). Its printed form is masked. The
            error of `Model.from_dict`, which reads no answer, does not have this attribute.
    """

    response: Answer

    def __init__(
        self,
        reason: str,
        *,
        status_code: int | None = None,
        request_id: str | None = None,
        response: Answer | None = None,
        **call: str | None,
    ) -> None:
        super().__init__(reason, **call)
        self.status_code = status_code
        self.request_id = request_id
        if response is not None:
            self.response = response


class UndecodableBodyError(BodyError):
    """The body does not fit its headers: it is cut, not JSON, or of another content type."""


class BodyTooLargeError(BodyError):
    """The body is larger than the client's limit."""


class BodyMismatchError(BodyError):
    """The body is well-formed, but does not fit the document.

    Attributes:
        json_path: the place of the fault in the body, as a JSONPath: `$.errors[0]`.
    """

    def __init__(self, reason: str, *, json_path: str = "$", **facts: Any) -> None:
        super().__init__(reason, **facts)
        self.json_path = json_path

    def _error_text(self) -> str:
        return f"{self.json_path}: {self.reason}"


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableError,
    429: RateLimitError,
    503: ServiceUnavailableError,
}


def status_error(status: int) -> type[StatusError]:
    """Return the error class for an HTTP status that is not a documented success."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return ServerError
    if status >= 400:
        return StatusError
    return RedirectError if status >= 300 else UnexpectedStatusError
