"""What clients of other makes send of themselves is understood, and what is wrong in it is still found."""

import re
from pathlib import Path
from typing import Any

import pytest

from novapost_mock import Mock
from novapost_mock.document.document import Document
from novapost_mock.http.access import Access
from novapost_mock.http.parser import Heads, Message, Reader
from novapost_mock.messages import Reply, Request

HERE = Path(__file__).parent / "clients"
LIST = {"type": "array", "items": {"type": "string", "pattern": "^[A-Z][0-9]$"}, "minItems": 1, "maxItems": 2}
SHIPMENT = {
    "type": "object",
    "required": ["name", "weight"],
    "properties": {"name": {"type": "string"}, "weight": {"type": "number"}},
}
ITEM = {
    "type": "object",
    "required": ["name", "qty"],
    "properties": {"name": {"type": "string"}, "qty": {"type": "integer"}},
}
FORM = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": ITEM}, "refs[]": LIST},
    "additionalProperties": False,
}
UPLOAD = {
    "type": "object",
    "required": ["name", "file"],
    "properties": {"name": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
}
ADVICE = [
    {"name": name, "in": "header", "schema": {"type": "string", "enum": listed}}
    for name, listed in (
        ("Accept-Language", ["uk", "en"]),
        ("Accept-Encoding", ["gzip"]),
        ("Accept-Charset", ["utf-8"]),
    )
]


def operation(body: Any = None, kind: str = "application/json", **more: Any) -> dict[str, Any]:
    taken = {} if body is None else {"requestBody": {"required": True, "content": {kind: {"schema": body}}}}
    return {"responses": {"200": {"description": ""}, "422": {"description": ""}}, **taken, **more}


DOCUMENT = {
    "openapi": "3.0.3",
    "servers": [{"url": "https://api.example.com/v1"}],
    "paths": {
        "/shipments": {
            "parameters": ADVICE,
            "get": operation(
                parameters=[{"name": "refs[]", "in": "query", "required": True, "schema": LIST}]
            ),
            "post": operation(SHIPMENT),
        },
        "/forms": {"parameters": ADVICE, "post": operation(FORM, "application/x-www-form-urlencoded")},
        "/uploads": {"parameters": ADVICE, "post": operation(UPLOAD, "multipart/form-data")},
    },
}


def answer(sent: bytes, document: Any = DOCUMENT) -> Reply:
    """Return the reply to bytes of a request."""
    [message] = [each for each in Reader(Heads(Access())).feed(sent) if isinstance(each, Message)]
    return message.head.refusal or Mock(document=Document.from_tree(document, b"")).handle(message.request)


def recorded(name: str) -> bytes:
    return (HERE / name).read_bytes().replace(b"\n", b"\r\n")


NAMES = sorted(each.name for each in HERE.glob("*.http"))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_client_sends_is_taken(name: str) -> None:
    """Each of these is right by the document, whatever the client adds."""
    reply = answer(recorded(name))

    assert reply.status == (204 if recorded(name).startswith(b"OPTIONS") else 200), reply.body


def test_clients_of_six_makes_are_recorded() -> None:
    """So that none is lost in silence."""
    assert {name.partition("-")[0] for name in NAMES} == {"browser", "curl", "go", "java", "node", "php"}


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("php-1.http", b"=A1&", b"=a1&"),
        ("php-1.http", b"refs%5B0%5D=A1&refs%5B1%5D=B2", b"refz%5B0%5D=A1&refz%5B1%5D=B2"),
        ("php-1.http", b"=B2", b"=B2&refs%5B2%5D=C3"),
        ("curl-1.http", b"refs[0]=A1&refs[1]=B2", b"refs[x]=A1"),
        ("php-2.http", b"%5Bqty%5D=2", b"%5Bqty%5D=z"),
        ("php-2.http", b"refs%5B0%5D=A1", b"refs%5B0%5D=a1"),
        ("php-2.http", b"refs%5B0%5D=A1", b"refz%5B0%5D=A1"),
        ("node-3.http", b"%5Bqty%5D=2", b"%5Bqty%5D=z"),
        ("browser-3.http", b'"weight":2', b'"weight":x'),
        ("go-2.http", b'"weight":2', b'"weigth":2'),
    ],
)
def test_what_is_wrong_in_it_is_found(name: str, right: bytes, wrong: bytes) -> None:
    """Understanding more of what clients write must not mean looking at less of it."""
    sent = recorded(name)
    assert right in sent
    sent = sent.replace(right, wrong)
    length = str(len(sent.partition(b"\r\n\r\n")[2])).encode()
    sent = re.sub(rb"(?i)(content-length: )\d+", lambda found: found[1] + length, sent)

    assert answer(sent).status == 422


@pytest.mark.parametrize(
    "given", ["*", "en-US,en;q=0.9", "de", "fr;q=0", "", ";;;", "uk, *;q=0.1", "x" * 500, "en;q=high"]
)
@pytest.mark.parametrize("name", ["Accept-Language", "accept-charset", "Accept-Encoding", "Prefer"])
def test_preferences_are_advice(name: str, given: str) -> None:
    """RFC 9110, 12.5: a server takes what fits and does without the rest."""
    parameter = {"name": name, "in": "header", "required": True, "schema": {"enum": ["uk"]}}
    tree = {"openapi": "3.0.3", "paths": {"/x": {"get": operation(parameters=[parameter])}}}
    mock = Mock(document=Document.from_tree(tree, b""))

    assert mock.handle(Request("GET", "/x", "", ((name, given),))).status == 200
    assert mock.handle(Request("GET", "/x")).status == 422  # one that is required has to be there


def test_what_says_what_is_sent_is_no_advice() -> None:
    """Content-Language is a fact, not a wish."""
    parameter = {"name": "Content-Language", "in": "header", "schema": {"enum": ["uk"]}}
    tree = {"openapi": "3.0.3", "paths": {"/x": {"get": operation(parameters=[parameter])}}}
    mock = Mock(document=Document.from_tree(tree, b""))

    assert mock.handle(Request("GET", "/x", "", (("Content-Language", "en"),))).status == 422
