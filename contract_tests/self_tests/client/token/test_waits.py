"""Does whoever waits for the token of another thread or task get it, and not wait too long?"""

import asyncio
import threading
from collections.abc import Callable

import pytest

from contract_tests.self_tests.client.token.obtained import Clock, auth, token
from scripts.runtime.auth import TokenAuth
from scripts.runtime.deadline import Deadline, holding
from scripts.runtime.errors import CallTimeoutError, ClientError, ConnectionFailedError


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
        first, second = (asyncio.create_task(kept.obtain_async()) for _ in range(2))
        await asyncio.sleep(0)
        clock.time += 60.5
        assert isinstance(await second, CallTimeoutError)
        go_on.set()
        assert await first == "slow.one.x"

    asyncio.run(main())


class Turn:
    """A lock that notes how long it is waited for, and what another one does meanwhile."""

    def __init__(self, meanwhile: Callable[[], object] = bool, *, is_had: bool = True) -> None:
        self.meanwhile = meanwhile
        self.is_had = is_had
        self.waits: list[object] = []
        self.released = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Let the other one work, then say whether the lock is had."""
        self.waits.append(timeout if blocking else None)
        self.meanwhile()
        return self.is_had

    def release(self) -> None:
        """Note it."""
        self.released += 1


async def obtained(kept: TokenAuth, how: str) -> str | ClientError:
    """Return what a thread or a task gets; a thread has no event loop."""
    return await kept.obtain_async() if how == "async" else await asyncio.to_thread(kept.obtain)


HOWS = pytest.mark.parametrize("how", ["sync", "async"])


@HOWS
def test_what_another_one_found_while_we_waited_is_ours(how: str) -> None:
    """A token or a failure; a failure of before is none of ours, nor is a token that has run out."""
    outcomes: list[str | ClientError] = [ConnectionFailedError("first"), ConnectionFailedError("second")]
    kept = auth(lambda: outcomes.pop(0), Clock())
    assert isinstance(kept.obtain(), ConnectionFailedError)

    def other(*tokens: str | ClientError) -> Turn:
        outcomes[:] = tokens
        lock = Turn(lambda: kept._keep(outcomes.pop(0)))
        vars(kept)["_lock"] = lock
        return lock

    async def main() -> None:
        failure = ConnectionFailedError("shared")
        lock = other(failure)
        shared = await obtained(kept, how)
        assert (str(shared), shared is failure, lock.released) == (str(failure), False, 1)

        lock = other(token(exp=1_000), "new.one.x")
        assert (await obtained(kept, how), lock.released) == ("new.one.x", 1)

        kept.forget("new.one.x")
        lock = other("their.one.x")
        assert (await obtained(kept, how), lock.released, outcomes) == ("their.one.x", 1, [])

        kept.forget("their.one.x")
        vars(kept)["_lock"] = Turn()
        outcomes[:] = [ConnectionFailedError("again"), "last.one.x"]
        assert isinstance(await obtained(kept, how), ConnectionFailedError)
        assert await obtained(kept, how) == "last.one.x"

    asyncio.run(main())


def test_a_failure_is_given_to_each_as_an_error_of_its_own() -> None:
    """Two threads that raise one error would write into each other's traceback."""
    failure = ConnectionFailedError("down")
    kept = auth(lambda: failure, Clock())

    first, second = kept.obtain(), kept.obtain()
    assert type(first) is type(second) is ConnectionFailedError
    assert len({id(first), id(second), id(failure)}) == 3


def test_a_thread_waits_a_minute_or_as_long_as_its_call_may() -> None:
    """Then it says that another call's token did not come; within an event loop it does not wait at all."""
    kept = auth(lambda: "own.one.x", Clock())
    lock = vars(kept)["_lock"] = Turn(is_had=False)

    late = kept.obtain()
    with holding(Deadline(5.0, clock=lambda: 0.0)):
        kept.obtain()
    assert isinstance(late, CallTimeoutError)
    assert (str(late), late.sent) == ("another call's token did not come in time", False)

    async def main() -> None:
        assert kept.obtain() == "own.one.x"

    asyncio.run(main())
    assert lock.waits == [60.0, 5.0, 0]
    assert (lock.released, kept.current) == (0, None)


@pytest.mark.parametrize(("seconds", "end"), [(None, 60.0), (5.0, 5.0)])
def test_a_task_looks_again_every_hundredth_of_a_second(
    seconds: float | None, end: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a minute, or as long as its call may take; at the very end it still waits."""
    clock, slept = Clock(), list[float]()
    kept = auth(lambda: "own.one.x", clock)
    lock = vars(kept)["_lock"] = Turn(is_had=False)

    async def sleep(wanted: float) -> None:
        slept.append(wanted)
        if len(slept) > 1:
            clock.time = 1_000.0 + (end if len(slept) == 2 else end + 0.01)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    with holding(Deadline(seconds, clock=lambda: 0.0)):
        assert isinstance(asyncio.run(kept.obtain_async()), CallTimeoutError)

    assert slept == [0.01, 0.01, 0.01]
    assert set(lock.waits) == {None}


def test_a_child_begins_with_a_lock_of_its_own() -> None:
    """The parent's may be held by a thread that the child does not have; the token stays."""
    kept = auth(lambda: "a.b.c", Clock())
    kept.obtain()
    before = vars(kept)["_lock"]
    before.acquire()
    kept.begin_anew()

    assert vars(kept)["_lock"] is not before
    assert kept.current == "a.b.c"
