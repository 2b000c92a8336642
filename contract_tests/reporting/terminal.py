"""The summary of a run, for a person to read: verdict first, then what it rests on."""

from collections.abc import Iterator
from textwrap import indent
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_tests.observations.record import First
from contract_tests.reporting import labels
from contract_tests.reporting.report import Report, unproven

_STYLES = {"bad": "bold red", "fair": "bold yellow", "good": "bold green"}
_MOST_LINES = 12
_WIDEST = 600
_MOST_ALIKE = 5
# How a state is put where it does not speak for itself.
_STATES = {labels.RULES["assumed"][1]: "kept as we read them (assumed)"}


def print_report(console: Console, tree: Report, first: First | None = None) -> None:
    """Print the summary.

    Args:
        tree: what came of the run, or of all shards of a campaign, as the report has it.
        first: when the first finding came, where one process saw them all.
    """
    counts, settings = tree["counts"], tree["settings"]
    kind, verdict = labels.verdict(tree)
    console.print()
    console.print(Text(f"{verdict}{': no findings' * (kind == 'good')}.", style=_STYLES[kind]))
    for _, said, rows in labels.rules(tree):
        _line(console, f"rules {_STATES.get(said, said)}: {', '.join(sorted(row['rule'] for row in rows))}")
    control = "with control" if settings["control"] else "without control: tests that need it were skipped"
    _line(console, f"target {settings['baseUrl']}, {control}")
    if lacking := labels.lacking(tree):
        _line(console, lacking)
    for line in _as_guest(tree["guest"]):
        _line(console, line)
    _line(console, f"repeat with {labels.repeat(tree)}")
    console.print()
    console.print(_table(tree))
    seconds = counts["seconds"]
    rate = counts["cases"] / seconds if seconds else 0.0
    shards = f" in {len(settings['shards'])} shards" if len(settings["shards"]) > 1 else ""
    _line(console, f"{counts['cases']:,} cases{shards} in {seconds:.1f} s, {rate:,.0f} cases/s")
    if first:
        _line(console, f"first finding after {first.cases:,} cases and {first.seconds:.2f} s")
    if reached := labels.covered(tree):
        _line(console, f"went as far as {reached}")
    doubted = {finding["promise"] for finding in tree["findings"]}
    for reading, value in sorted(tree["readings"].items()):
        if reading not in doubted:
            _line(console, f"reading of {reading}: {value}")
    for row in tree["deviations"]:
        if row["occurred"]:
            _line(console, f"accepted {row['occurred']} times: {row['deviation']}")
    if left := unproven(tree):
        _line(console, f"unproven, since nothing brought them about (recipes.toml may): {', '.join(left)}")
    if notes := tree.get("notes", []):
        _line(console, f"the document contradicts itself in {len(notes)} places:")
        for line in notes:
            _line(console, f"  {line}")
    for line in tree["complaints"]:
        _line(console, f"! {line}", "red")
    for number, finding in enumerate(tree["findings"], 1):
        console.print()
        _line(console, f"{number}. {finding['operation']}: {finding['promise']}", "bold red")
        _line(console, f"   {finding['message']}")
        if fault := labels.fault(finding):
            _line(console, f"   {fault}")
        if finding["test"]:
            _line(console, f"   noticed by {finding['test']}")
        for line in labels.also(finding)[:_MOST_ALIKE]:
            _line(console, f"   also {line}")
        if finding["answer"]:
            _line(console, indent(_shortened(finding["answer"]), "   | "))
        _line(console, indent(finding["reproduce"], "   "), "dim")


def _shortened(answer: str) -> str:
    """Return the status and the body of an answer; its headers are on the page."""
    head, _, body = labels.plain(answer).partition("\n\n")
    lines = [head.partition("\n")[0], *body.splitlines()]
    rest = len(lines) - _MOST_LINES
    cut = [line if len(line) <= _WIDEST else f"{line[:_WIDEST]}..." for line in lines[:_MOST_LINES]]
    return "\n".join([*cut, *([f"({rest} lines more)"] if rest > 0 else [])])


def _line(console: Console, text: str, style: str = "") -> None:
    """Print a line that is never wrapped and in which brackets are no markup."""
    console.print(Text(text, style=style), soft_wrap=True)


def _as_guest(guest: dict[str, Any] | None) -> Iterator[str]:
    if guest is None:
        return
    yield f"as a guest: {guest['sent']} of at most {guest['budget']} requests"
    for reason, count in guest["withheld"].items():
        yield f"  {count} not sent: {reason}"
    if guest["unavailable"]:
        yield f"{guest['unavailable']} answers were the documented 503 that nobody asked for"


def _table(tree: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("operation")
    table.add_column("status", justify="right")
    table.add_column("seen", justify="right")
    table.add_column("")
    operations, statuses = labels.matrix(tree)
    for place, operation in enumerate(operations):
        for status, cells in statuses:
            if (cell := cells[place]) is not None:
                style = "red" if cell.kind == "bad" and not cell.seen else ""
                table.add_row(operation, status, f"{cell.seen:,}", cell.remark, style=style)
    return table
