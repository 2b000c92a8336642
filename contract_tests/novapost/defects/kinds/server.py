"""Defects of a server as such: methods, paths, headers, lengths, connections, crashes on unusual input."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contract_tests.novapost.defects.builders import Break, Change, Send, defects, instead
from contract_tests.novapost.defects.exchange import DROPPED, JWT, KEY, Answer, Request, error_answer
from contract_tests.novapost.defects.state import Memory

_CRASHED = Answer(500, (("Content-Type", "text/plain"),), b"Internal Server Error")


def _always(change: Change) -> Break:
    """Change every answer of the API."""
    return lambda request, send, memory: change(send(request))


def _crashing(test: Callable[[Request], Any]) -> Break:
    """Fail on some input of the operations."""
    return instead(
        lambda request, memory: request.operation is not None and bool(test(request)),
        lambda request, memory: _CRASHED,
    )


def _dropping(test: Callable[[Request], Any]) -> Break:
    """Close the connection on some input of the operations."""
    return instead(
        lambda request, memory: request.operation is not None and bool(test(request)),
        lambda request, memory: DROPPED,
    )


def _every(count: int, change: Change, operation: str | None = None) -> Break:
    """Change one of so many answers of the operations."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        answer = send(request)
        if request.operation is None or operation not in (None, request.operation):
            return answer
        return change(answer) if memory.nth("answers") % count == 0 else answer

    return does


def _by_method(method: str, does: Callable[[Request, Send], Answer]) -> Break:
    """Treat one undocumented method of a documented path in another way."""

    def broken(request: Request, send: Send, memory: Memory) -> Answer:
        known = request.path.endswith((KEY, JWT))
        return does(request, send) if request.method == method and known else send(request)

    return broken


def _as(method: str) -> Callable[[Request, Send], Answer]:
    return lambda request, send: send(replace(request, method=method))


def _text(request: Request) -> str:
    """Return the phone if it is a text, and nothing else."""
    return request.phone or ""


def _depth(request: Request) -> int:
    return max(request.body.count(b"["), request.body.count(b"{"))


def _quick(request: Request, send: Send, memory: Memory) -> Answer:
    """Take an unknown path that begins like a known one for the known one."""
    found = re.match(r"(.*?/(test-api-keys|clients/authorization))/.+", request.path)
    return send(replace(request, target=found[1])) if found else send(request)


def _strays_welcome(request: Request, send: Send, memory: Memory) -> Answer:
    """Answer an unknown path as if it existed."""
    answer = send(request)
    return answer if request.path.endswith((KEY, JWT)) else replace(answer, status=200)


def _status(status: int, **headers: str) -> Callable[[Request, Send], Answer]:
    made = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda request, send: Answer(status, made, b"")


def _overtaken(request: Request, send: Send, memory: Memory) -> Answer:
    """Let the second of two answers on one connection go first."""
    return replace(send(request), overtaken=request.operation is not None)


def _body_left_unread(request: Request, send: Send, memory: Memory) -> Answer:
    """Leave the body of an unknown path where it is, and take it for the beginning of the next request."""
    if memory.notes.pop(("unread", request.connection), False):
        return Answer(400).saying({"success": False, "errors": ["Bad request"]})
    if request.body and not request.path.endswith((KEY, JWT)):
        memory.notes["unread", request.connection] = True
    return send(request)


def _locked_by_who_left(request: Request, send: Send, memory: Memory) -> Answer:
    """Take a phone for one that is being served, after its client has left."""
    if request.operation != KEY or request.asks_for_a_status:
        return send(request)
    if memory.notes.get(("left", request.phone)):
        return error_answer(429)
    answer = send(request)
    memory.notes["left", request.phone] = answer.status == 200 and request.is_left()
    return answer


