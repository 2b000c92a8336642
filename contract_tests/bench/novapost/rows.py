"""Calls and states in which the mock has more to do than for one call again and again; each is a row."""

import json
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contract_tests.bench.novapost.request import BODY, PATH, PHONE, TOKEN_PATH
from contract_tests.bench.novapost.servers import OURS
from contract_tests.bench.tools.load import Call
from contract_tests.bench.tools.serving import Server

# As many as the mock takes, and ten times as many as it remembers bodies.
REGISTERED = 9_999
JOURNAL_ENTRIES = 1_000
_DIFFERENT = """
local number = {first}
request = function()
  number = number + 1
  return wrk.format(nil, nil, nil, string.format('{{"phone": "49%010d"}}', {kept}))
end
"""
_ASK = Call("POST", PATH, BODY)


@dataclass(frozen=True)
class Row:
    """What is asked of both servers, and in which state of ours.

    Attributes:
        name: for the report.
        options: of our command, made in a folder.
        call: what both are asked; made anew for each turn of ours and theirs, of the port of ours.
        prepare: brings the mock on a port into the state.
        workers: processes of both.
        refused: what our answer has for a status; theirs is always 200.
    """

    name: str
    options: Callable[[Path], Sequence[str]] = lambda _: ()
    call: Callable[[int], Call] = lambda _: _ASK
    prepare: Callable[[int], None] = lambda _: None
    workers: int = 1
    refused: int = 200

    def ours(self, folder: Path) -> Server:
        """Return the mock with the options of this row."""
        return replace(OURS, command=(*OURS.command, "--client", PHONE, *self.options(folder)))


def _control(port: int, method: str, path: str, value: Any) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/__mock__/{path}",
        json.dumps(value).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30):
        pass


def _ever_new(_: int) -> Call:
    # The clock, so that no turn begins with the phones of another one.
    first = time.time_ns() // 1_000_000 % 1_000_000_000 * 10
    return replace(_ASK, script=_DIFFERENT.format(first=first, kept="number"))


def _in_turn(_: int) -> Call:
    return replace(_ASK, script=_DIFFERENT.format(first=0, kept=f"number % {REGISTERED}"))


def _registered(_: Path) -> list[str]:
    return [part for number in range(REGISTERED) for part in ("--client", f"49{number:010d}")]


def _token(port: int) -> Call:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{PATH}", BODY, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        key = json.load(answer)["apiKey"]
    return Call("GET", f"{TOKEN_PATH}?apiKey={key}")


def _armed(port: int) -> None:
    faults = [
        {"operation": "authorizeClient", "status": 503},
        {"operation": "createTestApiKey", "status": 503, "on_call": 1_000_000_000},
        {"operation": "createTestApiKey", "body": "html", "probability": 1e-12},
    ]
    _control(port, "PUT", "faults", {"faults": faults})


def _fill(port: int) -> None:
    for _ in range(JOURNAL_ENTRIES + 1):
        _token(port)


def _state(folder: Path) -> list[str]:
    return ["--state", str(folder / "state.db")]


def _two_workers(folder: Path) -> list[str]:
    return [*_state(folder), "--workers", "2"]


ROWS = (
    Row("one phone"),
    Row("journal full", prepare=_fill),
    Row("ever-new phones, unknown", call=_ever_new, refused=404),
    Row(f"{REGISTERED:,} phones in turn", options=_registered, call=_in_turn),
    Row("tokens", call=_token),
    Row("three faults armed", prepare=_armed),
    Row("state on SQLite", options=_state),
    Row("tokens, state on SQLite", options=_state, call=_token),
    Row("two workers, state on SQLite", options=_two_workers, workers=2),
)
