"""openapi/rules.toml and the tests speak of the same rules."""

import json
import re
import tomllib
from typing import Any

import pytest

from contract_tests.checks.document import Contract
from contract_tests.novapost.knowledge.checks import refusals
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.observations.rules import Counts, RuleBook
from contract_tests.self_tests.support.folders import PAGES
from contract_tests.target.exchange import Sent
from scripts.lib.paths import CONTRACT, ROOT

RULES: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "openapi" / "rules.toml").read_text())
LINES = {
    "uk": (PAGES / "api-key-page.uk.md").read_text().splitlines(),
    "en": (PAGES / "api-key-page.en.txt").read_text().splitlines(),
}


def marked() -> set[str]:
    """Return the ids that tests of the contract carry."""
    sources = (path.read_text() for folder in CONTRACT for path in folder.glob("test_*.py"))
    return {
        name
        for source in sources
        for mark in re.findall(r"pytest\.mark\.rule\(([^)]*)\)", source)
        for name in re.findall(r'"([^"]+)"', mark)
    }


def test_every_rule_has_a_test_and_every_test_a_rule() -> None:
    """A rule that nothing tries is a hope, and a misspelt id proves nothing."""
    assert marked() == set(RULES)


def book() -> RuleBook:
    """Three rules of which two are stated."""
    return RuleBook({"a": "stated", "b": "assumed", "c": "stated"})


def test_a_rule_is_proven_when_all_its_tests_passed() -> None:
    """What never had its turn is not, and what was skipped is half a proof."""
    rules = book()
    rules.ended(["a", "b"], "passed")
    rules.ended(["b"], "skipped")

    assert [rules.state(rule) for rule in "abc"] == ["proven", "partly", "unproven"]
    assert rules.counts("b") == Counts(passed=1, left_out=1)


def test_a_test_that_failed_without_a_finding_leaves_a_rule_half_proven() -> None:
    """Something else went wrong, and what the rest has shown is not the whole."""
    rules = book()
    rules.ended(["a"], "passed")
    rules.ended(["a"], "failed")

    assert rules.state("a") == "partly"


def test_a_contradiction_outweighs_every_proof() -> None:
    """And only rules can be contradicted: the names of other promises are passed over."""
    rules = book()
    rules.contradicted("a")
    rules.contradicted("body-fits-the-schema")
    rules.ended(["a", "body-fits-the-schema"], "passed")

    assert rules.state("a") == "contradicted"
    assert rules.state("body-fits-the-schema") == "proven"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_what_it_rests_on(name: str) -> None:
    """Each source is a line that the page has; a rule that is assumed says how it is read."""
    rule = RULES[name]

    assert rule["statement"].endswith(".")
    assert rule["certainty"] in ("stated", "assumed")
    assert ("reading" in rule) == (rule["certainty"] == "assumed")
    for source in rule["source"]:
        page = re.match(r"(uk|en):(\d+)", source)
        assert page or source.startswith("the page that uk:")
        if page:
            assert LINES[page[1]][int(page[2]) - 1].strip()


def expected(phone: str, label: str, contract: Contract) -> frozenset[int]:
    """Return the statuses that the rules leave open for a request with a phone."""
    method, path = label.split()
    operation = next(each for each in contract.operations if each.label == label)
    body = json.dumps({"phone": phone}).encode()
    sent = Sent(method, f"http://target{path}", path, {"content-type": "application/json"}, body)
    found = contract.knowledge.statuses[label](sent, operation, contract)
    assert found is not None
    return found.statuses


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if "refuses" in rule])
def test_a_rule_that_refuses_does_so_with_documented_statuses(name: str) -> None:
    """Of an operation of the document; and the checks of each answer leave them open."""
    rule = RULES[name]
    operation = next(each for each in contract().operations if each.label == rule["refuses"])
    phone = "380501234567" if "phones" in rule else "447700900123"
    open_ = expected(phone, rule["refuses"], contract())

    assert set(rule["status"]) <= set(operation.responses)
    assert open_ >= set(rule["status"])
    assert (200 in open_) == ("phones" not in rule)


def test_a_new_rule_needs_no_change_of_the_checks() -> None:
    """Neither if it depends on earlier calls nor if the phone alone decides. A success is no refusal."""
    label, phone = "POST /test-api-keys", "447700900123"
    before, _ = refusals(RULES, label, phone)
    rule = {"refuses": label, "status": [200, 451]}

    assert refusals({**RULES, "blocked": rule}, label, phone) == (before | {451}, False)
    assert refusals({**RULES, "blocked": rule}, "GET /clients/authorization", phone) == (frozenset(), False)
    blocked = {**RULES, "blocked": {**rule, "phones": "0123$"}}
    assert refusals(blocked, label, phone) == (frozenset({404, 451}), True)
    assert refusals(blocked, label, "447700900124") == (before, False)
