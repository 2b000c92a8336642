"""The drawing of a key's life is the table's, and up to date."""

import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contract_tests.docs import key_life
from contract_tests.docs.key_life import DRAWING, PLACES, RULES, changes, draw, main, sentence
from novapost_mock.keys.lifecycle import LIFE, Action, Event, Situation, Transition

TABLE = tomllib.loads(RULES.read_text(encoding="utf-8"))


def test_the_committed_drawing_is_what_the_table_gives() -> None:
    """Otherwise: python -m contract_tests.docs.key_life."""
    assert DRAWING.read_text(encoding="utf-8") == draw(LIFE, TABLE)
    assert main(["--check"]) == 0


def test_a_drawing_that_is_out_of_date_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, with what to do; and drawing it again settles it."""
    monkeypatch.setattr(key_life, "DRAWING", tmp_path / "docs" / "key-life.svg")

    assert main(["--check"]) == 1
    said = capsys.readouterr().err
    assert said == "docs/key-life.svg is not what the table gives: python -m contract_tests.docs.key_life\n"
    assert main([]) == 0
    assert main(["--check"]) == 0


def test_every_row_that_changes_something_is_drawn_with_its_rule() -> None:
    """And none that does not."""
    root = ElementTree.fromstring(draw(LIFE, TABLE))  # noqa: S314 - our own drawing
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    rows = {row: to for row, to in LIFE.items() if changes(row, to)}

    assert len(rows) == len(list(root.iter("{http://www.w3.org/2000/svg}path"))) - 1  # the arrow's head
    for row, to in rows.items():
        assert any(text.startswith(row[1]) for text in texts)
        assert to.rule in texts
        assert sentence(row, to) in "".join(root.itertext())
    assert {*PLACES} == {*Situation} <= {*texts}


def test_a_row_more_is_an_arrow_more() -> None:
    """The drawing follows the table and not the other way round."""
    more = {
        **LIFE,
        (Situation.ABSENT, Event.CLEANUP): Transition(Action.NONE, Situation.CLEANED, "cleaned-new"),
    }

    assert draw(more, TABLE) != draw(LIFE, TABLE)
    assert "absent, cleanup: cleaned (cleaned-new)" in draw(more, TABLE)


def test_what_is_assumed_is_dashed() -> None:
    """A reader sees what nobody has confirmed."""
    stated = {name: {**rule, "certainty": "stated"} for name, rule in TABLE.items()}

    assert draw(LIFE, TABLE).count('"line assumed"') == 3
    assert draw(LIFE, stated).count('"line assumed"') == 0
