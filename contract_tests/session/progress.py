"""What a campaign shows while it runs: a bar on a terminal, plain lines elsewhere."""

import os
import sys
from typing import TextIO

import pytest
from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from contract_tests.observations.record import First, Observations


class _Cases(ProgressColumn):
    """The number of cases, counted also within a test that sends hundreds."""

    def __init__(self, observations: Observations) -> None:
        super().__init__()
        self._observations = observations

    def render(self, task: Task) -> Text:
        return Text(f"{task.completed:.0f}/{task.total or 0:.0f} tests, {self._observations.cases:,} cases")


class Progress:
    """A pytest plugin that takes the place of the dots."""

    def __init__(self, config: pytest.Config, observations: Observations) -> None:
        self._observations = observations
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
        """Now it is known how many tests there are."""
        if not self._console.is_terminal:
            self._console.print(f"{len(session.items)} tests")
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), _Cases(self._observations))
        self._bar = Bar(*columns, TimeElapsedColumn(), console=self._console, transient=True)
        self._task = self._bar.add_task("starting", total=len(session.items))
        self._bar.start()

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """A test begins: name its question, which is its file."""
        self._test = nodeid.rpartition("/")[2]
        question = nodeid.partition("::")[0].rpartition("/")[2].removeprefix("test_").removesuffix(".py")
        if self._bar is not None:
            self._bar.update(self._task, description=question)
        elif question not in self._asked:
            self._console.print(f"{question} ... ({self._observations.cases:,} cases so far)")
        # Files take turns, so each is named only the first time.
        self._asked.add(question)

    def _tell_first(self, first: First) -> None:
        """At once: what follows may take a while, and whoever waits for the first finding need not."""
        after = f"first finding after {first.cases:,} cases and {first.seconds:.2f} s"
        self._console.print(
            f"{after}: {first.finding.promise} in {self._test}", markup=False, soft_wrap=True, highlight=False
        )

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """A test ended."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """No dots: the category counts, the letter is empty.

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
        if self._bar is not None:
            self._bar.stop()
        self._file.close()


def _own_stdout() -> TextIO:
    """The stdout of the process, which pytest keeps from tests while they run."""
    sys.stdout.flush()
    return os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
