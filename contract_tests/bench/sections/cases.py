"""Cases a second: the default run beside the schemathesis command, and bare generating and sending.

Cases are requests for the API, counted at the target, whatever a tool says of itself, but for the default
run, whose workers have targets of their own. Each turn has a new mock and a new process. The rate of a run is
over the whole process, its start included.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from contract_tests.bench.novapost import setups
from contract_tests.bench.novapost.prepared import Prepared, prepare
from contract_tests.bench.novapost.request import BODY, PATH
from contract_tests.bench.programs.sending import SENDERS
from contract_tests.bench.tools import process
from contract_tests.bench.tools.relay import counting
from contract_tests.bench.tools.watched import announced
from contract_tests.bench.values import Cell, Ratio, Section, Setting, Step, ratio
from scripts.lib.paths import ANY_API, CONTRACT, EFFECTIVE, ROOT

GOAL, GOAL_ALONE, GOAL_MADE_UP = 5.0, 3.0, 2.0
LIMIT = 600.0
OURS, THEIRS = "ours, default run", "schemathesis command"
ALONE = "ours, one process"
MADE_UP, MADE_UP_TWICE = "ours, made-up cases alone", "ours, made-up cases alone, two processes"
THEIR_MADE_UP = "schemathesis command, made-up cases alone"
# As many for each operation as ours makes up of each, and so often, that starting counts for little.
MADE_UP_CASES, SEEDS = 350, 2
GENERATING = "bare generating"
NOTES = (
    (
        "the schemathesis command is set up as in `faults`: corrected document, dictionaries, all checks, all"
        " phases, its default of cases; ours runs its checks too, but for positive_data_acceptance, which one"
        " of ours replaces, and twelve promises of its own on every answer"
    ),
    (
        "the default run is `make contract` without arguments: two workers where there are two cores, each"
        " with a mock of its own; its cases are by its own count, a hundredth below what a target counts, and"
        " its CPU has the mocks' in it"
    ),
    "the schemathesis command with `--workers 2` is no faster: its workers are threads of one Python",
    "the rate of a run is over its whole process, its start included; generating and sending have no start",
    "cases/CPU s is by the processor time of the tool alone: it hardly depends on what else runs here",
    (
        f"made-up cases alone are {SEEDS} x {MADE_UP_CASES} for each operation on both sides, from the same"
        " strategies: `python -m contract_tests.bench.programs.case_cost` shows what one is spent on"
    ),
)
_DEFAULT_RUN = (sys.executable, "-m", "contract_tests.campaigns.workers")
_MADE_UP = ("-k", "every_answer_keeps", f"--seeds={SEEDS}")
_FUZZING = ("--phases", "fuzzing", "--max-examples", str(SEEDS * MADE_UP_CASES))
_MOCK = (sys.executable, "-m", "novapost_mock", "--port", "0")


@dataclass(frozen=True)
class Turn:
    """What one turn did.

    Attributes:
        cases: how many.
        wall: seconds.
        cpu: seconds of processor time of the tool, not of the target.
    """

    cases: int
    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        """Cases a second."""
        return self.cases / self.wall

    @property
    def worth(self) -> float:
        """Cases for each second of processor time."""
        return self.cases / self.cpu


MadeTurn = Callable[[int], Turn]
# Given the target's address without a path, a folder for its files, and what is prepared.
Command = Callable[[str, Path, Prepared], list[str]]


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Raises:
        Missing: a tool did not run to its end.
    """
    rounds = 1 if setting.quick else setting.rounds
    calls = 200 if setting.quick else 2000
    kinds: dict[str, MadeTurn] = {
        OURS: default_run,
        THEIRS: schemathesis,
        ALONE: lambda seed: suite(seed, list(CONTRACT)),
        THEIR_MADE_UP: lambda seed: schemathesis(seed, *_FUZZING),
        MADE_UP: lambda seed: suite(seed, [ANY_API / "test_operations.py"], *_MADE_UP),
        MADE_UP_TWICE: lambda seed: default_run(seed, *_MADE_UP),
        GENERATING: lambda seed: generating(seed, calls // 2),
        **{f"bare sending, {name}": partial(sending, name, calls) for name in SENDERS},
    }
    turns: dict[str, list[Turn]] = {name: [] for name in kinds}
    for number in range(rounds):
        # Every other round runs backwards, so that nobody always follows the same neighbour.
        for name in list(kinds) if number % 2 == 0 else reversed(kinds):
            step(f"round {number + 1} of {rounds}, {name}")
            turns[name].append(kinds[name](setting.seed + number))
    return section_of(turns)


def section_of(turns: Mapping[str, Sequence[Turn]]) -> Section:
    """Return the section with the results."""
    return Section(
        "cases",
        "Cases a second: the default run, the schemathesis command, and bare generating and sending",
        columns=("what runs", "cases", "seconds", "cases/s", "least", "most", "cases/CPU s"),
        rows=tuple(_row(name, each) for name, each in turns.items()),
        ratios=(
            _ratio("cases a second", turns[OURS], turns[THEIRS], _rate, GOAL),
            _ratio("cases a second, one process", turns[ALONE], turns[THEIRS], _rate, GOAL_ALONE),
            _ratio("cases for a CPU second", turns[ALONE], turns[THEIRS], _worth),
            _ratio("made-up cases a second", turns[MADE_UP], turns[THEIR_MADE_UP], _rate, GOAL_MADE_UP),
            _ratio(
                "made-up cases a second, two processes",
                turns[MADE_UP_TWICE],
                turns[THEIR_MADE_UP],
                _rate,
                GOAL_MADE_UP,
            ),
            _ratio("made-up cases for a CPU second", turns[MADE_UP], turns[THEIR_MADE_UP], _worth),
        ),
        notes=NOTES,
    )


def _row(name: str, turns: Sequence[Turn]) -> tuple[Cell, ...]:
    """Return the medians, with the smallest and the largest rate."""
    rates = [turn.rate for turn in turns]
    return (
        name,
        round(statistics.median(turn.cases for turn in turns)),
        round(statistics.median(turn.wall for turn in turns), 2),
        round(statistics.median(rates), 1),
        round(min(rates), 1),
        round(max(rates), 1),
        round(statistics.median(turn.worth for turn in turns), 1),
    )


def _rate(turn: Turn) -> float:
    return turn.rate


def _worth(turn: Turn) -> float:
    return turn.worth


def _ratio(
    name: str,
    ours: Sequence[Turn],
    theirs: Sequence[Turn],
    of: Callable[[Turn], float],
    goal: float | None = None,
) -> Ratio:
    pairs = [(of(mine), of(other)) for mine, other in zip(ours, theirs, strict=True)]
    return ratio(name, THEIRS, pairs, unit="cases/s", better="higher", goal=goal)


def default_run(seed: int, *more: str) -> Turn:
    """Return the run of `make contract` in two workers, with a seed and more arguments if any."""
    with tempfile.TemporaryDirectory(prefix="bench-") as reports:
        cost = process.run(
            [*_DEFAULT_RUN, f"--seed={seed}", f"--report={reports}", *more],
            folder=ROOT,
            seconds=LIMIT,
            surroundings={"NOVAPOST_EXAMPLES": "none"},
        )
        summary = json.loads((Path(reports) / "contract.json").read_bytes())
        return Turn(summary["counts"]["cases"], cost.wall, cost.cpu)


def suite(seed: int, files: Sequence[Path], *more: str) -> Turn:
    """Return the run of our suite, or of some of its files and tests, as `make contract` starts it."""

    def command(address: str, folder: Path, prepared: Prepared) -> list[str]:
        return [
            *(sys.executable, "-m", "pytest", *map(str, files), "--assert=plain", "--campaign"),
            *("-p", "no:cacheprovider", f"--seed={seed}"),
            *(f"--target={address}/v.1.0/", f"--control={address}/__mock__/", *more),
        ]

    # A part of the suite has not seen every documented status, which it tells by 1.
    return counted(command, ROOT, expected=(0,) if len(files) > 1 else (0, 1))


def schemathesis(seed: int, *more: str) -> Turn:
    """Return the run of the schemathesis command with the options that it has when it looks for defects."""
    tool = setups.corrected()

    def command(address: str, folder: Path, prepared: Prepared) -> list[str]:
        return [*without_events(tool.make(address, prepared, folder, seed, False)), *more]

    # With many more cases than usual it takes some phone that it makes up for one that has to be known.
    return counted(command, None, expected=(0, 1) if more else (0,))


def without_events(command: list[str]) -> list[str]:
    """Return the command without the events: only `faults` reads them, and here they would only cost time."""
    return [part for part in command if part not in setups.EVENTS]


def counted(
    command: Command,
    folder: Path | None,
    expected: Sequence[int] = (0,),
) -> Turn:
    """Run a tool against a mock of its own, and count at the target.

    Args:
        command: of the tool.
        folder: to run it in; the one for its files if None.
        expected: exit codes of a run that went as it should.
    """
    with announced(_MOCK, folder=ROOT) as mock, tempfile.TemporaryDirectory(prefix="bench-") as own:
        prepared = prepare(mock, mock)
        with counting(mock) as relay:
            cost = process.run(
                command(f"http://127.0.0.1:{relay.port}", Path(own), prepared),
                folder=folder or Path(own),
                seconds=LIMIT,
                surroundings={"NOVAPOST_EXAMPLES": "none"},
                expected=expected,
            )
            return Turn(relay.requests, cost.wall, cost.cpu)


def generating(seed: int, count: int) -> Turn:
    """Make up cases with the strategies that schemathesis reads from the document, and send none."""
    return _printed("generating", str(EFFECTIVE), str(count), str(seed))


def sending(sender: str, calls: int, seed: int) -> Turn:
    """Send the same good request again and again, and read each answer."""
    with announced(_MOCK, folder=ROOT) as mock:
        prepare(mock, mock)
        with counting(mock) as relay:
            address = f"http://127.0.0.1:{relay.port}{PATH}"
            return _printed("sending", sender, address, str(calls), BODY.decode())


def _printed(program: str, *arguments: str) -> Turn:
    """Run a program that prints how many, in how many seconds, of which so many of processor time."""
    command = (sys.executable, "-m", f"contract_tests.bench.programs.{program}", *arguments)
    cost = process.run(command, folder=ROOT, seconds=LIMIT)
    cases, wall, cpu = cost.output.split()
    return Turn(int(cases), float(wall), float(cpu))
