"""When is a key repeated, renewed, reactivated, replaced, and until when is it good?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.model import WRONG_END, expires
from contract_tests.novapost.knowledge.steps import (
    ALIKE_IN_PART,
    DAY,
    MORNING,
    OTHER,
    PHONE,
    ROOM,
    buys_a_jwt,
    given_again,
    given_key,
    one_active,
    refused,
    renews,
)
from contract_tests.target.dates import parse_date


def _created(api: Api, control: KeysControl) -> dict[str, Any]:
    return given_key(api, rule="same-day-same-key")


def _renewed(api: Api, control: KeysControl) -> dict[str, Any]:
    given_key(api, rule="later-day-renews")
    control.advance(3 * DAY)
    return given_key(api, rule="later-day-renews")


def _reactivated(api: Api, control: KeysControl) -> dict[str, Any]:
    given_key(api, rule="expired-reactivated")
    control.advance(500 * DAY)
    return given_key(api, rule="expired-reactivated")


def _created_anew(api: Api, control: KeysControl) -> dict[str, Any]:
    given_key(api, rule="cleaned-new")
    control.cleanup(PHONE)
    control.advance(DAY)
    return given_key(api, rule="cleaned-new")


ISSUINGS = [_created, _renewed, _reactivated, _created_anew]


@pytest.mark.rule("same-day-same-key", "daily-limit")
def test_the_same_day_gives_the_same_key(api: Api, morning: KeysControl) -> None:
    """Whoever asks again the same day gets the answer of before, unchanged in every field."""
    first = given_key(api, rule="same-day-same-key")
    for later in (timedelta(0), timedelta(seconds=1), timedelta(minutes=5)):
        morning.advance(later)
        given_again(api, first, rule="same-day-same-key")
    morning.set_clock(api.readings.next_day(MORNING) - ROOM)
    given_again(api, first, rule="same-day-same-key")


@pytest.mark.rule("same-day-same-key")
def test_asking_often_changes_nothing(api: Api, morning: KeysControl) -> None:
    """The promise holds for the thirtieth time as for the first, with another phone asking in between."""
    first, other = given_key(api, rule="same-day-same-key"), given_key(api, OTHER, rule="same-day-same-key")
    for _ in range(15):
        given_again(api, first, rule="same-day-same-key")
        given_again(api, other, OTHER, rule="same-day-same-key")


@pytest.mark.rule("same-day-same-key", "jwt")
@pytest.mark.parametrize("issue", ISSUINGS, ids=lambda issue: issue.__name__.strip("_"))
def test_after_every_issuing_the_rest_of_the_day_is_quiet(
    issue: Callable[[Api, KeysControl], dict[str, Any]], api: Api, morning: KeysControl
) -> None:
    """However a key came about: it buys a JWT, and asking again that day gives it again."""
    key = issue(api, morning)
    for _ in range(3):
        buys_a_jwt(api, key["apiKey"], rule="jwt")
        morning.advance(timedelta(minutes=5))
        given_again(api, key, rule="same-day-same-key")


@pytest.mark.rule("later-day-renews", "day")
@pytest.mark.parametrize(
    "later",
    [timedelta(hours=14, minutes=31), DAY, *ALIKE_IN_PART.values(), 200 * DAY],
    ids=["past midnight", "1", *ALIKE_IN_PART, "200"],
)
def test_a_later_day_renews_the_key(later: timedelta, api: Api, morning: KeysControl) -> None:
    """The same key lives on with a later end: nobody has to change a configuration."""
    if not renews(api):
        return
    first = given_key(api, rule="later-day-renews")
    if MORNING + later >= expires(first):
        pytest.skip("unproven: no key of the target lives as long as that")
    morning.advance(later)
    renewed = given_key(api, rule="later-day-renews")
    for name in ("apiKey", "createdAt"):
        api.expect(renewed[name] == first[name], "later-day-renews", f"{name} changed with the renewal")
    due = api.readings.last_days(api.readings.day(MORNING + later))
    told = f"{WRONG_END}: {expires(renewed):%d %B %Y} after a renewal on {MORNING + later:%d %B %Y}"
    api.expect(api.readings.day(expires(renewed)) in due, "later-day-renews", told)
    api.expect(renewed["status"] == "Active", "later-day-renews", "the renewed key is not Active")


@pytest.mark.rule("later-day-renews", "validity")
@pytest.mark.parametrize("issue", ISSUINGS, ids=lambda issue: issue.__name__.strip("_"))
@pytest.mark.parametrize(
    "left",
    # With room to midnight: an answer takes its time, and the last second may have a fraction.
    [30 * DAY + timedelta(minutes=1), timedelta(hours=12), timedelta(minutes=1)],
    ids=["a month", "hours", "a minute"],
)
def test_a_key_can_be_renewed_to_its_last_minute(
    left: timedelta, issue: Callable[[Api, KeysControl], dict[str, Any]], api: Api, morning: KeysControl
) -> None:
    """A key that still lives is renewed, however it came about: the same key, created when it was created."""
    if not renews(api):
        return
    key = issue(api, morning)
    morning.set_clock(expires(key) - left)
    renewed = given_key(api, rule="later-day-renews")
    for name in ("apiKey", "createdAt"):
        api.expect(renewed[name] == key[name], "later-day-renews", f"{name} changed with the renewal")
    api.expect(
        api.readings.day(expires(renewed)) in api.readings.last_days(api.readings.day(expires(key) - left)),
        "validity",
        f"{WRONG_END}: {expires(renewed):%d %B %Y} after an issue on {expires(key) - left:%d %B %Y}",
    )
    buys_a_jwt(api, key["apiKey"], rule="jwt")


@pytest.mark.rule("validity", "later-day-renews")
def test_dates_never_run_backwards(api: Api, morning: KeysControl) -> None:
    """Day by day, createdAt stays and expDate only moves on, for one phone as for the other."""
    if not renews(api):
        return
    keys: dict[str, list[dict[str, Any]]] = {PHONE: [], OTHER: []}
    for _ in range(10):
        for phone in keys:
            keys[phone].append(given_key(api, phone, rule="later-day-renews"))
        morning.advance(DAY)
    for before, after in [*pairwise(keys[PHONE]), *pairwise(keys[OTHER])]:
        api.expect(before["createdAt"] == after["createdAt"], "later-day-renews", "createdAt changed")
        api.expect(before["apiKey"] == after["apiKey"], "later-day-renews", "apiKey changed")
        api.expect(expires(before) < expires(after), "later-day-renews", "expDate did not move on")


@pytest.mark.rule("day")
def test_a_day_ends_at_midnight(api: Api, morning: KeysControl) -> None:
    """Before it the answer repeats; after it the key is renewed."""
    if not renews(api):
        return
    first = given_key(api, rule="day")
    midnight = api.readings.next_day(MORNING)
    morning.set_clock(midnight - ROOM)
    given_again(api, first, rule="day")
    morning.set_clock(midnight + timedelta(seconds=1))
    api.expect(expires(given_key(api, rule="day")) > expires(first), "day", "the day went on past midnight")


@pytest.mark.rule("day", "daily-limit", "later-day-renews")
@pytest.mark.parametrize("month", range(1, 13))
def test_no_month_is_special(month: int, api: Api, morning: KeysControl) -> None:
    """The last evening of a month and the first morning of the next are two days like others."""
    if not renews(api):
        return
    following = api.readings.begin_of(date(2026 + month // 12, month % 12 + 1, 1)) + timedelta(seconds=10)
    morning.set_clock(following - timedelta(minutes=90))
    evening = given_key(api, rule="daily-limit")
    given_key(api, OTHER, rule="daily-limit")
    morning.cleanup(OTHER)
    refused(api, api.ask(OTHER), 429, "daily-limit")
    morning.set_clock(following)
    next_day = given_key(api, rule="later-day-renews")
    for name in ("apiKey", "createdAt"):
        api.expect(next_day[name] == evening[name], "later-day-renews", f"{name} changed with the renewal")
    api.expect(expires(next_day) > expires(evening), "later-day-renews", "expDate did not move on")
    given_key(api, OTHER, rule="daily-limit")


@pytest.mark.rule("validity")
@pytest.mark.parametrize(
    "issued",
    [
        MORNING,
        datetime(2026, 12, 31, 23, 50, tzinfo=UTC),
        datetime(2027, 1, 1, 0, 0, 5, tzinfo=UTC),
        datetime(2027, 6, 1, 12, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2028, 3, 1, 0, 0, 5, tzinfo=UTC),
    ],
    ids=["spring", "eve", "new year", "before a leap year", "leap day", "after a leap day"],
)
def test_a_key_is_good_for_a_year_to_the_end_of_the_day(
    issued: datetime, api: Api, morning: KeysControl
) -> None:
    """The expDate is the last second of the day a year after the issue, as the published example has it."""
    morning.set_clock(issued)
    key = given_key(api, rule="validity")
    end = expires(key).astimezone(api.readings.zone)
    api.expect(
        (end.hour, end.minute, end.second) == (23, 59, 59), "validity", f"expDate ends at {end:%H:%M:%S %Z}"
    )
    api.expect(
        end.date() in api.readings.last_days(api.readings.day(issued)),
        "validity",
        f"{WRONG_END}: {end:%d %B %Y} after an issue on {issued:%d %B %Y}",
    )
    created = parse_date(key["createdAt"])
    api.expect(
        created is not None and abs(created - issued) < timedelta(minutes=2),
        "validity",
        "createdAt is not the moment of the issue",
    )


@pytest.mark.rule("expired-reactivated")
def test_an_expired_key_is_reactivated(api: Api, morning: KeysControl) -> None:
    """The same key works again, and again: an integration that slept for a year wakes up with one request."""
    first = given_key(api, rule="expired-reactivated")
    end = expires(first)
    for _ in range(3):
        morning.set_clock(end + timedelta(seconds=1))
        refused(api, api.authorize(first["apiKey"]), 401, "jwt")
        again = given_key(api, rule="expired-reactivated")
        api.expect(
            again["apiKey"] == first["apiKey"], "expired-reactivated", "apiKey changed with the reactivation"
        )
        api.expect(again["status"] == "Active", "expired-reactivated", "the key is not Active")
        due = api.readings.last_days(api.readings.day(end + timedelta(seconds=1)))
        moved = api.readings.day(expires(again)) in due
        api.expect(moved, "expired-reactivated", "expDate did not move on from the day of the reactivation")
        buys_a_jwt(api, again["apiKey"], rule="expired-reactivated")
        end = expires(again)


@pytest.mark.rule("expired-reactivated")
def test_a_key_lives_to_its_last_second(api: Api, morning: KeysControl) -> None:
    """The expDate is the end: just before it the key buys a JWT, and long after it does not."""
    first = given_key(api, rule="validity")
    morning.set_clock(expires(first) - timedelta(minutes=1))
    buys_a_jwt(api, first["apiKey"], rule="validity")
    morning.set_clock(expires(first) + 400 * DAY)
    refused(api, api.authorize(first["apiKey"]), 401, "jwt")


@pytest.mark.rule("validity", "later-day-renews")
def test_nothing_but_asking_prolongs_a_key(api: Api, morning: KeysControl) -> None:
    """Neither its use nor the renewal of another phone's key moves a key's end."""
    if not renews(api):
        return
    first, other = given_key(api, rule="validity"), given_key(api, OTHER, rule="validity")
    morning.set_clock(expires(first) - timedelta(minutes=1))
    buys_a_jwt(api, first["apiKey"], rule="validity")
    given_key(api, OTHER, rule="later-day-renews")
    morning.set_clock(expires(first) + timedelta(seconds=1))
    refused(api, api.authorize(first["apiKey"]), 401, "jwt")
    buys_a_jwt(api, other["apiKey"], rule="later-day-renews")


@pytest.mark.rule("cleaned-new")
@pytest.mark.parametrize("later", [DAY, 400 * DAY], ids=["next day", "after its end"])
def test_a_key_that_was_cleaned_up_is_gone_for_good(later: timedelta, api: Api, morning: KeysControl) -> None:
    """After the cleanup the phone gets another key, and the old one buys nothing any more."""
    first = given_key(api, rule="cleaned-new")
    morning.cleanup(PHONE)
    refused(api, api.authorize(first["apiKey"]), 401, "jwt")
    morning.advance(later)
    second = given_key(api, rule="cleaned-new")
    api.expect(second["apiKey"] != first["apiKey"], "cleaned-new", "the deleted key came back")
    created = parse_date(second["createdAt"])
    api.expect(
        created is not None and created >= MORNING + later - timedelta(minutes=2),
        "cleaned-new",
        "createdAt is that of the deleted key",
    )
    refused(api, api.authorize(first["apiKey"]), 401, "jwt")
    buys_a_jwt(api, second["apiKey"], rule="cleaned-new")


@pytest.mark.rule("cleaned-new", "one-active")
def test_every_cleanup_ends_one_key_for_ever(api: Api, morning: KeysControl) -> None:
    """No key comes back, none of the old ones works, and other phones' keys are not touched."""
    other = given_key(api, OTHER, rule="cleaned-new")["apiKey"]
    keys: list[str] = []
    for _ in range(4):
        key = given_key(api, rule="cleaned-new")["apiKey"]
        api.expect(key not in keys, "cleaned-new", "a deleted key came back")
        for old in keys:
            refused(api, api.authorize(old), 401, "jwt")
        buys_a_jwt(api, key, rule="cleaned-new")
        buys_a_jwt(api, other, rule="cleaned-new")
        keys.append(key)
        morning.cleanup(PHONE)
        refused(api, api.authorize(key), 401, "jwt")
        morning.advance(DAY)
    again = given_key(api, OTHER, rule="cleaned-new")["apiKey"]
    api.expect(again == other, "cleaned-new", "the key of another phone changed with a cleanup")


@pytest.mark.rule("one-active")
def test_a_phone_has_at_most_one_active_key(api: Api, morning: KeysControl) -> None:
    """Whatever happens to the key of a phone, the cabinet never shows two that work."""
    for step in (timedelta(0), DAY, 3 * DAY, 500 * DAY):
        morning.advance(step)
        for phone in (PHONE, OTHER):
            given_key(api, phone, rule="one-active")
            one_active(api, morning)
    morning.cleanup(PHONE)
    morning.advance(DAY)
    given_key(api, rule="one-active")
    one_active(api, morning)
