"""One tool against one defect, and what may be counted of what it found."""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.bench.defects.failures import Failure
from contract_tests.bench.novapost.prepared import Prepared, prepare
from contract_tests.bench.novapost.setups import Tool
from contract_tests.bench.tools.relay import counting
from contract_tests.bench.tools.watched import announced, watched
from scripts.lib.paths import ROOT

UNMODIFIED = "unmodified"


@dataclass(frozen=True)
class Trial:
    """One run of a tool.

    Attributes:
        defect: what stood before the mock, or `UNMODIFIED`.
        failures: what the tool held against it.
        requests: how many it sent to the API until it ended.
        seconds: how long it ran, its own start included.
        cut: whether its time was up.
        trouble: why it is no answer, if it is none.
    """

    defect: str
    failures: tuple[Failure, ...]
    requests: int
    seconds: float
    cut: bool = False
    trouble: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """What the failures are about, each once."""
        return frozenset(failure.key for failure in self.failures)


def tried(tool: Tool, defect: str, mock: int, seed: int, *, stop: bool) -> Trial:
    """Run a tool against a mock with a defect before it.

    Args:
        tool: which.
        defect: a name of the catalogue, or `UNMODIFIED`.
        mock: the mock's port.
        seed: of the run.
        stop: whether it may stop at its first finding.

    Raises:
        Missing: the proxy did not start, or the target could not be prepared.
    """
    proxy = (sys.executable, "-m", "contract_tests.defects.proxy", defect, f"http://127.0.0.1:{mock}")
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with announced(proxy, folder=ROOT) as port:
            prepared = prepare(port, mock) if tool.prepared else Prepared("", "")
            with counting(port) as relay:
                command = tool.make(f"http://127.0.0.1:{relay.port}", prepared, folder, seed, stop)
                said = watched(
                    command,
                    folder=folder if tool.prepared else ROOT,
                    seconds=tool.seconds,
                    surroundings={"NOVAPOST_EXAMPLES": "none", "DO_NOT_TRACK": "1"},
                )
                found = tuple(tool.read(said, folder))
                trouble = "" if found or said.status == 0 or said.cut else _last(said.lines)
                return Trial(
                    defect,
                    found,
                    relay.requests,
                    said.seconds,
                    said.cut,
                    trouble,
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _last(lines: Sequence[tuple[float, str]]) -> str:
    """Return the last line of a tool, which says why it ended."""
    return next((line.strip()[:200] for _, line in reversed(lines) if line.strip()), "it said nothing")


def counted(trial: Trial, unmodified: Trial) -> tuple[Failure, ...]:
    """Return the failures that the unmodified target does not cause: the others are false alarms."""
    return tuple(failure for failure in trial.failures if failure.key not in unmodified.keys)


@dataclass(frozen=True)
class Score:
    """What one tool made of all defects.

    Attributes:
        unmodified: its run against the target without a defect.
        trials: its runs, one for each defect.
    """

    unmodified: Trial
    trials: tuple[Trial, ...]

    @property
    def alarms(self) -> int:
        """How many false alarms it raised: different failures of the unmodified target."""
        return len(self.unmodified.keys)

    @property
    def caught(self) -> frozenset[str]:
        """The defects that it noticed."""
        return frozenset(trial.defect for trial in self.trials if counted(trial, self.unmodified))

    def first(self, defect: str) -> float | None:
        """Return the seconds from the tool's start to the first failure that counts; None without one."""
        trial = next(trial for trial in self.trials if trial.defect == defect)
        return min((failure.at for failure in counted(trial, self.unmodified)), default=None)
