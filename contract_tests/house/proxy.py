"""A proxy that stands between the suite and a target and breaks one promise."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_TO_DROP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@dataclass(frozen=True)
class Passing:
    """An answer on its way back, with what it answers."""

    method: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    # What Content-Length says; another number than the body has cuts the answer.
    length: int | None = None

    def with_header(self, name: str, value: str | None) -> "Passing":
        """The same with one header replaced, or taken away."""
        kept = tuple((n, v) for n, v in self.headers if n.lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))


Defect = Callable[[Passing], Passing]


def honest(passing: Passing) -> Passing:
    """No defect at all."""
    return passing


@contextmanager
def standing_before(target: str, defect: Defect) -> Iterator[str]:
    """A proxy before the server at `target`, an address without a path; its own address."""
    behind = urlsplit(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Buffered: head and body leave in one packet, and no acknowledgement is waited for between them.
        wbufsize = -1

        def log_message(self, *arguments: object) -> None:
            """Quiet: requests hold keys."""

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._forward
            raise AttributeError(name)

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = http.client.HTTPConnection(behind.hostname or "", behind.port, timeout=20)
            try:
                headers = {n: v for n, v in self.headers.items() if n.lower() not in _TO_DROP}
                connection.request(
                    self.command, self.path, body, headers | {"Content-Length": str(len(body))}
                )
                answer = connection.getresponse()
                kept = tuple((n, v) for n, v in answer.getheaders() if n.lower() not in _TO_DROP)
                passing = Passing(self.command, self.path, answer.status, kept, answer.read())
            finally:
                connection.close()
            self._answer(passing if self.path.startswith("/__mock__") else defect(passing))

        def _answer(self, passing: Passing) -> None:
            self.send_response_only(passing.status)
            for name, value in passing.headers:
                self.send_header(name, value)
            length = len(passing.body) if passing.length is None else passing.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(passing.body)
            self.wfile.flush()
            self.close_connection = length != len(passing.body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
