"""Is a token kept as long as it is good, obtained once for all who wait, and shown to nobody else?"""

import asyncio
import base64
import json
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from scripts.runtime.auth import TokenAuth, claims_of
from scripts.runtime.errors import CallTimeoutError, ClientError, ConnectionFailedError
from scripts.runtime.shared_token import SharedToken
from scripts.runtime.token_store import StoredToken


class Clock:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        """Now."""
        return self.time


def token(**claims: Any) -> str:
    """Return a JSON Web Token with these claims."""
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.sig"


def auth(fetch: Callable[[], str | ClientError], clock: Clock, **more: Any) -> TokenAuth:
    """Return an authentication that fetches like this."""

    async def fetch_async() -> str | ClientError:
        await asyncio.sleep(0)
        return fetch()

    return TokenAuth(
        header="Authorization",
        address="https://api.example/v1",
        fetch=fetch,
        fetch_async=fetch_async,
        clock=clock,
        now=clock,
        **more,
    )


@pytest.mark.parametrize(
    ("claims", "good_for"),
    [
        ({"exp": 1_600}, 540),
        ({"iat": 5_000_000, "exp": 5_000_600}, 540),
        ({}, 3_540),
        ({"exp": "soon"}, 3_540),
        ({"exp": True}, 3_540),
        ({"exp": 1e300}, 3_540),
        ({"exp": 900}, 0),
        ({"exp": 1_030}, 0),
    ],
    ids=str,
)
def test_a_token_is_kept_until_a_minute_before_its_end(claims: dict[str, Any], good_for: float) -> None:
    """By its own claims where they make sense, by a clock that may be wrong; else an hour."""
    clock = Clock()
    tokens = iter([token(**claims), "second.one.x"])
    kept = auth(lambda: next(tokens), clock)

    first = kept.obtain()
    clock.time += good_for - 0.5
    if good_for:
        assert kept.obtain() == first
    clock.time += 1
    assert kept.obtain() == "second.one.x"


class Kept:
    """A shared token that is in the store."""

    def __init__(self, token: str, expires_at: float) -> None:
        self.stored = StoredToken(token, expires_at)

    def load(self, rejected: str | None, margin: float) -> StoredToken:
        """Return it."""
        return self.stored


def test_a_token_of_another_process_is_kept_until_a_minute_before_its_end() -> None:
    """By the moment that stands beside it in the store, as one of our own."""
    clock = Clock()
    store: Any = Kept("first", clock.time + 600)
    kept = auth(lambda: "unused", clock, shared=store)

    assert kept.obtain() == "first"
    store.stored = StoredToken("second", clock.time + 6_000)
    clock.time += 539.5
    assert kept.obtain() == "first"
    clock.time += 1
    assert kept.obtain() == "second"


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_a_late_rejection_does_not_discard_a_token_that_was_renewed_meanwhile(prefix: str) -> None:
    """Two calls go out with the old token; the 401 of the second comes when the first has renewed it."""
    tokens = iter(["old.one.x", "new.one.x"])
    kept = auth(lambda: next(tokens), Clock(), prefix=prefix)
    kept.obtain()

    assert kept.forget(f"{prefix}old.one.x")
    assert kept.current is None
    assert kept.obtain() == "new.one.x"
    assert kept.forget(f"{prefix}old.one.x")

    assert kept.current == "new.one.x"
    assert kept.obtain() == "new.one.x"
    assert not kept.forget(None)
    assert kept.current == "new.one.x"


def test_a_token_goes_to_its_host_alone() -> None:
    """Another scheme, host or port gets none, and none is obtained for it."""
    kept = auth(lambda: "a.b.c", Clock())

    for address in ("http://api.example/", "https://evil.example/", "https://api.example:8443/"):
        request = next(kept.sync_auth_flow(httpx.Request("GET", address)))
        assert "authorization" not in request.headers
    request = next(kept.sync_auth_flow(httpx.Request("GET", "https://API.example:443/x")))
    assert request.headers["authorization"] == "a.b.c"
    assert "a.b.c" not in repr(kept)


