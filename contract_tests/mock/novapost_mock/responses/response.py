"""Documented answers, each with a body that fits it, made once."""

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from novapost_mock.errors import ErrorShape, error_response, fitting_shape
from novapost_mock.messages import Headers, Reply
from novapost_mock.responses.encode import file, written
from novapost_mock.responses.examples import meant
from novapost_mock.responses.media_type import BOUNDARY, MediaType, preferred
from novapost_mock.schemas.generator import CannotError, Generator
from novapost_mock.schemas.validators import Node, Shape
from novapost_mock.schemas.violation import Violation

_REASONS = (
    "detail",
    "message",
    "error_description",
    "errorMessage",
    "error_message",
    "description",
    "reason",
)
_MORE_REASONS = ("msg", "text", "title", "error", "details", "errors")
_CODES = ("status", "code", "statusCode", "status_code")
_SUCCESSES = ("success", "ok")
_PROBE = "Invalid query parameter: page"
# A document is somebody else's text, and its page would stand under the origin of the console: the sandbox
# takes scripts, forms and the origin from it.
_SANDBOXED = (("Content-Security-Policy", "sandbox"), ("X-Content-Type-Options", "nosniff"))
BODILESS = frozenset({*range(100, 200), 204, 205, 304})
"""Statuses whose answers have no body, whatever a document says (RFC 9110, 6.4.1)."""


@dataclass(frozen=True)
class Payload:
    """A body as it is sent.

    Attributes:
        body: the bytes.
        headers: Content-Type, Content-Length, and for a page a policy that lets it run nothing.
    """

    body: bytes
    headers: Headers

    @classmethod
    def of(cls, body: bytes, media: MediaType) -> "Payload":
        """Describe bytes of a media type."""
        kind = str(media)
        if media.main == "text" or media.is_xml:
            kind += "; charset=utf-8"
        elif media.main == "multipart":
            kind += f"; boundary={BOUNDARY}"
        headers: Headers = (("Content-Type", kind), ("Content-Length", str(len(body))))
        return cls(body, (*headers, *_SANDBOXED) if media.is_page else headers)


NO_PAYLOAD = Payload(b"", (("Content-Length", "0"),))


@dataclass(frozen=True)
class AnswerMedia:
    """One media type of an answer.

    Attributes:
        media: the type; of a range, one that it takes in.
        node: the schema; None if there is none.
        shape: the same, compiled.
        payload: the usual body; None if none could be made.
        examples: the documented examples by name; None for one that does not fit the schema.
        reason_writer: makes a body that tells a reason; None if the schema has no place for one.
        root: what the root of an XML text is called.
    """

    media: MediaType
    node: Node | None
    shape: Shape | None
    payload: Payload | None
    examples: Mapping[str, Payload | None]
    reason_writer: ErrorShape | None = None
    root: str = "value"

    def telling(self, reason: str, status: int) -> Payload | None:
        """Return the body of a refusal, with the reason where there is room for it."""
        if self.reason_writer is not None:
            accepts = (lambda _: True) if self.shape is None else self.shape.accepts
            value = _with_status(self.reason_writer(reason), status, accepts)
            if self.shape is None or self.shape.accepts(value):
                return Payload.of(written(value, self.media, self.root), self.media)
        return self.payload

    def by_chance(self, generator: Generator, variant: int) -> Payload | None:
        """Another body that fits."""
        if self.node is None or file(self.media) is not None:
            return self.payload
        try:
            value = generator.value(self.node, variant)
        except CannotError:
            return self.payload
        return Payload.of(written(value, self.media, self.root), self.media)


@dataclass(frozen=True)
class Answer:
    """A documented answer.

    Attributes:
        key: as the document has it: a status, a range such as `4XX`, or `default`.
        status: the HTTP status; of a range its first one, of `default` 500.
        description: the document's text for it.
        media: its media types in the document's order.
        headers: documented headers that are sent with it.
        failure: why it cannot be given; empty if it can.
        shape: what its JSON body must fit; None if it has none.
        error_shape: how a refusal is written in it; None if neither shape of error fits.
    """

    key: str
    status: int
    description: str
    media: Sequence[AnswerMedia] = ()
    headers: Headers = ()
    failure: str = ""
    shape: Shape | None = None
    error_shape: ErrorShape | None = None
    _offered: Sequence[MediaType] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_offered", tuple(each.media for each in self.media))

    def violations(self, value: Any) -> list[Violation]:
        """Return what keeps a JSON body from fitting this answer."""
        return [] if self.shape is None else self.shape.violations(value)

    def chosen(self, accept: Iterable[str]) -> AnswerMedia | None:
        """Return the media type that a request prefers; the first if it takes none of them."""
        if not self.media:
            return None
        place = preferred(accept, self._offered)
        return self.media[place or 0]

    def is_acceptable(self, accept: Iterable[str]) -> bool:
        """Tell whether a request takes one of the media types."""
        return not self.media or preferred(accept, self._offered) is not None

    def reply(self, status: int, payload: Payload | None, extra: Headers = ()) -> Reply:
        """Build the reply under a status that this answer stands for."""
        if status in BODILESS:
            return Reply(status, (*self.headers, *extra))
        payload = payload or NO_PAYLOAD
        return Reply(status, (*payload.headers, *self.headers, *extra), payload.body)


