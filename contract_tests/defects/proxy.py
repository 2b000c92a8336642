"""Start a proxy before a target that produces one defect.

    python -m contract_tests.defects.proxy NAME http://127.0.0.1:8080

The first line on stdout is the address of the proxy. For a target with TLS, give an https:// address.
"""

import argparse
import http.client
import itertools
import select
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader, BytesIO
from typing import cast
from urllib.parse import urlsplit

from contract_tests.defects.defect import Send, Start
from contract_tests.defects.exchange import Answer, Request
from contract_tests.target.local_server import running

# What belongs to one connection alone (RFC 9110, section 7.6.1), and the length, which is written anew.
_TO_DROP = {"connection", "transfer-encoding", "content-length", "keep-alive"}
_NO_BODY = {204, 304}


class _Behind:
    """The target, with as many connections as requests are on their way at once."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self._idle: deque[http.client.HTTPConnection] = deque()

    def _connection(self) -> http.client.HTTPConnection:
        try:
            connection = self._idle.pop()
        except IndexError:
            secure = self._target.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            connection = kind(self._target.hostname or "", self._target.port, timeout=20)
        if connection.sock is None:
            connection.connect()
            assert connection.sock is not None
            # Head and body of a request leave in two packets.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def send(self, request: Request) -> Answer:
        """Return the target's own answer."""
        headers = {n: v for n, v in request.headers if n.lower() not in _TO_DROP}
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = str(len(request.body))
        try:
            return self._sent(request, headers)
        except ConnectionError:
            # A kept connection that the target has closed in the meantime; the other ones may be as old.
            self.close()
            return self._sent(request, headers)

    def _sent(self, request: Request, headers: dict[str, str]) -> Answer:
        connection = self._connection()
        try:
            connection.request(request.method, request.target, request.body or None, headers)
            answer = connection.getresponse()
            body = answer.read()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        kept = tuple((n, v) for n, v in answer.getheaders() if n.lower() not in _TO_DROP)
        return Answer(answer.status, kept, body)

    def close(self) -> None:
        """Close the connections on which no request is under way."""
        while self._idle:
            self._idle.pop().close()


def unmodified() -> Callable[[Request, Send], Answer]:
    """Return the handler of no defect at all."""
    return lambda request, send: send(request)


def wrapped(send: Send, start: Start) -> Send:
    """Return a defect around anything that answers requests."""
    handle = start()
    return lambda request: handle(request, send)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing where the other side has left; print a fault of a defect itself."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            print(f"proxy: {type(error).__name__}: {error}", file=sys.stderr)


@contextmanager
def standing_before(target: str, start: Start = unmodified) -> Iterator[str]:
    """Start a proxy before the server at `target`, an address without a path; yield its own address."""
    behind = _Behind(target)
    answering = wrapped(behind.send, start)

    numbers = itertools.count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Buffered: head and body leave in one packet, and no acknowledgement is waited for between them.
        wbufsize = -1
        disable_nagle_algorithm = True

        def log_message(self, *arguments: object) -> None:
            """Print nothing: requests hold keys."""

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._forward
            raise AttributeError(name)

        def setup(self) -> None:
            """Count the connections."""
            super().setup()
            self.number = next(numbers)
            self.overtaken = b""

        def _waits(self) -> bool:
            """Return whether the client has sent more."""
            self.connection.setblocking(False)
            try:
                return bool(cast("BufferedReader", self.rfile).peek(1))
            finally:
                self.connection.setblocking(True)

        def _is_left(self) -> bool:
            readable = select.select([self.connection], [], [], 0)[0]
            try:
                return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
            except ConnectionError:
                return True

        def _body(self) -> bytes:
            """Read the body by its length or by its chunks (RFC 9112, section 7.1)."""
            if (self.headers.get("Transfer-Encoding") or "").strip().lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline(100).partition(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline(3)
            while self.rfile.readline(1000).strip():
                pass
            return b"".join(parts)

        def _request(self, body: bytes) -> Request:
            headers = tuple(self.headers.items())
            return Request(self.command, self.path, headers, body, self.number, self._is_left)

        def _forward(self) -> None:
            body = self._body()
            answer = answering(self._request(body))
            if answer.dropped:
                # Zero seconds to linger: a reset and no polite end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            usual, self.wfile = self.wfile, BytesIO()
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            length = str(len(answer.body)) if answer.length is None else answer.length
            if answer.status not in _NO_BODY:
                self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD" and answer.status not in _NO_BODY:
                self.wfile.write(answer.body)
            written, self.wfile = self.wfile, usual
            if answer.overtaken and not self.overtaken and self._waits():
                self.overtaken = written.getvalue()
            else:
                self.wfile.write(written.getvalue() + self.overtaken)
                self.overtaken = b""
            self.wfile.flush()
            self.close_connection = answer.length is not None

    server = _Server(("127.0.0.1", 0), Handler)
    try:
        with running(server) as address:
            yield address
    finally:
        behind.close()


def main() -> int:
    """Run the proxy before a target until interrupted.

    Returns:
        0 after an interruption, 2 if there is no such defect.
    """
    from contract_tests.novapost.defects.catalogue import CATALOGUE

    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.defects.proxy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("defect", help="the name of a defect in the catalogue, or unmodified")
    parser.add_argument("target", help="the address of the target, without a path")
    arguments = parser.parse_args()
    names: dict[str, Start] = {"honest": unmodified, "unmodified": unmodified} | {
        defect.name: defect.start for defect in CATALOGUE
    }
    if arguments.defect not in names:
        print(f"error: no defect named {arguments.defect!r}; make defects ARGS=--list", file=sys.stderr)
        return 2
    with standing_before(arguments.target, names[arguments.defect]) as address:
        print(address, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
