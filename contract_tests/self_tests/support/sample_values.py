"""Values that fit a schema, and a transport that answers with them: for any document."""

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx

from scripts.document.operations import Operation, operations, resolved

_TEXTS = {
    "date": "2026-01-02",
    "date-time": "2026-01-02T03:04:05+00:00",
    "uuid": "6f1d2c3b-0a1b-4c2d-8e3f-123456789abc",
    "email": "a@courier.example",
    "uri": "https://courier.example/hook",
}
_PLAIN: dict[str, Any] = {"integer": 1, "number": 1.5, "boolean": True, "null": None}


def sample(document: Mapping[str, Any], schema: Any, depth: int = 0) -> Any:
    """Return a value with all that a schema names."""
    schema = resolved(document, schema) or {}
    for key in ("oneOf", "anyOf"):
        if schema.get(key):
            return sample(document, schema[key][0], depth)
    if schema.get("allOf"):
        whole: dict[str, Any] = {}
        for part in (*schema["allOf"], {key: schema[key] for key in ("properties",) if key in schema}):
            whole |= sample(document, {"type": "object", **(resolved(document, part) or {})}, depth)
        return whole
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "object" if "properties" in schema else "any")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        deeper = depth < 12
        return {
            name: sample(document, child, depth + 1)
            for name, child in (schema.get("properties") or {}).items()
            if deeper
        }
    if kind == "array":
        return [sample(document, schema.get("items"), depth + 1)] if depth < 12 else []
    return _PLAIN[kind] if kind in _PLAIN else _TEXTS.get(schema.get("format", ""), "text")


class SampleTransport:
    """Answers every operation of a document with its first success, and keeps what it was asked.

    A request that no operation has, and a body that the operation does not take, is a fault.
    """

    def __init__(self, document: Mapping[str, Any], base: str) -> None:
        self.document = document
        self.faults: list[str] = []
        self.asked: list[tuple[str, httpx.Request]] = []
        self._routes = [
            (one, re.compile(base + re.sub(r"\\\{[^{}]+\\\}", "[^/]+", re.escape(one.path.lstrip("/")))))
            for one in operations(document)
        ]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to a request."""
        request.read()
        address = str(request.url.copy_with(query=None))
        found = [one for one, route in self._routes if one.method.upper() == request.method]
        exact = [
            one
            for one, route in self._routes
            if one.method.upper() == request.method and route.fullmatch(address)
        ]
        # A path without parameters goes before one with.
        exact.sort(key=lambda one: one.path.count("{"))
        if not found or not exact:
            self.faults.append(f"{request.method} {address} is no operation")
            return httpx.Response(404)
        self.asked.append((exact[0].label, request))
        self._check(exact[0], request)
        return self._answer(exact[0])

    def _check(self, one: Operation, request: httpx.Request) -> None:
        known = {str(p.get("name")) for p in one.parameters if p.get("in") == "query"}
        if not known.issuperset(request.url.params):
            self.faults.append(f"{one.label}: {sorted(set(request.url.params) - known)}")
        body = resolved(self.document, one.value.get("requestBody"))
        media_type = request.headers.get("content-type", "").partition(";")[0]
        if body is None and request.content:
            self.faults.append(f"{one.label}: a body that it does not take")
        elif body and request.content and media_type not in body["content"]:
            self.faults.append(f"{one.label}: a body of {media_type}")

    def _answer(self, one: Operation) -> httpx.Response:
        status, answer = next((s, a) for s, a in one.value["responses"].items() if str(s).startswith("2"))
        content = (resolved(self.document, answer) or {}).get("content") or {}
        if not content or status == "204":
            return httpx.Response(int(status))
        media_type = "application/json" if "application/json" in content else next(iter(content))
        headers = {"content-type": media_type}
        if not media_type.endswith("json"):
            return httpx.Response(int(status), content=b"%PDF-1.7", headers=headers)
        value = sample(self.document, content[media_type].get("schema"))
        return httpx.Response(int(status), content=json.dumps(value).encode(), headers=headers)
