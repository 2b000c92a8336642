"""Properties of any request, and of any sequence of events."""

import json
import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contract_tests.self_tests.mock.keys.requests import NOON, PHONE, ask, authorize, fits, mock_at, post
from novapost_mock import Clock, Mock
from novapost_mock.keys.document import embedded
from novapost_mock.keys.lifecycle import (
    LIFE,
    Action,
    Event,
)
from novapost_mock.keys.tokens import TokenSource

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text() | st.just("phone"), inner, max_size=4),
)


@given(st.binary(max_size=300))
def test_no_bytes_in_a_body_make_a_server_error(body: bytes) -> None:
    """Whatever is sent, the fault is the sender's and the answer says so."""
    reply = mock_at().handle(post(body))

    assert reply.status == 400
    assert fits(reply)


@given(JSON_VALUES, st.binary(max_size=5))
def test_no_json_in_a_body_makes_a_server_error(value: object, tail: bytes) -> None:
    """The same for what can be read, and for what nearly can."""
    reply = mock_at().handle(post(json.dumps(value).encode() + tail))

    assert reply.status == 400
    assert fits(reply)


@given(st.text(st.characters(codec="latin-1"), max_size=200))
def test_no_query_makes_a_server_error(query: str) -> None:
    """The JWT call takes any query apart."""
    reply = authorize(mock_at(), query)

    assert reply.status in {401, 422}
    assert fits(reply, "get", "/clients/authorization")


class LifeOfKeys(RuleBasedStateMachine):
    """Any sequence of asking, waiting, cleaning and registering."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.clock = Clock(lambda: self.now)
        self.mock = Mock((PHONE, "4915112345678"), clock=self.clock, random_bytes=random.Random(1).randbytes)
        self.seen: dict[str, list[dict[str, str]]] = {}
        self.issued: set[tuple[str, str, str]] = set()
        self.given: set[str] = set()

    phone = st.sampled_from([PHONE, "4915112345678"])

    @rule(phone=phone)
    def ask(self, phone: str) -> None:
        reply = ask(self.mock, phone=phone)
        assert fits(reply)
        if reply.status != 200:
            assert reply.status in {404, 429}
            return
        key = reply.json()
        for earlier in self.seen.setdefault(phone, []):
            assert earlier["createdAt"] <= key["createdAt"]
            assert earlier["expDate"] <= key["expDate"]
        self.seen[phone].append(key)
        assert key["status"] == "Active"
        assert key["createdAt"] <= f"{self.now:%Y-%m-%dT%H:%M:%S.%f}Z" < key["expDate"] + "~"
        self.issued.add((phone, f"{self.now:%Y-%m-%d}", key["apiKey"] + key["expDate"]))
        self.given.add(key["apiKey"])

    @rule(seconds=st.sampled_from([0.5, 3600, 86400, 86400 * 366]) | st.floats(0, 10**8))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(phone=phone)
    def cleanup(self, phone: str) -> None:
        self.mock.cleanup(phone)

    @rule(phone=phone, matches=st.integers(0, 1))
    def register(self, phone: str, matches: int) -> None:
        self.mock.register(phone, matches)

    @invariant()
    def one_active_key_per_phone(self) -> None:
        active = [k for k in self.given if authorize(self.mock, f"apiKey={k}").status == 200]
        assert len(active) <= 2
        holders = self.mock.keys()
        assert len(holders) == len({client.phone for client in holders})
        assert set(active) <= {client.key.api_key for client in holders if client.key is not None}

    @invariant()
    def one_issuing_per_phone_and_day(self) -> None:
        assert len(self.issued) == len({(phone, day) for phone, day, _ in self.issued})


LifeOfKeys.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAnySequence = LifeOfKeys.TestCase


def test_equal_seeds_give_equal_keys() -> None:
    """A run can be repeated to the byte."""
    assert ask(mock_at()) == ask(mock_at())
    assert TokenSource(random.Random(2).randbytes).api_key(40) != TokenSource(
        random.Random(3).randbytes
    ).api_key(40)


def test_keys_are_unpredictable_unless_seeded() -> None:
    """Two mocks do not hand out the same key by default."""
    assert ask(Mock()).json()["apiKey"] != ask(Mock()).json()["apiKey"]


def test_the_document_is_compiled_once() -> None:
    """A fixture that builds a mock per test stays cheap."""
    assert Mock().document is Mock().document is embedded()
    assert Action.NONE not in {row.action for (_, event), row in LIFE.items() if event is Event.ASKED}
