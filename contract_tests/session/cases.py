"""Cases of schemathesis: the request that one stands for, and what its checks say of the answer."""

import json
from typing import Any

import httpx
import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup, ServerError
from schemathesis.openapi.checks import UndefinedStatusCode, UnsupportedMethodResponse

from contract_tests.target.exchange import SHORTEST_SECRET

ABOUT_THE_STATUS = (AcceptedNegativeData, ServerError, UndefinedStatusCode, UnsupportedMethodResponse)
"""What checks of schemathesis say of statuses, which the check status-is-documented judges more closely."""


def request_of(case: schemathesis.Case[Any], base_url: str) -> httpx.Request:
    """Return the request that schemathesis would send, for our own transport, which keeps its connection."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=base_url.removesuffix("/"))).prepare()
    body: Any = prepared.body or b""
    return httpx.Request(
        prepared.method or case.method,
        prepared.url or "",
        # Blanks around a value are none of it (RFC 9110, section 5.5).
        headers=[(_latin1(name), _latin1(value).strip(b" \t")) for name, value in prepared.headers.items()],
        content=body.encode() if isinstance(body, str) else body,
    )


def _latin1(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1", "replace")


def failures_of(case: schemathesis.Case[Any], response: httpx.Response) -> list[Failure]:
    """Return what the checks of schemathesis say of an answer."""
    try:
        case.validate_response(response)
    except FailureGroup as group:
        return [failure for failure in group.exceptions if isinstance(failure, Failure)]
    return []


def first_line(message: str, response: httpx.Response) -> str:
    """Return the message of a check, without the values of the answer that it may quote."""
    line = next(iter(message.strip().splitlines()), "")
    for secret in _texts(response.content):
        line = line.replace(secret, "***")
    return line


def _texts(content: bytes) -> list[str]:
    """Yield every value in a JSON body that is a text and long enough to be a secret."""
    try:
        level: list[Any] = [json.loads(content)]
    except (ValueError, RecursionError):
        return []
    texts = []
    while level:
        node = level.pop()
        if isinstance(node, str) and len(node) >= SHORTEST_SECRET:
            texts.append(node)
        elif isinstance(node, dict | list):
            level += node.values() if isinstance(node, dict) else node
    return texts
