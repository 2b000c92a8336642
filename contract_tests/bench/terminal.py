"""A section as people read it: a table on a terminal, plain lines elsewhere."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from contract_tests.bench.values import Cell, Figure, Ratio, Section


def print_section(section: Section) -> None:
    """Print a section."""
    console = Console(highlight=False)
    for line in [section.title, "=" * len(section.title)]:
        console.print(line, markup=False)
    if section.rows:
        _table(console, section.columns, section.rows)
    if section.ratios:
        heads = ("ours / theirs", "beside", "ours", "theirs", "", "ratio", "least", "most", "goal", "")
        _table(console, heads, [_ratio(each) for each in section.ratios])
    if section.figures:
        alone = ("ours alone", "", "median", "least", "most", "goal", "")
        _table(console, alone, [_figure(each) for each in section.figures])
    if section.curves:
        rows = [(each.name, each.by, number(each.exponent)) for each in section.curves]
        _table(console, ("how it grows", "with", "exponent"), rows)
    for line in notes(section):
        console.print(line, markup=False, soft_wrap=True)
    console.print()


def notes(section: Section) -> Iterator[str]:
    """Yield the lines below the tables."""
    for name, reason in section.missing:
        yield f"{name}: not measured: {reason}"
    for note in section.notes:
        yield f"note: {note}"


def _ratio(each: Ratio) -> tuple[Cell, ...]:
    goal = _goal(each)
    return (
        each.name,
        each.peer,
        each.ours,
        each.theirs,
        each.unit,
        each.median,
        each.least,
        each.most,
        *goal,
    )


def _figure(each: Figure) -> tuple[Cell, ...]:
    return (each.name, each.unit, each.median, each.least, each.most, *_goal(each))


def _goal(each: Ratio | Figure) -> tuple[str, str]:
    if each.goal is None:
        return "", ""
    sign = "≥" if each.better == "higher" else "≤"
    return f"{sign} {number(each.goal)}", "reached" if each.reached else "NOT REACHED"


def _table(console: Console, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    cells = [[number(cell) for cell in row] for row in rows]
    right = [all(not isinstance(row[n], str) for row in rows) for n in range(len(heads))]
    if console.is_terminal:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for head, is_number in zip(heads, right, strict=True):
            table.add_column(head, justify="right" if is_number else "left")
        for row in cells:
            table.add_row(*row)
        console.print(table)
        return
    widths = [max(len(head), *(len(row[n]) for row in cells)) for n, head in enumerate(heads)]
    for line in [list(heads), *cells]:
        put = (
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(line, widths, right, strict=True)
        )
        print("  ".join(put).rstrip())


def number(cell: Cell) -> str:
    """Return a cell as text: numbers with three significant digits, and nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 1000:
        return f"{cell:,.0f}"
    if cell == 0:
        return "0"
    size = abs(cell)
    return f"{cell:.{0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4}f}"
