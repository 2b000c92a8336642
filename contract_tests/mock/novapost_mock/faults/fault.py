"""Faults: wrong, late or missing answers, on the calls that a test chooses.

A fault acts only on operations of the API. If it has no status, the rules answer first, and then the fault
spoils the answer: the key is issued, but the caller does not get it. Tests need this case, because a caller
cannot distinguish a lost answer from a lost request.
"""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NamedTuple, Protocol

from novapost_mock.messages import Delivery, Headers, Reply

MAX_FAULTS = 100
LONGEST_DELAY = 600.0
MANY = 1_000_000_000

Reset = Literal["before", "inside"]
Spoilt = Literal["truncated", "malformed", "html", "garbage"]

_PAGE = b"""\
<!DOCTYPE html>
<html><head><title>Bad Gateway</title></head>
<body><h1>Bad Gateway</h1></body></html>
"""
_BODYLESS = frozenset({204, 205, 304})


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: its effects, its operation, and how often it acts. A fault can have several effects.

    Attributes:
        operation: the operation that it affects, by operationId or as `POST /parcels`; if empty, every
            operation.
        status: the status of the answer, 200 to 599. The rules are not asked; the body is the documented
            one for this status, if there is one.
        delay_seconds: the pause before the answer.
        jitter_seconds: the largest random addition to the pause.
        reset: the connection is reset `before` the status line, or `inside` the body, after half of it.
        body: `truncated` closes the connection after half of the body that `Content-Length` announces;
            `malformed` is no longer JSON; `html` is the page of a gateway, with its content type; `garbage`
            is the same number of random bytes.
        content_type: the Content-Type of the answer, in place of the right one.
        drip_bytes: the body is sent in pieces of this number of bytes; in one piece if 0.
        drip_seconds: the pause before each piece.
        raw: random bytes that are not HTTP are sent in place of the answer; then the connection closes.
        timeout: no answer is sent. A client over `MockTransport` gets its time-out error at once; a client on
            a port waits for its own time-out, up to ten minutes.
        on_call: the first call on which it acts. The calls of its operation are counted from 1.
        times: the number of calls on which it acts; None for no limit, or 1 if there is an `on_call`.
        probability: the probability that it acts on a call, above 0 and up to 1.
        seed: the seed of its random choices: the same seed acts on the same calls with the same bytes.

    Raises:
        ValueError: a value is out of bounds, or the fault has no effect. The message repeats no value.
    """

    operation: str = ""
    status: int | None = None
    delay_seconds: float = 0.0
    jitter_seconds: float = 0.0
    reset: Reset | None = None
    body: Spoilt | None = None
    content_type: str | None = None
    drip_bytes: int = 0
    drip_seconds: float = 0.0
    raw: bool = False
    timeout: bool = False
    on_call: int | None = None
    times: int | None = None
    probability: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.operation, str):
            raise ValueError("operation is an operationId or METHOD /path")
        if self.status is not None:
            _whole("status", self.status, 200, 599)
        _number("delay_seconds", self.delay_seconds, LONGEST_DELAY)
        _number("jitter_seconds", self.jitter_seconds, LONGEST_DELAY)
        _number("drip_seconds", self.drip_seconds, LONGEST_DELAY)
        _whole("drip_bytes", self.drip_bytes, 0, 1_000_000)
        _whole("seed", self.seed, 0, 2**63 - 1)
        _one_of("reset", self.reset, ("before", "inside"))
        _one_of("body", self.body, ("truncated", "malformed", "html", "garbage"))
        for name, value in (("raw", self.raw), ("timeout", self.timeout)):
            if not isinstance(value, bool):
                raise ValueError(f"{name} is true or false")
        if self.content_type is not None and not _is_header_text(self.content_type):
            raise ValueError("content_type is a media type such as text/plain, in printable ASCII")
        if self.drip_seconds and not self.drip_bytes:
            raise ValueError("drip_seconds needs drip_bytes")
        if (self.reset is not None) + (self.body == "truncated") + self.raw + self.timeout > 1:
            raise ValueError("give one of: reset, a truncated body, raw, timeout")
        if not self.names:
            raise ValueError(
                "a fault needs one of: status, delay_seconds, jitter_seconds, reset, body, content_type, "
                "drip_bytes, raw, timeout"
            )
        self._check_when()

    def _check_when(self) -> None:
        if self.on_call is not None:
            _whole("on_call", self.on_call, 1, MANY)
            if self.times is None:
                object.__setattr__(self, "times", 1)
        if self.times is not None:
            _whole("times", self.times, 1, MANY)
        _number("probability", self.probability, 1.0)
        if not self.probability:
            raise ValueError("probability is a number above 0 and up to 1")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its effects."""
        delays = self.delay_seconds or self.jitter_seconds
        found = (
            ("delay", delays),
            ("status", self.status is not None),
            (f"reset-{self.reset}", self.reset),
            (str(self.body), self.body),
            ("content-type", self.content_type is not None),
            ("drip", self.drip_bytes),
            ("raw", self.raw),
            ("timeout", self.timeout),
        )
        return tuple(name for name, does in found if does)

    def as_json(self) -> dict[str, Any]:
        """Return the settings that differ from their defaults, by name."""
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if getattr(self, each.name) != each.default
        }


def _whole(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} is a whole number from {least} to {most}")


