"""What a test has done so far, as commands that do it again."""

import shlex
from collections import deque
from collections.abc import Sequence

_LONGEST = 150


class CallLog:
    """The calls of one test, the last 150 of them: to the API and to the control API alike."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_LONGEST)

    def begin(self) -> None:
        """Forget all calls, because a new test begins."""
        self._lines.clear()

    def add(self, line: str) -> None:
        """Note a call, as a command line."""
        self._lines.append(line)

    def lines(self) -> list[str]:
        """Return all calls."""
        return list(self._lines)

    def ask_again(self, before: Sequence[str], seconds: float) -> None:
        """Let the next call stand for all that were made since, in a wait for the right answer.

        Args:
            before: the calls before the wait.
            seconds: how long the wait may last.
        """
        self._lines = deque([*before, f"sleep {seconds:g}"], maxlen=_LONGEST)

    def repeat(self, times: int) -> None:
        """Let the last call be one that is made so often over one connection."""
        if times > 1 and self._lines and self._lines[-1].startswith("curl "):
            command, _, address = self._lines.pop().rpartition(" ")
            self.add(f"{command} $(yes {address} | head -n {times})")

    def add_control(self, method: str, url: str, body: str | None) -> None:
        """Note a call of the control API."""
        data = f" -H 'content-type: application/json' --data-binary {shlex.quote(body)}" if body else ""
        self.add(f"curl -i -X {method}{data} {shlex.quote(url)}")

    def text(self) -> str:
        """Return all calls, one line each."""
        return "\n".join(self._lines)
