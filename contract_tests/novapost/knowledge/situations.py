"""Requests of every kind that get the same answer each time they are sent, for the principles."""

from collections.abc import Mapping
from typing import Any

from contract_tests.checks.knowledge import Asked, Sender, Situation
from contract_tests.novapost.knowledge.checks import KEYS, TOKENS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.recipes import ask
from contract_tests.novapost.knowledge.strategies import MORNING, fictional

_PHONE, _STRANGER, _AMBIGUOUS = fictional(120), fictional(121), fictional(122)


def _key_of(phone: str) -> Asked:
    return Asked("POST", KEYS, {"json": {"phone": phone}})


def _token_of(key: str) -> Asked:
    return Asked("GET", TOKENS, {"params": {"apiKey": key}})


def _given(sender: Sender, control: KeysControl) -> str | None:
    """Give the phone a key in the morning, and return the key."""
    control.begin_at(MORNING)
    control.register(_PHONE)
    answer = ask(sender, _PHONE)
    body: Any = answer.json() if answer.status == 200 else {}
    key = body.get("apiKey")
    return key if isinstance(key, str) else None


def _repeated(sender: Sender, control: KeysControl | None) -> Asked | None:
    return _key_of(_PHONE) if control and _given(sender, control) else None


def _ambiguous(sender: Sender, control: KeysControl | None) -> Asked | None:
    if control is None:
        return None
    control.register(_AMBIGUOUS, matches=2)
    return _key_of(_AMBIGUOUS)


def _limited(sender: Sender, control: KeysControl | None) -> Asked | None:
    if control is None or not _given(sender, control):
        return None
    control.cleanup(_PHONE)
    return _key_of(_PHONE)


def _token(sender: Sender, control: KeysControl | None) -> Asked | None:
    key = control and _given(sender, control)
    return _token_of(key) if key else None


SITUATIONS: Mapping[str, Situation] = {
    "a key again": _repeated,
    "a stranger": lambda sender, control: _key_of(_STRANGER),
    "an ambiguous phone": _ambiguous,
    "the limit": _limited,
    "no phone": lambda sender, control: _key_of("no phone"),
    "another member": lambda sender, control: Asked("POST", KEYS, {"json": {"telephone": _STRANGER}}),
    "a token": _token,
    "a token for an unknown key": lambda sender, control: _token_of("0" * 40),
    "a token without a key": lambda sender, control: Asked("GET", TOKENS, {}),
}
