"""A fake sandbox: the mock in another process, behind TLS, slow, sometimes down, read otherwise.

It differs from the mock as we start it in whatever a real server may differ in: the strict reading of
daily-limit, dates with other digits, answers that take a while, a 503 now and then.
"""

import http.client
import json
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trustme

from contract_tests.self_tests.support.mock_process import started
from contract_tests.target.local_server import running

# Reserved for fiction by the Bundesnetzagentur, but of a range that the guest's list leaves out.
OWN = "491729925904"
_TO_DROP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """All of it as text."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.headers)
        return f"{self.method} {self.path}\n{headers}\n\n{self.body.decode('latin-1')}"


Change = Callable[[Seen, int, bytes], tuple[int, bytes]]


def unchanged(seen: Seen, status: int, body: bytes) -> tuple[int, bytes]:
    """Leave the answer as it is."""
    return status, body


@dataclass
class FakeSandbox:
    """A fake sandbox: its address and certificate, the requests it has seen, the secrets it has given."""

    base_url: str
    ca: Path
    seen: list[Seen] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    @property
    def arguments(self) -> list[str]:
        """The options of pytest that lead the suite here."""
        plugin = ["-p", "contract_tests.self_tests.sandbox.fake_sandbox_plugin"]
        return [
            *plugin,
            "--target=sandbox",
            f"--fake-sandbox={self.base_url}",
            f"--fake-sandbox-ca={self.ca}",
        ]


@contextmanager
def running_sandbox(
    folder: Path,
    *,
    change: Change = unchanged,
    strict: bool = True,
    down_every: int = 17,
    seconds: float = 0.01,
) -> Iterator[FakeSandbox]:
    """Run a fake sandbox until the block ends.

    Args:
        folder: where its certificate goes.
        change: a further difference, from request, status and body to status and body.
        strict: the reading of daily-limit.
        down_every: which requests get the documented 503; 0 for none.
        seconds: how long each answer takes.
    """
    reading = "strict" if strict else "issuing"
    with started("--client", OWN, "--daily-limit", reading) as mock, _tls(folder) as (context, ca):
        sandbox = FakeSandbox("", ca)
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0), _handler(sandbox, mock.base, change, down_every, seconds)
        )
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        sandbox.base_url = f"https://localhost:{server.server_port}/v.1.0/"
        with running(server):
            yield sandbox


@contextmanager
def _tls(folder: Path) -> Iterator[tuple[ssl.SSLContext, Path]]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    ca = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    yield context, ca


def _handler(
    sandbox: FakeSandbox, behind: str, change: Change, down_every: int, seconds: float
) -> type[BaseHTTPRequestHandler]:
    place = urlsplit(behind)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def log_message(self, *arguments: object) -> None:
            """Print nothing: requests hold keys."""

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen = Seen(self.command, self.path, tuple(self.headers.items()), body)
            sandbox.seen.append(seen)
            time.sleep(seconds)
            down = down_every and len(sandbox.seen) % down_every == 0 and OWN.encode() not in body
            status, headers, answer = self._asked(seen, {"Prefer": "code=503"} if down else {})
            answer = _other_digits(answer)
            sandbox.secrets.update(_secrets(answer))
            status, answer = change(seen, status, answer)
            self._send(status, headers, answer)

        def _asked(self, seen: Seen, more: dict[str, str]) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
            connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
            try:
                headers = {n: v for n, v in seen.headers if n.lower() not in _TO_DROP}
                headers |= more | {"Content-Length": str(len(seen.body))}
                connection.request(seen.method, seen.path, seen.body, headers)
                answer = connection.getresponse()
                kept = tuple((n, v) for n, v in answer.getheaders() if n.lower() not in _TO_DROP)
                return answer.status, kept, answer.read()
            finally:
                connection.close()

        def _send(self, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.close_connection = True

    return Handler


def _other_digits(body: bytes) -> bytes:
    """Dates with no digits after the second where the mock writes six or three."""
    return re.sub(rb"(\d\d:\d\d:\d\d)\.\d+", rb"\1", body)


def _secrets(body: bytes) -> set[str]:
    try:
        tree: Any = json.loads(body)
    except ValueError:
        return set()
    return {tree[name] for name in ("apiKey", "jwt") if isinstance(tree, dict) and name in tree}
