"""The server of the mock on a real socket: how replies are delivered, and what ends a connection."""

import asyncio
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from novapost_mock.http import event_loop
from novapost_mock.http.access import Access
from novapost_mock.http.connection import SPARE_CONNECTIONS
from novapost_mock.http.limits import Limits
from novapost_mock.http.server import Server
from novapost_mock.messages import Delivery, Reply, Request

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
QUICK = Limits(head_seconds=0.3, body_seconds=0.3, idle_seconds=0.3, write_seconds=0.3, linger_seconds=0.3)
BODY = b"0123456789"


@pytest.fixture(autouse=True, params=["asyncio", "uvloop"])
def _loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but speed depends on the loop."""
    if request.param == "asyncio":
        monkeypatch.setattr(event_loop, "fastest", lambda: asyncio.new_event_loop)
    elif sys.platform == "win32":
        pytest.skip("uvloop is not for Windows")


@dataclass
class Served:
    """A server that runs in a thread of its own."""

    server: Server
    address: tuple[str, int]
    thread: threading.Thread

    def open(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=10)

    def exchange(self, *sent: bytes) -> bytes:
        """Send, and return all that comes until the connection is closed in good order."""
        with self.open() as connection:
            for piece in sent:
                connection.sendall(piece)
            return everything(connection)

    def stop(self) -> None:
        self.server.loop.call_soon_threadsafe(self.server.stop)
        self.thread.join(timeout=10)


def everything(connection: socket.socket) -> bytes:
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


@contextmanager
def served(
    handle: Callable[[Request], Reply], limits: Limits | None = None, send_buffer: int = 0
) -> Iterator[Served]:
    listener = socket.create_server(("127.0.0.1", 0))
    if send_buffer:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    address = listener.getsockname()
    server = Server(handle, Access(), limits)
    started = threading.Event()

    async def main() -> None:
        asyncio.get_running_loop().call_soon(started.set)
        await server.run(listener)

    thread = threading.Thread(target=lambda: event_loop.run(main()))
    thread.start()
    try:
        assert started.wait(10)
        yield Served(server, address, thread)
    finally:
        if thread.is_alive():
            server.loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10)
        assert not thread.is_alive()


def answering(delivery: Delivery | None = None, body: bytes = BODY) -> Callable[[Request], Reply]:
    """Return a handler whose body is always the same; the path goes into a header."""

    def handle(request: Request) -> Reply:
        headers = (("Content-Length", str(len(body))), ("X-Path", request.path))
        return Reply(200, headers, body, delivery)

    return handle


def paths(received: bytes) -> list[str]:
    return [line[8:].decode() for line in received.split(b"\r\n") if line.startswith(b"X-Path: ")]


# Plain answers


def test_requests_in_a_row_are_answered_in_their_order() -> None:
    """Pipelining (RFC 9112, 9.3.2), in one piece and byte by byte."""
    sent = [b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(5)]
    with served(answering()) as mock:
        for pieces in ([b"".join(sent) + LAST], [bytes([byte]) for byte in b"".join(sent) + LAST]):
            assert paths(mock.exchange(*pieces)) == ["/0", "/1", "/2", "/3", "/4", "/"]


def test_an_answer_has_a_date_and_what_the_version_asks_for() -> None:
    """RFC 9110, 6.6.1; RFC 9112, 9.3: HTTP/1.0 has to be told that a connection stays."""
    with served(answering()) as mock:
        assert b"\r\nDate: " in mock.exchange(LAST)
        assert b"\r\nConnection: close\r\n" in mock.exchange(LAST)
        old = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        received = mock.exchange(old + b"GET / HTTP/1.0\r\n\r\n")
    assert (
        received.count(b"\r\nConnection: keep-alive\r\n") == received.count(b"\r\nConnection: close\r\n") == 1
    )


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_content_have_none(status: int) -> None:
    """RFC 9110, 6.4.1: a body there would be taken for the next answer."""
    with served(lambda _: Reply(status, (("Content-Length", "2"),), b"no")) as mock:
        received = mock.exchange(LAST)

    assert received.startswith(f"HTTP/1.1 {status} ".encode())
    assert received.endswith(b"\r\n\r\n")
    assert b"ontent-" not in received


def test_a_header_cannot_become_two() -> None:
    """What a document names as an example may hold line breaks."""
    with served(
        lambda _: Reply(200, (("X-A", "b\r\nX-C: d"), ("Transfer-Encoding", "chunked")), b"ok")
    ) as mock:
        received = mock.exchange(LAST)

    assert b"X-A: b  X-C: d\r\n" in received
    assert b"Transfer-Encoding" not in received
    assert b"Content-Length: 2\r\n" in received


def test_a_client_that_is_done_sending_still_gets_its_answer() -> None:
    """Half-closed, as `nc` and some health checks do; at once and after a pause."""
    for delivery in (None, Delivery(delay_seconds=0.1)):
        with served(answering(delivery)) as mock, mock.open() as connection:
            connection.sendall(GET + GET)
            connection.shutdown(socket.SHUT_WR)
            assert everything(connection).count(BODY) == 2


# Deliveries


def test_a_delay_comes_before_the_first_byte_and_holds_nobody_else_up() -> None:
    """The loop does not sleep: others are answered meanwhile, and requests in the row wait their turn."""
    delays = {"/slow": Delivery(delay_seconds=0.5), "/": None}
    with served(lambda request: answering(delays[request.path])(request)) as mock, mock.open() as slow:
        slow.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + LAST)
        begun = time.monotonic()
        other = mock.exchange(LAST)
        others_end = time.monotonic() - begun
        received = everything(slow)
        slows_end = time.monotonic() - begun

    assert paths(other) == ["/"]
    assert paths(received) == ["/slow", "/"]
    assert others_end < slows_end
    assert slows_end >= 0.4


def test_what_comes_during_a_delay_is_read_afterwards() -> None:
    """Also when it is much more than is kept, so that the client has to wait with it."""
    large = b"POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n" + b"x" * 600_000
    with served(answering(Delivery(delay_seconds=0.1))) as mock:
        assert paths(mock.exchange(GET, large, LAST)) == ["/", "/large", "/"]


def test_a_reset_before_the_status_line_is_a_reset() -> None:
    """RST, which a client sees as an error, and not an end, which it may take for an empty answer."""
    with served(answering(Delivery(reset_after=-1))) as mock, mock.open() as connection:
        connection.sendall(GET)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


@pytest.mark.parametrize("after", [0, 4])
def test_a_reset_inside_the_body_comes_after_its_bytes(after: int) -> None:
    """The head and so many bytes arrive, then the reset."""
    with served(answering(Delivery(reset_after=after))) as mock, mock.open() as connection:
        connection.sendall(GET)
        received, was_reset = b"", False
        while not was_reset:
            try:
                received += connection.recv(1) or b"(an end and no reset)"
            except ConnectionResetError:
                was_reset = True

    assert b"Content-Length: 10\r\n" in received
    assert received.partition(b"\r\n\r\n")[2] == BODY[:after]


def test_a_cut_ends_too_early_and_in_good_order() -> None:
    """No reset: only the length tells that something is missing."""
    with served(answering(Delivery(cut_after=4))) as mock:
        received = mock.exchange(GET + GET)

    assert b"Content-Length: 10\r\n" in received
    assert received.partition(b"\r\n\r\n")[2] == BODY[:4]


def test_a_drip_comes_in_pieces_and_is_whole() -> None:
    """Each piece on its own and after its pause; the connection stays."""
    arrivals = []
    with served(answering(Delivery(drip_bytes=4, drip_seconds=0.1))) as mock, mock.open() as connection:
        connection.sendall(GET)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received, begun = b"", time.monotonic()
        while not received.endswith(BODY):
            received += connection.recv(65536)
            arrivals.append(received.partition(b"\r\n\r\n")[2])
        took = time.monotonic() - begun
        connection.sendall(LAST)
        assert everything(connection).endswith(BODY)

    # Who reads late finds two pieces together, but never a part of one.
    assert set(arrivals) <= {b"", BODY[:4], BODY[:8], BODY}
    assert len(arrivals) > 1
    assert took >= 0.25


def test_raw_bytes_go_out_as_they_are() -> None:
    """No status line, no headers; then the end."""
    with served(answering(Delivery(raw=b"\x00\xffgarbage"))) as mock:
        assert mock.exchange(GET + GET) == b"\x00\xffgarbage"


def test_a_client_that_leaves_during_a_delay_is_forgotten() -> None:
    """By a reset at once, so that waiting replies do not pile up."""
    with served(answering(Delivery(delay_seconds=30))) as mock:
        connection = mock.open()
        connection.sendall(GET)
        until(lambda: any(each.is_busy for each in mock.server._connections))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        until(lambda: not mock.server._connections)


def is_cut_off(connection: socket.socket, sent: bytes) -> bool:
    """Send on and on; tell whether the other side ends it before a gigabyte has gone."""
    try:
        for _ in range(2**30 // len(sent)):
            connection.sendall(sent)
    except (ConnectionResetError, BrokenPipeError):
        return True
    return False


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has closed a connection on which it never sends."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except BlockingIOError:
        return False


def test_a_server_that_stops_while_clients_come_leaves_nothing_behind() -> None:
    """Connections that were just accepted are closed and not dropped; what is left makes pytest fail."""
    for _ in range(5):
        with served(answering()) as mock:
            opened = [mock.open() for _ in range(30)]
        for each in opened:
            each.close()


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


# Slow and too many


@pytest.mark.parametrize(
    "sent",
    [
        b"G",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    ],
    ids=ascii,
)
def test_half_a_request_is_not_waited_for(sent: bytes) -> None:
    """Slowloris: the client is told and the connection ends; after an earlier request as well."""
    with served(answering(), QUICK) as mock:
        assert mock.exchange(sent).startswith(b"HTTP/1.1 408 ")
        received = mock.exchange(GET, sent)
        assert received.startswith(b"HTTP/1.1 200 ")
        assert received.count(b"HTTP/1.1 408 ") == 1


def test_one_byte_now_and_then_does_not_keep_a_request_alive() -> None:
    """The time counts from the start of a head to its end, not from byte to byte."""
    with served(answering(), QUICK) as mock, mock.open() as connection:
        connection.settimeout(0.05)
        received, begun = b"", time.monotonic()
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        while not received and time.monotonic() - begun < 10:
            connection.sendall(b"x")
            try:
                received = connection.recv(65536)
            except TimeoutError:
                continue

    assert received.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("sent", [b"", GET, b"\r\n" * 10])
def test_an_idle_connection_ends_without_a_word(sent: bytes) -> None:
    """There is nothing to answer."""
    with served(answering(), QUICK) as mock:
        assert mock.exchange(sent).count(b"HTTP/1.1") == sent.count(b"GET")


def test_a_client_that_takes_no_answers_is_left() -> None:
    """Answers do not pile up in memory: it is no longer read, and then its connection ends."""
    handle = answering(body=b"x" * 100_000)
    with served(handle, QUICK, send_buffer=8192) as mock, mock.open() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert is_cut_off(connection, GET * 100)
        until(lambda: not mock.server._connections)


def test_a_slow_reader_gets_all_its_answers() -> None:
    """Backpressure loses nothing."""
    handle = answering(body=b"x" * 100_000)
    with served(handle, send_buffer=8192) as mock, mock.open() as connection:
        sender = threading.Thread(target=connection.sendall, args=(GET * 50 + LAST,))
        sender.start()
        time.sleep(0.2)
        received = everything(connection)
        sender.join()

    assert received.count(b"HTTP/1.1 200 OK") == 51
    assert received.count(b"x" * 100_000) == 51


def test_one_connection_too_many_is_told_so() -> None:
    """503 in plain JSON; those before it go on, and a place that is left is given again."""
    with served(answering(), Limits(connections=2)) as mock:
        first, second = mock.open(), mock.open()
        for each in (first, second):
            each.sendall(GET)
            assert each.recv(65536).startswith(b"HTTP/1.1 200 ")
        head, _, body = mock.exchange(GET).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert json.loads(body) == {"success": False, "errors": ["Too many connections"]}
        second.close()
        until(lambda: len(mock.server._connections) == 1)
        assert mock.exchange(LAST).startswith(b"HTTP/1.1 200 ")
        first.close()


def test_far_too_many_connections_are_closed() -> None:
    """What cannot be served takes no memory."""
    with served(answering(), Limits(connections=0)) as mock:
        opened = [mock.open() for _ in range(60)]
        until(lambda: sum(is_closed(each) for each in opened) == 60 - SPARE_CONNECTIONS)
        for each in opened:
            each.close()


def test_an_answer_to_a_broken_request_arrives_although_more_is_sent() -> None:
    """RFC 9112, 9.6: unread bytes would make a reset of the answer."""
    with served(answering()) as mock, mock.open() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nA : b\r\n\r\n")
        for _ in range(10):
            connection.sendall(b"x" * 50_000)
        received = everything(connection)

    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close\r\n" in received
    assert json.loads(received.partition(b"\r\n\r\n")[2])["errors"] == ["The request is not valid HTTP/1.1"]


def test_whoever_sends_on_and_on_is_left() -> None:
    """The bytes that are thrown away have an end."""
    with served(answering()) as mock, mock.open() as connection:
        assert is_cut_off(connection, b"\x00" * 65536)


def test_a_failing_handler_is_a_500_without_a_traceback(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither on the wire nor on stderr; the connection ends and the server goes on."""

    def handle(request: Request) -> Reply:
        if request.path == "/":
            raise RuntimeError("secret")
        return Reply(200)

    with served(handle) as mock:
        received = mock.exchange(GET)
        assert mock.exchange(LAST.replace(b"/ ", b"/ok ", 1)).startswith(b"HTTP/1.1 200 ")

    assert received.startswith(b"HTTP/1.1 500 ")
    assert "secret" not in received.decode() + "".join(capfd.readouterr()) + caplog.text
    assert "RuntimeError" in caplog.text


# The end


def test_an_answer_under_way_still_goes_out_when_the_server_stops() -> None:
    """A short delay is waited for, and says that the connection ends."""
    with served(answering(Delivery(delay_seconds=0.3))) as mock, mock.open() as connection:
        connection.sendall(GET)
        until(lambda: any(each.is_busy for each in mock.server._connections))
        mock.stop()
        assert everything(connection).endswith(BODY)


def test_a_long_delay_is_not_waited_for_when_the_server_stops() -> None:
    """The end comes within a second."""
    with served(answering(Delivery(delay_seconds=60))) as mock, mock.open() as connection:
        connection.sendall(GET)
        until(lambda: any(each.is_busy for each in mock.server._connections))
        mock.stop()  # waits ten seconds, a sixth of the delay

        assert not mock.thread.is_alive()


# The loop


def loop_of_a_server() -> str:
    with served(answering()) as mock:
        return type(mock.server.loop).__module__.partition(".")[0]


def test_the_fastest_loop_is_taken(request: pytest.FixtureRequest) -> None:
    assert loop_of_a_server() == request.node.callspec.params["_loop"]


def test_without_uvloop_the_mock_serves_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop_of_a_server() == "asyncio"
