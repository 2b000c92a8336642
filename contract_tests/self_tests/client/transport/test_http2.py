"""Does all that holds with HTTP/1.1 hold with HTTP/2: answers, deadlines, slots, forks?"""

import asyncio
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest

import novapost_client as sdk
from contract_tests.self_tests.client.transport.test_processes import outcome_of, start
from contract_tests.self_tests.support.client_pools import (
    ask,
    ask_async,
    ask_for_all,
    async_pool_of,
    contexts,
    phones,
    pool_of,
    state,
)
from contract_tests.self_tests.support.http2_server import http2_server
from contract_tests.self_tests.support.phone_server import PHONE, key_of, phone_server
from novapost_client import Client

ABANDONED = 1000
PLACES = 10


def client_of(address: str, **arguments: Any) -> Client:
    """Return a client that speaks HTTP/2 and repeats nothing."""
    limits = httpx.Limits(max_connections=PLACES)
    return Client(address, retry=None, timeout=20, httpx_args={"http2": True, "limits": limits, **arguments})


@pytest.mark.parametrize("streams", [100, 2], ids=["many-streams", "two-streams"])
@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("tls", [True, False], ids=["tls", "prior-knowledge"])
def test_each_call_gets_its_own_answer(how: str, streams: int, tls: bool) -> None:
    """Two hundred at a time, on no more connections than allowed."""
    context, verify = contexts() if tls else (None, True)
    arguments: dict[str, Any] = {"verify": verify} if tls else {"http1": False}

    with (
        http2_server(0.01, context, streams) as server,
        client_of(server.address, **arguments) as client,
    ):
        keys = ask_for_all(client, phones(200), how)
        assert server.accepted <= PLACES

    assert keys == [key_of(phone) for phone in phones(200)]


def test_a_server_without_it_is_spoken_to_in_http_1() -> None:
    """As the handshake of TLS tells."""
    context, verify = contexts()
    with (
        phone_server(0.01, tls=context) as server,
        client_of(server.address, verify=verify) as client,
    ):
        keys = ask_for_all(client, phones(100), "sync")
        assert server.accepted <= PLACES

    assert keys == [key_of(phone) for phone in phones(100)]


@pytest.mark.parametrize("how", ["deadline", "caller"])
def test_abandoned_tasks_cost_neither_slot_nor_stream(how: str) -> None:
    """Afterwards as many calls as before share the connections."""
    context, verify = contexts()

    async def abandon(client: Client, seed: int) -> None:
        seconds = random.Random(seed).uniform(0.0005, 0.05)
        with suppress(sdk.TransportError, TimeoutError):
            if how == "deadline":
                await client.aio.test_api_keys.create(phone=PHONE, timeout=seconds)
            else:
                async with asyncio.timeout(seconds):
                    await client.aio.test_api_keys.create(phone=PHONE)

    async def main() -> list[str]:
        async with client_of(server.address, verify=verify) as client:
            for first in range(0, ABANDONED, 40):
                await asyncio.gather(*(abandon(client, n) for n in range(first, first + 40)))
            assert state(async_pool_of(client)) == (0, 0, 0)
            return await asyncio.gather(*(ask_async(client, phone) for phone in phones(PLACES)))

    with http2_server(lambda: random.uniform(0, 0.03), context, 4) as server:
        assert asyncio.run(main()) == [key_of(phone) for phone in phones(PLACES)]


def test_abandoned_threads_cost_neither_slot_nor_stream() -> None:
    """As for tasks."""
    context, verify = contexts()

    def abandon(seed: int) -> None:
        with suppress(sdk.TransportError):
            client.test_api_keys.create(phone=PHONE, timeout=random.Random(seed).uniform(0.0005, 0.05))

    with (
        http2_server(lambda: random.uniform(0, 0.03), context, 4) as server,
        client_of(server.address, verify=verify) as client,
        ThreadPoolExecutor(2 * PLACES) as threads,
    ):
        list(threads.map(abandon, range(ABANDONED)))
        assert state(pool_of(client)) == (0, 0, 0)
        keys = list(threads.map(lambda phone: ask(client, phone), phones(PLACES)))

    assert keys == [key_of(phone) for phone in phones(PLACES)]


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_call_whose_time_is_over_ends_alone(how: str) -> None:
    """The call beside it goes on, though to the same server and at the same time."""
    context, verify = contexts()
    delays = iter([0.0, 0.6, 5.0, 0.0])
    took: list[float] = []

    def short(client: Client) -> None:
        begun = time.monotonic()
        with pytest.raises(sdk.CallTimeoutError):
            client.test_api_keys.create(phone=PHONE, timeout=0.3)
        took.append(time.monotonic() - begun)

    async def main(client: Client) -> str:
        await ask_async(client, PHONE)
        beside = asyncio.create_task(ask_async(client, "4915200000001"))
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        with pytest.raises(sdk.CallTimeoutError):
            await client.aio.test_api_keys.create(phone=PHONE, timeout=0.3)
        took.append(time.monotonic() - begun)
        key = await beside
        assert await ask_async(client, PHONE) == key_of(PHONE)
        await client.aclose()
        return key

    with (
        http2_server(lambda: next(delays), context) as server,
        client_of(server.address, verify=verify) as client,
    ):
        if how == "async":
            key = asyncio.run(main(client))
        else:
            ask(client, PHONE)
            with ThreadPoolExecutor(2) as threads:
                beside = threads.submit(ask, client, "4915200000001")
                time.sleep(0.1)
                threads.submit(short, client).result()
                key = beside.result()
            assert ask(client, PHONE) == key_of(PHONE)

    assert key == key_of("4915200000001")
    assert took[0] < 3


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_connection_is_kept_until_the_server_ends_it(how: str) -> None:
    """A call that finds its end has not left yet, and takes another one."""
    context, verify = contexts()

    async def main(client: Client) -> None:
        for _ in range(5):
            await ask_async(client, PHONE)
        assert server.accepted == 1
        server.hang_up()
        await asyncio.sleep(0.1)
        assert await ask_async(client, PHONE) == key_of(PHONE)
        await client.aclose()

    with http2_server(tls=context) as server, client_of(server.address, verify=verify) as client:
        if how == "async":
            asyncio.run(main(client))
        else:
            for _ in range(5):
                ask(client, PHONE)
            assert server.accepted == 1
            server.hang_up()
            time.sleep(0.1)
            assert ask(client, PHONE) == key_of(PHONE)
        assert server.accepted == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_children_have_connections_of_their_own() -> None:
    """While calls of the parent are in flight."""
    context, verify = contexts()
    with (
        http2_server(0.2, context) as server,
        client_of(server.address, verify=verify) as client,
    ):
        ask(client, PHONE)
        outcomes: list[str] = []
        threads = [
            threading.Thread(target=lambda one=phone: outcomes.append(ask(client, one)))
            for phone in phones(5)
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        children = [start(lambda phone=phone: ask(client, phone)) for phone in phones(3)]  # type: ignore[misc]
        assert [outcome_of(child) for child in children] == [key_of(phone) for phone in phones(3)]
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == sorted(key_of(phone) for phone in phones(5))
        assert ask(client, PHONE) == key_of(PHONE)
