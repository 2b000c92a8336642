"""What `make stress` runs: the concurrent clients and the crashes in full, against every kind of state.

`python -m contract_tests.self_tests.stress [--requests 10000] [--kills 100]`; the tests run the
same in small.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from contract_tests.self_tests.stress.concurrency import run_clients
from contract_tests.self_tests.stress.crashes import killings
from contract_tests.self_tests.support.mock_process import started
from contract_tests.self_tests.support.postgres import NoPostgresError, postgres


def main(argv: Sequence[str] | None = None) -> int:
    """Run it all and say what came of it.

    Returns:
        0 if every promise held, 1 if one was broken, 2 if it could not run.
    """
    parser = argparse.ArgumentParser(prog="stress", allow_abbrev=False)
    parser.add_argument(
        "--requests", type=int, default=10_000, help="number of requests of each of the 8 clients (10000)"
    )
    parser.add_argument(
        "--kills",
        type=int,
        default=100,
        help="number of kills, for a mock with one process and for a mock with two (100)",
    )
    options = parser.parse_args(argv)
    broken = 0
    try:
        with tempfile.TemporaryDirectory() as name, postgres() as server:
            folder = Path(name)
            for title, strict, arguments in (
                ("memory", False, []),
                ("memory", True, []),
                ("SQLite", False, ["--state", str(folder / "one.db")]),
                ("SQLite", False, ["--state", str(folder / "four.db"), "--workers", "4"]),
                ("SQLite", True, ["--state", str(folder / "strict.db"), "--workers", "4"]),
                ("PostgreSQL", False, ["--state", server, "--workers", "4"]),
            ):
                broken += _concurrency(title, strict, arguments, options.requests)
            for workers in ("1", "2"):
                state = ["--state", str(folder / f"killed{workers}.db"), "--workers", workers]
                broken += _killings(state, options.kills)
    except NoPostgresError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 1 if broken else 0


def _concurrency(title: str, strict: bool, arguments: list[str], requests: int) -> int:
    reading = ["--daily-limit", "strict"] if strict else []
    with started(*arguments, *reading) as mock:
        tally = run_clients(mock.base, mock.control, strict=strict, requests=requests)
    workers = arguments[3] if len(arguments) > 2 else "1"
    statuses = ", ".join(f"{status}: {number:,}" for status, number in sorted(tally.statuses.items()))
    print(
        f"clients   {title:10} workers {workers}  {'strict ' if strict else 'issuing'}"
        f"  {tally.requests:,} requests in {tally.seconds:.1f} s"
        f" ({tally.requests / tally.seconds:,.0f}/s; {statuses}):"
        f" {len(tally.violations)} violations",
        flush=True,
    )
    for violation in tally.violations[:20]:
        print(f"  {violation}")
    return len(tally.violations)


def _killings(arguments: list[str], times: int) -> int:
    result = killings(arguments, times)
    print(
        f"killings  SQLite     workers {arguments[3]}  {result.kills} kills in {result.seconds:.1f} s,"
        f" {len(result.acknowledged):,} keys acknowledged, {result.interrupted} calls cut short:"
        f" {len(result.lost)} lost",
        flush=True,
    )
    for loss in result.lost[:20]:
        print(f"  {loss}")
    return len(result.lost)


if __name__ == "__main__":
    sys.exit(main())
