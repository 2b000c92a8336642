"""Findings that are known and accepted: `openapi/drift-accepted.toml`, or the file of `--accepted`.

Each table is named by the id of a finding and has a reason, an owner and a date of expiry. An entry whose
finding is gone, or whose time is over, is a finding itself: an exception that nobody looks at any more hides
the next one.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from scripts.document.parse import decode
from scripts.drift.findings import Finding
from scripts.drift.load.origins import read_path
from scripts.lib.errors import Refusal

_ID = re.compile(r"[0-9a-f]{12}")
_MAX_BYTES = 1_000_000


def read_accepted(path: Path, must_exist: bool = False) -> dict[str, dict[str, str]]:
    """Return the accepted findings by id, each with `reason`, `owner` and `expires` (YYYY-MM-DD).

    Args:
        path: the file; without one nothing is accepted.
        must_exist: whether a missing file is an error.

    Raises:
        Refusal: the file is there and is not such a list.
    """
    if not must_exist and not path.exists():
        return {}
    try:
        table = tomllib.loads(decode(read_path(path, _MAX_BYTES), str(path)))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(str(path), f"not TOML: {error}") from error
    return {name: _entry(name, entry, str(path)) for name, entry in table.items()}


def _entry(name: str, entry: object, place: str) -> dict[str, str]:
    if not _ID.fullmatch(name):
        raise Refusal(place, f"{name!r} is no id of a finding: twelve hexadecimal digits")
    if not isinstance(entry, dict) or set(entry) != {"reason", "owner", "expires"}:
        raise Refusal(place, f"[{name}] needs reason, owner and expires, and nothing else")
    if type(entry["expires"]) is not date:
        raise Refusal(place, f"[{name}] expires must be a date such as 2027-01-31")
    for key in ("reason", "owner"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise Refusal(place, f"[{name}] has no {key}")
    return {"reason": entry["reason"], "owner": entry["owner"], "expires": entry["expires"].isoformat()}


def settled(
    findings: Sequence[Finding],
    accepted: Mapping[str, Mapping[str, str]],
    today: date,
    name: str = "openapi/drift-accepted.toml",
    is_all: bool = True,
) -> tuple[list[Finding], dict[str, Mapping[str, str]]]:
    """Return the findings with those about stale and expired entries, and the entries that still count.

    Args:
        findings: what was found.
        accepted: what `read_accepted` gave.
        today: an entry counts up to and on the day of its expiry.
        name: the name of the file, for the findings about it.
        is_all: whether no more findings are to come, so that an entry without one is stale.
    """
    there = {finding.id for finding in findings}
    valid: dict[str, Mapping[str, str]] = {}
    more: list[Finding] = []
    for digest, entry in accepted.items():
        place = f"{name} [{digest}]"
        if digest not in there and not is_all:
            continue
        if digest not in there:
            text = "accepts a finding that is not there any more; remove the entry"
            more.append(Finding("accepted-stale", place, "stale", "behaviour", text, "maintainers", "yes"))
        elif date.fromisoformat(entry["expires"]) < today:
            text = f"expired on {entry['expires']}; look again (owner: {entry['owner']})"
            more.append(
                Finding("accepted-expired", place, "expired", "behaviour", text, "maintainers", "yes")
            )
        else:
            valid[digest] = entry
    return [*findings, *more], valid
