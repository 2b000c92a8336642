"""Run the suite as several shards at once on this machine, each with its own mock, and join their reports.

One run waits for each answer before its next request, so suite and mock together use only one core. Each
worker's lines begin with its number. The summary at the end is that of `make merge`.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from contract_tests.target.targets import surroundings_of_a_part
from scripts.lib.paths import ANY_API, CONTRACT, ROOT

_MOST = 64


def main(argv: Sequence[str] | None = None) -> int:
    """Run and join.

    Returns:
        0 if nothing was found, 1 if something was, 2 for wrong use or if a worker could not run.
    """
    parser = argparse.ArgumentParser(prog="make contract", description=__doc__, allow_abbrev=False)
    parser.add_argument("--workers", default="auto", help="number of shards, or auto (auto)")
    parser.add_argument("--target", default="mock", help="mock (default), sandbox, or a base address")
    parser.add_argument("--control", default=None, help="address of the target's control API")
    parser.add_argument("--document", default=None, help="an OpenAPI document in place of Nova Post's")
    parser.add_argument("--shard", default=None, help="run one of n parts of the campaign: i/n, or job/n")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run with the seed of its summary")
    parser.add_argument(
        "--report", type=Path, default=ROOT / "reports", help="folder of the reports (reports)"
    )
    options, others = parser.parse_known_args(argv)
    of = number(options.workers)
    if reason := _objection(options, of):
        print(f"error: {reason}", file=sys.stderr)
        return 2
    tests = [str(folder) for folder in ([ANY_API] if options.document else CONTRACT)]
    others = [*others, *([f"--document={options.document}"] if options.document else [])]
    command = [sys.executable, "-m", "pytest", *tests, "--assert=plain", "--campaign", *others]
    if of == 1:
        # A seed that nobody asked for would keep the run from beginning with what failed before.
        seed = [f"--seed={options.seed}"] if options.seed else []
        return subprocess.run(
            [*command, f"--report={options.report}", *seed], cwd=ROOT, check=False
        ).returncode
    command.append(f"--seed={options.seed or random.SystemRandom().randrange(1, 2**31)}")
    # What they leave is not to lie where `make merge` would take it for that of a campaign.
    with tempfile.TemporaryDirectory(prefix="novapost-workers-") as folder:
        if not _run([[*command, f"--report={folder}", f"--shard={n}/{of}"] for n in range(1, of + 1)]):
            print("error: a worker could not run to its end; its lines above say why", file=sys.stderr)
            return 2
        # Here and not above: the workers need not wait until it is loaded.
        from contract_tests.campaigns import merge

        files = [f"{folder}/contract-{n}-of-{of}.json" for n in range(1, of + 1)]
        return merge.main([*files, f"--output={options.report}/contract.json"])


def _run(commands: Sequence[Sequence[str]]) -> bool:
    """Run workers at the same time, tell what they say, and return whether all of them ran to their end."""
    with _noting_interrupts() as interrupted, contextlib.ExitStack() as stack:
        workers = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=surroundings_of_a_part(),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
            for command in commands
        ]
        tellers = [threading.Thread(target=_print_lines, args=each) for each in enumerate(workers, 1)]
        for teller in tellers:
            teller.start()
        for teller in tellers:
            teller.join()
    return all(worker.returncode in (0, 1) for worker in workers) and not interrupted


@contextlib.contextmanager
def _noting_interrupts() -> Iterator[list[int]]:
    """Note Ctrl-C instead of ending by it: the workers have it too, end their mocks and say what they saw."""
    noted: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: noted.append(number))
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def number(asked: str) -> int:
    """Return the number of workers; 0 if the option is no number.

    Args:
        asked: a number, or `auto`: two where this process may use two cores or more. With two a run takes two
            thirds of the time (`docs/explanation/scale.md`); what more would gain was never measured.
    """
    if asked == "auto":
        return min(2, cores())
    return int(asked) if asked.isascii() and asked.isdecimal() else 0


def cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _objection(options: argparse.Namespace, of: int) -> str | None:
    if not 1 <= of <= _MOST:
        return f"WORKERS is 1 to {_MOST}, or auto"
    if options.target != "mock" or options.control:
        return "WORKERS goes with TARGET=mock: two that set the state of one target disturb each other"
    if options.shard:
        return "WORKERS makes shards of its own: no SHARD beside it"
    return None


def _print_lines(number: int, worker: subprocess.Popen[str]) -> None:
    """Yield the lines of a worker while it runs, without its own summary: the whole summary holds it."""
    assert worker.stdout is not None
    shown = True
    for line in worker.stdout:
        # The empty line before the verdict; what it could not do is said without one.
        shown = shown and bool(line.strip())
        if shown:
            print(f"[{number}] {line}", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
