"""An answer as parity sees it: what can be compared, secrets replaced, and what may differ by name."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contract_tests.checks.document import Contract
from contract_tests.novapost.knowledge.readings import zone_of
from contract_tests.novapost.parity.script import Step
from contract_tests.sandbox.masking import Masker
from contract_tests.target.dates import parse_date

_SECRETS = {"apiKey": "KEY", "jwt": "TOKEN"}


@dataclass(frozen=True)
class Answer:
    """Status, media type and JSON body (None where there is none) of one answer, without secrets."""

    status: int
    content_type: str
    body: Any

    @classmethod
    def read(cls, value: dict[str, Any]) -> "Answer":
        """Return an answer from a recording."""
        return cls(value["status"], value["contentType"], value["body"])

    def written(self) -> dict[str, Any]:
        """Return the answer as a recording holds it."""
        return {"status": self.status, "contentType": self.content_type, "body": self.body}


class Placeholders:
    """The same secret becomes the same placeholder, so that equal stays equal and different different."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._names: dict[str, str] = {}

    def name(self, kind: str, secret: str) -> str:
        """Return the placeholder of a secret, such as "<KEY 1>"."""
        if secret not in self._names:
            number = 1 + sum(name.startswith(f"<{kind} ") for name in self._names.values())
            self._names[secret] = f"<{kind} {number}>"
            self._masker.learn([secret])
        return self._names[secret]

    def answer(self, status: int, content_type: str, content: bytes) -> Answer:
        """Return the comparable part of an answer; a body that is not JSON counts by its length alone."""
        try:
            tree = json.loads(content) if content else None
        except (ValueError, RecursionError):
            tree = f"<{len(content)} bytes that are not JSON>"
        return Answer(status, content_type, self._masker.mask_all(self._replaced("", tree)))

    def _replaced(self, name: str, node: Any) -> Any:
        if isinstance(node, dict):
            # What an error says of a parameter stands under its name: the reason, not the secret.
            return {
                key: self._replaced("" if name == "errors" else key, value) for key, value in node.items()
            }
        if isinstance(node, list):
            return [self._replaced(name, item) for item in node]
        if isinstance(node, str) and name in _SECRETS:
            return self.name(_SECRETS[name], node)
        if isinstance(node, str):
            for secret, placeholder in self._names.items():
                node = node.replace(secret, placeholder)
        return node


def unlike(step: Step, one: Answer, other: Answer, contract: Contract) -> Iterator[str]:
    """Yield each forbidden difference between two answers to one step, in words.

    Allowed are, since no document promises more: the digits of a date (published examples have six, three and
    none after the second) and its moment (the two sides are asked one after the other, on clocks of their
    own); the words of an error, and the names of its reasons; another token; the body of what is not
    documented; 405, 404 or 501 for a method (RFC 9110, 9.1), 404 or a redirection for a path (15.4); and 200
    or 429 for the second request of a day, on which daily-limit contradicts same-day-same-key.
    """
    if step.name == "another method" and {one.status, other.status} <= {404, 405, 501}:
        return
    if step.name == "another path" and all(s == 404 or 300 <= s < 400 for s in (one.status, other.status)):
        return
    readings = {one.status, other.status} == {200, 429}
    if step.name == "the key again" and readings:
        return
    if one.status != other.status:
        yield f"status: {one.status} and {other.status}"
        return
    operation = contract.find(step.method, step.path)
    if operation is None or one.status not in operation.responses:
        return
    if one.content_type != other.content_type:
        yield f"content type: {one.content_type} and {other.content_type}"
    yield from _bodies_unlike("body", _comparable(one.body), _comparable(other.body))


def _comparable(node: Any, name: str = "", inside_errors: bool = False) -> Any:
    """Return a body in which placeholders replace all values that may differ."""
    if isinstance(node, dict) and inside_errors and node:
        # Under which names an error gives its reasons no document says; only that each is a text.
        return {
            "<name>": next(iter(sorted((_comparable(each, "", True) for each in node.values()), key=str)))
        }
    if isinstance(node, dict):
        return {key: _comparable(value, key, inside_errors or key == "errors") for key, value in node.items()}
    if isinstance(node, list):
        items = [_comparable(item, name, inside_errors) for item in node]
        return items[:1] if inside_errors else items
    if isinstance(node, str) and name == "jwt":
        return "<TOKEN>"
    if isinstance(node, str) and inside_errors:
        return "<words>" if node.strip() else node
    if isinstance(node, str) and (moment := parse_date(node)) is not None:
        return f"<{_shape(name, moment)}>"
    return node


def _shape(name: str, moment: datetime) -> str:
    if name == "expDate":
        # Which day it is depends on when it was asked; that it is the last second of one does not.
        return "date-time, " + ("end of a day" if zone_of(moment) is not None else "some time")
    return "date-time"


def _bodies_unlike(place: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            where = f"{place}/{name}" if name else f"{place}/(the empty name)"
            if name not in one or name not in other:
                yield f"{where}: only one side has it"
            else:
                yield from _bodies_unlike(where, one[name], other[name])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from _bodies_unlike(f"{place}/{number}", *pair)
    elif type(one) is not type(other) or one != other:
        yield f"{place}: {_short_json(one)} and {_short_json(other)}"


def _short_json(node: Any) -> str:
    text = json.dumps(node, ensure_ascii=True)
    return re.sub(r"\s+", " ", text if len(text) <= 60 else f"{text[:60]}...")
