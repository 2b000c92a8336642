"""Does an error say rightly, and threads and tasks alike, whether a request may have left?"""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpcore
import httpx
import pytest

import novapost_client as sdk
from contract_tests.self_tests.support.raw_server import Behaviour, says, server
from novapost_client import Client
from novapost_client._runtime.progress import CONNECTING, SENT, begin, progress_of

PHONE = "4915228817386"
TIME = 0.4


def outcome(how: str, address: str, **options: Any) -> Any:
    """Return the error that a call ends in."""
    client = Client(address, retry=None, allow_insecure=True, **{"timeout": TIME, **options})
    if how == "sync":
        with client, pytest.raises(sdk.TransportError) as caught:
            client.test_api_keys.create(phone=PHONE)
        return caught.value

    async def main() -> None:
        async with client:
            await client.aio.test_api_keys.create(phone=PHONE)

    with pytest.raises(sdk.TransportError) as caught:
        asyncio.run(main())
    return caught.value


@contextmanager
def full() -> Iterator[str]:
    """Yield host and port of a server that lets nobody in."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        callers = [socket.socket() for _ in range(4)]
        for one in callers:
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(listener.getsockname())
        try:
            yield "{}:{}".format(*listener.getsockname())
        finally:
            for one in callers:
                one.close()


@contextmanager
def behaving(behaviour: Behaviour) -> Iterator[str]:
    """Yield host and port of a server."""
    with server(behaviour) as address:
        yield httpx.URL(address).netloc.decode()


def silent() -> Any:
    """Return a server that takes everything and says nothing."""
    return behaving(says(close=False))


CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"
PLACES: dict[str, tuple[Callable[[], Any], str, str]] = {
    "full": (full, "http://{}", ""),
    "no-handshake": (silent, "https://{}", ""),
    "full-proxy": (full, "https://a.example", "http://{}"),
    "full-proxy-for-http": (full, "http://a.example", "http://{}"),
    "silent-tunnel": (silent, "https://a.example", "http://{}"),
    "silent-tls-proxy": (silent, "https://a.example", "https://{}"),
    "no-handshake-in-the-tunnel": (
        lambda: behaving(says(CONNECTED, close=False)),
        "https://a.example",
        "http://{}",
    ),
    "silent-socks": (silent, "https://a.example", "socks5://{}"),
}


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("place", PLACES)
def test_a_deadline_that_ends_while_connecting_says_that_nothing_was_sent(
    place: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And names the proxy that nothing came of."""
    make, address, proxy = PLACES[place]
    with make() as here:
        if proxy:
            monkeypatch.setenv("ALL_PROXY", proxy.format(here))
        error = outcome(how, address.format(here))

    assert isinstance(error, sdk.CallTimeoutError)
    assert not error.sent
    ending = ", by the proxy of ALL_PROXY" if proxy else ""
    assert error.reason == f"no connection was made before the deadline of the call{ending}"


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("proxied", [False, True], ids=["straight", "proxy"])
def test_a_request_without_an_answer_may_have_been_sent(
    how: str, proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows what the server has done."""
    with silent() as here:
        if proxied:
            monkeypatch.setenv("HTTP_PROXY", f"http://{here}")
        error = outcome(how, "http://a.example" if proxied else f"http://{here}")

    assert isinstance(error, sdk.CallTimeoutError)
    assert error.sent
    assert error.reason == "the call took longer than its deadline"


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_connection_that_is_cut_after_the_request_may_have_brought_it(how: str) -> None:
    """Whatever the error is."""
    with behaving(says()) as here:
        error = outcome(how, f"http://{here}", timeout=8)

    assert error.sent


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_transport_of_the_callers_own_tells_by_its_errors(how: str) -> None:
    """What it has sent only it knows; a mount is one, too."""

    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late")

    def unconnected(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("late")

    for handler, sent in ((late, True), (unconnected, False)):
        transport = httpx.MockTransport(handler)
        for arguments in ({"transport": transport}, {"mounts": {"all://": transport}}):
            assert outcome(how, "https://a.example", httpx_args=arguments).sent is sent


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_hook_that_watches_a_connection_still_does(how: str) -> None:
    """The client's own look at the progress of a request does not take its place."""
    events: list[str] = []

    def told(event: str, facts: Any) -> None:
        events.append(event)

    async def told_async(event: str, facts: Any) -> None:
        events.append(event)

    def hook(request: httpx.Request) -> None:
        request.extensions["trace"] = told if how == "sync" else told_async

    with behaving(says()) as here:
        outcome(how, f"http://{here}", timeout=8, httpx_args={"event_hooks": {"request": [hook]}})

    assert "http11.send_request_headers.started" in events


@pytest.mark.parametrize("tasks", [False, True], ids=["threads", "tasks"])
def test_a_request_that_no_used_connection_took_is_not_sent_until_a_new_one_is_made(tasks: bool) -> None:
    """The used one may have been said good-bye to; then another is made, which may fail."""
    facts = {"request": httpcore.Request("POST", "https://a.example")}
    extensions: dict[str, Any] = {}
    for before in ([], [False], [True, False]):
        extensions.clear()
        for is_new in (*before, True):
            begin(extensions, is_new=is_new, tasks=tasks)

        assert progress_of(extensions) == CONNECTING
        told = extensions["trace"]("http2.send_request_headers.started", facts)
        if tasks:
            asyncio.run(told)
        assert progress_of(extensions) == SENT
