# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The values of every package beside its models: UNSET, File and Response."""

import io
import pickle
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any, BinaryIO, Generic, Literal, TypeGuard, TypeVar

from . import json_text
from .errors import ClientError, UndecodableBodyError
from .redaction import MASK, one_line, redact

T_co = TypeVar("T_co", covariant=True)

_ID_HEADERS = ("x-request-id", "x-correlation-id", "request-id", "x-amzn-requestid", "cf-ray")

# What httpx takes as a part of a multipart body.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


class Unset:
    """The type of UNSET, the value of a field that is missing. A missing field is not the same as null."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unset)

    def __hash__(self) -> int:
        return hash(Unset)

    def __copy__(self) -> "Unset":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Unset":
        return self

    def __reduce__(self) -> str:
        # By name, so that a pickled model finds the same object again.
        return "UNSET"


UNSET: Unset = Unset()


class File:
    """Binary data: a part of a multipart body, a body that is not JSON, or an answer such as a PDF.

    Attributes:
        payload: a binary stream, at its beginning.
        file_name: the name to send, or the name in the answer, without a folder.
        mime_type: the media type, or None.
    """

    __slots__ = ("file_name", "mime_type", "payload")

    def __init__(
        self, payload: BinaryIO | bytes, file_name: str | None = None, mime_type: str | None = None
    ) -> None:
        self.payload: BinaryIO = io.BytesIO(payload) if isinstance(payload, bytes) else payload
        self.file_name = file_name
        self.mime_type = mime_type

    def read(self) -> bytes:
        """Return all bytes from the beginning. Each call returns all of them again."""
        if self.payload.seekable():
            self.payload.seek(0)
        return self.payload.read()

    def to_tuple(self) -> FileTypes:
        """Return the tuple that httpx takes as a part of a multipart body."""
        return self.file_name, self.payload, self.mime_type

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, File):
            return NotImplemented
        if (self.file_name, self.mime_type) != (other.file_name, other.mime_type):
            return False
        return self.payload is other.payload or self.read() == other.read()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"File(file_name={redact(repr(self.file_name))}, mime_type={self.mime_type!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return File, (self.read(), self.file_name, self.mime_type)


class Encoded(str):
    """A text of which every part is encoded already, so that what stands between them can stay as it is."""

    __slots__ = ()


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is an array. `isinstance` alone leaves open of what, to some type checkers."""
    return isinstance(value, list)


def is_row(value: object) -> TypeGuard[Sequence[Any]]:
    """Return whether a value is a list or a tuple."""
    return isinstance(value, (list, tuple))


def is_several(value: object) -> TypeGuard[Iterable[Any]]:
    """Return whether a caller gives several values for one, such as a list; no text and no object."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray, Mapping))


def is_mapping(value: object) -> TypeGuard[Mapping[object, Any]]:
    """Return whether a value that a caller gives is a mapping. Its keys may be anything."""
    return isinstance(value, Mapping)


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a value is an object: a mapping, whose keys are texts in JSON."""
    return isinstance(value, Mapping)


class Response(Generic[T_co]):
    """A whole answer: status, headers and body, and the body as the document describes it.

    The body is parsed when `parsed` is read for the first time. So an answer that does not fit the document
    still has its `content`. The printed form shows neither headers nor body. A response can be pickled.

    Attributes:
        status_code: the HTTP status.
        headers: the headers of the answer; their names are case-insensitive.
        content: the body as bytes, decompressed. If it could not be decompressed: the bytes that arrived. If
            it is larger than the limit: its beginning.
        elapsed: seconds from sending the request to the last byte of the answer.
    """

    __slots__ = ("_parsed", "_read", "content", "elapsed", "headers", "status_code")

    def __init__(
        self,
        *,
        status_code: int,
        headers: Mapping[str, str],
        content: bytes,
        read: "Callable[[Response[Any]], T_co | ClientError]",
        elapsed: float = 0.0,
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.elapsed = elapsed
        self._read = read
        self._parsed: T_co | Unset = UNSET

    @property
    def request_id(self) -> str | None:
        """The identifier that the server gave the request; None if it is missing, long or unprintable."""
        for name in _ID_HEADERS:
            value = self.headers.get(name)
            if value:
                return redact(one_line(value, 100))
        return None

    @property
    def parsed(self) -> T_co:
        """The body as the document describes it.

        If the document does not list this success (201 in place of 200), the body is read as that of the
        documented success.

        Raises:
            BodyError: the body cannot be read, or does not fit the document.
            StatusError: the document has no body for this status.
        """
        return self.parse()

    def parse(self) -> T_co:
        """Return `parsed`, as a method.

        Raises:
            BodyError, StatusError: as for `parsed`.
        """
        outcome = self.outcome()
        if isinstance(outcome, ClientError):
            raise outcome
        return outcome

    def outcome(self) -> T_co | ClientError:
        """Return `parsed`, or the error that reading it raises."""
        if isinstance(self._parsed, Unset):
            outcome = self._read(self)
            if isinstance(outcome, ClientError):
                return outcome
            self._parsed = outcome
        return self._parsed

    def json(self) -> Any:
        """Return the body as JSON, even if it does not fit the document.

        It is less strict than `parsed`, so that you can save a value from an answer that `parsed` refuses. It
        accepts any Content-Type, UTF-8, UTF-16 and UTF-32, and NaN. If a name occurs twice, its last value
        counts. An integer with thousands of digits is returned as text.

        Raises:
            UndecodableBodyError: the body is not JSON.
        """
        problem: UndecodableBodyError
        try:
            return json_text.loads_leniently(self.content)
        except json_text.NotJson as error:
            problem = UndecodableBodyError(
                f"the body is no JSON: {error}",
                status_code=self.status_code,
                request_id=self.request_id,
                response=self,
            )
        raise problem

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Response):
            return NotImplemented
        mine = (self.status_code, self.content, list(self.headers.items()))
        return mine == (other.status_code, other.content, list(other.headers.items()))

    def __hash__(self) -> int:
        return hash((self.status_code, self.content))

    def __repr__(self) -> str:
        shown = f"status_code={self.status_code}, headers={MASK}, content=<{len(self.content)} bytes>"
        if not isinstance(self._parsed, Unset):
            shown += f", parsed={self._parsed!r}"
        return f"Response({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Compressed, so that a pickle which is shown somewhere, in the list of a queue for instance, does not
        # show a key in clear text. That hides it from a glance, not from a reader.
        facts = (self.status_code, self.headers, self.content, self.elapsed, self._read)
        return _unpickled, (zlib.compress(pickle.dumps(facts)),)


def _unpickled(packed: bytes) -> Response[Any]:
    # Part of a pickle that is being loaded already: whoever loads it trusts it.
    status, headers, content, elapsed, read = pickle.loads(zlib.decompress(packed))  # noqa: S301
    return Response(
        status_code=status,
        headers=headers,
        content=content,
        read=read,
        elapsed=elapsed,
    )
