"""Measure our parts and other tools, print tables, write the report: `make bench`.

python -m contract_tests.bench [--only SECTION ...]
"""

import argparse
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contract_tests.bench import record
from contract_tests.bench.registry import SECTIONS, Measure
from contract_tests.bench.terminal import print_section
from contract_tests.bench.tools import machine
from contract_tests.bench.values import Missing, Section, Setting
from scripts.lib.progress import Progress

QUICK_ROUNDS = 2


def main(argv: Sequence[str] | None = None, sections: Mapping[str, Measure] = SECTIONS) -> int:
    """Run the command and return its exit code.

    Returns:
        0 if it ran, whatever it measured; 2 for wrong use, if it was stopped, or if the report could not be
        written.
    """
    options = parser(sections).parse_args(argv)
    setting = setting_of(options)
    try:
        report = measured(options.only or list(sections), setting, sections)
        record.write(report, options.output)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"error: stopped before the end; {options.output} is as it was", file=sys.stderr)
        return 2
    print(options.output)
    return 0


def measured(
    names: Sequence[str], setting: Setting, sections: Mapping[str, Measure] = SECTIONS
) -> dict[str, Any]:
    """Run sections in turn, print each, and return the report.

    Args:
        names: which.
        setting: how much.
        sections: all that there are.
    """
    begun, clock, before = datetime.now(UTC), time.monotonic(), machine.load()
    done = []
    for name in names:
        with Progress() as progress:
            section = one(name, sections[name], setting, progress)
        print_section(section)
        done.append(section)
    surroundings = {
        "machine": machine.machine(),
        "versions": machine.versions(),
        "load": {"before": before, "after": machine.load()},
    }
    return record.tree(done, setting, begun, time.monotonic() - clock, surroundings)


def one(name: str, measure: Measure, setting: Setting, progress: Progress) -> Section:
    """Measure a section; where that is not possible, return a section that says why."""
    try:
        return measure(setting, lambda text: progress.step(f"{name}: {text}"))
    except Missing as reason:
        return Section(name, name.capitalize(), missing=((name, str(reason)),))


def parser(
    sections: Mapping[str, Measure] = SECTIONS, name: str = "python -m contract_tests.bench"
) -> argparse.ArgumentParser:
    """Return the options, which `bench.check` shares."""
    made = argparse.ArgumentParser(
        prog=name,
        description="Measure client, mock, regenerate and drift, and other tools for the same purpose.",
        allow_abbrev=False,
    )
    made.add_argument(
        "--only",
        nargs="+",
        choices=list(sections),
        metavar="SECTION",
        help="measure only: " + ", ".join(sections),
    )
    made.add_argument(
        "--rounds", type=_positive, metavar="N", help="number of pairs of turns for each ratio (5)"
    )
    made.add_argument(
        "--quick", action="store_true", help="only check that each section runs; its figures are not valid"
    )
    made.add_argument("--seed", type=int, default=1, help="seed of the generated documents (1)")
    made.add_argument(
        "--output",
        type=Path,
        default=Path("reports/bench.json"),
        metavar="FILE",
        help="file of the report (reports/bench.json)",
    )
    return made


def setting_of(options: argparse.Namespace) -> Setting:
    """Return how much to measure, as the options say."""
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else Setting.rounds)
    return Setting(rounds, options.quick, options.seed)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    # As Ctrl-C does: what runs in sessions of its own is ended on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    raise SystemExit(main())
