"""What is under way, said on stderr."""

import sys
import time

from rich.console import Console


class Progress:
    """A line that is overwritten on a terminal; elsewhere a line whenever some seconds have passed."""

    def __init__(self, every_seconds: float = 2.0) -> None:
        """Print nothing yet.

        Args:
            every_seconds: the least between two lines where there is no terminal.
        """
        self._every_seconds = every_seconds
        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status("") if self._console.is_terminal else None
        self._last = time.monotonic()

    def __enter__(self) -> "Progress":
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        if self._status is not None:
            self._status.stop()

    def step(self, text: str) -> None:
        """Say what begins now."""
        if self._status is not None:
            self._status.update(text)
        elif time.monotonic() - self._last >= self._every_seconds:
            print(f"... {text}", file=sys.stderr, flush=True)
            self._last = time.monotonic()
