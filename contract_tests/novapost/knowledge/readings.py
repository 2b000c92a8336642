"""The readings that the documents leave open, as one value. A run finds them out and holds a target to them.

Each field stands for a sentence of the published pages that can be read in two ways
(docs/explanation/readings.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from contract_tests.novapost.knowledge.checks import KEYS
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.daily_limit import IN_WORDS, PHONES_OF_LIMIT, Reading, observed
from contract_tests.novapost.knowledge.strategies import fictional
from contract_tests.target.control import MissingCall
from contract_tests.target.dates import parse_date
from contract_tests.target.targets import Target
from contract_tests.target.transport import Wire

# Where the vendor and its customers are. Winter and summer together tell these zones apart.
ZONES = ("Europe/Kyiv", "Europe/Warsaw", "Europe/London")
_WINTER, _SUMMER = (datetime(year, month, 9, 12, 0, tzinfo=UTC) for year, month in ((2026, 2), (2027, 6)))
_PHONES = (fictional(992), fictional(993))
_LATER = timedelta(days=3)


@dataclass(frozen=True)
class Readings:
    """How a target reads the rules. The defaults are those of rules.toml.

    Attributes:
        daily_limit: the requests that the limit of a day counts (rule daily-limit).
        later_day: whether an Active key is renewed on a later day, or repeated until it expires.
        zone: where a day ends (rule day).
        validity: days from the day of issue to the last day of a key; None for a calendar year.
    """

    daily_limit: Reading = "issuing"
    later_day: Literal["renew", "repeat"] = "renew"
    zone: tzinfo = UTC
    validity: int | None = None

    def day(self, now: datetime) -> date:
        """Return the day of a moment, in the target's reading."""
        return now.astimezone(self.zone).date()

    def begin_of(self, day: date) -> datetime:
        """Return the moment in UTC at which a day begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def next_day(self, now: datetime) -> datetime:
        """Return the moment in UTC at which the day after that of `now` begins."""
        return self.begin_of(self.day(now) + timedelta(days=1))

    def last_days(self, issued: date) -> set[date]:
        """Return the days on which a key that was issued on a day may end.

        Of a year after a leap day nothing is written: the day before or the day after.
        """
        if self.validity is not None:
            return {issued + timedelta(days=self.validity)}
        if (issued.month, issued.day) == (2, 29):
            return {date(issued.year + 1, 2, 28), date(issued.year + 1, 3, 1)}
        return {issued.replace(year=issued.year + 1)}

    def in_words(self) -> dict[str, str]:
        """Return by rule, in words, the readings that a run found out."""
        found = {"daily-limit": IN_WORDS[self.daily_limit]}
        if self.later_day == "repeat":
            found["later-day-renews"] = "repeat (an Active key stays as it is until it expires)"
        if self.zone is not UTC:
            found["day"] = f"a day ends at midnight in {self.zone}"
        if self.validity is not None:
            found["validity"] = f"{self.validity} days to the end of the last"
        return found

    def given_up(self) -> Iterator[str]:
        """Yield the rules that are read otherwise than rules.toml reads them."""
        if self.daily_limit == "strict":
            yield "same-day-same-key"
        yield from self.in_words().keys() - {"daily-limit"}


def found_out(target: Target, wire: Wire, control: KeysControl) -> Readings:
    """Ask for keys on a few days, and read from the answers how the target reads the rules.

    Answers that fit no reading are held to the usual one: what is wrong with them is for the tests to say.
    """
    control.find_out()
    limit = observed(target, wire, control)
    # Of a phone that has just been given a key.
    control.try_call("POST", "cleanup", {"phone": PHONES_OF_LIMIT[0]})
    try:
        before = _expiry(target, wire, control, _PHONES[0], _WINTER)
        after = _expiry(target, wire, control, _PHONES[0], _LATER)
        winter = _expiry(target, wire, control, _PHONES[1], _WINTER)
        summer = _expiry(target, wire, control, _PHONES[1], _SUMMER)
        zone = zone_of(winter, summer) or UTC
        spans = ((_WINTER, winter), (_SUMMER, summer))
        days = {(end.astimezone(zone).date() - when.astimezone(zone).date()).days for when, end in spans}
    except (httpx.HTTPError, MissingCall, LookupError, ValueError, OverflowError, RecursionError):
        # No answer, no key in it, no JSON, or an end that no calendar has.
        return Readings(limit)
    # A calendar year has 365 days in the one case and 366 in the other.
    validity = days.pop() if len(days) == 1 else None
    return Readings(limit, "repeat" if before == after else "renew", zone, validity)


def _expiry(
    target: Target, wire: Wire, control: KeysControl, phone: str, moment: datetime | timedelta
) -> datetime:
    """Ask for a key at a moment of its own, or some time after the last one, and return its end."""
    if isinstance(moment, timedelta):
        control.advance(moment)
    else:
        control.reset()
        control.set_clock(moment)
        control.register(phone)
    answer = wire.request("POST", target.url(KEYS), json={"phone": phone})
    body: Any = answer.json() if answer.status_code == 200 else None
    end = parse_date(body.get("expDate")) if isinstance(body, dict) else None
    if end is None:
        raise LookupError("no key, or a key without an end")
    return end


def zone_of(*ends: datetime) -> tzinfo | None:
    """Return the zone in which each moment is the last second of a day; None if there is none.

    A named zone comes first; a fixed offset of whole hours is what a server without zones has.
    """
    for name in ("UTC", *ZONES):
        try:
            zone: tzinfo = UTC if name == "UTC" else ZoneInfo(name)
        except (ZoneInfoNotFoundError, OSError):
            continue
        if all(end.astimezone(zone).strftime("%H:%M:%S") == "23:59:59" for end in ends):
            return zone
    hours = {23 - end.astimezone(UTC).hour for end in ends if end.strftime("%M:%S") == "59:59"}
    if len(hours) == 1 and all(end.strftime("%M:%S") == "59:59" for end in ends):
        ahead = hours.pop()
        return timezone(timedelta(hours=ahead if ahead <= 14 else ahead - 24))
    return None
