"""The report as SARIF 2.1.0, for code scanning."""

import json
from typing import Any, TextIO

from scripts.drift.formats.words import verdict, where
from scripts.drift.policy.rules import catalogue
from scripts.lib.errors import printable

_LEVELS = {"breaking": "error", "unknown": "warning", "behaviour": "warning"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the log."""
    json.dump(log(report), stream, indent=2)
    stream.write("\n")


def log(report: dict[str, Any]) -> dict[str, Any]:
    """Return the SARIF log of a report."""
    rules = sorted({one["rule"] for one in report["findings"]})
    driver = {
        "name": "drift",
        "version": str(report["version"]),
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": report["exit_code"]}],
        "properties": {"verdict": verdict(report)},
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, one, rules.index(one["rule"])) for one in report["findings"]],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str) -> dict[str, Any]:
    rule = catalogue().get(name)
    if rule is None:
        return {"id": name, "shortDescription": {"text": name.replace("-", " ")}}
    text = f"{rule.means} {rule.levels} Example: {rule.example} To do: {rule.do}"
    return {"id": name, "shortDescription": {"text": rule.means}, "help": {"text": text}}


def _result(report: dict[str, Any], one: dict[str, Any], index: int) -> dict[str, Any]:
    name, line, column = where(report, one)
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(name)},
            "region": {"startLine": line, "startColumn": column},
        },
        "logicalLocations": [{"fullyQualifiedName": printable(one["place"])}],
    }
    result: dict[str, Any] = {
        "ruleId": one["rule"],
        "ruleIndex": index,
        "level": _LEVELS.get(one["level"], "note"),
        "message": {"text": printable(f"{one['place']}: {one['text']}")},
        "locations": [location],
        "partialFingerprints": {"drift/v1": one["id"]},
        "properties": {"level": one["level"], "effect": one["effect"], "payload": one["payload"]},
    }
    if one["accepted"]:
        reason = printable(one["accepted"]["reason"])
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _uri(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="/:.-_~")
