"""Does a report show requests and answers in full, and neither key, token nor somebody's phone?"""

import json

import pytest

from contract_tests.checks import redaction
from contract_tests.checks.descriptions import describe
from contract_tests.novapost.knowledge.contract import certainties, contract
from contract_tests.target.exchange import Received, Sent

KEY = "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2"
JWT = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJleGFtcGxlIn0.c2lnbmF0dXJl"
ASKING = Sent(
    "POST", "http://x/test-api-keys", "/test-api-keys", {"authorization": JWT}, b'{"phone": "447700900001"}'
)


@pytest.mark.parametrize(
    "body",
    [
        {"apiKey": KEY},
        {"jwt": JWT},
        {"data": [{"token": "s3cret word"}]},
        {"errors": [f"no client for {KEY}"]},
        {"errors": {"": f"Bearer {JWT}"}},
        {"key": [KEY, "short-key"]},
        {"errors": ["491729925904 is not you"]},
        {"anything": "A1b2C3d4E5f6G7h8I9j0K1"},
    ],
)
def test_an_answer_shows_no_secret(body: dict[str, object]) -> None:
    """Wherever it stands."""
    text = redaction.answer(
        Received(200, {"x-key": KEY, "set-cookie": "a=1"}, json.dumps(body).encode()), None, ASKING
    )

    for secret in (KEY, JWT, KEY[:20], JWT[:20], "s3cret", "short-key", "491729925904", "A1b2C3d4", "a=1"):
        assert secret not in text
    assert "***" in text


def test_what_is_no_secret_is_shown() -> None:
    """Dates, statuses, messages, and the phone that was asked for."""
    body = b'{"createdAt": "2026-03-10T09:30:00.028971Z", "status": "Active", "errors": ["447700900001: no"]}'
    text = redaction.answer(Received(200, {"content-type": "application/json"}, body), None, ASKING)

    assert text == f"200\ncontent-type: application/json\n\n{body.decode()}"
    assert redaction.answer(None, "timed out", ASKING) == "no whole answer: timed out"


def test_a_request_shows_no_secret() -> None:
    """Neither in its query nor in a header."""
    query = f"apiKey={KEY}&x=%3Cb%3E"
    sent = Sent("GET", f"http://x/y?{query}", "/clients/authorization", {"cookie": "a=1"}, b"")

    assert redaction.request(sent) == "GET /clients/authorization?apiKey=***&x=%3Cb%3E\ncookie: ***"
    assert JWT not in redaction.request(ASKING)


def test_what_is_long_is_cut() -> None:
    """A hostile answer does not fill the page."""
    received = Received(200, {f"h{n}": "v " * 500 for n in range(90)}, b"<" * 100_000)
    text = redaction.answer(received, None, ASKING)

    assert len(text) < 15_000
    assert "(98000 bytes more)" in text
    assert "(60 more)" in text


@pytest.mark.parametrize("name", [*certainties(), "dates-make-sense", "answers-whole", "jwt-lasts-an-hour"])
def test_each_promise_is_in_words_and_written_somewhere(name: str) -> None:
    """A finding says what was described, and by whom."""
    described = describe(name, None, contract())

    assert described.statement.endswith(".")
    assert described.written


@pytest.mark.parametrize(
    "name", ["authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"]
)
def test_a_header_that_carries_secrets_shows_its_name_alone(name: str) -> None:
    """Even a short secret, which has no shape of its own."""
    sent = Sent("GET", "http://x/y", "/y", {name: "short"}, b"")

    assert redaction.request(sent) == f"GET /y\n{name}: ***"


def test_a_query_is_masked_from_sixteen_characters_on() -> None:
    """What is shorter is no key; a name without a value and bytes that are no UTF-8 are kept."""
    query = f"a={'k' * 15}&b={'k' * 16}&c=&d=%FF"

    shown = redaction.request(Sent("GET", f"http://x/y?{query}", "/y", {}, b""))

    assert shown == f"GET /y?a={'k' * 15}&b=***&c=&d=%EF%BF%BD"


@pytest.mark.parametrize(("length", "rest"), [(300, 0), (301, 1)])
def test_a_line_has_three_hundred_characters(length: int, rest: int) -> None:
    """And says how many more there were."""
    value = "v " * 151

    shown = redaction.request(Sent("GET", "http://x/y", "/y", {"x": value[:length]}, b"")).splitlines()[1]

    assert shown == f"x: {value[:300]}" + f"... ({rest} characters more)" * bool(rest)


@pytest.mark.parametrize(("length", "rest"), [(2000, 0), (2001, 1)])
def test_a_body_has_two_thousand_bytes(length: int, rest: int) -> None:
    """And says how many more there were; a byte that is no UTF-8 is written as what it is."""
    body = (b"\xff" + b"v " * 1000)[:length]

    shown = redaction.request(Sent("POST", "http://x/y", "/y", {}, body))

    assert shown == "POST /y\n\n\\xff" + ("v " * 1000)[:1999] + f"\n({rest} bytes more)" * bool(rest)
