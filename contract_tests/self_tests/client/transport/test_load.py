"""Does the pool of a client stay whole under load: bounded waits in front of it, and no slot that is lost?"""

import asyncio
import random
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest
import trustme

import novapost_client as sdk
from contract_tests.self_tests.support.phone_server import PHONE, key_of, phone_server
from novapost_client import Client, Retry
from novapost_client._runtime import calls, operations
from novapost_client._runtime.answers import Answers, Documented
from novapost_client._runtime.gate import AsyncGate, Gate
from novapost_client._runtime.parsing import ANY
from novapost_client._runtime.pool import AsyncPool, Pool

ABANDONED = 2000
PLACES = 10
WITH_TOKEN: calls.Call[Any] = calls.Call(
    operations.Operation("ping", "GET", "/ping", security=(("JWT",),)),
    Answers((200, 200, Documented("json", ANY))),
)


def limited(address: str, places: int = PLACES, **options: Any) -> Client:
    """Return a client of so many connections that repeats nothing."""
    settings = {"retry": None, "timeout": 20, **options}
    return Client(address, httpx_args={"limits": httpx.Limits(max_connections=places)}, **settings)


def pool_of(client: Client) -> Pool:
    """Return the pool of threads."""
    transport: Any = client._engine._sender.connections.sync_client()._transport
    pool: Pool = transport.pool
    return pool


def async_pool_of(client: Client) -> AsyncPool:
    """Return the pool of the event loop that runs."""
    transport: Any = client._engine._sender.connections.async_client()._transport
    pool: AsyncPool = transport.pool
    return pool


def test_five_hundred_calls_at_once_succeed_with_default_settings() -> None:
    """They wait in front of the pool for their turn, while two processes keep the machine busy."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]

    async def main() -> list[Any]:
        async with Client(server.address) as client:
            several = [client.aio.test_api_keys.create(phone=f"49152{n:07d}") for n in range(500)]
            outcomes = await asyncio.gather(*several, return_exceptions=True)
            pool = async_pool_of(client)
            assert (pool._gate.inside, pool._gate.waiting) == (0, 0)
            return outcomes

    try:
        with phone_server(0.05) as server:
            outcomes = asyncio.run(main())
            assert server.accepted <= 100
    finally:
        for process in busy:
            process.kill()
            process.wait()

    assert [repr(one) for one in outcomes if isinstance(one, BaseException)] == []
    assert [one.api_key for one in outcomes] == [key_of(f"49152{n:07d}") for n in range(500)]


def abandon(how: str, client: Client, seed: int) -> Callable[[], Any]:
    """Return a call that its own deadline ends, or its caller, somewhere on its way."""
    drawn = random.Random(seed)
    seconds = drawn.uniform(0.0005, 0.05)

    async def by_deadline() -> None:
        with suppress(sdk.TransportError):
            await client.aio.test_api_keys.create(phone=PHONE, timeout=seconds)

    async def by_its_caller() -> None:
        with suppress(sdk.TransportError, TimeoutError):
            async with asyncio.timeout(seconds):
                await client.aio.test_api_keys.create(phone=PHONE)

    def by_threads() -> None:
        with suppress(sdk.TransportError):
            client.test_api_keys.create(phone=PHONE, timeout=seconds)

    return {"deadline": by_deadline, "caller": by_its_caller, "threads": by_threads}[how]


@pytest.mark.parametrize("how", ["deadline", "caller"])
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_thousands_of_abandoned_tasks_cost_no_slot(how: str, tls: bool) -> None:
    """Wherever they are given up: in front of the pool, connecting, in the handshake, sending, reading."""
    context, verify = certified() if tls else (None, True)

    async def main() -> None:
        arguments = {"limits": httpx.Limits(max_connections=PLACES), "verify": verify}
        async with Client(server.address, retry=None, timeout=20, httpx_args=arguments) as client:
            for start in range(0, ABANDONED, 40):
                await asyncio.gather(*(abandon(how, client, n)() for n in range(start, start + 40)))
            pool = async_pool_of(client)
            assert (pool._gate.inside, pool._gate.waiting, len(pool._stock.used)) == (0, 0, 0)
            assert len(pool._stock.idle) <= PLACES
            several = (client.aio.test_api_keys.create(phone=PHONE) for _ in range(PLACES))
            assert [key.api_key for key in await asyncio.gather(*several)] == [key_of(PHONE)] * PLACES

    with phone_server(0.02, tls=context) as server:
        asyncio.run(main())


def certified() -> tuple[Any, Any]:
    """Return the TLS contexts of a server and of clients that trust it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    verify = ssl.create_default_context()
    authority.configure_trust(verify)
    return context, verify


