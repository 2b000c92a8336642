"""Options, fixtures and the course of a run. What is decided here is only when things happen."""

import inspect
import random
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from rich.console import Console
from schemathesis.config import SchemathesisConfig

from contract_tests import deviations, results, targets, units
from contract_tests import report as reports
from contract_tests.api import Api
from contract_tests.campaigns import known as known_findings
from contract_tests.contract import ROOT, Contract
from contract_tests.coverage import Coverage
from contract_tests.deviations import BadDeviations, Deviations
from contract_tests.examples import kept_examples
from contract_tests.findings import Broken, Finding
from contract_tests.guest.door import Door
from contract_tests.guest.errors import Withheld
from contract_tests.guest.masking import Masker, mask_report
from contract_tests.guest.plugin import GuestPlugin, objection
from contract_tests.guest.site import Site
from contract_tests.observations import Observations
from contract_tests.progress import Progress
from contract_tests.reading import GIVEN_UP_BY_STRICT, TOLD, Reading, observed
from contract_tests.rules import certainties
from contract_tests.scenes import MORNING, OTHER, PHONE
from contract_tests.shards import Shard
from contract_tests.stage import Stage, StageError
from contract_tests.story import Story
from contract_tests.summary import tell
from contract_tests.targets import Target, WrongUse, opened, require
from contract_tests.wire import Wire, transport_to

RUN = pytest.StashKey["Run"]()
EXAMPLES_HERE = ROOT / ".hypothesis" / "examples"
DOOR = pytest.StashKey[Door]()
KNOWN_PHONE = pytest.StashKey[str | None]()
DEVIATIONS = pytest.StashKey[Deviations]()
SHARD = pytest.StashKey[Shard]()


class Specs:
    """What a plugin of our own tests may say to the suite."""

    @pytest.hookspec(firstresult=True)
    def pytest_contract_site(self, config: pytest.Config) -> Site | None:
        """What stands in for the sandbox; a `Site` can only be the sandbox itself or this machine."""


class Run:
    """One session: its options, what it saw, and whether all of the suite took part."""

    def __init__(self, config: pytest.Config) -> None:
        self.target_option: str = config.getoption("--target")
        self.control_option: str | None = config.getoption("--control") or None
        self.campaign: bool = config.getoption("--campaign")
        self.campaign_seed: int = config.getoption("--seed") or random.SystemRandom().randrange(1, 2**31)
        self.shard = config.stash.get(SHARD, Shard())
        self.seeds: int = config.getoption("--seeds")
        self.started_at = datetime.now(UTC)
        folder: Path | None = config.getoption("--report")
        self.report_path = folder / f"contract{self.shard.suffix}.json" if folder else None
        self.whole = not any("::" in argument for argument in config.args)
        self.contract = Contract.read()
        self.observations = Observations(Coverage(self.contract))
        self.target: Target | None = None
        self.door = config.stash.get(DOOR, None)
        self.phone = config.stash.get(KNOWN_PHONE, None)
        self.masker = self.door.masker if self.door else Masker(self.phone)
        self.deviations = config.stash.get(DEVIATIONS, Deviations())

    def mask(self, report: pytest.TestReport) -> None:
        """Mask the keys and tokens of the run in a report, if it has anything to say."""
        if report.longrepr is not None or report.sections:
            self.masker.learn(self.observations.secrets)
            mask_report(report, self.masker)

    def complaints(self) -> list[str]:
        """What keeps a campaign from being a proof although no test failed."""
        crashed = [f"{name} failed without a finding" for name in self.observations.crashes]
        today = datetime.now(UTC).date()
        crashed += self.deviations.complaints(
            self.observations.seen, today, whole=self.campaign and self.whole and self.shard.of == 1
        )
        if not (self.campaign and self.whole and self.target and self.target.control_url):
            return crashed
        if self.shard.of > 1:
            return crashed  # what one shard has not seen another may have; `merge` asks them all
        return [
            *crashed,
            *(
                f"{operation.label} {status} is documented and was never seen"
                for operation, status in self.observations.never_seen(self.contract)
            ),
        ]


