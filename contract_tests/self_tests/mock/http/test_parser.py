"""Bytes as requests: what is read, what is refused, and that it does not matter how the bytes are cut."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novapost_mock.http.parser import (
    LARGE_HEAD,
    LONG_TARGET,
    MAX_DRAINED,
    MAX_HEAD,
    MAX_HEADERS,
    MAX_TARGET,
    NOT_HTTP,
    WRONG_CODING,
    WRONG_VERSION,
    Broken,
    Event,
    Head,
    Heads,
    Message,
    Reader,
)
from novapost_mock.messages import MAX_TAKEN, Reply, Request

START = b"POST /x HTTP/1.1\r\nHost: a\r\n"
SMALL = b"GET /y HTTP/1.1\r\nHost: a\r\n\r\n"


def new(heads: Heads | None = None) -> Reader:
    return Reader(heads or Heads(lambda _: None))


def read(*pieces: bytes, heads: Heads | None = None) -> list[Event]:
    """Everything that follows from bytes, read as a connection reads them."""
    reader, events = new(heads), list[Event]()
    for piece in pieces:
        whole = reader.whole(piece)
        events += reader.feed(piece) if whole is None else [whole]
    return events


def shown(events: list[Event]) -> list[Any]:
    """Events as values that can be compared."""
    return [
        (event.request, event.head.stays, event.is_whole) if isinstance(event, Message) else event
        for event in events
    ]


def only(events: list[Event]) -> Message:
    [event] = events
    assert isinstance(event, Message)
    return event


# What is read


def test_a_request_is_read_as_it_was_sent() -> None:
    """Order and spelling of headers stay; white space around a value is not part of it (RFC 9112, 5.1)."""
    message = only(
        read(b"PUT /a%20b?c=d&e HTTP/1.1\r\nHost: a\r\nX-B:  1 \t\r\nx-b:2\r\nContent-Length: 2\r\n\r\nhi")
    )

    headers = (("Host", "a"), ("X-B", "1"), ("x-b", "2"), ("Content-Length", "2"))
    assert message.request == Request("PUT", "/a%20b", "c=d&e", headers, b"hi")
    assert message.head.stays


@pytest.mark.parametrize(
    ("sent", "stays"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
def test_a_client_says_whether_it_stays(sent: bytes, stays: bool) -> None:
    """RFC 9112, 9.3."""
    heads = Heads(lambda _: None)

    assert only(read(sent, heads=heads)).head.stays is stays
    assert only(read(sent, heads=heads)).head.stays is stays


def test_chunks_become_a_body_and_trailers_are_dropped() -> None:
    """RFC 9112, 7.1; a trailer must not pass for a header."""
    chunks = b"3;a=b\r\nabc\r\n1\r\nd\r\n0\r\nAuthorization: t\r\n\r\n"
    message = only(read(START + b"Transfer-Encoding: Chunked\r\n\r\n" + chunks))

    assert message.request.body == b"abcd"
    assert message.request.header_values("authorization") == []


def test_the_absolute_form_is_its_path_and_authority() -> None:
    """RFC 9112, 3.2.2."""
    message = only(read(b"GET http://b.example:1/p?q HTTP/1.1\r\nHost: a\r\n\r\n"))

    assert (message.request.path, message.request.query) == ("/p", "q")
    assert message.head.authority == "b.example:1"


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 3\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]
)
def test_an_offer_of_another_protocol_is_passed_over(framing: bytes) -> None:
    """Java's HttpClient offers h2c with its first request, body and all (RFC 9110, 7.8)."""
    offer = START + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"
    for pieces in (
        [offer + framing + SMALL],
        [offer, framing, SMALL],
        [offer + framing[:-3], framing[-3:] + SMALL],
    ):
        first, second = read(*pieces)

        assert isinstance(first, Message)
        assert isinstance(second, Message)
        assert (first.request.method, first.request.path, first.request.body) == ("POST", "/x", b"abc")
        assert second.request.path == "/y"


def test_a_long_text_may_stand_in_a_query() -> None:
    """Four texts of 5,000 letters, which documents allow, are 180,000 bytes once written for a target."""
    query = b"%E2%82%AC" * 20_000

    message = only(read(b"GET /a?q=" + query + b" HTTP/1.1\r\nHost: a\r\n\r\n"))
    assert message.request.query == f"q={query.decode()}"


