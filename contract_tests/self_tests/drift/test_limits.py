"""Is it said where a limit ended a comparison? What was not looked at is never "no drift"."""

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.self_tests.drift.samples.schema_pairs import Document, asked
from contract_tests.self_tests.drift.samples.unheard_pairs import TEXT, WHOLE, operation, thing
from contract_tests.self_tests.drift.test_judge import findings
from scripts.drift.command import main
from scripts.drift.compare.schemas import walk
from scripts.drift.judge import schema_changes
from scripts.drift.judge.schemas import containment, overlaps
from scripts.drift.pages import rendered


def alternatives(number: int, **more: Any) -> Document:
    """Return a request of one of several objects that tell themselves apart by a property of their own."""
    return asked({"oneOf": [thing(f"p{i}", **{f"p{i}": TEXT}, **more) for i in range(number)]})


def run(folder: Path, base: Any, revision: Any, *options: str) -> int:
    """Return the exit code of the command for two documents."""
    paths = [folder / "old.json", folder / "new.json"]
    for path, document in zip(paths, (base, revision), strict=True):
        path.write_text(json.dumps(document))
    return main([*map(str, paths), *options])


def mixed(number: int) -> tuple[Document, Document]:
    """Return a pair whose alternatives all change, in what the library must be asked about."""
    olds = [thing(f"p{i}", **{f"p{i}": {**TEXT, "maxLength": 9}}) for i in range(number)]
    news = [thing(f"p{i}", **{f"p{i}": {**TEXT, "maxLength": 8}}) for i in range(number)]
    return asked({"oneOf": olds}), asked({"oneOf": news})


def test_pairs_of_alternatives_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value may fit two of those that were not looked at."""
    monkeypatch.setattr(overlaps, "MAX_ASKED", 3)

    told = [one for one in findings(*mixed(6)) if one.details.get("incomplete")]

    assert [(one.level, one.rule) for one in told] == [("unknown", "request-one-of")]


def test_a_union_of_very_many_alternatives_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of pairs grows with the square of that of alternatives."""
    monkeypatch.setattr(overlaps, "MAX_PAIRS", 3)

    told = [one for one in findings(*mixed(4)) if one.details.get("incomplete")]

    assert {one.level for one in told} == {"unknown"}


def test_what_was_not_looked_at_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing fails the run by its level, and yet it could not compare all."""
    monkeypatch.setattr(walk, "MAX_SCHEMAS", 0)
    pair = asked(thing(a=TEXT, b=TEXT)), asked(thing(a={**TEXT, "title": "A"}, b={**TEXT, "title": "B"}))

    assert run(tmp_path, *pair) == 1
    capsys.readouterr()
    assert run(tmp_path, *pair, "--fail-on", "breaking", "--format", "json") == 2

    out, err = capsys.readouterr()
    assert json.loads(out)["exit_code"] == 2
    assert err.startswith("error: ")
    assert "could not compare: " in err
    assert "pairs of schemas" in err


def test_a_limit_of_the_judge_is_told_whoever_is_hurt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind it may be what an old client misses."""
    monkeypatch.setattr(containment, "MAX_SURVEYED", 1)
    pair = asked(thing(a=thing(b=TEXT))), asked(thing(a=thing(b=WHOLE)))

    told = [one for one in findings(*pair) if one.details.get("incomplete")]

    assert {(one.level, one.rule) for one in told} == {("unknown", "request-schema")}
    assert {one.effect for one in told} == {"narrowed", "widened"}


def test_examples_that_were_not_checked_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An example may be wrong now."""
    monkeypatch.setattr(schema_changes, "MAX_EXAMPLES", 1)
    olds = [{"name": f"q{i}", "in": "query", "schema": TEXT, "example": "a"} for i in range(3)]
    pair = operation(parameters=olds), operation(parameters=[{**one, "example": "b"} for one in olds])

    assert ("example", "unchecked") in {(one.rule, one.effect) for one in findings(*pair)}


@pytest.mark.parametrize(("limit", "value"), [("MAX_LINES", 3), ("MAX_OPERATIONS", 0)])
def test_a_page_that_is_too_long_is_not_read_in_part(
    limit: str,
    value: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What stands behind the limit may have changed."""
    monkeypatch.setattr(rendered, limit, value)
    page = tmp_path / "page.txt"
    page.write_text("Docs\n\nGET /a\n\nResponses\n200\nDone\n")

    assert main([str(page), str(page)]) == 2
    assert "divide it" in capsys.readouterr().err


def test_a_long_chain_of_references_is_followed_to_its_end() -> None:
    """However long it is; a circle ends by itself."""

    def chained(schema: Any) -> Document:
        answers: Document = {f"A{i}": {"$ref": f"#/components/responses/A{i + 1}"} for i in range(99)}
        answers["A99"] = {"description": "d", "content": {"application/json": {"schema": schema}}}
        first = {"200": {"$ref": "#/components/responses/A0"}}
        return {**operation(responses=first), "components": {"responses": answers}}

    assert findings(chained(TEXT), chained(WHOLE))[0].level == "breaking"


def test_parts_of_another_kind_are_noted_though_nothing_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody can judge them, and whoever wrote them should know."""
    whole = operation(parameters={"a": 1})
    whole["paths"]["/parcels"] |= {"get": "x", "parameters": ["y"]}
    whole["paths"]["/odd"] = 5

    assert run(tmp_path, whole, whole, "--format", "json") == 0

    notes = json.loads(capsys.readouterr().out)["base"]["notes"]
    assert notes == [
        "/paths/~1parcels/get is not an object and is not judged",
        "/paths/~1parcels/parameters/0 is not an object and is not judged",
        "/paths/~1parcels/post/parameters is not a list and is not judged",
        "/paths/~1odd is not an object and is not judged",
    ]
