"""Does a client that was used before a fork stay whole on both sides, with nothing in common?"""

import asyncio
import copy
import os
import pickle
import select
import signal
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trustme

import novapost_client as sdk
from contract_tests.self_tests.support.phone_server import PHONE, key_of, phone_server
from novapost_client import Client
from novapost_client._runtime import calls, forks, operations
from novapost_client._runtime.answers import Answers, Documented
from novapost_client._runtime.parsing import ANY

if not hasattr(os, "fork"):
    pytest.skip("there is no fork here", allow_module_level=True)

# Python 3.12 and later warn of what these tests are about.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
PATIENCE = 20.0
WITH_TOKEN: calls.Call[Any] = calls.Call(
    operations.Operation("ping", "GET", "/ping", security=(("JWT",),)),
    Answers((200, 200, Documented("json", ANY))),
)


def start(act: Callable[[], object]) -> tuple[int, int]:
    """Fork a child that pickles what `act` returns or raises; returns its pid and the end of its pipe."""
    out, into = os.pipe()
    child = os.fork()
    if child:
        os.close(into)
        return child, out
    try:
        try:
            outcome: object = act()
        except BaseException as error:
            outcome = f"{type(error).__name__}: {error}"
        with os.fdopen(into, "wb") as pipe:
            pickle.dump(outcome, pipe)
    finally:
        os._exit(0)


def outcome_of(started: tuple[int, int]) -> Any:
    """Wait for a child, and return its outcome; "hung" after some time."""
    child, out = started
    with os.fdopen(out, "rb") as pipe:
        if not select.select([pipe], [], [], PATIENCE)[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "hung"
        content = pipe.read()
    # It has said all. Where every process is measured, its end can meet a lock that the fork left taken.
    deadline = time.monotonic() + PATIENCE
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)
    return pickle.loads(content)  # noqa: S301 - written by our own child


def ask(client: Client, phone: str) -> str:
    """Return the key of a phone."""
    return client.test_api_keys.create(phone=phone).api_key


async def ask_async(client: Client, phone: str) -> str:
    """Return the key of a phone."""
    return (await client.aio.test_api_keys.create(phone=phone)).api_key


@pytest.mark.parametrize("how", ["sync", "async"])
def test_children_and_parent_get_their_own_answers(how: str) -> None:
    """Five children and the parent ask at the same time, after the connection was used."""

    def many(number: int) -> list[str]:
        phones = [f"49152{number:04d}{turn:04d}" for turn in range(20)]
        if how == "sync":
            return [phone for phone in phones if ask(client, phone) != key_of(phone)]

        async def main() -> list[str]:
            wrong = [phone for phone in phones if await ask_async(client, phone) != key_of(phone)]
            await client.aclose()
            return wrong

        return asyncio.run(main())

    with phone_server(0.005) as server, Client(server.address, retry=None) as client:
        many(0)
        children = [start(lambda number=number: many(number)) for number in range(1, 6)]  # type: ignore[misc]
        mixed_up = [many(6), *map(outcome_of, children)]

    assert mixed_up == [[]] * 6


def test_the_parents_connection_survives_its_children() -> None:
    """A child calls, closes its client and ends; the parent goes on without connecting anew."""
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    verify = ssl.create_default_context()
    authority.configure_trust(verify)

    def child() -> str:
        key = ask(client, PHONE)
        client.close()
        return key

    for context in (None, tls):
        with (
            phone_server(tls=context) as server,
            Client(server.address, retry=None, httpx_args={"verify": verify}) as client,
        ):
            ask(client, PHONE)
            assert [outcome_of(start(child)) for _ in range(3)] == [key_of(PHONE)] * 3
            for _ in range(3):
                assert ask(client, PHONE) == key_of(PHONE)
            # One connection of the parent, one of each child.
            assert server.accepted == 4


def test_locks_that_are_held_at_the_fork_do_not_stop_the_child() -> None:
    """The gate, the pool and the client belong to threads that the child does not have."""
    arguments = {"limits": httpx.Limits(max_connections=2)}
    with (
        phone_server(0.4) as server,
        Client(server.address, retry=None, httpx_args=arguments) as client,
    ):
        threads = [threading.Thread(target=ask, args=(client, PHONE)) for _ in range(5)]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        pool = client._engine._sender.connections.sync_client()._transport.pool  # type: ignore[attr-defined]
        with pool._lock, pool._gate._lock, client._engine._sender.connections._lock:
            child = start(lambda: ask(client, PHONE))
        outcome = outcome_of(child)
        for thread in threads:
            thread.join()

    assert outcome == key_of(PHONE)


