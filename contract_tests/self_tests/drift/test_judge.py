"""Does drift judge single edits, refactorings and combinations of them by what values are allowed?"""

import copy
import json
import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.self_tests.drift.samples.edits import CASES, Case
from scripts.drift.comparison import found
from scripts.drift.findings import LEVELS, Finding
from scripts.drift.judge.witness.validator import Engine
from scripts.drift.load.sources import Loaded
from scripts.lib.paths import ROOT

EFFECTIVE: dict[str, Any] = json.loads((ROOT / "openapi" / "effective.json").read_text())
# All edits but those that replace what another one needs: they can be made one after the other.
BY_NAME = {case.name: case for case in CASES}


def findings(old: dict[str, Any], new: dict[str, Any], engine: Engine | None = None) -> list[Finding]:
    """Return the findings of drift between two documents."""
    sides = [Loaded(name, document, None, b"") for name, document in (("old", old), ("new", new))]
    return found(sides[0], sides[1], engine or Engine())


@cache
def single(case: Case) -> tuple[Finding, ...]:
    """Return the findings of drift for one edit of the catalogue."""
    return tuple(findings(EFFECTIVE, case.applied(EFFECTIVE)))


def worst(judged: Sequence[Finding]) -> str:
    """Return the worst level, "equivalent" if there is no finding."""
    return min((one.level for one in judged), key=LEVELS.index, default="equivalent")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_single_edit_is_judged_as_it_is(case: Case) -> None:
    """Each of these is something that API teams do; the truth stands beside it."""
    judged = single(case)

    assert all(one.answer != "unknown" for one in judged)
    assert worst(judged) == case.truth, [f"{one.level} {one.rule} {one.place}: {one.text}" for one in judged]


def test_the_catalogue_is_worth_its_name() -> None:
    """Every kind of truth is there, and no name twice."""
    assert len(CASES) >= 70
    assert len(BY_NAME) == len(CASES)
    assert {case.truth for case in CASES} == {
        *("breaking", "behaviour", "client-api", "docs", "compatible", "equivalent")
    }
    assert all(case.applied(EFFECTIVE) != EFFECTIVE or case.name == "key-order" for case in CASES)


def test_breaking_schema_findings_carry_a_payload() -> None:
    """A finding that can be replayed needs no belief; nine in ten is the least."""
    schema = [
        one
        for case in CASES
        for one in single(case)
        if one.level == "breaking" and one.rule.startswith(("request-", "response-"))
    ]
    proven = [one for one in schema if one.payload is not None]

    assert len(schema) > 30
    assert len(proven) >= 0.9 * len(schema)


@pytest.mark.parametrize("case", [c for c in CASES if c.truth == "breaking"], ids=lambda case: case.name)
def test_what_breaks_one_way_is_compatible_the_other_way(case: Case) -> None:
    """judge(a, b) and judge(b, a) mirror: narrowed one way is widened the other way, at the same place."""
    there = single(case)
    back = findings(case.applied(EFFECTIVE), EFFECTIVE)
    turned = {"narrowed": "widened", "widened": "narrowed"}

    def schema(judged: Sequence[Finding]) -> set[tuple[str, str, str]]:
        of_schemas = [one for one in judged if one.rule.startswith(("request-", "response-"))]
        return {(one.rule, one.place, one.effect) for one in of_schemas if one.effect in turned}

    assert {(rule, place, turned[effect]) for rule, place, effect in schema(there)} == schema(back)


def test_a_document_against_itself_is_silent() -> None:
    """No drift means no word."""
    assert findings(EFFECTIVE, copy.deepcopy(EFFECTIVE)) == []


# Rewrites that keep the meaning


