"""The pages that change the state of the mock: keys, clients and the clock."""

from datetime import datetime, timedelta
from typing import Any

from novapost_mock.console.key_page import masked, next_midnight, set_clock
from novapost_mock.console.rendering import back_to, page
from novapost_mock.console.visit import ProblemError, Visit
from novapost_mock.control.routes import MATCHES
from novapost_mock.keys.clock import read_moment, write_moment
from novapost_mock.keys.store import StoreFullError
from novapost_mock.messages import Reply

SHOWN = 200
"""How many keys or clients a page lists. Control lists all."""

SECOND = timedelta(seconds=1)


def done(visit: Visit) -> str | None:
    """Return the name of the text about the last action, or None."""
    names = [f"did.{each}" for each in visit.request.parameter_values("did")]
    return next((name for name in names if visit.texts.has(name)), None)


def show_keys(visit: Visit) -> Reply:
    """GET keys: the keys, with the possible actions for each."""
    holders = visit.mock.keys()
    rows: list[dict[str, Any]] = [
        {
            "phone": holder.phone,
            "masked": masked(holder.key.api_key),
            "created_at": holder.key.created_at,
            "exp_date": holder.key.exp_date,
            "is_active": holder.key.is_active(visit.now),
        }
        for holder in holders[:SHOWN]
        if holder.key is not None
    ]
    return page(visit, "keys", rows=rows, more=max(0, len(holders) - SHOWN), did=done(visit))


def expire(visit: Visit) -> Reply:
    """POST keys/expire: move the clock past the end of a key; a key expires in no other way."""
    key = visit.mock.remembered(visit.phone()).key
    if key is None:
        raise ProblemError(404, "problem.no-key")
    if key.is_active(visit.now):
        set_clock(visit, key.exp_date + SECOND)
    return back_to("keys", "expired")


def clean_up(visit: Visit) -> Reply:
    """POST keys/clean-up: delete the key of a phone, as the sandbox's cleanup does."""
    if not visit.mock.cleanup(visit.phone(), visit.now):
        raise ProblemError(404, "problem.no-key")
    return back_to("keys", "cleaned")


def show_clients(visit: Visit) -> Reply:
    """GET clients: the registered clients."""
    return _clients(visit)


def register(visit: Visit) -> Reply:
    """POST clients: register a phone, make it ambiguous, or unregister it; show a wrong form again."""
    try:
        return _register(visit)
    except ProblemError as error:
        return _clients(visit, error.status, error.name)
    except StoreFullError:
        return _clients(visit, 400, "problem.full")


def _register(visit: Visit) -> Reply:
    # Not `matches`: a field of that name would hide `form.matches` from scripts.
    given = visit.field("count")
    matches = int(given) if given.isascii() and given.isdigit() and len(given) <= 4 else -1
    if matches not in MATCHES:
        raise ProblemError(400, "problem.matches")
    visit.mock.register(visit.phone(), matches)
    return back_to(
        "clients", "unregistered" if not matches else "registered" if matches == 1 else "ambiguous"
    )


def _clients(visit: Visit, status: int = 200, problem: str | None = None) -> Reply:
    rows = list(visit.mock.clients().items())
    return page(
        visit,
        "clients",
        status,
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        did=done(visit),
        problem=problem,
        given={} if problem is None else {name: visit.field(name) for name in ("phone", "count")},
    )


def start_over(visit: Visit) -> Reply:
    """POST clients/reset: go back to the first state."""
    visit.mock.reset()
    return back_to("clients", "reset")


def show_clock(visit: Visit) -> Reply:
    """GET clock: the time of the mock, and the form to change it."""
    return _clock(visit)


def _clock(visit: Visit, status: int = 200, problem: str | None = None) -> Reply:
    is_given = problem is not None and visit.field("to") == "moment"
    return page(
        visit,
        "clock",
        status,
        did=done(visit),
        problem=problem,
        is_given=is_given,
        midnight=next_midnight(visit.now, visit.mock.readings),
        expiry=_first_end(visit),
        suggested=visit.field("moment") if is_given else write_moment(visit.now, 0),
    )


def move(visit: Visit) -> Reply:
    """POST clock: set the clock; show a wrong form again."""
    try:
        return _move(visit)
    except ProblemError as error:
        return _clock(visit, error.status, error.name)


def _move(visit: Visit) -> Reply:
    clock = visit.mock.clock
    match visit.field("to"):
        case "real":
            clock.reset()
        case "day":
            set_clock(visit, visit.now + timedelta(days=1))
        case "midnight":
            set_clock(visit, next_midnight(visit.now, visit.mock.readings) + SECOND)
        case "expiry":
            end = _first_end(visit)
            if end is None:
                raise ProblemError(404, "problem.no-active-key")
            set_clock(visit, end + SECOND)
        case "moment":
            try:
                clock.set(read_moment(visit.field("moment")))
            except ValueError:
                raise ProblemError(400, "problem.moment") from None
        case _:
            raise ProblemError(400, "problem.form")
    return back_to("clock", "moved")


def _first_end(visit: Visit) -> datetime | None:
    """Return when the first of the keys expires that are Active, or None."""
    holders = visit.mock.keys()
    found = [each.key.exp_date for each in holders if each.key is not None and each.key.is_active(visit.now)]
    return min(found, default=None)
