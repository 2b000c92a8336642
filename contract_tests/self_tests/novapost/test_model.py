"""Does the model of the rules expect the right answer, and say what is wrong with every other one?"""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from contract_tests.novapost.knowledge.model import Model
from contract_tests.novapost.knowledge.readings import Readings
from contract_tests.target.exchange import Received

PHONE, OTHER = "447700900001", "447700900002"
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
END = datetime(2027, 3, 10, 23, 59, 59, tzinfo=UTC)
KEY = {
    "apiKey": "a" * 40,
    "createdAt": "2026-03-10T12:00:00Z",
    "expDate": "2027-03-10T23:59:59Z",
    "status": "Active",
}
OVER = END + timedelta(seconds=1)
TOMORROW = KEY | {"expDate": "2027-03-11T23:59:59Z"}


def given(**changes: Any) -> Received:
    """Return an answer that gives a key."""
    return Received(200, {}, json.dumps(KEY | changes).encode())


def refused(status: int) -> Received:
    """Return an error."""
    return Received(status, {}, b"{}")


def model(*, matches: int = 1, issued: datetime | None = None, readings: Readings | None = None) -> Model:
    """Return a model of a phone, which got its key at a moment if one is named."""
    made = Model(readings)
    made.client(PHONE).matches = matches
    if issued is not None:
        assert list(made.answered(PHONE, issued, given())) == []
    return made


def rules(found: Any) -> list[str]:
    """Return the rules that an answer breaks."""
    return [rule for rule, _ in found]


def test_a_new_phone_is_nobodys() -> None:
    """Until somebody registers it."""
    assert rules(Model().answered(PHONE, NOON, refused(404))) == []
    assert rules(Model().answered(PHONE, NOON, given())) == ["registered-phone"]


@pytest.mark.parametrize(("matches", "status"), [(0, 404), (1, 200), (2, 409), (3, 409)])
def test_the_number_of_clients_decides_the_status(matches: int, status: int) -> None:
    """Rule registered-phone: none, one, several."""
    answers = {200: given(), 404: refused(404), 409: refused(409), 429: refused(429)}

    right = [
        each
        for each, answer in answers.items()
        if not rules(model(matches=matches).answered(PHONE, NOON, answer))
    ]

    assert right == [status]


def test_the_same_day_repeats_the_same_answer() -> None:
    """Every field of it, even one that means nothing."""
    known = model(issued=NOON)

    assert rules(known.answered(PHONE, NOON + timedelta(hours=11), given())) == []
    assert rules(known.answered(PHONE, NOON, given(status="active"))) == ["same-day-same-key"]
    assert rules(known.answered(PHONE, NOON, refused(429))) == ["same-day-same-key"]


def test_another_key_on_the_same_day_breaks_the_rule() -> None:
    """And is told once, though the whole answer has changed."""
    found = rules(model(issued=NOON).answered(PHONE, NOON, given(apiKey="b" * 40)))

    assert found == ["same-day-same-key"]


@pytest.mark.parametrize(
    ("moment", "changes", "broken"),
    [
        (NOON + DAY, {"expDate": "2027-03-11T23:59:59Z"}, []),
        (NOON + DAY, {}, ["later-day-renews"]),
        (NOON + DAY, {"expDate": "2027-03-10T00:00:00Z"}, ["later-day-renews"]),
        (NOON + DAY, {"expDate": "2027-03-11T23:59:59Z", "apiKey": "b" * 40}, ["later-day-renews"]),
        (
            NOON + DAY,
            {"expDate": "2027-03-11T23:59:59Z", "createdAt": "2026-03-11T12:00:00Z"},
            ["later-day-renews"],
        ),
        # At its last moment a key is Active still.
        (END, {"expDate": "2028-03-10T23:59:59Z", "createdAt": "2027-03-10T00:00:00Z"}, ["later-day-renews"]),
        (OVER, {"expDate": "2028-03-11T23:59:59Z"}, []),
        # A reactivated key is as old as it was, or begins anew.
        (OVER, {"expDate": "2028-03-11T23:59:59Z", "createdAt": "2027-03-11T00:02:00Z"}, []),
        (
            OVER,
            {"expDate": "2028-03-11T23:59:59Z", "createdAt": "2027-03-11T00:02:01Z"},
            ["expired-reactivated"],
        ),
        (OVER, {}, ["expired-reactivated"]),
        (
            END + timedelta(seconds=1),
            {"expDate": "2028-03-11T23:59:59Z", "apiKey": "b" * 40},
            ["expired-reactivated"],
        ),
    ],
)
def test_a_later_day_renews_and_the_end_reactivates(
    moment: datetime, changes: dict[str, Any], broken: list[str]
) -> None:
    """The same key with another end; a key that was Active keeps createdAt, too."""
    assert rules(model(issued=NOON).answered(PHONE, moment, given(**changes))) == broken


