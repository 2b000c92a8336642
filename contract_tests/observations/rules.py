"""What a run says about each rule of an API."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

State = Literal["contradicted", "unproven", "partly", "proven"]


class Counts(NamedTuple):
    """How the tests that carry a rule's id ended."""

    passed: int = 0
    failed: int = 0
    left_out: int = 0


def state(counts: Counts, *, contradicted: bool) -> State:
    """Return what is known of a rule: from the tests that carry its id, and from findings about it."""
    if contradicted:
        return "contradicted"
    if not counts.passed:
        return "unproven"
    return "partly" if counts.failed or counts.left_out else "proven"


@dataclass
class RuleBook:
    """What the tests of a run have shown about the rules.

    Attributes:
        certainty: by rule, whether a document states it ("stated") or it is a reading ("assumed").
    """

    certainty: Mapping[str, str]
    _ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    _contradicted: set[str] = field(default_factory=set)

    def ended(self, rules: Iterable[str], outcome: str) -> None:
        """Count the end of a test of these rules: "passed", "failed" or "skipped"."""
        self._ended.update((rule, outcome) for rule in rules)

    def contradicted(self, rule: str) -> None:
        """Note that the target contradicts a rule. Ignore an id that is no rule: findings tell of it."""
        if rule in self.certainty:
            self._contradicted.add(rule)

    def counts(self, rule: str) -> Counts:
        """Return how the tests of a rule ended."""
        return Counts(*(self._ended[rule, outcome] for outcome in ("passed", "failed", "skipped")))

    def state(self, rule: str) -> State:
        """Return what is known of a rule. See `state`."""
        return state(self.counts(rule), contradicted=rule in self._contradicted)
