"""What the generated client costs beside bare httpx: its import, its first client, a call, a large answer."""

import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract_tests.bench.novapost.request import ANSWER
from contract_tests.bench.sections import parsing
from contract_tests.bench.tools import process
from contract_tests.bench.values import Missing, Ratio, Section, Setting, Step, ratio
from scripts.lib.paths import CLIENT, ROOT

IMPORT_GOAL, CALL_GOAL = 1.6, 1.25
_CPU = "import time; b = time.process_time(); {}; print(time.process_time() - b)"
_IMPORT = "from {} import Client"
_MADE = "from {} import Client; Client('http://127.0.0.1')"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer every request with the same key."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        # One write for head and body: in two, delayed acknowledgements cost forty milliseconds.
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(ANSWER)}\r\n\r\n"
        self.wfile.write(head.encode() + ANSWER)

    def log_message(self, *ignored: object) -> None:
        """Print nothing."""


def section(setting: Setting, step: Step, folder: Path = CLIENT) -> Section:
    """Measure.

    Args:
        setting: how much.
        step: told what is under way.
        folder: the package.

    Raises:
        Missing: it cannot be imported or called.
    """
    step("import")
    ratios = [
        _imports(setting, folder, "import", _IMPORT, IMPORT_GOAL),
        _imports(setting, folder, "import and first client", _MADE, None),
    ]
    step("calls")
    ratios += _calls(setting, folder)
    missing: tuple[tuple[str, str], ...] = ()
    try:
        ratios += parsing.ratios(setting, step)
    except Missing as reason:
        missing = (("a large answer", str(reason)),)
    notes = (
        "import and call are processor time of a fresh process, or of the caller; waiting does not count",
        "the server of the calls is Python's own and answers always the same",
    )
    return Section("client", "Client", ratios=tuple(ratios), notes=notes, missing=missing)


def _python(folder: Path, *arguments: str) -> str:
    surroundings = {"PYTHONPATH": str(folder.parent)}
    return process.run(
        (sys.executable, *arguments), folder=ROOT, seconds=300, surroundings=surroundings
    ).output


def _imports(setting: Setting, folder: Path, name: str, statement: str, goal: float | None) -> Ratio:
    pairs = [
        (
            float(_python(folder, "-c", _CPU.format(statement.format(folder.name)))),
            float(_python(folder, "-c", _CPU.format("import httpx"))),
        )
        for _ in range(setting.rounds * (1 if setting.quick else 3))
    ]
    return ratio(name, "import httpx", pairs, unit="CPU s", better="lower", goal=goal)


def _calls(setting: Setting, folder: Path) -> list[Ratio]:
    calls, rounds = (20, setting.rounds) if setting.quick else (200, setting.rounds * 3)
    program = ("-m", "contract_tests.bench.novapost.client_calls", folder.name)
    with _served() as address:
        output = _python(folder, *program, address, str(rounds), str(calls))
    rows = [tuple(map(float, line.split())) for line in output.splitlines()]
    cpu, wall = [(row[0], row[2]) for row in rows], [(row[1], row[3]) for row in rows]
    return [
        ratio("call", "bare httpx", wall, unit="s", better="lower", goal=CALL_GOAL),
        ratio("call, processor time", "bare httpx", cpu, unit="CPU s", better="lower"),
    ]


@contextmanager
def _served() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v.1.0/"
    finally:
        server.shutdown()
        server.server_close()
