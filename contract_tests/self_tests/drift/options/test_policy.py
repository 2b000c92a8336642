"""Do levels, deprecation, stability and accepted findings mean what the one who runs drift says?"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.self_tests.drift.elsewhere.repositories import SHOP, narrowed
from contract_tests.self_tests.drift.samples.edits import CASES
from contract_tests.self_tests.drift.test_judge import single
from scripts.drift import command
from scripts.drift.accepted import read_accepted
from scripts.drift.document.spec import Spec
from scripts.drift.facts import Fact
from scripts.drift.findings import Finding
from scripts.drift.judge.changes import TABLE
from scripts.drift.policy.life import life_findings, lowered
from scripts.drift.policy.policy import STABILITY, Deprecation, Policy
from scripts.drift.policy.reading import read_policy
from scripts.drift.policy.rules import catalogue, explained
from scripts.drift.project import client_api
from scripts.drift.run import Order, compared
from scripts.lib.errors import Refusal

TODAY = date(2026, 12, 1)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    """Two documents, the newer one narrower."""
    paths = tmp_path / "old.yaml", tmp_path / "new.yaml"
    for path, text in zip(paths, (SHOP, narrowed()), strict=True):
        path.write_text(text)
    return str(paths[0]), str(paths[1])


# Levels


@pytest.mark.parametrize(
    "text",
    [
        '[levels]\nrequest-maximum = "docs"',
        '[levels]\n"request-maximum narrowed" = "docs"',
        '[levels]\n"request-*" = "docs"',
        "# as other tools have it\nrequest-maximum docs\n",
        "request-maximum info",
    ],
)
def test_a_rule_has_the_level_of_the_file(text: str, pair: tuple[str, str], tmp_path: Path) -> None:
    """The finding keeps its id and says how it was judged."""
    levels = tmp_path / "levels"
    levels.write_text(text)

    report = compared(Order(*pair, policy=read_policy(levels)))

    (finding,) = report["findings"]
    assert (finding["level"], finding["details"]["judged"]) == (
        "compatible" if "info" in text else "docs",
        "breaking",
    )
    assert finding["id"] == compared(Order(*pair))["findings"][0]["id"]
    assert report["exit_code"] == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[levels]\nrequest-maximun = "docs"', "request-maximun is no rule; did you mean request-maximum?"),
        ('[levels]\nrequest-maximum = "quiet"', "quiet is no level; there are breaking"),
        ("[levels]\nrequest-maximum = 1", "1 is no level"),
        ('levels = "docs"', "levels must be a table"),
        ('[level]\nx = "docs"', r"\[level\] is no table of it"),
        ("[deprecation]\nstable = -1", r"\[deprecation\] stable must be a number of days"),
        ("[deprecation]\nalpha = 1", r"\[deprecation\] alpha: there are stable and beta"),
        ("one two three four", "neither TOML"),
    ],
)
def test_a_file_of_levels_is_read_strictly(text: str, reason: str, tmp_path: Path) -> None:
    """A misspelt rule would be judged as before, in silence."""
    path = tmp_path / "levels.toml"
    path.write_text(text)

    with pytest.raises(Refusal, match=reason):
        read_policy(path)


@pytest.mark.parametrize(("word", "code"), [("ERR", 1), ("WARN", 1), ("INFO", 1), ("breaking", 1)])
def test_levels_have_the_names_of_other_tools_too(word: str, code: int, pair: tuple[str, str]) -> None:
    """ERR, WARN and INFO."""
    assert command.main([*pair, "--fail-on", word]) == code


def test_a_level_that_is_none_is_wrong_use(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """One line, with those that there are."""
    assert command.main([*pair, "--fail-on=worst"]) == 2
    assert "'worst' is no level; there are breaking, unknown" in capsys.readouterr().err


# The life of an operation


def spec(**changes: Any) -> Spec:
    """Return the shop's document with other properties of GET /v1/orders; None takes one away."""
    document = yaml.safe_load(SHOP)
    operation = document["paths"]["/v1/orders"]["get"]
    for name, value in changes.items():
        key = {"sunset": "x-sunset", "stability": "x-stability-level"}.get(name, name)
        operation.pop(key, None)
        if value is not None:
            operation[key] = value
    return Spec(document)


