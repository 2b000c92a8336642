"""The report of a run as one JSON value: what `tell` prints and what `--format json` gives out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from scripts.drift.findings import LEVELS, Finding, Pointer, pointer_text

VERSION = 1

# File (None for what is in no file), line and column.
Line: TypeAlias = tuple[str | None, int, int]


@dataclass(frozen=True)
class Side:
    """One of the two documents, as the report names it."""

    name: str
    sha256: str
    notes: tuple[str, ...]
    etag: str | None = None
    file: str | None = None


_no_side = Side("", "", ())


def report(
    base: Side,
    revision: Side,
    findings: Sequence[Finding],
    fail_on: str,
    accepted: Mapping[str, Mapping[str, str]] | None = None,
    notes: Sequence[str] = (),
    lines: Mapping[str, Mapping[Pointer, Line]] | None = None,
) -> dict[str, Any]:
    """Return the report.

    Args:
        base: the older document.
        revision: the newer one.
        findings: all of them, in the order in which they shall be told.
        fail_on: the mildest level that fails the run.
        accepted: the accepted findings by id, with reason, owner and date of expiry.
        notes: what else a reader must know to trust the result.
        lines: for "base" and "revision", where in its file each value stands; left out, no lines are told.
    """
    accepted = accepted or {}
    told = [_finding(finding, accepted.get(finding.id), lines or {}) for finding in findings]
    counting = [one for one in told if one["accepted"] is None]
    return {
        "version": VERSION,
        "verdict": _verdict(counting),
        "exit_code": _exit_code(counting, fail_on),
        "fail_on": fail_on,
        "base": _side(base),
        "revision": _side(revision),
        "counts": {level: sum(one["level"] == level for one in counting) for level in LEVELS},
        "undecided": sum(one["answer"] == "unknown" for one in told),
        "accepted": len(told) - len(counting),
        "notes": list(notes),
        "findings": told,
    }


def with_findings(
    told: dict[str, Any], findings: Sequence[Finding], accepted: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return a report with more findings, some of which are accepted."""
    more = report(_no_side, _no_side, findings, told["fail_on"], accepted)
    every = told["findings"] + more["findings"]
    every.sort(key=lambda one: LEVELS.index(one["level"]))
    counting = [one for one in every if one["accepted"] is None]
    counts = {level: told["counts"][level] + more["counts"][level] for level in LEVELS}
    return {
        **told,
        "findings": every,
        "counts": counts,
        "accepted": told["accepted"] + more["accepted"],
        "exit_code": _exit_code(counting, told["fail_on"]),
        "verdict": _verdict(counting),
    }


def _exit_code(findings: Sequence[dict[str, Any]], fail_on: str) -> int:
    """Return 1 for what fails the run; 2 where a limit ended the comparison before anything did."""
    if any(LEVELS.index(one["level"]) <= LEVELS.index(fail_on) for one in findings):
        return 1
    return 2 if any(one["details"].get("incomplete") for one in findings) else 0


def _verdict(findings: Sequence[dict[str, Any]]) -> str:
    levels = {one["level"] for one in findings}
    for level in ("breaking", "unknown", "behaviour"):
        if level in levels:
            return level
    return "compatible" if findings else "none"


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name,
        "file": side.file,
        "sha256": side.sha256,
        "etag": side.etag,
        "notes": list(side.notes),
    }


def _finding(
    finding: Finding,
    accepted: Mapping[str, str] | None,
    lines: Mapping[str, Mapping[Pointer, Line]],
) -> dict[str, Any]:
    payload = finding.payload
    return {
        "id": finding.id,
        "rule": finding.rule,
        "place": finding.place,
        "effect": finding.effect,
        "level": finding.level,
        "answer": finding.answer,
        "hurts": finding.hurts,
        "text": finding.text,
        "base": _place(finding.base, finding.revision, finding.lines[0], lines.get("base", {})),
        "revision": _place(finding.revision, finding.base, finding.lines[1], lines.get("revision", {})),
        "payload": None
        if payload is None
        else {
            "value": payload.value,
            "where": payload.where,
            "valid_for": payload.sender,
            "refused_by": "revision" if payload.sender == "base" else "base",
            "reading": payload.reading,
            "replay": payload.replay,
        },
        "details": finding.details,
        "accepted": None if accepted is None else dict(accepted),
    }


def _place(
    pointer: Pointer, counterpart: Pointer, own_line: int | None, lines: Mapping[Pointer, Line]
) -> dict[str, Any]:
    """Return a pointer, and where it or the nearest value around it stands.

    Args:
        pointer: the value; empty for what this side does not have.
        counterpart: the value of the other side, which tells where this side would have it.
        own_line: the line that is known already, as for a sentence of a page.
        lines: the lines of this side, by pointer; empty where no lines are told.
    """
    file, line, column = lines.get(pointer or counterpart, (None, None, None))
    if own_line is not None and lines:
        line, column = own_line, 1
    return {"pointer": pointer_text(pointer), "file": file, "line": line, "column": column}
