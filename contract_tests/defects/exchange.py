"""A request and an answer on their way between suite and target, as plain values."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlsplit

CONTROL = "/__mock__/"

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request on its way to the target.

    Attributes:
        target: path and query as they stand in the request line.
        connection: which connection it came over, by number; 0 where there is none.
        is_left: tells whether its client has closed the connection by now.
    """

    method: str
    target: str
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    connection: int = 0
    is_left: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def is_control(self) -> bool:
        """Whether it is a call of the control API: no defect touches those."""
        return self.path.startswith(CONTROL)

    def header(self, name: str) -> str | None:
        """Return the first header of a name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def asks_for_a_status(self) -> bool:
        """Whether it has a `Prefer` header."""
        return self.header("prefer") is not None

    @property
    def json(self) -> Any:
        """The body's JSON value; None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def without(self, *names: str) -> Self:
        """Return a copy without some headers."""
        return replace(self, headers=tuple((n, v) for n, v in self.headers if n.lower() not in names))


@dataclass(frozen=True)
class Answer:
    """An answer on its way back.

    Attributes:
        length: what Content-Length says; another number than the body has cuts or lengthens the answer.
        dropped: the connection ends without an answer.
        overtaken: the next answer goes first, where its question is there already.
    """

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    length: str | None = None
    dropped: bool = False
    overtaken: bool = False

    @property
    def json(self) -> Any:
        """The body's JSON value; None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def saying(self, value: Any, status: int | None = None) -> "Answer":
        """Return a copy with another JSON body, and perhaps another status."""
        answer = self.with_header("Content-Type", "application/json")
        return replace(answer, status=status or self.status, body=json.dumps(value).encode())

    def with_header(self, name: str, value: str | None) -> "Answer":
        """Return a copy with one header replaced or removed."""
        kept = tuple((n, v) for n, v in self.headers if n.lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))


DROPPED = Answer(0, dropped=True)
