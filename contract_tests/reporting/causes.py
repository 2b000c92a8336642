"""Findings that have one cause, told as one: the same symptom of one check at one operation.

Two causes are never told as one, since a reader who mends the one takes the other for mended. So findings of
other operations, other statuses and other rules stay apart, except what plainly is the whole server's.
"""

import re
from collections.abc import Hashable, Iterable
from typing import Any

Row = dict[str, Any]

# What changes from one try to the next: a place in a list, a length, a turn, names that were drawn.
_CHANGING = re.compile(
    r"(?<=: )\d+(?=[/:])|(?<=/)\d+(?=[/:])|\b\d+(?= bytes\b)|(?<=to request )\d+"
    r"|(?<=instead of )[1-5]\d\d(?= to (?:the same )?request| on one connection| after )"
)
_DRAWN = re.compile(r"(?<=\()'.*'(?: and \d+ more)? (?:was|were)(?= unexpected)")
# A server without this header has none anywhere; with another one the status tells who wrote the answer.
_OF_ALL = (
    re.compile(r"Content-Type of [1-5]\d\d (is missing)"),
    re.compile(r"(Content-Type of [1-5]\d\d is [^:]*)"),
    re.compile(r"(Content-Type names the charset [^:]*)"),
)


def grouped(findings: Iterable[Row]) -> list[Row]:
    """Return one finding for each cause, that of the fewest calls, which names the others in `also`."""
    groups: dict[Hashable, list[Row]] = {}
    for finding in findings:
        groups.setdefault(symptom(finding), []).append(finding)
    _join_undocumented(groups)
    return [_one(rows) for rows in groups.values()]


def symptom(finding: Row) -> Hashable:
    """Return what two findings of one cause have in common."""
    check, operation, message = finding["promise"], finding["operation"], finding["message"]
    if check == "content-type-is-documented":
        for form in _OF_ALL:
            if told := form.match(message):
                return check, told[1]
    if check == "method-refusal-names-methods":
        # Allow is about a path, whichever method was refused.
        operation = operation.partition(" ")[2]
    if check == "bad-request-is-refused":
        message = _DRAWN.sub("", message)
    return check, operation, _CHANGING.sub("", message)


def _join_undocumented(groups: dict[Hashable, list[Row]]) -> None:
    """Let a status that is not documented be told by the finding that says which one was due.

    Both checks judge each answer, so that one answer is told by both.
    """
    due: dict[tuple[str, str], Hashable] = {}
    for key, rows in groups.items():
        if rows[0]["promise"] == "status-fits-the-request":
            due.setdefault((rows[0]["operation"], rows[0]["message"][:3]), key)
    for key, rows in list(groups.items()):
        first = rows[0]
        if first["promise"] == "status-is-documented" and "is not documented" in first["message"]:
            other = due.get((first["operation"], first["message"][:3]))
            if other is not None:
                groups[other] += groups.pop(key)


def _one(rows: list[Row]) -> Row:
    first = min(rows, key=lambda row: row["reproduce"].count("\n"))
    others = [each for row in rows for each in ([] if row is first else [_named(row)]) + row.get("also", [])]
    also = [each for place, each in enumerate(others) if each not in others[:place]]
    return {**first, "also": also} if also else first


def _named(row: Row) -> Row:
    return {name: row[name] for name in ("operation", "promise", "message", "test")}
