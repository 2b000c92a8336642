"""Does all that holds for a straight connection hold for one through a SOCKS proxy?"""

import asyncio
import gc
import os
import random
import socket
import ssl
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
from contract_tests.self_tests.support.phone_server import PHONE, key_of, phone_server
from contract_tests.self_tests.support.socks_server import socks_server
from novapost_client import Client

ABANDONED = 600
PLACES = 10


def client_of(address: str, proxy: str, verify: ssl.SSLContext | bool = True, **options: Any) -> Client:
    """Return a client that goes through a proxy and repeats nothing."""
    limits = httpx.Limits(max_connections=PLACES)
    arguments = {"proxy": proxy, "limits": limits, "verify": verify}
    return Client(address, retry=None, **{"timeout": 20, **options}, httpx_args=arguments)


def ask_either(how: str, client: Client) -> str:
    """Return the key of a phone."""
    return ask(client, PHONE) if how == "sync" else asyncio.run(ask_async(client, PHONE))


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("tls", [True, False], ids=["tls", "plain"])
def test_tunnels_are_kept_and_give_each_call_its_own_answer(how: str, tls: bool) -> None:
    """No more of them than connections are allowed."""
    context, verify = contexts() if tls else (None, True)

    with (
        phone_server(0.01, tls=context) as server,
        socks_server() as proxy,
        client_of(server.address, proxy.address, verify) as client,
    ):
        keys = ask_for_all(client, phones(100), how)
        assert proxy.tunnels <= PLACES

    assert keys == [key_of(phone) for phone in phones(100)]


def test_a_proxy_that_asks_for_a_password_gets_it_and_nobody_else() -> None:
    """A wrong one ends in an error that names the proxy and shows no password."""
    with phone_server() as server, socks_server(login=("name", "right secret")) as proxy:
        right = proxy.address.replace("//", "//name:right%20secret@")
        with client_of(server.address, right) as client:
            assert ask(client, PHONE) == key_of(PHONE)
        wrong = proxy.address.replace("//", "//name:wrongsecret@")
        with client_of(server.address, wrong) as client:
            with pytest.raises(sdk.ConnectionFailedError) as caught:
                ask(client, PHONE)
            assert state(pool_of(client)) == (0, 0, 0)

    assert not caught.value.sent
    assert "by the proxy of httpx_args['proxy']" in str(caught.value)
    assert "wrongsecret" not in repr(caught.value) + str(caught.value.__cause__)


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_target_that_the_proxy_cannot_reach_is_told(how: str) -> None:
    """The request has surely not left."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with (
        socks_server() as proxy,
        client_of(address, proxy.address) as client,
        pytest.raises(sdk.ConnectionFailedError) as caught,
    ):
        ask_either(how, client)
    assert not caught.value.sent


@pytest.mark.parametrize("how", ["sync", "async"])
def test_the_total_holds_in_the_handshake_with_the_proxy(how: str) -> None:
    """httpcore's own time-outs do not: it waits for the proxy's answers without an end."""
    with (
        phone_server() as server,
        socks_server(5.0) as proxy,
        client_of(server.address, proxy.address, timeout=0.3) as client,
    ):
        begun = time.monotonic()
        with pytest.raises(sdk.CallTimeoutError):
            ask_either(how, client)
        assert time.monotonic() - begun < 4


@pytest.mark.parametrize("how", ["deadline", "caller", "threads"])
def test_abandoned_calls_cost_neither_slot_nor_socket(how: str) -> None:
    """Wherever they are given up, also in the middle of the handshakes with proxy and server."""
    context, verify = contexts()

    async def abandon(client: Client, seed: int) -> None:
        seconds = random.Random(seed).uniform(0.0005, 0.06)
        with suppress(sdk.TransportError, TimeoutError):
            if how == "deadline":
                await client.aio.test_api_keys.create(phone=PHONE, timeout=seconds)
            else:
                async with asyncio.timeout(seconds):
                    await client.aio.test_api_keys.create(phone=PHONE)

    def abandon_here(seed: int) -> None:
        with suppress(sdk.TransportError):
            client.test_api_keys.create(phone=PHONE, timeout=random.Random(seed).uniform(0.0005, 0.06))

    async def main() -> list[str]:
        async with client_of(server.address, proxy.address, verify) as client:
            for first in range(0, ABANDONED, 40):
                await asyncio.gather(*(abandon(client, n) for n in range(first, first + 40)))
            assert state(async_pool_of(client)) == (0, 0, 0)
            return await asyncio.gather(*(ask_async(client, phone) for phone in phones(PLACES)))

    with phone_server(0.01, tls=context) as server, socks_server(0.01) as proxy:
        if how == "threads":
            with (
                client_of(server.address, proxy.address, verify) as client,
                ThreadPoolExecutor(2 * PLACES) as threads,
            ):
                list(threads.map(abandon_here, range(ABANDONED)))
                assert state(pool_of(client)) == (0, 0, 0)
                keys = list(threads.map(lambda phone: ask(client, phone), phones(PLACES)))
        else:
            keys = asyncio.run(main())
    gc.collect()

    assert keys == [key_of(phone) for phone in phones(PLACES)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_children_have_tunnels_of_their_own() -> None:
    """And the parent's goes on."""
    with (
        phone_server(0.01) as server,
        socks_server() as proxy,
        client_of(server.address, proxy.address) as client,
    ):
        ask(client, PHONE)
        children = [start(lambda phone=phone: ask(client, phone)) for phone in phones(3)]  # type: ignore[misc]
        assert [outcome_of(child) for child in children] == [key_of(phone) for phone in phones(3)]
        assert ask(client, PHONE) == key_of(PHONE)
        assert proxy.tunnels == 4
