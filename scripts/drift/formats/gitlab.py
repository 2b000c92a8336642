"""The report as GitLab's Code Quality artifact, which a merge request shows beside the lines."""

import json
from typing import Any, TextIO

from scripts.drift.formats.words import where
from scripts.lib.errors import printable

_SEVERITIES = {"breaking": "critical", "unknown": "major", "behaviour": "major", "client-api": "minor"}


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the artifact; accepted findings are not in it."""
    issues = [_issue(report, one) for one in report["findings"] if not one["accepted"]]
    json.dump(issues, stream, indent=2)
    stream.write("\n")


def _issue(report: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    name, line, _ = where(report, one)
    return {
        "description": printable(f"{one['level']}: {one['place']}: {one['text']}"),
        "check_name": one["rule"],
        "fingerprint": one["id"],
        "severity": _SEVERITIES.get(one["level"], "info"),
        "location": {"path": name, "lines": {"begin": line}},
    }
