"""Does nobody ever read what came behind the answer of somebody else?"""

import asyncio
import json
import socket
import ssl
from typing import Any

import httpx
import pytest
import trustme

import novapost_client as sdk
from contract_tests.self_tests.support.raw_server import Behaviour, read_request, server
from novapost_client import Client

OWN, STRANGE = "a" * 40, "b" * 40
PHONE = "4915228817386"


def answer(key: str) -> bytes:
    """Return an answer with a key."""
    body = json.dumps(
        {
            "apiKey": key,
            "createdAt": "2026-01-01T10:00:00Z",
            "expDate": "2027-01-01T23:59:59Z",
            "status": "Active",
        }
    ).encode()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(body) + body


def adds(more: bytes) -> Behaviour:
    """Answer every request of a connection, and say something after the first answer, all in one segment."""

    def behave(connection: socket.socket) -> None:
        # Held back until it is complete. With TLS these are two records, of which a reader may see the first.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        connection.sendall(answer(OWN))
        if more:
            connection.sendall(more)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
        while True:
            read_request(connection)
            connection.sendall(answer(OWN))

    return behave


def counted(behaviour: Behaviour) -> tuple[Behaviour, list[socket.socket]]:
    """Note the connections."""
    seen: list[socket.socket] = []

    def behave(connection: socket.socket) -> None:
        seen.append(connection)
        behaviour(connection)

    return behave, seen


@pytest.fixture(params=["plain", "tls"])
def contexts(request: pytest.FixtureRequest) -> tuple[ssl.SSLContext | None, Any]:
    """Return the context of a server, and what its clients verify with."""
    if request.param == "plain":
        return None, True
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    verify = ssl.create_default_context()
    authority.configure_trust(verify)
    return tls, verify


@pytest.mark.skipif(not hasattr(socket, "TCP_CORK"), reason="segments cannot be made as wanted here")
@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize(
    ("more", "connections"),
    [(b"", 1), (answer(STRANGE), 4), (b"rubbish", 4), (b"\r\n", 4), (b"HTTP/1.1 200 OK\r\n", 4)],
    ids=["nothing", "an answer", "rubbish", "a blank line", "half an answer"],
)
def test_what_comes_behind_an_answer_is_never_the_next_one(
    contexts: tuple[ssl.SSLContext | None, Any], how: str, more: bytes, connections: int
) -> None:
    """Such a connection is not kept; one without more is."""
    tls, verify = contexts
    behave, seen = counted(adds(more))
    with server(behave, tls) as address:
        client = Client(address, retry=None, httpx_args={"verify": verify})
        if how == "sync":
            with client:
                keys = [client.test_api_keys.create(phone=PHONE).api_key for _ in range(4)]
        else:

            async def main() -> list[str]:
                async with client:
                    return [(await client.aio.test_api_keys.create(phone=PHONE)).api_key for _ in range(4)]

            keys = asyncio.run(main())

    assert keys == [OWN] * 4
    assert len(seen) == connections


def test_a_redirect_with_a_user_in_it_is_not_followed() -> None:
    """The server's user would be sent in place of the client's token."""
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path.endswith("/new"):
            return httpx.Response(200, json={"jwt": "a.b.c"})
        return httpx.Response(307, headers={"location": locations[-1]})

    client = Client("https://a.example", httpx_args={"transport": httpx.MockTransport(serve)}, retry=None)
    locations = ["https://a.example/new"]
    for location in ("https://u:p@a.example/new", "https://u@a.example/new", "//:p@a.example/new"):
        locations.append(location)
        asked.clear()
        with pytest.raises(sdk.RedirectError):
            client.clients.authorization(api_key="k" * 40)
        assert len(asked) == 1
    locations.append(locations[0])
    assert client.clients.authorization(api_key="k" * 40).jwt == "a.b.c"
