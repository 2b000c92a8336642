"""Date-times as answers write them (RFC 3339)."""

import re
from datetime import datetime
from typing import Any

# RFC 3339, section 5.6: a date-time has a full date, a time, and "Z" or an offset.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def parse_date(value: Any) -> datetime | None:
    """Return the moment that an RFC 3339 date-time names, or None if the text is not one."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        return None
    try:
        # More than six digits after the second are more than Python keeps.
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper()))
    except ValueError:
        return None
