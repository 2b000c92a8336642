"""What a campaign shows while it runs: a bar on a terminal, plain lines elsewhere."""

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from contract_tests.observations import Observations


class Progress:
    """A pytest plugin that takes the place of the dots."""

    def __init__(self, config: pytest.Config, observations: Observations) -> None:
        self._observations = observations
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        assert reporter is not None
        self._console = Console(file=reporter._tw._file, highlight=False)
        self._bar: Bar | None = None
        self._last_file = ""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Now it is known how many tests there are."""
        if not self._console.is_terminal:
            return
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("tests, {task.fields[cases]:,} cases"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            get_time=None,
        )
        self._task = self._bar.add_task("starting", total=len(session.items), cases=0)
        self._bar.start()

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """A test begins: name its question, which is its file."""
        name = nodeid.partition("::")[0].rpartition("/")[2].removeprefix("test_").removesuffix(".py")
        if self._bar is not None:
            self._bar.update(self._task, description=name, cases=self._observations.cases)
        elif name != self._last_file:
            self._console.print(f"{name} ... ({self._observations.cases:,} cases so far)")
        self._last_file = name

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """A test ended."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1, cases=self._observations.cases)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """No dots: the category counts, the letter is empty."""
        if report.when == "call" or report.outcome != "passed":
            return report.outcome, "", report.outcome.upper()
        return "", "", ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Take the bar away before anything else is printed."""
        if self._bar is not None:
            self._bar.stop()
