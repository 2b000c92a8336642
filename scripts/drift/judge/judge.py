"""All findings about two documents."""

from collections.abc import Iterable

from scripts.drift.document.spec import Spec
from scripts.drift.facts import Fact
from scripts.drift.findings import LEVELS, Finding, in_order
from scripts.drift.judge.changes import SILENT, TABLE
from scripts.drift.judge.schema_changes import SchemaJudge
from scripts.drift.judge.witness.validator import Engine


def judge(base: Spec, revision: Spec, facts: Iterable[Fact], engine: Engine) -> list[Finding]:
    """Return what the facts mean, the worst first; one finding for each id."""
    known_facts = list(facts)
    schemas = [fact for fact in known_facts if fact.kind == "schema"]
    others = [finding for fact in known_facts if fact.kind in TABLE for finding in TABLE[fact.kind](fact)]
    judge_of_schemas = SchemaJudge(base, revision, engine)
    of_schemas = judge_of_schemas.findings(schemas)
    spoken = judge_of_schemas.spoken
    others += [
        finding
        for fact in known_facts
        if fact.kind in SILENT and spoken.isdisjoint(fact.more["ids"])
        for finding in SILENT[fact.kind](fact)
    ]
    shown = judge_of_schemas.examples([fact for fact in known_facts if fact.kind == "example-check"])
    found: dict[str, Finding] = {}
    for finding in [*of_schemas, *others, *shown]:
        known = found.get(finding.id)
        if known is None or LEVELS.index(finding.level) < LEVELS.index(known.level):
            found[finding.id] = finding
    return in_order(found.values())
