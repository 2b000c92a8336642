"""The readings: settings for the rules that the published documents leave open or contradict."""

from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST_VALIDITY = timedelta(days=36_500)


@dataclass(frozen=True)
class Readings:
    """The readings of the rules as settings. The defaults are the readings that we think are likely.

    Attributes:
        daily_limit: the requests that the limit of one per phone and day counts (rule daily-limit).
            `issuing`: those that create, renew or reactivate a key, so a repeat on the same day gets the
            same key. `strict`: every answered request, so the second one of a day gets 429. The description
            states both the limit and the repeat; only the first reading fits both.
        later_day: the answer to a request for an Active key on a later day (rule later-day-renews).
            `renew`: the key with a later expiration date. `repeat`: the unchanged key, until it expires.
            The key of the example was created on 27 August 2025 and expires on 29 August 2026.
        day_zone: the time zone in which a day ends (rule day), as an IANA name. The default is UTC, because
            the published expDate ends at 23:59:59 Z.
        validity: how long a key is valid, in days from the day of issue to the end of the last day (rule
            validity); None for one calendar year. A key of 29 February then ends on 28 February.
        key_length: the number of hexadecimal digits of a key: 40 in the page's example, 32 in others.
        created_digits: the number of digits after the second of createdAt: six in the example.
        expiry_digits: the number of digits after the second of expDate: three in the example.

    Raises:
        ValueError: a setting has a value that is not allowed.
    """

    daily_limit: Literal["issuing", "strict"] = "issuing"
    later_day: Literal["renew", "repeat"] = "renew"
    day_zone: str = "UTC"
    validity: timedelta | None = None
    key_length: int = 40
    created_digits: int = 6
    expiry_digits: int = 3

    def __post_init__(self) -> None:
        if self.daily_limit not in ("issuing", "strict"):
            raise ValueError("daily_limit is 'issuing' or 'strict'")
        if self.later_day not in ("renew", "repeat"):
            raise ValueError("later_day is 'renew' or 'repeat'")
        # Shorter than a day would let a key expire on the day of its issue, which no rule speaks of.
        if self.validity is not None and not timedelta(days=1) <= self.validity <= LONGEST_VALIDITY:
            raise ValueError(f"validity is 1 to {LONGEST_VALIDITY.days} days, or None for a calendar year")
        # Sixteen digits keep keys from being guessed or drawn twice.
        if not 16 <= self.key_length <= 128:
            raise ValueError("key_length is 16 to 128 digits")
        if not (0 <= self.created_digits <= 6 and 0 <= self.expiry_digits <= 6):
            raise ValueError("created_digits and expiry_digits are 0 to 6")
        try:
            zone(self.day_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("day_zone is an IANA time zone such as UTC or Europe/Kyiv") from None


def zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name; UTC works on a machine without a zone database too.

    Raises:
        ZoneInfoNotFoundError, ValueError, OSError: there is no such zone.
    """
    return UTC if name == "UTC" else ZoneInfo(name)
