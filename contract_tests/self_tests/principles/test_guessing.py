"""A computed value is reported, and a random one is not."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable

import pytest

from contract_tests.principles.guessing import Made, guessable, signed_with_a_word

DAY = "2026-01-02"
RULES: dict[str, Callable[[str, int], str]] = {
    "the phone in it": lambda phone, n: f"{secrets.token_hex(10)}{phone}",
    "a digest": lambda phone, n: hashlib.md5(phone.encode(), usedforsecurity=False).hexdigest(),
    "a digest that is cut": lambda phone, n: hashlib.sha512(phone.encode()).hexdigest()[:32],
    "a digest of phone and day": lambda phone, n: hashlib.sha256(f"{phone}|{DAY}".encode()).hexdigest(),
    "a digest in base64": lambda phone, n: base64.urlsafe_b64encode(
        hashlib.sha256(f"{DAY}{phone}".encode()).digest()
    ).decode(),
    "a weak key": lambda phone, n: hmac.digest(b"secret", phone.encode(), "sha256").hex(),
    "counting": lambda phone, n: f"{10**30 + 17 * n}",
    "counting in hexadecimal digits": lambda phone, n: f"{(1 << 150) + n:040x}",
    "few digits that differ": lambda phone, n: f"{'ab' * 16}{secrets.token_hex(4)}",
    "a time that grows": lambda phone, n: f"{10**25 * (n + 1) + secrets.randbelow(10**20)}",
    "always the same": lambda phone, n: "7" * 40,
}


def made(rule: Callable[[str, int], str], count: int = 40) -> list[Made]:
    phones = [f"4477009{number:05}" for number in range(count)]
    return [Made(rule(phone, number), (phone, DAY)) for number, phone in enumerate(phones)]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_told(rule: str) -> None:
    assert list(guessable(made(RULES[rule]))) != []


@pytest.mark.parametrize(
    "random_text",
    [
        lambda phone, n: secrets.token_hex(20),
        lambda phone, n: secrets.token_hex(16),
        lambda phone, n: secrets.token_urlsafe(24),
        lambda phone, n: f"np_test_{secrets.token_hex(16)}_v1",
        lambda phone, n: str(secrets.randbelow(10**32)).zfill(32),
    ],
    ids=["40 digits", "32 digits", "base64", "with a beginning", "decimal"],
)
def test_chance_raises_no_alarm(random_text: Callable[[str, int], str]) -> None:
    """Fifty honest servers, each with as many keys as a run makes."""
    for _ in range(50):
        assert list(guessable(made(random_text))) == []


@pytest.mark.parametrize("word", ["", "secret", "447700900123"])
def test_a_word_as_the_key_of_a_token_is_told(word: str) -> None:
    """Whoever tries it can make tokens of others."""
    signed = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9"
    seal = base64.urlsafe_b64encode(hmac.digest(word.encode(), signed.encode(), "sha256")).decode()

    assert signed_with_a_word(f"{signed}.{seal.rstrip('=')}", ("447700900123",))
    assert not signed_with_a_word(f"{signed}.c2ln", ("447700900123",))
    assert not signed_with_a_word("no token")


def test_of_one_secret_only_its_rule_can_be_told() -> None:
    assert list(guessable([Made(secrets.token_hex(20), ("447700900001",))])) == []


@pytest.mark.parametrize(("count", "is_told"), [(5, True), (4, False)])
def test_five_secrets_that_count_up_are_enough(count: int, is_told: bool) -> None:
    """Over a power of ten, where all digits differ; of four nobody can say that they count."""
    counted = made(lambda phone, n: f"{10**30 - 2 + n:031}", count)

    assert ("the secrets count up" in [*guessable(counted)]) == is_told


def test_the_same_secret_twice_is_told() -> None:
    texts = [secrets.token_hex(20) for _ in range(3)]

    assert list(guessable([Made(text, ()) for text in (*texts, texts[0])])) == [
        "the same secret was made twice"
    ]
