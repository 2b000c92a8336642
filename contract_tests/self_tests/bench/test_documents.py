"""The documents that `make bench` makes up: what is measured on a document that is none says nothing."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from contract_tests.bench.sections.parsing import answer
from contract_tests.bench.tools.documents import document, edited
from scripts import regenerate

SIZES = (1, 4, 10, 100, 1000)


@pytest.mark.parametrize("count", SIZES)
def test_a_document_has_so_many_operations(count: int) -> None:
    """Each with a name of its own, and nothing refers to what is not there."""
    made = document(count)
    names = [one["operationId"] for path in made["paths"].values() for one in path.values()]
    text = json.dumps(made)

    assert len(names) == len(set(names)) == count
    for name in made["components"]["schemas"]:
        assert name.isalnum()
    referred = {part.partition('"')[0] for part in text.split('"$ref": "#/components/')[1:]}
    assert referred <= {f"{kind}/{name}" for kind, named in made["components"].items() for name in named}


def test_a_seed_gives_one_document() -> None:
    """And another one, another."""
    assert json.dumps(document(50, 7)) == json.dumps(document(50, 7))
    assert document(50, 7)["components"] != document(50, 8)["components"]


@pytest.mark.parametrize("count", [0, 2001])
def test_what_has_no_names_is_refused(count: int) -> None:
    """Rather than made with names that come twice."""
    with pytest.raises(ValueError, match="between 1 and 2000"):
        document(count)


@pytest.mark.parametrize("count", [1, 4, 30])
@pytest.mark.parametrize("circles", [True, False])
def test_a_document_is_valid(count: int, circles: bool) -> None:
    """So says the suite's own reader of documents, and every schema is one."""
    for made in (document(count, circles=circles), edited(document(count, circles=circles))):
        schemathesis.openapi.from_dict(made).validate()
        for name, schema in made["components"]["schemas"].items():
            jsonschema_rs.Draft4Validator({**schema, "components": made["components"]}), name


def test_circles_can_be_left_out() -> None:
    """For differs that unfold what refers to itself."""

    def goes_round(made: dict[str, Any]) -> bool:
        schemas = made["components"]["schemas"]
        uses = {
            name: {part.partition('"')[0] for part in json.dumps(schema).split("/schemas/")[1:]}
            for name, schema in schemas.items()
        }
        while leaves := [name for name, used in uses.items() if not used & set(uses)]:
            for name in leaves:
                del uses[name]
        return bool(uses)

    assert goes_round(document(100))
    assert not goes_round(document(100, circles=False))


def test_a_large_answer_fits_its_schema() -> None:
    """What the clients read is what the document promises."""
    made = document(5, circles=False)
    schema = {"$ref": "#/components/schemas/ShipmentPage", "components": made["components"]}
    schema["components"]["schemas"]["ShipmentPage"]["properties"]["next"]["type"] = ["string", "null"]

    page = answer(made, 3)

    jsonschema_rs.Draft7Validator(schema, validate_formats=True).validate(page)
    assert len(page["items"]) == 3


def test_a_release_changes_the_document() -> None:
    """And is the same for a seed; what it was made from stays."""
    old = document(50)
    before = json.dumps(old)

    assert json.dumps(edited(old)) == json.dumps(edited(old)) != before
    assert json.dumps(old) == before


def test_a_client_comes_of_it(tmp_path: Path) -> None:
    """As of any other document, with nothing left out."""
    (tmp_path / "made.json").write_text(json.dumps(document(6)))
    arguments = ["--spec", str(tmp_path / "made.json"), "--output", str(tmp_path / "made")]

    assert regenerate.main([*arguments, "--seconds", "300"]) == 0

    assert (tmp_path / "made" / "_provenance.py").is_file()
