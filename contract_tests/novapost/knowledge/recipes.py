"""How each documented status comes about by the rules, and requests that fit the document."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from contract_tests.checks.knowledge import Recipe, Sender
from contract_tests.novapost.knowledge.checks import KEYS, TOKENS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.strategies import MORNING, fictional
from contract_tests.target.exchange import Received

PHONE = fictional(100)
KEY_OPERATION = f"POST {KEYS}"
TOKEN_OPERATION = f"GET {TOKENS}"


def ask(sender: Sender, phone: str, **options: Any) -> Received:
    """Ask for the key of a phone."""
    return sender.send("POST", KEYS, json={"phone": phone}, **options)


def authorize(sender: Sender, api_key: str, **options: Any) -> Received:
    """Ask for the token that a key buys."""
    return sender.send("GET", TOKENS, params={"apiKey": api_key}, **options)


def _new_key(sender: Sender, control: KeysControl) -> Received:
    control.begin_at(MORNING)
    control.register(PHONE)
    return ask(sender, PHONE)


def _limit_reached(sender: Sender, control: KeysControl) -> Received:
    _new_key(sender, control)
    control.cleanup(PHONE)
    # A second issuing on one day: too much by either reading of daily-limit.
    return ask(sender, PHONE)


def _ambiguous(sender: Sender, control: KeysControl) -> Received:
    control.register(PHONE, matches=2)
    return ask(sender, PHONE)


def _new_token(sender: Sender, control: KeysControl) -> Received:
    return authorize(sender, _new_key(sender, control).json()["apiKey"])


def _expired_key(sender: Sender, control: KeysControl) -> Received:
    key = _new_key(sender, control).json()["apiKey"]
    control.advance(timedelta(days=800))
    return authorize(sender, key)


RECIPES: Mapping[tuple[str, int], Recipe] = {
    (KEY_OPERATION, 200): _new_key,
    (KEY_OPERATION, 400): lambda sender, control: ask(sender, "no phone"),
    (KEY_OPERATION, 404): lambda sender, control: ask(sender, PHONE),
    (KEY_OPERATION, 409): _ambiguous,
    (KEY_OPERATION, 429): _limit_reached,
    (TOKEN_OPERATION, 200): _new_token,
    (TOKEN_OPERATION, 401): _expired_key,
    (TOKEN_OPERATION, 422): lambda sender, control: sender.send("GET", TOKENS),
}
REQUESTS: Mapping[str, Mapping[str, Any]] = {
    KEY_OPERATION: {"json": {"phone": PHONE}},
    TOKEN_OPERATION: {"params": {"apiKey": "0" * 40}},
}