def test_those_who_wait_for_a_failure_share_it() -> None:
    """Twenty threads do not ask a service that is down twenty times."""
    asked: list[int] = []
    held = threading.Event()

    def fail() -> ClientError:
        asked.append(1)
        held.wait(5)
        return ConnectionFailedError("down")

    kept = auth(fail, Clock())
    outcomes: list[object] = []
    threads = [threading.Thread(target=lambda: outcomes.append(kept.obtain())) for _ in range(20)]
    for thread in threads:
        thread.start()
    while not asked:
        pass
    threading.Timer(0.2, held.set).start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 20
    assert {type(one) for one in outcomes} == {ConnectionFailedError}
    assert len(asked) < 5


def test_who_blocks_an_event_loop_does_not_wait_for_its_tasks() -> None:
    """A call of the sync side within a task would wait for itself."""
    started = asyncio.Event

    async def main() -> None:
        begun, go_on = started(), started()

        async def slow() -> str:
            begun.set()
            await go_on.wait()
            return "slow.one.x"

        kept = TokenAuth(
            header="Authorization",
            address="https://api.example",
            fetch=lambda: "fast.one.x",
            fetch_async=slow,
        )
        task = asyncio.create_task(kept.obtain_async())
        await begun.wait()
        assert kept.obtain() == "fast.one.x"
        go_on.set()
        assert await task == "slow.one.x"

    asyncio.run(main())


def test_a_cancelled_refresh_frees_the_way() -> None:
    """The next one who needs a token gets one."""

    async def main() -> None:
        async def never() -> str:
            await asyncio.sleep(60)
            raise AssertionError

        kept = TokenAuth(
            header="Authorization", address="https://api.example", fetch=lambda: "a.b.c", fetch_async=never
        )
        task = asyncio.create_task(kept.obtain_async())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(kept.obtain) == "a.b.c"

    asyncio.run(main())


@pytest.mark.parametrize(
    "text", ["", "a", "a.b", "a.b.c", "a.!!.c", "a.W10.c", "a.bnVsbA.c", "a." + "A" * 20_000 + ".c"]
)
def test_a_token_that_is_no_jwt_has_no_claims(text: str) -> None:
    """It may be any text; it is just not read."""
    assert claims_of(text) == {}


def test_a_task_that_waits_for_anothers_token_ends_in_time() -> None:
    """Its own call has a deadline."""
    clock = Clock()

    async def main() -> None:
        go_on = asyncio.Event()

        async def slow() -> str:
            await go_on.wait()
            return "slow.one.x"

        kept = TokenAuth(
            header="Authorization", address="https://api.example", fetch=str, fetch_async=slow, clock=clock
        )
        first, second = (asyncio.create_task(kept.obtain_async(wait=30)) for _ in range(2))
        await asyncio.sleep(0)
        clock.time += 31
        assert isinstance(await second, CallTimeoutError)
        go_on.set()
        assert await first == "slow.one.x"

    asyncio.run(main())


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_failure_is_not_put_into_a_store(how: str) -> None:
    """And a token is sent to its own host alone, by tasks as by threads."""
    kept: dict[str, StoredToken] = {}
    store = SimpleNamespace(get=kept.get, save=kept.__setitem__, delete=kept.pop)
    outcomes: list[str | ClientError] = [ConnectionFailedError("down"), "a.b.c"]
    shared = SharedToken(
        store, package="depot", address="https://api.example/v1", secret="k", now=lambda: 1_000.0
    )
    authentication = auth(lambda: outcomes.pop(0), Clock(), shared=shared)

    async def obtained() -> str | ClientError:
        return await authentication.obtain_async() if how == "async" else authentication.obtain()

    async def main() -> None:
        assert isinstance(await obtained(), ConnectionFailedError)
        assert kept == {}
        assert await obtained() == "a.b.c"
        assert [one.token for one in kept.values()] == ["a.b.c"]
        for host, header in (("evil.example", None), ("api.example", "a.b.c")):
            request = httpx.Request("GET", f"https://{host}/")
            assert [one async for one in authentication.async_auth_flow(request)] == [request]
            assert request.headers.get("authorization") == header

    asyncio.run(main())
