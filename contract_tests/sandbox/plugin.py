"""The course of a run as a guest: said before, held to while it lasts, masked in whatever is written."""

import logging
from collections.abc import Generator
from typing import Any

import hypothesis
import pytest

from contract_tests.sandbox.masking import mask_logging, mask_report
from contract_tests.sandbox.output import mask_output
from contract_tests.sandbox.transport import SandboxTransport, block_other_connections

# What would show a test's own prints or variables past the masking of reports.
_PAST_MASKING = {
    "capture": ("no", "tee-sys"),
    "usepdb": (True,),
    "trace": (True,),
    "setupshow": (True,),
    "setupplan": (True,),
}


def objection(config: pytest.Config) -> str | None:
    """Return in one line why a run with these options must not use the sandbox; None if it may."""
    for name, values in _PAST_MASKING.items():
        if config.getoption(name, None) in values:
            return (
                "with TARGET=sandbox what tests print is kept and masked: no -s, --pdb, --trace, --setup-show"
            )
    if config.getoption("debug", None):
        return "with TARGET=sandbox there is no --debug: it would write secrets into a file"
    return None


class SandboxPlugin:
    """A pytest plugin: which tests may run, how much each may ask, and the masking of every report."""

    def __init__(self, config: pytest.Config, sandbox: SandboxTransport) -> None:
        self._sandbox = sandbox
        # pytest keeps copies of the descriptors while it captures; it has to take them anew.
        capture: Any = config.pluginmanager.get_plugin("capturemanager")
        capture.stop_global_capturing()
        mask_output(sandbox.masker)
        capture.start_global_capturing()
        capture.suspend_global_capture(in_=True)
        block_other_connections()
        mask_logging(sandbox.masker)
        # httpx and httpcore speak of addresses and headers, at levels that somebody may turn on.
        for name in ("httpx", "httpcore", "hpack"):
            logging.getLogger(name).setLevel(logging.WARNING)

    def pytest_configure(self) -> None:
        """Switch the database of examples off: it would keep requests, and in them keys, as plain bytes."""
        hypothesis.settings.register_profile("guest", hypothesis.settings(), database=None)
        hypothesis.settings.load_profile("guest")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only tests that say so run on somebody else's server."""
        for item in items:
            if _share(item) is None:
                item.add_marker(
                    pytest.mark.skip("not for the sandbox: it needs the control API, or asks too much")
                )

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say where it goes and what it will ask, before anything is sent."""
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is None:
            return
        for line in self.plan(session.items):
            reporter.write_line(line)
        reporter.flush()  # what others print goes another way, and must not come first

    def plan(self, items: list[pytest.Item]) -> list[str]:
        """Return the lines that say where the run connects, as whom, and with how many requests."""
        shares: dict[str, list[int]] = {}
        for item in items:
            share = _share(item)
            if share is not None:
                shares.setdefault(item.path.name, []).append(share)
        manners, most = self._sandbox.manners, sum(map(sum, shares.values()))
        own = "PHONE is set: one issuing a day" if manners.phones.own else "no PHONE: no key will be issued"
        lines = [
            f"about to connect to {self._sandbox.site.base_url}",
            f"as {self._sandbox.user_agent}",
            f"{own}; {manners.per_second:g} requests a second, {manners.requests} at most",
            f"{sum(map(len, shares.values()))} of {len(items)} tests may run there, {most} requests at most:",
        ]
        lines += [f"  {name}: {len(each)} tests, {sum(each)} requests" for name, each in shares.items()]
        if most > manners.requests:
            lines.append("  that is more than the budget: the last tests will be left out")
        return lines

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Hold a test to what it said it would ask."""
        with self._sandbox.share(_share(item) or 0):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Mask a report before anybody writes it: terminal, JUnit, or a plugin of the user's."""
        report = yield
        mask_report(report, self._sandbox.masker)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Mask what goes wrong before a test begins, too."""
        report = yield
        mask_report(report, self._sandbox.masker)
        return report


def _share(item: pytest.Item) -> int | None:
    """Return the most requests that a test says it sends; None for a test that never runs on the sandbox."""
    mark = item.get_closest_marker("guest")
    if mark is None:
        return None
    requests = mark.kwargs.get("requests")
    if mark.args or not isinstance(requests, int) or isinstance(requests, bool) or requests < 0:
        raise pytest.UsageError(f"{item.nodeid}: the marker is guest(requests=NUMBER)")
    return requests
