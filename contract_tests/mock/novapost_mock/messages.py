"""Requests and replies as plain values, independent of sockets and frameworks.

Their `repr` hides their content, because a repr gets into logs and into the output of failing tests. Queries
and bodies contain keys, bodies and control paths contain phones, and headers contain tokens.
"""

import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, unquote

Headers = tuple[tuple[str, str], ...]

MAX_BODY = 64 * 1024
"""Longest request body that the rules look at, in bytes."""

MAX_TAKEN = 1024 * 1024
"""Longest one that operations without rules take, among them those for files. An adapter may hand over one
byte more and no further: that is how they learn that there was too much."""

SHORT = 256
"""Paths and queries up to this length are taken apart once and remembered, the latest ones."""

_KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_HARMLESS_SEGMENT = re.compile(r"(?!.*\d{3})[A-Za-z_.-][A-Za-z0-9_.-]{0,29}")


def _values(headers: Headers, name: str) -> list[str]:
    wanted = name.lower()
    return [value for key, value in headers if key.lower() == wanted]


# Callers come back with the same paths and keys.
@functools.lru_cache(maxsize=512)
def _segments(path: str) -> tuple[str, ...]:
    return tuple(unquote(segment) for segment in path.removeprefix("/").split("/"))


@functools.lru_cache(maxsize=512)
def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors="replace")


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One request, as it was received.

    Attributes:
        method: as sent; methods are case-sensitive (RFC 9110, 9.1).
        path: as sent, percent-encoding included, from the first slash.
        query: as sent, without the question mark.
        headers: name and value pairs in the order sent; a name may occur more than once.
        body: the bytes, or the first `MAX_TAKEN` + 1 bytes of a longer body.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header_values(self, name: str) -> list[str]:
        """Return every value of a header; its name is matched without regard to case."""
        return _values(self.headers, name)

    def parameter_values(self, name: str) -> list[str]:
        """Return every decoded value of a query parameter; `?name` without `=` counts as empty.

        Bytes that are not UTF-8 become U+FFFD, so that every query can be read.
        """
        pairs = _pairs(self.query) if len(self.query) <= SHORT else _pairs.__wrapped__(self.query)
        return [value for key, value in pairs if key == name]

    def segments(self) -> tuple[str, ...]:
        """Return the decoded segments of the path.

        The path is split before it is decoded, so that an encoded slash stays inside its segment.
        """
        return _segments(self.path) if len(self.path) <= SHORT else _segments.__wrapped__(self.path)

    def __repr__(self) -> str:
        method = self.method if self.method in _KNOWN_METHODS else "…"
        path = "/".join(s if not s or _HARMLESS_SEGMENT.fullmatch(s) else "…" for s in self.path.split("/"))
        return f"<Request {method} {path}, {len(self.body)} bytes>"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a fault changes the sending of a reply.

    Attributes:
        delay_seconds: the pause before anything is sent.
        reset_after: the connection is reset after this number of bytes of the body; before the status line
            if -1.
        cut_after: the connection is closed normally after this number of bytes of the body, although
            `Content-Length` announces all of them.
        drip_bytes: the body is sent in pieces of this number of bytes; in one piece if 0.
        drip_seconds: the pause before each piece.
        raw: bytes that are sent in place of the reply; then the connection is closed.
        is_timeout: nothing is sent, so the caller's time-out ends the call; in process it ends at once.
    """

    delay_seconds: float = 0.0
    reset_after: int | None = None
    cut_after: int | None = None
    drip_bytes: int = 0
    drip_seconds: float = 0.0
    raw: bytes | None = None
    is_timeout: bool = False


class Origin(NamedTuple):
    """The origin of a reply, for the journal.

    Attributes:
        operation: the operationId of the called operation; empty if the document has no such operation.
        rule: the id of the rule that decided (see `rules.toml`). If no rule decided: `body-readable`; `path`
            or `method` if the document does not have it; `prefer` if a Prefer header asked for the answer;
            `schema` if the document alone decided; `fault`; `failure` for an error of the mock; `control`.
        fault: the names of the fault that acted, joined by a plus; empty if no fault acted.
    """

    operation: str = ""
    rule: str = ""
    fault: str = ""


UNKNOWN = Origin()


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """One answer.

    Attributes:
        status: the HTTP status.
        headers: name and value pairs, with `Content-Length` if the length is known.
        body: the bytes that are sent.
        delivery: how a fault changes its sending; None without such a fault. The adapters do this.
        origin: its origin, which is not sent and not compared.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery | None = None
    origin: Origin = field(default=UNKNOWN, compare=False)

    @classmethod
    def of_json(
        cls,
        status: int,
        value: object,
        headers: Iterable[tuple[str, str]] = (),
        origin: Origin = UNKNOWN,
    ) -> Self:
        """Build a reply with a JSON value, its content type and its length."""
        body = json.dumps(value).encode("ascii")
        described = (("Content-Type", "application/json"), ("Content-Length", str(len(body))))
        return cls(status, (*described, *headers), body, None, origin)

    def json(self) -> Any:
        """Return the body as a JSON value.

        Raises:
            ValueError: the body is not JSON.
        """
        return json.loads(self.body)

    def header_values(self, name: str) -> list[str]:
        """Return every value of a header; its name is matched without regard to case."""
        return _values(self.headers, name)

    def with_header(self, name: str, value: str) -> Self:
        """Return the same reply with one more header."""
        return replace(self, headers=(*self.headers, (name, value)))

    def without_body(self) -> Self:
        """Return the reply to HEAD: the headers as for GET, its length too, and no body (RFC 9110, 9.3.2)."""
        return replace(self, body=b"")

    def __repr__(self) -> str:
        return f"<Reply {self.status}, {len(self.body)} bytes>"
