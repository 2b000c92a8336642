"""The first page: a test key for a phone, and a JWT for the key.

Both requests go through the API like those of other callers, so rules, faults and journal apply to them.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from novapost_mock.console.rendering import page
from novapost_mock.console.visit import ProblemError, Visit
from novapost_mock.keys.clock import read_moment
from novapost_mock.keys.lifecycle import Client, Situation, day
from novapost_mock.keys.outlook import outlook
from novapost_mock.keys.settings import Readings, zone
from novapost_mock.messages import Reply, Request

_AGENT = ("User-Agent", "novapost-mock console")


@dataclass(frozen=True)
class Answered:
    """An answer of the API, as the page shows it.

    Attributes:
        status: the HTTP status.
        value: its JSON body; None if it has none.
        errors: the texts of a refusal.
        rule: see `Origin.rule`.
        fault: the names of the fault that acted; empty if no fault acted.
        is_lost: whether the fault loses the answer, or its end, on the way to a caller.
    """

    status: int
    value: Any
    errors: tuple[str, ...]
    rule: str
    fault: str
    is_lost: bool

    @classmethod
    def of(cls, reply: Reply) -> "Answered":
        """Read a reply."""
        try:
            value = reply.json()
        except ValueError:
            value = None
        found = value.get("errors") if isinstance(value, dict) else None
        listed = list(found.values()) if isinstance(found, dict) else found
        errors = tuple(each for each in listed if isinstance(each, str)) if isinstance(listed, list) else ()
        how = reply.delivery
        is_lost = how is not None and (
            how.is_timeout or (how.raw, how.reset_after, how.cut_after) != (None, None, None)
        )
        return cls(reply.status, value, errors, reply.origin.rule, reply.origin.fault, is_lost)

    @property
    def hint(self) -> str:
        """The name of the text about the next step."""
        if self.fault:
            return "hint.fault"
        if self.rule == "registered-phone":
            return f"hint.registered-phone.{self.status}"
        known = ("phone-format", "ua-unsupported", "daily-limit", "jwt", "path", "method")
        return f"hint.{self.rule}" if self.rule in known else "hint.other"


def show(visit: Visit) -> Reply:
    """GET: the form, with a phone that gets a key."""
    return page(visit, "key", phone=_known_phone(visit), answered=None, key=None, limit_ends=None)


def ask(visit: Visit) -> Reply:
    """POST: ask the API for a key, after the preparation that `first` names."""
    phone = visit.field("phone")
    match visit.field("first"):
        case "register":
            visit.mock.register(visit.phone(), 1)
        case "midnight":
            client = visit.mock.remembered(visit.phone())
            set_clock(visit, limit_end(client, visit.mock.clock.now(), visit.mock.readings))
        case "disarm":
            visit.mock.disarm()
        case "":
            pass
        case _:
            raise ProblemError(400, "problem.form")
    body = json.dumps({"phone": phone}).encode("ascii")
    answered = _call(visit, "createTestApiKey", (("Content-Type", "application/json"),), body)
    now = visit.mock.clock.now()
    ends = None
    if answered.rule == "daily-limit":
        ends = limit_end(visit.mock.remembered(phone), now, visit.mock.readings)
    key = None if answered.is_lost else _key_of(answered.value)
    base = visit.mock.document.base_path
    readings = visit.mock.readings
    life = outlook(visit.mock.remembered(phone), now, readings, next_midnight(now, readings))
    return page(
        visit,
        "key",
        now=now,
        phone=phone,
        answered=answered,
        key=key,
        limit_ends=ends,
        base=base,
        situations=tuple(Situation),
        outlook=life,
    )


def authorize(visit: Visit) -> Reply:
    """POST jwt: ask the API for a JWT with the key of a phone. The key itself need not be in the page."""
    key = visit.mock.remembered(visit.phone()).key
    if key is None:
        raise ProblemError(404, "problem.no-key")
    answered = _call(visit, "authorizeClient", query=f"apiKey={quote(key.api_key)}")
    given = answered.value.get("jwt") if isinstance(answered.value, dict) else None
    jwt = given if isinstance(given, str) and not answered.is_lost else None
    ends = None if jwt is None else _end_of(jwt)
    return page(
        visit,
        "jwt",
        phone=visit.phone(),
        answered=answered,
        masked=masked(key.api_key),
        jwt=jwt,
        ends=ends,
        left=None if ends is None else max(0, int((ends - visit.now).total_seconds())),
    )


def masked(secret: str) -> str:
    """Return the first four characters of a key or token and asterisks for the rest."""
    return f"{secret[:4]}****"


def limit_end(client: Client, now: datetime, readings: Readings) -> datetime:
    """Return when rule daily-limit no longer refuses a phone, in UTC.

    That is the end of the day on which it was last counted, or of today: the day of an issuing can lie
    after today where the clock was moved back.
    """
    last = client.answered_at if readings.daily_limit == "strict" else client.issued_at
    return next_midnight(now if last is None else max(now, last), readings)


def next_midnight(moment: datetime, readings: Readings) -> datetime:
    """Return the end of the day of a moment, in UTC, where rule day has it."""
    tomorrow = day(moment, readings) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone(readings.day_zone)).astimezone(UTC)


def _known_phone(visit: Visit) -> str:
    clients = visit.mock.clients().items()
    return next((p for p, matches in clients if matches == 1 and not p.startswith("380")), "")


def _call(
    visit: Visit,
    operation_id: str,
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    query: str = "",
) -> Answered:
    document = visit.mock.document
    operation = next((each for each in document.operations if each.operation_id == operation_id), None)
    if operation is None:
        raise ProblemError(404, "problem.operation")
    path = document.base_path + operation.path
    return Answered.of(visit.mock.handle(Request(operation.method, path, query, (*headers, _AGENT), body)))


def _key_of(value: Any) -> dict[str, Any] | None:
    """Return what the page shows of a granted answer; None if it is another, or was spoilt."""
    try:
        return {
            "api_key": str(value["apiKey"]),
            "masked": masked(str(value["apiKey"])),
            "created_at": read_moment(value["createdAt"]),
            "exp_date": read_moment(value["expDate"]),
            "is_active": value["status"] == "Active",
        }
    except (KeyError, TypeError, ValueError):
        return None


def _end_of(jwt: str) -> datetime | None:
    """Return when a token ends by its claim `exp` (RFC 7519, 4.1.4), or None if it does not say."""
    try:
        payload = jwt.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, OSError, binascii.Error):
        return None


def set_clock(visit: Visit, moment: datetime) -> None:
    """Set the mock's clock.

    Raises:
        ProblemError: it does not go that far.
    """
    try:
        visit.mock.clock.set(moment)
    except ValueError:
        raise ProblemError(400, "problem.clock") from None
