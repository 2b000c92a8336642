"""A spelling changes the bytes and not the request."""

import email.parser
import json
import random
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.principles.raw_request import RawRequest
from contract_tests.principles.sameness import Steady
from contract_tests.principles.spellings import (
    ADDITIONS,
    SPELLINGS,
    Spelling,
    body_in_chunks,
    composed,
    http_1_0,
    spelled,
    unknown_query,
)
from contract_tests.target.exchange import Received

ADDRESS = "http://127.0.0.1:8080/v1/things?first=%C3%A9&second=a+b"
BODY = {"name": 'é"\\\n😀', "count": [1, 2.5, None, True], "inner": {"a": "", "b": "x"}}


def plain(method: str = "POST") -> RawRequest:
    headers = {"Accept": "*/*", "User-Agent": "program/1", "X-One": "1", "X-Two": "2"}
    request = httpx.Request(method, ADDRESS, headers=headers, json=BODY if method == "POST" else None)
    return RawRequest.of(request)


def read(raw: RawRequest) -> tuple[object, ...]:
    """Read the bytes of a request by another parser: method, path, query, media type, body."""
    head, _, body = b"".join(raw.written()).partition(b"\r\n\r\n")
    first, _, rest = head.partition(b"\r\n")
    method, target, version = first.decode().split(" ")
    headers = email.parser.BytesParser().parsebytes(rest)
    if (headers["transfer-encoding"] or "").lower() == "chunked":
        whole, left = b"", body
        while size := int(left.partition(b"\r\n")[0], 16):
            left = left.partition(b"\r\n")[2]
            whole, left = whole + left[:size], left[size + 2 :]
        body = whole
    else:
        assert int(headers["content-length"] or 0) == len(body)
    assert version in ("HTTP/1.1", "HTTP/1.0")
    media_type = (headers["content-type"] or "").partition(";")[0].strip().lower()
    parts = urlsplit(target)
    return method, parts.path, parse_qsl(parts.query), media_type, json.loads(body) if body else None


@pytest.mark.parametrize("how", SPELLINGS, ids=lambda how: how.__name__)
@pytest.mark.parametrize("seed", range(5))
def test_a_spelling_means_the_same(how: Spelling, seed: int) -> None:
    """Else a server that reads right would be called wrong."""
    for request in (plain(), plain("GET")):
        raw = spelled(request, how, random.Random(seed))
        if raw is not None:
            assert read(raw) == read(request)
            assert raw.spelled == (how.__name__,)


@pytest.mark.parametrize("how", SPELLINGS, ids=lambda how: how.__name__)
def test_a_spelling_changes_the_bytes(how: Spelling) -> None:
    """Else it tries nothing."""
    request = RawRequest("GET", "http://a/b?name=abcdefgh") if how.__name__.startswith("query") else plain()

    made = [spelled(request, how, random.Random(seed)) for seed in range(5)]

    assert any(raw is not None and raw.written() != request.written() for raw in made)


@given(st.lists(st.sampled_from(SPELLINGS), max_size=6), st.integers(0, 1000))
def test_spellings_can_be_composed(hows: list[Spelling], seed: int) -> None:
    """Each works on what the others made."""
    raw = composed(plain(), tuple(hows), random.Random(seed))

    assert read(raw) == read(plain())


@pytest.mark.parametrize("how", ADDITIONS, ids=lambda how: how.__name__)
def test_an_addition_leaves_what_was_there(how: Spelling) -> None:
    """Only something is added."""
    request = plain("GET" if how.__name__ == "body_of_get" else "POST")

    raw = spelled(request, how, random.Random(1))

    assert raw is not None
    assert raw.method == request.method
    assert set(parse_qsl(urlsplit(request.url).query)) <= set(parse_qsl(urlsplit(raw.url).query))
    assert set(request.headers) <= set(raw.headers)
    assert raw.written() != request.written()


@pytest.mark.parametrize(
    ("phone", "added"), [("447700900123", "447700900124"), ("a9", "a8"), ("", "1"), (7, "1")]
)
def test_an_added_member_fits_where_its_own_does(phone: object, added: str) -> None:
    """A server that takes it for the phone may refuse what is none, as it may an unknown name."""
    body = json.dumps({"phone": phone}).encode()
    request = RawRequest("POST", "http://a/b", (("Content-Type", "application/json"),), body)

    raw = spelled(request, unknown_query, random.Random(1))

    assert raw is not None
    assert ("phone", added) in parse_qsl(urlsplit(raw.url).query)


def test_the_command_sends_the_same_bytes_and_hides_secrets() -> None:
    """A finding can be repeated by pasting it, and shows no key."""
    raw = RawRequest("GET", "http://127.0.0.1:8080/t?key=topsecrettopsecret", (("X-Odd", "50% 'x' \\"),))

    shown = raw.command({"topsecrettopsecret": "$KEY"})

    assert "topsecret" not in shown
    assert shown == (
        "printf 'GET /t?key='\"$KEY\"' HTTP/1.1\\r\\nHost: 127.0.0.1:8080\\r\\n"
        "X-Odd: 50%% \\047x\\047 \\\\\\r\\nConnection: close\\r\\n\\r\\n' | nc 127.0.0.1 8080"
    )


def answer(status: int, value: object) -> Received:
    return Received(status, {}, json.dumps(value).encode())


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (answer(200, {"a": 1, "b": "new"}), []),
        (answer(400, {}), ["400 instead of 200"]),
        (answer(200, {"a": 2, "b": "old"}), ["another a"]),
        (answer(200, {"a": 1}), ["other members of the body: b"]),
        (answer(200, []), ["the body is no object"]),
    ],
)
def test_only_what_stays_the_same_is_compared(other: Received, expected: list[str]) -> None:
    """A time of day that changes with each answer says nothing of a spelling."""
    steady = Steady(answer(200, {"a": 1, "b": "first"}), answer(200, {"a": 1, "b": "second"}))

    assert list(steady.differences(other)) == expected


def test_http_1_0_has_no_chunks_and_chunks_no_http_1_0() -> None:
    """RFC 9112, section 7: a sender of 1.0 cannot use them, so neither spelling applies to the other."""
    chance = random.Random(1)
    old, chunked = http_1_0(plain(), chance), body_in_chunks(plain(), chance)

    assert old is not None
    assert chunked is not None
    assert body_in_chunks(old, chance) is None
    assert http_1_0(chunked, chance) is None
    assert body_in_chunks(plain("GET"), chance) is None
