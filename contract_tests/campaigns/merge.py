"""Join the reports of all shards of one campaign into one report: `make merge`."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from junitparser import JUnitXml
from rich.console import Console

from contract_tests.defects import table as defect_table
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.observations.rules import Counts, state
from contract_tests.reporting import junit, results
from contract_tests.reporting.causes import grouped
from contract_tests.reporting.html.sections import SCHEMAS
from contract_tests.reporting.report import BadReport, Report, read, require_all, verdict, write
from contract_tests.reporting.terminal import print_report

_SAME = ("document", "target", "control", "seed", "seeds", "of", "version")


def joined(reports: Sequence[Report]) -> Report:
    """Join the summaries of all shards of a campaign into one.

    Raises:
        BadReport: they do not belong together, or one is missing or there twice.
    """
    first = reports[0]
    for name in _SAME:
        if len({str(each["settings"].get(name)) for each in reports}) > 1:
            raise BadReport(f"the summaries are of different campaigns: {name} differs")
    if any(each["sources"] != first["sources"] for each in reports):
        raise BadReport("the summaries rest on different documents, rules or suites")
    wanted = list(range(1, first["settings"]["of"] + 1))
    require_all([number for each in reports for number in each["settings"]["shards"]], len(wanted))
    whole = all(each["settings"]["whole"] for each in reports)
    tree: Report = {
        "format": first["format"],
        "verdict": "",
        "settings": first["settings"]
        | {
            "shards": wanted,
            "whole": whole,
            "startedAt": min(each["settings"]["startedAt"] for each in reports),
        },
        "sources": first["sources"],
        "counts": _counts([each["counts"] for each in reports]),
        "latency": _latency([each["latency"] for each in reports]),
        "keywords": _keywords([each["keywords"] for each in reports]),
        "rules": _rules([each["rules"] for each in reports]),
        "covered": _covered(reports),
        "lacking": sorted({call for each in reports for call in each.get("lacking", [])}),
        "readings": _readings(reports),
        "complaints": _once(line for each in reports for line in each["complaints"]),
        "findings": grouped(
            {
                (f["operation"], f["promise"], f["message"].partition(":")[0]): f
                for each in reports
                for f in each["findings"]
            }.values()
        ),
        "deviations": _deviations(reports),
        "guest": _guest([each["guest"] for each in reports]),
    }
    if whole:
        tree["complaints"] += [
            f"good news: {row['deviation']} occurred in no shard; take it off deviations.toml"
            for row in tree["deviations"]
            if not row["occurred"]
        ]
    if "notes" in first:
        tree["notes"] = first["notes"]
    if whole and first["settings"]["control"] and "document" not in first["settings"]:
        # A shard alone cannot ask for every status; all of them together can.
        tree["complaints"] += [
            f"{row['operation']} {row['status']} is documented and was never seen"
            for row in tree["counts"]["operations"]
            if row["documented"] and not row["seen"]
        ]
    tree["verdict"] = verdict(tree)
    return tree


def _once(lines: Any) -> list[str]:
    return list(dict.fromkeys(lines))


def _counts(counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    tests: Counter[str] = Counter()
    rows: dict[tuple[str, Any], dict[str, Any]] = {}
    for each in counts:
        tests.update(each["tests"])
        for row in each["operations"]:
            kept = rows.setdefault((row["operation"], row["status"]), row | {"seen": 0})
            kept["seen"] += row["seen"]
    return {
        "cases": sum(each["cases"] for each in counts),
        "seconds": max(each["seconds"] for each in counts),
        "tests": dict(sorted(tests.items())),
        "operations": list(rows.values()),
    }


def _latency(tables: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if any(table["bounds"] != tables[0]["bounds"] for table in tables):
        raise BadReport("the summaries count latency in different buckets")
    if any(len(row["counts"]) != len(table["bounds"]) + 1 for table in tables for row in table["operations"]):
        raise BadReport("a summary has not one count of latency for each bucket")
    rows: dict[str, dict[str, Any]] = {}
    for row in (row for table in tables for row in table["operations"]):
        kept = rows.setdefault(row["operation"], row | {"counts": [0] * len(row["counts"])})
        kept["counts"] = [one + other for one, other in zip(kept["counts"], row["counts"], strict=True)]
        kept["slowest"] = max(kept["slowest"], row["slowest"])
    return {"bounds": tables[0]["bounds"], "operations": list(rows.values())}


def _keywords(tables: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in (row for table in tables for row in table):
        key = (row["place"], row["pointer"], row["keyword"])
        kept = rows.setdefault(key, row | {"kept": 0, "broken": 0})
        kept["kept"] += row["kept"]
        kept["broken"] += row["broken"]
    return list(rows.values())


def _rules(tables: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for row in (row for table in tables for row in table):
        kept = rows.setdefault(row["rule"], row | {"passed": 0, "failed": 0, "leftOut": 0})
        for name in ("passed", "failed", "leftOut"):
            kept[name] += row[name]
        if row["state"] == "contradicted":
            kept["state"] = "contradicted"
    return [
        row
        | {
            "state": state(
                Counts(row["passed"], row["failed"], row["leftOut"]),
                contradicted=row["state"] == "contradicted",
            )
        }
        for row in rows.values()
    ]


def _covered(reports: Sequence[Report]) -> dict[str, int]:
    """Return the highest count of any shard: each counts what its own target remembered."""
    most: dict[str, int] = {}
    for each in reports:
        for name, count in each.get("covered", {}).items():
            most[name] = max(most.get(name, 0), count)
    return most


def _readings(reports: Sequence[Report]) -> dict[str, str]:
    """Return each reading once; where shards saw different readings, all of them."""
    seen: dict[str, list[str]] = {}
    for each in reports:
        for name, value in each["readings"].items():
            if value not in seen.setdefault(name, []):
                seen[name].append(value)
    return {name: "; and also: ".join(values) for name, values in sorted(seen.items())}


def _deviations(reports: Sequence[Report]) -> list[dict[str, Any]]:
    occurred: Counter[str] = Counter()
    for each in reports:
        for row in each["deviations"]:
            occurred[row["deviation"]] += row["occurred"]
    return [{"deviation": name, "occurred": count} for name, count in occurred.items()]


def _guest(guests: Sequence[dict[str, Any] | None]) -> dict[str, Any] | None:
    there = [each for each in guests if each is not None]
    if not there:
        return None
    withheld: Counter[str] = Counter()
    for each in there:
        withheld.update(each["withheld"])
    sums = {name: sum(each[name] for each in there) for name in ("sent", "budget", "unavailable")}
    return {**sums, "withheld": dict(sorted(withheld.items()))}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Returns:
        0 if the campaign found nothing, 1 if it did, 2 if the files cannot be joined.
    """
    parser = argparse.ArgumentParser(prog="make merge", allow_abbrev=False, description=__doc__)
    parser.add_argument(
        "reports", type=Path, nargs="*", help="the summaries of the shards (FOLDER/contract-*-of-*.json)"
    )
    parser.add_argument(
        "--defects", type=Path, nargs="*", help="the results of make defects (FOLDER/defects-*-of-*.json)"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("reports"), help="folder of the reports (reports)"
    )
    parser.add_argument(
        "--output", type=Path, default=None, help="file for the joined summary (FOLDER/contract.json)"
    )
    arguments = parser.parse_args(argv)
    given = bool(arguments.reports or arguments.defects)
    folder, output = arguments.folder, arguments.output or arguments.folder / "contract.json"
    paths = arguments.reports if given else sorted(folder.glob("contract-*-of-*.json"))
    tables = (arguments.defects or []) if given else sorted(folder.glob("defects-*-of-*.json"))
    try:
        if not paths and not tables:
            raise BadReport(f"there is no {folder}/contract-*-of-*.json to join")
        # Before anything is written: half a campaign joined is worse than none.
        tree = joined([read(path) for path in paths]) if paths else None
        tests = _tests(paths)
        defects = _defects(tables)
        if defects is not None:
            write(defects, output.with_name("defects.json"))
        if tests is not None:
            if tree is not None:
                junit.keep_first_failures(tests, tree)
            junit.write(tests, output.with_name("junit.xml"))
        if tree is not None:
            results.leave(tree, output)
    except (BadReport, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    codes = []
    if tree is not None:
        print_report(Console(highlight=False), tree)
        print(", ".join(f"{count} {outcome}" for outcome, count in tree["counts"]["tests"].items()))
        codes.append({"broken": 1, "unproven": 1, "nothing": 2}.get(tree["verdict"], 0))
    codes += [_print_defects(defects, len(tables))] if defects is not None else []
    return max(codes)


def _tests(paths: Sequence[Path]) -> JUnitXml | None:
    """Return the tests of the runs that wrote some summaries; None where no run wrote any."""
    files = [junit.beside(path) for path in paths]
    there = [path for path in files if path.exists()]
    missing = [path.name for path in files if path not in there]
    if there and missing:
        raise BadReport(f"missing is {missing[0]} beside its summary")
    return junit.joined(there) if there else None


def _defects(paths: Sequence[Path]) -> Report | None:
    if not paths:
        return None
    return defect_table.joined(
        [read(path, SCHEMAS["defects"]) for path in paths], [each.name for each in CATALOGUE]
    )


def _print_defects(tree: Report, shards: int) -> int:
    rows = tree["defects"]
    missed = [row for row in rows if row["check"] is None]
    print(f"defects.json: {len(rows) - len(missed)} of {len(rows)} defects caught in {shards} shards")
    for row in missed:
        print(f"missed: {row['defect']} {row['trouble']}".rstrip())
    if any(row["trouble"] for row in missed):
        return 2
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
