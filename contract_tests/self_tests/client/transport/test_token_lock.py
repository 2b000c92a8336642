"""Does the lock of a token store stay with the process that took it, and cost others a part of their time?"""

import asyncio
import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from contract_tests.self_tests.client.token.token_worker import KEY, PING
from contract_tests.self_tests.support.phone_server import PhoneServer, phone_server
from novapost_client import Client, FileTokenStore
from novapost_client._runtime import forks

if not hasattr(os, "fork"):
    pytest.skip("there is no fork here", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


@pytest.fixture
def sleeping() -> Iterator[list[int]]:
    """Children that are killed at the end."""
    children: list[int] = []
    yield children
    for child in children:
        os.kill(child, signal.SIGKILL)
        # Those of a child are not ours to wait for.
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def test_a_fork_never_leaves_the_lock_to_the_child(tmp_path: Path, sleeping: list[int]) -> None:
    """The parent took it and is gone; a child that lives on must not have it."""
    ready, told = os.pipe()
    store = FileTokenStore(tmp_path)
    parent = os.fork()
    if parent == 0:
        lock = store.lock("key")
        if os.fork() == 0:
            os.write(told, f"{os.getpid() if lock is not None else 0}\n".encode())
        signal.pause()
    sleeping.append(int(os.read(ready, 20)))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)

    assert store.lock("key") is not None


def test_a_fork_without_pythons_hooks_gives_the_copy_up_with_the_first_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock stays with the parent, whose file it is."""
    store = FileTokenStore(tmp_path)
    lock = store.lock("key")
    assert lock is not None
    number = lock._file
    copy = os.dup(number)
    here = os.getpid()
    monkeypatch.setattr(forks, "_process", forks._process)
    monkeypatch.setattr(os, "getpid", lambda: here + 1)
    forks.notice()
    monkeypatch.undo()

    with pytest.raises(OSError, match="Bad file"):
        os.fstat(number)
    lock.release()
    assert store.lock("key") is None
    os.close(copy)
    assert store.lock("key") is not None


def test_a_file_system_without_locks_costs_no_open_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the taking of a lock that fails nor the giving back."""

    def flock(file: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    store = FileTokenStore(tmp_path)
    lock = store.lock("one")
    assert lock is not None
    opened = [lock._file]
    open_file = os.open

    def noted(*arguments: Any) -> int:
        opened.append(open_file(*arguments))
        return opened[-1]

    with monkeypatch.context() as patch:
        patch.setattr("fcntl.flock", flock)
        patch.setattr(os, "open", noted)
        acts: tuple[Callable[[], object], ...] = (lock.release, lambda: store.lock("two"))
        kept: list[BaseException] = []
        for act in acts:
            with pytest.raises(OSError, match="no locks") as caught:
                act()
            # Whoever keeps the error keeps no file with it.
            kept.append(caught.value)
            with pytest.raises(OSError, match="Bad file"):
                os.fstat(opened[-1])

    assert len(opened) == 2


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_process_that_keeps_the_lock_costs_a_call_no_more_than_a_part_of_its_time(
    tmp_path: Path, how: str
) -> None:
    """It may be stopped. Then the call buys a token of its own, and the next ones find it."""
    holder = FileTokenStore(tmp_path)

    def call(server: PhoneServer) -> Any:
        client = Client(server.address, api_key=KEY, token_store=holder, timeout=1.5, retry=None)
        if how == "sync":
            with client:
                return client.send(PING).status_code

        async def main() -> int:
            async with client:
                return (await client.asend(PING)).status_code

        return asyncio.run(main())

    with phone_server(lambda path: 0.5 if "authorization" in path else 0.0) as server:
        with Client(server.address, api_key=KEY, token_store=holder) as other:
            shared: Any = other._engine._auth._shared  # type: ignore[union-attr]
        lock = shared.lock()
        assert lock is not None
        assert [call(server) for _ in range(3)] == [200] * 3
        tokens = [path for path, _ in server.asked if "authorization" in path]
        lock.release()

    assert len(tokens) == 1
