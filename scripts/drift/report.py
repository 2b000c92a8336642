"""The report of a run as one JSON value: what `tell` prints and what `--format json` gives out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scripts.drift.findings import LEVELS, Finding, pointer_text

VERSION = 1


@dataclass(frozen=True)
class Side:
    """One of the two documents, as the report names it."""

    name: str
    sha256: str
    notes: tuple[str, ...]
    etag: str | None = None


def report(
    base: Side,
    revision: Side,
    findings: Sequence[Finding],
    fail_on: str,
    accepted: dict[str, dict[str, str]] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """The report.

    Args:
        base: the older document.
        revision: the newer one.
        findings: all of them, in the order in which they shall be told.
        fail_on: the mildest level that fails the run.
        accepted: the accepted findings by id, with reason, owner and date of expiry.
        notes: what else a reader must know to trust the result.
    """
    accepted = accepted or {}
    told = [_finding(finding, accepted.get(finding.id)) for finding in findings]
    counting = [one for one in told if one["accepted"] is None]
    failing = [one for one in counting if LEVELS.index(one["level"]) <= LEVELS.index(fail_on)]
    return {
        "version": VERSION,
        "verdict": _verdict(counting),
        "exit_code": 1 if failing else 0,
        "fail_on": fail_on,
        "base": _side(base),
        "revision": _side(revision),
        "counts": {level: sum(one["level"] == level for one in counting) for level in LEVELS},
        "undecided": sum(one["answer"] == "unknown" for one in told),
        "accepted": len(told) - len(counting),
        "notes": list(notes),
        "findings": told,
    }


def _verdict(findings: Sequence[dict[str, Any]]) -> str:
    levels = {one["level"] for one in findings}
    for level in ("breaking", "unknown", "behaviour"):
        if level in levels:
            return level
    return "compatible" if findings else "none"


def _side(side: Side) -> dict[str, Any]:
    return {"name": side.name, "sha256": side.sha256, "etag": side.etag, "notes": list(side.notes)}


def _finding(finding: Finding, accepted: dict[str, str] | None) -> dict[str, Any]:
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
        "base": {"pointer": pointer_text(finding.base)},
        "revision": {"pointer": pointer_text(finding.revision)},
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
        "accepted": accepted,
    }
