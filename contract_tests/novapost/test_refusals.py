"""Does a refused request change anything: for the phone that it names, or for anybody else?"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.checks import KEYS, TOKENS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.steps import OTHER, PHONE, buys_a_jwt, given_again, given_key
from contract_tests.target.dates import parse_date

_JSON = {"Content-Type": "application/json"}
# How often each is sent: servers that count bad requests lock somebody out after a few.
_TIMES = 3


class Refusal(NamedTuple):
    """A request that must be refused, with the options of `httpx.Client.build_request`."""

    method: str
    path: str
    options: dict[str, Any]


def _refusals(phone: str, key: str) -> Iterator[Refusal]:
    """Yield requests that name a phone, or a key, and are wrong in one way each."""
    for method in ("PUT", "PATCH", "DELETE"):
        yield Refusal(method, KEYS, {"json": {"phone": phone}})
        yield Refusal(method, f"{KEYS}?phone={phone}", {})
        yield Refusal(method, TOKENS, {"params": {"apiKey": key}})
    for written in (f"+{phone}", f"{phone} ", f"00{phone}", f"{phone[:2]} {phone[2:]}", f"{phone}\n"):
        yield Refusal("POST", KEYS, {"json": {"phone": written}})
    for more in (
        {"status": "Expired"},
        {"force": True},
        {"apiKey": key},
        {"expDate": "2020-01-01T00:00:00Z"},
    ):
        yield Refusal("POST", KEYS, {"json": {"phone": phone, **more}})
    for body in (
        json.dumps({"phone": [phone]}),
        json.dumps({"phone": phone})[:-1],
        f'[{{"phone": "{phone}"}}]',
    ):
        yield Refusal("POST", KEYS, {"content": body.encode(), "headers": _JSON})
    yield Refusal("POST", KEYS, {"data": {"phone": phone}})
    # A body that nobody reads must not be taken for the next request of the connection.
    for path in (TOKENS, "/nothing"):
        yield Refusal("POST", path, {"json": {"phone": phone}})
    for wrong in (key[:-1], f"{key}0", key[::-1], f"{key}%"):
        yield Refusal("GET", TOKENS, {"params": {"apiKey": wrong}})


def _refused(api: Api, phone: str, key: str) -> None:
    for refusal in _refusals(phone, key):
        for _ in range(_TIMES):
            answer = api.send(refusal.method, refusal.path, **refusal.options)
            told = f"{answer.status} for {refusal.method} that was to be refused"
            # A path that is not documented may lead elsewhere.
            api.expect(answer.status >= 300, "refused-changes-nothing", told, refusal.path.partition("?")[0])


def _timed_out(api: Api, phone: str) -> None:
    operation = api.contract.find("POST", KEYS)
    assert operation is not None
    api.provoke(operation, 503, lambda headers: api.ask(phone, headers=headers))
    api.meet_fault(operation, 503, lambda: api.ask(phone))


@pytest.mark.rule("same-day-same-key", "jwt", "daily-limit")
def test_refused_requests_change_no_key(api: Api, morning: KeysControl) -> None:
    """A caller who makes mistakes, or tries wrong keys, neither loses a key nor is locked out."""
    key, other = given_key(api, rule="same-day-same-key"), given_key(api, OTHER, rule="same-day-same-key")

    _refused(api, PHONE, key["apiKey"])

    for phone, given in ((PHONE, key), (OTHER, other)):
        buys_a_jwt(api, given["apiKey"], rule="jwt")
        given_again(api, given, phone, rule="same-day-same-key")


@pytest.mark.rule("daily-limit", "registered-phone")
def test_refused_requests_make_no_key(api: Api, morning: KeysControl) -> None:
    """What was refused was not done: the first key is that of the first right request."""
    _refused(api, PHONE, "0" * 40)
    api.expect(not morning.has_key(PHONE), "refused-changes-nothing", "a refused request made a key")
    morning.advance(timedelta(hours=1))

    _made_now(api, morning)


@pytest.mark.rule("time-out")
def test_a_time_out_makes_no_key(api: Api, morning: KeysControl) -> None:
    """Whoever repeats after 503 gets the key of that moment, as if nothing had been asked before."""
    # The first shows whether Prefer is overlooked: then the rules have answered it.
    _timed_out(api, OTHER)
    _timed_out(api, PHONE)
    morning.advance(timedelta(hours=1))

    _made_now(api, morning)


@pytest.mark.rule("registered-phone")
@pytest.mark.parametrize("matches", [0, 2], ids=["stranger", "ambiguous"])
def test_who_was_refused_begins_anew(matches: int, api: Api, morning: KeysControl) -> None:
    """A client that was not there, or not alone, gets the first key when it asks as the only one."""
    morning.register(PHONE, matches=matches)
    for _ in range(_TIMES):
        api.ask(PHONE)
    morning.register(PHONE)
    morning.advance(timedelta(hours=1))

    _made_now(api, morning)


def _made_now(api: Api, control: KeysControl) -> None:
    now = control.now()
    created = parse_date(given_key(api, rule="daily-limit")["createdAt"])
    told = "the key was made by a request that was refused"
    api.expect(created is not None and created > now - timedelta(minutes=30), "refused-changes-nothing", told)
