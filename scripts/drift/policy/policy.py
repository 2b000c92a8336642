"""The policy of a run: levels per rule, and what deprecation and stability levels mean."""

import fnmatch
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scripts.document.parse import decode
from scripts.drift.document.spec import Spec
from scripts.drift.findings import LEVELS, Finding
from scripts.drift.load.origins import read_path
from scripts.drift.policy.life import Deprecation, life_findings, lowered
from scripts.drift.policy.rules import known_rules
from scripts.lib.errors import Refusal, printable

_MAX_BYTES = 1_000_000
# The words of other tools for three of the levels.
ALIASES = {"err": "breaking", "error": "breaking", "warn": "behaviour", "warning": "behaviour"}
ALIASES |= {"info": "compatible", "none": "compatible"}
# What `--stability` means where the file says nothing: who calls a draft was told that it changes.
STABILITY = {"draft": "docs", "alpha": "docs"}


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

    def applied(self, findings: Sequence[Finding], base: Spec, revision: Spec, today: date) -> list[Finding]:
        """Return the findings as this policy sees them, with those about the lives of operations."""
        every = [*findings, *life_findings(base, revision, self.deprecation, today)]
        return self.levelled(lowered(every, base, self.deprecation, self.stability, today))

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


def read_policy(path: Path) -> Policy:
    """Return the policy that a file states.

    The file is TOML with the tables `levels`, `deprecation` and `stability`, or a list of lines `RULE LEVEL`.

    Raises:
        Refusal: the file cannot be read, or names a rule or a level that there is not.
    """
    text = decode(read_path(path, _MAX_BYTES), str(path))
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        listed = _listed(text)
        if listed is None:
            raise Refusal(str(path), f"neither TOML ({error}) nor lines of a rule and its level") from error
        table = {"levels": listed}
    unknown = set(table) - {"levels", "deprecation", "stability"}
    if unknown:
        name = printable(min(unknown), 60)
        raise Refusal(str(path), f"[{name}] is no table of it; there are levels, deprecation and stability")
    levels = {name: _level(str(path), name, level) for name, level in _table(path, table, "levels").items()}
    for name in levels:
        _check_rule(str(path), name)
    stability = _table(path, table, "stability")
    return Policy(
        levels,
        _deprecation(path, _table(path, table, "deprecation")),
        {str(name).lower(): _level(str(path), name, level) for name, level in stability.items()},
    )


def _table(path: Path, table: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise Refusal(str(path), f"{name} must be a table")
    return found


def _listed(text: str) -> dict[str, str] | None:
    found = {}
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) not in (2, 3):
            return None
        found[" ".join(words[:-1])] = words[-1]
    return found


def level_of(name: str) -> str | None:
    """Return the level that a word means, ours or that of others (ERR, WARN, INFO); None for no level."""
    word = name.lower()
    return word if word in LEVELS else ALIASES.get(word)


def _level(place: str, name: str, word: Any) -> str:
    level = level_of(word) if isinstance(word, str) else None
    if level is None:
        shown = printable(str(word), 40)
        raise Refusal(place, f"{printable(name, 80)}: {shown} is no level; there are {', '.join(LEVELS)}")
    return level


def _check_rule(place: str, name: str) -> None:
    rule = name.partition(" ")[0]
    known = known_rules()
    if rule in known or ("*" in rule and fnmatch.filter(known, rule)):
        return
    near = get_close_matches(rule, known, 1)
    hint = f"; did you mean {near[0]}?" if near else "; --explain lists them"
    raise Refusal(place, f"{printable(rule, 80)} is no rule{hint}")


def _deprecation(path: Path, table: Mapping[str, Any]) -> Deprecation | None:
    if not table:
        return None
    unknown = set(table) - {"stable", "beta"}
    if unknown:
        raise Refusal(str(path), f"[deprecation] {min(unknown)}: there are stable and beta")
    for name, days in table.items():
        if type(days) is not int or days < 0:
            raise Refusal(str(path), f"[deprecation] {name} must be a number of days")
    return Deprecation(int(table.get("stable", 0)), int(table.get("beta", 0)))