def test_thousands_of_abandoned_threads_cost_no_slot() -> None:
    """Twice as many threads as slots, each with a deadline too short for most calls."""
    with (
        phone_server(0.02) as server,
        limited(server.address) as client,
        ThreadPoolExecutor(2 * PLACES) as threads,
    ):
        for future in [threads.submit(abandon("threads", client, n)) for n in range(ABANDONED)]:
            future.result()
        pool = pool_of(client)
        assert (pool._gate.inside, pool._gate.waiting, len(pool._stock.used)) == (0, 0, 0)
        several = [threads.submit(client.test_api_keys.create, phone=PHONE) for _ in range(PLACES)]
        assert [call.result().api_key for call in several] == [key_of(PHONE)] * PLACES


@pytest.mark.parametrize("how", ["sync", "async"])
def test_waiting_for_a_connection_is_bounded_and_told_as_such(how: str) -> None:
    """A call that never got a connection has surely not left, and its error says what it waited for."""
    waits = httpx.Timeout(5, pool=0.1)

    def blocking(client: Client) -> sdk.CallTimeoutError:
        first = threading.Thread(target=lambda: client.test_api_keys.create(phone=PHONE))
        first.start()
        time.sleep(0.2)
        try:
            with pytest.raises(sdk.CallTimeoutError) as caught:
                client.test_api_keys.create(phone=PHONE, timeout=waits)
        finally:
            first.join()
        return caught.value

    async def waiting(client: Client) -> sdk.CallTimeoutError:
        first = asyncio.create_task(client.aio.test_api_keys.create(phone=PHONE))
        await asyncio.sleep(0.2)
        with pytest.raises(sdk.CallTimeoutError) as caught:
            await client.aio.test_api_keys.create(phone=PHONE, timeout=waits)
        with pytest.raises(sdk.CallTimeoutError) as late:
            await client.aio.test_api_keys.create(phone=PHONE, timeout=0.1)
        assert not late.value.sent
        await first
        await client.aclose()
        return caught.value

    with phone_server(1.0) as server, limited(server.address, 1) as client:
        error = blocking(client) if how == "sync" else asyncio.run(waiting(client))

    assert not error.sent
    assert "no connection was free within 0.1 s, all 1 are in use" in str(error)


def test_a_call_that_waited_in_vain_is_repeated() -> None:
    """Even a POST, for it never left."""
    with phone_server(0.3) as server, limited(server.address, 1, retry=Retry(first_wait=0.2)) as client:
        first = threading.Thread(target=lambda: client.test_api_keys.create(phone=PHONE))
        first.start()
        time.sleep(0.05)
        key = client.test_api_keys.create(phone=PHONE, timeout=httpx.Timeout(5, pool=0.1))
        first.join()

    assert key.api_key == key_of(PHONE)