def test_a_client_is_told_to_go_on_before_its_body() -> None:
    """RFC 9110, 10.1.1; not when there is no body, and not in HTTP/1.0."""
    asking = b"Expect: 100-continue\r\n"

    assert read(START + asking + b"Content-Length: 1\r\n\r\n") == ["continue"]
    assert only(read(START + asking + b"Content-Length: 0\r\n\r\n")).is_whole
    assert read(b"POST / HTTP/1.0\r\n" + asking + b"Content-Length: 1\r\n\r\n") == []


def test_a_body_that_would_be_refused_is_not_asked_for() -> None:
    """Neither one that is too large nor one that the gate keeps out."""
    too_large = START + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % (MAX_TAKEN + 1)
    kept_out = START + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n"

    message = only(read(too_large))
    assert (len(message.request.body), message.is_whole) == (MAX_TAKEN + 1, False)
    refusal = Reply(403)
    message = only(read(kept_out, heads=Heads(lambda _: refusal)))
    assert (message.head.refusal, message.is_whole) == (refusal, False)


def test_a_large_body_is_cut_and_an_endless_one_not_waited_for() -> None:
    """One byte above the limit is enough for the rules; what follows is only taken off the wire."""
    head = START + b"Content-Length: %d\r\n\r\n" % (MAX_TAKEN * 2)
    message = only(read(head + b"x" * MAX_TAKEN, b"x" * MAX_TAKEN))
    assert (len(message.request.body), message.is_whole) == (MAX_TAKEN + 1, True)

    for framing, piece in (
        (b"Content-Length: %d\r\n\r\n" % (MAX_DRAINED * 2), b"x" * 65536),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 65530 + b"\r\n1\r\n"),
    ):
        reader, events, fed = new(), list[Event](), 0
        reader.feed(START + framing)
        while not events and fed < MAX_DRAINED * 2:
            events = reader.feed(piece)
            fed += len(piece)
        message = only(events)
        assert (len(message.request.body), message.is_whole) == (MAX_TAKEN + 1, False)
        assert reader.feed(b"x") == []


# What is refused

