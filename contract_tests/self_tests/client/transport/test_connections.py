"""Is a client of httpx, our own or the caller's, used for what it can do, in its own process, and in turn?"""

import asyncio
import os
import threading
from types import TracebackType
from typing import Any

import httpx
import pytest

import novapost_client as sdk
from novapost_client import Client
from novapost_client._runtime import calls, operations
from novapost_client._runtime.answers import Answers, Documented
from novapost_client._runtime.connections import Connections
from novapost_client._runtime.deadline import Deadline
from novapost_client._runtime.exchange import Send
from novapost_client._runtime.parsing import ANY

ADDRESS = "http://127.0.0.1:1"
PING: calls.Call[Any] = calls.Call(
    operations.Operation("ping", "GET", "/ping", security=(("JWT",),)),
    Answers((200, 200, Documented("json", ANY))),
)


class Cached(httpx.BaseTransport):
    """A transport that answers by itself, and has one of httpx within for what it does not know."""

    def __init__(self, status: int) -> None:
        self.inner = httpx.HTTPTransport(limits=httpx.Limits(max_connections=1))
        self.status = status
        self.tokens: list[str | None] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Give a token, or note the one that came."""
        if request.url.path.endswith("/authorization"):
            return httpx.Response(self.status, json={"jwt": "a.b.c"})
        self.tokens.append(request.headers.get("authorization"))
        return httpx.Response(200, json={})


class AsyncCached(httpx.AsyncBaseTransport):
    """The same for tasks."""

    def __init__(self, status: int) -> None:
        self.inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=1))
        self._cached = Cached(status)
        self.tokens = self._cached.tokens

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Do the same."""
        return self._cached.handle_request(request)


@pytest.mark.parametrize("kind", [Cached, AsyncCached])
@pytest.mark.parametrize("status", [200, 401])
def test_a_token_is_obtained_before_a_turn_is_taken(kind: type[Any], status: int) -> None:
    """With one connection alone, the call for the token would wait for the call that waits for it."""
    transport = kind(status)
    client = Client(ADDRESS, api_key="k", timeout=2, retry=None, httpx_args={"transport": transport})
    engine = client._engine

    outcome = asyncio.run(engine.run_async(PING)) if kind is AsyncCached else engine.run(PING)

    if status == 200:
        assert isinstance(outcome, sdk.Response)
        assert transport.tokens == ["a.b.c"]
    else:
        assert isinstance(outcome, sdk.ClientError)
        assert transport.tokens == []


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_token_that_cannot_be_fetched_is_told_once(how: str) -> None:
    """The call for it has said how far it came; the call that wanted it adds nothing."""
    client = Client(ADDRESS, api_key="k", retry=None, httpx_args={"trust_env": False})
    engine = client._engine

    outcome = asyncio.run(engine.run_async(PING)) if how == "async" else engine.run(PING)

    assert isinstance(outcome, sdk.ConnectionFailedError)
    assert not outcome.sent


@pytest.mark.parametrize("kind", [Cached, AsyncCached])
def test_a_transport_is_used_for_what_it_can_do(kind: type[Any]) -> None:
    """One of tasks serves no thread, and the other way round; the error says what it lacks."""
    made = Connections(ADDRESS, {"transport": kind(200)})

    async def serve() -> None:
        made.async_client()

    if kind is Cached:
        assert made.sync_client() is made.sync_client()
        with pytest.raises(sdk.UsageError, match="has no handle_async_request"):
            asyncio.run(serve())
    else:
        asyncio.run(serve())
        with pytest.raises(sdk.UsageError, match="has no handle_request"):
            made.sync_client()


@pytest.mark.parametrize(
    ("arguments", "given", "named"),
    [({"transport": Cached(200)}, None, "the transport in httpx_args"), ({}, httpx.Client(), "http_client")],
)
def test_a_socket_of_another_process_is_not_shared(
    arguments: dict[str, Any], given: httpx.Client | None, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes would read each other's answers. The process that has used it goes on."""
    made = Connections(ADDRESS, arguments, given)
    client = made.sync_client()

    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        with pytest.raises(sdk.UsageError, match=f"^{named} has connections of process"):
            made.sync_client()

    assert made.sync_client() is client


class Overtaken:
    """A lock that another thread has held just before, and made a client meanwhile."""

    def __init__(self, made: Connections, other: httpx.Client) -> None:
        self._made = made
        self._other = other
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._made._sync = self._other

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        self._lock.release()


def test_threads_that_come_at_once_share_one_client() -> None:
    """The one that waited takes what the other one has made, and leaves no second client open."""
    made = Connections(ADDRESS, {})
    made.close()
    other = httpx.Client()
    made._lock = Overtaken(made, other)  # type: ignore[assignment]

    assert made.sync_client() is other


def test_nothing_is_closed_where_nothing_was_made() -> None:
    """A client of tasks alone has none of threads."""
    made = Connections(ADDRESS, {"transport": AsyncCached(200)})

    async def main() -> None:
        client = made.async_client()
        await made.aclose()
        await made.aclose()
        assert client.is_closed

    made.close()
    asyncio.run(main())


def test_a_request_is_not_begun_after_the_deadline() -> None:
    """Nor by tasks outside of an event loop of asyncio; the error says that nothing was sent."""
    sender = Client(ADDRESS)._engine._sender
    prepared = calls.Prepared("/ping", {}, None, None, frozenset())
    late, in_time = (
        Send("GET", httpx.URL(f"{ADDRESS}/ping"), prepared, False, Deadline(seconds))
        for seconds in (0.0, 60.0)
    )

    for outcome in (sender.send(late), asyncio.run(sender.send_async(late))):
        assert isinstance(outcome, sdk.CallTimeoutError)
        assert not outcome.sent
    with pytest.raises(StopIteration) as ended:
        sender.send_async(in_time).send(None)
    assert isinstance(ended.value.value, sdk.UsageError)
