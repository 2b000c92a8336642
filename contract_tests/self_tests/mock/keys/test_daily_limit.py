"""The limit of one request a day, under both readings."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from contract_tests.self_tests.mock.keys.requests import DAY, NOON, PHONE, ask, fits, mock_at, rejection
from novapost_mock import Readings


def test_repeats_of_a_day_are_free_under_the_issuing_reading() -> None:
    """Rule daily-limit: it counts issuing, or it would contradict same-day-same-key."""
    mock = mock_at()

    assert {ask(mock, NOON + timedelta(minutes=n)).status for n in range(20)} == {200}


def test_a_second_issuing_on_a_day_gets_429() -> None:
    """Rule daily-limit: a cleanup does not give a second key on the same day, the next day does."""
    mock = mock_at()
    ask(mock, NOON)
    mock.cleanup(PHONE)

    reply = ask(mock, NOON)
    assert rejection(reply) == (429, "Daily limit reached")
    assert fits(reply)
    assert ask(mock, NOON + DAY).status == 200


def test_renewing_counts_as_issuing() -> None:
    """Rule daily-limit: renewed today and cleaned today is used up for today."""
    mock = mock_at()
    ask(mock, NOON)
    ask(mock, NOON + DAY)
    mock.cleanup(PHONE)

    assert ask(mock, NOON + DAY).status == 429
    assert ask(mock, NOON + 2 * DAY).status == 200


def test_reactivating_counts_as_issuing() -> None:
    """Rule daily-limit: reactivated today and cleaned today is used up for today."""
    mock = mock_at()
    ask(mock, NOON)
    ask(mock, NOON + 500 * DAY)
    mock.cleanup(PHONE)

    assert ask(mock, NOON + 500 * DAY).status == 429


def test_the_limit_survives_unregistering() -> None:
    """Rule daily-limit: it belongs to the phone and not to its registration."""
    mock = mock_at()
    ask(mock, NOON)
    mock.cleanup(PHONE)
    mock.unregister(PHONE)
    assert ask(mock, NOON).status == 404
    mock.register(PHONE)

    assert ask(mock, NOON).status == 429


def test_one_phone_does_not_use_up_the_day_of_another() -> None:
    """Rule daily-limit: per phone."""
    mock = mock_at(clients=(PHONE, "4915112345678"), readings=Readings(daily_limit="strict"))

    assert ask(mock, NOON).status == 200
    assert ask(mock, NOON, "4915112345678").status == 200


def test_the_strict_reading_refuses_any_second_request_of_a_day() -> None:
    """Rule daily-limit taken by the letter."""
    mock = mock_at(readings=Readings(daily_limit="strict"))

    assert [ask(mock, NOON).status, ask(mock, NOON).status] == [200, 429]
    assert [ask(mock, NOON + DAY).status, ask(mock, NOON + DAY).status] == [200, 429]


def test_the_strict_reading_counts_no_refused_request() -> None:
    """A typo in the phone should not cost a day."""
    mock = mock_at(clients={PHONE: 2}, readings=Readings(daily_limit="strict"))
    assert ask(mock, NOON).status == 409
    mock.register(PHONE)

    assert ask(mock, NOON).status == 200


def test_the_strict_reading_also_counts_repeats_of_a_later_day() -> None:
    """The two readings are independent switches."""
    mock = mock_at(readings=Readings(daily_limit="strict", later_day="repeat"))
    first = ask(mock, NOON)

    assert ask(mock, NOON + DAY) == first
    assert ask(mock, NOON + DAY).status == 429


@pytest.mark.parametrize(("daily_limit", "granted"), [("issuing", 400), ("strict", 1)])
def test_rules_hold_when_many_ask_at_once(daily_limit: Any, granted: int) -> None:
    """Rules one-active and daily-limit: deciding and remembering are one step, also between threads."""
    mock = mock_at(readings=Readings(daily_limit=daily_limit))
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: ask(mock, NOON), range(400)))

    good = [reply for reply in replies if reply.status == 200]
    assert len(good) == granted
    assert len(set(good)) == 1
    assert {reply.status for reply in replies} <= {200, 429}
