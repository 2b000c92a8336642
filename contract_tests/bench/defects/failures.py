"""What each tool prints or writes, read as failures that can be told apart."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract_tests.bench.tools.watched import Said


@dataclass(frozen=True)
class Failure:
    """Something that a tool holds against the target.

    Attributes:
        key: what it is about, the same in every run: two failures of one key are the same finding.
        at: seconds from the start of the process until it was known.
    """

    key: str
    at: float


_OURS = re.compile(r"first finding after [\d,]+ cases and [\d.]+ s: (\S+) in (.*)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_SPECMATIC = re.compile(r"Scenario: (.*) has FAILED$")
_SPECMATIC_ENDS = re.compile(r'"[+-]ve\s+Scenario: (.*) FAILED"$')
_STATUSES = re.compile(r"status (\w+) but response contained status (\w+)")
_DREDD = re.compile(r"fail: (\w+ \(\d+\) \S+)")
_DREDD_TOLD = re.compile(r"fail: (\w+: .*)")


def of_ours(said: Said, folder: Path) -> list[Failure]:
    """Return the line that `make contract` prints with its first finding."""
    return [
        Failure(f"{found[1]} in {found[2].partition('[')[0]}", at)
        for at, line in said.lines
        if (found := _OURS.search(_ANSI.sub("", line)))
    ]


def of_schemathesis(said: Said, folder: Path) -> list[Failure]:
    """Return the events that it writes to `events.ndjson`: failed checks, and requests that got no answer."""
    path = folder / "events.ndjson"
    found = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            (name, event), *_ = json.loads(line).items()
        except ValueError:
            continue  # the last line of a run that was stopped
        if name == "ScenarioFinished":
            found += list(_of_scenario(event, said.begun))
        elif name in ("NonFatalError", "FatalError"):
            found.append(Failure(f"{name} {_title(event)}", event["timestamp"] - said.begun))
    return found


def _of_scenario(event: dict[str, Any], begun: float) -> Iterator[Failure]:
    recorder = event["recorder"]
    # A scenario that sent nothing, or got no answer, has neither.
    for case, checks in recorder.get("checks", {}).items():
        exchange = recorder.get("interactions", {}).get(case, {})
        answer = exchange.get("response") or {}
        at = exchange.get("timestamp", event["timestamp"]) - begun
        for check in checks:
            if check["status"] == "failure":
                told = check["failure_info"]["failure"]
                where = told.get("operation") or recorder["label"]
                yield Failure(f"{where} {told['code']} {told['title']} {answer.get('status_code')}", at)


def _title(event: dict[str, Any]) -> str:
    told = event.get("info") or event.get("value") or event
    title = (told.get("title") or told.get("type") or "") if isinstance(told, dict) else told
    return f"{title} {event.get('label') or ''}".strip()


def of_specmatic(said: Said, folder: Path) -> list[Failure]:
    """Return the scenarios that failed and why, as its report at the end says.

    Values that it makes up are not part of a key: scenario, place and rule are, and the statuses.
    """
    first: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    scenario = None
    for at, line in said.lines:
        if found := _SPECMATIC.search(line):
            first.setdefault(found[1], at)
        elif found := _SPECMATIC_ENDS.search(line):
            scenario = found[1]
            reasons.setdefault(scenario, [])
        elif scenario and (told := line.strip()):
            if told.startswith("Tests run:"):
                scenario = None
            elif told.startswith(">> ") or re.match(r"R\d+:", told):
                reasons[scenario].append(told)
            elif statuses := _STATUSES.search(told):
                reasons[scenario].append(f"{statuses[1]} {statuses[2]}")
    return [Failure(" ".join([name, *sorted(set(reasons.get(name, ())))]), at) for name, at in first.items()]


def of_dredd(said: Said, folder: Path) -> list[Failure]:
    """Return the failed transactions and why, from its report. Queries hold keys: they stay out."""
    first: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    name = None
    for at, line in said.lines:
        plain = _ANSI.sub("", line)
        if found := _DREDD.match(plain):
            name = found[1].partition("?")[0]
            first.setdefault(name, at)
        elif name and (found := _DREDD_TOLD.match(plain)):
            reasons.setdefault(name, []).append(found[1])
    return [Failure(" ".join([name, *sorted(set(reasons.get(name, ())))]), at) for name, at in first.items()]
