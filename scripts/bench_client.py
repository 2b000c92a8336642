"""What the generated client costs beside bare httpx: its import, and a call. Prints ratios, judges nothing.

    python -m scripts.bench_client [PACKAGE-FOLDER]

Both sides of a ratio are measured in turns in one run, on this machine, so that its speed drops out; of each
the round counts that was disturbed least. The aims are 1.6 for the import and 1.25 for a call.
"""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from scripts.layout import CLIENT

ROUNDS = 15
CALLS = 200
ANSWER = json.dumps(
    {
        "apiKey": "0" * 40,
        "createdAt": "2026-01-01T10:00:00Z",
        "expDate": "2027-01-01T23:59:59Z",
        "status": "Active",
    }
).encode()

_CPU = "import time; b = time.process_time(); {}; print(time.process_time() - b)"
_MADE = "from {} import Client; Client('http://127.0.0.1')"
_CALLS = """
import sys, time, httpx
from {package} import Client
address, phone = sys.argv[1], "4915228817386"
ours = Client(address)
bare = httpx.Client(base_url=address, timeout=30)
def one():
    return ours.test_api_keys.create(phone=phone)
def other():
    answer = bare.post("test-api-keys", json={{"phone": phone}})
    answer.raise_for_status()
    return answer.json()
times = {{}}
for round in range({rounds}):
    for call in (one, other):
        call()
        begun = time.perf_counter()
        for _ in range({calls}):
            call()
        times.setdefault(call.__name__, []).append((time.perf_counter() - begun) / {calls})
for round in range({rounds}):
    print(times["one"][round], times["other"][round])
"""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Always the same key."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        # One write for head and body: in two, delayed acknowledgements cost forty milliseconds.
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(ANSWER)}\r\n\r\n"
        self.wfile.write(head.encode() + ANSWER)

    def log_message(self, *ignored: object) -> None:
        """Quiet."""


def _python(program: str, folder: Path, *arguments: str) -> str:
    surroundings = {**os.environ, "PYTHONPATH": str(folder.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=surroundings,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def imports(folder: Path, statement: str = "from {} import Client") -> tuple[float, float]:
    """CPU seconds of importing the client, and of importing httpx."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        ours.append(float(_python(_CPU.format(statement.format(folder.name)), folder)))
        bare.append(float(_python(_CPU.format("import httpx"), folder)))
    return min(ours), min(bare)


def first(folder: Path) -> tuple[float, float]:
    """CPU seconds until a client is there, which loads httpx and all that the import put off."""
    return imports(folder, _MADE)


def calls(folder: Path) -> tuple[float, float]:
    """Seconds of a call by the client, and by bare httpx, to a server on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    program = _CALLS.format(package=folder.name, rounds=ROUNDS, calls=CALLS)
    output = _python(program, folder, f"http://127.0.0.1:{server.server_port}/v.1.0/")
    server.shutdown()
    rows = [tuple(map(float, line.split())) for line in output.splitlines()]
    return min(row[0] for row in rows), min(row[1] for row in rows)


def main(arguments: list[str]) -> int:
    """The verb."""
    folder = Path(arguments[0]).resolve() if arguments else CLIENT
    measures: dict[str, Callable[[Path], tuple[float, float]]] = {
        "import": imports,
        "import and client": first,
        "call": calls,
    }
    for name, measure in measures.items():
        begun = time.monotonic()
        ours, bare = measure(folder)
        took = time.monotonic() - begun
        print(
            f"{name}: {ours * 1000:.2f} ms, httpx alone {bare * 1000:.2f} ms: "
            f"{ours / bare:.2f} times (measured in {took:.0f} s)"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
