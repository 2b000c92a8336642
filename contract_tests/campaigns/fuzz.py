"""Repeat the generated tests with new seeds, and report only new findings: `make fuzz MINUTES=...`.

Each round runs the fuzzing of every operation, random walks through the life of keys, histories of parallel
calls, and many phones and renewals. Where the target is our mock and there are two cores, a round is two
runs at once, with a mock and seeds of their own. Failing examples are stored (`NOVAPOST_EXAMPLES`: a
directory or a Redis), and later rounds try them first. After its first report a finding is known: it is
counted, and the search continues. Hypothesis removes an example that no longer fails, also if only its
finding has become known.
"""

import argparse
import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from contract_tests.campaigns import known_findings, workers
from contract_tests.campaigns.known_findings import KnownFinding
from contract_tests.reporting.report import BadReport, Report, read
from contract_tests.target import targets
from contract_tests.target.targets import WrongUse
from scripts.lib.paths import ANY_API, NOVAPOST, ROOT

MADE_UP = [
    str(ANY_API / "test_operations.py"),
    *(str(NOVAPOST / f"test_{name}.py") for name in ("lifecycle", "histories", "memory")),
]
# The most seeds of one round: enough that its start does not count, few enough that news comes soon.
MOST_SEEDS = 16
# How long a round may take to write its summary after it was told to end.
PATIENCE = 30.0
LONGEST = 7 * 24 * 60.0


class RoundFailed(Exception):
    """A round came to no summary; the message says what it said last."""


@dataclass
class Campaign:
    """What all rounds so far have come to."""

    known: list[KnownFinding]
    new: list[KnownFinding] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    rounds: int = 0

    @property
    def cases(self) -> int:
        """How many requests were sent."""
        return self.covered["cases"]

    def rates(self, seconds: float) -> str:
        """Return how much of each kind was covered, and how much of it in a second."""
        return ", ".join(
            f"{count:,} {name} ({count / seconds:.3g} a second)" for name, count in self.covered.items()
        )

    def learn(self, tree: Report) -> list[KnownFinding]:
        """Take in the summary of a run.

        Returns:
            What was not known before.
        """
        self.covered["cases"] += tree["counts"]["cases"]
        self.covered.update(tree.get("covered", {}))
        for row in tree["deviations"]:
            self.met[row["deviation"]] += row["occurred"]
        news = []
        today = datetime.now(UTC).date().isoformat()
        alike = [(told, each) for told in tree["findings"] for each in (told, *told.get("also", ()))]
        for told, row in alike:
            found = KnownFinding(row["operation"], row["promise"], row["message"], told["reproduce"], today)
            if found.key not in {each.key for each in self.known}:
                self.known.append(found)
                news.append(found)
        self.new += news
        return news


def run_round(
    arguments: Sequence[str], seeds: int, known: Path, ends_at: float, runs: int = 1
) -> list[Report]:
    """Run one round, each run in a process of its own, and end it when its time is up or Ctrl-C comes.

    Args:
        arguments: which target.
        ends_at: by `time.monotonic`.
        runs: how many at once.

    Raises:
        RoundFailed: one came to no summary.
        TimeoutError: its time was up before its first request.
        KeyboardInterrupt: with the summaries as the argument, if there is one.
    """
    with tempfile.TemporaryDirectory(prefix="novapost-fuzz-") as folder:
        places = [Path(folder) / str(number) for number in range(runs)]
        processes = [_started(arguments, seeds, known, place) for place in places]
        interrupted = False
        try:
            for process in processes:
                process.wait(max(ends_at - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            pass
        except KeyboardInterrupt:
            interrupted = True
        _end(processes)
        may_lack = interrupted or time.monotonic() >= ends_at
        found = [_summary(process, place, may_lack) for process, place in zip(processes, places, strict=True)]
    trees = [tree for tree in found if tree is not None]
    if interrupted:
        raise KeyboardInterrupt(*([trees] if trees else []))
    if not trees:
        raise TimeoutError
    return trees


def _started(arguments: Sequence[str], seeds: int, known: Path, place: Path) -> "subprocess.Popen[bytes]":
    """Start a run that writes its summary, and all that it says, into a new folder."""
    place.mkdir()
    command = [sys.executable, "-m", "pytest", *MADE_UP, "--assert=plain", "-q", "-p", "no:cacheprovider"]
    command += [f"--seeds={seeds}", f"--known={known}", f"--report={place}", *arguments]
    with (place / "said").open("wb") as said:
        # A session of its own: Ctrl-C is for us, and we tell the round.
        return subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)


def _summary(process: "subprocess.Popen[bytes]", place: Path, may_lack: bool) -> Report | None:
    """Return the summary of a run that has ended; None where it had to end before its first request."""
    if (place / "contract.json").exists():
        return read(place / "contract.json")
    if process.returncode == 0 or may_lack:
        return None
    said = (place / "said").read_text(encoding="utf-8", errors="replace")
    last = [line.strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in last if line.startswith("error: ")), "".join(last[-1:]))
    raise RoundFailed(told.removeprefix("error: ") or f"the round ended with {process.returncode}")


