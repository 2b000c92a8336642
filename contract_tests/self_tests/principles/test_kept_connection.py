"""Where a connection ends without an answer, and where a server says that it closes."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from contract_tests.principles.kept_connection import turns
from contract_tests.target.local_server import running


@contextmanager
def server(last: int, *, says_so: bool) -> Iterator[str]:
    """Answer so many requests of each connection; after those close it, or drop the next one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            self.count = 0

        def do_GET(self) -> None:
            self.count += 1
            if self.count > last:
                self.close_connection = True
                return
            self.send_response_only(200)
            if says_so and self.count == last:
                self.send_header("Connection", "close")
            self.send_header("Content-Length", "1")
            self.end_headers()
            self.wfile.write(b"1")

        def log_message(self, *ignored: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with running(server) as address:
        yield f"{address}/"


@pytest.mark.parametrize("last", [1, 3, 19])
def test_a_request_that_a_connection_swallows_is_told_with_its_number(last: int) -> None:
    with server(last, says_so=False) as address:
        seen = list(turns(httpx.Request("GET", address), 25))

    assert [turn.number for turn in seen] == list(range(1, last + 2))
    assert [turn.answer is None for turn in seen] == [False] * last + [True]


def test_a_server_may_say_that_it_closes() -> None:
    """RFC 9112, section 9.6: who says so beforehand loses nobody's request."""
    with server(5, says_so=True) as address:
        seen = list(turns(httpx.Request("GET", address), 12))

    assert [turn.number for turn in seen] == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]
    assert all(turn.answer is not None for turn in seen)