def reordered(value: Any, chance: random.Random) -> Any:
    """Every object with its keys in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: reordered(value[key], chance) for key in keys}
    return [reordered(child, chance) for child in value] if isinstance(value, list) else value


def schema_places(document: dict[str, Any]) -> list[tuple[Any, str]]:
    """Every place that holds a schema, as its parent and key."""
    places: list[tuple[Any, str]] = []
    level: list[tuple[Any, bool]] = [(document, False)]
    while level:
        node, is_map = level.pop()
        if isinstance(node, list):
            level += [(child, False) for child in node]
        if not isinstance(node, dict):
            continue
        for key, child in node.items():
            if key in ("example", "examples", "enum", "default", "required"):
                continue
            if (key in ("schema", "items", "additionalProperties") or is_map) and isinstance(child, dict):
                places.append((node, key))
            level.append(
                (child, key == "properties" or (node is document.get("components") and key == "schemas"))
            )
    return places


def wrapped(document: dict[str, Any], chance: random.Random) -> None:
    """Return a schema within an allOf of its own."""
    parent, key = chance.choice(schema_places(document))
    parent[key] = {"allOf": [parent[key]]}


def extracted(document: dict[str, Any], chance: random.Random) -> None:
    """Return a schema under a name of its own."""
    parent, key = chance.choice(schema_places(document))
    if parent is document["components"]["schemas"] or "$ref" in parent[key]:
        return
    name = f"Extracted{chance.randrange(10**9)}"
    document["components"]["schemas"][name] = parent[key]
    parent[key] = {"$ref": f"#/components/schemas/{name}"}


def inlined(document: dict[str, Any], chance: random.Random) -> None:
    """Return a reference replaced by what it names."""
    places = [
        (p, k) for p, k in schema_places(document) if str(p[k].get("$ref", "")).startswith("#/components")
    ]
    if places:
        parent, key = chance.choice(places)
        parent[key] = copy.deepcopy(document["components"]["schemas"][parent[key]["$ref"].rpartition("/")[2]])


def nullable(document: dict[str, Any], chance: random.Random) -> None:
    """Null as OpenAPI 3.0 says it, and as 3.1 does."""
    changed = document["openapi"].startswith("3.0")
    for parent, key in schema_places(document):
        schema = parent[key]
        if changed and schema.pop("nullable", False):
            schema["type"] = [schema["type"], "null"]
    if changed:
        document["openapi"] = "3.1.0"


def shuffled(document: dict[str, Any], chance: random.Random) -> None:
    """Return the order of keys."""
    document.update(reordered(document, chance))


REWRITES = (wrapped, extracted, inlined, nullable, shuffled)


def with_null() -> dict[str, Any]:
    """Return the document with something nullable in it, so that there is something to rewrite."""
    document = copy.deepcopy(EFFECTIVE)
    document["components"]["schemas"]["TestApiKeyResponse"]["properties"]["expDate"]["nullable"] = True
    return document


@given(steps=st.lists(st.sampled_from(REWRITES), min_size=1, max_size=8), seed=st.integers(0, 10**6))
def test_any_sequence_of_rewrites_is_silent(steps: list[Any], seed: int) -> None:
    """Reorder, inline, extract, wrap, 3.0 or 3.1: no allowed value changes, so nothing is said."""
    base = with_null()
    revision = copy.deepcopy(base)
    for number, step in enumerate(steps):
        step(revision, random.Random(seed + number))

    # A named schema that was taken out and put back is left over, which is told and hurts nobody.
    assert {one.rule for one in findings(base, revision)} <= {"unused-component"}


# Edits of other places, by the finding that each must leave in any company.
TOGETHER = [
    *(
        "phone-pattern-narrowed",
        "new-status-of-a-key",
        "expiry-may-be-missing",
        "api-key-parameter-shortened",
    ),
    *("errors-become-objects", "jwt-may-be-missing", "success-becomes-a-text", "all-servers-move"),
    *("new-required-header", "two-requests-a-day", "expiry-becomes-a-date", "error-values-become-lists"),
]


@given(names=st.lists(st.sampled_from(TOGETHER), min_size=2, max_size=6, unique=True))
def test_adding_an_edit_never_hides_another(names: list[str]) -> None:
    """Each finding of a single edit is there among those of several."""
    several = copy.deepcopy(EFFECTIVE)
    expected: set[str] = set()
    for name in names:
        BY_NAME[name].edit(several)
        alone = single(BY_NAME[name])
        expected |= {one.id for one in alone if one.level == "breaking"}
        if BY_NAME[name].truth == "behaviour":
            expected |= {one.id for one in alone if one.level == "behaviour"}

    assert expected <= {one.id for one in findings(EFFECTIVE, several)}
