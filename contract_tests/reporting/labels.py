"""Numbers and words of a summary, put as the page shows them."""

import shlex
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contract_tests.reporting.report import Report

# By verdict: its kind, which gives the colour, and what it says. Colour never says anything alone.
VERDICTS = {
    "broken": ("bad", "The contract is broken"),
    "nothing": ("bad", "Nothing was tried"),
    "unproven": ("bad", "The contract is not proven"),
    "partial": ("fair", "No findings, but not all was asked"),
    "holds": ("good", "The contract holds"),
}
RULES = {
    "contradicted": ("bad", "contradicted"),
    "unproven": ("fair", "unproven here"),
    "assumed": ("plain", "kept as we read it"),
    "proven": ("good", "proven"),
}
_KEPT = {"\n", "\t"}


def plain(value: object) -> str:
    """Return a value as text without invisible characters and without changes of direction."""
    return "".join(
        c
        if c in _KEPT or (c.isprintable() and unicodedata.category(c) not in ("Cf", "Cs"))
        else " "
        if unicodedata.category(c) == "Zs"
        else c.encode("unicode_escape").decode("ascii")
        for c in str(value)
    )


def verdict(tree: Report) -> tuple[str, str]:
    """Return the kind and the sentence."""
    kind, said = VERDICTS[tree["verdict"]]
    found = len(tree["findings"])
    if found:
        said += f": {found} finding{'s' * (found != 1)}"
    return kind, said


def name(finding: dict[str, Any]) -> str:
    """Return the name of a finding in one line, the same in every shard and every file."""
    return finding_name(finding["operation"], finding["promise"], finding["message"])


def also(finding: dict[str, Any]) -> list[str]:
    """Return other findings that look like the same cause, in one line each."""
    return [f"{each['operation']}: {each['promise']}: {each['message']}" for each in finding.get("also", [])]


def fault(finding: dict[str, Any]) -> str:
    """Return the kind of a finding in the catalogue of Web Fuzzing Commons; "" in an older summary."""
    kind = finding.get("fault")
    return f"WFC {kind['code']}: {kind['name']}" if kind else ""


def finding_name(operation: str, check: str, message: str) -> str:
    """Return the `name` of a finding that is in no report yet; its texts are masked as there."""
    return plain(f"{operation}: {check}: {message.partition(':')[0]}")


def rule_state(rule: dict[str, Any]) -> str:
    """Return a key of `RULES`: what the run says of a rule. Proven means that a document states it."""
    if rule["state"] == "proven":
        return "proven" if rule["certainty"] == "stated" else "assumed"
    return "contradicted" if rule["state"] == "contradicted" else "unproven"


def rules(tree: Report) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Yield kind, words and rules of each state that occurs, the worst first."""
    grouped: dict[str, list[dict[str, Any]]] = {name: [] for name in RULES}
    for rule in tree["rules"]:
        grouped[rule_state(rule)].append(rule)
    return [(*RULES[name], rows) for name, rows in grouped.items() if rows]


@dataclass(frozen=True)
class Cell:
    """What was seen of one operation and status."""

    kind: str
    seen: int
    remark: str = ""


def matrix(tree: Report) -> tuple[list[str], list[tuple[str, list[Cell | None]]]]:
    """Return the operations, and for each status a cell for each; None where there is nothing to say."""
    rows = tree["counts"]["operations"]
    operations = list(dict.fromkeys(row["operation"] for row in rows))
    cells = {(row["status"], row["operation"]): _cell(row, tree) for row in rows}
    statuses = sorted({row["status"] for row in rows}, key=lambda status: (status is None, status or 0))
    return operations, [
        (
            "no whole answer" if status is None else str(status),
            [cells.get((status, operation)) for operation in operations],
        )
        for status in statuses
    ]


def _cell(row: dict[str, Any], tree: Report) -> Cell:
    known = any(o["operation"] == row["operation"] and o["documented"] for o in tree["counts"]["operations"])
    if row["documented"]:
        if not row["seen"] and "document" in tree["settings"]:
            return Cell("fair", 0, "unproven")
        return Cell("good", row["seen"]) if row["seen"] else Cell("bad", 0, "never seen")
    if not known:
        return Cell("plain", row["seen"])
    return Cell("bad", row["seen"], "no answer" if row["status"] is None else "undocumented")


@dataclass(frozen=True)
class Place:
    """The keywords of one request or answer, and how many of them were tried in full."""

    name: str
    rows: list[dict[str, Any]]
    tried: int
    is_request: bool


def places(tree: Report) -> list[Place]:
    """Return the coverage of requests and answers; a request's keyword counts when kept and broken."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in tree["keywords"]:
        grouped.setdefault(row["place"], []).append(row)
    found = []
    for name, rows in grouped.items():
        is_request = name.endswith(" request")
        tried = sum(bool(row["kept"] and (row["broken"] or not is_request)) for row in rows)
        found.append(Place(name, rows, tried, is_request))
    return found


def repeat(tree: Report) -> str:
    """Return the command that repeats the run."""
    settings = tree["settings"]
    words = ["make contract"]
    if "document" in settings:
        words.append(f"DOCUMENT={shlex.quote(settings['document'])}")
    if settings["target"] == "sandbox":
        words.append("TARGET=sandbox")
    elif settings["target"] == "url":
        words.append(f"TARGET={shlex.quote(settings['baseUrl'])}")
        if settings["control"]:
            words.append(f"CONTROL={shlex.quote(settings.get('controlUrl') or 'URL')}")
    if settings["shards"] != list(range(1, settings["of"] + 1)):
        words.append(f"SHARD={settings['shards'][0]}/{settings['of']}")
    if settings.get("seeds", 1) > 1:
        words.append(f"SEEDS={settings['seeds']}")
    arguments = shlex.join([f"--seed={settings['seed']}", *settings.get("selection", [])])
    return " ".join([*words, f"ARGS={shlex.quote(arguments)}"])


def covered(tree: Report) -> str:
    """Return how far the run went, where a small memory would not show; "" if no test asked."""
    return ", ".join(f"{count:,} {name}" for name, count in tree.get("covered", {}).items())


def lacking(tree: Report) -> str:
    """Which calls the target's control API does not have; "" if it has all."""
    calls = ", ".join(tree.get("lacking", []))
    return f"the control API lacks {calls}: what needs that was left out" if calls else ""


@dataclass(frozen=True)
class Bar:
    """One bucket: its words, its count, and how long its bar is, of 1."""

    label: str
    count: int
    length: float


def bars(bounds: Iterable[float], counts: list[int]) -> list[Bar]:
    """Return the buckets of a histogram, without the empty ones at both ends."""
    ends = list(bounds)
    labels = [f"≤ {_duration(end)}" for end in ends] + [f"> {_duration(ends[-1])}"]
    filled = [n for n, count in enumerate(counts[: len(labels)]) if count]
    if not filled:
        return []
    most = max(counts)
    return [
        Bar(labels[n], counts[n], counts[n] / most)
        for n in range(filled[0], min(filled[-1] + 1, len(labels)))
    ]


def within(bounds: list[float], counts: list[int], share: float) -> str:
    """Return the time in which a share of the answers came: the upper end of a bucket."""
    wanted, so_far = share * sum(counts), 0
    for end, count in zip(bounds, counts, strict=False):
        so_far += count
        if so_far >= wanted:
            return f"within {_duration(end)}"
    return f"later than {_duration(bounds[-1])}"


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:g} ms" if milliseconds < 1000 else f"{milliseconds / 1000:g} s"
