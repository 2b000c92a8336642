"""The command `novapost-mock` as a process of its own, for the time of a block."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import novapost_mock
from contract_tests.self_tests.support.http_connection import HttpConnection

LINE = "novapost-mock listening on "
PACKAGE = Path(novapost_mock.__file__).parents[1]


class Started:
    """A mock that was started, with its addresses."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "novapost_mock", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
            text=True,
        )
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()
        self.second_line = self.process.stdout.readline()
        self.base = self.first_line.removeprefix(LINE).strip()
        self.control = self.base.replace("/v.1.0/", "/__mock__/")

    def ask(self, phone: str) -> tuple[int, Any]:
        """Ask for the key of a phone; each call has a connection of its own."""
        return HttpConnection(self.base, kept=False).call("POST", "test-api-keys", {"phone": phone})

    def authorize(self, api_key: str) -> int:
        return HttpConnection(self.base, kept=False).call("GET", f"clients/authorization?apiKey={api_key}")[0]

    def steer(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Call control."""
        return HttpConnection(self.control, kept=False).call(method, path, body)

    def children(self) -> list[int]:
        """Return the ids of the processes that this one has started."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if found.exists():
            return [int(pid) for pid in found.read_text().split()]
        listed = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listed.stdout.split()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal; return the exit code and what else was written."""
        self.process.send_signal(number)
        try:
            out, err = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, out, err


@contextmanager
def started(*arguments: str) -> Iterator[Started]:
    """Start it, and stop it if nobody else has."""
    mock = Started(*arguments)
    try:
        yield mock
    finally:
        if mock.process.poll() is None:
            mock.stop()
