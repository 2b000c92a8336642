"""Do clients share a token through a store, and does the store decide nothing but that?"""

import asyncio
import re
import time
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from contract_tests.self_tests.client.token.obtained import Clock, auth
from scripts.runtime.auth import TokenAuth
from scripts.runtime.deadline import Deadline, holding
from scripts.runtime.errors import ClientError, ConnectionFailedError
from scripts.runtime.shared_token import NoLock, SharedToken
from scripts.runtime.token_store import StoredToken


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


NOW = 1_000.0


class Shelf:
    """A store in memory that notes what it was asked; `looks` are what it has, one look after the other."""

    def __init__(self, *looks: Any, locks: tuple[Any, ...] = ()) -> None:
        self.looks = list(looks)
        self.locks = list(locks)
        self.asked: list[tuple[Any, ...]] = []

    def get(self, key: str) -> Any:
        """Return what this look finds; the last one is found again."""
        self.asked.append(("get",))
        return self.looks.pop(0) if len(self.looks) > 1 else next(iter(self.looks), None)

    def save(self, key: str, stored: StoredToken) -> None:
        """Note it."""
        self.asked.append(("save", stored.token, stored.expires_at))

    def delete(self, key: str) -> None:
        """Note it."""
        self.asked.append(("delete",))

    def lock(self, key: str) -> Any:
        """Return the next lock; the last one again."""
        self.asked.append(("lock",))
        return self.locks.pop(0) if len(self.locks) > 1 else next(iter(self.locks), self)

    def release(self) -> None:
        """Note that the lock is given back."""
        self.asked.append(("release",))


def shared(store: Any, address: str = "https://api.example", key: str = "k") -> SharedToken:
    return SharedToken(store, package="depot", address=address, secret=key, now=lambda: NOW)


