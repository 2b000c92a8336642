"""`make defects`: the suite against each seeded defect, to its first finding, and who caught what."""

import argparse
import fnmatch
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from statistics import median

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from contract_tests.campaigns import units
from contract_tests.defects.campaign import Outcome, caught
from contract_tests.defects.defect import Defect
from contract_tests.defects.table import table
from contract_tests.novapost.defects.catalogue import SHELF
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.reporting import report
from contract_tests.target import targets


def main(argv: Sequence[str] | None = None) -> int:
    """Run the shelf.

    Returns:
        0 if every defect was caught, 1 if one was missed, 2 for wrong use or if a run was no answer.
    """
    arguments = _parser().parse_args(argv)
    only = arguments.only or ["*"]
    chosen = [d for d in SHELF if any(fnmatch.fnmatchcase(d.name, pattern) for pattern in only)]
    if not chosen or arguments.workers < 1:
        wrong = "--workers is 1 or more" if chosen else f"no defect is named like {', '.join(only)}"
        print(f"error: {wrong}", file=sys.stderr)
        return 2
    try:
        shard = targets.shard(arguments.shard)
    except targets.WrongUse as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if shard.of > len(chosen):
        print(f"error: there are {len(chosen)} defects, too few for {shard.of} shards", file=sys.stderr)
        return 2
    taken = shard.takes(units.of_defect(defect.name) for defect in chosen)
    chosen = [defect for defect in chosen if units.of_defect(defect.name) in taken]
    file = arguments.json and arguments.json.with_stem(arguments.json.stem + shard.suffix)
    if arguments.list:
        print("\n".join(defect.name for defect in chosen))
        return 0
    console = Console(highlight=False)
    started_at = datetime.now(UTC)
    try:
        if file:
            # So that nobody takes the outcome of an earlier run for this one's.
            file.unlink(missing_ok=True)
        outcomes = {o.defect: o for o in _watched(console, chosen, arguments.workers, arguments.seed)}
        in_order = [outcomes[defect.name] for defect in chosen]
        if file:
            report.write(table(in_order, contract(), arguments.seed, started_at, shard), file)
    except (targets.WrongUse, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    _tell(console, in_order)
    if any(outcome.trouble for outcome in in_order):
        return 2
    return int(any(outcome.check is None for outcome in in_order))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make defects", description=__doc__, allow_abbrev=False)
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument(
        "--only", action="append", metavar="PATTERN", help="names with * and ?; may be repeated (all)"
    )
    parser.add_argument("--shard", metavar="I/N", help="run one of n parts of the shelf, or job/n")
    parser.add_argument("--seed", type=int, default=None, help="of every run (a new one for each)")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="runs at a time (one a core)"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="the outcome as JSON, too; shards number it"
    )
    return parser


def _watched(console: Console, chosen: Sequence[Defect], workers: int, seed: int | None) -> Iterator[Outcome]:
    """Every outcome as it comes, under a bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("defects", total=len(chosen))
        missed = 0
        for outcome in _run(chosen, workers, seed):
            missed += outcome.check is None
            if outcome.check is None:
                bar.console.print(f"missed: {outcome.defect} {outcome.trouble}", soft_wrap=True, markup=False)
            bar.update(task, advance=1, description=f"defects, {missed} missed")
            yield outcome


def _run(chosen: Sequence[Defect], workers: int, seed: int | None) -> Iterator[Outcome]:
    """Several at a time, each with a mock of its own: a run sets the stage as if it were alone."""
    left: SimpleQueue[Defect] = SimpleQueue()
    done: SimpleQueue[Outcome] = SimpleQueue()
    for defect in chosen:
        left.put(defect)

    def work() -> None:
        with targets.opened("mock", None) as target:
            while not left.empty():
                done.put(caught(left.get(), target.base_url.removesuffix("/v.1.0/"), seed=seed))

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work) for _ in range(min(workers, len(chosen)))]
        for _ in chosen:
            yield done.get()
        for future in as_completed(futures):
            future.result()


def _tell(console: Console, outcomes: Sequence[Outcome]) -> None:
    shown = Table(box=None, pad_edge=False)
    shown.add_column("defect")
    shown.add_column("caught by", overflow="fold")
    shown.add_column("cases", justify="right")
    shown.add_column("seconds", justify="right")
    for outcome in outcomes:
        by = outcome.check or outcome.trouble or "MISSED"
        style = "" if outcome.check else "bold red"
        shown.add_row(outcome.defect, by, f"{outcome.cases:,}", f"{outcome.seconds:.2f}", style=style)
    console.print(shown)
    found = [outcome for outcome in outcomes if outcome.check]
    console.print(f"{len(found)} of {len(outcomes)} defects caught")
    if found:
        times = sorted(outcome.seconds for outcome in found)
        console.print(
            f"first finding after {median(times):.2f} s and {median(o.cases for o in found):.0f} cases in the"
            f" median, {times[-1]:.1f} s at most; {median(o.started for o in found):.1f} s to start",
            soft_wrap=True,
        )


if __name__ == "__main__":
    sys.exit(main())
