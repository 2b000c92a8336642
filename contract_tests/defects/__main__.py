"""Run the suite against each seeded defect until its first finding, and list which check noticed it."""

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
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from contract_tests.checks.document import Contract
from contract_tests.defects.campaign import Outcome, caught
from contract_tests.defects.defect import Defect
from contract_tests.defects.derived import derived
from contract_tests.defects.proxy import unmodified
from contract_tests.defects.table import table
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.novapost.knowledge.contract import contract as novapost_contract
from contract_tests.reporting import report
from contract_tests.session.any_document import served, subject_of
from contract_tests.target import targets, units


def main(argv: Sequence[str] | None = None) -> int:
    """Run the catalogue.

    Returns:
        0 if every defect was caught, 1 if one was missed, 2 for wrong use or if a run was no answer.
    """
    arguments = _parser().parse_args(argv)
    only = arguments.only or ["*"]
    try:
        contract = subject_of(arguments.document).contract if arguments.document else novapost_contract()
    except targets.WrongUse as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    defects = derived(contract) if arguments.document else CATALOGUE
    chosen = [d for d in defects if any(fnmatch.fnmatchcase(d.name, pattern) for pattern in only)]
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
        # Where the suite is red anyway, everything would count as caught.
        if reason := _objection(arguments, contract):
            raise targets.WrongUse(reason)
        outcomes = {o.defect: o for o in _watched(console, chosen, arguments, contract)}
        in_order = [outcomes[defect.name] for defect in chosen]
        if file:
            report.write(table(in_order, contract, arguments.seed, started_at, shard), file)
    except (targets.WrongUse, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    _print_results(console, in_order)
    if arguments.document:
        _tell_unwatched(console, in_order)
    if any(outcome.trouble for outcome in in_order):
        return 2
    return int(any(outcome.check is None for outcome in in_order))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make defects", description=__doc__, allow_abbrev=False)
    parser.add_argument("--list", action="store_true", help="list the defects and run nothing")
    parser.add_argument(
        "--only",
        action="append",
        metavar="PATTERN",
        help="run the defects whose names match, with * and ?; may be repeated (all)",
    )
    parser.add_argument("--document", type=Path, help="derive the defects from this document")
    parser.add_argument("--shard", metavar="I/N", help="run one of n parts of the catalogue, or job/n")
    parser.add_argument("--seed", type=int, default=None, help="seed of every run (a new one for each)")
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        help="number of runs at a time (one for each core)",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="also write the result to this file as JSON; a shard adds its number to the name",
    )
    return parser


def _watched(
    console: Console, chosen: Sequence[Defect], arguments: argparse.Namespace, contract: Contract
) -> Iterator[Outcome]:
    """Yield each outcome as it comes, below a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("defects", total=len(chosen))
        missed = 0
        for outcome in _run(chosen, arguments, contract):
            missed += outcome.check is None
            if outcome.check is None:
                bar.console.print(f"missed: {outcome.defect} {outcome.trouble}", soft_wrap=True, markup=False)
            bar.update(task, advance=1, description=f"defects, {missed} missed")
            yield outcome


def _objection(arguments: argparse.Namespace, contract: Contract) -> str | None:
    """Return why the mock is no measure: what is found with no defect at all."""
    options = argparse.Namespace(**(vars(arguments) | {"workers": 1}))
    outcome = next(iter(_run([Defect("unmodified", unmodified)], options, contract)))
    if outcome.check or outcome.trouble:
        return f"the unmodified mock is not left alone: {outcome.check or outcome.trouble} {outcome.test}"
    return None


def _run(chosen: Sequence[Defect], arguments: argparse.Namespace, contract: Contract) -> Iterator[Outcome]:
    """Run several at a time, each with a mock of its own: a run sets the state as if it were alone."""
    left: SimpleQueue[Defect] = SimpleQueue()
    done: SimpleQueue[Outcome | BaseException] = SimpleQueue()
    for defect in chosen:
        left.put(defect)

    def work() -> None:
        try:
            run_all()
        except BaseException as error:
            # Who waits for an outcome would wait for ever.
            done.put(error)
            raise

    def run_all() -> None:
        document: Path | None = arguments.document and arguments.document.resolve()
        with targets.opened("mock", None, served=served(document)) as target:
            parts = urlsplit(target.base_url)
            while not left.empty():
                done.put(
                    caught(
                        left.get(),
                        f"{parts.scheme}://{parts.netloc}",
                        seed=arguments.seed,
                        document=document,
                        base_path=parts.path.rstrip("/"),
                    )
                )

    workers = min(arguments.workers, len(chosen))
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work) for _ in range(workers)]
        for _ in chosen:
            outcome = done.get()
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
        for future in as_completed(futures):
            future.result()


def _print_results(console: Console, outcomes: Sequence[Outcome]) -> None:
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


def _tell_unwatched(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Say how much of the document the suite would notice, and what of it nobody watches."""
    missed = [outcome.defect for outcome in outcomes if outcome.check is None and not outcome.trouble]
    if outcomes:
        share = 100 * (1 - len(missed) / len(outcomes))
        console.print(f"the suite would notice {share:.0f} % of what can go wrong with this document")
    if missed:
        console.print("nobody watches:")
        for name in missed:
            console.print(f"  {name}", soft_wrap=True, markup=False)


if __name__ == "__main__":
    sys.exit(main())
