"""Look into the pools of a client, and ask through them: for the tests of each protocol and proxy."""

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import trustme

from novapost_client import Client


def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the TLS contexts of a server and of clients that trust it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    verify = ssl.create_default_context()
    authority.configure_trust(verify)
    return context, verify


def pool_of(client: Client) -> Any:
    """Return the pool of threads."""
    transport: Any = client._engine._sender.connections.sync_client()._transport
    return transport.pool


def async_pool_of(client: Client) -> Any:
    """Return the pool of the event loop that runs."""
    transport: Any = client._engine._sender.connections.async_client()._transport
    return transport.pool


def state(pool: Any) -> tuple[int, int, int]:
    """Return how many places are taken, how many calls wait, and how many connections are busy."""
    return pool._gate.inside, pool._gate.waiting, len(pool._stock.used)


def phones(count: int) -> list[str]:
    """Return so many phones."""
    return [f"49152{number:07d}" for number in range(count)]


def ask(client: Client, phone: str) -> str:
    """Return the key of a phone."""
    return client.test_api_keys.create(phone=phone).api_key


async def ask_async(client: Client, phone: str) -> str:
    """Return the key of a phone."""
    return (await client.aio.test_api_keys.create(phone=phone)).api_key


def ask_for_all(client: Client, numbers: list[str], how: str) -> list[str]:
    """Return the keys of phones that are asked for at the same time, "sync" in threads or "async" in tasks.

    Afterwards no place of the pool may be taken.
    """

    async def in_tasks() -> list[str]:
        keys = await asyncio.gather(*(ask_async(client, phone) for phone in numbers))
        assert state(async_pool_of(client)) == (0, 0, 0)
        await client.aclose()
        return keys

    if how == "async":
        return asyncio.run(in_tasks())
    with ThreadPoolExecutor(20) as threads:
        keys = list(threads.map(lambda phone: ask(client, phone), numbers))
    assert state(pool_of(client)) == (0, 0, 0)
    return keys
