"""What goes wrong below HTTP, on a real socket: resets, stalls, drips, lengths that lie, bombs."""

import asyncio
import logging
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import novapost_client as sdk
from contract_tests.self_tests.support.raw_server import Behaviour, drips, resets, says, server
from novapost_client import Client, Retry
from novapost_client._runtime.foreign import keep_to_deadline, pools_within

BODY = (
    b'{"apiKey":"' + b"0" * 40 + b'","createdAt":"2026-01-01T10:00:00Z",'
    b'"expDate":"2027-01-01T23:59:59Z","status":"Active"}'
)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
# Seconds that a call may take where the other side is slow, and by when any must be over on a busy machine.
TIME, PATIENCE = 0.4, 8.0


LENGTH = b"content-length: %d\r\n\r\n"
TRANSPORT = sdk.TransportError
SLOW = sdk.CallTimeoutError
BEHAVIOURS: dict[str, tuple[Behaviour, type]] = {
    "good": (says(HEAD + LENGTH % len(BODY) + BODY), sdk.Response),
    "good-until-close": (says(HEAD + b"\r\n" + BODY), sdk.Response),
    "good-chunked": (
        says(HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)),
        sdk.Response,
    ),
    "good-after-100": (
        says(b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + LENGTH % len(BODY) + BODY),
        sdk.Response,
    ),
    "closed-at-once": (says(b""), TRANSPORT),
    "reset-at-once": (resets, TRANSPORT),
    "half-a-status-line": (says(b"HTTP/1.1 20"), TRANSPORT),
    "half-the-headers": (says(HEAD), TRANSPORT),
    "length-too-long": (says(HEAD + LENGTH % (len(BODY) + 9) + BODY), TRANSPORT),
    "length-too-short": (says(HEAD + LENGTH % (len(BODY) - 9) + BODY), sdk.BodyError),
    "length-twice": (says(HEAD + b"content-length: 1\r\ncontent-length: 2\r\n\r\nxx"), TRANSPORT),
    "length-negative": (says(HEAD + b"content-length: -1\r\n\r\n"), TRANSPORT),
    "chunk-garbage": (says(HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n"), TRANSPORT),
    "chunk-cut": (says(HEAD + b"transfer-encoding: chunked\r\n\r\n10\r\n{"), TRANSPORT),
    "not-http": (says(b"SSH-2.0-OpenSSH_9.6\r\n"), TRANSPORT),
    "http-0.9": (says(BODY), TRANSPORT),
    "status-text": (says(b"HTTP/1.1 OK 200\r\n\r\n"), TRANSPORT),
    "header-without-colon": (says(b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"), TRANSPORT),
    "header-of-a-megabyte": (says(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1_000_000), TRANSPORT),
    "header-not-ascii": (
        says(b"HTTP/1.1 302 F\r\nlocation: http://\xff\xfe/\r\ncontent-length: 0\r\n\r\n"),
        sdk.ClientError,
    ),
    "silent": (says(close=False), SLOW),
    "silent-after-headers": (says(HEAD + LENGTH % 999, close=False), SLOW),
    "silent-within-body": (says(HEAD + LENGTH % 999 + BODY, close=False), SLOW),
    "drips-headers": (drips(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"), SLOW),
    "drips-one-header": (drips(b"HTTP/1.1 200 OK\r\nx: ", b"y"), SLOW),
    "drips-body": (drips(HEAD + LENGTH % 99_999, b" "), SLOW),
    "drips-chunks": (drips(HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"), SLOW),
    "continues-for-ever": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), SLOW),
    "body-without-end": (
        lambda connection: says(HEAD + b"\r\n", *[b" " * 1_000_000] * 40)(connection),
        sdk.BodyTooLargeError,
    ),
}


def call(how: str, address: str, **options: Any) -> Any:
    """Return the whole answer once its body is parsed, or the error."""
    settings: dict[str, Any] = {"timeout": TIME, "retry": Retry(1), **options}
    settings["httpx_args"] = {"trust_env": False}
    if how == "sync":
        with Client(address, **settings) as client:
            try:
                answer = client.test_api_keys.with_raw_response.create(phone="4915228817386")
                answer.parse()
                return answer
            except sdk.ClientError as error:
                return error

    async def ask() -> Any:
        async with Client(address, **settings) as client:
            try:
                answer = await client.aio.test_api_keys.with_raw_response.create(phone="4915228817386")
                answer.parse()
                return answer
            except sdk.ClientError as error:
                return error

    return asyncio.run(ask())


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_whatever_the_wire_does_ends_in_time_and_in_one_of_our_errors(name: str, how: str) -> None:
    """One deadline for the whole call, however the other side stretches it."""
    behaviour, wanted = BEHAVIOURS[name]

    with server(behaviour) as address:
        begun = time.monotonic()
        outcome = call(how, address, timeout=TIME if wanted is SLOW else PATIENCE / 2)
        took = time.monotonic() - begun

    assert isinstance(outcome, wanted), repr(outcome)
    assert took < PATIENCE


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("ending", ["silence", "close", "more"])
def test_a_body_that_is_announced_as_too_large_is_known_by_its_beginning(
    how: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a value in it can be saved; nobody waits for the rest of it, or much for any of it."""
    monkeypatch.setattr("novapost_client._runtime.content._MOMENT", 0.2)
    rest = b" " * 17 * 1024 * 1024 if ending == "more" else b""
    with server(says(HEAD + LENGTH % 99_999_999 + BODY, rest, close=ending == "close")) as address:
        outcome = call(how, address, timeout=PATIENCE)

    assert isinstance(outcome, sdk.BodyTooLargeError), repr(outcome)
    assert outcome.response.content.startswith(BODY)
    assert len(outcome.response.content) <= 64 * 1024


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_body_that_is_announced_as_too_large_ends_before_the_deadline(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that threads and tasks alike tell of the answer, however little time is left for it."""
    monkeypatch.setattr("novapost_client._runtime.content._MOMENT", 60.0)
    head = HEAD.replace(b"200 OK", b"403 Forbidden")
    with server(says(head + LENGTH % 99_999_999 + BODY, close=False)) as address:
        outcome = call(how, address, timeout=3)

    assert isinstance(outcome, sdk.StatusError), repr(outcome)
    assert outcome.status_code == 403


@pytest.mark.parametrize("how", ["sync", "async"])
def test_nobody_listens(how: str) -> None:
    """A refused connection is told from an answer, and as something that never left."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    error = call(how, f"http://127.0.0.1:{port}")

    assert isinstance(error, sdk.ConnectionFailedError)
    assert not error.sent


def gigabyte() -> bytes:
    """1 GiB of blanks as gzip: one MiB, packed so that its bytes can be repeated (RFC 1951, full flush)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(b" " * 1024 * 1024) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + block * 1024


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_gigabyte_in_a_megabyte_costs_little(how: str) -> None:
    """Less than 64 MiB, and it ends in a typed error."""
    bomb = gigabyte()
    head = HEAD + b"content-encoding: gzip\r\n" + LENGTH % len(bomb)
    with server(says(head, bomb, close=False)) as address:
        call(how, address, timeout=20)
        tracemalloc.start()
        try:
            outcome = call(how, address, timeout=20)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert len(bomb) < 2 * 1024 * 1024
    assert isinstance(outcome, sdk.BodyTooLargeError)
    assert peak < 64 * 1024 * 1024


class Wrapper(httpx.BaseTransport):
    """A transport around httpx' own, as caches and repeaters are."""

    __slots__ = ("_inner",)

    def __init__(self) -> None:
        self._inner = {"a": [httpx.HTTPTransport()]}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand it on."""
        return self._inner["a"][0].handle_request(request)


def in_a_closure() -> httpx.BaseTransport:
    """Return a transport whose inner one no attribute holds."""
    inner = httpx.HTTPTransport()

    class Closed(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return inner.handle_request(request)

    return Closed()


@pytest.mark.parametrize(
    "make",
    [
        httpx.HTTPTransport,
        httpx.AsyncHTTPTransport,
        httpx.Client,
        lambda: httpx.Client(proxy="http://127.0.0.1:1"),
        httpx.AsyncClient,
        Wrapper,
        in_a_closure,
    ],
)
def test_the_pools_of_a_foreign_transport_keep_to_the_deadline(make: Callable[[], Any]) -> None:
    """httpx and httpcore still have the places where the deadline is put in; else this must be redone."""
    pools = pools_within(make())

    assert pools
    assert keep_to_deadline(pools)


@pytest.mark.parametrize("make", [Wrapper, in_a_closure])
def test_a_wrapped_transport_keeps_the_total_deadline(make: Callable[[], httpx.BaseTransport]) -> None:
    """Headers that drip make each wait short and the whole endless."""
    with server(drips(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n")) as address:
        begun = time.monotonic()
        client = Client(address, timeout=TIME, retry=None, httpx_args={"transport": make()})
        with pytest.raises(sdk.CallTimeoutError):
            client.test_api_keys.create(phone="4915228817386")

    assert time.monotonic() - begun < PATIENCE


def test_a_transport_that_may_not_keep_the_deadline_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """When the client is made, and only where nobody can know better."""

    class Own(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200)

    Client("http://127.0.0.1", httpx_args={"transport": httpx.MockTransport(lambda _: httpx.Response(200))})
    Client("http://127.0.0.1", timeout=None, httpx_args={"transport": Own()})
    assert caplog.text == ""
    Client("http://127.0.0.1", httpx_args={"transport": Own()})
    assert "the total time-out of a call holds only between the parts of an answer" in caplog.text


def test_a_token_or_phone_in_a_log_line_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    """Even with everything below us logging at DEBUG, and a server that echoes in its headers."""
    caplog.set_level(logging.DEBUG)
    echo = HEAD.replace(b"OK", b"4915228817386") + b"x-phone: 4915228817386\r\n" + LENGTH % len(BODY) + BODY

    with server(says(echo)) as address:
        call("sync", address, timeout=PATIENCE)

    assert "HTTP Request" in caplog.text
    assert "4915228817386" not in caplog.text
