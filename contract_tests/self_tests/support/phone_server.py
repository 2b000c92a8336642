"""A server on this machine whose answer names the phone that was asked for, so that a mix-up shows."""

import http.server
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from contract_tests.target.local_server import running

PHONE = "4915228817386"


def key_of(phone: str) -> str:
    """Return the key that the server gives out for a phone."""
    return phone.rjust(40, "0")


class PhoneServer(http.server.ThreadingHTTPServer):
    """Answers `POST /test-api-keys` and `GET /clients/authorization`, each after a delay in seconds."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, delay: Callable[[str], float], tls: ssl.SSLContext | None) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.delay = delay
        self.tls = tls
        # How many connections were accepted, and what was asked: path, and headers in small letters.
        self.accepted = 0
        self.asked: list[tuple[str, list[tuple[str, str]]]] = []

    @property
    def address(self) -> str:
        """The address for a client."""
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.server_address[1]}/v.1.0"

    def get_request(self) -> tuple[Any, Any]:
        """Accept a connection."""
        connection, address = super().get_request()
        self.accepted += 1
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that give up."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PhoneServer

    def _answer(self, body: dict[str, Any]) -> None:
        headers = [(name.lower(), value) for name, value in self.headers.items()]
        self.server.asked.append((self.path, headers))
        time.sleep(self.server.delay(self.path))
        content = json.dumps(body).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        self.wfile.write(head.encode() + content)

    def do_POST(self) -> None:
        """Give the key of the phone."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer(
            {
                "apiKey": key_of(json.loads(body)["phone"]),
                "createdAt": "2026-01-01T10:00:00Z",
                "expDate": "2027-01-01T23:59:59Z",
                "status": "Active",
            }
        )

    def do_GET(self) -> None:
        """Give a token."""
        self._answer({"jwt": "a.b.c"})

    def log_message(self, *ignored: object) -> None:
        """Say nothing."""


@contextmanager
def phone_server(
    delay: float | Callable[[str], float] = 0.0, tls: ssl.SSLContext | None = None
) -> Iterator[PhoneServer]:
    """Run a server in a thread; `delay` may depend on the path."""
    server = PhoneServer(delay if callable(delay) else lambda _: delay, tls)
    with running(server):
        yield server