def test_a_renewal_counts_as_an_issue() -> None:
    """So the answer of that day is repeated from then on."""
    known = model(issued=NOON)
    later = NOON + DAY

    assert rules(known.answered(PHONE, later, given(**TOMORROW))) == []
    assert rules(known.answered(PHONE, later, given(**TOMORROW))) == []
    assert rules(known.answered(PHONE, later, given())) == ["same-day-same-key"]


def test_a_cleanup_on_the_day_of_the_issue_reaches_the_limit() -> None:
    """Rule daily-limit; the day after, a new key comes."""
    known = model(issued=NOON)
    known.cleaned(PHONE)

    assert rules(known.answered(PHONE, NOON, refused(429))) == []
    assert rules(known.answered(PHONE, NOON, refused(404))) == ["daily-limit"]
    new = {"apiKey": "b" * 40, "createdAt": "2026-03-11T12:00:00Z", "expDate": "2027-03-11T23:59:59Z"}
    assert rules(known.answered(PHONE, NOON + DAY, given(**new))) == []


def test_a_new_key_after_a_cleanup_is_really_new() -> None:
    """Rule cleaned-new."""
    known = model(issued=NOON)
    known.cleaned(PHONE)
    again = {"createdAt": "2026-03-11T12:00:00Z", "expDate": "2027-03-11T23:59:59Z"}

    assert rules(known.answered(PHONE, NOON + DAY, given(**again))) == ["cleaned-new"]


def test_where_two_refusals_are_due_either_may_come() -> None:
    """Nothing says which: the limit, or that nobody has the phone any more."""
    for status in (404, 429):
        known = model(issued=NOON)
        known.cleaned(PHONE)
        known.client(PHONE).matches = 0

        assert rules(known.answered(PHONE, NOON, refused(status))) == []
        assert rules(known.answered(PHONE, NOON, refused(409))) == ["registered-phone"]


@pytest.mark.parametrize(
    ("seconds", "broken"), [(120, []), (-120, []), (121, ["validity"]), (-121, ["validity"])]
)
def test_a_new_key_was_created_now(seconds: int, broken: list[str]) -> None:
    """To within two minutes, for clocks differ."""
    created = (NOON + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert rules(model().answered(PHONE, NOON, given(createdAt=created))) == broken


def test_two_phones_never_have_one_key() -> None:
    """Rule one-active, and the key is not new either."""
    known = model(issued=NOON)
    known.client(OTHER).matches = 1

    assert rules(known.answered(OTHER, NOON, given())) == ["registered-phone", "one-active"]


def test_a_key_buys_a_token_to_its_last_moment() -> None:
    """It is the phone's, it is not deleted, and its end has not passed."""
    known = model(issued=NOON)

    def bought(moment: datetime, key: str = "a" * 40) -> int:
        found = {status: rules(known.bought(key, moment, refused(status))) for status in (200, 401)}
        assert sorted(found.values()) == [[], ["jwt"]]
        return next(status for status, broken in found.items() if not broken)

    assert (bought(END), bought(END + timedelta(seconds=1)), bought(NOON, "b" * 40)) == (200, 401, 401)
    known.client(PHONE).key = KEY | {"apiKey": "c" * 40}
    assert bought(NOON) == 401
    known.cleaned(PHONE)
    assert bought(NOON) == 401


def test_the_strict_reading_refuses_every_second_request_of_a_day() -> None:
    """Also the repeat that the usual reading answers."""
    known = model(issued=NOON, readings=Readings("strict"))

    assert rules(known.answered(PHONE, NOON, refused(429))) == []
    assert rules(known.answered(PHONE, NOON, given())) == ["daily-limit"]
    assert rules(known.answered(PHONE, NOON + DAY, given(**TOMORROW))) == []


def test_where_a_later_day_repeats_nothing_changes() -> None:
    """The issue stays where it was, and a changed answer is wrong."""
    known = model(issued=NOON, readings=Readings(later_day="repeat"))

    assert rules(known.answered(PHONE, NOON + DAY, given())) == []
    assert rules(known.answered(PHONE, NOON + DAY, given(**TOMORROW))) == ["same-day-same-key"]


def test_a_day_ends_where_the_target_says() -> None:
    """An hour before midnight UTC it is tomorrow already, two hours to the east."""
    late = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    east = Readings(zone=timezone(timedelta(hours=2)))

    assert rules(model(issued=NOON).answered(PHONE, late, given())) == []
    known = model(readings=east)
    assert rules(known.answered(PHONE, NOON, given(expDate="2027-03-10T21:59:59Z"))) == []
    assert rules(known.answered(PHONE, late, given(expDate="2027-03-10T21:59:59Z"))) == ["later-day-renews"]
    assert rules(known.answered(PHONE, late, given(expDate="2027-03-11T21:59:59Z"))) == ["same-day-same-key"]
