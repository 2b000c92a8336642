"""The control API under `/__mock__/`: sets the stage and looks behind it.

Bodies are JSON, whatever type they are declared as: `curl -d` declares a form. A web page that somebody has
open must not steer a mock on the same machine, so a request with a foreign Origin is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from novapost_mock.body import BodyError, read_json
from novapost_mock.clock import Clock, read_moment, write_moment
from novapost_mock.document import Document
from novapost_mock.errors import error_response
from novapost_mock.messages import Reply, Request
from novapost_mock.rules import PHONE
from novapost_mock.state import Client
from novapost_mock.store import MAX_CLIENTS, StoreFullError

PREFIX = "__mock__"

MATCHES = range(1001)


class Stage(Protocol):
    """What control works on: the methods of `Mock` with the same powers."""

    clock: Clock
    document: Document

    def reset(self) -> None: ...
    def register(self, phone: str, matches: int = 1) -> None: ...
    def unregister(self, phone: str) -> None: ...
    def clients(self) -> dict[str, int]: ...
    def cleanup(self, phone: str, now: datetime | None = None) -> bool: ...
    def keys(self) -> Sequence[Client]: ...


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

    stage: Stage
    request: Request
    parameters: Mapping[str, str]
    now: datetime


def health(call: Call) -> Any:
    """GET health: alive, and which document is served."""
    return {"status": "ok", "spec_sha256": call.stage.document.sha256}


def reset(call: Call) -> Any:
    """POST reset: back to the start."""
    call.stage.reset()
    return {"status": "ok"}


def list_clients(call: Call) -> Any:
    """GET clients: the registered phones with their matches."""
    return {"clients": [_client(phone, matches) for phone, matches in call.stage.clients().items()]}


def get_client(call: Call) -> Any:
    """GET clients/{phone}: how many clients have the phone; 0 for one that is not registered."""
    phone = _phone(call.parameters["phone"])
    return _client(phone, call.stage.clients().get(phone, 0))


def put_client(call: Call) -> Any:
    """PUT clients/{phone}: register, make ambiguous, or unregister."""
    phone = _phone(call.parameters["phone"])
    matches = _fields(call.request, "matches").get("matches")
    if isinstance(matches, bool) or not isinstance(matches, int) or matches not in MATCHES:
        raise ControlError(400, f"matches is a whole number from {MATCHES[0]} to {MATCHES[-1]}")
    call.stage.register(phone, matches)
    return _client(phone, matches)


def delete_client(call: Call) -> Any:
    """DELETE clients/{phone}: unregister; the same answer whether it was registered or not."""
    phone = _phone(call.parameters["phone"])
    call.stage.unregister(phone)
    return _client(phone, 0)


def get_clock(call: Call) -> Any:
    """GET clock: the time on the mock's clock."""
    return {"now": write_moment(call.stage.clock.now())}


def put_clock(call: Call) -> Any:
    """PUT clock: set it or advance it. It runs on from there."""
    fields = _fields(call.request, "now", "advance_seconds")
    if len(fields) != 1:
        raise ControlError(400, "give one of: now, advance_seconds")
    try:
        if "now" in fields:
            return {"now": write_moment(call.stage.clock.set(read_moment(fields["now"])))}
        return {"now": write_moment(call.stage.clock.advance(_seconds(fields["advance_seconds"])))}
    except ValueError as error:
        raise ControlError(400, str(error)) from None  # the clock's own texts, which repeat no input


def cleanup(call: Call) -> Any:
    """POST cleanup: delete the key of a phone; 404 if it has none."""
    phone = _phone(_fields(call.request, "phone").get("phone"))
    if not call.stage.cleanup(phone, call.now):
        raise ControlError(404, "this phone has no key")
    return {"phone": phone, "deleted": True}


def list_keys(call: Call) -> Any:
    """GET keys: every key with phone, dates and status. Of the key itself only the first four digits show."""
    holders = call.stage.keys()
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


def not_yet(call: Call) -> Any:
    """Stand where a later version answers, so that a caller learns of it."""
    raise ControlError(501, "this version of the mock does not have this yet")


Handler = Callable[[Call], Any]

ROUTES: Mapping[tuple[str, ...], Mapping[str, Handler]] = {
    ("health",): {"GET": health},
    ("reset",): {"POST": reset},
    ("clients",): {"GET": list_clients},
    ("clients", "{phone}"): {"GET": get_client, "PUT": put_client, "DELETE": delete_client},
    ("clock",): {"GET": get_clock, "PUT": put_clock},
    ("cleanup",): {"POST": cleanup},
    ("keys",): {"GET": list_keys},
    ("faults",): {"PUT": not_yet},
    ("journal",): {"GET": not_yet},
}


def answer(stage: Stage, request: Request, segments: tuple[str, ...], now: datetime) -> Reply:
    """Answer a control request.

    Args:
        stage: what it works on.
        request: the request.
        segments: the decoded segments of its path below the prefix.
        now: the time of the request; the clock routes ask the stage's clock instead.
    """
    if _is_foreign(request):
        return Reply.of_json(403, error_response("control is not for pages of another origin"))
    for template, methods in ROUTES.items():
        parameters = _match(template, segments)
        if parameters is None:
            continue
        handler = methods.get(request.method)
        if handler is None:
            refused = Reply.of_json(405, error_response("Method not allowed"))
            return refused.with_header("Allow", ", ".join(sorted(methods)))
        try:
            return Reply.of_json(200, handler(Call(stage, request, parameters, now)))
        except BodyError as error:
            return Reply.of_json(400, error_response(error.reason))
        except ControlError as error:
            return Reply.of_json(error.status, error_response(error.text))
        except StoreFullError:
            return Reply.of_json(400, error_response(f"no more than {MAX_CLIENTS} phones; reset first"))
    return Reply.of_json(404, error_response(f"No such path under /{PREFIX}/"))


def _is_foreign(request: Request) -> bool:
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
