"""Does every action work at every boundary of the calendar?"""

import time
from datetime import date, datetime, timedelta

import pytest

from contract_tests.checks.finding import Finding
from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.model import Model
from contract_tests.novapost.knowledge.steps import DAY, given_key
from contract_tests.novapost.knowledge.strategies import MORNING, fictional
from contract_tests.principles.moments import Named, strays

# A minute on each side of midnight: a server may take seconds to answer.
LATE, EARLY = timedelta(hours=23, minutes=58), timedelta(minutes=2)
DAYS = {
    "28 February": (2027, 2, 28),
    "28 February of a leap year": (2028, 2, 28),
    "29 February": (2028, 2, 29),
    "1 March": (2027, 3, 1),
    "1 March of a leap year": (2028, 3, 1),
    "the end of a month": (2027, 4, 30),
    "the end of a year": (2027, 12, 31),
    "the first of January": (2028, 1, 1),
    "summer time begins in Europe": (2027, 3, 28),
    "summer time ends in Europe": (2027, 10, 31),
    "summer time begins in America": (2027, 3, 14),
    "the end of 32 bits": (2038, 1, 19),
}
HOURS = {"early": EARLY, "at noon": timedelta(hours=12), "late": LATE}
PHONE = fictional(880)
# At a few milliseconds each they pass the first hundredth of a second, and most often its first tenth.
ROW = tuple(fictional(number) for number in range(860, 880))


@pytest.mark.rule("day", "validity", "later-day-renews", "expired-reactivated", "cleaned-new")
@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("day", DAYS)
def test_every_action_on_a_special_day(day: str, hour: str, api: Api, control: KeysControl) -> None:
    """Create, repeat, buy a token, renew, re-create and reactivate: on the day itself, and into it."""
    moment = api.readings.begin_of(date(*DAYS[day])) + HOURS[hour]
    for before, cleaned in (
        (None, False),
        (DAY, False),
        (40 * DAY, False),
        (DAY, True),
        (500 * DAY, False),
    ):
        _act(api, control, moment, before, cleaned)


def _act(api: Api, control: KeysControl, moment: datetime, before: timedelta | None, cleaned: bool) -> None:
    """Ask at a moment, twice, and buy a token: for the first time, or for a key that was given before."""
    api.calls.begin()
    control.reset()
    model = Model(api.readings)
    control.set_clock(moment if before is None else moment - before)
    control.register(PHONE)
    model.client(PHONE).matches = 1
    if before is not None:
        _ask(api, control, model)
        if cleaned:
            control.cleanup(PHONE)
            model.cleaned(PHONE)
        control.set_clock(moment)
    for _ in range(2):
        _ask(api, control, model)
    key = model.client(PHONE).key
    if key is not None:
        answer = api.authorize(key["apiKey"])
        _settle(api, list(model.bought(key["apiKey"], control.now(), answer)))


def _ask(api: Api, control: KeysControl, model: Model) -> None:
    now = control.now()
    _settle(api, list(model.answered(PHONE, now, api.ask(PHONE))))


def _settle(api: Api, complaints: list[tuple[str, str]]) -> None:
    told = api.calls.text()
    api.settle([Finding(rule, "life of a key", message, told) for rule, message in complaints])


@pytest.mark.rule("validity")
def test_moments_come_in_the_order_of_their_questions(api: Api, control: KeysControl) -> None:
    """From a full second on, where the digits after it begin with zeros: key by key, createdAt moves on."""
    for phone in ROW:
        control.register(phone)
    control.begin_at(MORNING)
    row = []
    for phone in ROW:
        asked = time.monotonic()
        created = given_key(api, phone, rule="validity")["createdAt"]
        row.append(Named(str(created), asked, time.monotonic()))
    told = next(strays(row), "")
    api.expect(not told, "dates-make-sense", f"createdAt: {told}")
