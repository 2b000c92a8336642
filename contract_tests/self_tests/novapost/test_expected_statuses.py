"""Which statuses the rules leave open for a request, and what is unknown."""

import json
from typing import Any

import pytest

from contract_tests.checks.knowledge import Expected
from contract_tests.novapost.knowledge import checks
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.target.exchange import Sent

CONTRACT = contract()
RULES = CONTRACT.knowledge.rules
NO_KEY = "a request without a key"
PHONE = "447700900001"
OPERATION = "POST /test-api-keys"
GOOD = frozenset({200, 404, 409, 429})


@pytest.mark.parametrize(
    ("rules", "phone", "statuses", "is_certain"),
    [
        ({}, PHONE, set(), False),
        ({"a": {"refuses": OPERATION, "status": [200, 399, 400, 429]}}, PHONE, {400, 429}, False),
        ({"a": {"refuses": "GET /other", "status": [404]}}, PHONE, set(), False),
        ({"a": {"status": [404]}}, PHONE, set(), False),
        ({"a": {"refuses": OPERATION, "status": [400], "phones": "^44"}}, PHONE, {400, 404}, True),
        ({"a": {"refuses": OPERATION, "status": [400], "phones": "^45"}}, PHONE, set(), False),
        (
            {
                "a": {"refuses": OPERATION, "status": [400], "phones": "^44"},
                "b": {"refuses": OPERATION, "status": [429]},
            },
            PHONE,
            {400, 404},
            True,
        ),
        (
            {
                "a": {"refuses": OPERATION, "status": [400], "phones": "^45"},
                "b": {"refuses": OPERATION, "status": [429]},
            },
            PHONE,
            {429},
            False,
        ),
    ],
)
def test_the_rules_say_which_statuses_refuse_a_phone(
    rules: dict[str, Any], phone: str, statuses: set[int], is_certain: bool
) -> None:
    """A rule about phones refuses its own for certain; every other one may refuse any."""
    assert checks.refusals(rules, OPERATION, phone) == (frozenset(statuses), is_certain)


def for_key(body: Any, content_type: str = "application/json") -> Expected | None:
    """Return what is expected of a request for a key."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = Sent(
        "POST", "http://127.0.0.1/test-api-keys", "/test-api-keys", {"content-type": content_type}, content
    )
    operation = CONTRACT.find(sent.method, sent.path)
    assert operation is not None
    return checks.statuses_of_key_request(sent, operation, CONTRACT, rules=RULES)


BROKEN: tuple[Any, ...] = ({"phone": "1"}, {"phone": 7}, {}, [], {"phone": PHONE, "name": "x"}, b"{", b"")


@pytest.mark.parametrize(
    ("body", "statuses"),
    [({"phone": PHONE}, GOOD), ({"phone": "380501234567"}, {400, 404}), *((body, {400}) for body in BROKEN)],
)
def test_a_request_for_a_key_gets_what_the_rules_leave_open(body: Any, statuses: set[int]) -> None:
    """A phone that is refused for certain gets no 200, and a body that breaks the document gets 400 alone."""
    assert for_key(body) == Expected(frozenset(statuses))


@pytest.mark.parametrize(
    "body",
    [
        b'{"phone": "1", "phone": "447700900001"}',
        b"\xef\xbb\xbf" + json.dumps({"phone": PHONE}).encode(),
        json.dumps({"phone": PHONE}).encode("utf-16"),
        json.dumps({"phone": PHONE}).encode("utf-32-be"),
    ],
)
def test_what_readers_read_in_two_ways_has_no_expected_status(body: bytes) -> None:
    """Two equal names, and other encodings than UTF-8."""
    assert for_key(body) is None


def test_a_body_of_another_type_has_no_expected_status() -> None:
    """Whether it is read at all is the server's."""
    assert for_key({"phone": PHONE}, "text/plain") is None


def for_token(query: str, body: bytes = b"") -> Expected | None:
    """Return what is expected of a request for a token."""
    sent = Sent("GET", f"http://127.0.0.1/clients/authorization?{query}", "/clients/authorization", {}, body)
    operation = CONTRACT.find(sent.method, sent.path)
    assert operation is not None
    return checks.statuses_of_token_request(sent, operation, CONTRACT)


@pytest.mark.parametrize(
    ("query", "statuses", "reason"),
    [
        ("", {422}, NO_KEY),
        ("apiKey=", {422}, NO_KEY),
        ("apikey=a1", {422}, NO_KEY),
        ("apiKey=Az09", {200, 401}, ""),
        ("apiKey=" + "a" * 512, {200, 401}, ""),
        ("apiKey=" + "a" * 513, {401, 422}, NO_KEY),
        ("apiKey=%20", {401, 422}, NO_KEY),
        ("apiKey=%C3%A9", {401, 422}, NO_KEY),
        ("apiKey=%21", {200, 401, 422}, ""),
        ("apiKey=~", {200, 401, 422}, ""),
        ("apiKey=%7F", {401, 422}, NO_KEY),
        ("apiKey=a1&lang=uk", {200, 401, 422}, ""),
    ],
)
def test_a_request_for_a_token_gets_what_the_rules_leave_open(
    query: str, statuses: set[int], reason: str
) -> None:
    """By the characters of its key, of which letters and digits are every key's."""
    assert for_token(query) == Expected(frozenset(statuses), reason)


@pytest.mark.parametrize(
    ("query", "body"), [("apiKey=a&apiKey=b", b""), ("apiKey=a", b"x"), ("apiKey=&apiKey=", b"")]
)
def test_several_keys_or_a_body_have_no_expected_status(query: str, body: bytes) -> None:
    """Which key counts, and whether a body matters, is not written."""
    assert for_token(query, body) is None


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [("Az09", True), ("a-b", False), ("é", False), ("٣", False), ("", False), ("a b", False)],
)
def test_the_characters_of_a_key_are_letters_and_digits(text: str, is_plain: bool) -> None:
    """Of ASCII; 422 would be wrong of these alone."""
    assert checks.is_plain_key(text) is is_plain
