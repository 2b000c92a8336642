"""A request and an answer as defects of Nova Post's rules see them: phones, keys, operations."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from contract_tests.defects import exchange
from contract_tests.defects.exchange import CONTROL, DROPPED, Answer

__all__ = ["CONTROL", "DROPPED", "JWT", "KEY", "Answer", "Request", "error_answer", "moment", "written"]

KEY = "/test-api-keys"
JWT = "/clients/authorization"
# The operations by their documented method and the end of their path.
_OPERATIONS = {("POST", KEY): KEY, ("GET", JWT): JWT}


class Request(exchange.Request):
    """A request on its way to the target, with what it says of phones and keys."""

    @classmethod
    def of(cls, request: exchange.Request) -> "Request":
        """Return the same request."""
        return cls(**{each.name: getattr(request, each.name) for each in fields(request)})

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
        """Return the same call in its proper form, for a phone."""
        kept = tuple((n, v) for n, v in self.headers if n.lower() != "content-type")
        body = json.dumps({"phone": phone}).encode()
        return replace(self, headers=(*kept, ("Content-Type", "application/json")), body=body)

    def showing(self, api_key: str) -> "Request":
        """Return the same call with another key."""
        return replace(self, target=f"{self.path}?apiKey={quote(api_key, safe='')}")


_WORDS = {400: "Invalid phone format", 404: "Client not found", 409: "Multiple matching clients found"}


def error_answer(status: int, text: str | None = None) -> Answer:
    """Return a documented error, in the shape that belongs to its status."""
    text = text or _WORDS.get(status, "Daily limit reached" if status == 429 else "no")
    if status in (401, 422, 503):
        return Answer(status).saying({"errors": {"": text}})
    return Answer(status).saying({"success": False, "errors": [text]})


def moment(text: str) -> datetime:
    """Return the moment of a date in an answer."""
    return datetime.fromisoformat(text).astimezone(UTC)


def written(when: datetime) -> str:
    """Return a moment as an answer writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
