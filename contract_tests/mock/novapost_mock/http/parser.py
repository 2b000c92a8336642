"""Bytes of a connection, read as HTTP/1.1 requests. No socket is known here.

llhttp, through httptools, does the parsing and is strict where request smuggling begins: a length beside a
transfer coding, two lengths, folded headers, bare line feeds, white space before a colon, chunk sizes that
overflow (RFC 9112, 2.2, 5.1, 5.2, 6.3, 7.1). What it leaves open is decided here: the versions, one coding
only, and how long a target, a head and a body may be.

A client that keeps its connection sends the same head again and again. Heads are therefore remembered by
their exact bytes once the parser has taken them; a whole request with such a head is not parsed again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import httptools

from novapost_mock.messages import MAX_TAKEN, Headers, Reply, Request

MAX_TARGET = 256 * 1024
"""Longest request target in bytes; RFC 9112, 3 asks for 8000 at least. Documents allow lists of texts of some
thousand letters in a query, and a letter can take twelve bytes there."""

MAX_HEAD = 288 * 1024
MAX_HEADERS = 100
"""Bounds of a head: bytes, and number of header lines."""

MAX_DRAINED = 4 * 1024 * 1024
"""How much of a body that is too large is still taken off the wire, framing included. Closing a connection on
unread bytes resets it, and the client may lose the answer that tells it why (RFC 9112, 9.6)."""

REMEMBERED_HEADS = 512
REMEMBERED_BYTES = 2048
"""How many heads are remembered, and how long one may be: a megabyte at most."""


@dataclass(slots=True, eq=False, repr=False)
class Head:
    """What stands before a body, read.

    Attributes:
        method: as sent.
        path: from the first slash, percent-encoding included, also when the target was in absolute form.
        query: without the question mark.
        headers: in the order sent.
        authority: host and port of a target in absolute form; None for every other form.
        length: announced bytes of body; -1 when it comes in chunks.
        is_old: HTTP/1.0.
        stays: the client wants to keep the connection.
        wants_continue: the body comes only after `100 Continue` (RFC 9110, 10.1.1).
        refusal: the answer whatever the body holds; None if the request is let in.
        origin: the origin whose pages may read the answer; None if there is none to be told.
    """

    method: str
    path: str
    query: str
    headers: Headers
    authority: str | None
    length: int
    is_old: bool
    stays: bool
    wants_continue: bool
    refusal: Reply | None = None
    origin: str | None = None

    def values(self, name: str) -> list[str]:
        """Return every value of a header; `name` is in lower case."""
        return [value for key, value in self.headers if key.lower() == name]


Admission = Callable[[Head], Reply | None]
"""Lets a request in (None) or says how it is refused."""


@dataclass(slots=True, eq=False, repr=False)
class Message:
    """A request to be answered. `is_whole` is False when some of its body is still to come and not wanted."""

    head: Head
    request: Request
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Broken:
    """What came cannot be read further: the answer, after which the connection ends."""

    status: int
    text: str


Event = Message | Broken | Literal["continue"]

NOT_HTTP = Broken(400, "The request is not valid HTTP/1.1")
WRONG_VERSION = Broken(400, "The mock speaks HTTP/1.1 and HTTP/1.0")
WRONG_CODING = Broken(400, "The only transfer coding is chunked")
LONG_TARGET = Broken(414, f"The request target is longer than {MAX_TARGET} bytes")
LARGE_HEAD = Broken(431, f"The headers are larger than {MAX_HEAD} bytes or more than {MAX_HEADERS}")


class _StopError(Exception):
    """Ends the parser's work from within its callbacks."""


@dataclass(slots=True)
class Heads:
    """Remembered heads by their bytes; shared by the connections of one server."""

    admission: Admission
    known: dict[bytes, Head] = field(default_factory=dict)

    def remember(self, content: bytes, head: Head) -> None:
        """Remember a head that can stand for its bytes: with a plain length, and answered after its body."""
        if len(content) <= REMEMBERED_BYTES and head.length >= 0 and not head.wants_continue:
            if len(self.known) >= REMEMBERED_HEADS:
                self.known.clear()  # cheaper than knowing which is old, and a busy client is back at once
            self.known[content] = head


