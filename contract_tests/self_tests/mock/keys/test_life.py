"""The life of a key: created, repeated, renewed, expired, reactivated, cleaned up."""

from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.self_tests.mock.keys.requests import (
    DAY,
    NOON,
    PHONE,
    READINGS,
    ask,
    authorize,
    fits,
    mock_at,
)
from novapost_mock import Readings
from novapost_mock.keys.lifecycle import (
    LIFE,
    Client,
    Event,
    Situation,
    after,
    expiry,
    life,
    situation,
)


def test_a_first_request_creates_an_active_key() -> None:
    """This is what the call is for, and every field is what the document's example shows."""
    reply = ask(mock_at(datetime(2025, 8, 27, 8, 3, 2, tzinfo=UTC)))

    assert reply.status == 200
    assert fits(reply)
    key = reply.json()
    assert len(key["apiKey"]) == 40
    assert set(key["apiKey"]) <= set("0123456789abcdef")
    assert key["createdAt"] == "2025-08-27T08:03:02.000000Z"
    assert key["expDate"] == "2026-08-27T23:59:59.000Z"
    assert key["status"] == "Active"


def test_same_day_gives_the_same_key_unchanged() -> None:
    """Rule same-day-same-key: whoever loses the answer can ask again."""
    mock = mock_at()
    first = ask(mock, NOON)

    last_moment = datetime(2026, 3, 10, 23, 59, 59, 999999, tzinfo=UTC)
    assert ask(mock, last_moment) == first


def test_a_later_day_renews_the_key() -> None:
    """Rule later-day-renews: the key in somebody's settings stays good and lives longer."""
    mock = mock_at()
    first = ask(mock, NOON).json()

    later = ask(mock, datetime(2026, 3, 11, tzinfo=UTC)).json()
    assert later == {**first, "expDate": "2027-03-11T23:59:59.000Z"}


def test_an_expired_key_is_reactivated() -> None:
    """Rule expired-reactivated: the same key works again."""
    mock = mock_at()
    first = ask(mock, NOON).json()

    again = ask(mock, NOON + 400 * DAY).json()
    assert again == {**first, "expDate": "2028-04-14T23:59:59.000Z"}
    assert again["status"] == "Active"


def test_a_cleaned_key_is_replaced_by_a_new_one() -> None:
    """Rule cleaned-new: the old key is gone for good."""
    mock = mock_at()
    first = ask(mock, NOON).json()
    assert mock.cleanup(PHONE) is True

    second = ask(mock, NOON + DAY).json()
    assert second["apiKey"] != first["apiKey"]
    assert second["createdAt"] == "2026-03-11T12:00:00.000000Z"
    assert authorize(mock, f"apiKey={first['apiKey']}", NOON + DAY).status == 401
    assert authorize(mock, f"apiKey={second['apiKey']}", NOON + DAY).status == 200


@pytest.mark.parametrize(
    ("last_moment", "expired"),
    [
        ("2027-03-10T23:59:59+00:00", False),
        ("2027-03-10T23:59:59.000001+00:00", True),
    ],
)
def test_a_key_expires_right_after_its_expiration_date(last_moment: str, expired: bool) -> None:
    """Rule validity: a boundary that is off by one shows once a year, to a customer."""
    mock = mock_at()
    key = ask(mock, NOON).json()["apiKey"]

    reply = authorize(mock, f"apiKey={key}", datetime.fromisoformat(last_moment))
    assert reply.status == (401 if expired else 200)


@pytest.mark.parametrize(
    ("issued", "expires"),
    [
        ("2026-03-10T00:00:00Z", "2027-03-10T23:59:59Z"),
        ("2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z"),
        ("2027-02-28T12:00:00Z", "2028-02-28T23:59:59Z"),
        ("2028-02-29T12:00:00Z", "2029-02-28T23:59:59Z"),
    ],
)
def test_validity_ends_with_the_day_a_year_later(issued: str, expires: str) -> None:
    """Rule validity: leap days included."""
    assert expiry(datetime.fromisoformat(issued), READINGS) == datetime.fromisoformat(expires)


def walk(event: Event, client: Client, now: datetime) -> tuple[Client, datetime]:
    """Let an event happen to a client."""
    match event:
        case Event.ASKED | Event.CLEANUP:
            action = LIFE[situation(client, now, READINGS), event].action
            return after(action, client, now, READINGS, lambda: "a" * 40), now
        case Event.DAY_ENDED:
            return client, now + DAY
        case Event.VALIDITY_ENDED:
            assert client.key is not None
            return client, client.key.exp_date + timedelta(seconds=1)


REACHED_BY: dict[Situation, list[Event]] = {
    Situation.ABSENT: [],
    Situation.SAME_DAY: [Event.ASKED],
    Situation.LATER_DAY: [Event.ASKED, Event.DAY_ENDED],
    Situation.EXPIRED: [Event.ASKED, Event.DAY_ENDED, Event.VALIDITY_ENDED],
    Situation.CLEANED: [Event.ASKED, Event.CLEANUP],
}


@pytest.mark.parametrize(("start", "event"), LIFE, ids=lambda value: value.name)
def test_each_row_of_the_table_leads_where_it_says(start: Situation, event: Event) -> None:
    """The table is what the diagram is drawn from, so it must be what happens."""
    client, now = Client(PHONE, 1), NOON
    for step in REACHED_BY[start]:
        client, now = walk(step, client, now)
    assert situation(client, now, READINGS) is start

    client, now = walk(event, client, now)
    assert situation(client, now, READINGS) is LIFE[start, event].becomes


def test_every_situation_knows_what_to_do_when_asked() -> None:
    """A row that is missing would be a 500."""
    for readings in (READINGS, Readings(later_day="repeat")):
        assert {where for where, event in life(readings) if event is Event.ASKED} == set(Situation)


def test_a_key_issued_in_the_future_counts_as_issued_today() -> None:
    """Whoever moves the clock back must not see dates run backwards."""
    mock = mock_at()
    first = ask(mock, NOON)

    assert ask(mock, NOON - 300 * DAY) == first