def _number(name: str, value: Any, most: float) -> None:
    # Not a number is neither, so it is refused as well.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError(f"{name} is a number from 0 to {most:g}")


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value is not None and not (isinstance(value, str) and value in known):
        raise ValueError(f"{name} is one of: {', '.join(known)}")


def _is_header_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isascii() and value.isprintable()


class Armed(NamedTuple):
    """An active fault, with the number of calls that it matched, and the number on which it acted."""

    fault: Fault
    calls: int = 0
    acted: int = 0

    @property
    def left(self) -> int | None:
        """How often it will still act; None for no limit."""
        return None if self.fault.times is None else self.fault.times - self.acted

    def called(self) -> tuple["Armed", bool]:
        """Count one more call, and return whether the fault would act on it."""
        number = self.calls + 1
        fault = self.fault
        due = (fault.on_call is None or number >= fault.on_call) and self.left != 0
        if due and fault.probability < 1:
            due = _chance(fault, number).random() < fault.probability
        return self._replace(calls=number), due

    def as_json(self) -> dict[str, Any]:
        """Return the fault's settings with `calls`, `acted` and `left`."""
        return {**self.fault.as_json(), "calls": self.calls, "acted": self.acted, "left": self.left}


class ActiveFault(NamedTuple):
    """A fault that acts, and on which call."""

    fault: Fault
    call: int

    def apply_to(self, reply: Reply) -> Reply:
        """Return the reply as the fault leaves it."""
        fault = self.fault
        # Another stream than the one that decides whether to act, or every act had the same few bytes.
        chance = _chance(fault, -self.call)
        body, headers = reply.body, reply.headers
        if fault.body == "malformed":
            body = _malformed(body)
        elif fault.body == "html":
            body = _PAGE
            headers = _with(headers, "Content-Type", "text/html; charset=utf-8")
        elif fault.body == "garbage":
            # 0xFF begins neither JSON nor UTF-8.
            body = b"\xff" + chance.randbytes(max(len(body), 16) - 1)
        if fault.content_type is not None:
            headers = _with(headers, "Content-Type", fault.content_type)
        if body is not reply.body:
            headers = _with(headers, "Content-Length", str(len(body)))
        raw = b"\xff" + chance.randbytes(63) if fault.raw else None
        delay = fault.delay_seconds + fault.jitter_seconds * chance.random()
        if fault.timeout:
            delay = LONGEST_DELAY
        delivery = Delivery(
            delay_seconds=delay,
            reset_after=None if fault.reset is None else -1 if fault.reset == "before" else len(body) // 2,
            cut_after=len(body) // 2 if fault.body == "truncated" else None,
            drip_bytes=fault.drip_bytes,
            drip_seconds=fault.drip_seconds,
            raw=raw,
            is_timeout=fault.timeout,
        )
        origin = reply.origin._replace(fault="+".join(fault.names))
        return replace(reply, headers=headers, body=body, delivery=delivery, origin=origin)


def bodyless(status: int) -> bool:
    """Tell whether an answer of this status has no body (RFC 9110, 15.3.5, 15.3.6 and 15.4.5)."""
    return status in _BODYLESS


def _malformed(body: bytes) -> bytes:
    """Return what is no JSON whatever came: without its last bracket, or with one that stays open."""
    text = body.rstrip()
    return text[:-1] if text.endswith((b"}", b"]")) else b"{" + text


def _with(headers: Headers, name: str, value: str) -> Headers:
    kept = tuple(pair for pair in headers if pair[0].lower() != name.lower())
    return (*kept, (name, value))


def _chance(fault: Fault, call: int) -> random.Random:
    # A function of seed and call alone: no generator has to be kept, or shared between processes.
    return random.Random(f"{fault.seed}:{call}")


def called(armed: Sequence[Armed], operation: str) -> tuple[tuple[Armed, ...], ActiveFault | None]:
    """Count a call of an operation, and find the fault that acts on it.

    Every fault that is armed for the operation counts the call. Of several that would act the first does,
    and only for this one it counts as an act.

    Args:
        armed: the list as it stands.
        operation: the operation's name, as the armed faults have it.

    Returns:
        The list as it stands then, and the fault that acts, if one does.
    """
    after: list[Armed] = []
    active: ActiveFault | None = None
    for each in armed:
        if each.fault.operation in ("", operation):
            each, due = each.called()
            if due and active is None:
                active = ActiveFault(each.fault, each.calls)
                each = each._replace(acted=each.acted + 1)
        after.append(each)
    return tuple(after), active


class Faults(Protocol):
    """Where armed faults are kept; another one can share them between processes."""

    def arm(self, faults: Sequence[Fault]) -> None:
        """Replace the list; all counts begin at zero."""
        ...

    def armed(self) -> Sequence[Armed]:
        """Return the list as it stands."""
        ...

    def acting(self, operation: str) -> ActiveFault | None:
        """Count a call of an operation and return the fault that acts, as one atomic step. See `called`."""
        ...


class MemoryFaults:
    """Faults that live as long as their process; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: tuple[Armed, ...] = ()

    def arm(self, faults: Sequence[Fault]) -> None:
        """See `Faults.arm`."""
        with self._lock:
            self._armed = tuple(map(Armed, faults))

    def armed(self) -> Sequence[Armed]:
        """See `Faults.armed`."""
        return self._armed

    def acting(self, operation: str) -> ActiveFault | None:
        """See `Faults.acting`."""
        if not self._armed:  # the usual case costs no lock
            return None
        with self._lock:
            self._armed, active = called(self._armed, operation)
        return active
