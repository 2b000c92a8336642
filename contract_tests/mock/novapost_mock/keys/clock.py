"""The mock's clock: the real time plus an offset. It needs no timer and never waits."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from novapost_mock.keys.shared_settings import CLOCK, MemorySettings, SharedSettings

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""Bounds of what the clock can be set to. The gap up to the year 9999 keeps every date that is computed from
it, such as the end of a key's validity, inside what `datetime` can hold."""

_MICROSECOND = timedelta(microseconds=1)

# The profile of RFC 3339: `fromisoformat` alone would also take week dates and dates without a time.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def _real_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """A clock that runs like the real one, and can be moved.

    When it is set, it stores the offset to the real clock, and continues to run from the new time. It can be
    moved back. Then keys with a later date count as issued today, so that no date of a key moves back.
    """

    def __init__(self, real: Callable[[], datetime] = _real_now) -> None:
        """Start at the real time.

        Args:
            real: returns the real time with an offset; a test can pass a function that returns a fixed time.
        """
        self._real = real
        self._settings: SharedSettings = MemorySettings()
        # The offset, and of which version of the setting it is; one value, so that threads see both or none.
        self._known = (0, timedelta())

    def keep_in(self, settings: SharedSettings) -> None:
        """Keep the offset in shared settings, so that all clocks with these settings show the same time.

        From now on the clock uses their offset, and no longer its own.
        """
        self._settings = settings
        self._known = (0, timedelta())

    def now(self) -> datetime:
        """Return the time on this clock, in UTC."""
        version, offset = self._known
        setting = self._settings.setting(CLOCK)
        if setting.version != version:
            offset = _offset(setting.value)
            self._known = (setting.version, offset)
        real = self._real()
        return (real if real.tzinfo is UTC else real.astimezone(UTC)) + offset

    def set(self, moment: datetime | str) -> datetime:
        """Set the clock to a moment or its RFC 3339 text, and return the moment in UTC.

        Raises:
            ValueError: it is no moment, has no offset or lies outside `EARLIEST` to `LATEST`.
        """
        moment = utc(moment)
        return self._settings.change_setting(CLOCK, lambda _: (self._ahead(moment), moment))

    def advance(self, seconds: float) -> datetime:
        """Move the clock forward by a number of seconds, and return the new time in UTC.

        Raises:
            ValueError: the number is negative or not finite, or the clock would pass `LATEST`.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
            raise ValueError("the clock advances by a number of seconds, zero or more")

        def step(kept: Any) -> tuple[int, datetime]:
            now = self._real().astimezone(UTC) + _offset(kept)
            if seconds > (LATEST - now).total_seconds():
                raise ValueError(f"the clock cannot pass {LATEST:%Y-%m-%d}")
            moment = now + timedelta(seconds=seconds)
            return self._ahead(moment), moment

        # Reading, adding and writing back is one step, also when several advance at once.
        return self._settings.change_setting(CLOCK, step)

    def reset(self) -> None:
        """Go back to the real time."""
        self._settings.change_setting(CLOCK, lambda _: (None, None))

    def _ahead(self, moment: datetime) -> int:
        return (moment - self._real().astimezone(UTC)) // _MICROSECOND


def _offset(kept: Any) -> timedelta:
    return _MICROSECOND * (kept or 0)


def utc(moment: datetime | str) -> datetime:
    """Return a moment in UTC.

    Args:
        moment: a moment with an offset, or its RFC 3339 text.

    Raises:
        ValueError: it is no moment, has no offset or lies outside `EARLIEST` to `LATEST`.
    """
    if isinstance(moment, str):
        moment = read_moment(moment)
    if not isinstance(moment, datetime):
        raise ValueError("a moment is a datetime with an offset, or a text such as 2026-01-01T10:00:00Z")
    if moment.utcoffset() is None:
        raise ValueError("a moment needs an offset to UTC")
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(f"a moment lies between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}")
    return moment.astimezone(UTC)


def read_moment(text: Any) -> datetime:
    """Read an RFC 3339 date and time with an offset, such as `2026-01-01T10:00:00Z`.

    Raises:
        ValueError: it is something else, or no such moment exists. The message does not repeat it.
    """
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise ValueError("a moment is written as in 2026-01-01T10:00:00Z, with Z or an offset")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such moment") from None


def write_moment(moment: datetime, digits: int | None = None) -> str:
    """Write a moment as RFC 3339 in UTC with a Z.

    Args:
        moment: a moment with an offset.
        digits: the number of digits after the second, 0 to 6; the moment is cut, not rounded. None: six, or
            none if the moment has none.
    """
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    if digits is None:
        digits = 6 if moment.microsecond else 0
    # 19 characters up to the second, and the point. `strftime` takes ten times as long.
    return moment.isoformat(timespec="microseconds")[: 20 + digits if digits else 19] + "Z"
