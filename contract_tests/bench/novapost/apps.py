"""The least that a server can do for a key and a token: validate as the mock does, answer always the same.

Served by granian (`rsgi`) and uvicorn (`asgi`), these are what `contract_tests.bench.sections.mock`
measures the mock beside.
"""

import json
from typing import Any
from urllib.parse import parse_qs

import jsonschema_rs

from contract_tests.bench.novapost.request import ANSWER, PATH, SCHEMA, TOKEN_ANSWER, TOKEN_PATH, TOKEN_SCHEMA

_is_valid = jsonschema_rs.Draft4Validator(SCHEMA).is_valid
_is_key = jsonschema_rs.Draft4Validator(TOKEN_SCHEMA).is_valid
_json = [("content-type", "application/json")]


def _answer(path: str, query: str, body: bytes) -> tuple[int, bytes]:
    if path == TOKEN_PATH:
        keys = parse_qs(query).get("apiKey", ())
        return (200, TOKEN_ANSWER) if len(keys) == 1 and _is_key(keys[0]) else (422, b"{}")
    if path != PATH:
        return 404, b"{}"
    try:
        fits = _is_valid(json.loads(body))
    except ValueError:
        fits = False
    return (200, ANSWER) if fits else (400, b"{}")


async def rsgi(scope: Any, protocol: Any) -> None:
    """Run the application for granian."""
    status, content = _answer(scope.path, scope.query_string, await protocol())
    protocol.response_bytes(status, _json, content)


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Run the application for uvicorn."""
    if scope["type"] != "http":
        return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    status, content = _answer(scope["path"], scope["query_string"].decode(), body)
    length = str(len(content)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
