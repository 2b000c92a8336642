"""A request as it stands on the wire: every byte is chosen here and not by a library."""

import http.client
import re
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlsplit

import httpx

from contract_tests.target.transport import LARGEST_ANSWER, TIMEOUT, trust

Headers = tuple[tuple[str, str], ...]
# Between two segments, so that the network does not join them.
_PAUSE_SECONDS = 0.003


@dataclass(frozen=True)
class RawRequest:
    """A request before it is written.

    Attributes:
        url: the whole address.
        headers: names as they are to be written, without Host and without the length of the body.
        version: "1.1" or "1.0".
        chunks: sizes of the chunks of the body, repeated to its end; () for a body with Content-Length.
        segments: in how many pieces the bytes leave.
        keeps: whether the connection is to stay open for another request.
        spelled: the names of the spellings that made it, in order.
    """

    method: str
    url: str = field(repr=False)
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    version: str = "1.1"
    chunks: tuple[int, ...] = ()
    segments: int = 1
    keeps: bool = False
    spelled: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: httpx.Request) -> Self:
        """Return the plain spelling of a request: as httpx writes it, on a connection of its own."""
        left_out = {"host", "content-length", "connection", "transfer-encoding"}
        kept = tuple((n, v) for n, v in request.headers.multi_items() if n.lower() not in left_out)
        named = tuple((n.title(), v) for n, v in kept)
        return cls(request.method, str(request.url), named, request.read())

    def with_header(self, name: str, value: str) -> Self:
        """Return the same with one header more, in place of one of that name."""
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def without_header(self, name: str) -> Self:
        """Return the same without the headers of a name."""
        return replace(self, headers=tuple((n, v) for n, v in self.headers if n.lower() != name.lower()))

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def written(self) -> list[bytes]:
        """Return the bytes, in the pieces in which they leave."""
        whole = self.whole()
        size = max(1, -(-len(whole) // self.segments))
        return [whole[at : at + size] for at in range(0, len(whole), size)]

    def whole(self) -> bytes:
        """Return all bytes."""
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"{self.method} {target} HTTP/{self.version}", f"{self._name('Host')}: {parts.netloc}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        body = self.body
        if self.chunks and self.body:
            lines.append(f"{self._name('Transfer-Encoding')}: chunked")
            body = b"".join(self._chunked())
        elif self.body or self.method in ("POST", "PUT", "PATCH"):
            lines.append(f"{self._name('Content-Length')}: {len(self.body)}")
        # HTTP/1.0 ends a connection by itself (RFC 9112, section 9.3).
        if self.version != "1.0" and not self.keeps:
            lines.append(f"{self._name('Connection')}: close")
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body

    def _chunked(self) -> list[bytes]:
        pieces, at, number = [], 0, 0
        while at < len(self.body):
            size = self.chunks[number % len(self.chunks)]
            piece = self.body[at : at + size]
            pieces.append(b"%x\r\n%s\r\n" % (len(piece), piece))
            at, number = at + size, number + 1
        return [*pieces, b"0\r\n\r\n"]

    def _name(self, name: str) -> str:
        """Write a header's name as the others are written."""
        if self.headers and all(n == n.lower() for n, _ in self.headers):
            return name.lower()
        if self.headers and all(n == n.upper() for n, _ in self.headers):
            return name.upper()
        return name

    def command(self, hidden: Mapping[str, str]) -> str:
        """Return a command for a shell that sends the same bytes.

        Args:
            hidden: texts that are not shown, each with the variable of a shell that stands for it.
        """
        return in_a_shell(self.url, [self.whole()], hidden)


def in_a_shell(url: str, contents: Sequence[bytes], hidden: Mapping[str, str]) -> str:
    """Return a command for a shell that sends bytes over one connection.

    Args:
        url: an address of the server.
        contents: what is sent, with a pause between the parts.
        hidden: texts that are not shown, each with the variable of a shell that stands for it.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    tool = "openssl s_client -quiet -connect" if parts.scheme == "https" else "nc"
    place = f"{parts.hostname}:{port}" if parts.scheme == "https" else f"{parts.hostname} {port}"
    said = "; sleep 0.2; ".join(_printed(each, hidden) for each in contents)
    return f"{said if len(contents) == 1 else f'({said})'} | {tool} {place}"


def _printed(content: bytes, hidden: Mapping[str, str]) -> str:
    text, pieces = content.decode("latin-1"), []
    spelt = {
        re.compile("".join(map(_spelt, secret))): variable for secret, variable in hidden.items() if secret
    }
    while spelt and text:
        found = [(match, variable) for one, variable in spelt.items() if (match := one.search(text))]
        if not found:
            break
        match, variable = min(found, key=lambda each: (each[0].start(), -each[0].end()))
        # Out of the single quotes, in which a shell puts nothing in place of a variable.
        pieces += [_quotable(text[: match.start()]), f"'\"{variable}\"'"]
        text = text[match.end() :]
    return f"printf '{''.join([*pieces, _quotable(text)])}'"


def sent_whole(connection: socket.socket, piece: bytes) -> bool:
    """Send a piece and tell whether it left: a server may refuse a request before it has read it."""
    try:
        connection.sendall(piece)
    except TimeoutError:
        raise
    except OSError:
        return False
    return True


def _spelt(char: str) -> str:
    """Return a pattern of a character as it is, or with the escapes of an address or of JSON."""
    percent = "".join(f"%{byte:02x}" for byte in char.encode())
    literal = re.escape(char.encode().decode("latin-1"))
    return f"(?:{literal}|(?i:{percent}|{re.escape(chr(92))}u{ord(char):04x}))"


def _quotable(text: str) -> str:
    return "".join(c if " " <= c < "\x7f" and c not in "\\'%" else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    known = {"\r": "\\r", "\n": "\\n", "%": "%%", "\\": "\\\\"}
    return known.get(char) or f"\\{ord(char) & 255:03o}"


class Answer(http.client.HTTPResponse):
    """The last answer to a request: what came before it, such as 103, only announces it (RFC 9110, 15.2)."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status == 101 or not 100 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


def send_raw(request: RawRequest) -> tuple[httpx.Response, float]:
    """Send a request on a connection of its own and read the answer.

    Returns:
        The answer, and the seconds from the first byte sent to the last one read.

    Raises:
        httpx.TransportError: no whole answer came.
    """
    with raised_as_httpx(), connected(request.url) as connection:
        begun = time.perf_counter()
        for number, piece in enumerate(request.written()):
            if number:
                time.sleep(_PAUSE_SECONDS)
            if not sent_whole(connection, piece):
                break
        answer = Answer(connection, method=request.method)
        answer.begin()
        if request.version == "1.0" and answer.getheader("transfer-encoding"):
            # A client of HTTP/1.0 takes the sizes of the chunks for content (RFC 9112, section 6.1).
            raise http.client.HTTPException("chunks for a client of HTTP/1.0")
        response = as_httpx(answer)
        return response, time.perf_counter() - begun


@contextmanager
def raised_as_httpx() -> Iterator[None]:
    """Raise as httpx does whatever goes wrong with a connection."""
    try:
        yield
    except TimeoutError as error:
        raise httpx.ReadTimeout("timed out") from error
    except (OSError, http.client.HTTPException) as error:
        raise httpx.ReadError(f"{type(error).__name__}: {error}") from error


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    """Connect to the server of an address; close the connection in the end.

    Raises:
        httpx.ConnectError: nobody is there.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    place = parts.hostname or "", parts.port or (443 if secure else 80)
    try:
        connection = socket.create_connection(place, timeout=TIMEOUT)
    except OSError as error:
        raise httpx.ConnectError(str(error)) from error
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not secure:
            yield connection
            return
        with trust().wrap_socket(connection, server_hostname=place[0]) as wrapped:
            yield wrapped


def as_httpx(answer: Answer) -> httpx.Response:
    """Read the content of an answer whose head has been read."""
    body = answer.read(LARGEST_ANSWER)
    # What the length was on the wire no longer matters, and httpx would unpack what is packed.
    headers = [(n, v) for n, v in answer.getheaders() if n.lower() != "content-encoding"]
    version = {"http_version": b"HTTP/1.0" if answer.version == 10 else b"HTTP/1.1"}
    return httpx.Response(answer.status, headers=headers, content=body, extensions=version)
