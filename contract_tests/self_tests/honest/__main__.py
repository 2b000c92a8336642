"""Try every pair of what honest servers may do: `python -m contract_tests.self_tests.honest`."""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from contract_tests.self_tests.honest.pairwise import rows
from contract_tests.self_tests.honest.servers import SERVERS, suite_on

if TYPE_CHECKING:
    import subprocess

_SHOWN = 6000


class Trial(NamedTuple):
    """A server that is one row of choices, and the seed of the suite's run against it."""

    server: str
    does: tuple[str, ...]
    seed: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite on each row, and print the rows with findings; return 1 if there was one."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.self_tests.honest",
        description="Run the suite on correct servers with different choices, which must get no finding.",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the rows and of the first run (1)")
    parser.add_argument(
        "--server", choices=list(SERVERS), action="append", help="run only this server; may be repeated"
    )
    parser.add_argument("--rows", type=int, default=None, help="largest number of rows for each server")
    parser.add_argument(
        "--usual", type=int, default=0, help="number of runs without any choice, in place of rows"
    )
    parser.add_argument("--workers", type=int, default=1, help="number of runs at a time (1)")
    parser.add_argument("--does", default=None, help="run one row: its choices, joined by commas")
    given = parser.parse_args(arguments)
    trials = []
    for name in given.server or SERVERS:
        drawn = list(rows(SERVERS[name].factors, given.seed))[: given.rows]
        if given.does is not None:
            drawn = [tuple(filter(None, given.does.split(",")))]
        elif given.usual:
            drawn = [()] * given.usual
        trials += [Trial(name, does, given.seed + number) for number, does in enumerate(drawn)]
    began, wrong = time.monotonic(), 0
    with ThreadPoolExecutor(given.workers) as pool:
        for trial, ended in zip(trials, pool.map(_tried, trials), strict=True):
            said = verdict(ended)
            wrong += said.startswith("exit")
            print(
                f"{said}: {trial.server}, seed {trial.seed}: {','.join(trial.does) or 'nothing unusual'}",
                flush=True,
            )
            if said.startswith("exit"):
                print(ended.stdout[-_SHOWN:], ended.stderr[-_SHOWN:], flush=True)
    seconds = time.monotonic() - began
    print(f"{len(trials) - wrong} of {len(trials)} honest servers have no finding, {seconds:.0f} s")
    return int(bool(wrong))


def verdict(ended: "subprocess.CompletedProcess[str]") -> str:
    """Return what a run says of a server: one that offers no way to a documented status is not at fault."""
    if ended.returncode == 1 and "The contract is not proven." in ended.stdout:
        return "unproven"
    return f"exit {ended.returncode}" if ended.returncode else "green"


def _tried(trial: Trial) -> "subprocess.CompletedProcess[str]":
    with SERVERS[trial.server].started(*trial.does) as address:
        return suite_on(address, f"--seed={trial.seed}")


if __name__ == "__main__":
    sys.exit(main())
