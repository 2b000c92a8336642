"""A call as a value: the operation, the caller's arguments, and what the answers mean.

The arguments are converted when the call is sent, so that the client reports a wrong argument like every
other error. The printed form of a call does not show its arguments.
"""

import json
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from .addresses import filled
from .answers import Answers
from .codec import Codec, plain_text
from .errors import UsageError
from .mismatch import Mismatch
from .models import Model
from .operations import Operation
from .redaction import looks_secret
from .styles import Json, nested, pieces
from .values import File, Unset, is_object, is_several

T = TypeVar("T")

Argument = tuple[str, Codec[Any], Any]


class Body:
    """The body of a request: its media type, and `form`: "json", "form", "multipart" or "content".

    `encoding` says by field how a form is written where it is not as usual: "comma", "space", "pipe", "deep"
    or "json"; of a multipart form, the media types of the parts.
    """

    __slots__ = ("codec", "encoding", "form", "media_type", "value")

    def __init__(
        self,
        form: str,
        media_type: str,
        codec: Codec[Any],
        value: Any,
        encoding: Mapping[str, str] | None = None,
    ) -> None:
        self.form = form
        self.media_type = media_type
        self.codec = codec
        self.value = value
        self.encoding = encoding or {}

    def __repr__(self) -> str:
        return f"<{self.media_type}>"


class Call(Generic[T]):
    """One call of an operation."""

    __slots__ = ("answers", "body", "cookies", "headers", "operation", "path", "query")

    def __init__(
        self,
        operation: Operation,
        answers: Answers,
        *,
        path: Sequence[Argument] = (),
        query: Sequence[Argument] = (),
        headers: Sequence[Argument] = (),
        cookies: Sequence[Argument] = (),
        body: Body | None = None,
    ) -> None:
        self.operation = operation
        self.answers = answers
        self.path = path
        self.query = query
        self.headers = headers
        self.cookies = cookies
        self.body = body

    def __repr__(self) -> str:
        return f"Call({self.operation!r})"


class Prepared:
    """A call with everything converted to what is sent."""

    __slots__ = ("content", "files", "headers", "secrets", "target")

    def __init__(
        self,
        target: str,
        headers: dict[str, str],
        content: bytes | None,
        files: Any,
        secrets: frozenset[str],
    ) -> None:
        self.target = target
        self.headers = headers
        self.content = content
        self.files = files
        self.secrets = secrets

    def __repr__(self) -> str:
        return "<prepared call>"


def prepare(call: Call[Any]) -> Prepared:
    """Convert a call to what is sent: the target (path and query), headers, and the body.

    Raises:
        UsageError: an argument has a wrong type, or cannot be sent in its place.
    """
    operation = call.operation
    secrets: set[str] = set()
    # What follows a "#" tells operations of one path apart, in the document alone.
    target = operation.path.partition("#")[0]
    if call.path:
        target = filled(target, _texts(call.path, secrets))
    if call.query:
        pairs = [pair for argument in call.query for pair in _query(argument, operation, secrets)]
        if pairs:
            target += ("&" if "?" in target else "?") + "&".join(
                f"{_quoted(name)}={text}" for name, text in pairs
            )
    headers = {"Accept": operation.accept}
    for name, text in _texts(call.headers, secrets).items():
        headers[name] = _header(name, text)
    if call.cookies:
        cookies = "; ".join(
            f"{name}={_cookie(name, text)}" for name, text in _texts(call.cookies, secrets).items()
        )
        if cookies:
            headers["Cookie"] = cookies
    content, files = _content(call.body, headers, secrets)
    # A server may tell back a value as it stood in the address.
    secrets |= {_quoted(secret) for secret in secrets if not (secret.isascii() and secret.isalnum())}
    return Prepared(target, headers, content, files, frozenset(secrets))


def _texts(arguments: Sequence[Argument], secrets: set[str]) -> dict[str, str]:
    return {
        argument[0]: _text(argument, secrets)
        for argument in arguments
        if argument[2] is not None and not isinstance(argument[2], Unset)
    }


