"""Ukrainian and English, in every text."""

import json
import re
import tomllib

import pytest

from contract_tests.self_tests.mock.console.requests import FOLDER, get
from novapost_mock import Mock
from novapost_mock.console import texts
from novapost_mock.console.fault_page import OFFERED
from novapost_mock.console.rendering import PAGES
from scripts.lib.paths import ROOT


def test_both_languages_say_the_same_things() -> None:
    """The same texts, with the same places to fill in, and none of them in the wrong language."""
    english, ukrainian = (
        json.loads((FOLDER / "texts" / f"{each}.json").read_text()) for each in ("en", "uk")
    )

    assert english.keys() == ukrainian.keys()
    for name, text in english.items():
        assert re.findall(r"\{\w*\}", text) == re.findall(r"\{\w*\}", ukrainian[name]), name
        assert not re.search("[а-яіїєґ]", text, re.IGNORECASE), name
        assert re.search("[а-яіїєґ]", ukrainian[name], re.IGNORECASE) or name == "journal.har", name


def test_every_rule_and_every_fault_has_a_text() -> None:
    """The journal explains what decided, in both languages."""
    rules = tomllib.loads((ROOT / "openapi" / "rules.toml").read_text())
    other = ("body-readable", "path", "method", "prefer", "schema", "fault", "failure", "state")
    for language in ("uk", "en"):
        text = texts.texts_of(language)
        assert [name for name in (*rules, *other) if not text.has(f"rule.{name}")] == []
        assert [kind for kind in OFFERED if not text.has(f"kind.{kind}")] == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("uk", "uk"),
        ("uk-UA,uk;q=0.9,en-US;q=0.8,en;q=0.7", "uk"),
        ("en-US,en;q=0.9,uk;q=0.8", "en"),
        ("de,uk;q=0.3", "uk"),
        ("de, en;q=0.5, uk;q=0.6", "uk"),
        ("uk;q=0", "en"),
        ("*", "en"),
        ("uk;q=2,;;,=", "en"),
    ],
)
def test_the_browser_says_which_language(mock: Mock, accepted: str, language: str) -> None:
    """RFC 9110, 12.5.4; English where nothing is said."""
    page = get(mock, "", "", ("Accept-Language", accepted))

    assert f'<html lang="{language}">' in page.body.decode()


def test_the_switch_is_remembered(mock: Mock) -> None:
    """In a cookie that the address sets, and that goes before what the browser says."""
    page = get(mock, "keys", "lang=uk", ("Accept-Language", "en"))

    (cookie,) = page.header_values("set-cookie")
    assert '<html lang="uk">' in page.body.decode()
    assert "Path=/__mock__/" in cookie
    assert "SameSite=Strict" in cookie
    again = get(mock, "keys", "", ("Accept-Language", "en"), ("Cookie", f"a=b; {cookie.partition(';')[0]}"))
    assert '<html lang="uk">' in again.body.decode()
    for name in PAGES:
        place = "/__mock__/" if name == "key" else f"/__mock__/console/{name}"
        assert f'href="{place}?lang=en"' in get(mock, "" if name == "key" else name).body.decode()