MARKERS = (
    "rule(*ids): the rules of openapi/rules.toml that a test proves",
    "guest(requests): may run on the sandbox, with so many requests at most",
    "listed(): a test of Hypothesis whose cases are listed, so that another seed changes nothing",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "the contract suite")
    group.addoption("--target", default="mock", help="mock (default), sandbox, or a base address")
    group.addoption("--control", default=None, help="address of the target's control API, to set the stage")
    group.addoption(
        "--phone",
        default=None,
        help="your own phone for the sandbox (NOVAPOST_TEST_PHONE), or one that your target knows",
    )
    group.addoption(
        "--requests", type=int, default=None, help="the most that a run asks of the sandbox (300)"
    )
    group.addoption(
        "--skip-without-phone",
        action="store_true",
        help="with --target=sandbox: do nothing if no phone is set",
    )
    group.addoption("--shard", default=None, help="run one of n parts of the campaign: i/n, or job/n")
    group.addoption(
        "--seeds", type=int, default=1, help="with how many seeds each test runs that makes its data up (1)"
    )
    group.addoption("--report", type=Path, default=None, help="folder for summary, page and junit.xml")
    group.addoption(
        "--deviations",
        type=Path,
        default=deviations.FILE,
        help="another file than contract_tests/deviations.toml",
    )
    group.addoption(
        "--known", type=Path, default=None, help="findings that are counted and not told, as make fuzz keeps"
    )
    group.addoption("--seed", type=int, default=None, help="repeat a run: the seed that its summary shows")
    group.addoption(
        "--campaign", action="store_true", help="show progress, and ask for every documented status"
    )


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """The suite's own hook."""
    pluginmanager.add_hookspecs(Specs)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Before anything begins: wrong use is one line and the exit code 2."""
    target = config.getoption("--target")
    phone, config.option.phone = config.option.phone, None
    if target == "sandbox" and config.option.skip_without_phone and not targets.own_phone(phone):
        print("skipped: no phone is set (NOVAPOST_TEST_PHONE), so nothing was asked of the sandbox")
        return 0
    try:
        config.stash[KNOWN_PHONE] = targets.known_phone(target, phone)
        require(target, config.getoption("--control"))
        read = deviations.read(
            config.getoption("--deviations"), Contract.read(), certainties(), targets.named(target)
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
            config.stash[DOOR] = _door(config, phone)
        if (folder := config.getoption("--report")) and not config.option.xmlpath:
            # Before the plugin that writes it looks for its path.
            config.option.xmlpath = str(folder / f"junit{shard.suffix}.xml")
    except (WrongUse, BadDeviations, reports.BadReport) as error:
        for line in error.args:
            print(f"error: {line}", file=sys.stderr)
        return 2
    return None


def _door(config: pytest.Config, phone: str | None) -> Door:
    if (reason := objection(config)) is not None:
        raise WrongUse(reason)
    try:
        site = config.hook.pytest_contract_site(config=config) or Site()
    except ValueError as error:
        raise WrongUse(str(error)) from error
    worker = getattr(config, "workerinput", {})
    return targets.guest_door(
        site, phone=phone, requests=config.getoption("--requests"), run=worker.get("testrunuid")
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    run = config.stash[RUN] = Run(config)
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
        database = None if run.door or repeated else kept_examples(EXAMPLES_HERE)
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
    if run.door is not None:
        config.pluginmanager.register(GuestPlugin(config, run.door), "contract-guest")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    run = session.config.stash[RUN]
    if run.campaign:
        session.config.pluginmanager.register(Progress(session.config, run.observations), "contract-progress")


# What is quick and certain comes first: most defects need no fuzzing to be noticed, and of those most show in
# one answer. The walk and what is made up come last.
ORDER = (
    "test_statuses.py",
    "test_asking.py",
    "test_requests.py",
    "test_tokens.py",
    "test_limit.py",
    "test_renewals.py",
    "test_clients.py",
    "test_client.py",
    "test_document.py",
)
LAST = ("test_lifecycle.py", "test_operations.py")
# The fifth variant of a test and all further ones wait for the fourth of every other.
ROUNDS = 5


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The shard's tests: every status, then every promise once before any promise twice, then the walks."""
    _keep(items, config.stash[RUN].shard)
    variants: Counter[tuple[str, str]] = Counter()
    ranks: dict[pytest.Item, tuple[int, int]] = {}
    for item in items:
        file, test = item.path.name, getattr(item, "originalname", item.name)
        variants[file, test] += 1
        made_up = units.of_item(item).made_up
        turn = 0 if file == ORDER[0] else min(variants[file, test], ROUNDS)
        place = ORDER.index(file) if file in ORDER else len(ORDER)
        ranks[item] = (ROUNDS + 1, LAST.index(file)) if file in LAST else (ROUNDS if made_up else turn, place)
    if config.stash[RUN].campaign:
        items.sort(key=ranks.__getitem__)


