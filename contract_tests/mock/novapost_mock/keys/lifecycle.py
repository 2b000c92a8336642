"""The stored state of a phone, and the life of its key as a table.

No state changes by itself: the situation of a phone follows from its stored state and from the time, which is
an argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import NamedTuple, Self

from novapost_mock.keys.settings import Readings, zone


@dataclass(frozen=True, slots=True)
class Key:
    """An API key.

    Attributes:
        api_key: hexadecimal digits; opaque, and kept out of the repr.
        created_at: when it was first issued, in UTC.
        exp_date: the last moment at which it is Active, in UTC.
    """

    api_key: str = field(repr=False)
    created_at: datetime
    exp_date: datetime

    def is_active(self, now: datetime) -> bool:
        """Return whether the key is Active; after its expiration date it is Expired."""
        return now <= self.exp_date


@dataclass(frozen=True, slots=True)
class Client:
    """The stored state of one phone.

    Attributes:
        phone: digits without a plus; kept out of the repr.
        matches: the number of clients of the Client Portal with this phone; 0 means not registered, 2 or
            more ambiguous.
        key: its key; None before the first one and after a cleanup. One value per phone is what keeps rule
            one-active.
        issued_at: when a key was last created, renewed or reactivated. It belongs to the phone, so a
            cleanup does not give a second issuing on the same day.
        answered_at: the first request of the latest day on which a key was given, issued or repeated.
    """

    phone: str = field(repr=False)
    matches: int = 0
    key: Key | None = None
    issued_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def is_blank(self) -> bool:
        """Whether this is the state of an unknown phone."""
        return not self.matches and self.issued_at is None

    def with_matches(self, matches: int) -> Self:
        """Return the same client with another number of matches."""
        return replace(self, matches=matches)


class Situation(StrEnum):
    """The situation of a phone when a request for its key arrives."""

    ABSENT = "absent"
    SAME_DAY = "active, issued today"
    LATER_DAY = "active, issued before today"
    EXPIRED = "expired"
    CLEANED = "cleaned"


class Event(StrEnum):
    """An event in the life of a phone."""

    ASKED = "asked"
    DAY_ENDED = "day ended"
    VALIDITY_ENDED = "validity ended"
    CLEANUP = "cleanup"


class Action(StrEnum):
    """The effect of an event on the key."""

    CREATE = "create"
    REPEAT = "repeat"
    RENEW = "renew"
    REACTIVATE = "reactivate"
    REPLACE = "replace"
    DELETE = "delete"
    NONE = "none"


ISSUING = frozenset({Action.CREATE, Action.RENEW, Action.REACTIVATE, Action.REPLACE})
"""The actions that the reading `issuing` of rule daily-limit counts."""


class Transition(NamedTuple):
    """One row of the table: the effect on the key, the next situation of the phone, and the rule."""

    action: Action
    becomes: Situation
    rule: str


Life = Mapping[tuple[Situation, Event], Transition]

# What a pair that is not listed means: the event cannot happen there. A key expires at the end of a day and
# is good for a day or longer, so SAME_DAY never expires without becoming LATER_DAY first.
LIFE: Life = {
    (Situation.ABSENT, Event.ASKED): Transition(Action.CREATE, Situation.SAME_DAY, "one-active"),
    (Situation.ABSENT, Event.DAY_ENDED): Transition(Action.NONE, Situation.ABSENT, "day"),
    (Situation.SAME_DAY, Event.ASKED): Transition(Action.REPEAT, Situation.SAME_DAY, "same-day-same-key"),
    (Situation.SAME_DAY, Event.DAY_ENDED): Transition(Action.NONE, Situation.LATER_DAY, "day"),
    (Situation.SAME_DAY, Event.CLEANUP): Transition(Action.DELETE, Situation.CLEANED, "cleaned-new"),
    (Situation.LATER_DAY, Event.ASKED): Transition(Action.RENEW, Situation.SAME_DAY, "later-day-renews"),
    (Situation.LATER_DAY, Event.DAY_ENDED): Transition(Action.NONE, Situation.LATER_DAY, "day"),
    (Situation.LATER_DAY, Event.VALIDITY_ENDED): Transition(Action.NONE, Situation.EXPIRED, "validity"),
    (Situation.LATER_DAY, Event.CLEANUP): Transition(Action.DELETE, Situation.CLEANED, "cleaned-new"),
    (Situation.EXPIRED, Event.ASKED): Transition(
        Action.REACTIVATE, Situation.SAME_DAY, "expired-reactivated"
    ),
    (Situation.EXPIRED, Event.DAY_ENDED): Transition(Action.NONE, Situation.EXPIRED, "day"),
    (Situation.EXPIRED, Event.CLEANUP): Transition(Action.DELETE, Situation.CLEANED, "cleaned-new"),
    (Situation.CLEANED, Event.ASKED): Transition(Action.REPLACE, Situation.SAME_DAY, "cleaned-new"),
    (Situation.CLEANED, Event.DAY_ENDED): Transition(Action.NONE, Situation.CLEANED, "day"),
}

_LATER_DAY_REPEATS: Life = {
    **LIFE,
    (Situation.LATER_DAY, Event.ASKED): Transition(Action.REPEAT, Situation.LATER_DAY, "later-day-renews"),
}


def life(readings: Readings) -> Life:
    """Return the table for a reading."""
    return LIFE if readings.later_day == "renew" else _LATER_DAY_REPEATS


def situation(client: Client, now: datetime, readings: Readings) -> Situation:
    """Return the situation of a phone at a moment.

    A key whose last issuing lies after `now`, because the clock was moved back, counts as issued today.
    """
    if client.issued_at is None:
        return Situation.ABSENT
    if client.key is None:
        return Situation.CLEANED
    if not client.key.is_active(now):
        return Situation.EXPIRED
    if is_same_day_or_later(client.issued_at, now, readings):
        return Situation.SAME_DAY
    return Situation.LATER_DAY


def after(
    action: Action, client: Client, now: datetime, readings: Readings, new_key: Callable[[], str]
) -> Client:
    """Return the state of a phone after an action.

    Args:
        action: from the table.
        client: the state before the action.
        now: the moment of the action, in UTC.
        readings: for the day and the validity.
        new_key: draws the digits of a key; called by CREATE and REPLACE only.
    """
    key = client.key
    match action:
        # First, since it is what most requests come to.
        case Action.REPEAT if key is not None:
            if client.answered_at is not None and is_same_day_or_later(client.answered_at, now, readings):
                return client
            return replace(client, answered_at=now)
        case Action.CREATE | Action.REPLACE:
            key = Key(new_key(), created_at=now, exp_date=expiry(now, readings))
        case Action.RENEW | Action.REACTIVATE if key is not None:
            key = replace(key, exp_date=expiry(now, readings))
        case Action.DELETE:
            return replace(client, key=None)
        case _:
            return client
    return replace(client, key=key, issued_at=now, answered_at=now)


def day(moment: datetime, readings: Readings) -> date:
    """Return the calendar day of a moment in the zone of rule day."""
    if readings.day_zone == "UTC" and moment.tzinfo is UTC:
        return moment.date()
    return moment.astimezone(zone(readings.day_zone)).date()


def is_same_day_or_later(moment: datetime, now: datetime, readings: Readings) -> bool:
    """Return whether a moment is on the day of `now`, or later because the clock was moved back."""
    return day(moment, readings) >= day(now, readings)


def expiry(issued_at: datetime, readings: Readings) -> datetime:
    """Return the expiration date of a key issued, renewed or reactivated at a moment, in UTC.

    It is 23:59:59 of the last day, as in the example 2026-08-29T23:59:59.000Z (rule validity).
    """
    first = day(issued_at, readings)
    last = _year_later(first) if readings.validity is None else first + readings.validity
    return datetime.combine(last, time(23, 59, 59), tzinfo=zone(readings.day_zone)).astimezone(UTC)


def _year_later(first: date) -> date:
    if (first.month, first.day) == (2, 29):
        first = first.replace(day=28)
    return first.replace(year=first.year + 1)
