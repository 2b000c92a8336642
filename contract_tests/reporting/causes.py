"""Findings that have one cause, told as one: the same symptom, met by several tests, checks or operations.

What looks alike may still have two causes. The second one is found again once the first is mended; until then
a reader of one long list mends neither.
"""

import re
from collections.abc import Hashable, Iterable
from typing import Any

Row = dict[str, Any]

_SPELLED = re.compile(r" to (the same request with .*|request \d+ of a connection)")
_INSTEAD = re.compile(
    r"[1-5]\d\d (?:instead of|where the rules? gives?|for .*; expected|is not documented)"
    r"\D*((?:[1-5]\d\d)?)\b"
)
# What a test of a rule says that had to get a key or a token.
_DUE = re.compile(r"[1-5]\d\d where (?:a key was due|the key buys a JWT|a token was due)")
# Of these each detail after the first words is a cause of its own.
_DETAILED = ("body-fits-the-schema",)
_DIGITS = re.compile(r"\d+")


def grouped(findings: Iterable[Row]) -> list[Row]:
    """Return one finding for each cause, that of the fewest calls, which names the others in `also`."""
    groups: dict[Hashable, list[Row]] = {}
    for finding in findings:
        groups.setdefault(symptom(finding), []).append(finding)
    _join_undocumented(groups)
    return [_one(rows) for rows in groups.values()]


def symptom(finding: Row) -> Hashable:
    """Return what two findings of one cause have in common."""
    operation, message = finding["operation"], finding["message"]
    if spelled := _SPELLED.search(message):
        return "spelling", operation, _DIGITS.sub("", spelled[1])
    if _DUE.match(message):
        return "status", operation, message[:3], "200"
    if told := _INSTEAD.match(message):
        return "status", operation, message[:3], "" if "not documented" in message else told[1]
    first = message if finding["promise"] in _DETAILED else message.partition(":")[0]
    return "text", finding["promise"], _DIGITS.sub("", first)


def _join_undocumented(groups: dict[Hashable, list[Row]]) -> None:
    """Let a status that is not documented be told by the finding that says which one was due."""
    for key in [each for each in groups if isinstance(each, tuple) and each[0] == "status" and not each[3]]:
        other = next(
            (each for each in groups if isinstance(each, tuple) and each[:3] == key[:3] and each[3]), None
        )
        if other is not None:
            groups[other] += groups.pop(key)


def _one(rows: list[Row]) -> Row:
    first = min(rows, key=lambda row: row["reproduce"].count("\n"))
    others = [each for row in rows for each in ([] if row is first else [_named(row)]) + row.get("also", [])]
    also = [each for place, each in enumerate(others) if each not in others[:place]]
    return {**first, "also": also} if also else first


def _named(row: Row) -> Row:
    return {name: row[name] for name in ("operation", "promise", "message", "test")}
