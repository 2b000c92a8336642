"""Running a step on an untrusted document in a child process that can do little and not for long."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.confinement.limits import OUT_OF_MEMORY, OUT_OF_TIME
from scripts.lib.errors import Refusal, Refusals
from scripts.lib.files import read_file
from scripts.lib.paths import ROOT

# By the clock on the wall. Each step has a third of it of the processor besides, which is what a document is
# judged by: how long the wall clock takes depends on who else is busy.
SECONDS = 30.0
_REPORT_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Deadline:
    """When all steps on one document must be over.

    Attributes:
        at: by the monotonic clock.
        seconds: how long that was at the beginning.
    """

    at: float
    seconds: float = SECONDS

    @classmethod
    def after(cls, seconds: float = SECONDS) -> "Deadline":
        """Return a deadline that many seconds from now."""
        return cls(time.monotonic() + seconds, seconds)

    @property
    def processor(self) -> int:
        """The seconds of the processor that each step has."""
        return max(1, round(self.seconds / 3))

    def left(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self.at - time.monotonic())


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment of every tool that we start, the same on all machines.

    It has no locale, no time zone, no random order of sets, no colours, and nothing of the caller's but the
    paths that a process needs.
    """
    return {
        **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ},
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": "UTC",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "1000",
        "HOME": str(home),
    }


def run_confined(
    verb: str, job: dict[str, Any], folder: Path, deadline: Deadline, place: str
) -> dict[str, Any]:
    """Run a verb of `scripts.child` in a child process in `folder`, and return its report.

    Args:
        verb: which one, `read`, `generate` or `propose`.
        job: what it is to do; JSON values.
        folder: an empty folder, the only one that the child can write to.
        deadline: when it must be over.
        place: what to call the document in a refusal.

    Raises:
        Refusal: the child refused the document, or did not come to an end within its limits.
    """
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    with (folder / "output").open("wb") as output:
        try:
            # -P: the folder that it works in must not stand in for Python's own modules.
            status = subprocess.run(
                [sys.executable, "-P", "-m", "scripts.child", verb, str(deadline.processor)],
                cwd=folder,
                env=surroundings(folder) | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=deadline.left(),
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            raise Refusal(place, f"takes longer than {deadline.seconds:g} seconds to {verb}") from None
    if status != 0:
        raise Refusal(place, f"cannot be {_PAST[verb]}: {_cause(status, folder / 'output', deadline)}")
    report: dict[str, Any] = json.loads(read_file(folder / "report.json", _REPORT_BYTES))
    if report["refusals"]:
        raise Refusals(_refusals(report["refusals"]), _refusals(report.get("notes", ())))
    return report


def _refusals(pairs: Iterable[tuple[str, str]]) -> list[Refusal]:
    return [Refusal(where, why) for where, why in pairs]


_SIGNAL_OF_TIME = getattr(signal, "SIGXCPU", 0)
_PAST = {"read": "read", "generate": "generated", "propose": "corrected"}


def _cause(status: int, output: Path, deadline: Deadline) -> str:
    if status == OUT_OF_MEMORY:
        return "more memory is needed than 1 GB"
    if status in (OUT_OF_TIME, -_SIGNAL_OF_TIME):
        return f"more than {deadline.processor} seconds of the processor are needed"
    if status < 0:
        return f"more time or memory is needed than the limits give (ended by signal {-status})"
    with output.open("rb") as stream:
        stream.seek(max(0, output.stat().st_size - 4096))
        text = stream.read().decode("utf-8", "replace")
    # The last line of a traceback is the exception; the others are of no use to the reader.
    lines = [line for line in text.splitlines() if re.match(r"\S", line)]
    if lines and "MemoryError" in lines[-1]:
        return "more memory is needed than 1 GB"
    return lines[-1][:500] if lines else f"exit code {status}"
