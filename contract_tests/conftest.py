"""Options, fixtures and the course of a run. What is decided here is only when things happen."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from schemathesis.config import SchemathesisConfig

from contract_tests.campaigns import known_findings
from contract_tests.checks import deviations
from contract_tests.checks.deviations import BadDeviations
from contract_tests.checks.document import Contract
from contract_tests.novapost.knowledge.api import KeysApi
from contract_tests.novapost.knowledge.contract import contract as novapost_contract
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.reporting import report as reports
from contract_tests.sandbox.plugin import SandboxPlugin, objection
from contract_tests.sandbox.site import Site
from contract_tests.sandbox.transport import SandboxTransport
from contract_tests.session import subject
from contract_tests.session.any_document import served, subject_of, with_base_path
from contract_tests.session.api import Api
from contract_tests.session.credentials import of_headers
from contract_tests.session.plugin import collection, outcomes
from contract_tests.session.plugin.example_database import kept_examples
from contract_tests.session.plugin.progress import Progress
from contract_tests.session.resources import Resources
from contract_tests.session.run import DEVIATIONS, KNOWN_PHONE, RUN, SANDBOX, SHARD, Run
from contract_tests.session.sample_requests import Samples
from contract_tests.session.subject import Subject
from contract_tests.target import base_address, targets
from contract_tests.target.call_log import CallLog
from contract_tests.target.control import ControlClient
from contract_tests.target.targets import Target, WrongUse, opened, require
from contract_tests.target.transport import Wire, transport_to
from scripts.lib.paths import ROOT

EXAMPLES_HERE = ROOT / ".hypothesis" / "examples"


class Specs:
    """What a plugin of our own tests may say to the suite."""

    @pytest.hookspec(firstresult=True)
    def pytest_contract_site(self, config: pytest.Config) -> Site | None:
        """Return the server that stands in for the sandbox: a server of this machine."""


MARKERS = (
    "rule(*ids): the rules of openapi/rules.toml that a test proves",
    "guest(requests): may run on the sandbox; the largest number of its requests",
    "listed(): a test by Hypothesis with a fixed list of cases, so that another seed changes nothing",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the suite."""
    group = parser.getgroup("contract", "the contract suite")
    group.addoption("--target", default="mock", help="mock (default), sandbox, or a base address")
    group.addoption("--control", default=None, help="address of the target's control API")
    group.addoption(
        "--phone",
        default=None,
        help="your own phone for the sandbox (NOVAPOST_TEST_PHONE), or one that your target knows",
    )
    group.addoption(
        "--requests", type=int, default=None, help="largest number of requests to the sandbox in a run (300)"
    )
    group.addoption(
        "--skip-without-phone",
        action="store_true",
        help="with --target=sandbox: if no phone is set, run nothing and pass",
    )
    group.addoption("--document", type=Path, default=None, help="an OpenAPI document in place of Nova Post's")
    group.addoption(
        "-H",
        "--header",
        action="append",
        default=[],
        help="with --document: a header of every request, such as 'Authorization: Bearer ...'",
    )
    group.addoption("--shard", default=None, help="run one of n parts of the campaign: i/n, or job/n")
    group.addoption(
        "--seeds", type=int, default=1, help="number of seeds for each test that generates its data (1)"
    )
    group.addoption(
        "--report", type=Path, default=None, help="folder for the summary, the page and junit.xml"
    )
    group.addoption(
        "--deviations",
        type=Path,
        default=deviations.FILE,
        help="file of accepted deviations (contract_tests/deviations.toml)",
    )
    group.addoption(
        "--known",
        type=Path,
        default=None,
        help="file of known findings, as make fuzz writes it; they are counted but not reported",
    )
    group.addoption("--seed", type=int, default=None, help="repeat a run: the seed that its summary shows")
    group.addoption(
        "--campaign", action="store_true", help="show progress, and try to get every documented status"
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hook of this suite."""
    pluginmanager.add_hookspecs(Specs)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Refuse wrong use before anything begins, with one line and the exit code 2."""
    target = config.getoption("--target")
    phone, config.option.phone = config.option.phone, None
    if target == "sandbox" and config.option.skip_without_phone and not targets.own_phone(phone):
        print("skipped: no phone is set (NOVAPOST_TEST_PHONE), so nothing was asked of the sandbox")
        return 0
    try:
        subject.choose(_subject(config))
        config.stash[KNOWN_PHONE] = targets.known_phone(target, phone)
        require(target, config.getoption("--control"))
        read = deviations.read(
            config.getoption("--deviations"), subject.chosen().contract, targets.named(target)
        )
        if known := config.getoption("--known"):
            read.accepted += tuple(each.accepted() for each in known_findings.read(known))
        config.stash[DEVIATIONS] = read
        shard = config.stash[SHARD] = targets.shard(config.getoption("--shard"))
        if shard.of > 1 and not config.getoption("--seed"):
            raise WrongUse("SHARD needs a seed that all shards share: ARGS=--seed=NUMBER")
        if not 1 <= config.getoption("--seeds") <= 10_000:
            raise WrongUse("SEEDS is how many seeds the campaign has: 1 to 10000")
        if config.getoption("--seeds") > 1 and target == "sandbox":
            raise WrongUse("a guest asks little: no SEEDS with TARGET=sandbox")
        if shard.of > 1 and target == "sandbox":
            raise WrongUse("a guest comes alone: no SHARD with TARGET=sandbox")
        if target == "sandbox":
            config.stash[SANDBOX] = _sandbox(config, phone)
        if (folder := config.getoption("--report")) and not config.option.xmlpath:
            # Before the plugin that writes it looks for its path.
            config.option.xmlpath = str(folder / f"junit{shard.suffix}.xml")
    except (WrongUse, BadDeviations, reports.BadReport) as error:
        for line in error.args:
            print(f"error: {line}", file=sys.stderr)
        return 2
    return None


def _subject(config: pytest.Config) -> Subject:
    document: Path | None = config.getoption("--document")
    if document is None:
        if config.getoption("--header"):
            raise WrongUse("-H goes with DOCUMENT=FILE; Nova Post's operations need no credentials")
        return Subject(novapost_contract(), KeysApi, KeysControl)
    if config.getoption("--target") == "sandbox":
        raise WrongUse("DOCUMENT goes with TARGET=mock or TARGET=URL; the sandbox has a document of its own")
    of_headers(config.getoption("--header"))
    return subject_of(document, config.getoption("--target"))


def _sandbox(config: pytest.Config, phone: str | None) -> SandboxTransport:
    if (reason := objection(config)) is not None:
        raise WrongUse(reason)
    try:
        site = config.hook.pytest_contract_site(config=config) or Site()
    except ValueError as error:
        raise WrongUse(str(error)) from error
    worker = getattr(config, "workerinput", {})
    return targets.sandbox_transport(
        site,
        phone=phone,
        phone_goes_to=subject.chosen().contract.knowledge.phone_goes_to,
        requests=config.getoption("--requests"),
        run=worker.get("testrunuid"),
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    run = config.stash[RUN] = Run(config)
    for plugin in (collection, outcomes):
        config.pluginmanager.register(plugin, plugin.__name__)
    if run.campaign:
        # The summary says it all; pytest's own header and counts stay away unless asked for by -v.
        config.option.verbose -= 1
    # Before collection: schemathesis builds its tests then.
    SchemathesisConfig.shared_seed = run.campaign_seed
    try:
        # Here and not only in the guest's plugin: a shared database may be somebody else's machine.
        # A run that is repeated by its seed must not begin with what another one found.
        # For a shard the seed is only what it shares with the others.
        repeated = config.getoption("--seed") and run.shard.of == 1
        database = None if run.sandbox or repeated else kept_examples(EXAMPLES_HERE)
    except WrongUse as error:
        print(f"error: {error}", file=sys.stderr)
        pytest.exit("", returncode=2)
    # Not upon the profile that Hypothesis loads where CI is set: it makes up the same data in every run, and
    # with that keeps no examples.
    hypothesis.settings.register_profile(
        "suite",
        parent=hypothesis.settings.get_profile("default"),
        deadline=None,
        print_blob=False,
        database=database,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("suite")
    if run.sandbox is not None:
        config.pluginmanager.register(SandboxPlugin(config, run.sandbox), "contract-guest")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Show progress where a campaign runs."""
    run = session.config.stash[RUN]
    if run.campaign:
        session.config.pluginmanager.register(Progress(session.config, run.observations), "contract-progress")


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """Return the run of the session."""
    return request.config.stash[RUN]


@pytest.fixture
def seed(request: pytest.FixtureRequest, run: Run) -> int:
    """Return the seed of the test: the campaign's seed, which its summary shows, or a later one."""
    turn: int = getattr(request, "param", 0)
    return run.campaign_seed + turn


@pytest.fixture(scope="session")
def contract(run: Run) -> Contract:
    """Return the document that the target is held against."""
    return run.contract


def _objection(run: Run, base_url: str) -> str:
    """Return what is wrong with the base address of a target; "" if the document's operations are there."""
    servers = run.contract.document.get("servers") or []
    urls = [str(each.get("url", "")) for each in servers if isinstance(each, dict)]
    places = [(operation.method, operation.path) for operation in run.contract.operations]
    return base_address.objection(base_url, places, [urlsplit(url).path for url in urls if "{" not in url])


@pytest.fixture(scope="session")
def target(run: Run, pytestconfig: pytest.Config) -> Iterator[Target]:
    """Yield the target of this session, which is started if it is our mock."""
    ours = subject.chosen().is_ours
    serves = served(None if ours else run.contract.file)
    try:
        with opened(run.target_option, run.control_option, run.sandbox, run.phone, serves) as target:
            run.target = target if ours else with_base_path(target, run.contract)
            if target.name == "url" and (wrong := _objection(run, run.target.base_url)):
                raise WrongUse(wrong)
            run.sign_in(run.target)
            yield run.target
    except WrongUse as error:
        capture: Any = pytestconfig.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"error: {error}", file=sys.stderr, flush=True)
        pytest.exit("it could not run", returncode=2)


@pytest.fixture(scope="session")
def wire(target: Target) -> Iterator[Wire]:
    """Yield the transport of all requests of the session."""
    wire = Wire(transport_to(target.base_url, target.sandbox))
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def calls() -> CallLog:
    """Return the log of the calls of the current test."""
    return CallLog()


@pytest.fixture(scope="session")
def shared_control(target: Target, wire: Wire, calls: CallLog) -> ControlClient | None:
    """Yield the control client of the target, or None where there is no control API."""
    if not target.control_url:
        return None
    return subject.chosen().control(target.control_url, wire, calls, target.control_token)


@pytest.fixture
def control(shared_control: ControlClient | None, calls: CallLog) -> ControlClient:
    """Return the control client, with the target reset."""
    if shared_control is None:
        pytest.skip("the target has no control API (--control)")
    calls.begin()
    shared_control.reset()
    return shared_control


@pytest.fixture(scope="session")
def samples(contract: Contract) -> Samples:
    """Return requests that fit the document."""
    return Samples(contract)


@pytest.fixture(scope="session")
def resources(api: Api, samples: Samples) -> Resources:
    """Return things of the target that exist."""
    return Resources(api, samples)


@pytest.fixture(scope="session")
def api(
    target: Target,
    contract: Contract,
    run: Run,
    wire: Wire,
    shared_control: ControlClient | None,
    calls: CallLog,
) -> Api:
    """Yield the target as a test talks to it: every answer is recorded and checked."""
    api = subject.chosen().api(
        target, contract, run.observations, wire, shared_control, calls, run.deviations, run.credentials
    )
    api.begin()
    return api
