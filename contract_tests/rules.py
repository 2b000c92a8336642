"""openapi/rules.toml as the suite reads it, and what a run says about each rule."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from contract_tests.contract import ROOT

RULES = ROOT / "openapi" / "rules.toml"
Verdict = Literal["proven", "assumed", "contradicted", "unproven here"]
VERDICTS: tuple[Verdict, ...] = ("proven", "assumed", "contradicted", "unproven here")


def certainties() -> Mapping[str, str]:
    """By rule, whether a document states it ("stated") or it is our reading ("assumed")."""
    return {name: rule["certainty"] for name, rule in tomllib.loads(RULES.read_text("utf-8")).items()}


@dataclass
class RuleBook:
    """What the tests of a run have shown about the rules.

    Attributes:
        certainty: as `certainties` gives it.
    """

    certainty: Mapping[str, str]
    _passed: set[str] = field(default_factory=set)
    _left_out: set[str] = field(default_factory=set)
    _contradicted: set[str] = field(default_factory=set)

    def passed(self, rules: Iterable[str]) -> None:
        """A test of these rules passed."""
        self._passed.update(rules)

    def left_out(self, rules: Iterable[str]) -> None:
        """A test of these rules was skipped, or failed for another reason."""
        self._left_out.update(rules)

    def contradicted(self, rule: str) -> None:
        """The target does otherwise. What is no rule is left to the findings."""
        if rule in self.certainty:
            self._contradicted.add(rule)

    def verdict(self, rule: str) -> Verdict:
        """What may be said of a rule: proven means that all its tests passed and a document states it."""
        if rule in self._contradicted:
            return "contradicted"
        if rule in self._left_out or rule not in self._passed:
            return "unproven here"
        return "proven" if self.certainty[rule] == "stated" else "assumed"

    def of(self, verdict: Verdict) -> tuple[str, ...]:
        """The rules with a verdict, by name."""
        return tuple(sorted(rule for rule in self.certainty if self.verdict(rule) == verdict))

    @property
    def left_unproven(self) -> tuple[str, ...]:
        """The rules of which a test was left out; one that never had its turn is not among them."""
        return tuple(sorted(self._left_out - self._contradicted))