def _text(argument: Argument, secrets: set[str]) -> str:
    name, codec, value = argument
    try:
        text = codec.text(value)
    except Mismatch as mismatch:
        raise UsageError(f"{name}: {mismatch.reason}") from None
    if looks_secret(name):
        secrets.add(text)
    return text


def _query(argument: Argument, operation: Operation, secrets: set[str]) -> list[tuple[str, str]]:
    name, codec, value = argument
    if value is None or isinstance(value, Unset):
        return []
    style, _, reserved = operation.styles.get(name, "").partition(" ")
    try:
        pairs = _styled(name, codec, value, style)
    except Mismatch as mismatch:
        raise UsageError(f"{name}: {mismatch.reason}") from None
    if name in operation.secrets or looks_secret(name):
        secrets.update(text for _, texts in pairs for text in texts)
    # What stands between the values of one parameter is not encoded as they are (RFC 6570, section 3.2.8).
    joint = _JOINTS.get(style, "")
    safe = _RESERVED if reserved else ""
    try:
        return [
            (key, joint.join(urllib.parse.quote(text, safe=safe) for text in texts)) for key, texts in pairs
        ]
    except UnicodeEncodeError:
        raise UsageError(f"{name}: no text that can be sent") from None


_JOINTS = {"comma": ",", "space": "%20", "pipe": "%7C"}
# What `allowReserved` leaves as it is, but for what would end or divide the query.
_RESERVED = ":/?@!$'()*,;[]"


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _styled(name: str, codec: Codec[Any], value: Any, style: str) -> list[tuple[str, list[str]]]:
    if isinstance(codec, Json):
        return [(name, [codec.text(value)])]
    if isinstance(value, (Model, Mapping)):
        fields = codec.dump(value)
        if style in _JOINTS:
            return [(name, pieces(fields, explode=False))]
        if style == "deep":
            return [(key, [text]) for key, text in nested(name, fields)] if fields else []
        # OpenAPI's default writes the fields of an object as parameters of their own.
        return [(key, [plain_text(item)]) for key, item in fields.items()]
    if is_several(value):
        items = [plain_text(item) for item in codec.dump(list(value))]
        return [(name, items)] if style in _JOINTS and items else [(name, [item]) for item in items]
    return [(name, [codec.text(value)])]


def _header(name: str, text: str) -> str:
    # RFC 9110, section 5.5: visible ASCII, blanks and tabs. A line break would begin another header.
    if not all(" " <= character <= "~" or character == "\t" for character in text):
        raise UsageError(f"{name}: a header takes printable ASCII only")
    return text.strip()


def _cookie(name: str, text: str) -> str:
    # RFC 6265, section 4.1.1: a blank, a comma or a semicolon would end the value.
    try:
        return urllib.parse.quote(text, safe="!#$&'()*+/:<=>?@[]^`{|}~-._%")
    except UnicodeEncodeError:
        raise UsageError(f"{name}: no text that can be sent") from None


def _content(body: Body | None, headers: dict[str, str], secrets: set[str]) -> tuple[bytes | None, Any]:
    if body is None or isinstance(body.value, Unset):
        return None, None
    try:
        if body.form == "multipart":
            # httpx chooses the boundary and writes the header with it.
            return None, body.value.to_multipart(body.encoding)
        headers["Content-Type"] = body.media_type
        if body.form == "form":
            pairs = body.value.form_fields(body.encoding)
            return urllib.parse.urlencode(pairs).encode(), None
        if body.form == "content":
            if "*" in body.media_type and isinstance(body.value, File):
                # A range such as image/*: the file knows which of them it is.
                headers["Content-Type"] = body.value.mime_type or "application/octet-stream"
            return body.value.read() if isinstance(body.value, File) else bytes(body.value), None
        dumped = body.codec.dump(body.value)
    except Mismatch as mismatch:
        raise UsageError(f"body {mismatch.json_path}: {mismatch.reason}") from None
    except (AttributeError, TypeError):
        raise UsageError(f"the body must be a model or a File, not a {type(body.value).__name__}") from None
    if is_object(dumped):
        secrets.update(v for k, v in dumped.items() if isinstance(v, str) and looks_secret(k))
    try:
        return json.dumps(dumped, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(), None
    except UnicodeEncodeError:
        raise UsageError("the body holds text that cannot be sent") from None