@pytest.mark.parametrize(
    ("old", "new", "policy", "found"),
    [
        ({}, {}, None, []),
        ({}, {"sunset": "2027-01-01"}, None, [("sunset", "later", "docs")]),
        ({}, {"sunset": "2025-01-01"}, None, [("sunset", "earlier", "behaviour")]),
        ({}, {"sunset": None}, None, [("sunset", "removed", "behaviour")]),
        ({"sunset": None}, {}, None, [("sunset", "added", "behaviour")]),
        ({}, {"sunset": "soon"}, None, [("sunset", "invalid", "behaviour")]),
        ({}, {"sunset": "2026-01-01T00:00:00Z"}, None, []),
        (
            {"deprecated": None, "sunset": None},
            {"sunset": None},
            Deprecation(30, 30),
            [("sunset", "missing", "breaking")],
        ),
        (
            {"deprecated": None, "sunset": None},
            {"sunset": "2026-12-20"},
            Deprecation(9, 30),
            [("sunset", "too-early", "breaking")],
        ),
        (
            {"deprecated": None, "sunset": None},
            {"sunset": "2027-12-20"},
            Deprecation(9, 30),
            [("sunset", "added", "behaviour")],
        ),
        ({}, {"stability": "alpha"}, None, [("stability", "decreased", "behaviour")]),
        ({}, {"stability": None}, None, [("stability", "increased", "docs")]),
        ({}, {"stability": "golden"}, None, [("stability", "changed", "behaviour")]),
    ],
)
def test_sunset_and_stability_are_judged(
    old: dict[str, Any], new: dict[str, Any], policy: Deprecation | None, found: list[tuple[str, str, str]]
) -> None:
    """With a policy and without."""
    findings = list(life_findings(spec(**old), spec(**new), policy, TODAY))

    assert [(one.rule, one.effect, one.level) for one in findings] == found


REMOVED = Finding(
    "operation", "GET /v1/orders", "removed", "breaking", "is gone", base=("paths", "/v1/orders", "get")
)


@pytest.mark.parametrize(
    ("changes", "policy", "level", "text"),
    [
        ({}, None, "breaking", "after its sunset 2026-01-01"),
        ({}, Deprecation(), "compatible", "after its sunset 2026-01-01"),
        ({"sunset": "2027-06-01"}, Deprecation(), "breaking", "before its sunset 2027-06-01"),
        ({"sunset": None}, Deprecation(), "breaking", "without a sunset"),
        ({"deprecated": None}, Deprecation(), "breaking", "nobody had called it deprecated"),
    ],
)
def test_what_goes_after_its_sunset_may_go_by_the_policy(
    changes: dict[str, Any], policy: Deprecation | None, level: str, text: str
) -> None:
    """Without a policy it still breaks whoever calls it, and the text says when it was announced."""
    (finding,) = lowered([REMOVED], spec(**changes), policy, {}, TODAY)

    assert finding.level == level
    assert text in finding.text


def test_a_draft_breaks_nobody_if_the_policy_says_so() -> None:
    """Without it the text says that it is a draft, so that nobody has to look."""
    told = Finding(
        "status",
        "GET /v1/items answer 200",
        "removed",
        "breaking",
        "is gone",
        base=("paths", "/v1/items", "get"),
    )

    (shown,) = lowered([told], spec(), None, {}, TODAY)
    (milder,) = lowered([told], spec(), None, STABILITY, TODAY)

    assert (shown.level, shown.text) == ("breaking", "is gone (the operation is marked draft)")
    assert (milder.level, milder.details["judged"]) == ("docs", "breaking")


def test_a_schema_of_drafts_and_others_is_not_lowered() -> None:
    """Whoever calls the other one was promised that it is stable."""
    users = ["GET /v1/items answer 200 application/json", "GET /v1/orders answer 200 application/json"]
    shared = Finding(
        "response-enum",
        "schema State",
        "widened",
        "breaking",
        "text",
        base=("components", "schemas", "State"),
    )
    for used, level in ((users, "breaking"), (users[:1], "docs")):
        finding = Finding(**{**vars(shared), "details": {"used_by": used, "uses": len(used)}})
        assert lowered([finding], spec(), None, STABILITY, TODAY)[0].level == level


