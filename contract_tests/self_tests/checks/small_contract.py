"""A small contract, answers to requests of it, and the checks that they fail."""

from collections.abc import Callable
from typing import Any

from contract_tests.checks.document import Contract
from contract_tests.checks.knowledge import Knowledge
from contract_tests.checks.response_checks import judge
from contract_tests.target.exchange import Exchange, Received, Sent

JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html"}
TEXT = {"type": "string"}
STATUSES = range(199, 600)
FINE = {"200": {"description": ""}}


def contract(
    path: str = "/a", methods: str = "get", knowledge: Knowledge | None = None, **more: Any
) -> Contract:
    """Return the contract of one path, all of whose methods mean the same operation."""
    operation = {"responses": FINE} | more
    paths = {path: dict.fromkeys(methods.split(), operation)}
    return Contract({"openapi": "3.1.0", "paths": paths}, knowledge or Knowledge())


def answer_of(content: Any, status: str = "200", **more: Any) -> dict[str, Any]:
    """Return the responses of an operation with one answer."""
    return {
        status: {"description": "", "content": {media: {"schema": each} for media, each in content.items()}}
        | more
    }


def found(
    document: Contract,
    status: int,
    target: str = "/a",
    *,
    method: str = "GET",
    asking: dict[str, str] | None = None,
    sent: bytes = b"",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    seconds: float = 0.0,
) -> dict[str, str]:
    """Return the message of each check that an answer fails."""
    request = Sent(method, f"http://127.0.0.1{target}", target.partition("?")[0], asking or {}, sent)
    answer = Received(status, headers or {}, body)
    return {each.check: each.message for each in judge(Exchange(request, answer, seconds=seconds), document)}


def noticed(check: Callable[..., object], document: Contract, target: str = "/a", **how: Any) -> set[int]:
    """Return the statuses for which a check finds something."""
    name = check.__name__.replace("_", "-")
    return {status for status in STATUSES if name in found(document, status, target, **how)}
