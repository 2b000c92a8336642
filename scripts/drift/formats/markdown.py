"""The report for a pull request or an issue."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from scripts.drift.findings import HURT
from scripts.drift.formats.words import verdict
from scripts.lib.errors import printable

_SHOWN = 50
# How many of the positions that use a named schema are told.
_USERS = 3
_MAX_PAYLOAD = 1000
_ACTIVE = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|!~&@"})


def tell(report: dict[str, Any], stream: TextIO) -> None:
    """Write the report as GitHub's Markdown."""
    for line in _lines(report):
        stream.write(line + "\n")


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"## {verdict(report)}"
    yield ""
    for side in ("base", "revision"):
        one = report[side]
        yield f"- {side}: {_code(one['name'])}, sha256 `{one['sha256'][:12]}`"
        yield from (f"  - note: {_plain(note)}" for note in one["notes"])
    yield from (f"- note: {_plain(note)}" for note in report["notes"])
    if report["undecided"]:
        yield f"- {report['undecided']} could not be decided and count as `unknown`"
    if report["accepted"]:
        yield f"- {report['accepted']} accepted in `openapi/drift-accepted.toml`"
    for who in HURT:
        group = [one for one in report["findings"] if one["hurts"] == who]
        if group:
            yield from ("", f"### {who[0].upper()}{who[1:]}", "", "| level | where | what | id |")
            yield "|---|---|---|---|"
            yield from map(_row, group[:_SHOWN])
            if len(group) > _SHOWN:
                yield f"\nand {len(group) - _SHOWN} more"
            yield from _payloads(group[:_SHOWN])


def _row(one: dict[str, Any]) -> str:
    accepted = f" (accepted until {_plain(one['accepted']['expires'])})" if one["accepted"] else ""
    users = one["details"].get("used_by", [])
    more = one["details"].get("uses", 0) - _USERS
    used = f"; in {', '.join(map(_code, users[:_USERS]))}" if users else ""
    used += f" and {more} more" if users and more > 0 else ""
    return (
        f"| {one['level']} | {_code(one['place'])} | {_plain(one['text'])}{used}{accepted} | `{one['id']}` |"
    )


def _payloads(group: list[dict[str, Any]]) -> Iterator[str]:
    proven = [one for one in group if one["payload"] is not None]
    if not proven:
        return
    yield from ("", "<details><summary>Payloads</summary>", "")
    for one in proven:
        payload = one["payload"]
        value = printable(json.dumps(payload["value"], ensure_ascii=False), _MAX_PAYLOAD)
        sides = f"valid for the {payload['valid_for']}, refused by the {payload['refused_by']}"
        reading = "" if payload["reading"] == "as written" else f" ({payload['reading']} reading)"
        yield f"- `{one['id']}`, {sides}{reading}:"
        yield from (f"  {end}: {_plain(outcome)}" for end, outcome in payload["replay"].items())
        yield from ("", f"  {_code(value)}", "")
    yield "</details>"


def _code(text: str) -> str:
    """A text as code, whatever backticks it holds; a bar would end the cell of a table."""
    text = printable(text).replace("|", "\\|")
    marks = "`" * (1 + max((len(run) for run in _runs(text)), default=0))
    blank = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{marks}{blank}{text}{blank}{marks}"


def _runs(text: str) -> list[str]:
    return [run for run in "".join(c if c == "`" else " " for c in text).split(" ") if run]


def _plain(text: str) -> str:
    return printable(text).translate(_ACTIVE)
