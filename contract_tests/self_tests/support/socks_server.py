"""A SOCKS5 proxy on this machine (RFC 1928, RFC 1929), which counts the tunnels that it opened."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SUCCEEDED, REFUSED = 0, 5


class SocksServer(socketserver.ThreadingTCPServer):
    """Opens tunnels to where it is asked to, each after a delay."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, delay: float, login: tuple[str, str] | None) -> None:
        """Listen on a free port; `login` is the name and the password that are asked for."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.delay = delay
        self.login = login
        self.tunnels = 0

    @property
    def address(self) -> str:
        """The address for a client."""
        return f"socks5://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of callers that give up."""


class _Handler(socketserver.BaseRequestHandler):
    server: SocksServer

    def _exactly(self, count: int) -> bytes:
        content = b""
        while len(content) < count:
            part = self.request.recv(count - len(content))
            if not part:
                raise ConnectionError
            content += part
        return content

    def handle(self) -> None:
        """Greet, let in, connect, and pass on what either side says."""
        _, count = self._exactly(2)
        self._exactly(count)
        if self.server.login is None:
            self.request.sendall(b"\x05\x00")
        else:
            self.request.sendall(b"\x05\x02")
            name = self._exactly(self._exactly(2)[1])
            password = self._exactly(self._exactly(1)[0])
            right = (name.decode(), password.decode()) == self.server.login
            self.request.sendall(b"\x01\x00" if right else b"\x01\x01")
            if not right:
                return
        kind = self._exactly(4)[3]
        if kind == 1:
            host = socket.inet_ntoa(self._exactly(4))
        else:
            host = self._exactly(self._exactly(1)[0]).decode()
        port = int.from_bytes(self._exactly(2))
        time.sleep(self.server.delay)
        try:
            other = socket.create_connection((host, port))
        except OSError:
            self.request.sendall(bytes((5, REFUSED, 0, 1)) + bytes(6))
            return
        self.request.sendall(bytes((5, SUCCEEDED, 0, 1)) + bytes(6))
        self.server.tunnels += 1
        with other:
            back = threading.Thread(target=_pass_on, args=(other, self.request), daemon=True)
            back.start()
            _pass_on(self.request, other)
            back.join()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            sink.sendall(content)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def socks_server(delay: float = 0.0, login: tuple[str, str] | None = None) -> Iterator[SocksServer]:
    """Run one."""
    server = SocksServer(delay, login)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
