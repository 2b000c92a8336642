"""Who gets a JWT, what is in it, and the errors of all others."""

import base64
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.self_tests.mock.keys.requests import DAY, NOON, PHONE, ask, authorize, fits, mock_at
from novapost_mock.keys.tokens import TokenSource, signer


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_an_active_key_buys_a_jwt_for_an_hour() -> None:
    """Rule jwt: a real token, so a client that looks inside finds what it expects."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]
    reply = authorize(mock, f"apiKey={key}", NOON)
    header, claims, _ = reply.json()["jwt"].split(".")

    assert reply.status == 200
    assert fits(reply, "get", "/clients/authorization")
    assert decoded(header) == {"alg": "HS256", "typ": "JWT"}
    body = decoded(claims)
    assert body["exp"] - body["iat"] == 3600
    assert body["iat"] == NOON.timestamp()
    assert key not in str(body)
    assert PHONE not in str(body)


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_tokens_are_signed_by_hmac(secret: bytes, message: bytes) -> None:
    """As the standard library computes it; ours is only quicker."""
    assert signer(secret)(message) == hmac.digest(secret, message, "sha256")


class Source:
    """A source of random bytes that notes how many it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, number: int) -> bytes:
        """Return different bytes each time."""
        self.asked.append(number)
        return bytes([len(self.asked)]) * number


@pytest.mark.parametrize("length", [16, 17, 40, 127, 128])
def test_a_key_has_the_length_that_is_set(length: int) -> None:
    """An odd one, too; and it uses up no byte that it does not need."""
    source = Source()
    key = TokenSource(source, b"s").api_key(length)

    assert len(key) == length
    assert set(key) <= set("0123456789abcdef")
    assert source.asked == [-(-length // 2)]


def test_a_secret_is_drawn_only_where_none_is_given() -> None:
    """RFC 7518, 3.2 asks for as many bytes as the digest has; workers that share a state share the secret."""
    source = Source()
    TokenSource(source)
    assert source.asked == [32]

    shared = TokenSource(source, b"s" * 32)
    assert source.asked == [32]
    signed, _, signature = shared.jwt(PHONE, NOON).rpartition(".")
    expected = hmac.digest(b"s" * 32, signed.encode(), "sha256")
    assert base64.urlsafe_b64decode(signature + "=") == expected
    assert source.asked == [32, 16]


def test_the_claims_show_the_phone_by_a_keyed_hash() -> None:
    """The same for each token of a phone, another one for each phone and for each secret."""
    one, other = TokenSource(Source(), b"a" * 32), TokenSource(Source(), b"b" * 32)

    def claims(source: TokenSource, phone: str) -> Any:
        return decoded(source.jwt(phone, NOON).split(".")[1])

    first, again = claims(one, PHONE), claims(one, PHONE)
    assert first["iss"] == "novapost-mock"
    assert first["sub"] == again["sub"] == hmac.digest(b"a" * 32, PHONE.encode(), "sha256").hex()[:32]
    assert len({first["jti"], again["jti"]}) == 2
    assert len({first["sub"], claims(one, "4915112345678")["sub"], claims(other, PHONE)["sub"]}) == 3
    assert len(first["jti"]) == 32


def test_the_memory_for_subjects_is_small() -> None:
    """A server that runs for weeks meets any number of phones."""
    assert TokenSource()._subject.cache_info().maxsize == 4096


def test_no_two_jwts_are_equal() -> None:
    """A client that compares tokens to notice a fresh one can."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]

    tokens = {authorize(mock, f"apiKey={key}", NOON).json()["jwt"] for _ in range(50)}
    assert len(tokens) == 50


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("", {"": "Missing required parameter: apiKey"}),
        ("apiKey", {"": "Missing required parameter: apiKey"}),
        ("apiKey=", {"": "Missing required parameter: apiKey"}),
        ("apikey=abc", {"": "Missing required parameter: apiKey"}),
        ("apiKey=a&apiKey=b", {"": "Parameter given more than once: apiKey"}),
        ("apiKey=a&apiKey=", {"": "Parameter given more than once: apiKey"}),
    ],
)
def test_without_one_key_there_is_422(query: str, errors: dict[str, str]) -> None:
    """Rule jwt: the error names the field at fault."""
    reply = authorize(mock_at(), query)

    assert (reply.status, reply.json()) == (422, {"errors": errors})
    assert fits(reply, "get", "/clients/authorization")


@pytest.mark.parametrize("query", ["apiKey=abc", "apiKey=%FF%00", "apiKey=%ED%A0%80", "x=1&apiKey=0"])
def test_an_unknown_key_gets_401(query: str) -> None:
    """Rule jwt: in the published shape, whose property name is empty."""
    reply = authorize(mock_at(), query)

    text = "The API key is unknown, expired or deleted"
    assert (reply.status, reply.json()) == (401, {"errors": {"": text}})
    assert fits(reply, "get", "/clients/authorization")


def test_expired_deleted_and_unknown_keys_cannot_be_told_apart() -> None:
    """Rule jwt: an answer that differed would tell which keys once existed."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]
    expired = authorize(mock, f"apiKey={key}", NOON + 400 * DAY)
    mock.cleanup(PHONE)

    assert expired == authorize(mock, f"apiKey={key}", NOON) == authorize(mock, "apiKey=other", NOON)
    assert expired.status == 401


def test_unregistering_does_not_take_the_key_away() -> None:
    """What the portal knows decides who gets a key, not whether an Active one works."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]
    mock.unregister(PHONE)

    assert authorize(mock, f"apiKey={key}", NOON).status == 200


@given(st.integers(16, 128))
def test_a_key_has_as_many_hexadecimal_digits_as_the_reading_says(length: int) -> None:
    """An odd number of them, too."""
    key = TokenSource().api_key(length)

    assert len(key) == length
    assert set(key) <= set("0123456789abcdef")
