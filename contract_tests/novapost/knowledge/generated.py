"""Phones and keys that the target knows, for requests of schemathesis: so they get past the first refusal."""

from typing import Any

from hypothesis import strategies as st

from contract_tests.checks.knowledge import Sender
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.recipes import ask
from contract_tests.novapost.knowledge.strategies import PUBLISHED_EXAMPLE, fictional, fictional_german

# Phones that the target knows, so that generated requests get past "Client not found".
REGISTERED = [PUBLISHED_EXAMPLE, *map(fictional, range(4))]
AMBIGUOUS = [fictional_german(0)]
_NOTHING: st.SearchStrategy[Any] = st.just(None)
_KNOWN = st.sampled_from(REGISTERED + AMBIGUOUS).map(lambda phone: {"phone": phone})
# Keys that the target gave; filled by `prepare`, drawn from by position.
_keys: list[str] = []


def flatmap_body(context: Any, body: Any) -> st.SearchStrategy[Any]:
    """Let every other fitting phone become one that the target knows."""
    if not isinstance(body, dict) or set(body) != {"phone"} or not _fits(body["phone"]):
        return st.just(body)
    return st.just(body) | _KNOWN


def flatmap_query(context: Any, query: Any) -> st.SearchStrategy[Any]:
    """Let some keys become ones that were really given."""
    if query is None:
        return _NOTHING
    if not _keys or not isinstance(query, dict) or not isinstance(query.get("apiKey"), str):
        return st.just(query)
    return st.just(query) | st.integers(0, len(_keys) - 1).map(lambda i: {**query, "apiKey": _keys[i]})


def _fits(phone: Any) -> bool:
    return isinstance(phone, str) and phone.isascii() and phone.isdigit() and 8 <= len(phone) <= 15


def prepare(sender: Sender, control: KeysControl | None) -> None:
    """Register clients and ask for keys: generated requests come too fast to prepare each."""
    _keys.clear()
    if control is None:
        return
    control.reset()
    for phone in REGISTERED:
        control.register(phone)
    for phone in AMBIGUOUS:
        control.register(phone, matches=2)
    for phone in REGISTERED[:2]:
        answer = ask(sender, phone)
        if answer.status == 200:
            _keys.append(answer.json()["apiKey"])
