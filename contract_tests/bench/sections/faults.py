"""Who notices seeded defects: our suite and its peers, each in the best set-up a fair user would reach."""

import statistics
import sys
from collections.abc import Sequence

from contract_tests.bench.defects.trials import UNMODIFIED, Score, Trial, tried
from contract_tests.bench.novapost.chosen import CHOSEN, QUICK, Chosen
from contract_tests.bench.novapost.setups import Tool, tools
from contract_tests.bench.tools.watched import announced
from contract_tests.bench.values import Cell, Figure, Missing, Ratio, Section, Setting, Step, figure, ratio
from scripts.lib.paths import ROOT

SHARE_GOAL, STATEFUL_GOAL = 95.0, 9
NOTES = (
    (
        "a number in the table is the seconds from the start of the process, interpreter and all, to the"
        " first failure that counts; a dash: not noticed"
    ),
    "a failure counts if the same tool, set-up and seed does not report it of the unmodified target",
    "requests are counted at the target, without those that prepare it",
    "each run has a proxy of its own before one mock, on loopback, and a limit of two to four minutes",
    "a tool without alarms on the unmodified target stops at its first finding (ours, schemathesis)",
)


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Args:
        setting: how much; a quick run has fewer defects.
        step: told what is under way.

    Raises:
        Missing: the mock does not start.
    """
    chosen = QUICK if setting.quick else CHOSEN
    present: list[Tool] = []
    missing: list[tuple[str, str]] = []
    for make in tools():
        step(f"set up {make.__name__}")
        try:
            present.append(make())
        except Missing as reason:
            missing.append((make.__name__, str(reason)))
    scores = tried_all(present, chosen, setting, step)
    return section_of(present, chosen, scores, missing)


def tried_all(
    present: Sequence[Tool], chosen: Sequence[Chosen], setting: Setting, step: Step
) -> dict[str, Score]:
    """Run every tool against every defect, in turns, so that a disturbance of the machine hits all tools."""
    unmodified: dict[str, Trial] = {}
    trials: dict[str, list[Trial]] = {tool.name: [] for tool in present}
    with announced((sys.executable, "-m", "novapost_mock", "--port", "0"), folder=ROOT) as mock:
        for tool in present:
            step(f"unmodified target, {tool.name}")
            unmodified[tool.name] = tried(tool, UNMODIFIED, mock, setting.seed, stop=False)
        for number, defect in enumerate(chosen, 1):
            for tool in present:
                step(f"defect {number} of {len(chosen)}, {defect.name}, {tool.name}")
                clean = not unmodified[tool.name].failures
                trials[tool.name].append(tried(tool, defect.name, mock, setting.seed, stop=clean))
    return {name: Score(unmodified[name], tuple(each)) for name, each in trials.items()}


def section_of(
    present: Sequence[Tool],
    chosen: Sequence[Chosen],
    scores: dict[str, Score],
    missing: Sequence[tuple[str, str]],
) -> Section:
    """Return the section with the results."""
    names = [tool.name for tool in present]
    rows: list[tuple[Cell, ...]] = [
        (each.name, each.kind, *(_seconds(scores[name].first(each.name)) for name in names))
        for each in chosen
    ]
    rows += _totals(names, chosen, scores)
    notes = [*NOTES, *(f"{tool.name}: {tool.setup}" for tool in present)]
    notes += [f"{each.name}: {each.reason}" for each in chosen]
    notes += [f"{name}: {line}" for name in names for line in _doubts(scores[name])]
    return Section(
        "faults",
        f"Finding faults: {len(chosen)} seeded defects, {_stateful(chosen)} of them concern state",
        columns=("defect", "kind", *names),
        rows=tuple(rows),
        ratios=tuple(_ratios(names, scores)),
        figures=tuple(_figures(chosen, scores)),
        notes=tuple(notes),
        missing=tuple(missing),
    )


def _stateful(chosen: Sequence[Chosen]) -> int:
    return sum(each.is_stateful for each in chosen)


def _seconds(value: float | None) -> Cell:
    return "-" if value is None else round(value, 1)


def _totals(
    names: Sequence[str], chosen: Sequence[Chosen], scores: dict[str, Score]
) -> list[tuple[Cell, ...]]:
    """Return what is counted, one line for each count."""
    stateful = {each.name for each in chosen if each.is_stateful}
    each = [scores[name] for name in names]
    firsts = [[score.first(defect.name) for defect in chosen] for score in each]
    return [
        ("caught", f"of {len(chosen)}", *(len(score.caught) for score in each)),
        ("caught, state", f"of {len(stateful)}", *(len(score.caught & stateful) for score in each)),
        ("false alarms", "", *(score.alarms for score in each)),
        ("requests, unmodified target", "", *(score.unmodified.requests for score in each)),
        ("requests, with a defect", "median", *(_middle([t.requests for t in s.trials]) for s in each)),
        ("seconds, first finding", "median", *(_middle([t for t in f if t is not None]) for f in firsts)),
        ("seconds, unmodified target", "", *(round(score.unmodified.seconds, 1) for score in each)),
        ("seconds, with a defect", "median", *(_middle([t.seconds for t in s.trials]) for s in each)),
    ]


def _middle(values: Sequence[float]) -> Cell:
    return round(statistics.median(values), 1) if values else None


def _ratios(names: Sequence[str], scores: dict[str, Score]) -> list[Ratio]:
    """Return how many defects ours catches for each of a peer's; a peer that catches none has no ratio."""
    if "ours" not in scores:
        return []
    mine = len(scores["ours"].caught)
    return [
        ratio("defects caught", name, [(mine, len(scores[name].caught))], unit="defects", better="higher")
        for name in names
        if name != "ours" and scores[name].caught
    ]


def _figures(chosen: Sequence[Chosen], scores: dict[str, Score]) -> list[Figure]:
    if "ours" not in scores:
        return []
    score, stateful = scores["ours"], {each.name for each in chosen if each.is_stateful}
    share = 100 * len(score.caught) / len(chosen)
    # A quick run has fewer, so that its goal is all but one as well.
    goal = len(stateful) - 10 + STATEFUL_GOAL
    return [
        figure("defects caught", [share], unit="%", better="higher", goal=SHARE_GOAL),
        figure(
            "defects that concern state", [len(score.caught & stateful)], unit="", better="higher", goal=goal
        ),
        figure("false alarms", [score.alarms], unit="", better="lower", goal=0),
    ]


def _doubts(score: Score) -> list[str]:
    """Yield the runs whose outcome may be less than the tool could do."""
    doubts = []
    for trial in (score.unmodified, *score.trials):
        if trial.cut:
            doubts.append(f"{trial.defect}: stopped after {trial.seconds:.0f} s")
        if trial.trouble:
            doubts.append(f"{trial.defect}: no answer: {trial.trouble}")
    if score.unmodified.keys:
        doubts.append(f"false alarms: {'; '.join(sorted(score.unmodified.keys))[:2000]}")
    return doubts
