"""The summary of a run as JSON, whose form report.schema.json gives; the base of every other report."""

import hashlib
import importlib.metadata
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs

from contract_tests.checks import fault_codes
from contract_tests.checks.descriptions import describe
from contract_tests.checks.deviations import Deviations
from contract_tests.checks.document import Contract
from contract_tests.checks.finding import Finding
from contract_tests.observations.latency import BOUNDS
from contract_tests.observations.record import Observations
from contract_tests.observations.rules import RuleBook
from contract_tests.reporting.causes import grouped
from contract_tests.target.shards import Shard
from contract_tests.target.targets import Target
from scripts.lib.paths import ROOT

SCHEMA = ROOT / "contract_tests" / "report.schema.json"
FORMAT = 1
_LARGEST = 32 * 1024 * 1024
# Folders beside the suite, whose changes do not change what a run of it says.
_NOT_THE_SUITE = frozenset({"mock", "self_tests", "bench", "docs", "drift", "__pycache__"})

Report = dict[str, Any]


class BadReport(Exception):
    """A file that is no report; the message names it and says why."""


def report(
    target: Target,
    contract: Contract,
    observations: Observations,
    *,
    seed: int,
    seeds: int = 1,
    shard: Shard,
    whole: bool,
    selection: Sequence[str] = (),
    started_at: datetime,
    complaints: Iterable[str],
    deviations: Deviations,
    document: str | None = None,
    notes: Sequence[str] = (),
) -> Report:
    """Return the summary of a run. Its texts hold no key, no token and no phone of the tester.

    Args:
        document: the file of the document, where it is another than the vendored one.
        notes: where the document contradicts itself.
    """
    complaints = list(complaints)
    tree: Report = {
        "format": FORMAT,
        "verdict": "",
        "settings": {
            "target": target.name,
            "baseUrl": target.base_url,
            "control": target.control_url is not None,
            "controlUrl": target.control_url or "",
            "seed": seed,
            "seeds": seeds,
            "shards": [shard.number],
            "of": shard.of,
            "whole": whole,
            "selection": list(selection),
            "startedAt": started_at.astimezone(UTC).isoformat(timespec="seconds"),
            "version": importlib.metadata.version("novapost-client"),
        },
        "sources": sources(contract),
        "counts": {
            "cases": observations.cases,
            "seconds": round(max(observations.seconds, 0.0), 3),
            "tests": dict(sorted(observations.outcomes.items())),
            "operations": _operations(contract, observations),
        },
        "latency": {
            "bounds": list(BOUNDS),
            "operations": observations.latency.rows(tuple(o.label for o in contract.operations)),
        },
        "keywords": observations.coverage.rows() if observations.coverage else [],
        "rules": _rules(observations.rules, contract.knowledge.rules),
        "covered": dict(sorted(observations.covered.items())),
        "lacking": sorted(observations.lacking),
        "readings": dict(sorted(observations.readings.items())),
        "complaints": complaints,
        "findings": grouped(_finding(each, contract, observations) for each in observations.findings),
        "deviations": [
            {"deviation": str(each), "occurred": deviations.occurred[each]} for each in deviations.accepted
        ],
        "guest": _guest(target, observations),
    }
    if document is not None:
        tree["settings"]["document"] = document
        tree["notes"] = list(notes)
    tree["verdict"] = verdict(tree)
    masker = target.masker
    masker.learn(observations.secrets - set(contract.knowledge.secret_parameters.values()))
    masked: Report = masker.mask_all(tree)
    # Digests of files of ours are no secrets, and a key may have eight digits of one by chance.
    masked["sources"] = tree["sources"]
    return masked


def verdict(tree: Report) -> str:
    """Return the verdict of a summary, by its findings, complaints and rules."""
    if tree["findings"]:
        return "broken"
    tests = tree["counts"]["tests"]
    if not tree["counts"]["cases"] or not (tests.get("passed") or tests.get("failed")):
        return "nothing"
    if tree["complaints"]:
        return "unproven"
    if unproven(tree):
        return "partial"
    return "partial" if any(rule["leftOut"] for rule in tree["rules"]) else "holds"


def unproven(tree: Report) -> list[str]:
    """Return the documented statuses that did not come about, of a document without knowledge of its API."""
    if "document" not in tree["settings"]:
        return []
    rows = tree["counts"]["operations"]
    return [f"{row['operation']} {row['status']}" for row in rows if row["documented"] and not row["seen"]]


