"""What passes between suite and target, as plain values, and what a defect is."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

KEY = "/test-api-keys"
JWT = "/clients/authorization"
CONTROL = "/__mock__/"
# The operations by their documented method and the end of their path.
_OPERATIONS = {("POST", KEY): KEY, ("GET", JWT): JWT}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request on its way to the target.

    Attributes:
        target: path and query as they stand in the request line.
    """

    method: str
    target: str
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def operation(self) -> str | None:
        """The path of the documented operation that is meant (KEY or JWT), or None."""
        return next(
            (
                name
                for (method, path), name in _OPERATIONS.items()
                if self.method == method and self.path.endswith(path)
            ),
            None,
        )

    @property
    def is_control(self) -> bool:
        """Whether it sets the stage: no defect touches that."""
        return self.path.startswith(CONTROL)

    def header(self, name: str) -> str | None:
        """The first header of a name."""
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

    @property
    def given(self) -> Any:
        """The member `phone` of the body, whatever it is; None if there is none."""
        body = self.json
        return body.get("phone") if isinstance(body, dict) else None

    @property
    def phone(self) -> str | None:
        """The phone that is asked about, if it is a text."""
        return self.given if isinstance(self.given, str) else None

    @property
    def api_key(self) -> str | None:
        """The parameter apiKey of the query."""
        values = parse_qs(urlsplit(self.target).query, keep_blank_values=True, errors="replace").get("apiKey")
        return values[0] if values else None

    def asking(self, phone: str) -> "Request":
        """The same call, put properly, for a phone."""
        kept = tuple((n, v) for n, v in self.headers if n.lower() != "content-type")
        body = json.dumps({"phone": phone}).encode()
        return replace(self, headers=(*kept, ("Content-Type", "application/json")), body=body)

    def showing(self, api_key: str) -> "Request":
        """The same call with another key."""
        return replace(self, target=f"{self.path}?apiKey={quote(api_key, safe='')}")

    def without(self, *names: str) -> "Request":
        """The same without some headers."""
        return replace(self, headers=tuple((n, v) for n, v in self.headers if n.lower() not in names))


@dataclass(frozen=True)
class Answer:
    """An answer on its way back.

    Attributes:
        length: what Content-Length says; another number than the body has cuts or lengthens the answer.
        dropped: the connection ends without an answer.
    """

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    length: str | None = None
    dropped: bool = False

    @property
    def json(self) -> Any:
        """The body's JSON value; None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def saying(self, value: Any, status: int | None = None) -> "Answer":
        """The same with another JSON body, and perhaps another status."""
        answer = self.with_header("Content-Type", "application/json")
        return replace(answer, status=status or self.status, body=json.dumps(value).encode())

    def with_header(self, name: str, value: str | None) -> "Answer":
        """The same with one header replaced, or taken away."""
        kept = tuple((n, v) for n, v in self.headers if n.lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))


DROPPED = Answer(0, dropped=True)
_WORDS = {400: "Invalid phone format", 404: "Client not found", 409: "Multiple matching clients found"}


def told(status: int, text: str | None = None) -> Answer:
    """A documented error, in the shape that belongs to its status."""
    text = text or _WORDS.get(status, "Daily limit reached" if status == 429 else "no")
    if status in (401, 422, 503):
        return Answer(status).saying({"errors": {"": text}})
    return Answer(status).saying({"success": False, "errors": [text]})


def moment(text: str) -> datetime:
    """The moment of a date in an answer."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def written(when: datetime) -> str:
    """A moment as an answer writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