@pytest.mark.parametrize(
    ("found", "margin", "is_good"),
    [
        (None, 60.0, False),
        (StoredToken("a.b.c", NOW + 60), 60.0, False),
        (StoredToken("a.b.c", NOW + 60.5), 60.0, True),
        (StoredToken("a.b.c", NOW), 0.0, False),
        (StoredToken("a.b.c", NOW + 0.5), 0.0, True),
        (StoredToken("old.b.c", NOW + 600), 60.0, False),
        (StoredToken("a b", NOW + 600), 60.0, False),
        (StoredToken("", NOW + 600), 60.0, False),
        (StoredToken("a.b.c", float("inf")), 60.0, False),
        ("a.b.c", 60.0, False),
    ],
)
def test_a_stored_token_is_taken_only_if_it_is_good_for_longer(
    found: Any, margin: float, is_good: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The one that was rejected is deleted; what is no token is told to the log without its text."""
    store = Shelf(found)

    assert shared(store).load("old.b.c", margin) == (found if is_good else None)
    is_rejected = isinstance(found, StoredToken) and found.token == "old.b.c"
    assert store.asked == [("get",), ("delete",)] if is_rejected else [("get",)]
    is_odd = not is_rejected and found is not None and (isinstance(found, str) or not found.is_usable())
    assert ("gave something that is no token" in caplog.text) is is_odd
    assert "a.b.c" not in caplog.text


def test_a_token_is_kept_until_its_end_under_a_key_that_shows_nothing() -> None:
    """The same key for the same address and secret, and for no other."""
    keys: list[str] = []
    store = SimpleNamespace(save=lambda key, stored: keys.append(key), get=None, delete=None)
    for address, secret in (
        ("https://a.example", "k1"),
        ("https://a.example", "k1"),
        ("https://b.example", "k1"),
        ("https://a.example", "k2"),
    ):
        shared(store, address, secret).save("a.b.c", 60.0)

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert all(re.fullmatch("depot-[0-9a-f]{64}", key) for key in keys)
    assert "***" in repr(shared(store))
    shelf = Shelf()
    shared(shelf).save("a.b.c", 60.0)
    assert shelf.asked == [("save", "a.b.c", NOW + 60.0)]


@pytest.mark.parametrize("has_lock", ["no lock", "no method", "a lock", "another has it"])
def test_a_store_may_have_a_lock(has_lock: str) -> None:
    """Without one, each client may renew."""
    store: Any = Shelf(locks=(None,) if has_lock == "another has it" else ())
    if has_lock == "no lock":
        store = SimpleNamespace(get=None, save=None, delete=None)
    elif has_lock == "no method":
        store.lock = "rusty"

    lock = shared(store).lock()
    if has_lock in ("no lock", "no method"):
        assert isinstance(lock, NoLock)
        lock.release()
    else:
        assert lock is (None if has_lock == "another has it" else store)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionError("redis://:pass-word@host refused"), "ConnectionError"),
        (ValueError("pass-word"), "ValueError"),
        (PermissionError(1, "not ours"), "[Errno 1] not ours"),
        (OSError(2, f"none\nfor {'a1' * 20}"), "[Errno 2] none for ***"),
    ],
    ids=["server", "value", "file", "key"],
)
def test_a_store_that_fails_is_told_to_the_log_by_what_was_tried(
    error: Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """In one line without a secret, and the call goes on."""

    def fail(*arguments: Any) -> Any:
        raise error

    one = shared(SimpleNamespace(get=fail, save=fail, delete=fail, lock=fail))
    assert one.load(None, 60.0) is None
    one.save("a.b.c", 60.0)
    lock = one.lock()
    assert isinstance(lock, NoLock)
    one.release(SimpleNamespace(release=fail))
    shared(SimpleNamespace(get=lambda key: StoredToken("a.b.c", NOW + 600), delete=fail)).load("a.b.c", 60.0)

    assert [record.getMessage() for record in caplog.records] == [
        f"cannot {tried} the token store: {reason}"
        for tried in ("read", "write", "lock", "unlock", "delete from")
    ]
    assert {record.name for record in caplog.records} == {"depot"}


def test_an_interrupt_is_no_failure_of_the_store() -> None:
    """Whoever presses Ctrl-C wants to stop."""

    def interrupted(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shared(SimpleNamespace(get=interrupted)).load(None, 60.0)


TAKEN = StoredToken("their.b.c", NOW + 600)
HOWS = pytest.mark.parametrize("how", ["thread", "task"])


def renewed(
    store: Shelf, how: str, monkeypatch: pytest.MonkeyPatch, outcome: str | ClientError = "own.b.c"
) -> tuple[str | ClientError, list[float], TokenAuth]:
    """Return what a client gets, how long it slept each time, and the client's authentication."""
    clock, slept = Clock(), list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.time += seconds

    async def sleep_in_task(seconds: float) -> None:
        sleep(seconds)

    def fetch() -> str | ClientError:
        store.asked.append(("fetch",))
        return outcome

    monkeypatch.setattr(time, "sleep", sleep)
    kept = auth(fetch, clock, shared=shared(store))
    if how == "thread":
        return kept.obtain(), slept, kept

    async def fetch_async() -> str | ClientError:
        return fetch()

    vars(kept)["_fetch_async"] = fetch_async
    monkeypatch.setattr(asyncio, "sleep", sleep_in_task)
    return asyncio.run(kept.obtain_async()), slept, kept


@HOWS
def test_a_token_of_the_store_needs_no_lock(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent until a minute before its end, as one of our own."""
    store = Shelf(TAKEN)

    token, slept, kept = renewed(store, how, monkeypatch)
    assert (token, slept, store.asked) == ("their.b.c", [], [("get",)])
    clock = vars(kept)["_clock"]
    clock.time += 539.5
    assert kept.current == "their.b.c"
    clock.time += 0.5
    assert kept.current is None


@HOWS
def test_one_process_obtains_the_token_for_all(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the lock it looks again, obtains the token, keeps it in the store, and gives the lock back."""
    store = Shelf(None)

    token, slept, _ = renewed(store, how, monkeypatch)
    assert (token, slept) == ("own.b.c", [])
    saved = ("save", "own.b.c", NOW + 3_600)
    assert store.asked == [("get",), ("lock",), ("get",), ("fetch",), saved, ("release",)]


@HOWS
def test_a_token_that_came_before_the_lock_is_taken(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process before us obtained it; the lock is given back."""
    store = Shelf(None, TAKEN)

    assert renewed(store, how, monkeypatch)[0] == "their.b.c"
    assert store.asked == [("get",), ("lock",), ("get",), ("release",)]


@HOWS
def test_a_failure_gives_the_lock_back(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is not kept in the store."""
    store = Shelf(None)

    outcome = renewed(store, how, monkeypatch, ConnectionFailedError("down"))[0]
    assert isinstance(outcome, ConnectionFailedError)
    assert store.asked == [("get",), ("lock",), ("get",), ("fetch",), ("release",)]


@HOWS
def test_whoever_has_no_lock_looks_twenty_times_a_second(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the other one's token is there."""
    store = Shelf(None, None, TAKEN, locks=(None,))

    token, slept, _ = renewed(store, how, monkeypatch)
    assert (token, slept) == ("their.b.c", [0.05, 0.05])
    assert store.asked == [("get",), ("lock",), ("get",), ("lock",), ("get",)]


@HOWS
@pytest.mark.parametrize(("left", "patience"), [(None, 10.0), (90.0, 10.0), (6.0, 2.0), (0.0, 0.0)])
def test_whoever_waits_too_long_obtains_a_token_without_the_lock(
    how: str, left: float | None, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten seconds, or a third of the time that the call has left; the token is kept in the store."""
    store = Shelf(None, locks=(None,))

    with holding(Deadline(left, clock=lambda: 0.0)):
        token, slept, _ = renewed(store, how, monkeypatch)
    assert token == "own.b.c"
    assert sum(slept) == pytest.approx(patience, abs=0.06)
    assert [each[0] for each in store.asked[-3:]] == ["get", "fetch", "save"]
    assert len(slept) == store.asked.count(("lock",))


def test_whoever_blocks_an_event_loop_does_not_wait_for_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who has it may be a task of that same loop."""
    store = Shelf(None, locks=(None,))

    async def main() -> tuple[str | ClientError, list[float], TokenAuth]:
        return renewed(store, "thread", monkeypatch)

    token, slept, _ = asyncio.run(main())
    assert (token, slept) == ("own.b.c", [])
    assert [each[0] for each in store.asked] == ["get", "fetch", "save"]


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_a_token_that_was_rejected_is_deleted_from_the_store(prefix: str) -> None:
    """It comes back as it was sent, with its prefix, and lies in the store without it."""
    store = Shelf(StoredToken("old.b.c", NOW + 600))
    kept = auth(lambda: "new.b.c", Clock(), shared=shared(store), prefix=prefix)
    assert kept.obtain() == "old.b.c"
    kept.forget(f"{prefix}old.b.c")

    assert kept.obtain() == "new.b.c"
    assert ("delete",) in store.asked
