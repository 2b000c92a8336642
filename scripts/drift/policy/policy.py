"""The policy of a run: levels per rule, and what deprecation and stability levels mean."""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from scripts.drift.findings import Finding

# What `--stability` means where the file says nothing: who calls a draft was told that it changes.
STABILITY = {"draft": "docs", "alpha": "docs"}


@dataclass(frozen=True)
class Deprecation:
    """How many days before its sunset an operation must be deprecated, by its stability level."""

    stable: int = 0
    beta: int = 0

    def days(self, stability: str) -> int:
        """Return the days for an operation of a stability level; nobody relies on a draft or an alpha."""
        return {"draft": 0, "alpha": 0, "beta": self.beta}.get(stability, self.stable)


@dataclass(frozen=True)
class Policy:
    """The policy of a run.

    Attributes:
        levels: the level of a rule, by "rule" or "rule effect"; `*` stands for any letters.
        deprecation: how long in advance an operation must be deprecated; None to ask for nothing.
        stability: the level that findings about operations of a stability level are lowered to.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    deprecation: Deprecation | None = None
    stability: Mapping[str, str] = field(default_factory=dict)

    def levelled(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings with the levels that their rules have here; each keeps its id."""
        return [self._levelled(one) for one in findings] if self.levels else list(findings)

    def _levelled(self, finding: Finding) -> Finding:
        for name in (f"{finding.rule} {finding.effect}", finding.rule):
            for pattern, level in self.levels.items():
                if pattern == name or ("*" in pattern and fnmatch.fnmatchcase(name, pattern)):
                    if level == finding.level:
                        return finding
                    details = {**finding.details, "judged": finding.level}
                    return replace(finding, level=level, details=details)
        return finding