def sources(contract: Contract) -> dict[str, str]:
    """Return the SHA-256 of what a run rests on: the document, the rules, and the suite's own modules."""
    suite = hashlib.sha256()
    root, rules = ROOT / "contract_tests", contract.knowledge.rules_file
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if inside.parts[0] in _NOT_THE_SUITE:
            continue
        suite.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return {
        "document": hashlib.sha256(contract.file.read_bytes()).hexdigest(),
        "rules": hashlib.sha256(rules.read_bytes() if rules else b"").hexdigest(),
        "suite": suite.hexdigest(),
    }


def write(tree: Report, path: Path) -> None:
    """Write a report; readers see the old file or the new one.

    Raises:
        OSError: it cannot be written.
    """
    replace_text(path, json.dumps(tree, indent=2, ensure_ascii=True) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a file whole; readers see the old one or the new one.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def read(path: Path, schema: Path = SCHEMA) -> Report:
    """Return the report in a file, after a check against a schema.

    Raises:
        BadReport: it is none.
    """
    try:
        content = path.read_bytes()
        if len(content) > _LARGEST:
            raise BadReport(f"{path.name}: more than {_LARGEST // 1024 // 1024} MiB")
        tree: Report = json.loads(content)
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "not JSON"
        raise BadReport(f"{path.name}: {reason}") from error
    validator = jsonschema_rs.Draft202012Validator(json.loads(schema.read_bytes()), mask="the value")
    for fault in validator.iter_errors(tree):
        where = "/".join(map(str, fault.instance_path)) or "the whole"
        raise BadReport(f"{path.name}: {where}: {fault.message}")
    return tree


def require_all(shards: Sequence[int], of: int) -> None:
    """Refuse a campaign with a hole, or with a part that would count twice.

    Raises:
        BadReport: it names the shards.
    """
    if missing := sorted(set(range(1, of + 1)) - set(shards)):
        raise BadReport(f"missing are the shards {missing} of {of}")
    if twice := sorted(number for number, count in Counter(shards).items() if count > 1):
        raise BadReport(f"there twice are {twice}")


def _finding(finding: Finding, contract: Contract, observations: Observations) -> dict[str, Any]:
    operation = next((o for o in contract.operations if o.label == finding.operation), None)
    described = describe(finding.check, operation, contract, observations.intents.get(finding.key, ""))
    return {
        "operation": finding.operation,
        "promise": finding.check,
        "fault": fault_codes.of(finding.check, finding.message)._asdict(),
        "statement": described.statement,
        "written": list(described.written),
        "message": finding.message,
        "test": observations.tests.get(finding.key, ""),
        "request": finding.asked,
        "answer": finding.answered,
        "reproduce": finding.curl,
    }


def _operations(contract: Contract, observations: Observations) -> list[dict[str, Any]]:
    documented = {(operation.label, status) for operation, status in contract.documented}
    seen: dict[tuple[str, int | None], int] = dict.fromkeys(documented, 0)
    seen.update(observations.seen.items())
    seen |= {(label, None): count for label, count in observations.unanswered.items() if count}
    known = {label for label, _ in documented}
    strays: Counter[int | None] = Counter()
    rows = []
    for (label, status), count in sorted(seen.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
        if label not in known:
            # What a fuzzer made up for a path is of no use to a reader, and may be long.
            strays[status] += count
            continue
        rows.append(_row(label, status, (label, status) in documented, count))
    rows += [
        _row("other methods and paths", status, False, n) for status, n in sorted(strays.items(), key=str)
    ]
    return rows


def _row(label: str, status: int | None, documented: bool, seen: int) -> dict[str, Any]:
    return {"operation": label, "status": status, "documented": documented, "seen": seen}


def _rules(book: RuleBook, rules: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for rule, certainty in book.certainty.items():
        passed, failed, left_out = book.counts(rule)
        rows.append(
            {
                "rule": rule,
                "certainty": certainty,
                "passed": passed,
                "failed": failed,
                "leftOut": left_out,
                "state": book.state(rule),
                "statement": rules[rule]["statement"],
                "source": list(rules[rule]["source"]),
                "reading": rules[rule].get("reading", ""),
            }
        )
    return rows


def _guest(target: Target, observations: Observations) -> dict[str, Any] | None:
    if target.sandbox is None:
        return None
    return {
        "sent": target.sandbox.tally.sent,
        "budget": target.sandbox.manners.requests,
        "withheld": dict(sorted(target.sandbox.tally.withheld.items())),
        "unavailable": observations.unavailable,
    }
