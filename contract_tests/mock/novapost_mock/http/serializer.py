"""A reply as the bytes of an HTTP/1.1 message."""

import functools
import http
import re

from novapost_mock.messages import Headers, Reply

_REASONS = {status.value: status.phrase for status in http.HTTPStatus}
_BREAKS = re.compile(r"[\r\n\0]")
# RFC 9110, 6.4.1 and 8.6: no content, and no length that would speak of one.
_WITHOUT_CONTENT = frozenset({204, 304})


@functools.lru_cache(maxsize=1024)
def head(status: int, headers: Headers, size: int, connection: str) -> bytes:
    """Return status line and headers, without the empty line that ends them.

    Args:
        status: the HTTP status.
        headers: as the reply has them. White space that would end a line becomes a space: what a header
            holds may come from a document, and must not become a header of its own.
        size: bytes of content, for a reply that does not tell its length.
        connection: the value of `Connection`; empty for none.
    """
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, '')}"]
    named = {name.lower() for name, _ in headers}
    shown = [pair for pair in headers if not _is_ours(pair[0], status)]
    if status not in _WITHOUT_CONTENT and "content-length" not in named:
        shown.append(("Content-Length", str(size)))
    if connection:
        shown.append(("Connection", connection))
    lines += [f"{_BREAKS.sub(' ', name)}: {_BREAKS.sub(' ', value)}" for name, value in shown]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1", "replace")


def _is_ours(name: str, status: int) -> bool:
    # How the connection and the message are framed is not for a document to say.
    lower = name.lower()
    if lower == "content-length":
        return status in _WITHOUT_CONTENT
    return lower in ("connection", "transfer-encoding", "keep-alive", "date")


def message(reply: Reply, date: bytes, connection: str = "") -> tuple[bytes, bytes]:
    """Return the head with its empty line, and the content.

    Args:
        reply: the reply; its `delivery` is not looked at.
        date: the `Date` line with its line break (RFC 9110, 6.6.1).
        connection: the value of `Connection`; empty for none.
    """
    content = b"" if reply.status in _WITHOUT_CONTENT else reply.body
    return head(reply.status, reply.headers, len(content), connection) + date + b"\r\n", content
