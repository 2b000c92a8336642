"""Each reading of a rule can be set, and an unknown one is refused."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from contract_tests.self_tests.mock.keys.requests import DAY, NOON, ask, mock_at
from novapost_mock import Readings
from novapost_mock.keys.clock import EARLIEST, LATEST, Clock


def test_a_later_day_can_be_read_as_a_repeat() -> None:
    """Rule later-day-renews has an alternative: the key stays as it is until it expires."""
    mock = mock_at(readings=Readings(later_day="repeat"))
    first = ask(mock, NOON)

    assert ask(mock, NOON + 200 * DAY) == first


def test_a_day_can_end_in_another_zone() -> None:
    """Rule day: 23:30 UTC is tomorrow in Kyiv."""
    readings = Readings(day_zone="Europe/Kyiv")
    evening = datetime(2026, 3, 10, 21, 30, tzinfo=UTC)
    mock = mock_at(readings=readings)
    first = ask(mock, evening).json()
    assert first["expDate"] == "2027-03-10T21:59:59.000Z"

    assert ask(mock, evening + timedelta(hours=2)).json()["expDate"] == "2027-03-11T21:59:59.000Z"


def test_lengths_and_digits_can_be_set() -> None:
    """Published examples differ in them, so nobody should depend on one."""
    readings = Readings(key_length=32, created_digits=0, expiry_digits=6, validity=timedelta(days=30))

    key = ask(mock_at(readings=readings), NOON).json()
    assert len(key["apiKey"]) == 32
    assert key["createdAt"] == "2026-03-10T12:00:00Z"
    assert key["expDate"] == "2026-04-09T23:59:59.000000Z"


@pytest.mark.parametrize(
    "setting",
    [
        {"daily_limit": "none"},
        {"later_day": ""},
        {"day_zone": "Europe/Atlantis"},
        {"day_zone": "../etc/passwd"},
        {"validity": timedelta()},
        {"key_length": 4},
        {"created_digits": 7},
    ],
    ids=str,
)
def test_a_reading_that_is_not_known_is_refused(setting: dict[str, Any]) -> None:
    """A typo in a setting must not run as something else."""
    with pytest.raises(ValueError, match=next(iter(setting))):
        Readings(**setting)


@pytest.mark.parametrize("way", ["set", "advance"])
def test_the_clock_reaches_its_last_moment_and_goes_no_further(way: str) -> None:
    """The bound itself is a moment as all others, by whichever way one comes to it."""
    clock = Clock(lambda: NOON)

    if way == "set":
        assert clock.set(LATEST) == clock.now() == LATEST
        with pytest.raises(ValueError, match="lies between"):
            clock.set(LATEST + timedelta(microseconds=1))
    else:
        clock.set(LATEST - DAY)
        assert clock.advance(86_400) == clock.now() == LATEST
    with pytest.raises(ValueError, match="cannot pass 9000-01-01"):
        clock.advance(1)
    assert clock.advance(0) == LATEST


def test_the_clock_goes_back_to_its_first_moment_and_no_further() -> None:
    """Earlier ones are refused, and change nothing."""
    clock = Clock(lambda: NOON)

    assert clock.set(EARLIEST) == clock.now() == EARLIEST
    with pytest.raises(ValueError, match="lies between"):
        clock.set(EARLIEST - timedelta(microseconds=1))
    assert clock.now() == EARLIEST


def test_the_clock_is_in_utc_wherever_the_real_one_is() -> None:
    """The day of a key is read from it."""
    clock = Clock(lambda: NOON.astimezone(timezone(timedelta(hours=14))))

    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC
    clock.advance(60)
    assert clock.now().isoformat() == (NOON + timedelta(seconds=60)).isoformat()
