"""Can every history of parallel calls be put in an order that the rules explain?"""

import copy
import time
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contract_tests.checks.finding import Finding
from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.checks import KEYS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.model import Client, Model
from contract_tests.novapost.knowledge.strategies import fictional
from contract_tests.principles.histories import at_once, explained
from contract_tests.principles.one_connection import ARRIVAL_SECONDS, PARTS, PATIENCE_SECONDS, PAUSE_SECONDS
from contract_tests.principles.raw_request import RawRequest
from contract_tests.target.exchange import Received

NOON = datetime(2027, 3, 9, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Question(NamedTuple):
    """What is asked: for the key of the phone, or for the token of a key."""

    key: str | None = None


class State(NamedTuple):
    """A model of one phone, as a value."""

    matches: int
    key: tuple[tuple[str, Hashable], ...] | None
    issued: object
    answered: object
    owners: frozenset[tuple[str, str]]


def _state(model: Model, phone: str) -> State:
    client = model.client(phone)
    key = None if client.key is None else tuple(sorted(client.key.items()))
    return State(client.matches, key, client.issued, client.answered, frozenset(model.owners.items()))


def _model(state: State, phone: str, reading: Model) -> Model:
    model = copy.copy(reading)
    key = None if state.key is None else dict(state.key)
    model.clients = {phone: Client(state.matches, key, state.issued, state.answered)}  # type: ignore[arg-type]
    model.owners = dict(state.owners)
    return model


def _step(
    phone: str, now: datetime, reading: Model
) -> Callable[[State, Question, Received], Iterator[State]]:
    def step(state: State, question: Question, answer: Received) -> Iterator[State]:
        model = _model(state, phone, reading)
        judged = (
            model.answered(phone, now, answer)
            if question.key is None
            else model.bought(question.key, now, answer)
        )
        if not list(judged):
            yield _state(model, phone)

    return step


def _before(api: Api, control: KeysControl, model: Model, phone: str, how: str) -> None:
    """Bring the phone to where the parallel calls begin, and let the model follow."""
    control.reset()
    control.set_clock(NOON)
    control.register(phone)
    model.client(phone).matches = 1
    if how == "first":
        return
    list(model.answered(phone, control.now(), api.ask(phone)))
    if how in ("renewal", "reactivation"):
        control.advance(DAY if how == "renewal" else 400 * DAY)
    elif how == "re-creation":
        control.cleanup(phone)
        model.cleaned(phone)
        control.advance(DAY)


HOWS = ("first", "repeat", "renewal", "reactivation", "re-creation")


@pytest.mark.rule("one-active", "daily-limit", "same-day-same-key", "later-day-renews", "expired-reactivated")
@pytest.mark.parametrize("how", HOWS)
def test_calls_at_once_can_be_put_in_an_order(how: str, api: Api, control: KeysControl, seed: int) -> None:
    """Whoever retries, or runs two workers, asks twice at once; both must make sense together."""
    control.require("PUT clock", *(["POST cleanup"] if how == "re-creation" else []))
    turn = iter(range(1000))

    @hypothesis.seed(seed)
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(asks=st.integers(2, 6), tokens=st.integers(0, 3), again=st.booleans())
    def histories(asks: int, tokens: int, again: bool) -> None:
        api.calls.begin()
        phone, model = fictional(700 + next(turn)), Model(api.readings)
        _before(api, control, model, phone, how)
        for _ in range(2 if again else 1):
            _ordered(api, control, model, phone, asks, tokens, how)
            control.advance(DAY)

    histories()


def _ordered(
    api: Api, control: KeysControl, model: Model, phone: str, asks: int, tokens: int, how: str
) -> None:
    key = model.client(phone).key
    questions = [Question()] * asks
    if key is not None:
        questions += [Question(key["apiKey"])] * tokens

    def ask(question: Question) -> Received:
        return api.ask(phone) if question.key is None else api.authorize(question.key)

    now = control.now()
    calls = at_once(ask, questions)
    ends = explained(calls, _state(model, phone), _step(phone, now, model))
    if not ends:
        statuses = ", ".join(sorted(str(call.answer.status) for call in calls))
        given = [call.answer for call in calls if call.asked.key is None and call.answer.status == 200]
        count = len({answer.json()["apiKey"] for answer in given})
        told = (
            f"no order explains {len(calls)} calls at once ({how}): {statuses}, with {count} different keys"
        )
        api.settle([Finding("one-active", "calls at once", told, api.calls.text())])
        return
    after = _model(min(ends, key=repr), phone, model)
    model.clients, model.owners = after.clients, after.owners
    api.observations.covered["histories"] += 1


@pytest.mark.rule("one-active", "daily-limit", "same-day-same-key", "later-day-renews", "expired-reactivated")
@pytest.mark.parametrize("how", HOWS)
def test_a_call_that_was_given_up_locks_nobody_out(how: str, api: Api, control: KeysControl) -> None:
    """Whether it counts or not, whoever asks again gets the key: nobody knows if the lost answer was one."""
    control.require("PUT clock", *(["POST cleanup"] if how == "re-creation" else []))
    if api.reading == "strict":
        pytest.skip("a target that counts repeats may count what was given up")
    for number, part in enumerate(PARTS):
        api.calls.begin()
        phone, model = fictional(760 + number), Model(api.readings)
        _before(api, control, model, phone, how)
        asked = api.wire.build_request("POST", api.target.url(KEYS), json={"phone": phone})
        api.give_up(RawRequest.of(asked), part)
        wrong = _asked_until_right(api, model, phone, control)
        told = f"{wrong[1]} after {part.name} ({how}) whose client left" if wrong else ""
        api.expect(not wrong, wrong[0] if wrong else "", told)


def _asked_until_right(api: Api, model: Model, phone: str, control: KeysControl) -> tuple[str, str] | None:
    """Ask for the key as long as a server may be busy with a call that was given up; return what is wrong."""
    time.sleep(ARRIVAL_SECONDS)
    until, before = time.monotonic() + PATIENCE_SECONDS, api.calls.lines()
    while wrong := next(copy.deepcopy(model).answered(phone, control.now(), api.ask(phone)), None):
        if time.monotonic() > until:
            return wrong
        time.sleep(PAUSE_SECONDS)
        api.calls.ask_again(before, PATIENCE_SECONDS)
    return None
