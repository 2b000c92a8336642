"""A relay before a server that counts the requests which pass and changes no byte of them.

A connection that the server resets ends for the caller without a reset; both come without an answer.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65_536
_REQUEST = re.compile(rb"[^\s]+ (?:https?://[^/\s]+)?([^\s]*) HTTP/1\.")
# A call of the control API is no case.
_CONTROL = b"/__mock__/"


class Relay:
    """Counts requests as they begin: a caller speaks after the other side has spoken, or first of all.

    Attributes:
        port: where it listens, on loopback.
        requests: how many requests for the API have begun.
        control: how many requests prepared the target.
    """

    def __init__(self, target: int) -> None:
        """Listen on a free port for what is meant for `target`, a port of this machine."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port: int = self._listener.getsockname()[1]
        self.requests = 0
        self.control = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Close everything."""
        # Wakes the thread that waits in accept, which a close alone does not.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for each in self._open:
                _end(each)

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            try:
                behind = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            except OSError:
                _end(caller)
                continue
            behind.settimeout(None)
            for each in (caller, behind):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {caller, behind}
            # Set while it is the caller's turn to speak.
            turn = threading.Event()
            turn.set()
            for ends in ((caller, behind, True), (behind, caller, False)):
                threading.Thread(target=self._pump, args=(*ends, turn), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, asks: bool, turn: threading.Event) -> None:
        try:
            while data := source.recv(_CHUNK):
                if not asks:
                    turn.set()
                elif turn.is_set():
                    turn.clear()
                    self._count(data)
                sink.sendall(data)
            with suppress(OSError):
                sink.shutdown(socket.SHUT_WR)
        except OSError:
            for each in (source, sink):
                _end(each)
            return
        if not asks:
            # The server ends the connection; what the caller may still say reaches nobody.
            for each in (source, sink):
                _end(each)
            with self._lock:
                self._open -= {source, sink}

    def _count(self, data: bytes) -> None:
        found = _REQUEST.match(data)
        if found is None:
            return
        with self._lock:
            if found[1].startswith(_CONTROL):
                self.control += 1
            else:
                self.requests += 1


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def counting(target: int) -> Iterator[Relay]:
    """Open a relay before a port of this machine, and close it at the end."""
    relay = Relay(target)
    try:
        yield relay
    finally:
        relay.close()
