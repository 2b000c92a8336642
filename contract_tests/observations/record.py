"""What a run has seen: counted as it happens, told by summary.py."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.finding import Finding
from contract_tests.observations.keyword_coverage import Coverage
from contract_tests.observations.latency import Latency
from contract_tests.observations.rules import RuleBook
from contract_tests.target.exchange import Exchange


@dataclass(frozen=True)
class First:
    """The first finding of a run: after how many cases, and how many seconds after the first of them."""

    finding: Finding
    cases: int
    seconds: float


class Observations:
    """Counts of one run. Safe to use from several threads.

    Args:
        coverage: where to count the keywords that are tried; None where nobody asks.
        certainty: by rule of the API, whether a document states it ("stated") or it is a reading ("assumed").
    """

    def __init__(self, coverage: Coverage | None = None, certainty: Mapping[str, str] | None = None) -> None:
        self.coverage = coverage
        self.latency = Latency()
        self.intents: dict[tuple[str, str, str], str] = {}
        self.seen: Counter[tuple[str, int]] = Counter()
        self.unanswered: Counter[str] = Counter()
        self.readings: dict[str, str] = {}
        # How far the run went where a small memory would not show: phones, renewals, histories.
        self.covered: Counter[str] = Counter()
        # Calls of the control API that the target does not have.
        self.lacking: set[str] = set()
        self.tests: dict[tuple[str, str, str], str] = {}
        self.crashes: list[str] = []
        self.rules = RuleBook(certainty or {})
        self.first: First | None = None
        self.when_first: Callable[[First], None] = lambda first: None
        self.unavailable = 0
        self.outcomes: Counter[str] = Counter()
        # Why tests were left out.
        self.left_out: Counter[str] = Counter()
        self.secrets: set[str] = set()
        self._findings: dict[tuple[str, str, str], Finding] = {}
        self._lock = threading.Lock()
        self._first: float | None = None
        self._last: float | None = None

    def saw(self, exchange: Exchange) -> None:
        """Count one exchange."""
        label = exchange.sent.label
        with self._lock:
            self._last = time.monotonic()
            if self._first is None:
                self._first = self._last - exchange.seconds
            if exchange.received is None:
                self.unanswered[label] += 1
            else:
                self.seen[label, exchange.received.status] += 1
                self.latency.took(label, exchange.seconds)
            if self.coverage is not None:
                self.coverage.saw(exchange)

    def ended(self, rules: Iterable[str], outcome: str) -> None:
        """Count the end of a test ("passed", "failed" or "skipped"), also for each of its rules."""
        self.outcomes[outcome] += 1
        self.rules.ended(rules, outcome)

    def found(self, findings: Iterable[Finding]) -> None:
        """Keep findings, each once, with the shortest way to it that is known.

        Of equally many calls the last counts: Hypothesis has made it the smallest.
        """
        findings = list(findings)
        with self._lock:
            for finding in findings:
                kept = self._findings.get(finding.key)
                if kept is None or finding.calls <= kept.calls:
                    self._findings[finding.key] = finding
            is_first = self.first is None and bool(findings)
            if is_first:
                self.first = First(findings[0], self.cases, self.seconds)
        if is_first and self.first is not None:
            self.when_first(self.first)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order in which they first came."""
        return tuple(self._findings.values())

    @property
    def cases(self) -> int:
        """How many requests were sent."""
        return sum(self.seen.values()) + sum(self.unanswered.values())

    @property
    def answered_at(self) -> float | None:
        """When the last exchange ended, as time.monotonic has it; None before the first."""
        return self._last

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return 0.0 if self._first is None or self._last is None else self._last - self._first

    def never_seen(self, contract: Contract) -> tuple[tuple[Operation, int], ...]:
        """Return the documented pairs of operation and status that no answer has shown."""
        return tuple(
            (operation, status)
            for operation, status in contract.documented
            if not self.seen[operation.label, status]
        )
