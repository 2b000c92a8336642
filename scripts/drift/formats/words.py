"""The sentences and places that several formats share."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from scripts.drift.findings import HURT, LEVELS
from scripts.lib.errors import printable

VERDICTS = {
    "breaking": "Drift that breaks callers",
    "unknown": "Drift that could not be judged",
    "behaviour": "Drift that changes behaviour",
    "compatible": "Drift that hurts nobody",
    "none": "No drift",
}
# Findings of these levels hurt somebody; the others are told and hurt nobody.
HURTING = ("breaking", "unknown", "behaviour")


def verdict(report: dict[str, Any]) -> str:
    """Return the verdict with its numbers, as one sentence."""
    counts = report["counts"]
    numbers = ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])
    return f"{VERDICTS[report['verdict']]}{': ' + numbers if numbers else ''}."


def groups(report: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Return the findings by whom they hurt, the worst first."""
    for who in HURT:
        group = [one for one in report["findings"] if one["hurts"] == who]
        if group:
            yield who, group


def hurt(findings: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return how many of these findings, accepted ones apart, hurt somebody, by level."""
    counts = dict.fromkeys(HURTING, 0)
    for one in findings:
        if one["level"] in counts and not one["accepted"]:
            counts[one["level"]] += 1
    return {level: number for level, number in counts.items() if number}


def hurt_text(report: dict[str, Any]) -> list[str]:
    """Return whom it hurts, each with the numbers: "callers (2 breaking, 1 behaviour)"."""
    found = []
    for who, group in groups(report):
        counts = hurt(group)
        if counts:
            found.append(f"{who} ({', '.join(f'{number} {level}' for level, number in counts.items())})")
    return found


def sides(one: dict[str, Any]) -> dict[str, tuple[bool, str]]:
    """Return for base and revision whether it takes the payload, and what became of it."""
    payload = one["payload"]
    reading = "" if payload["reading"] == "as written" else f" ({payload['reading']} reading)"
    found = {}
    for side in ("base", "revision"):
        takes = side == payload["valid_for"]
        found[side] = (takes, f"takes it{reading}" if takes else f"refuses it{reading}: {one['text']}")
    return found


def value_text(payload: dict[str, Any], limit: int) -> str:
    """Return a payload as one line of JSON."""
    return printable(json.dumps(payload["value"], ensure_ascii=False), limit)


def where(report: dict[str, Any], finding: dict[str, Any]) -> tuple[str, int, int]:
    """Return file, line and column to point at.

    It is the revision, which a pull request shows; the base where the revision is in no file, as the live
    page.
    """
    side = "revision" if report["revision"]["file"] or not report["base"]["file"] else "base"
    place = finding[side]
    name = place["file"] or report[side]["file"] or report[side]["name"]
    if finding["details"].get("file"):
        return str(finding["details"]["file"]), 1, 1
    return name, place["line"] or 1, place["column"] or 1
