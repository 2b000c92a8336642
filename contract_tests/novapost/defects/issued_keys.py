"""Keys on their way back to the caller: how each came about, and what may become of it instead."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contract_tests.novapost.defects.builders import Break, Send
from contract_tests.novapost.defects.exchange import JWT, KEY, Answer, Request, moment, written
from contract_tests.novapost.defects.state import Memory


@dataclass(frozen=True)
class Given:
    """A key as the target gave it.

    Attributes:
        kind: created, renewed, reactivated, recreated, or repeated.
        last: how the key last came about before this.
        before: the answer before this one, None if there was none.
    """

    answer: Answer
    kind: str
    last: str
    before: dict[str, Any] | None
    phone: str
    memory: Memory

    @property
    def body(self) -> dict[str, Any]:
        """The answer's object."""
        body: dict[str, Any] = self.answer.json
        return body

    def with_fields(self, **fields: Any) -> Answer:
        """Return the answer with other values."""
        return self.answer.saying(self.body | fields)

    def later(self, name: str, by: timedelta) -> Answer:
        """Return the answer with a date moved."""
        return self.with_fields(**{name: written(moment(self.body[name]) + by)})


Turn = Callable[[Given], Answer | None]
If = Callable[[Given], bool]


def given(turn: Turn) -> Break:
    """Let a function change every answer of the unmodified target that gives a key."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        if request.operation != KEY or request.asks_for_a_status:
            return send(_translated(request, memory))
        phone = request.phone or ""
        before, last = memory.last.get(phone), memory.kind(phone)
        answer = send(request)
        if answer.status != 200:
            return answer
        kind = "repeated" if before == answer.json else memory.kinds[phone]
        return turn(Given(answer, kind, last, before, phone, memory)) or answer

    return does


def on(kind: str, turn: Turn, when: If = lambda key: True) -> Break:
    """Break a rule for keys that were issued in one way."""
    return given(lambda key: turn(key) if key.kind == kind and when(key) else None)


def _translated(request: Request, memory: Memory) -> Request:
    """Exchange a key that stands for another one before it buys a token."""
    real = memory.notes.get(("stands for", request.api_key)) if request.operation == JWT else None
    return request.showing(real) if real else request


def other_key(key: Given) -> Answer:
    """Return the answer with another key, which works as well as the real one."""
    turn = key.memory.nth("other keys")
    shown = hashlib.sha256(f"{key.body['apiKey']} {turn}".encode()).hexdigest()[: len(key.body["apiKey"])]
    key.memory.notes["stands for", shown] = key.body["apiKey"]
    return key.with_fields(apiKey=shown)


def made_up(memory: Memory) -> Answer:
    """Return an answer with a key that the target has not issued."""
    now = memory.now()
    end = now.replace(year=now.year + 1, day=min(now.day, 28), hour=23, minute=59, second=59, microsecond=0)
    fresh = {
        "apiKey": secrets.token_hex(20),
        "createdAt": written(now),
        "expDate": written(end),
        "status": "Active",
    }
    return Answer(200).saying(fresh)


def second(key: Given) -> bool:
    """Tell whether the phone of a key is the second one."""
    return key.memory.order(key.phone) == 1


def every(count: int, name: str) -> If:
    """Return a condition that holds every so many times."""
    return lambda key: key.memory.nth(name) % count == 0


def after(hour: int) -> If:
    """Return a condition that holds from an hour of the day on."""
    return lambda key: key.memory.now().hour >= hour


def first_hour(key: Given) -> bool:
    """Tell whether it is the first hour of a day."""
    return key.memory.now().hour == 0