class Reader:
    """Reads the requests of one connection.

    Attributes:
        phase: `between` requests, in a `head`, in a `body`, or `done`: nothing more is read.
    """

    def __init__(self, heads: Heads) -> None:
        self.phase: str = "between"
        self._heads = heads
        self._known = heads.known
        self._parser = httptools.HttpRequestParser(self)
        self._events: list[Event] = []
        self._chunk = b""
        self._is_first = False
        self._is_rest = False
        self._taken = 0
        self._target = bytearray()
        self._headers: list[tuple[str, str]] = []
        self._head: Head | None = None
        self._body = bytearray()

    def whole(self, data: bytes) -> Message | None:
        """Return the request if `data` is one whole request with a remembered head; else read nothing."""
        if self.phase == "between":
            end = data.find(b"\r\n\r\n") + 4
            head = self._known.get(data[:end])
            if head is not None and end + head.length == len(data):
                if not head.stays:
                    self.phase = "done"
                return Message(head, Request(head.method, head.path, head.query, head.headers, data[end:]))
        return None

    def feed(self, data: bytes) -> list[Event]:
        """Read what came.

        Args:
            data: the next bytes of the connection.

        Returns:
            What follows from them, in order. A `Broken` is the last one ever.
        """
        if self.phase == "done":
            return []
        self._events = []
        self._chunk, self._is_first = data, self.phase == "between"
        if self._is_first:
            self._taken = 0
            if data.strip(b"\r\n"):
                self.phase = "head"
        self._taken += len(data)
        try:
            self._parse(data)
        except httptools.HttpParserError:
            if self.phase != "done":
                self._break(NOT_HTTP)
        self._chunk = b""
        if self.phase == "head" and self._taken > MAX_HEAD:
            self._break(LARGE_HEAD)
        elif self.phase == "body" and self._taken > MAX_DRAINED:
            # All of it counts, so that chunks of one byte with long extensions end as well.
            self._finish(b"." * (MAX_TAKEN + 1), is_whole=False)
        return self._events

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # Another protocol was offered, as Java's client does with each first request. We stay with this
            # one (RFC 9110, 7.8); llhttp is no longer interested in the body, so a new parser reads it.
            self._parser = httptools.HttpRequestParser(self)
            if self._head is not None and self._head.length:
                framing = b"Transfer-Encoding: chunked"
                if self._head.length > 0:
                    framing = b"Content-Length: %d" % self._head.length
                self._is_rest = True
                self._parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n\r\n")
                self._is_rest = False
            self._is_first = False
            if rest := data[upgrade.args[0] :]:
                self._parse(rest)

    def _break(self, broken: Broken) -> None:
        self.phase = "done"
        self._events.append(broken)

    def _stop(self, broken: Broken) -> None:
        self._break(broken)
        raise _StopError

    # Callbacks of the parser. What they raise ends its work with an HttpParserError.

    def on_message_begin(self) -> None:
        """Begin a message."""
        if self._is_rest:
            return
        if self.phase == "done":
            raise _StopError
        self.phase = "head"
        self._target.clear()
        self._headers = []
        self._head = None
        self._body = bytearray()

    def on_url(self, part: bytes) -> None:
        """Add a part of the target."""
        if self._is_rest:
            return
        self._target += part
        if len(self._target) > MAX_TARGET:
            self._stop(LONG_TARGET)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header."""
        if self._head is not None:
            return  # a trailer, or the head that stands in after an offered upgrade
        self._headers.append((name.decode("latin-1"), value.decode("latin-1").strip(" \t")))
        if len(self._headers) > MAX_HEADERS:
            self._stop(LARGE_HEAD)

    def on_headers_complete(self) -> None:
        """Judge the head."""
        if self._is_rest:
            return
        head = self._head = self._read_head()
        head.refusal = self._heads.admission(head)
        self.phase = "body"
        if self._is_first:
            self._is_first = False
            end = self._chunk.find(b"\r\n\r\n") + 4
            self._taken = len(self._chunk) - end
            # Empty lines may stand before a request (RFC 9112, 2.2); with them the bytes are not the head's.
            if self._chunk[0] >= 65 and not self._parser.should_upgrade():
                self._heads.remember(self._chunk[:end], head)
        else:
            self._taken = 0
        if head.wants_continue:
            if head.refusal is not None or head.length > MAX_TAKEN:
                # Reading would tell the client to go ahead; answering first spares it the way.
                self._finish(b"." * (MAX_TAKEN + 1) if head.length > MAX_TAKEN else b"", is_whole=False)
                raise _StopError
            if head.length:
                self._events.append("continue")

    def _read_head(self) -> Head:
        size = len(self._target) + sum(len(name) + len(value) + 4 for name, value in self._headers)
        if size > MAX_HEAD:
            self._stop(LARGE_HEAD)
        version = self._parser.get_http_version()
        if version not in ("1.0", "1.1"):
            self._stop(WRONG_VERSION)
        target, _, query = self._target.decode("latin-1").partition("?")
        authority = None
        if not target.startswith("/") and "://" in target:
            # The absolute form, which clients send to a proxy and every server understands (RFC 9112, 3.2.2).
            authority, _, path = target.partition("://")[2].partition("/")
            target = f"/{path}"
        head = Head(
            self._parser.get_method().decode("ascii"),
            target,
            query,
            tuple(self._headers),
            authority,
            0,
            version == "1.0",
            self._parser.should_keep_alive(),
            False,
        )
        codings = head.values("transfer-encoding")
        if codings:
            if head.is_old or [coding.lower() for coding in codings] != ["chunked"]:
                self._stop(WRONG_CODING)
            head.length = -1
        elif lengths := head.values("content-length"):
            head.length = int(lengths[0])  # digits, once, and no overflow: llhttp saw to it
        expected = "".join(head.values("expect")).lower()
        head.wants_continue = not head.is_old and expected == "100-continue"
        return head

    def on_body(self, part: bytes) -> None:
        """Add a part of the body, up to the limit."""
        missing = MAX_TAKEN + 1 - len(self._body)
        if missing > 0:
            self._body += part[:missing]

    def on_message_complete(self) -> None:
        """End a message."""
        if self._is_rest or self._head is None:
            return
        if self._parser.should_upgrade() and self._head.length:
            return  # see _parse
        self._finish(bytes(self._body), is_whole=True)

    def _finish(self, body: bytes, *, is_whole: bool) -> None:
        assert self._head is not None  # a message ends after its head
        head = self._head
        request = Request(head.method, head.path, head.query, head.headers, body)
        self._events.append(Message(head, request, is_whole))
        self._head, self._body, self._taken = None, bytearray(), 0
        self.phase = "between" if is_whole and head.stays else "done"
