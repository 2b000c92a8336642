"""Several workers on one state: they agree, they are replaced, and they end together."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract_tests.self_tests.support.mock_process import LINE, PACKAGE, Started, started
from novapost_mock.http import workers

PHONE = "498213437654"


@pytest.fixture
def state(tmp_path: Path) -> str:
    return str(tmp_path / "state.db")


@pytest.fixture
def crew(state: str) -> Iterator[Started]:
    """Yield a mock with three workers."""
    with started("--state", state, "--workers", "3") as mock:
        yield mock


def within(seconds: float, true: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_are_one_mock(crew: Started) -> None:
    """Whichever worker takes a connection: clock, clients and keys are the same, at once."""
    assert crew.first_line.startswith(LINE)
    assert within(10, lambda: len(crew.children()) == 3)
    for year in range(2027, 2039):
        # Each of these has a connection of its own, and with it any of the workers.
        crew.steer("PUT", "clock", {"now": f"{year}-01-01T10:00:00Z"})
        phone = str(49_000_000_000 + year)
        crew.steer("PUT", f"clients/{phone}", {"matches": 1})
        status, key = crew.ask(phone)
        assert key["createdAt"].startswith(f"{year}-01-01T10:0")
        assert crew.ask(phone) == (status, key) == (200, key)
        assert crew.authorize(key["apiKey"]) == 200
    crew.steer("POST", "reset")
    assert {crew.ask("49000002030")[0] for _ in range(12)} == {404}
    assert crew.steer("GET", "keys") == (200, {"keys": []})


def test_each_worker_takes_its_share(crew: Started) -> None:
    """Stopped ones aside, every worker answers: the port belongs to all of them."""
    assert within(10, lambda: len(crew.children()) == 3)
    children = crew.children()
    answered = 0
    for pid in children:
        others = [other for other in children if other != pid]
        for other in others:
            os.kill(other, signal.SIGSTOP)
        try:
            # A stopped worker may have been woken for this connection, so a few are tried.
            for _ in range(5):
                try:
                    with urllib.request.urlopen(crew.control + "health", timeout=2) as response:
                        answered += response.status == 200
                    break
                except OSError:
                    continue
        finally:
            for other in others:
                os.kill(other, signal.SIGCONT)

    assert answered == 3


def test_a_worker_that_ends_is_replaced(crew: Started) -> None:
    """And what it had acknowledged is known to the others."""
    key = crew.ask(PHONE)
    assert within(10, lambda: len(crew.children()) == 3)
    before = crew.children()
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    assert within(20, lambda: len(crew.children()) == 3 and not set(before) & set(crew.children()))
    assert crew.ask(PHONE) == key
    code, out, err = crew.stop()
    assert (code, out) == (0, "")
    assert sorted(err.splitlines()) == [
        f"warning: worker {number} was ended by signal 9 and is replaced" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_them_all(crew: Started, state: str, number: signal.Signals) -> None:
    """With 0, quietly, and with the state in one file."""
    crew.ask(PHONE)
    assert within(10, lambda: len(crew.children()) == 3)
    children = crew.children()

    assert crew.stop(number) == (0, "", "")
    assert not any(is_alive(pid) for pid in children)
    assert not Path(state + "-wal").exists()


def test_workers_do_not_outlive_their_parent(crew: Started) -> None:
    """Kill -9 of the one that was started must not leave others on its port."""
    assert within(10, lambda: len(crew.children()) == 3)
    children = crew.children()
    crew.process.kill()
    crew.process.communicate()

    assert within(20, lambda: not any(is_alive(pid) for pid in children))


RUN = """
import os, sys, time
from novapost_mock.http import workers
def serve():
    {0}
sys.exit(workers.run(3, serve))
"""


def run(body: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", RUN.format(body)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
    )


def test_a_crew_that_cannot_start_says_so_once() -> None:
    """Three workers with the same trouble are one line."""
    done = run("print('error: no', file=sys.stderr); sys.exit(2)")

    assert (done.returncode, done.stdout, done.stderr) == (2, "", "error: no\n")


def test_a_first_worker_that_ends_without_a_word_is_a_failure() -> None:
    """A parent that went on would have nothing to keep."""
    assert run("pass").returncode == 2
    assert run("os.kill(os.getpid(), 9)").returncode != 0


def test_a_worker_that_ignores_the_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C must give the terminal back."""
    body = """import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ready", flush=True); os.kill(os.getppid(), signal.SIGTERM); time.sleep(60)
workers.STOP_SECONDS = 0.3"""

    assert run(body).returncode == 0


def test_a_worker_that_keeps_ending_is_replaced_ever_more_slowly(capsys: pytest.CaptureFixture[str]) -> None:
    """A database that is down for an hour must not cost an hour of forking."""
    worker = workers._Worker(0)
    pauses = []
    for _ in range(9):
        worker.started = time.monotonic()
        workers._plan(worker, 256)
        pauses.append(round(worker.due - worker.started, 1))

    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]
    worker.started = time.monotonic() - 60
    workers._plan(worker, 256)
    assert worker.due <= time.monotonic()
    assert "worker 1 ended with 1 and is replaced" in capsys.readouterr().err
