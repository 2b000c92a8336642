"""Which answer belongs to which request of a connection, and what leaves of a request that is given up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from contract_tests.principles.one_connection import PARTS, Part, give_up, in_a_row, neighbours
from contract_tests.principles.raw_request import RawRequest

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n%d"


@contextmanager
def server(*answers: bytes, heard: list[bytes] | None = None) -> Iterator[str]:
    """Answer each request of one connection without a body; then read what is left, and close it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as file:
            lines: list[bytes] = []
            for answer in answers:
                while not lines or lines[-1].strip():
                    lines.append(file.readline())
                connection.sendall(answer)
                lines.append(b"-")
            if heard is not None:
                heard.append(b"".join(line for line in lines if line != b"-") + file.read())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/a/b?c=d"
    finally:
        thread.join(timeout=20)
        listener.close()


@pytest.mark.parametrize("together", [False, True])
def test_answers_come_in_the_order_of_their_requests(together: bool) -> None:
    """One buffer reads them all: what came early of the next answer is not lost with this one."""
    with server(ANSWER % 1, ANSWER % 2, LAST % 3) as address:
        answers = in_a_row([RawRequest("GET", address)] * 3, together=together)

    assert [answer and answer.content for answer in answers] == [b"1", b"2", b"3"]


def test_a_server_may_close_after_any_answer() -> None:
    """RFC 9112, section 9.6: what it did not answer says nothing."""
    with server(LAST % 1) as address:
        answers = in_a_row([RawRequest("GET", address)] * 3, together=False)

    assert [answer is None for answer in answers] == [False, True, True]


def test_only_the_last_request_asks_to_close() -> None:
    """A neighbour that asked for it would end what is tried here."""
    heard: list[bytes] = []
    with server(ANSWER % 1, LAST % 2, heard=heard) as address:
        in_a_row([RawRequest("GET", address)] * 2, together=True)

    assert heard[0].count(b"GET /a/b?c=d HTTP/1.1\r\n") == 2
    assert heard[0].count(b"Connection: close") == 1
    assert heard[0].endswith(b"Connection: close\r\n\r\n")


@pytest.mark.parametrize("body", [b"", b'{"phone": "1"}'])
def test_a_neighbour_stands_beside_the_plain_request(body: bytes) -> None:
    """It never is the plain request, and each has a name of its own."""
    plain = RawRequest("POST" if body else "GET", "http://a/v1/things?b=c", (), body)

    made = list(neighbours(plain))

    assert len({each.name for each in made}) == len(made)
    assert all(each.request.whole() != plain.whole() for each in made)
    assert {urlsplit(each.request.url).path for each in made} == {
        "/v1/things",
        "/v1/things-7f3a",
        "/v1/no-such-path-7f3a",
    }


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_who_leaves_has_sent_a_part(part: Part) -> None:
    """A beginning of the request, and not always all of it."""
    heard: list[bytes] = []
    with server(heard=heard) as address:
        request = RawRequest("POST", address, (), b"12345")
        whole = request.whole()
        give_up(request, part.of(whole))

    assert heard == [part.of(whole)]
    assert whole.startswith(heard[0])
    assert (heard[0] == whole) == (part is PARTS[0])


@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_no_part_of_a_request_ends_within_a_secret(part: Part) -> None:
    """Half a secret cannot be told from other text, so it would stand in a report."""
    key, token = "".join(map(chr, range(48, 58))) * 6, "".join(map(chr, range(97, 123))) * 8
    request = RawRequest("GET", f"http://127.0.0.1:1/a?key={key}", headers=(("Authorization", token),))
    left = part.of(request.whole()).decode()

    for secret in (key, token):
        assert secret[:8] not in left.replace(secret, "")


def test_what_comes_after_an_answer_too_large_to_read_is_not_taken_for_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rest of it stands before the next one."""
    monkeypatch.setattr("contract_tests.principles.raw_request.LARGEST_ANSWER", 10)
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n" + b"a" * 30
    with server(large, LAST % 2) as address:
        answers = in_a_row([RawRequest("GET", address)] * 2, together=True)

    assert [answer is None for answer in answers] == [False, True]
