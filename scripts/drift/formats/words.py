"""The sentences that several formats share."""

from typing import Any

from scripts.drift.findings import LEVELS

VERDICTS = {
    "breaking": "Drift that breaks callers",
    "unknown": "Drift that could not be judged",
    "behaviour": "Drift that changes behaviour",
    "compatible": "Drift that hurts nobody",
    "none": "No drift",
}


def verdict(report: dict[str, Any]) -> str:
    """The verdict with its numbers, as one sentence."""
    counts = report["counts"]
    numbers = ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])
    return f"{VERDICTS[report['verdict']]}{': ' + numbers if numbers else ''}."


def where(report: dict[str, Any], finding: dict[str, Any]) -> tuple[str, int, int]:
    """File, line and column to point at: in the base, which is the vendored document in a plain run."""
    place = finding["base"]
    return report["base"]["name"], place["line"] or 1, place["column"] or 1
