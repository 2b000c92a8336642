"""The summary of a run, for a person to read: verdict first, then what it rests on."""

from collections.abc import Iterable, Iterator
from textwrap import indent

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_tests.contract import Contract
from contract_tests.deviations import Deviations
from contract_tests.guest.door import Tally
from contract_tests.observations import Observations
from contract_tests.rules import VERDICTS
from contract_tests.targets import Target

# How a verdict is put where it does not speak for itself.
_VERDICT = {"assumed": "kept as we read them (assumed)"}


def tell(
    console: Console,
    target: Target,
    contract: Contract,
    observations: Observations,
    *,
    seed: int,
    complaints: Iterable[str] = (),
    deviations: Deviations | None = None,
) -> None:
    """Print the summary.

    Args:
        complaints: whatever else keeps the run from being a proof, one line each.
        deviations: those of the target, with how often each occurred.
    """
    complaints = list(complaints)
    console.print()
    console.print(_verdict(observations, complaints))
    for verdict in VERDICTS:
        if rules := observations.rules.of(verdict):
            told = f"rules {_VERDICT.get(verdict, verdict)}: {', '.join(rules)}"
            console.print(told, highlight=False, soft_wrap=True)
    control = "with control" if target.control_url else "without control: what needs the stage was skipped"
    console.print(f"target {target.base_url}, {control}", highlight=False, soft_wrap=True)
    if target.door is not None:
        for line in _as_guest(target.door.tally, target.door.ledger.sent(), target.door.manners.requests):
            console.print(line, highlight=False, soft_wrap=True)
    if observations.unavailable:
        console.print(f"{observations.unavailable} answers were the documented 503 that nobody asked for")
    console.print(f"repeat with --seed={seed}", highlight=False, soft_wrap=True)
    console.print()
    console.print(_table(contract, observations))
    rate = observations.cases / observations.seconds if observations.seconds else 0.0
    console.print(
        f"{observations.cases:,} cases in {observations.seconds:.1f} s, {rate:,.0f} cases/s", highlight=False
    )
    if first := observations.first:
        console.print(f"first finding after {first.cases:,} cases and {first.seconds:.2f} s", highlight=False)
    doubted = {finding.promise for finding in observations.findings}
    for reading, value in sorted(observations.readings.items()):
        if reading in doubted:
            continue
        console.print(f"reading of {reading}: {value}", highlight=False, soft_wrap=True)
    for deviation, count in (deviations.occurred if deviations else {}).items():
        console.print(f"accepted {count} times: {deviation}", highlight=False, soft_wrap=True, markup=False)
    for line in complaints:
        console.print(Text(f"! {line}", style="red"), soft_wrap=True)
    for number, finding in enumerate(observations.findings, 1):
        console.print()
        console.print(
            Text(f"{number}. {finding.operation}: {finding.promise}", style="bold red"), soft_wrap=True
        )
        console.print(Text(f"   {finding.message}"), soft_wrap=True)
        if finding.key in observations.tests:
            console.print(Text(f"   noticed by {observations.tests[finding.key]}"), soft_wrap=True)
        console.print(Text(indent(finding.curl, "   "), style="dim"), soft_wrap=True)


def _as_guest(tally: Tally, sent: int, budget: int) -> Iterator[str]:
    yield f"as a guest: {sent} of at most {budget} requests"
    for reason, count in sorted(tally.withheld.items()):
        yield f"  {count} not sent: {reason}"


def _verdict(observations: Observations, complaints: list[str]) -> Text:
    found = len(observations.findings)
    if found:
        return Text(f"The contract is broken: {found} finding{'s' * (found != 1)}.", style="bold red")
    if complaints:
        return Text("The contract is not proven.", style="bold red")
    if observations.rules.left_unproven:
        return Text("No findings, but not all was asked.", style="bold yellow")
    return Text("The contract holds: no findings.", style="bold green")


def _table(contract: Contract, observations: Observations) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("operation")
    table.add_column("status", justify="right")
    table.add_column("seen", justify="right")
    table.add_column("")
    for label, status, seen, remark in _rows(contract, observations):
        table.add_row(label, status, f"{seen:,}", remark, style="red" if remark == "never seen" else "")
    return table


def _rows(contract: Contract, observations: Observations) -> Iterator[tuple[str, str, int, str]]:
    for operation in contract.operations:
        for status in operation.responses:
            seen = observations.seen[operation.label, status]
            yield operation.label, str(status), seen, "" if seen else "never seen"
        others = sorted(
            (status, seen)
            for (label, status), seen in observations.seen.items()
            if label == operation.label and status not in operation.responses
        )
        for status, seen in others:
            yield operation.label, str(status), seen, "undocumented"
        if observations.unanswered[operation.label]:
            yield operation.label, "none", observations.unanswered[operation.label], "no whole answer"
    known = {operation.label for operation in contract.operations}
    strays: dict[int, int] = {}
    for (label, status), seen in observations.seen.items():
        if label not in known:
            strays[status] = strays.get(status, 0) + seen
    for status, seen in sorted(strays.items()):
        yield "other methods and paths", str(status), seen, ""