def test_a_refresh_that_runs_at_the_fork_does_not_stop_the_child() -> None:
    """The child gets a token of its own; the parent's refresh goes on."""
    with (
        phone_server(lambda path: 0.5 if "authorization" in path else 0.0) as server,
        Client(server.address, retry=None, api_key="k" * 32) as client,
    ):
        thread = threading.Thread(target=client.send, args=(WITH_TOKEN,))
        thread.start()
        time.sleep(0.15)
        child = start(lambda: client.send(WITH_TOKEN).status_code)
        outcome = outcome_of(child)
        thread.join()
        tokens = [path for path, _ in server.asked if "authorization" in path]

    assert outcome == 200
    assert len(tokens) == 2


def test_a_fork_within_a_running_event_loop_leaves_its_calls_alone() -> None:
    """The child runs a loop of its own; the parent's calls in flight end as if nothing had been."""

    def child() -> str:
        return asyncio.run(ask_async(client, "4915200000001"))

    async def main() -> tuple[Any, list[str]]:
        await ask_async(client, PHONE)
        tasks = [asyncio.create_task(ask_async(client, PHONE)) for _ in range(5)]
        await asyncio.sleep(0.1)
        outcome = outcome_of(start(child))
        keys = await asyncio.gather(*tasks)
        await client.aclose()
        return outcome, keys

    with phone_server(0.3) as server:
        client = Client(server.address, retry=None)
        outcome, keys = asyncio.run(main())

    assert outcome == key_of("4915200000001")
    assert keys == [key_of(PHONE)] * 5


def test_another_process_is_noticed_without_pythons_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some servers fork below Python, so that nobody tells it."""
    client = Client("http://127.0.0.1:1")
    before = client._engine._sender.connections.sync_client()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    monkeypatch.setattr(forks, "_process", forks._process)

    forks.notice()

    assert client._engine._sender.connections.sync_client() is not before
    assert not before.is_closed


@pytest.mark.parametrize("setting", ["http_client", "transport"])
def test_connections_that_the_caller_brought_are_not_shared_with_a_child(setting: str) -> None:
    """They cannot be made anew here, and mixed-up answers are worse than an error."""
    with phone_server() as server, httpx.Client() as brought, httpx.HTTPTransport() as transport:
        options: dict[str, Any] = (
            {"http_client": brought} if setting == "http_client" else {"httpx_args": {"transport": transport}}
        )
        client = Client(server.address, **options)
        unused = outcome_of(start(lambda: ask(client, PHONE)))
        ask(client, PHONE)
        used = outcome_of(start(lambda: ask(client, PHONE)))
        assert ask(client, PHONE) == key_of(PHONE)

    assert unused == key_of(PHONE)
    assert used.startswith(
        f"UsageError: POST /test-api-keys: {'http_client' if setting == 'http_client' else 'the'}"
    )
    assert "in each process" in used


def test_a_client_is_copied_and_not_pickled() -> None:
    """A copy has its own connections; a pickle would be a key in a file."""
    with phone_server() as server, Client(server.address, retry=None, headers={"X-A": "1"}) as client:
        double = copy.deepcopy({"client": client})["client"]
        ask(client, PHONE)
        ask(double, PHONE)
        double.close()
        assert copy.copy(client)._engine._sender.connections is client._engine._sender.connections
        assert ask(client, PHONE) == key_of(PHONE)
        assert server.accepted == 2
    with pytest.raises(TypeError, match="make one in each process"):
        pickle.dumps(client)


def test_a_loop_that_is_not_asyncios_is_told() -> None:
    """Trio's, or none at all: httpx would take it, and the client's deadlines would not."""
    client = Client("http://127.0.0.1:1")
    coroutine = ask_async(client, PHONE)
    with pytest.raises(sdk.UsageError, match="run in an event loop of asyncio"):
        coroutine.send(None)
    trio = pytest.importorskip("trio")
    with pytest.raises(sdk.UsageError, match="run in an event loop of asyncio"):
        trio.run(ask_async, client, PHONE)

    async def within() -> None:
        async with client:
            await ask_async(client, PHONE)

    with pytest.raises(sdk.UsageError, match="run in an event loop of asyncio"):
        trio.run(within)


def test_two_event_loops_use_a_client_side_by_side() -> None:
    """Each has its own connection and keeps it."""

    async def main() -> None:
        for _ in range(10):
            await ask_async(client, PHONE)
            await asyncio.sleep(0.005)
        await client.aclose()

    with phone_server() as server:
        client = Client(server.address, retry=None)
        threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert server.accepted == 3
