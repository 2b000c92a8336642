"""The page of known differences names every reading, and every setting is where it says."""

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from novapost_mock import Readings
from novapost_mock.keys import rules
from novapost_mock.keys.lifecycle import LIFE
from novapost_mock.keys.start import SETTINGS
from scripts.lib.paths import ROOT

PAGE = (ROOT / "contract_tests" / "mock" / "DIFFERENCES.md").read_text(encoding="utf-8")
TABLE = tomllib.loads((ROOT / "openapi" / "rules.toml").read_text(encoding="utf-8"))
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
ASSUMED = [name for name, rule in TABLE.items() if rule["certainty"] == "assumed"]
NAMES = [each.name for each in fields(Readings)]


@pytest.mark.parametrize("title", SECTIONS)
def test_each_difference_says_what_why_and_how_sure(title: str) -> None:
    """In this order, each once."""
    assert re.findall(r"^- \*\*(.+?)\*\*", SECTIONS[title], re.MULTILINE) == ["What.", "Why.", "How sure."]
    verdict = SECTIONS[title].rpartition("**How sure.** ")[2]
    assert re.match(r"(Stated|Shown|Assumed|Ours|The hour is stated)\b", verdict)


@pytest.mark.parametrize("rule", ASSUMED)
def test_each_assumed_rule_is_named(rule: str) -> None:
    """A reading that nobody can look up is a trap."""
    named = [title for title, text in SECTIONS.items() if f"`{rule}`" in text]

    assert named
    assert any("ssumed" in SECTIONS[title].rpartition("**How sure.**")[2] for title in named)


def test_it_names_no_rule_that_is_not_there() -> None:
    """Renaming a rule renames it here."""
    named = re.findall(r"rule\s+`([a-z-]+)`", PAGE)

    assert len(named) > len(ASSUMED)
    assert set(named) <= set(TABLE)


@pytest.fixture(scope="module")
def usage() -> str:
    """Return the output of `novapost-mock --help`."""
    command = [sys.executable, "-m", "novapost_mock", "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", NAMES)
def test_each_reading_is_a_setting_everywhere(name: str, usage: str) -> None:
    """On the page, of the command, and of the marker."""
    option = {"validity": "--validity-days"}.get(name, "--" + name.replace("_", "-"))

    assert re.search(rf"`{name}\b", PAGE)
    assert option in PAGE
    assert re.search(rf"{option}\b", usage)
    assert name in SETTINGS


def test_each_choice_of_a_reading_can_be_looked_up() -> None:
    """The one that is not the default is what a reader looks for."""
    hints = get_type_hints(Readings)
    others = {
        each.name: [value for value in get_args(hints[each.name]) if value != each.default]
        for each in fields(Readings)
        if isinstance(each.default, str) and get_args(hints[each.name])
    }

    assert others == {"daily_limit": ["strict"], "later_day": ["repeat"]}
    assert all(f'{name}="{value}"' in PAGE for name, values in others.items() for value in values)


def test_the_mock_names_rules_that_are_in_the_table() -> None:
    """The journal's rule is one that can be looked up."""
    refusals = {each.rule for each in vars(rules).values() if isinstance(each, rules.Rejection)}

    assert refusals <= set(TABLE)
    assert {row.rule for row in LIFE.values()} <= set(TABLE)
    listed = (*rules.KEY_RULES_OF_REQUEST, *rules.KEY_RULES_OF_CLIENT, *rules.JWT_RULES)
    for rule in listed:
        named = re.match(r"Rule ([a-z-]+)", rule.__doc__ or "")
        assert named
        assert named[1] in TABLE
