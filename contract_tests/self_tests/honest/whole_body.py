"""The body of a request to a server of the standard library, which reads none by itself."""

from http.server import BaseHTTPRequestHandler


class TooLargeError(Exception):
    """A body is larger than its reader takes; the rest of it was not read."""


def whole_body(handler: BaseHTTPRequestHandler, most: int = 10_000_000) -> bytes:
    """Read the body of a request, counted or in chunks (RFC 9112, section 7.1).

    Args:
        most: how many bytes are taken.

    Raises:
        TooLargeError: there are more.
    """
    if not handler.headers.get("Transfer-Encoding"):
        size = int(handler.headers.get("Content-Length") or 0)
        if size > most:
            raise TooLargeError
        return handler.rfile.read(size)
    whole = b""
    while size := int(handler.rfile.readline(100).split(b";")[0], 16):
        whole += handler.rfile.read(size)
        handler.rfile.readline(10)
        if len(whole) > most:
            raise TooLargeError
    while handler.rfile.readline(1000).strip():
        pass
    return whole
