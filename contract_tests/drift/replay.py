"""Drift with its payloads tried out: on the client, and on the mock of the old and the new document.

    python -m contract_tests.drift [the arguments of python -m scripts.drift]

`scripts` may import neither client nor mock; so what a payload does to them is found here, and the report
names it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from novapost_client import models
from novapost_mock import Mock, MockTransport
from novapost_mock.document.document import Document
from novapost_mock.schemas.violation import DocumentError
from scripts.document.parse import Json
from scripts.drift import command
from scripts.lib import paths
from scripts.lib.errors import Refusal, Refusals
from scripts.lib.files import read_file
from scripts.overlay import apply, read_actions

Report = dict[str, Any]
_UNTRIED = "cannot be tried: it serves no such document"


def main(arguments: Sequence[str] | None = None, transport: httpx.AsyncBaseTransport | None = None) -> int:
    """Run the command of `scripts.drift` and replay its payloads."""
    return command.main(arguments, transport, replay=replayed)


def replayed(report: Report, base: Mapping[str, Any], revision: Mapping[str, Any]) -> Report:
    """Return a report whose payloads say what became of them.

    Args:
        report: the report.
        base: the older document.
        revision: the newer one.
    """
    served = {"base": _served(base), "revision": _served(revision)}
    for finding in report["findings"]:
        payload = finding["payload"]
        if payload is None:
            continue
        operation, position = _position(payload["where"])
        if outcome := on_client(operation, position, payload["value"]):
            payload["replay"]["client"] = outcome
        payload["replay"]["mock"] = on_mock(operation, position, payload["value"], served)
    return report


def _position(where: str) -> tuple[str, list[str]]:
    """Return the operation, and the rest of a place: "answer 200 application/json", "query parameter id"."""
    method, path, *rest = where.split(" ")
    return f"{method} {path}", rest


# The client: the model that a body is parsed into


def on_client(operation: str, position: list[str], value: Json) -> str | None:
    """Return the effect of a value on today's client: raises, loses or keeps; None if it has no model."""
    name = _model_name(operation, position)
    model = getattr(models, name, None) if name else None
    if model is None or not isinstance(value, dict):
        return None
    try:
        kept = model.from_dict(value).to_dict()
    except Exception as error:
        return f"{name}.from_dict raises {type(error).__name__}"
    if _same(kept, value):
        return f"{name}.from_dict keeps it"
    return f"{name}.from_dict loses or changes something of it"


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values mean the same; a moment may be written in several ways."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        try:
            return datetime.fromisoformat(one) == datetime.fromisoformat(other)
        except (TypeError, ValueError):
            return False
    return type(one) is type(other) and bool(one == other)


def _model_name(operation: str, position: list[str]) -> str | None:
    """Return the name of the schema at a position of our own document."""
    document = json.loads(read_file(paths.EFFECTIVE))
    method, path = operation.split(" ", 1)
    node = document["paths"].get(path, {}).get(method.lower(), {})
    if position[:1] == ["request"]:
        body = node.get("requestBody", {})
    elif position[:1] == ["answer"] and len(position) > 1:
        body = node.get("responses", {}).get(position[1], {})
    else:
        return None
    if "$ref" in body:
        body = document["components"]["responses"].get(body["$ref"].rpartition("/")[2], {})
    schema = body.get("content", {}).get("application/json", {}).get("schema", {})
    name = str(schema.get("$ref", "")).rpartition("/")[2] or schema.get("title")
    return str(name) if name else None


# The mock: as the old document makes it, and as the new one does


def _served(document: Mapping[str, Any]) -> Document | None:
    """Return a document as the mock serves it: with the overlay where it is the bare upstream document."""
    candidates: list[Callable[[], Any]] = [
        lambda: document,
        lambda: apply(dict(document), read_actions(read_file(paths.OVERLAY), paths.OVERLAY.name)),
    ]
    for candidate in candidates:
        try:
            return Document.from_bytes(json.dumps(candidate()).encode())
        except (DocumentError, Refusal, Refusals, KeyError, TypeError, AttributeError):
            continue
    return None


def on_mock(operation: str, position: list[str], value: Json, served: Mapping[str, Document | None]) -> str:
    """Yield what the mock says to the payload of the base and to that of the revision."""
    said = {side: _asked(operation, position, value, document) for side, document in served.items()}
    return f"as the base: {said['base']}; as the revision: {said['revision']}"


def _asked(operation: str, position: list[str], value: Json, document: Document | None) -> str:
    if document is None:
        return _UNTRIED
    method, path = operation.split(" ", 1)
    found = next((one for one in document.operations if (one.method, one.path) == (method, path)), None)
    if found is None:
        return "has no such operation"
    if position[:1] == ["answer"] and len(position) > 1:
        answer = found.answers.of(int(position[1])) if position[1].isdecimal() else None
        if answer is None:
            return "has no such answer"
        return "refuses it" if answer.violations(value) else "accepts it"
    address = f"http://mock{document.base_path}{path}"
    with httpx.Client(transport=MockTransport(Mock(document=document))) as client:
        if position[:1] == ["request"]:
            status = client.request(method, address, json=value).status_code
        else:
            status = client.request(method, address, params={position[-1]: str(value)}).status_code
    # 400 and 422 are how it says that the form is wrong; every other answer means that it was taken.
    return f"refuses it ({status})" if status in (400, 422) else f"accepts it ({status})"
