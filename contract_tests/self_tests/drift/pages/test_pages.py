"""Does drift find what changed on a documentation page, and what two languages of it say otherwise?"""

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.self_tests.drift.pages import shop_pages
from contract_tests.self_tests.drift.pages.page_edits import EDITS, EN, UK, PageEdit
from scripts.drift import command
from scripts.drift.findings import LEVELS
from scripts.drift.pages.languages import language, steps
from scripts.drift.pages.rendered import read_rendered
from scripts.drift.run import Order, compared
from scripts.lib.paths import ROOT


def report_of(base: str, revision: str, folder: Path) -> dict[str, Any]:
    """Return the report about two pages."""
    paths = [folder / "old", folder / "new"]
    for path, text in zip(paths, (base, revision), strict=True):
        path.write_bytes(text.encode())
    return compared(Order(str(paths[0]), str(paths[1]), client=False))


@pytest.mark.parametrize("edit", [*EDITS, *shop_pages.EDITS], ids=lambda edit: edit.name)
def test_a_page_is_judged_as_it_is(edit: PageEdit, tmp_path: Path) -> None:
    """What the page says otherwise is found, and nothing is cried out that it does not say."""
    report = report_of(edit.base, edit.revision, tmp_path)

    told = [f"{one['level']} {one['rule']} {one['place']}: {one['text']}" for one in report["findings"]]
    worst = next((level for level in LEVELS if report["counts"][level]), "none")
    assert worst in edit.levels, told
    text = json.dumps(report, ensure_ascii=False)
    for mention in edit.mentions:
        assert mention in text, told
    assert sum(report["counts"][level] for level in LEVELS[:3]) <= edit.most, told


def test_a_page_of_somebody_else_is_compared_sentence_by_sentence(tmp_path: Path) -> None:
    """Not only the pages whose sentences our rules rest on."""
    described = {"get": {"responses": {"200": {"description": "ok"}}}}
    document = {"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {"/a": described}}
    block = f"```json\n{json.dumps(document)}\n```\n"
    page = f"# Shop\n\n## Limits\n\nAt most 10 calls a second.\n\n## About\n\nWe sell shoes.\n\n{block}"

    limits = report_of(page, page.replace("a second.", "a second. Bursts are tolerated."), tmp_path)
    about = report_of(page, page.replace("We sell shoes.", "We sell shoes. Blue ones."), tmp_path)

    assert [(one["level"], one["rule"]) for one in limits["findings"]] == [("behaviour", "prose")]
    assert [(one["level"], one["rule"]) for one in about["findings"]] == [("docs", "prose")]


def test_a_sentence_is_pointed_at_by_its_line(tmp_path: Path) -> None:
    """An annotation stands where the sentence stands."""
    revision = UK.replace("* назву", "* назву\n* Не більше 5 ключів.")

    report = report_of(UK, revision, tmp_path)

    finding = next(one for one in report["findings"] if "5 ключів" in one["text"])
    assert revision.splitlines()[finding["revision"]["line"] - 1] == "* Не більше 5 ключів."


def test_a_field_of_a_rendered_page_is_pointed_at_by_its_line(tmp_path: Path) -> None:
    """Its row is the place."""
    revision = EN.replace("apiKeystring", "apiKeyinteger")

    report = report_of(UK, revision, tmp_path)

    finding = next(one for one in report["findings"] if one["level"] == "breaking")
    assert revision.splitlines()[finding["revision"]["line"] - 1].startswith("apiKeyinteger")


def test_the_vendored_document_is_compared_with_a_rendered_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The English page is one that `make drift REVISION=...` takes."""
    path = tmp_path / "page.txt"
    path.write_text(EN.replace("expDatestring · date-timeRequired", "expDatestring · date-time"))

    code = command.main(["--revision", str(path), "--no-client", "--format", "json"])

    report = json.loads(capsys.readouterr().out)
    assert code == 1
    assert report["base"]["file"] == "openapi/upstream.json"
    assert (report["findings"][0]["rule"], report["findings"][0]["level"]) == (
        "response-required",
        "breaking",
    )


def test_a_rendered_page_is_read_for_what_it_shows() -> None:
    """Operation, fields with type and mark, formats, examples, statuses."""
    reading = read_rendered(EN)

    (operation,) = reading.operations
    assert (operation.name, operation.summary) == (
        "POST /test-api-keys",
        "Create or renew a test API key (Sandbox only)",
    )
    assert operation.body is not None
    assert [(one.name, one.kind, one.is_required, one.example) for one in operation.body.fields] == [
        ("phone", "string", True, "498213437654")
    ]
    (answer,) = operation.answers
    assert (answer.status, answer.description) == ("200", ["Test API key created or returned"])
    assert answer.body.media_type == "application/json"
    assert [(one.name, one.format, one.is_enum) for one in answer.body.fields] == [
        ("apiKey", None, False),
        ("createdAt", "date-time", False),
        ("expDate", "date-time", False),
        ("status", None, True),
    ]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (
            "pageinteger · min: 1 · max: 100OptionalDefault: 1",
            {"type": "integer", "minimum": 1, "maximum": 100, "default": "1"},
        ),
        ("tagsstring[]Required", {"type": "array", "items": {"type": "string"}}),
        (
            "statestring · enumRequiredExample: newPossible values: new, paid",
            {"type": "string", "enum": ["new", "paid"], "example": "new"},
        ),
        ("substringstring", {"type": "string"}),
        ("name string Required", {"type": "string"}),
        ("is_paidbooleanRequiredExample: true", {"type": "boolean", "example": True}),
    ],
)
def test_a_row_of_a_field_is_taken_apart(row: str, shown: dict[str, Any]) -> None:
    """The cells come without blanks between them."""
    page = f"Orders\n\npost\n/orders\n\nBody\n{row}\nResponses\n201\n\nMade\n"

    (operation,) = read_rendered(page).operations

    assert operation.body is not None
    (one,) = operation.body.fields
    assert one.schema() == shown


def test_values_may_stand_below_their_label() -> None:
    """Where the browser gives each of them a line."""
    page = "get\n/a\nResponses\n200\nok\nstatestring · enumPossible values:\nnew\npaid\n\nget\n/a\n\nMore\n"

    (operation,) = read_rendered(page).operations

    assert operation.answers[0].body.fields[0].values == ["new", "paid"]


@pytest.mark.parametrize(
    "text", ["", "Prose about string and Required.\n\npost\n\nnothing", "get\n/a\n\nput\n/b\n"]
)
def test_a_page_that_shows_no_operation_is_none(text: str) -> None:
    """A table of contents with methods and paths describes nothing."""
    assert read_rendered(text).operations == []


def test_a_page_with_neither_block_nor_operation_is_never_no_drift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and a line that says so."""
    (tmp_path / "page.txt").write_text("Nothing here.\n")

    assert command.main([str(tmp_path / "page.txt"), str(ROOT / "openapi" / "effective.json")]) == 2
    assert "holds no fenced OpenAPI block and shows no operation" in capsys.readouterr().err


def test_the_language_of_a_page_is_told_by_its_words() -> None:
    """Two languages are not compared sentence by sentence."""
    polish = (
        "Klucz jest ważny przez rok i nie można go użyć w produkcji. Należy go podać dla każdej przesyłki."
    )

    assert [language(text) for text in (UK, EN, polish, "200 404")] == ["uk", "en", "pl", ""]


def test_steps_are_counted_before_and_after_the_operation() -> None:
    """Steps within a step are parts of it."""
    assert [[len(side) for side in steps(page)] for page in (UK, EN)] == [[2, 5], [3, 5]]
