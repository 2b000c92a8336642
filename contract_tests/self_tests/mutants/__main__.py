"""`make mutants`: change each listed module in small ways, one at a time, and see whether its tests notice.

All parts take about ten minutes on two free cores, one part less than a minute.
Exit code 0: every mutant was noticed or is explained in `table.toml`. 1: one survived. 2: it could not run.
"""

import argparse
import fnmatch
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from contract_tests.self_tests.mutants.copies import ROOT, NotHeldError, enter_copy, seconds_of, survives
from contract_tests.self_tests.mutants.mutations import Mutant, mutants, read
from contract_tests.self_tests.mutants.results import RESULTS, Result, page, survivors
from contract_tests.self_tests.mutants.table import Part, read_table


@dataclass
class Options:
    """The options of the command, see `--help`."""

    only: Sequence[str] = ("*",)
    sample: int = 30
    seed: int = 1
    workers: int = 2
    write: bool = False
    list: bool = field(default=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _options(arguments)
    every = read_table()
    parts = [part for part in every if any(fnmatch.fnmatch(part.name, name) for name in options.only)]
    if not parts:
        print(f"error: no part is called {' or '.join(options.only)}; --list names all", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{part.name:<16} {part.module}" for part in parts))
        return 0
    with tempfile.TemporaryDirectory(prefix="novapost-mutants-") as folder:
        try:
            results = _run(parts, options, folder)
        except NotHeldError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    print("\n".join(survivors(results)))
    print(page(results, parts, options.seed, ""))
    if options.write:
        before = RESULTS.read_text(encoding="utf-8")
        RESULTS.write_text(page(results, every, options.seed, before), encoding="utf-8")
    return int(any(result.unexplained for result in results))


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="make mutants ARGS=...", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        default=("*",),
        metavar="NAME",
        help="try only the parts with these names; * stands for any text",
    )
    parser.add_argument(
        "--sample",
        type=int,
        default=30,
        metavar="N",
        help="try at most N mutants of each module (30); 0 tries all of them, which takes hours",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed that selects the sample (1)")
    parser.add_argument("--workers", type=int, default=2, help="number of mutants to try at a time (2)")
    parser.add_argument(
        "--write", action="store_true", help=f"write the table to {RESULTS.relative_to(ROOT)}"
    )
    parser.add_argument("--list", action="store_true", help="list the parts and end")
    return parser.parse_args(arguments, Options())


def _run(parts: Sequence[Part], options: Options, folder: str) -> list[Result]:
    found: dict[str, list[tuple[Mutant, tuple[str, str]]]] = defaultdict(list)
    counts: dict[str, tuple[int, int]] = {}
    with ProcessPoolExecutor(options.workers, initializer=enter_copy, initargs=(folder,)) as pool:
        seconds = list(pool.map(seconds_of, parts))
        running: dict[Future[tuple[str, str] | None], tuple[Part, Mutant]] = {}
        for part, alone in zip(parts, seconds, strict=True):
            every = sorted(mutants(part.module, read(ROOT, part.module)))
            chosen = _chosen(part, every, options)
            counts[part.name] = len(every), len(chosen)
            # A mutant that loops for ever is noticed, too; other processes may take the cores meanwhile.
            timeout = 5 + 3 * alone
            running |= {pool.submit(survives, part, mutant, timeout): (part, mutant) for mutant in chosen}
        for number, future in enumerate(as_completed(running), start=1):
            part, mutant = running[future]
            if lines := future.result():
                found[part.name].append((mutant, lines))
                print(f"survived: {mutant.module}:{mutant.row} {lines[1]}", file=sys.stderr, flush=True)
            if number % 50 == 0 or number == len(running):
                print(f"{number} of {len(running)} mutants", file=sys.stderr, flush=True)
    return [Result(part, *counts[part.name], sorted(found[part.name])) for part in parts]


def _chosen(part: Part, every: list[Mutant], options: Options) -> list[Mutant]:
    if not options.sample or options.sample >= len(every):
        return every
    # The name makes each part draw its own sample, whichever other parts are tried.
    return sorted(random.Random(f"{options.seed} {part.name}").sample(every, options.sample))


if __name__ == "__main__":
    sys.exit(main())
