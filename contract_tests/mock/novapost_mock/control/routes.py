"""The control API under `/__mock__/`: set the state of the mock, and inspect it.

Bodies are JSON, whatever type they are declared as: `curl -d` declares a form. A web page that somebody has
open must not steer a mock on the same machine, so a request with a foreign Origin is refused.
"""

import functools
import importlib.resources
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl

from novapost_mock.control.journal import MAX_ENTRIES, PAGE
from novapost_mock.document.document import Document
from novapost_mock.errors import error_response
from novapost_mock.faults.fault import Armed, Fault
from novapost_mock.faults.json import read_faults
from novapost_mock.keys.clock import Clock, read_moment, write_moment
from novapost_mock.keys.lifecycle import Client
from novapost_mock.keys.rules import PHONE
from novapost_mock.keys.store import MAX_CLIENTS, StoreFullError
from novapost_mock.messages import Origin, Reply, Request
from novapost_mock.responses.json_body import BodyError, read_json

PREFIX = "__mock__"

MATCHES = range(1001)

ORIGIN = Origin(rule="control")
"""Of every answer of control; it keeps them out of the journal."""


class Controlled(Protocol):
    """What control works on: the methods of `Mock` with the same powers."""

    clock: Clock
    document: Document

    def reset(self) -> None:
        """See `Mock.reset`."""
        ...

    def register(self, phone: str, matches: int = 1) -> None:
        """See `Mock.register`."""
        ...

    def unregister(self, phone: str) -> None:
        """See `Mock.unregister`."""
        ...

    def clients(self) -> dict[str, int]:
        """See `Mock.clients`."""
        ...

    def cleanup(self, phone: str, now: datetime | None = None) -> bool:
        """See `Mock.cleanup`."""
        ...

    def keys(self) -> Sequence[Client]:
        """See `Mock.keys`."""
        ...

    def arm(self, *faults: Fault | Mapping[str, Any]) -> list[Armed]:
        """See `Mock.arm`."""
        ...

    def disarm(self) -> None:
        """See `Mock.disarm`."""
        ...

    def faults(self) -> list[Armed]:
        """See `Mock.faults`."""
        ...

    def clear_journal(self) -> None:
        """See `Mock.clear_journal`."""
        ...

    def journal_page(self, after: int = 0, limit: int = PAGE) -> dict[str, Any]:
        """See `Mock.journal_page`."""
        ...

    def har(self, after: int = 0, limit: int = PAGE) -> dict[str, Any]:
        """See `Mock.har`."""
        ...


class ControlError(Exception):
    """A control request that is refused.

    Attributes:
        status: the HTTP status.
        text: what the caller reads; it repeats nothing of the request.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


class Call(NamedTuple):
    """A control request that has found its route: the segments that its template left open, and the time."""

    mock: Controlled
    request: Request
    parameters: Mapping[str, str]
    now: datetime


def health(call: Call) -> Any:
    """GET health: alive, and which document is served."""
    return {"status": "ok", "spec_sha256": call.mock.document.sha256}


def reset(call: Call) -> Any:
    """POST reset: back to the start."""
    call.mock.reset()
    return {"status": "ok"}


def list_clients(call: Call) -> Any:
    """GET clients: the registered phones with their matches."""
    return {"clients": [_client(phone, matches) for phone, matches in call.mock.clients().items()]}


def get_client(call: Call) -> Any:
    """GET clients/{phone}: how many clients have the phone; 0 for one that is not registered."""
    phone = _phone(call.parameters["phone"])
    return _client(phone, call.mock.clients().get(phone, 0))


def put_client(call: Call) -> Any:
    """PUT clients/{phone}: register, make ambiguous, or unregister."""
    phone = _phone(call.parameters["phone"])
    matches = _fields(call.request, "matches").get("matches")
    if isinstance(matches, bool) or not isinstance(matches, int) or matches not in MATCHES:
        raise ControlError(400, f"matches is a whole number from {MATCHES[0]} to {MATCHES[-1]}")
    call.mock.register(phone, matches)
    return _client(phone, matches)


def delete_client(call: Call) -> Any:
    """DELETE clients/{phone}: unregister; the same answer whether it was registered or not."""
    phone = _phone(call.parameters["phone"])
    call.mock.unregister(phone)
    return _client(phone, 0)


def get_clock(call: Call) -> Any:
    """GET clock: the time on the mock's clock."""
    return {"now": write_moment(call.mock.clock.now())}


def put_clock(call: Call) -> Any:
    """PUT clock: set it or advance it. It runs on from there."""
    fields = _fields(call.request, "now", "advance_seconds")
    if len(fields) != 1:
        raise ControlError(400, "give one of: now, advance_seconds")
    try:
        if "now" in fields:
            return {"now": write_moment(call.mock.clock.set(read_moment(fields["now"])))}
        return {"now": write_moment(call.mock.clock.advance(_seconds(fields["advance_seconds"])))}
    except ValueError as error:
        raise ControlError(400, str(error)) from None  # the clock's own texts, which repeat no input


def cleanup(call: Call) -> Any:
    """POST cleanup: delete the key of a phone; 404 if it has none."""
    phone = _phone(_fields(call.request, "phone").get("phone"))
    if not call.mock.cleanup(phone, call.now):
        raise ControlError(404, "this phone has no key")
    return {"phone": phone, "deleted": True}


def list_keys(call: Call) -> Any:
    """GET keys: every key with phone, dates and status. Of the key itself only the first four digits show."""
    holders = call.mock.keys()
    return {
        "keys": [
            {
                "phone": client.phone,
                "apiKey": client.key.api_key[:4] + "****",
                "createdAt": write_moment(client.key.created_at),
                "expDate": write_moment(client.key.exp_date),
                "status": "Active" if client.key.is_active(call.now) else "Expired",
            }
            for client in holders
            if client.key is not None
        ]
    }


