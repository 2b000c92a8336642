"""How tests end, and what that comes to: a plugin of pytest."""

import inspect
import sys
from collections.abc import Generator
from typing import Any

import hypothesis
import pytest
from rich.console import Console

from contract_tests.checks.contradictions import contradictions
from contract_tests.checks.finding import Broken, Finding
from contract_tests.observations.record import Observations
from contract_tests.reporting import junit, labels, results
from contract_tests.reporting import report as reports
from contract_tests.reporting.terminal import print_report
from contract_tests.sandbox.errors import Withheld
from contract_tests.session.api import Api
from contract_tests.session.plugin import assertions
from contract_tests.session.run import RUN
from contract_tests.session.sample_requests import CannotAsk
from contract_tests.session.subject import chosen
from contract_tests.target import units
from contract_tests.target.control import ControlError, MissingCall

# Nothing was asked, so nothing is proven: by the limits of the sandbox, the control API, or the document.
_UNPROVEN = (Withheld, MissingCall, CannotAsk)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Skip a test whose request was not sent: it is unproven, not failed."""
    run = item.config.stash[RUN]
    run.deviations.met.clear()
    _give_seed(item, run.campaign_seed)
    try:
        return (yield)
    except _UNPROVEN as reason:
        pytest.skip(_reason(reason))


def _reason(error: Exception) -> str:
    return f"unproven: {error}" if isinstance(error, CannotAsk) else str(error)


def _api(item: pytest.Item) -> Api | None:
    """Return the `Api` that the test used, if it did."""
    api = getattr(item, "funcargs", {}).get("api")
    return api if isinstance(api, Api) else None


def _name(item: pytest.Item) -> str:
    name: str = getattr(item, "originalname", None) or item.name.partition("[")[0]
    return name.removeprefix("test_").replace("_", "-")


def _give_seed(item: pytest.Item, campaign: int) -> None:
    """Seed a test of Hypothesis, just before it runs: tests of one function may differ in their seeds."""
    function: Any = item.function if isinstance(item, pytest.Function) else None
    if function is None or not hypothesis.is_hypothesis_test(function):
        return
    unit = units.of_item(item)
    # Not by hypothesis.seed, nor with one for all: either keeps Hypothesis from keeping examples.
    function._hypothesis_internal_use_seed = campaign + unit.turn
    # What failed is kept by operation, not by the function that all operations share. A walk has none.
    if (handle := getattr(function, "hypothesis", None)) is not None:
        handle.inner_test._hypothesis_internal_add_digest = unit.test.encode()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Skip a test also for an error that follows an accepted deviation."""
    met = item.config.stash[RUN].deviations.met
    try:
        result = yield
    except _UNPROVEN as reason:
        pytest.skip(_reason(reason))
    except Exception as error:
        if met and not _findings_in(error):
            pytest.skip(f"known deviation: {met[-1]}")
        if (api := _api(item)) is not None and (said := assertions.of_a_contract_test(error)):
            api.object(f"test-{_name(item)}", said)
        raise
    if (api := _api(item)) is not None:
        api.settle_pending()
    return result


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Forget the calls of a test before the next one begins."""
    if (api := _api(item)) is not None:
        api.forget()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note how a test ended, and turn a broken assertion into a finding."""
    report = yield
    run = item.config.stash[RUN]
    _keep_in_mind(run.observations, item, call, report)
    run.mask(report)
    for found in getattr(report, "findings", ()):
        texts = (run.masker.mask(text) for text in (found.operation, found.check, found.message))
        name = labels.finding_name(*texts)
        item.user_properties.append((junit.FINDING, name))
    return report


def _keep_in_mind(
    observations: Observations, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> None:
    """Note what the end of a test says about rules; print a finding in place of a traceback."""
    rules = {name for mark in item.iter_markers("rule") for name in mark.args}
    if report.when == "call" or not report.passed:
        observations.ended(rules, report.outcome)
    if report.skipped:
        observations.left_out[_why(report.longrepr)] += 1
    if call.excinfo is None:
        return
    findings = _findings_in(call.excinfo.value)
    for found in findings:
        observations.rules.contradicted(found.check)
    for found in findings:
        observations.tests[found.key] = _short(item.nodeid)
        observations.intents[found.key] = _intent(item)
    if not findings and report.failed:
        observations.crashes.append(_short(item.nodeid))
    if findings:
        report.findings = findings  # type: ignore[attr-defined]
        # The summary tells them with all that is needed; a traceback through the suite adds nothing.
        report.longrepr = "\n".join(f"{f.operation}: {f.check}: {f.message}\n{f.curl}" for f in findings)
    elif isinstance(call.excinfo.value, ControlError):
        report.longrepr = f"the control API failed: {call.excinfo.value}"


def _why(longrepr: object) -> str:
    """Return why a test was skipped."""
    reason = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return str(reason).removeprefix("Skipped: ")


def _short(nodeid: str) -> str:
    file, _, name = nodeid.partition("::")
    return f"{file.rpartition('/')[2]}::{name}"[:120]


def _intent(item: pytest.Item) -> str:
    """Return the first sentence of a test's docstring."""
    return inspect.getdoc(item.function) or "" if isinstance(item, pytest.Function) else ""


def _findings_in(error: BaseException) -> list[Finding]:
    if isinstance(error, Broken):
        return list(error.findings)
    if isinstance(error, BaseExceptionGroup):
        return [finding for inner in error.exceptions for finding in _findings_in(inner)]
    return []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Decide the exit code, and write the report."""
    run = session.config.stash[RUN]
    # A run that was cut short has not had its chance to see everything.
    run.whole = run.whole and not (session.shouldstop or session.shouldfail)
    broken = run.observations.findings or run.complaints()
    if run.tried_nothing and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        why = "no test came to an end" if run.observations.cases else "no request was sent"
        print(f"error: nothing was tried: {why}", file=sys.stderr)
        session.exitstatus = 2
    elif exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and broken:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    elif run.campaign and exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        # 2 is "wrong use or could not run" for whoever reads the exit code.
        session.exitstatus = 2


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the summary."""
    run = config.stash[RUN]
    if run.target is None or not (run.campaign or run.observations.cases):
        return
    tree = reports.report(
        run.target,
        run.contract,
        run.observations,
        seed=run.campaign_seed,
        seeds=run.seeds,
        shard=run.shard,
        whole=run.whole,
        selection=run.selection,
        started_at=run.started_at,
        complaints=run.complaints(),
        deviations=run.deviations,
        document=None if chosen().is_ours else str(run.document),
        notes=() if chosen().is_ours else [*run.contract.left_out, *contradictions(run.contract)],
    )
    if run.report_path is not None:
        results.leave(tree, run.report_path)
        path = junit.beside(run.report_path)
        if tree["findings"] and run.shard.of == 1 and (tests := junit.read(path)) is not None:
            junit.keep_first_failures(tests, tree)
            junit.write(tests, path)
    print_report(Console(file=terminalreporter._tw._file, highlight=False), tree, run.observations.first)
