"""Accepted deviations of a target, from deviations.toml: by operation and check, with evidence and a date.

A finding that one of them describes is counted and not reported. A deviation that had its chance and did not
occur is good news, and good news is a failure, so that the list never says more than is true.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from contract_tests.checks.document import Contract
from contract_tests.checks.finding import Finding
from contract_tests.checks.response_checks import CHECKS
from scripts.lib.paths import ROOT

FILE = ROOT / "contract_tests" / "deviations.toml"
_LARGEST = 256 * 1024
_REQUIRED: dict[str, type] = {
    "target": str,
    "operation": str,
    "check": str,
    "evidence": str,
    "seen": date,
    "review": date,
}
_OPTIONAL: dict[str, type] = {"status": int, "message": str}
_WORDS = {str: "text", date: "date", int: "number"}
_LONGEST_TRUST = timedelta(days=366)
# Checks that are neither in response_checks.py nor rules: tests expect them under names of their own.
_OF_TESTS = ("methods", "paths", "status-comes-about")


class BadDeviations(Exception):
    """deviations.toml cannot be used; each argument is one line that names the entry and what is wrong."""


@dataclass(frozen=True)
class Deviation:
    """One accepted deviation. The attributes are the columns of deviations.toml."""

    target: str
    operation: str
    check: str
    evidence: str
    seen: date
    review: date
    status: int | None = None
    message: str = ""

    def describes(self, finding: Finding, status: int | None) -> bool:
        """Tell whether a finding, about an answer of some status if it is about one, is this deviation."""
        return (
            finding.operation == self.operation
            and finding.check == self.check
            and finding.message.startswith(self.message)
            and (self.status is None or status is None or status == self.status)
        )

    def __str__(self) -> str:
        where = self.operation if self.status is None else f"{self.operation} {self.status}"
        return f"{where}: {self.check}" + (f" ({self.message!r})" if self.message else "")


class Deviations:
    """The deviations of one target, and how often each of them occurred. `met` is for the current test."""

    def __init__(self, accepted: Iterable[Deviation] = ()) -> None:
        self.accepted = tuple(accepted)
        self.occurred: Counter[Deviation] = Counter()
        self.met: list[Deviation] = []

    def sift(self, findings: Iterable[Finding], status: int | None) -> list[Finding]:
        """Return the findings that no deviation describes, and count the others."""
        left = []
        for finding in findings:
            found = next((each for each in self.accepted if each.describes(finding, status)), None)
            if found is None:
                left.append(finding)
            else:
                self.occurred[found] += 1
                self.met.append(found)
        return left

    def complaints(self, seen: Counter[tuple[str, int]], today: date, *, whole: bool) -> Iterator[str]:
        """Return one line for each entry of deviations.toml that must be corrected.

        Args:
            seen: how many answers there were, by operation and status.
            whole: whether all of the suite ran, so that each deviation had its chance.
        """
        for each in self.accepted:
            if each.review <= today:
                yield f"deviations.toml: {each} was due for review on {each.review}"
            answers = sum(
                count
                for (label, status), count in seen.items()
                if label == each.operation and each.status in (None, status)
            )
            if whole and answers and not self.occurred[each]:
                yield f"good news: {each} no longer deviates ({answers} answers); take it off deviations.toml"


def read(path: Path, contract: Contract, target: str | None) -> Deviations:
    """Return the deviations of a target.

    Args:
        contract: whose rules, checks and tests give the names of checks.
        target: "sandbox" or a base address; None for a target that may not deviate.

    Raises:
        BadDeviations: the file cannot be read, or an entry of it, whichever target it is for, is wrong.
    """
    try:
        content = path.read_bytes()
        if len(content) > _LARGEST:
            raise BadDeviations(f"{path.name}: more than {_LARGEST // 1024} KiB")
        tree = tomllib.loads(content.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDeviations(f"{path.name}: {getattr(error, 'strerror', None) or error}") from error
    knowledge = contract.knowledge
    known = {check.__name__.replace("_", "-") for check in (*CHECKS, *knowledge.checks)}
    known |= {*knowledge.rules, *_OF_TESTS, *knowledge.test_checks}
    entries = tree.pop("deviation", [])
    wrong = [f"{path.name}: {name!r} is not a deviation" for name in tree]
    if not isinstance(entries, list):
        wrong.append(f"{path.name}: each deviation begins with [[deviation]]")
        entries = []
    good: list[Deviation] = []
    for number, entry in enumerate(entries, 1):
        faults = list(_faults(entry, contract, known))
        wrong += [f"{path.name}: deviation {number}: {fault}" for fault in faults]
        if not faults:
            good.append(Deviation(**entry))
    keys = Counter((each.target, each.operation, each.check, each.status, each.message) for each in good)
    wrong += [f"{path.name}: {' '.join(map(str, key))} is there twice" for key, n in keys.items() if n > 1]
    if wrong:
        raise BadDeviations(*wrong)
    return Deviations(each for each in good if target is not None and each.target == target)


def _faults(entry: Any, contract: Contract, known: set[str]) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "is no table"
        return
    for name in entry.keys() - _REQUIRED.keys() - _OPTIONAL.keys():
        yield f"{name!r} is no column"
    for name in _REQUIRED.keys() - entry.keys():
        yield f"{name} is missing"
    wrong = [
        name
        for name, kind in (_REQUIRED | _OPTIONAL).items()
        if name in entry and (not isinstance(entry[name], kind) or isinstance(entry[name], bool))
    ]
    for name in wrong:
        yield f"{name} is no {_WORDS[(_REQUIRED | _OPTIONAL)[name]]}"
    if wrong or _REQUIRED.keys() - entry.keys():
        return
    if entry["target"] != "sandbox" and not entry["target"].startswith(("http://", "https://")):
        yield f"target is sandbox or a base address, not {entry['target']!r}"
    labels = [operation.label for operation in contract.operations]
    if entry["operation"] not in labels:
        yield f"operation {entry['operation']!r} is not in the document; there are {', '.join(labels)}"
    if entry["check"] not in known and not entry["check"].startswith(("schemathesis: ", "test-")):
        yield f"check {entry['check']!r} is none of the suite's"
    if len(entry["evidence"].split()) < 3:
        yield "evidence says too little for anybody to look it up"
    if not timedelta(0) < entry["review"] - entry["seen"] <= _LONGEST_TRUST:
        yield "review comes after seen, and within a year"
