"""A server of HTTP/2 on this machine, which answers each request after a delay."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from contract_tests.self_tests.support.phone_server import key_of


class Http2Server:
    """Answers `POST /test-api-keys` with the key of the phone, over TLS, or without by prior knowledge."""

    def __init__(self, delay: Callable[[], float], tls: ssl.SSLContext | None, streams: int) -> None:
        """Listen on a free port; `streams` is how many requests a connection may carry at a time."""
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._delay = delay
        self._tls = tls
        self._streams = streams
        self.accepted = 0
        self._talks: set[_Talk] = set()

    @property
    def address(self) -> str:
        """The address for a client."""
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}/v.1.0"

    def serve(self) -> None:
        """Accept connections until the socket is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.accepted += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Accept no more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def hang_up(self) -> None:
        """End all connections."""
        for talk in tuple(self._talks):
            talk.end()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, h2.exceptions.ProtocolError), connection:
            if self._tls is None:
                self._run(_Talk(connection, self._streams))
            else:
                secured = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                with secured:
                    secured.do_handshake()
                    self._run(_Talk(secured, self._streams))

    def _run(self, talk: "_Talk") -> None:
        self._talks.add(talk)
        try:
            talk.run(self._delay)
        finally:
            self._talks.discard(talk)


class _Talk:
    def __init__(self, connection: socket.socket, streams: int) -> None:
        self._connection = connection
        self._http = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._http.local_settings = h2.settings.Settings(
            client=False, initial_values={h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: streams}
        )
        self._bodies: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def run(self, delay: Callable[[], float]) -> None:
        with self._lock:
            self._http.initiate_connection()
            self._send()
        while data := self._connection.recv(65536):
            with self._lock:
                for event in self._http.receive_data(data):
                    self._take(event, delay)
                self._send()

    def _take(self, event: h2.events.Event, delay: Callable[[], float]) -> None:
        if isinstance(event, h2.events.DataReceived):
            self._bodies[event.stream_id] = self._bodies.get(event.stream_id, b"") + event.data
            self._http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            answer: Any = (event.stream_id, self._bodies.pop(event.stream_id), delay())
            threading.Thread(target=self._answer, args=answer, daemon=True).start()

    def _answer(self, stream: int, body: bytes, seconds: float) -> None:
        time.sleep(seconds)
        content = {
            "apiKey": key_of(json.loads(body)["phone"]),
            "createdAt": "2026-01-01T10:00:00Z",
            "expDate": "2027-01-01T23:59:59Z",
            "status": "Active",
        }
        # A stream that was given up meanwhile takes no answer.
        with self._lock, suppress(OSError, h2.exceptions.ProtocolError):
            self._http.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
            self._http.send_data(stream, json.dumps(content).encode(), end_stream=True)
            self._send()

    def end(self) -> None:
        with self._lock, suppress(OSError):
            self._http.close_connection()
            self._send()
            self._connection.shutdown(socket.SHUT_RDWR)

    def _send(self) -> None:
        self._connection.sendall(self._http.data_to_send())


@contextmanager
def http2_server(
    delay: float | Callable[[], float] = 0.0, tls: ssl.SSLContext | None = None, streams: int = 100
) -> Iterator[Http2Server]:
    """Run one. Of a context for TLS the protocols are set here."""
    if tls is not None:
        tls.set_alpn_protocols(["h2"])
    wait = delay if callable(delay) else lambda: delay
    server = Http2Server(wait, tls, streams)
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        server.close()
