"""The table of `make defects` as a value: what became of each defect, and the tables of all shards in one."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from contract_tests.checks.document import Contract
from contract_tests.defects.campaign import Outcome
from contract_tests.reporting import report
from contract_tests.reporting.report import BadReport, Report
from contract_tests.target.shards import Shard


def table(
    outcomes: Sequence[Outcome], contract: Contract, seed: int | None, started_at: datetime, shard: Shard
) -> Report:
    """Return the outcome in the form of report.schema.json, without the times of starting processes."""
    return {
        "format": 1,
        "startedAt": started_at.isoformat(timespec="seconds"),
        "seed": seed,
        "shards": [shard.number],
        "of": shard.of,
        "sources": report.sources(contract),
        "defects": [
            {
                "defect": each.defect,
                "check": each.check,
                "test": each.test,
                "cases": each.cases,
                "seconds": round(max(each.seconds, 0.0), 3),
                "trouble": each.trouble,
            }
            for each in outcomes
        ],
    }


def joined(tables: Sequence[Report], order: Sequence[str]) -> Report:
    """Join the tables of all shards, in the order of the catalogue.

    Raises:
        BadReport: they do not belong together, a shard is missing or there twice, or a defect is.
    """
    first = tables[0]
    if any(each["sources"] != first["sources"] for each in tables):
        raise BadReport("the tables of defects rest on different documents, rules or suites")
    if len({each.get("of", 1) for each in tables}) > 1:
        raise BadReport("the tables of defects are of different campaigns: of differs")
    report.require_all([number for each in tables for number in each.get("shards", [1])], first.get("of", 1))
    rows = [row for each in tables for row in each["defects"]]
    twice = [name for name, count in Counter(row["defect"] for row in rows).items() if count > 1]
    if twice:
        raise BadReport(f"there twice is the defect {twice[0]}")
    place = {name: number for number, name in enumerate(order)}
    return first | {
        "shards": list(range(1, first.get("of", 1) + 1)),
        "startedAt": min(each["startedAt"] for each in tables),
        "seed": first["seed"] if len({each["seed"] for each in tables}) == 1 else None,
        "defects": sorted(rows, key=lambda row: (place.get(row["defect"], len(place)), row["defect"])),
    }
