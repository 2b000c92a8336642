"""The report for people at a terminal: the verdict, then whom it hurts and the proof under each."""

import json
import os
from collections.abc import Iterator
from typing import Any, TextIO

from scripts.drift.findings import HURT
from scripts.drift.formats.words import verdict
from scripts.lib.errors import printable

_STYLES = {"breaking": "bold red", "unknown": "bold magenta", "behaviour": "bold yellow"}
_SHOWN = 60
_MAX_PAYLOAD = 400


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the report; in colours on a terminal that wants them."""
    lines = list(_lines(report))
    if stream.isatty() and not os.environ.get("NO_COLOR"):
        from rich.console import Console

        console = Console(file=stream, highlight=False, soft_wrap=True)
        for text, style in lines:
            console.print(text, style=style or None, markup=False)
        return
    encoding = stream.encoding or "utf-8"
    for text, _ in lines:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _lines(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield verdict(report), _STYLES.get(report["verdict"], "bold green")
    for side in ("base", "revision"):
        one = report[side]
        yield f"{side:<8} {printable(one['name'])} (sha256 {one['sha256'][:12]})", "dim"
        for note in one["notes"]:
            yield printable(f"         note: {note}"), "dim"
    for note in report["notes"]:
        yield printable(f"note: {note}"), "dim"
    if report["undecided"]:
        yield f"{report['undecided']} undecided: shown as unknown, not passed over.", "magenta"
    if report["accepted"]:
        yield f"{report['accepted']} accepted, marked so below.", "dim"
    for who in HURT:
        yield from _group(who, [one for one in report["findings"] if one["hurts"] == who])


def _group(who: str, findings: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    if not findings:
        return
    yield "", ""
    yield f"{who[0].upper()}{who[1:]}", "bold"
    told: dict[str, int] = {}
    for one in findings:
        told[one["level"]] = told.get(one["level"], 0) + 1
        if told[one["level"]] > _SHOWN:
            continue
        yield from _finding(one)
    for level, number in told.items():
        if number > _SHOWN:
            yield f"  and {number - _SHOWN} more of level {level} (--format json has all)", ""


def _finding(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    accepted = one["accepted"]
    mark = f" (accepted by {accepted['owner']} until {accepted['expires']})" if accepted else ""
    yield printable(f"  {one['level']:<10} {one['place']}{mark}"), _STYLES.get(one["level"], "")
    yield printable(f"             {one['text']}  [{one['rule']} {one['effect']}, {one['id']}]"), ""
    users = one["details"].get("used_by")
    if users:
        more = one["details"]["uses"] - 3
        text = ", ".join(users[:3]) + (f" and {more} more" if more > 0 else "")
        yield printable(f"             in {text}", _MAX_PAYLOAD), "dim"
    if one["details"].get("tests"):
        yield printable(f"             enforced by {', '.join(one['details']['tests'])}"), "dim"
    payload = one["payload"]
    if payload is not None:
        value = json.dumps(payload["value"], ensure_ascii=False)
        yield printable(f"             payload {value}", _MAX_PAYLOAD), "cyan"
        yield (
            f"             valid for the {payload['valid_for']}, refused by the {payload['refused_by']}"
            + ("" if payload["reading"] == "as written" else f" ({payload['reading']} reading)"),
            "dim",
        )
        for end, outcome in payload["replay"].items():
            yield printable(f"             {end}: {outcome}"), "dim"