def test_places_are_given_in_the_order_of_asking() -> None:
    """To threads as to tasks, so that nobody waits for ever behind later ones."""
    order: list[int] = []
    gate = Gate(1)
    gate.enter(None)

    def take(number: int) -> None:
        gate.enter(5)
        order.append(number)
        gate.leave()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
        until = time.monotonic() + 5
        while gate.waiting <= threads.index(thread) and time.monotonic() < until:
            time.sleep(0.001)
    gate.leave()
    for thread in threads:
        thread.join()
    assert (order, gate.inside) == ([0, 1, 2, 3, 4], 0)

    async def main() -> None:
        order.clear()
        gate = AsyncGate(1)
        await gate.enter(None)

        async def take(number: int) -> None:
            await gate.enter(5)
            order.append(number)
            gate.leave()

        tasks = [asyncio.create_task(take(number)) for number in range(5)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        gate.leave()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (order, gate.inside, gate.waiting) == ([0, 2, 3, 4], 0, 0)

    asyncio.run(main())


def test_a_place_that_is_given_while_its_taker_gives_up_is_passed_on() -> None:
    """The narrowest moment: the place is there, and so is the cancellation or the end of the wait."""

    async def main() -> None:
        gate = AsyncGate(1)
        await gate.enter(None)
        task = asyncio.create_task(gate.enter(None))
        await asyncio.sleep(0)
        gate.leave()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert gate.inside == 0
        await gate.enter(None)
        with pytest.raises(TimeoutError):
            await gate.enter(0.01)

    asyncio.run(main())


def test_connections_are_kept_as_long_as_they_are_any_good() -> None:
    """One serves call after call, an expired one is replaced, and no more are kept than allowed."""

    def several(client: Client, times: int) -> None:
        with ThreadPoolExecutor(times) as threads:
            for call in [threads.submit(client.test_api_keys.create, phone=PHONE) for _ in range(times)]:
                call.result()

    limits = httpx.Limits(max_connections=PLACES, max_keepalive_connections=2, keepalive_expiry=0.2)
    with (
        phone_server(0.1) as server,
        Client(server.address, httpx_args={"limits": limits}) as client,
    ):
        for _ in range(2):
            client.test_api_keys.create(phone=PHONE)
        assert server.accepted == 1
        several(client, 5)
        assert len(pool_of(client)._stock.idle) == 2
        before = server.accepted
        time.sleep(0.3)
        client.test_api_keys.create(phone=PHONE)
        assert server.accepted == before + 1
        assert repr(pool_of(client)).startswith("<pool: 0 of 10 in use, 0 waiting, ")


def test_deadlines_cost_a_client_of_the_callers_own_no_slot() -> None:
    """Its pool loses one when a call that waits within it runs out of time at the wrong moment."""

    async def main() -> None:
        limits = httpx.Limits(max_connections=PLACES)
        async with httpx.AsyncClient(limits=limits, trust_env=False) as own:
            client = Client(server.address, retry=None, http_client=own)
            for start in range(0, ABANDONED, 40):
                await asyncio.gather(*(abandon("deadline", client, n)() for n in range(start, start + 40)))
            several = (client.aio.test_api_keys.create(phone=PHONE, timeout=10) for _ in range(PLACES))
            assert [key.api_key for key in await asyncio.gather(*several)] == [key_of(PHONE)] * PLACES

    with phone_server(0.02) as server:
        asyncio.run(main())


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_token_is_obtained_before_a_turn_is_taken(how: str) -> None:
    """Else all turns are held by calls that wait for a token, and the call for it waits for a turn."""

    async def tasks() -> list[int]:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1), trust_env=False) as own:
            client = Client(server.address, retry=None, timeout=10, api_key="k" * 32, http_client=own)
            answers = await asyncio.gather(*(client.asend(WITH_TOKEN) for _ in range(3)))
            return [answer.status_code for answer in answers]

    def threads() -> list[int]:
        with httpx.Client(limits=httpx.Limits(max_connections=1), trust_env=False) as own:
            client = Client(server.address, retry=None, timeout=10, api_key="k" * 32, http_client=own)
            with ThreadPoolExecutor(3) as executor:
                answers = [executor.submit(client.send, WITH_TOKEN) for _ in range(3)]
                return [answer.result().status_code for answer in answers]

    with phone_server(0.02) as server:
        assert (threads() if how == "sync" else asyncio.run(tasks())) == [200] * 3


def test_connections_that_failed_are_not_kept() -> None:
    """Three hundred calls to a port where nobody listens leave an empty pool."""

    async def main() -> None:
        async with Client(address, retry=None) as client:
            several = (client.aio.test_api_keys.create(phone=PHONE) for _ in range(300))
            outcomes = await asyncio.gather(*several, return_exceptions=True)
            assert {type(one) for one in outcomes} == {sdk.ConnectionFailedError}
            assert repr(async_pool_of(client)) == "<pool: 0 of 100 in use, 0 waiting, 0 kept, 0 busy>"

    with phone_server() as server:
        address = server.address
    asyncio.run(main())