def pytest_itemcollected(item: pytest.Item) -> None:
    """The id of a test of schemathesis names its operation, as its name does: else all would be one unit."""
    test, bracket, operation = item.name.partition("[")
    if bracket and item.nodeid.endswith(f"::{test}"):
        # pytest 9.2 takes the id from `originalname`, which schemathesis 4.32 gives without the operation.
        item._id = item.id.with_params(operation.removesuffix("]"))


def _keep(items: list[pytest.Item], shard: Shard) -> None:
    if shard.of == 1:
        return
    of_items = {item: units.of_item(item) for item in items}
    if shard.of > len(set(of_items.values())):
        # A shard without units would pass without having asked anything.
        print(f"error: there are {len(of_items)} units, too few for {shard.of} shards", file=sys.stderr)
        pytest.exit("", returncode=2)
    kept = shard.takes(of_items.values())
    items[:] = [item for item in items if of_items[item] in kept]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What makes its data up does so with each of the campaign's seeds."""
    turns: int = metafunc.config.getoption("--seeds")
    if turns > 1 and units.makes_up(metafunc.definition, metafunc.fixturenames):
        if units.SEED not in metafunc.fixturenames:
            metafunc.fixturenames.append(units.SEED)
        metafunc.parametrize(units.SEED, range(turns), indirect=True, ids=units.turn_id)


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items:
        items[0].config.stash[RUN].whole = False


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The session's run."""
    return request.config.stash[RUN]


@pytest.fixture
def seed(request: pytest.FixtureRequest, run: Run) -> int:
    """The seed of the test: that of the campaign, which its summary shows, or one of those after it."""
    turn: int = getattr(request, "param", 0)
    return run.campaign_seed + turn


@pytest.fixture(scope="session")
def contract(run: Run) -> Contract:
    """The document that the target is held against."""
    return run.contract


@pytest.fixture(scope="session")
def target(run: Run, pytestconfig: pytest.Config) -> Iterator[Target]:
    """The target of this session, started if it is ours."""
    try:
        with opened(run.target_option, run.control_option, run.door, run.phone) as target:
            run.target = target
            yield target
    except WrongUse as error:
        capture: Any = pytestconfig.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"error: {error}", file=sys.stderr, flush=True)
        pytest.exit("it could not run", returncode=2)


@pytest.fixture(scope="session")
def wire(target: Target) -> Iterator[Wire]:
    """What all requests of the session travel through."""
    wire = Wire(transport_to(target.base_url, target.door))
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def story() -> Story:
    """What the current test has done."""
    return Story()


@pytest.fixture(scope="session")
def shared_stage(target: Target, wire: Wire, story: Story) -> Stage | None:
    """The target's stage, or None where there is no control API."""
    if not target.control_url:
        return None
    return Stage(target.control_url, wire, story, target.control_token)


@pytest.fixture
def stage(shared_stage: Stage | None, story: Story) -> Stage:
    """The stage, back at the start."""
    if shared_stage is None:
        pytest.skip("the target has no control API (--control)")
    story.begin()
    shared_stage.reset()
    return shared_stage


@pytest.fixture
def morning(stage: Stage) -> Stage:
    """The stage at a known time, with two registered phones."""
    stage.set_clock(MORNING)
    stage.register(PHONE)
    stage.register(OTHER)
    return stage