def _end(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """End runs as Ctrl-C would, so that they write their summaries and end their mocks."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGINT)
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        if process.poll() is None:
            process.kill()
            process.wait()


def fuzz(
    campaign: Campaign,
    arguments: Sequence[str],
    minutes: float,
    known: Path,
    rounds: int | None = None,
    runs: int = 1,
) -> None:
    """Run rounds until the time is up or Ctrl-C comes, print a line for each, and print new findings at once.

    Args:
        rounds: the most rounds; None for as many as there is time for.
        runs: how many runs a round has, all at once.

    Raises:
        RoundFailed: a round came to no summary.
        BadReport: its summary is none.
        OSError: the known findings cannot be written.
    """
    begun = time.monotonic()
    ends_at = begun + minutes * 60
    seeds, goes_on = 1, True
    known_findings.write(campaign.known, known)
    while goes_on and time.monotonic() < ends_at and campaign.rounds != rounds:
        try:
            trees = run_round(arguments, seeds, known, ends_at, runs)
        except TimeoutError:
            break
        except KeyboardInterrupt as interrupt:
            goes_on = False
            if not interrupt.args:
                break
            trees = interrupt.args[0]
        if goes_on and time.monotonic() < ends_at:
            # Not where we ended the round ourselves: then any test may have stopped anywhere.
            complaints = (line for tree in trees for line in tree["complaints"])
            if crashed := next((line for line in complaints if "without a finding" in line), None):
                raise RoundFailed(crashed)
        campaign.rounds += 1
        news = [found for tree in trees for found in campaign.learn(tree)]
        known_findings.write(campaign.known, known)
        for found in news:
            print(f"NEW {found.operation}: {found.promise}: {found.message}\n{found.reproduce}", flush=True)
        gone = time.monotonic() - begun
        print(
            f"round {campaign.rounds}: {campaign.cases:,} cases, {len(campaign.new)} new,"
            f" {gone / 60:.1f} of {minutes:g} minutes",
            flush=True,
        )
        # What is new may hide more of its kind: look again soon, and for longer where all is quiet.
        seeds = 1 if news else min(seeds * 2, MOST_SEEDS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Returns:
        0 if nothing new was found, 1 if something was, 2 for wrong use or if a round could not run.
    """
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__, allow_abbrev=False)
    parser.add_argument("--minutes", type=float, required=True, help="minutes to run, such as 0.5")
    parser.add_argument("--target", default="mock", help="mock (default), or a base address")
    parser.add_argument("--control", default="", help="address of the target's control API")
    parser.add_argument(
        "--known",
        type=Path,
        default=ROOT / "reports" / "fuzz.json",
        help="file of known findings, read and written (reports/fuzz.json)",
    )
    parser.add_argument(
        "--rounds", type=int, default=None, help="largest number of rounds (as many as the time allows)"
    )
    options = parser.parse_args(argv)
    # A shell that starts us in the background has Ctrl-C ignored; rounds that inherit that would not end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = [f"--target={options.target}", *([f"--control={options.control}"] if options.control else [])]
    try:
        if not 0 < options.minutes <= LONGEST:
            raise WrongUse(f"MINUTES is more than 0 and at most {LONGEST:g}")
        if options.target == "sandbox":
            raise WrongUse("a guest does not fuzz: TARGET is mock or an address of your own")
        targets.require(options.target, options.control or None)
        campaign = Campaign(known_findings.read(options.known))
        before, begun = len(campaign.known), time.monotonic()
        # Between two rounds as well as within one.
        with contextlib.suppress(KeyboardInterrupt):
            # Two that set the state of one target would disturb each other.
            runs = 1 if options.target != "mock" or options.control else workers.number("auto")
            fuzz(campaign, arguments, options.minutes, options.known.resolve(), options.rounds, runs)
    except (WrongUse, BadReport, RoundFailed, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for name, count in campaign.met.items():
        if count:
            print(f"known, met {count:,} times: {name}")
    print(f"covered: {campaign.rates(time.monotonic() - begun)}")
    print(
        f"{campaign.cases:,} cases in {campaign.rounds} rounds: {len(campaign.new)} new findings,"
        f" {before} known before ({options.known.name})"
    )
    return int(bool(campaign.new))


if __name__ == "__main__":
    raise SystemExit(main())
