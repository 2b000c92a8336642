"""Requests to a mock whose real clock stands still, and what their answers are held against."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs

from novapost_mock import Clock, Mock, Readings, Reply, Request
from scripts.lib.paths import EFFECTIVE

PHONE = "498213437654"
KEYS = "/v.1.0/test-api-keys"
JWT = "/v.1.0/clients/authorization"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
READINGS = Readings()


def mock_at(moment: datetime = NOON, clients: Any = (PHONE,), **settings: Any) -> Mock:
    """Return a mock whose real clock stands still."""
    return Mock(clients, clock=Clock(lambda: moment), random_bytes=random.Random(1).randbytes, **settings)


def post(body: bytes, *headers: tuple[str, str]) -> Request:
    return Request("POST", KEYS, "", headers or (("Content-Type", "application/json"),), body)


def ask(mock: Mock, now: datetime | None = None, phone: str = PHONE) -> Reply:
    return mock.handle(post(json.dumps({"phone": phone}).encode()), now)


def authorize(mock: Mock, query: str, now: datetime | None = None) -> Reply:
    return mock.handle(Request("GET", JWT, query), now)


def preferring(code: str, method: str = "POST", path: str = KEYS) -> Request:
    return Request(method, path, "", (("Prefer", code),))


def fits(reply: Reply, method: str = "post", path: str = "/test-api-keys") -> bool:
    """Judge a reply by the document, with nothing of the mock in between."""
    tree = json.loads(EFFECTIVE.read_bytes())
    answer = tree["paths"][path][method]["responses"][str(reply.status)]
    if "$ref" in answer:
        answer = tree["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = answer["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft4Validator(
        {"allOf": [schema], "components": tree["components"]}, validate_formats=True
    )
    return validator.is_valid(reply.json())


def rejection(reply: Reply) -> tuple[int, str]:
    body = reply.json()
    assert body["success"] is False
    [text] = body["errors"]
    return reply.status, text