@dataclass(frozen=True)
class Answers:
    """The documented answers of an operation, by what they stand for."""

    exact: Mapping[int, Answer]
    ranges: Mapping[int, Answer]
    default: Answer | None

    def of(self, status: int) -> Answer | None:
        """Return the answer that a status has: its own, that of its range, or the default."""
        return self.exact.get(status) or self.ranges.get(status // 100) or self.default

    def all(self) -> Iterator[Answer]:
        """Every documented answer."""
        yield from self.exact.values()
        yield from self.ranges.values()
        if self.default is not None:
            yield self.default

    def success(self) -> tuple[int, Answer] | None:
        """Return the answer to a request that nothing is wrong with."""
        for hundreds in (2, 3):
            for status in sorted(self.exact):
                if status // 100 == hundreds:
                    return status, self.exact[status]
            if hundreds in self.ranges:
                return 100 * hundreds, self.ranges[hundreds]
        return None if self.default is None else (200, self.default)

    def refusal(self, wanted: Sequence[int], others: Sequence[int] = ()) -> tuple[int, Answer | None]:
        """Return the status of a rejection, and the answer that documents it.

        It is the first of the wanted ones that is documented for itself, then the first as part of a range or
        the default, then one of the others, then the first without an answer.
        """
        for status in wanted:
            if status in self.exact:
                return status, self.exact[status]
        if 4 in self.ranges or self.default is not None:
            return wanted[0], self.of(wanted[0])
        for status in others:
            if status in self.exact:
                return status, self.exact[status]
        return wanted[0], None


def made(
    media: MediaType,
    node: Node | None,
    shape: Shape | None,
    documented: Mapping[str, Any],
    generator: Generator,
    status: int,
    description: str,
    root: str,
) -> tuple[AnswerMedia, str]:
    """Make the bodies of an answer in one media type.

    Returns:
        The media type with its bodies, and why there is no usual one (empty).
    """
    content = file(media)
    if content is not None:
        payload = Payload.of(content, media)
        return AnswerMedia(media, node, shape, payload, dict.fromkeys(documented, payload)), ""
    examples: dict[str, Payload | None] = {}
    fitting: list[Any] = []
    for name, value in documented.items():
        if media.is_json and (shape is None or not shape.accepts(value)):
            value = meant(value)
        good = _is_writable(value) and (shape is None or shape.accepts(value) or _is_told(value, media))
        examples[name] = Payload.of(written(value, media, root), media) if good else None
        if good:
            fitting.append(value)
    failure = ""
    value, writer = None, None
    try:
        value = fitting[0] if fitting else {} if node is None else generator.value(node)
    except CannotError:
        failure = "no body was found that fits the schema"
    if not failure and status >= 400:
        accepts: Callable[[Any], bool] = (lambda _: True) if shape is None else shape.accepts
        value = value if fitting else _with_status(value, status, accepts)
        writer = reason_writer(value, accepts)
        if writer is not None and not fitting and description and accepts(told := writer(description)):
            value = told
    usual = None if failure else Payload.of(written(value, media, root), media)
    return AnswerMedia(media, node, shape, usual, examples, writer, root), failure


def _is_told(value: Any, media: MediaType) -> bool:
    """Tell whether an example is the text itself: XML, CSV and the like as they are sent."""
    return isinstance(value, str) and not media.is_json and not media.is_text


def _is_writable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, TypeError):
        return False
    return True


def _with_status(value: Any, status: int, accepts: Callable[[Any], bool]) -> Any:
    """Return the value of an error with its own status in it and no claim of success, where it has room."""
    if isinstance(value, dict):
        for name in (*_CODES, *_SUCCESSES):
            known = value.get(name)
            if isinstance(known, int) and isinstance(known, bool) == (name in _SUCCESSES):
                changed = {**value, name: False if name in _SUCCESSES else status}
                value = changed if accepts(changed) else value
    return value


def reason_writer(value: Any, accepts: Callable[[Any], bool]) -> ErrorShape | None:
    """Find a place for a reason in the body of an error.

    Args:
        value: a body that fits.
        accepts: tells whether another one fits.
    """
    if isinstance(value, dict) and "errors" in value:
        shape = fitting_shape(accepts)
        if shape is not None:
            return shape
    for way in _ways(value):
        if accepts(_placed(value, way, _PROBE)):
            return lambda text: _placed(value, way, text)
    return error_response if value == {} and accepts(error_response("text")) else None


def _ways(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the ways to texts that may hold a reason, the likeliest first."""
    if len(way) > 3:
        return
    if isinstance(value, dict):
        for name in (*_REASONS, *_MORE_REASONS):
            if isinstance(value.get(name), str):
                yield (*way, name)
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _ways(inner, (*way, name))
    elif isinstance(value, list) and value:
        if isinstance(value[0], str):
            yield (*way, 0)
        else:
            yield from _ways(value[0], (*way, 0))
    elif isinstance(value, str) and not way:
        yield ()


def _placed(value: Any, way: tuple[str | int, ...], text: str) -> Any:
    if not way:
        return text
    changed = copy.deepcopy(value)
    inner = changed
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = text
    return changed
