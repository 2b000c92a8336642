"""Does whoever interrupts a call, from wherever and between whichever steps, cost no slot?"""

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest

import novapost_client as sdk
from contract_tests.self_tests.support.client_pools import pool_of, state
from contract_tests.self_tests.support.phone_server import PHONE, key_of, phone_server
from novapost_client import Client
from novapost_client._runtime.gate import Place

INTERRUPTED = 1000
PLACES = 10

Ask = Callable[[], Awaitable[object]]


async def cancelled(ask: Ask, seconds: float) -> None:
    """Cancel the task of a call."""
    task = asyncio.ensure_future(ask())
    await asyncio.sleep(seconds)
    task.cancel()
    await task


async def by_timeout(ask: Ask, seconds: float) -> None:
    """Call within asyncio's time-out."""
    async with asyncio.timeout(seconds):
        await ask()


async def by_wait_for(ask: Ask, seconds: float) -> None:
    """Call within the older form of it."""
    await asyncio.wait_for(ask(), seconds)


async def by_anyio(ask: Ask, seconds: float) -> None:
    """Call within a scope of anyio, which cancels again at each wait that follows."""
    with anyio.move_on_after(seconds):
        await ask()


async def by_a_sibling(ask: Ask, seconds: float) -> None:
    """Call beside a task of the same group that fails."""

    async def fail() -> None:
        await asyncio.sleep(seconds)
        raise TimeoutError

    with suppress(BaseExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            await ask()


WAYS = {one.__name__: one for one in (cancelled, by_timeout, by_wait_for, by_anyio, by_a_sibling)}


@pytest.mark.parametrize("way", WAYS)
def test_tasks_that_their_caller_ends_cost_no_slot(way: str) -> None:
    """Afterwards all slots are free, and as many calls as there are slots succeed at the same time."""

    async def main() -> None:
        limits = httpx.Limits(max_connections=PLACES)
        async with Client(server.address, retry=None, timeout=20, httpx_args={"limits": limits}) as client:

            async def ask() -> str:
                return (await client.aio.test_api_keys.create(phone=PHONE)).api_key

            async def once(seed: int) -> None:
                with suppress(asyncio.CancelledError, TimeoutError, sdk.TransportError):
                    await WAYS[way](ask, random.Random(seed).uniform(0.0005, 0.05))

            for first in range(0, INTERRUPTED, 40):
                await asyncio.gather(*(once(number) for number in range(first, first + 40)))
            transport: Any = client._engine._sender.connections.async_client()._transport
            pool = transport.pool
            assert (pool._gate.inside, pool._gate.waiting, len(pool._stock.used)) == (0, 0, 0)
            assert await asyncio.gather(*(ask() for _ in range(PLACES))) == [key_of(PHONE)] * PLACES

    with phone_server(0.02) as server:
        asyncio.run(main())


# Prints what of the pool is in use when all calls have ended.
BETWEEN_STEPS = """
import ctypes, os, random, signal, sys, threading, time
import httpx
from novapost_client import Client, ClientError

address, phone, way = sys.argv[1:]
client = Client(address, retry=None, timeout=20, httpx_args={"limits": httpx.Limits(max_connections=3)})
client.test_api_keys.create(phone=phone)
over = threading.Event()

def ask_on():
    while not over.is_set():
        try:
            client.test_api_keys.create(phone=phone)
        except ClientError:
            pass

def keep_asking():
    while not over.is_set():
        try:
            ask_on()
        except BaseException:
            pass

def interrupt(frame_or_number, frame):
    if not over.is_set():
        raise KeyboardInterrupt

if way == "signal":
    signal.signal(signal.SIGINT, interrupt)
    def shoot():
        for _ in range(600):
            time.sleep(random.uniform(0.0005, 0.005))
            os.kill(os.getpid(), signal.SIGINT)
        over.set()
    threading.Thread(target=shoot, daemon=True).start()
    keep_asking()
else:
    threads = [threading.Thread(target=keep_asking, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(600):
        victim, kind = random.choice(threads), random.choice((KeyboardInterrupt, SystemExit))
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(victim.ident), ctypes.py_object(kind))
        time.sleep(0.002)
    over.set()
    for thread in threads:
        thread.join(10)

# The first call takes back what was dropped.
client.test_api_keys.create(phone=phone, timeout=10)
pool = client._engine._sender.connections.sync_client()._transport.pool
print(pool._gate.inside, pool._gate.waiting, len(pool._stock.used))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGINT"), reason="there are no signals here")
@pytest.mark.parametrize("way", ["signal", "exception"])
def test_an_interrupt_between_any_two_steps_costs_no_slot(way: str) -> None:
    """Of a user at the keyboard, or of another thread, which frameworks use to end a worker."""
    with phone_server(0.003) as server:
        command = [sys.executable, "-c", BETWEEN_STEPS, server.address, PHONE, way]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, "0 0 0\n"), done.stderr


def test_a_call_that_ends_takes_back_the_place_that_another_one_lost() -> None:
    """So that those who wait already get it, though no further call begins."""
    with Client("https://a.example", httpx_args={"limits": httpx.Limits(max_connections=2)}) as client:
        pool = pool_of(client)
        held, dropped = Place(pool._lost), Place(pool._lost)
        for place in (held, dropped):
            pool._gate.enter(0, place)
        del place, dropped
        assert state(pool) == (2, 0, 0)

        pool.done(held, whole=False)
        assert state(pool) == (0, 0, 0)
