"""What a campaign shows while it runs: a bar on a terminal, plain lines elsewhere."""

import os
import sys
import threading
import time
from typing import TextIO

import pytest
from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from contract_tests.observations.record import First, Observations

_SLOW_SECONDS = 5.0


class _Cases(ProgressColumn):
    """The number of cases, counted also within a test that sends hundreds."""

    def __init__(self, observations: Observations) -> None:
        super().__init__()
        self._observations = observations

    def render(self, task: Task) -> Text:
        return Text(f"{task.completed:.0f}/{task.total or 0:.0f} tests, {self._observations.cases:,} cases")


def still(question: str, observations: Observations, waited: float) -> str:
    """Return the line for a while in which nothing new began.

    Args:
        waited: seconds since the last answer, or since the start where none came yet.
    """
    if not observations.cases:
        return f"{question}: no answer yet after {waited:.0f} s"
    slow = f", none for {waited:.0f} s" if waited >= _SLOW_SECONDS else ""
    cases = observations.cases
    return f"{question}: {cases:,} case{'s' * (cases != 1)} so far{slow}"


class Progress:
    """A pytest plugin that takes the place of the dots.

    Args:
        pause: seconds after which something is said where nothing new began.
    """

    def __init__(self, config: pytest.Config, observations: Observations, pause: float = 10.0) -> None:
        self._observations = observations
        self._pause = pause
        self._over = threading.Event()
        self._told_at = self._began_at = time.monotonic()
        self._question = "start"
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter._show_progress_info = False
        self._file = _own_stdout()
        self._console = Console(file=self._file, highlight=False)
        self._bar: Bar | None = None
        self._asked: set[str] = set()
        self._test = ""
        observations.when_first = self._tell_first

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Print how many tests there are."""
        if not self._console.is_terminal:
            self._console.print(f"{len(session.items)} tests")
            threading.Thread(target=self._keep_telling, daemon=True).start()
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), _Cases(self._observations))
        self._bar = Bar(*columns, TimeElapsedColumn(), console=self._console, transient=True)
        self._task = self._bar.add_task("starting", total=len(session.items))
        self._bar.start()

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """Print the question of a test that begins: the name of its file."""
        self._test = nodeid.rpartition("/")[2]
        question = nodeid.partition("::")[0].rpartition("/")[2].removeprefix("test_").removesuffix(".py")
        if self._bar is not None:
            self._bar.update(self._task, description=question)
        elif question not in self._asked:
            cases = self._observations.cases
            self._console.print(f"{question} ..." + (f" ({cases:,} cases so far)" if cases else ""))
            self._told_at = time.monotonic()
        self._question = question
        # Files take turns, so each is named only the first time.
        self._asked.add(question)

    def _keep_telling(self) -> None:
        """Say now and then how far it is: a slow target makes a file take minutes."""
        while not self._over.wait(self._pause / 4):
            now = time.monotonic()
            if now - self._told_at >= self._pause:
                self._told_at = now
                answered_at = self._observations.answered_at
                waited = now - (self._began_at if answered_at is None else answered_at)
                self._console.print(still(self._question, self._observations, waited))

    def _tell_first(self, first: First) -> None:
        """Print a finding at once: the rest of the run may take a while."""
        after = f"first finding after {first.cases:,} cases and {first.seconds:.2f} s"
        self._console.print(
            f"{after}: {first.finding.check} in {self._test}", markup=False, soft_wrap=True, highlight=False
        )

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """Count the end of a test."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Return the category of a test without a letter: no dots are printed.

        A test that ended in findings is of a category of its own, since the summary tells all about them.
        """
        if getattr(report, "findings", None):
            return "broken", "", "BROKEN"
        if report.when == "call" or report.outcome != "passed":
            return report.outcome, "", report.outcome.upper()
        return "", "", ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Take the bar away before anything else is printed."""
        self._over.set()
        if self._bar is not None:
            self._bar.stop()
        self._file.close()


def _own_stdout() -> TextIO:
    """Return the stdout of the process, which pytest hides from tests while they run."""
    sys.stdout.flush()
    return os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