@pytest.fixture(scope="session")
def reading(target: Target, wire: Wire, run: Run, shared_stage: Stage | None) -> Reading:
    """How the target reads the daily limit; "issuing" where nobody may set the stage to find out."""
    if shared_stage is None:
        return "issuing"
    reading = observed(target, wire, shared_stage)
    run.observations.readings["daily-limit"] = TOLD[reading]
    if reading == "strict":
        run.observations.rules.contradicted(GIVEN_UP_BY_STRICT)
    return reading


@pytest.fixture(scope="session")
def api(
    target: Target,
    contract: Contract,
    run: Run,
    wire: Wire,
    shared_stage: Stage | None,
    story: Story,
    reading: Reading,
) -> Api:
    """The target as a test talks to it: every answer is recorded and judged."""
    return Api(target, contract, run.observations, wire, shared_stage, story, reading, run.deviations)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """What does not leave leaves its test unproven, not failed."""
    run = item.config.stash[RUN]
    run.deviations.met.clear()
    _give_seed(item, run.campaign_seed)
    try:
        return (yield)
    except Withheld as reason:
        pytest.skip(str(reason))


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
    """The same, and for what a test stumbles over after an accepted deviation."""
    met = item.config.stash[RUN].deviations.met
    try:
        result = yield
    except Withheld as reason:
        pytest.skip(str(reason))
    except Exception as error:
        if not met or _findings_in(error):
            raise
        pytest.skip(f"known deviation: {met[-1]}")
    api = getattr(item, "funcargs", {}).get("api")
    if isinstance(api, Api):
        api.settle_pending()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    run = item.config.stash[RUN]
    _keep_in_mind(run.observations, item, call, report)
    run.mask(report)
    return report


def _keep_in_mind(
    observations: Observations, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> None:
    """What the end of a test says about rules and findings; a finding is told in place of a traceback."""
    rules = {name for mark in item.iter_markers("rule") for name in mark.args}
    if report.when == "call" or not report.passed:
        observations.ended(rules, report.outcome)
    if call.excinfo is None:
        return
    findings = _findings_in(call.excinfo.value)
    for found in findings:
        observations.rules.contradicted(found.promise)
    for found in findings:
        observations.tests[found.key] = _short(item.nodeid)
        observations.intents[found.key] = _intent(item)
    if not findings and report.failed:
        observations.crashes.append(_short(item.nodeid))
    if findings:
        report.findings = findings  # type: ignore[attr-defined]
        # The summary tells them with all that is needed; a traceback through the suite adds nothing.
        report.longrepr = "\n".join(f"{f.operation}: {f.promise}: {f.message}\n{f.curl}" for f in findings)
    elif isinstance(call.excinfo.value, StageError):
        report.longrepr = f"the stage could not be set: {call.excinfo.value}"


def _short(nodeid: str) -> str:
    file, _, name = nodeid.partition("::")
    return f"{file.rpartition('/')[2]}::{name}"[:120]


def _intent(item: pytest.Item) -> str:
    """What a test says that it is for."""
    return inspect.getdoc(item.function) or "" if isinstance(item, pytest.Function) else ""


def _findings_in(error: BaseException) -> list[Finding]:
    if isinstance(error, Broken):
        return list(error.findings)
    if isinstance(error, BaseExceptionGroup):
        return [finding for inner in error.exceptions for finding in _findings_in(inner)]
    return []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    run = session.config.stash[RUN]
    # A run that was cut short has not had its chance to see everything.
    run.whole = run.whole and not (session.shouldstop or session.shouldfail)
    broken = run.observations.findings or run.complaints()
    if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and broken:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    elif run.campaign and exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        # 2 is "wrong use or could not run" for whoever reads the exit code.
        session.exitstatus = 2


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
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
        started_at=run.started_at,
        complaints=run.complaints(),
        deviations=run.deviations,
    )
    if run.report_path is not None:
        results.leave(tree, run.report_path)
    tell(Console(file=terminalreporter._tw._file, highlight=False), tree, run.observations.first)