def test_the_options_count_more_than_the_file(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file has 0 days, the option asks for many."""
    old = tmp_path / "before.yaml"
    old.write_text(SHOP.replace('      deprecated: true\n      x-sunset: "2026-01-01"\n', ""))
    levels = tmp_path / "levels.toml"
    levels.write_text("[deprecation]\nbeta = 0\n")

    assert command.main([str(old), pair[0], f"--levels={levels}", "--fail-on=breaking"]) == 0
    assert (
        command.main(
            [str(old), pair[0], f"--levels={levels}", "--fail-on=breaking", "--deprecation-days-beta=90"]
        )
        == 1
    )
    assert "less than 90 days ahead" in capsys.readouterr().out
    assert command.main([*pair, "--deprecation-days-beta=soon"]) == 2


# Accepted findings of any two documents


def test_findings_of_any_two_documents_can_be_accepted(pair: tuple[str, str], tmp_path: Path) -> None:
    """With reason, owner and expiry; the entry is a finding itself once it accepts nothing, or is over."""
    (finding,) = compared(Order(*pair))["findings"]
    path = tmp_path / "accepted.toml"
    path.write_text(f'[{finding["id"]}]\nreason = "agreed"\nowner = "we"\nexpires = 2027-01-31\n')

    accepted = compared(Order(*pair, accepted=path, today=TODAY))
    stale = compared(Order(pair[0], pair[0], accepted=path, today=TODAY))
    over = compared(Order(*pair, accepted=path, today=date(2027, 2, 1)))

    assert (accepted["exit_code"], accepted["accepted"], accepted["verdict"]) == (0, 1, "none")
    assert [(one["rule"], one["place"]) for one in stale["findings"]] == [
        ("accepted-stale", f"{path} [{finding['id']}]")
    ]
    assert {one["rule"] for one in over["findings"]} == {"request-maximum", "accepted-expired"}


def test_a_name_of_the_client_can_be_accepted(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client is generated after the rest is told; its entries count like all others, and get stale."""
    named = [Fact("client", "client Order.id", more={"breaks": True, "text": "Order.id is gone"})]
    monkeypatch.setattr(client_api, "facts", lambda *_: iter(named))
    order = Order(*pair, client=True, today=TODAY)
    found = compared(order)["findings"]
    path = tmp_path / "accepted.toml"
    path.write_text(
        "".join(f'[{one["id"]}]\nreason = "agreed"\nowner = "we"\nexpires = 2027-01-31\n' for one in found)
    )

    accepted = compared(replace(order, accepted=path))
    named.clear()
    stale = compared(replace(order, accepted=path))

    assert "client-api" in {one["rule"] for one in found}
    assert (accepted["accepted"], accepted["verdict"]) == (len(found), "none")
    assert [one["rule"] for one in stale["findings"] if not one["accepted"]] == ["accepted-stale"]


def test_a_list_that_is_named_and_not_there_is_never_an_empty_one(tmp_path: Path) -> None:
    """A misspelt name would accept nothing, in silence."""
    with pytest.raises(Refusal, match="no such file"):
        read_accepted(tmp_path / "none.toml", must_exist=True)


# Explanations


def test_every_rule_is_explained() -> None:
    """Those of all edits and all kinds of facts; nothing is explained that is empty."""
    found = {finding.rule for case in CASES for finding in single(case)}

    assert found <= set(catalogue())
    for rule in catalogue().values():
        assert all(
            text.rstrip("'").endswith(".") for text in (rule.means, rule.levels, rule.example, rule.do)
        ), rule.name
    assert len(TABLE) > 30


def test_a_rule_is_explained_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Compares nothing and needs no document."""
    assert command.main(["--explain", "response-enum"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "response-enum"
    assert "to do" in out
    assert command.main(["--explain", "all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(catalogue())


def test_a_rule_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that are meant."""
    assert command.main(["--explain", "respons-enum"]) == 2
    assert "respons-enum is no rule; did you mean response-enum" in capsys.readouterr().err
    with pytest.raises(Refusal, match="--explain all lists them"):
        explained("zzzz")


def test_a_policy_that_says_nothing_changes_nothing() -> None:
    """The findings as they were judged."""
    assert Policy().levelled([REMOVED]) == [REMOVED]
    assert json.dumps(REMOVED.details) == "{}"
