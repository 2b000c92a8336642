"""The report as one HTML file that asks for nothing else: whom it hurts, then the payload side by side."""

import json
from pathlib import Path
from typing import Any, TextIO

from scripts.drift.formats.words import HURTING, groups, hurt, sides, verdict, where
from scripts.lib.errors import printable

_TEMPLATE = Path(__file__).with_name("report.html.jinja")
_MAX_PAYLOAD = 4000
_SHOWN = 500


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the page. Whatever the documents say is escaped."""
    # The library takes its time to load, which the other formats need not pay.
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    parts = [
        {
            "who": who,
            "counts": hurt(group),
            "findings": [_finding(report, one) for one in group[:_SHOWN]],
            "of": len(group),
        }
        for who, group in groups(report)
    ]
    hurt_parts = [part for part in parts if part["counts"]]
    page = template.render(
        report=report,
        verdict=verdict(report),
        parts=parts,
        hurt=hurt_parts,
        hurting=HURTING,
        printable=printable,
    )
    stream.write(page + "\n")


def _finding(report: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    name, line, _ = where(report, one)
    payload = one["payload"]
    shown = None
    if payload is not None:
        text = json.dumps(payload["value"], ensure_ascii=False, indent=2)
        # Line by line: a line end of the document must not be one of the page, its indentation must stay.
        value = "\n".join(printable(line, _MAX_PAYLOAD) for line in text[:_MAX_PAYLOAD].split("\n"))
        value += " ..." if len(text) > _MAX_PAYLOAD else ""
        shown = {"value": value, "sides": sides(one), "where": payload["where"], "replay": payload["replay"]}
    users = one["details"].get("used_by", [])
    return {
        **one,
        "spot": f"{name}:{line}",
        "shown": shown,
        "users": users,
        "uses": one["details"].get("uses", 0),
    }
