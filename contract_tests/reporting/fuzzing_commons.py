"""A run in the report format of Web Fuzzing Commons, which other fuzzers and its viewer read.

Two facts of its schema (WebFuzzing/Commons, commit 6add87f) shape the code here. A finding names its
operation as `operationId`, though the schema requires `endpointId`: both are written. The schema admits the
codes 100 to 104, 200 to 206 and 900 to 999, though the catalogue goes on to 210: those four become 907 to
910, and the context names the code of the catalogue.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract_tests.reporting import labels
from contract_tests.reporting.report import Report, replace_text

_VERSION = "0.6.0"
_ADMITTED = (range(100, 105), range(200, 207), range(900, 1000))
_TESTS = "contract_tests"


def beside(summary: Path) -> Path:
    """Return the file that a run writes beside its summary."""
    return summary.with_name(summary.name.replace("contract", "fuzzing-commons", 1))


def write(tree: Report, path: Path) -> None:
    """Write the report; readers see the old file or the new one.

    Raises:
        OSError: it cannot be written.
    """
    replace_text(path, json.dumps(converted(tree), indent=2, ensure_ascii=True) + "\n")


def converted(tree: Report) -> dict[str, Any]:
    """Return the report of a summary."""
    counts, settings = tree["counts"], tree["settings"]
    found = _found(tree)
    distinct = {(c["code"], c["context"]) for each in found for c in each["faultCategories"]}
    tests = list(dict.fromkeys(each["testCaseId"] for each in found))
    operations = list(dict.fromkeys(row["operation"] for row in counts["operations"] if _known(row, tree)))
    return {
        "schemaVersion": _VERSION,
        "toolName": "novapost-client contract suite",
        "toolVersion": settings["version"],
        "creationTime": settings["startedAt"],
        "faults": {
            "totalNumber": len(distinct),
            "foundFaults": found,
        },
        "problemDetails": {
            "rest": {
                "outputHttpCalls": sum(each["reproduce"].count("\n") + 1 for each in tree["findings"]),
                "evaluatedHttpCalls": counts["cases"],
                "endpointIds": [_operation(label) for label in operations],
                "coveredHttpStatus": [
                    {
                        "endpointId": _operation(label),
                        "testCaseId": _TESTS,
                        "httpStatus": _statuses(label, tree),
                    }
                    for label in operations
                ],
            }
        },
        "totalTests": sum(counts["tests"].values()),
        "testFilePaths": list(dict.fromkeys(_file(test) for test in tests)),
        "testCases": [
            {"id": test, "filePath": _file(test), "name": test.rpartition("::")[2]} for test in tests
        ],
        "executionTimeInSeconds": round(counts["seconds"]),
        "extra": [
            {
                "toolName": "novapost-client contract suite",
                "criteria": [_keywords(tree), _documented(tree)],
            }
        ],
        "warnings": [
            {"message": labels.plain(line), "category": "not proven", "displayPriority": 1}
            for line in tree["complaints"]
        ],
    }


def _found(tree: Report) -> list[dict[str, Any]]:
    """Return the faults by operation and test."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for finding in tree["findings"]:
        key = _operation(finding["operation"]), finding["test"] or _TESTS
        category = _category(finding)
        kept = rows.setdefault(key, [])
        if category not in kept:
            kept.append(category)
    return [
        {"operationId": operation, "endpointId": operation, "testCaseId": test, "faultCategories": categories}
        for (operation, test), categories in rows.items()
    ]


def _category(finding: Mapping[str, Any]) -> dict[str, Any]:
    code: int = finding["fault"]["code"]
    context = f"{finding['promise']}: {finding['message'].partition(':')[0]}"
    if not any(code in codes for codes in _ADMITTED):
        return {"code": 700 + code, "context": f"{code} {finding['fault']['name']}: {context}"}
    return {"code": code, "context": context}


def _operation(label: str) -> str:
    method, _, path = label.partition(" ")
    return f"{method}:{path}"


def _file(test: str) -> str:
    return test.partition("::")[0]


def _known(row: Mapping[str, Any], tree: Report) -> bool:
    rows = tree["counts"]["operations"]
    return any(each["documented"] for each in rows if each["operation"] == row["operation"])


def _statuses(label: str, tree: Report) -> list[int]:
    rows = tree["counts"]["operations"]
    return [row["status"] for row in rows if row["operation"] == label and row["status"] and row["seen"]]


def _keywords(tree: Report) -> dict[str, Any]:
    places = labels.places(tree)
    total = sum(len(place.rows) for place in places)
    return {"name": "keywords of schemas", "covered": sum(place.tried for place in places), "total": total}


def _documented(tree: Report) -> dict[str, Any]:
    rows = [row for row in tree["counts"]["operations"] if row["documented"]]
    return {
        "name": "documented statuses",
        "covered": sum(bool(row["seen"]) for row in rows),
        "total": len(rows),
    }