CHUNKED = START + b"Transfer-Encoding: chunked\r\n"
REFUSED = {
    "both lengths": (START + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", NOT_HTTP),
    "both lengths, turned": (CHUNKED + b"Content-Length: 1\r\n\r\n0\r\n\r\n", NOT_HTTP),
    "two lengths": (START + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", NOT_HTTP),
    "two equal lengths": (START + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na", NOT_HTTP),
    "a list of lengths": (START + b"Content-Length: 1, 1\r\n\r\na", NOT_HTTP),
    "a signed length": (START + b"Content-Length: +1\r\n\r\na", NOT_HTTP),
    "a negative length": (START + b"Content-Length: -1\r\n\r\na", NOT_HTTP),
    "a hexadecimal length": (START + b"Content-Length: 0x1\r\n\r\na", NOT_HTTP),
    "an empty length": (START + b"Content-Length:\r\n\r\na", NOT_HTTP),
    "a length that overflows": (START + b"Content-Length: 18446744073709551616\r\n\r\na", NOT_HTTP),
    "a folded header": (START + b"A: b\r\n c\r\n\r\n", NOT_HTTP),
    "a folded first header": (b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", NOT_HTTP),
    "a space before the colon": (START + b"A : b\r\n\r\n", NOT_HTTP),
    "no colon": (START + b"A\r\n\r\n", NOT_HTTP),
    "no name": (START + b": b\r\n\r\n", NOT_HTTP),
    "a name that is no token": (START + b"A(: b\r\n\r\n", NOT_HTTP),
    "a bare line feed": (START + b"A: b\nC: d\r\n\r\n", NOT_HTTP),
    "bare line feeds only": (b"GET / HTTP/1.1\nHost: a\n\n", NOT_HTTP),
    "a bare carriage return": (START + b"A: b\rC: d\r\n\r\n", NOT_HTTP),
    "a null": (START + b"A: b\0c\r\n\r\n", NOT_HTTP),
    "a chunk size that overflows": (CHUNKED + b"\r\nFFFFFFFFFFFFFFFFF\r\n", NOT_HTTP),
    "a chunk size with 0x": (CHUNKED + b"\r\n0x1\r\na\r\n0\r\n\r\n", NOT_HTTP),
    "a negative chunk size": (CHUNKED + b"\r\n-1\r\na\r\n0\r\n\r\n", NOT_HTTP),
    "a space after a chunk size": (CHUNKED + b"\r\n1 \r\na\r\n0\r\n\r\n", NOT_HTTP),
    "a chunk longer than its size": (CHUNKED + b"\r\n1\r\nabc\r\n0\r\n\r\n", NOT_HTTP),
    "chunks by line feeds": (CHUNKED + b"\r\n1\na\n0\n\n", NOT_HTTP),
    "another coding": (START + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", WRONG_CODING),
    "a coding after chunked": (START + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", NOT_HTTP),
    "an unknown coding": (START + b"Transfer-Encoding: xchunked\r\n\r\n", WRONG_CODING),
    "identity": (START + b"Transfer-Encoding: identity\r\n\r\n", WRONG_CODING),
    "chunked twice": (CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", NOT_HTTP),
    "chunks in HTTP/1.0": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", WRONG_CODING),
    "HTTP/0.9": (b"GET /\r\n\r\n", WRONG_VERSION),
    "HTTP/2.0": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", WRONG_VERSION),
    "HTTP/1.2": (b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", NOT_HTTP),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NOT_HTTP),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", NOT_HTTP),
    "a space in the target": (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", NOT_HTTP),
    "a byte that is not ASCII in the target": (b"GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n", NOT_HTTP),
    "a target without a slash": (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", NOT_HTTP),
    "a method that nobody knows": (b"FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", NOT_HTTP),
    "a long target": (b"GET /" + b"a" * MAX_TARGET + b" HTTP/1.1\r\nHost: a\r\n\r\n", LONG_TARGET),
    "a long header": (START + b"A: " + b"a" * MAX_HEAD + b"\r\n\r\n", LARGE_HEAD),
    "a long header that does not end": (START + b"A: " + b"a" * MAX_HEAD, LARGE_HEAD),
    "many headers": (START + b"A: b\r\n" * MAX_HEADERS + b"\r\n", LARGE_HEAD),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_smugglers_and_strangers_send_is_refused(name: str) -> None:
    """RFC 9112, 11.2: where two readings are possible, none is taken, however the bytes are cut."""
    sent, expected = REFUSED[name]

    assert read(sent)[-1] == expected
    assert read(*(sent[i : i + 1] for i in range(len(sent))))[-1] == expected
    warm = read(SMALL, SMALL, sent)
    assert shown(warm[:1]) == shown(warm[1:2])
    assert warm[2] == expected
    assert isinstance(warm[2], Broken)


def test_heads_and_targets_up_to_the_limits_are_taken() -> None:
    """One byte, or one header, more is refused."""
    start = b"GET / HTTP/1.1\r\nHost: a\r\n"

    for headers, is_taken in ((MAX_HEADERS - 1, True), (MAX_HEADERS, False)):
        found = read(start + b"A: b\r\n" * headers + b"\r\n")[-1]
        assert isinstance(found, Broken) != is_taken
    for length, is_taken in ((MAX_TARGET, True), (MAX_TARGET + 1, False)):
        found = read(b"GET /" + b"a" * (length - 1) + b" HTTP/1.1\r\nHost: a\r\n\r\n")[-1]
        assert isinstance(found, Broken) != is_taken


def test_nothing_is_read_after_what_was_refused() -> None:
    """Whatever follows could be the second half of a smuggled request."""
    reader = new()

    assert reader.feed(b"GET / HTTP/1.1\r\nA : b\r\n\r\n" + SMALL) == [NOT_HTTP]
    assert reader.feed(SMALL) == []
    assert reader.whole(SMALL) is None


def test_nothing_is_read_after_a_last_request() -> None:
    """`Connection: close` is a client's last word (RFC 9112, 9.6), also when its head is known."""
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    heads = Heads(lambda _: None)

    for _ in range(2):
        assert only(read(last, SMALL, heads=heads)).request.path == "/"
        assert only(read(last + SMALL, heads=heads)).request.path == "/"


# How it is cut

names = st.sampled_from(["A", "Content-Type", "X-Y", "Prefer", "Origin"])
values = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
bodies = st.binary(max_size=20)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Return a valid request: with a length, in chunks, or without a body; some offer to upgrade."""
    method = draw(st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"QUERY", b"OPTIONS"]))
    target = draw(st.sampled_from([b"/", b"/a?b=c", b"http://b/c?d", b"/%zz"]))
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: a"]
    lines += [
        f"{name}: {value}".encode() for name, value in draw(st.lists(st.tuples(names, values), max_size=3))
    ]
    if draw(st.integers(0, 5)) == 5:
        lines += [b"Connection: upgrade", b"Upgrade: h2c"]
    body = draw(bodies)
    match draw(st.sampled_from(["none", "length", "chunks"])):
        case "length":
            lines.append(b"Content-Length: %d" % len(body))
        case "chunks":
            lines.append(b"Transfer-Encoding: chunked")
            body = b"".join(b"%x\r\n%c\r\n" % (1, byte) for byte in body) + b"0\r\n\r\n"
        case _:
            body = b""
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@given(st.lists(requests(), min_size=1, max_size=4), st.data())
def test_the_cuts_make_no_difference(sent: list[bytes], data: st.DataObject) -> None:
    """One request at a time, all at once, or in any pieces; with heads that are known and with new ones."""
    stream = b"".join(sent)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=8)) | {0, len(stream)})
    pieces = [stream[a:b] for a, b in pairwise(cuts)]
    heads = Heads(lambda _: None)

    expected = shown(read(*sent))

    assert len(expected) == len(sent)
    assert shown(read(stream)) == shown(read(*pieces)) == expected
    assert [shown(read(*sent, heads=heads)) for _ in range(2)] == [expected] * 2
    assert shown(read(*pieces, heads=heads)) == shown(read(stream, heads=heads)) == expected


@given(st.lists(st.binary(max_size=30)), st.data())
def test_any_bytes_end_in_requests_or_one_refusal(pieces: list[bytes], data: st.DataObject) -> None:
    """No byte string at all makes the reader fail."""
    start = data.draw(
        st.sampled_from(
            [b"", b"GET ", b"GET / HTTP/1.1\r\n", START, START + b"Transfer-Encoding: chunked\r\n\r\n"]
        )
    )

    events = read(start, *pieces)

    assert all(not isinstance(event, Broken) for event in events[:-1])


# What is remembered


def test_a_remembered_head_answers_to_its_bytes_alone() -> None:
    """Another length, another header, another gate's verdict: another head."""
    heads = Heads(lambda head: Reply(421) if head.values("host") == ["b"] else None)
    known = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"
    read(known + b"1", heads=heads)

    assert only(read(known + b"2", heads=heads)).request.body == b"2"
    assert read(known, heads=heads) == []
    assert [shown([e])[0][0].body for e in read(known + b"3" + known + b"4", heads=heads)] == [b"3", b"4"]
    other = only(read(known.replace(b"a\r\n", b"b\r\n") + b"1", heads=heads))
    assert other.head.refusal == Reply(421)
    assert only(read(known + b"1", heads=heads)).head.refusal is None


def test_memory_of_heads_is_bounded() -> None:
    """Whoever sends a new head each time does not fill the memory."""
    heads = Heads(lambda _: None)
    for number in range(3000):
        read(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number, heads=heads)
    read(b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 4000 + b"\r\n\r\n", heads=heads)

    assert len(heads.known) <= 512
    assert max(map(len, heads.known)) <= 2048


def test_a_head_shows_nothing_of_what_it_holds() -> None:
    """Keys are in queries, tokens in headers."""
    message = only(read(b"GET /?apiKey=secret1 HTTP/1.1\r\nHost: a\r\nAuthorization: secret2\r\n\r\n"))

    assert isinstance(message.head, Head)
    assert "secret" not in repr(message) + repr(message.head) + repr(message.request)