FAULTS = defects(
    {
        "answers-overtake-each-other": _overtaken,
        "body-of-an-unknown-path-unread": _body_left_unread,
        "who-leaves-is-locked-out": _locked_by_who_left,
        "405-without-allow": _always(lambda answer: answer.with_header("Allow", None)),
        "405-allows-another-method": _always(
            lambda answer: answer.with_header("Allow", "TRACE") if answer.status == 405 else answer
        ),
        "405-is-400": _always(lambda answer: replace(answer, status=400) if answer.status == 405 else answer),
        "405-is-501": _always(lambda answer: replace(answer, status=501) if answer.status == 405 else answer),
        "key-by-get": _by_method(
            "GET",
            lambda request, send: send(
                replace(request.asking(request.target.partition("phone=")[2]), method="POST")
            )
            if "phone=" in request.target
            else send(request),
        ),
        "key-by-put": _by_method("PUT", _as("POST")),
        "jwt-by-post": _by_method(
            "POST",
            lambda request, send: send(replace(request, method="GET", body=b""))
            if request.path.endswith(JWT)
            else send(request),
        ),
        "options-is-200": _by_method("OPTIONS", _status(200)),
        "head-is-200": _by_method("HEAD", _status(200)),
        "head-crashes": _by_method("HEAD", _status(500)),
        "patch-crashes": _by_method("PATCH", _status(500)),
        "delete-is-204": _by_method("DELETE", _status(204)),
        "unknown-path-is-200": _strays_welcome,
        "unknown-path-begins-like-a-known-one": _quick,
        "content-type-missing": _every(1, lambda answer: answer.with_header("Content-Type", None)),
        "content-type-of-text": _every(1, lambda answer: answer.with_header("Content-Type", "text/plain")),
        "content-type-with-another-charset": _every(
            1, lambda answer: answer.with_header("Content-Type", "application/json; charset=windows-1251")
        ),
        "body-longer-than-announced": _every(
            1, lambda answer: replace(answer, body=answer.body + b"\n<!-- -->", length=str(len(answer.body)))
        ),
        "body-shorter-than-announced": _every(
            7, lambda answer: replace(answer, length=str(len(answer.body) + 9))
        ),
        "length-and-chunks": _every(
            1,
            lambda answer: replace(
                answer.with_header("Transfer-Encoding", "chunked"),
                body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(answer.body), answer.body),
                length=str(len(answer.body)),
            ),
        ),
        "length-that-is-no-number": _every(1, lambda answer: replace(answer, length="many")),
        "length-below-zero": _every(1, lambda answer: replace(answer, length="-1")),
        "said-to-be-packed": _every(1, lambda answer: answer.with_header("Content-Encoding", "gzip")),
        "packed-and-cut": _every(
            3,
            lambda answer: replace(answer, body=gzip.compress(answer.body)[:-6]).with_header(
                "Content-Encoding", "gzip"
            ),
        ),
        "every-tenth-answer-is-dropped": _every(10, lambda answer: DROPPED),
        "every-tenth-answer-is-503": _every(10, lambda answer: error_answer(503)),
        "every-tenth-answer-crashes": _every(10, lambda answer: _CRASHED),
        "every-tenth-answer-is-html": _every(
            10, lambda answer: replace(answer, body=b"<html></html>").with_header("Content-Type", "text/html")
        ),
        "every-fortieth-jwt-is-refused": _every(40, lambda answer: error_answer(401), JWT),
        "every-twentieth-key-has-no-status": _every(
            20,
            lambda answer: answer.saying({k: v for k, v in answer.json.items() if k != "status"})
            if answer.status == 200
            else answer,
            KEY,
        ),
        "crash-on-an-emoji": _crashing(lambda request: any(ord(c) > 0xFFFF for c in _text(request))),
        "crash-on-other-letters": _crashing(lambda request: any(ord(c) > 0x7F for c in _text(request))),
        "crash-on-nul": _crashing(lambda request: "\x00" in _text(request)),
        "crash-on-a-quote": _crashing(lambda request: "'" in _text(request) or "%27" in request.target),
        "crash-on-a-long-phone": _crashing(lambda request: len(_text(request)) > 100),
        "crash-on-a-long-number": _crashing(lambda request: re.search(rb"[0-9]{400}", request.body)),
        "crash-on-a-number": _crashing(lambda request: isinstance(request.given, int)),
        "crash-on-null": _crashing(lambda request: request.body.strip() == b"null"),
        "crash-on-a-list": _crashing(lambda request: isinstance(request.json, list)),
        "crash-on-nesting": _crashing(lambda request: _depth(request) > 500),
        "crash-on-a-large-body": _crashing(lambda request: len(request.body) > 500_000),
        "crash-on-no-body": _crashing(lambda request: request.operation == KEY and not request.body),
        "crash-on-no-utf-8": _crashing(lambda request: b"\xff" in request.body),
        "crash-on-a-lone-surrogate": _crashing(
            lambda request: any("\ud800" <= c <= "\udfff" for c in _text(request))
        ),
        "crash-on-many-members": _crashing(
            lambda request: isinstance(request.json, dict) and len(request.json) > 500
        ),
        "crash-on-a-broken-escape-in-a-query": _crashing(lambda request: "%zz" in request.target),
        "crash-on-a-long-key": _crashing(lambda request: len(request.api_key or "") > 1000),
        "crash-on-a-key-that-is-no-utf-8": _crashing(lambda request: "%FF" in request.target),
        "crash-on-two-keys": _crashing(lambda request: request.target.count("apiKey=") > 1),
        "crash-on-another-parameter": _crashing(
            lambda request: request.operation == JWT and "apiKey=" in request.target and "&" in request.target
        ),
        "crash-on-accept": _crashing(lambda request: "html" in (request.header("accept") or "")),
        "crash-on-no-content-type": _crashing(
            lambda request: request.body and request.header("content-type") is None
        ),
        "crash-on-authorization": _crashing(lambda request: request.header("authorization")),
        "drop-on-a-large-body": _dropping(lambda request: len(request.body) > 500_000),
        "drop-on-words": _dropping(lambda request: request.body and request.json is None),
    }
)
