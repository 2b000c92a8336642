# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What an answer means: a value of the documented type, or one of our errors. Nothing else comes out.

Errors are returned, not raised: a raised one would carry the frames that hold keys and bodies.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from . import json_text
from .codec import Codec
from .content import Received, Unreadable
from .errors import BodyMismatchError, ClientError, StatusError, UndecodableBodyError, status_error
from .messages import messages
from .mismatch import Mismatch
from .redaction import one_line, redact, without
from .retry import retry_after_seconds
from .values import File, Response, is_array, is_object

_FILE_NAME = re.compile(r'filename="([^"\\/\r\n]{1,200})"', re.IGNORECASE)
# Codecs of Python that are no charsets: what they decode to is not what was sent.
_NO_CHARSETS = ("idna", "mbcs", "oem", "punycode", "raw_unicode_escape", "undefined", "unicode_escape")


class Documented:
    """The body that the document has for a status: how it is written, and its codec.

    `form` is "json", "text", "bytes" or "none".
    """

    __slots__ = ("codec", "form")

    def __init__(self, form: str, codec: Codec[Any]) -> None:
        self.form = form
        self.codec = codec


class Answers:
    """The documented answers of an operation, by range of statuses, the particular before the general."""

    __slots__ = ("_default", "_ranges", "_succeeds")

    def __init__(self, *ranges: tuple[int, int, Documented], default: Documented | None = None) -> None:
        self._ranges = ranges
        self._default = default
        # A document may give `default` alone; it then stands for success too.
        self._succeeds = not any(200 <= low < 300 for low, _, _ in ranges)

    def success(self) -> Documented | None:
        """Return the body of the one documented success, or None where there are several or none."""
        found = [documented for low, _, documented in self._ranges if 200 <= low < 300]
        return found[0] if len(found) == 1 else None

    def find(self, status: int) -> Documented | None:
        """Return the documented answer for a status, or None."""
        for low, high, documented in self._ranges:
            if low <= status <= high:
                return documented
        if status < 200 or 300 <= status < 400:
            return None
        return self._default if status >= 400 or self._succeeds else None


class Reading:
    """How the body of an answer becomes a value: the read side of `Response`, which can be pickled."""

    __slots__ = ("_documented", "_method", "_path", "_problem")

    def __init__(
        self, documented: Documented | None, method: str, path: str, problem: Unreadable | None = None
    ) -> None:
        self._documented = documented
        self._problem = problem
        self._method = method
        self._path = path

    def __call__(self, response: Response[Any]) -> Any:
        """Return the value, or the error that reading it ends in."""
        facts: dict[str, Any] = {
            "status_code": response.status_code,
            "request_id": response.request_id,
            "response": response,
            "method": self._method,
            "path": self._path,
        }
        if self._problem is not None:
            return self._problem.kind(self._problem.reason, **facts)
        if self._documented is None:
            return status_error(response.status_code)(_phrase(response.status_code), **facts)
        try:
            return _parsed(response, self._documented, _same)
        except json_text.NotJson as error:
            reason = f"the body of {response.status_code} is not what it should be: {error}"
            return UndecodableBodyError(reason, **facts)
        except Mismatch as mismatch:
            place = one_line(redact(mismatch.json_path), 200)
            return BodyMismatchError(mismatch.reason, json_path=place, **facts)


def whole(
    received: Received, documented: Documented | None = None, method: str = "", path: str = ""
) -> Response[Any]:
    """Return a received answer as a caller gets it; its body is read as `documented`."""
    return Response(
        status_code=received.status,
        headers=received.headers,
        content=received.content,
        read=Reading(documented, method, path, received.problem),
        elapsed=received.elapsed,
    )


def understand(
    received: Received,
    answers: Answers,
    method: str,
    path: str,
    secrets: frozenset[str],
    *,
    raw: bool,
    deferred: bool = False,
) -> Response[Any] | ClientError:
    """Return the value of an answer, or the error that it means.

    With `raw`, any documented answer is a value, errors of the service included. With `deferred`, any
    success is one, whatever its body; the body is read when its value is asked for.
    """
    documented = answers.find(received.status)
    succeeded = 200 <= received.status < 300
    reading = documented
    if documented is None and succeeded:
        reading = answers.success()
    response = whole(received, reading, method, path)
    if succeeded and deferred:
        return response
    if documented is not None and (succeeded or raw):
        outcome = response.outcome()
        if not isinstance(outcome, ClientError):
            return response
        if succeeded:
            return outcome
    return refused(received, response, documented, method, path, secrets)


def refused(
    received: Received,
    response: Response[Any],
    documented: Documented | None,
    method: str,
    path: str,
    secrets: frozenset[str],
) -> StatusError:
    """Return the error of an answer that is no success, with what can be read of its body, secrets masked."""
    parsed: Any = None
    problem = None if received.problem is None else received.problem.reason

    def mask(value: Any) -> Any:
        return _masked(value, secrets)

    # The messages are text for people, so whatever looks like a secret goes; the model keeps its types, so
    # only what this very call has sent is masked in it.
    if documented is not None and documented.form != "none" and problem is None:
        try:
            parsed = _parsed(response, documented, mask)
        except json_text.NotJson as error:
            problem = str(error)
        except Mismatch as mismatch:
            problem = f"{one_line(redact(mismatch.json_path), 200)}: {mismatch.reason}"
    return status_error(received.status)(
        _phrase(received.status),
        status_code=received.status,
        parsed=parsed,
        errors=messages(received.content, secrets),
        retry_after=retry_after_seconds(received.headers.get("retry-after")),
        request_id=response.request_id,
        body_problem=problem,
        response=response,
        method=method,
        path=path,
    )


def _phrase(status: int) -> str:
    # Ours rather than the server's, which may say anything.
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _same(value: Any) -> Any:
    return value


def _parsed(response: Response[Any], documented: Documented, mask: Callable[[Any], Any]) -> Any:
    if documented.form == "none":
        return None
    if documented.form == "bytes":
        return documented.codec.parse(_file(response))
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if documented.form == "text":
        return documented.codec.parse(mask(_text(response)))
    # Some servers name no type at all; one that names another means something else.
    if (
        media_type
        and media_type not in ("application/json", "text/json")
        and not media_type.endswith("+json")
    ):
        raise json_text.NotJson("its Content-Type is not JSON")
    return documented.codec.parse(mask(json_text.loads(response.content)))


def _text(response: Response[Any]) -> str:
    charset = _charset(response) or "utf-8"
    try:
        if charset.lower().replace("-", "_") in _NO_CHARSETS:
            raise LookupError
        return response.content.decode(charset)
    except (UnicodeError, LookupError):
        raise json_text.NotJson("no text in the charset that it claims") from None


def _charset(response: Response[Any]) -> str | None:
    match = re.search(r"charset=\"?([A-Za-z0-9_-]{1,40})", response.headers.get("content-type", ""))
    return match.group(1) if match else None


def _file(response: Response[Any]) -> File:
    match = _FILE_NAME.search(response.headers.get("content-disposition", ""))
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    name = match.group(1) if match and match.group(1) not in (".", "..") else None
    if name is not None and not name.isprintable():
        name = None
    return File(response.content, file_name=name, mime_type=media_type or None)


def _masked(value: Any, secrets: frozenset[str]) -> Any:
    if isinstance(value, str):
        return without(value, secrets)
    if is_array(value):
        return [_masked(item, secrets) for item in value]
    if is_object(value):
        return {without(name, secrets): _masked(item, secrets) for name, item in value.items()}
    return value
