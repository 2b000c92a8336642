"""The report for a pull request or an issue: whom it hurts, then the payload as both sides see it."""

from collections.abc import Iterator
from typing import Any, TextIO

from scripts.drift.formats.words import groups, hurt_text, sides, value_text, verdict, where
from scripts.lib.errors import printable

_SHOWN = 50
# How many of the positions that use a named schema are told.
_USERS = 3
_MAX_PAYLOAD = 1000
_ACTIVE = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|!~&@"})


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the report as GitHub's Markdown."""
    stream.writelines(line + "\n" for line in _lines(report))


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"## {verdict(report)}"
    yield ""
    hurts = hurt_text(report)
    if hurts:
        yield f"It hurts {', '.join(hurts)}."
    for who, group in groups(report):
        yield from ("", f"### {who[0].upper()}{who[1:]}", "")
        yield from _payloads([one for one in group[:_SHOWN] if one["payload"] is not None])
        yield from ("| level | where | what | id |", "|---|---|---|---|")
        yield from map(_row, group[:_SHOWN])
        if len(group) > _SHOWN:
            yield f"\nand {len(group) - _SHOWN} more"
    yield from ("", "### Compared", "")
    for side in ("base", "revision"):
        one = report[side]
        yield f"- {side}: {code(one['name'])}, sha256 `{one['sha256'][:12]}`"
        yield from (f"  - note: {plain(note)}" for note in one["notes"])
    yield from (f"- note: {plain(note)}" for note in report["notes"])
    if report["undecided"]:
        yield f"- {report['undecided']} could not be decided and count as `unknown`"
    if report["accepted"]:
        yield f"- {report['accepted']} accepted, and marked so"
    if report["findings"]:
        name, line, _ = where(report, report["findings"][0])
        yield f"- the first finding is at {code(f'{name}:{line}')}; `--explain RULE` explains a rule"


def _row(one: dict[str, Any]) -> str:
    accepted = f" (accepted until {plain(one['accepted']['expires'])})" if one["accepted"] else ""
    users = one["details"].get("used_by", [])
    more = one["details"].get("uses", 0) - _USERS
    used = f"; in {', '.join(map(code, users[:_USERS]))}" if users else ""
    used += f" and {more} more" if users and more > 0 else ""
    return f"| {one['level']} | {code(one['place'])} | {plain(one['text'])}{used}{accepted} | `{one['id']}` |"


def _payloads(proven: list[dict[str, Any]]) -> Iterator[str]:
    if not proven:
        return
    yield from ("| payload | base | revision |", "|---|---|---|")
    for one in proven:
        payload = one["payload"]
        told = sides(one)
        cells = [("✅ " if takes else "❌ ") + plain(text) for takes, text in told.values()]
        tried = "".join(f"; {end}: {plain(outcome)}" for end, outcome in payload["replay"].items())
        value = code(value_text(payload, _MAX_PAYLOAD))
        yield f"| {value} for {code(payload['where'])} | {cells[0]} | {cells[1]}{tried} |"
    yield ""


def code(text: str) -> str:
    """Return a text as code, whatever backticks it holds; a bar would end the cell of a table."""
    text = printable(text).replace("|", "\\|")
    marks = "`" * (1 + max((len(run) for run in _runs(text)), default=0))
    blank = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{marks}{blank}{text}{blank}{marks}"


def _runs(text: str) -> list[str]:
    return [run for run in "".join(c if c == "`" else " " for c in text).split(" ") if run]


def plain(text: str) -> str:
    """Return a text in which no letter has a meaning of Markdown."""
    return printable(text).translate(_ACTIVE)
