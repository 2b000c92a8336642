"""The table of a key's life row by row, and the effect of each action on the state of a phone."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from contract_tests.self_tests.mock.keys.requests import DAY, NOON, PHONE, READINGS
from novapost_mock import Readings
from novapost_mock.keys.lifecycle import (
    ISSUING,
    Action,
    Client,
    Key,
    Situation,
    after,
    day,
    expiry,
    is_same_day_or_later,
    life,
    situation,
)

ROWS = """
absent                      | asked          | create     | active, issued today        | one-active
absent                      | day ended      | none       | absent                      | day
active, issued today        | asked          | repeat     | active, issued today        | same-day-same-key
active, issued today        | day ended      | none       | active, issued before today | day
active, issued today        | cleanup        | delete     | cleaned                     | cleaned-new
active, issued before today | asked          | renew      | active, issued today        | later-day-renews
active, issued before today | day ended      | none       | active, issued before today | day
active, issued before today | validity ended | none       | expired                     | validity
active, issued before today | cleanup        | delete     | cleaned                     | cleaned-new
expired                     | asked          | reactivate | active, issued today        | expired-reactivated
expired                     | day ended      | none       | expired                     | day
expired                     | cleanup        | delete     | cleaned                     | cleaned-new
cleaned                     | asked          | replace    | active, issued today        | cleaned-new
cleaned                     | day ended      | none       | cleaned                     | day
"""
REPEATED = "active, issued before today | asked | repeat | active, issued before today | later-day-renews"
EARLIER = NOON - 3 * DAY
KEY = Key("a" * 40, EARLIER, NOON + 300 * DAY)
WITH_KEY = Client(PHONE, 1, KEY, EARLIER, EARLIER)
EVENING = NOON.replace(hour=23, minute=59, second=59, microsecond=999999)
MOMENT = timedelta(microseconds=1)


def rows(text: str) -> dict[tuple[str, str], tuple[str, str, str]]:
    lines = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return {(here, event): (action, there, rule) for here, event, action, there, rule in lines}


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        (Readings(), rows(ROWS)),
        (Readings(later_day="renew"), rows(ROWS)),
        (Readings(later_day="repeat"), rows(ROWS) | rows(REPEATED)),
    ],
    ids=["default", "renew", "repeat"],
)
def test_each_row_has_its_action_its_next_situation_and_its_rule(
    readings: Readings, expected: dict[tuple[str, str], tuple[str, str, str]]
) -> None:
    """Journal, console and drawing show these words, so they are written out here."""
    assert {tuple(map(str, row)): tuple(map(str, to)) for row, to in life(readings).items()} == expected


def test_every_action_but_three_issues_a_key() -> None:
    """A repeated key is not issued, and rule daily-limit counts what is issued."""
    assert {*Action} - ISSUING == {Action.REPEAT, Action.DELETE, Action.NONE}


def no_key() -> str:
    raise AssertionError("no key was to be drawn")


@pytest.mark.parametrize("action", [Action.CREATE, Action.REPLACE])
@pytest.mark.parametrize("client", [Client(PHONE, 1), replace(WITH_KEY, key=None)], ids=["absent", "cleaned"])
def test_a_new_key_begins_now(action: Action, client: Client) -> None:
    """Its dates and the two moments of the phone."""
    key = Key("b" * 40, NOON, expiry(NOON, READINGS))

    changed = after(action, client, NOON, READINGS, lambda: "b" * 40)
    assert changed == Client(PHONE, 1, key, NOON, NOON)


@pytest.mark.parametrize("action", [Action.RENEW, Action.REACTIVATE])
def test_a_renewed_key_keeps_its_digits_and_its_beginning(action: Action) -> None:
    """Only its end moves, and the day is used up."""
    key = replace(KEY, exp_date=expiry(NOON, READINGS))

    assert after(action, WITH_KEY, NOON, READINGS, no_key) == Client(PHONE, 1, key, NOON, NOON)


@pytest.mark.parametrize("action", [Action.RENEW, Action.REACTIVATE, Action.REPEAT])
def test_without_a_key_there_is_nothing_to_renew_or_to_repeat(action: Action) -> None:
    """The table never asks for it; a state that was written by hand might."""
    client = Client(PHONE, 1)

    assert after(action, client, NOON, READINGS, no_key) is client


@pytest.mark.parametrize(
    ("answered", "is_first"),
    [
        (None, True),
        (NOON.replace(hour=0) - MOMENT, True),
        (NOON.replace(hour=0), False),
        (NOON, False),
        (NOON + DAY, False),
    ],
)
def test_a_repeat_notes_only_the_first_answer_of_a_day(answered: datetime | None, is_first: bool) -> None:
    """The state of all later repeats is the same object, so a store has nothing to write."""
    client = replace(WITH_KEY, answered_at=answered)

    changed = after(Action.REPEAT, client, NOON, READINGS, no_key)
    assert changed == (replace(client, answered_at=NOON) if is_first else client)
    assert (changed is client) is not is_first


def test_deleting_a_key_forgets_nothing_else() -> None:
    """The moments belong to the phone: a cleanup gives no second issuing on the same day."""
    assert after(Action.DELETE, WITH_KEY, NOON, READINGS, no_key) == replace(WITH_KEY, key=None)
    assert after(Action.NONE, WITH_KEY, NOON, READINGS, no_key) is WITH_KEY


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (Client(PHONE), Situation.ABSENT),
        (Client(PHONE, 1, None, EARLIER), Situation.CLEANED),
        (Client(PHONE, 1, KEY, NOON.replace(hour=0) - MOMENT), Situation.LATER_DAY),
        (Client(PHONE, 1, KEY, NOON.replace(hour=0)), Situation.SAME_DAY),
        (Client(PHONE, 1, KEY, NOON + DAY), Situation.SAME_DAY),
        (Client(PHONE, 1, replace(KEY, exp_date=NOON), EARLIER), Situation.LATER_DAY),
        (Client(PHONE, 1, replace(KEY, exp_date=NOON - MOMENT), EARLIER), Situation.EXPIRED),
        (Client(PHONE, 1, replace(KEY, exp_date=NOON - MOMENT), NOON), Situation.EXPIRED),
    ],
)
def test_the_situation_follows_from_state_and_time(client: Client, expected: Situation) -> None:
    """Both sides of each boundary."""
    assert situation(client, NOON, READINGS) is expected


@pytest.mark.parametrize(
    ("client", "is_blank"),
    [
        (Client(PHONE), True),
        (Client(PHONE, 0), True),
        (Client(PHONE, 1), False),
        (Client(PHONE, 0, None, NOON), False),
        (Client(PHONE, 1, None, NOON), False),
    ],
)
def test_a_phone_with_a_client_or_a_past_is_remembered(client: Client, is_blank: bool) -> None:
    """A store forgets only the state that an unknown phone has."""
    assert client.is_blank is is_blank


@pytest.mark.parametrize(
    ("value", "secret"), [(KEY, KEY.api_key), (WITH_KEY, PHONE), (WITH_KEY, KEY.api_key)]
)
def test_a_state_hides_its_secret_and_never_changes(value: Any, secret: str) -> None:
    """Logs and failed tests show its repr; a change is a new value. Ten thousand of them stay small."""
    assert secret not in repr(value)
    with pytest.raises(FrozenInstanceError):
        setattr(value, next(iter(type(value).__slots__)), None)
    assert not hasattr(value, "__dict__")


KYIV = Readings(day_zone="Europe/Kyiv")
EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("moment", "readings", "expected"),
    [
        (EVENING, READINGS, date(2026, 3, 10)),
        (EVENING + MOMENT, READINGS, date(2026, 3, 11)),
        (datetime(2026, 3, 11, 1, 59, tzinfo=EAST), READINGS, date(2026, 3, 10)),
        (datetime(2026, 3, 11, 2, 0, tzinfo=EAST), READINGS, date(2026, 3, 11)),
        (datetime(2026, 3, 10, 21, 59, tzinfo=UTC), KYIV, date(2026, 3, 10)),
        (datetime(2026, 3, 10, 22, 0, tzinfo=UTC), KYIV, date(2026, 3, 11)),
        (datetime(2026, 7, 10, 21, 0, tzinfo=UTC), KYIV, date(2026, 7, 11)),
        (datetime(2026, 3, 11, 0, 0, tzinfo=EAST), KYIV, date(2026, 3, 11)),
    ],
)
def test_a_day_begins_at_midnight_of_the_zone(moment: datetime, readings: Readings, expected: date) -> None:
    """Rule day: whichever offset the moment has; with summer time, too."""
    assert day(moment, readings) == expected
    for hours, is_same in ((0, True), (24, False), (-24, True)):
        now = moment + timedelta(hours=hours)
        assert is_same_day_or_later(moment, now, readings) is is_same


@pytest.mark.parametrize(
    ("issued", "readings", "expected"),
    [
        (NOON, READINGS, "2027-03-10T23:59:59Z"),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), READINGS, "2029-02-28T23:59:59Z"),
        (datetime(2028, 2, 28, 12, tzinfo=UTC), READINGS, "2029-02-28T23:59:59Z"),
        (datetime(2028, 3, 29, 12, tzinfo=UTC), READINGS, "2029-03-29T23:59:59Z"),
        (datetime(2028, 3, 1, 0, tzinfo=UTC), READINGS, "2029-03-01T23:59:59Z"),
        (datetime(2027, 3, 1, 0, tzinfo=UTC), READINGS, "2028-03-01T23:59:59Z"),
        (NOON, Readings(validity=timedelta(days=1)), "2026-03-11T23:59:59Z"),
        (NOON, Readings(validity=timedelta(days=365)), "2027-03-10T23:59:59Z"),
        (NOON, KYIV, "2027-03-10T21:59:59Z"),
        (datetime(2026, 7, 10, 21, tzinfo=UTC), KYIV, "2027-07-11T20:59:59Z"),
    ],
)
def test_a_key_ends_with_the_last_second_of_its_last_day(
    issued: datetime, readings: Readings, expected: str
) -> None:
    """Rule validity: a calendar year or a number of days, in the zone of rule day, written in UTC."""
    end = expiry(issued, readings)

    assert end == datetime.fromisoformat(expected)
    assert end.tzinfo is UTC
