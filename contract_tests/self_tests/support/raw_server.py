"""A server of bytes: whoever connects and asks something gets what a test says, which need not be HTTP."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket], None]


@contextmanager
def server(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Yield an address on this machine at which every connection is treated as `behaviour` says."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    over = threading.Event()
    connections: list[socket.socket] = []

    def treat(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.settimeout(5)
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
                connections.append(connection)
            read_request(connection)
            behaviour(connection)

    def listen() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            connections.append(connection)
            threading.Thread(target=treat, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{listener.getsockname()[1]}/v.1.0"
    finally:
        over.set()
        thread.join()
        for connection in connections:
            connection.close()
        listener.close()


def read_request(connection: socket.socket) -> None:
    """Read a whole request: whoever closes with something unread resets the connection.

    Raises:
        ConnectionError: there is none.
    """
    request = b""
    while b"\r\n\r\n" not in request:
        if not (part := connection.recv(65_536)):
            raise ConnectionError
        request += part
    head, _, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: *([0-9]+)", head, re.IGNORECASE)
    left = int(length.group(1)) - len(body) if length else 0
    while left > 0 and (part := connection.recv(65_536)):
        left -= len(part)


def says(*parts: bytes, close: bool = True) -> Behaviour:
    """Send these bytes, then close or keep silent."""

    def behaviour(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)
        if close:
            connection.close()

    return behaviour


def drips(start: bytes, drop: bytes) -> Behaviour:
    """Send a start, then a drop every 50 ms for ever: each wait is short, the whole has no end."""

    def behaviour(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(drop)
            time.sleep(0.05)

    return behaviour


def resets(connection: socket.socket) -> None:
    """Close so that the other side gets a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()
