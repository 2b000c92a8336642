"""The few values that every package has beside its models."""

import io
from collections.abc import Collection, Mapping, Sequence
from typing import IO, Any, BinaryIO, Generic, Literal, TypeGuard, TypeVar

from .redaction import MASK, redact

T_co = TypeVar("T_co", covariant=True)

# What httpx takes as a part of a multipart body.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


class Unset:
    """The type of UNSET: a field that is not there, which is something else than null."""

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
    """Bytes that travel: a part of a multipart body, a body that is no JSON, or an answer such as a PDF.

    Attributes:
        payload: a binary stream at its beginning.
        file_name: the name to send, or the one that came with the answer, without any folder.
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
        """All bytes, from the beginning, as often as asked."""
        if self.payload.seekable():
            self.payload.seek(0)
        return self.payload.read()

    def to_tuple(self) -> FileTypes:
        """What httpx takes as a part of a multipart body."""
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
    """Whether a value is an array. `isinstance` alone leaves open of what, to some type checkers."""
    return isinstance(value, list)


def is_row(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether a value is a list or a tuple."""
    return isinstance(value, (list, tuple))


def is_several(value: object) -> TypeGuard[Collection[Any]]:
    """Whether a caller gives several values for one: a list, a tuple or a set."""
    return isinstance(value, (list, tuple, set, frozenset))


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is an object: a mapping, whose keys are texts in JSON."""
    return isinstance(value, Mapping)


class Response(Generic[T_co]):
    """A whole answer: what was parsed, and what it was parsed from.

    Attributes:
        status_code: the HTTP status.
        headers: the headers of the answer; names in any case find their value.
        content: the body as bytes, uncompressed.
        parsed: the body as the document describes it.
        elapsed: seconds from sending to the last byte.
        request_id: the identifier that the server gave the request, or None.
    """

    __slots__ = ("content", "elapsed", "headers", "parsed", "request_id", "status_code")

    def __init__(
        self,
        *,
        status_code: int,
        headers: Mapping[str, str],
        content: bytes,
        parsed: T_co,
        elapsed: float = 0.0,
        request_id: str | None = None,
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.parsed = parsed
        self.elapsed = elapsed
        self.request_id = request_id

    def __repr__(self) -> str:
        shown = f"status_code={self.status_code}, headers={MASK}, content=<{len(self.content)} bytes>"
        return f"Response({shown}, parsed={self.parsed!r})"
