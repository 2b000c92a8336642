"""The run as JSON, after `report.schema.json` beside this file."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from contract_tests.bench.values import Curve, Figure, Ratio, Section, Setting
from scripts.lib.files import write_together

FORMAT = 1


def tree(
    sections: Sequence[Section],
    setting: Setting,
    begun: datetime,
    seconds: float,
    surroundings: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the report.

    Args:
        sections: what was measured.
        setting: how much.
        begun: when, with its zone.
        seconds: how long it took.
        surroundings: `machine`, `versions` and `load`.
    """
    return {
        "format": FORMAT,
        "startedAt": begun.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "setting": dataclasses.asdict(setting),
        **surroundings,
        "sections": [_section(each) for each in sections],
    }


def write(report: Mapping[str, Any], path: Path) -> None:
    """Write it whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    write_together({path: (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode()})


def _section(section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": section.title,
        "columns": list(section.columns),
        "rows": [[_rounded(cell) for cell in row] for row in section.rows],
        "ratios": [_judged(each) for each in section.ratios],
        "figures": [_judged(each) for each in section.figures],
        "curves": [_curve(each) for each in section.curves],
        "notes": list(section.notes),
        "missing": [{"name": name, "reason": reason} for name, reason in section.missing],
    }


def _judged(each: Ratio | Figure) -> dict[str, Any]:
    return {name: _rounded(value) for name, value in vars(each).items()} | {"reached": each.reached}


def _curve(curve: Curve) -> dict[str, Any]:
    return {name: _rounded(value) for name, value in vars(curve).items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, tuple):
        return [_rounded(each) for each in value]
    return value
