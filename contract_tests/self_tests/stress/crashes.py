"""A mock that is killed under load, again and again, and what it still knows afterwards.

The processes are forked from one that has all modules loaded, so that a start takes milliseconds.
"""

import http.client
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection

from contract_tests.self_tests.stress.forking import forking
from contract_tests.self_tests.support.http_connection import HttpConnection
from contract_tests.self_tests.support.mock_process import LINE
from novapost_mock.cli import main


@dataclass
class Killings:
    """What came of them.

    Attributes:
        kills: how often the mock was killed.
        acknowledged: the key by phone, of every key that a client received.
        interrupted: how many calls a kill cut short: proof that it came under load.
        lost: the keys that a client received and that were gone afterwards.
        seconds: how long it all took.
    """

    kills: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)
    interrupted: int = 0
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0


def killings(arguments: Sequence[str], times: int, *, clients: int = 4, seed: int = 1) -> Killings:
    """Start, load and kill a mock so many times.

    Args:
        arguments: of the command; the state among them is new.
        times: how often.
        clients: how many ask at the same time.
        seed: of the moments at which it is killed.
    """
    draw = random.Random(seed)
    result = Killings()
    phones = count(49_000_000_000)
    unproven: dict[str, str] = {}
    began = time.monotonic()
    for _ in range(times):
        with _mock(arguments) as (base, kill):
            result.lost += _missing(base, unproven)
            unproven = {}
            threads = [
                threading.Thread(target=_load, args=(base, phones, unproven, result)) for _ in range(clients)
            ]
            for thread in threads:
                thread.start()
            # Once something is acknowledged, at any moment.
            until = time.monotonic() + 20
            while not unproven and time.monotonic() < until:
                time.sleep(0.001)
            time.sleep(draw.random() * 0.05)
            kill()
            for thread in threads:
                thread.join()
            result.kills += 1
            result.acknowledged |= unproven
    with _mock(arguments) as (base, kill):
        result.lost += _missing(base, result.acknowledged)
        kill()
    result.seconds = time.monotonic() - began
    return result


def _load(base: str, phones: Iterator[int], acknowledged: dict[str, str], result: Killings) -> None:
    """Register and ask until the mock is gone."""
    api, stage = HttpConnection(base), HttpConnection(base.replace("/v.1.0/", "/__mock__/"))
    try:
        while True:
            phone = str(next(phones))
            if stage.call("PUT", f"clients/{phone}", {"matches": 1})[0] != 200:
                result.lost.append("a client was refused")
                return
            status, body = api.call("POST", "test-api-keys", {"phone": phone})
            if status != 200:
                result.lost.append(f"a registration that was acknowledged: {status}")
                return
            acknowledged[phone] = body["apiKey"]
    except (OSError, http.client.HTTPException):
        result.interrupted += 1
    finally:
        api.close()
        stage.close()


def _missing(base: str, acknowledged: dict[str, str]) -> list[str]:
    api = HttpConnection(base)
    lost = []
    for phone, key in acknowledged.items():
        if api.call("GET", f"clients/authorization?apiKey={key}")[0] != 200:
            lost.append("a key that was acknowledged is gone")
        status, body = api.call("POST", "test-api-keys", {"phone": phone})
        if status != 200 or body["apiKey"] != key:
            lost.append("a phone that had a key has another")
    api.close()
    return lost


@contextmanager
def _mock(arguments: Sequence[str]) -> Iterator[tuple[str, "_Kill"]]:
    context = forking()
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(writing, ["--port", "0", *arguments]))
    process.start()
    writing.close()
    assert process.pid is not None
    kill = _Kill(process.pid)
    try:
        said = b""
        while not said.endswith(b"\n"):
            piece = os.read(reading.fileno(), 4096)
            assert piece, "the mock did not start"
            said += piece
        yield said.decode().partition("\n")[0].removeprefix(LINE).strip(), kill
    finally:
        kill()
        process.join(20)
        process.close()
        reading.close()


class _Kill:
    """kill -9 of the whole group, workers included."""

    def __init__(self, group: int) -> None:
        self._group = group
        self._done = False

    def __call__(self) -> None:
        if not self._done:
            self._done = True
            os.killpg(self._group, signal.SIGKILL)


def _serve(output: Connection, arguments: list[str]) -> None:
    os.setpgid(0, 0)
    os.dup2(output.fileno(), 1)
    output.close()
    sys.exit(main(arguments))
