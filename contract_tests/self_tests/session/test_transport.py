"""The suite's own transport: a kept connection must neither invent a finding nor hide one."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import httpx
import pytest

from contract_tests.target import transport as wire
from contract_tests.target.transport import KeptTransport, Wire

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
PACKED_AND_CUT = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%b" % (
    len(gzip.compress(b"ok", mtime=0)) - 4,
    gzip.compress(b"ok", mtime=0)[:-4],
)
# What a server does with the n-th request of the m-th connection, both from 0: bytes, and whether it closes.
Script = Callable[[int, int], tuple[bytes, bool]]


class Peer:
    """A server that counts connections and requests."""

    def __init__(self, script: Script) -> None:
        self.connections, self.requests, self._script = 0, 0, script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                number, self.connections = self.connections, self.connections + 1
                threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError), connection:
            for turn in range(1_000_000):
                head = b""
                while b"\r\n\r\n" not in head:
                    part = connection.recv(65_536)
                    if not part:
                        return
                    head += part
                self.requests += 1
                answer, closes = self._script(number, turn)
                connection.sendall(answer)
                if closes:
                    return

    def close(self) -> None:
        """Accept nothing more."""
        self._listener.close()


@contextmanager
def peer(script: Script) -> Iterator[tuple[Peer, Wire, KeptTransport]]:
    """Yield a server and a transport to it."""
    server, transport = Peer(script), KeptTransport()
    between = Wire(transport)
    try:
        yield server, between, transport
    finally:
        between.close()
        server.close()


def test_requests_share_a_connection() -> None:
    """Opening one for each request took more time than all answers together."""
    with peer(lambda connection, turn: (OK, False)) as (server, between, _):
        answers = [between.request("GET", server.address).content for _ in range(20)]

    assert answers == [b"ok"] * 20
    assert (server.connections, server.requests) == (1, 20)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "not announced"])
def test_a_server_may_close_a_kept_connection(announced: bool) -> None:
    """RFC 9112, section 9.6: that is no fault, so no request fails by it."""
    closing = OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n") if announced else OK
    with peer(lambda connection, turn: (closing, True)) as (server, between, _):
        assert [between.request("GET", server.address).status_code for _ in range(20)] == [200] * 20


def test_a_request_that_is_dropped_on_a_new_connection_is_an_error() -> None:
    """There is no kept connection to blame."""
    with (
        peer(lambda connection, turn: (b"", True)) as (server, between, _),
        pytest.raises(httpx.RemoteProtocolError, match="without an answer"),
    ):
        between.request("GET", server.address)


def test_a_server_that_drops_requests_now_and_then_is_found_out() -> None:
    """The first drop may be the end of a kept connection; after it none is kept, and the next one counts."""
    served = iter(range(1_000_000))

    def every_fifth(connection: int, turn: int) -> tuple[bytes, bool]:
        return (b"", True) if next(served) % 5 == 4 else (OK, False)

    with peer(every_fifth) as (server, between, transport):
        statuses = []
        for _ in range(12):
            try:
                statuses.append(between.request("GET", server.address).status_code)
            except httpx.RemoteProtocolError:
                statuses.append(0)

    assert 0 in statuses
    assert not transport.keeps


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", httpx.RemoteProtocolError, "closed"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nok",
            httpx.RemoteProtocolError,
            "1 bytes after the end",
        ),
        (b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\nok", httpx.RemoteProtocolError, "Content-Length"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            httpx.RemoteProtocolError,
            "a Content-Length and a Transfer-Encoding",
        ),
        (b"SSH-2.0-OpenSSH\r\n\r\n", httpx.RemoteProtocolError, "illegal"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok",
            httpx.DecodingError,
            "no gzip: .* incorrect header",
        ),
        (PACKED_AND_CUT, httpx.DecodingError, "cut short"),
    ],
    ids=["cut", "too long", "no length", "two lengths", "no HTTP", "not packed", "packed and cut"],
)
def test_what_is_no_whole_answer_is_an_error(answer: bytes, error: type, message: str) -> None:
    """Strictly: what a browser forgives is what somebody else's client stumbles over."""
    with (
        peer(lambda connection, turn: (answer, True)) as (server, between, _),
        pytest.raises(error, match=message),
    ):
        between.request("GET", server.address)


def test_an_answer_that_never_comes_ends_in_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that hangs does not hang the suite."""
    monkeypatch.setattr(wire, "TIMEOUT", 0.2)
    with (
        peer(lambda connection, turn: (b"HTTP/1.1 200", False)) as (server, between, _),
        pytest.raises(httpx.ReadTimeout),
    ):
        between.request("GET", server.address)


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read is bounded."""
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 100_000)
    with (
        peer(lambda connection, turn: (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000, True)) as (
            server,
            between,
            _,
        ),
        pytest.raises(httpx.ReadError, match="more than 100000 bytes"),
    ):
        between.request("GET", server.address)


def test_nobody_listening_is_an_error() -> None:
    """Not a finding about an answer: there was none."""
    with pytest.raises(httpx.ConnectError):
        Wire(KeptTransport()).request("GET", "http://127.0.0.1:1/")


def test_threads_do_not_get_each_others_answers() -> None:
    """Each connection has one exchange at a time."""
    with peer(lambda connection, turn: (OK, False)) as (server, between, _), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: between.request("GET", server.address), range(200)))

    assert all(answer.status_code == 200 for answer in answers)
    assert server.requests == 200
    assert server.connections <= 40