def list_faults(call: Call) -> Any:
    """GET faults: the armed ones, with what is left of them."""
    return {"faults": [armed.as_json() for armed in call.mock.faults()]}


def put_faults(call: Call) -> Any:
    """PUT faults: arm these in place of those that are armed."""
    try:
        call.mock.arm(*read_faults(read_json(call.request, any_type=True)))
    except BodyError:
        raise
    except ValueError as error:
        raise ControlError(400, str(error)) from None  # texts of `arming` and `faults`, which repeat no input
    return list_faults(call)


def delete_faults(call: Call) -> Any:
    """DELETE faults: disarm all."""
    call.mock.disarm()
    return list_faults(call)


def get_journal(call: Call) -> Any:
    """GET journal: the latest requests with their answers, masked, as JSON or as an HTTP Archive."""
    asked = _asked(call.request, "after", "limit", "format")
    after, limit = _count(asked, "after", 0, 10**12), _count(asked, "limit", PAGE, MAX_ENTRIES)
    match asked.get("format", "json"):
        case "json":
            return call.mock.journal_page(after, limit)
        case "har":
            return call.mock.har(after, limit)
    raise ControlError(400, "format is json or har")


def delete_journal(call: Call) -> Any:
    """DELETE journal: forget the requests that were seen."""
    call.mock.clear_journal()
    return {"status": "ok"}


def own_document(call: Call) -> Any:
    """GET openapi.json: the OpenAPI document of these calls."""
    return description()


@functools.cache
def description() -> dict[str, Any]:
    """Return the OpenAPI document of the control API, as a JSON value that is not to be changed."""
    content = importlib.resources.files(__package__).joinpath("control.json").read_bytes()
    found: dict[str, Any] = json.loads(content)
    return found


Handler = Callable[[Call], Any]

ROUTES: Mapping[tuple[str, ...], Mapping[str, Handler]] = {
    ("health",): {"GET": health},
    ("reset",): {"POST": reset},
    ("clients",): {"GET": list_clients},
    ("clients", "{phone}"): {"GET": get_client, "PUT": put_client, "DELETE": delete_client},
    ("clock",): {"GET": get_clock, "PUT": put_clock},
    ("cleanup",): {"POST": cleanup},
    ("keys",): {"GET": list_keys},
    ("faults",): {"GET": list_faults, "PUT": put_faults, "DELETE": delete_faults},
    ("journal",): {"GET": get_journal, "DELETE": delete_journal},
    ("openapi.json",): {"GET": own_document},
}


def answer(mock: Controlled, request: Request, segments: tuple[str, ...], now: datetime) -> Reply:
    """Answer a control request.

    Args:
        mock: what it works on.
        request: the request.
        segments: the decoded segments of its path below the prefix.
        now: the time of the request; the clock routes ask the mock's clock instead.
    """
    if is_foreign(request):
        return _refused(403, "control is not for pages of another origin")
    for template, methods in ROUTES.items():
        parameters = _match(template, segments)
        if parameters is None:
            continue
        handler = methods.get(request.method)
        if handler is None:
            return _refused(405, "Method not allowed").with_header("Allow", ", ".join(sorted(methods)))
        try:
            return Reply.of_json(200, handler(Call(mock, request, parameters, now)), (), ORIGIN)
        except BodyError as error:
            return _refused(400, error.reason)
        except ControlError as error:
            return _refused(error.status, error.text)
        except StoreFullError:
            return _refused(400, f"no more than {MAX_CLIENTS} phones; reset first")
    return _refused(404, f"No such path under /{PREFIX}/")


def _refused(status: int, text: str) -> Reply:
    return Reply.of_json(status, error_response(text), (), ORIGIN)


def is_foreign(request: Request) -> bool:
    """Tell whether a browser says that a page of another origin sends this."""
    origins = {origin.partition("://")[2].lower() for origin in request.header_values("origin")}
    return bool(origins - {host.lower() for host in request.header_values("host")})


def _match(template: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    if len(template) != len(segments):
        return None
    parameters = {}
    for wanted, given in zip(template, segments, strict=True):
        if wanted.startswith("{"):
            parameters[wanted.strip("{}")] = given
        elif wanted != given:
            return None
    return parameters


def _fields(request: Request, *known: str) -> dict[str, Any]:
    value = read_json(request, any_type=True)
    if not isinstance(value, dict) or not value.keys() <= set(known):
        raise ControlError(400, f"the body is a JSON object with: {', '.join(known)}")
    return value


def _asked(request: Request, *known: str) -> dict[str, str]:
    pairs = parse_qsl(request.query, keep_blank_values=True, errors="replace")
    asked = dict(pairs)
    if len(asked) != len(pairs) or not asked.keys() <= set(known):
        raise ControlError(400, f"the query takes, once each: {', '.join(known)}")
    return asked


def _count(asked: Mapping[str, str], name: str, otherwise: int, most: int) -> int:
    text = asked.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) <= 13 and int(text) <= most):
        raise ControlError(400, f"{name} is a whole number from 0 to {most}")
    return int(text)


def _phone(value: Any) -> str:
    if not isinstance(value, str) or not PHONE.fullmatch(value):
        raise ControlError(400, "a phone is 8 to 15 digits, without a plus and not beginning with 0")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError(400, "advance_seconds is a number, zero or more")
    try:
        return float(value)
    except OverflowError:
        raise ControlError(400, "advance_seconds is too large") from None


def _client(phone: str, matches: int) -> dict[str, Any]:
    return {"phone": phone, "matches": matches}
