"""Does the preflight name what the generator gets wrong, and let pass what it gets right?"""

import copy
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.self_tests.generator.hostile.documents import BASE, changed, put
from contract_tests.self_tests.support.folders import DOCUMENTS
from scripts.document.operations import operations
from scripts.document.parse import parse
from scripts.document.prune import without
from scripts.document.tree import Tree
from scripts.lib.errors import Refusal, Refusals, printable, run
from scripts.normalize import plain, plain_with_notes
from scripts.postcheck.completeness import compare
from scripts.preflight import STAGES, examine, unread
from scripts.regenerate import main

BROAD = DOCUMENTS / "broad.yaml"


def broad() -> Any:
    """Return the honest broad document, read anew."""
    return parse(BROAD.read_bytes(), BROAD.name)


def found(document: Any) -> list[str]:
    """Return the notes of the preflight."""
    return [str(refusal) for refusal in examine(plain(document))]


def newer(value: Any) -> Any:
    """Return the same in the words of OpenAPI 3.1: a list of types for nullable."""
    if isinstance(value, list):
        return [newer(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: newer(item) for key, item in value.items() if key != "nullable"}
    if value.get("nullable") is True and isinstance(value.get("type"), str):
        result["type"] = [value["type"], "null"]
    return result


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the client of the broad document."""
    output = tmp_path_factory.mktemp("broad") / "carrier_client"
    assert main(["--spec", str(BROAD), "--output", str(output)]) == 0
    return output


# The honest document


def test_an_honest_document_passes() -> None:
    """A rule that names what is in order costs its reader an overlay for nothing."""
    assert found(broad()) == []
    assert found(BASE) == []


@pytest.mark.parametrize("place", ["example", "default", "x-code-samples"])
def test_data_may_look_like_a_reference(place: str) -> None:
    """What stands in an example, a default or an extension leads nowhere; what is called so does."""
    data = {"$ref": "samples/list.php"}
    parcel = "components>schemas>Parcel"
    told = [f"#/components/schemas/Parcel/properties/{place}: refers to 'samples/list.php'"]

    assert found(changed(**{f"{parcel}>{place}": [{"source": data}]})) == []
    of_a_property = found(changed(**{f"{parcel}>properties>{place}": data}))
    assert [reason.partition(";")[0] for reason in of_a_property] == told


def test_an_honest_document_of_3_1_passes() -> None:
    """OpenAPI 3.1 says null by a list of types; what is in order in 3.0 is so there."""
    assert found(newer(broad()) | {"openapi": "3.1.0"}) == []


def test_every_operation_of_the_broad_document_is_generated(package: Path) -> None:
    """Forty operations with files, forms, dates, unions and pages, each in a module of its own."""
    document = broad()

    assert len(list(operations(document))) == 40
    assert len([path for path in package.glob("api/*/*.py") if path.name != "__init__.py"]) == 40
    assert compare(document, package) == []


def test_the_broad_package_imports(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What parses need not import: a name can be missing, a default can fail."""
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
        importlib.import_module(name.removesuffix(".__init__"))


def test_the_broad_package_is_typed(package: Path) -> None:
    """The types of generated code are what its users have it for."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file", "", package.name],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_what_is_lost_after_generation_is_noticed(package: Path, tmp_path: Path) -> None:
    """The comparison needs no rule that foresaw the loss."""
    document = broad()
    document["paths"]["/parcels"]["get"]["parameters"].append(
        {"name": "lost", "in": "query", "schema": {"type": "string"}}
    )
    document["paths"]["/lost"] = {"get": {"operationId": "lost", "responses": {"200": {"description": "x"}}}}
    document["paths"]["/health"]["get"]["responses"]["418"] = {"description": "x"}
    document["components"]["schemas"]["Side"]["enum"].append("inside")
    document["components"]["schemas"]["Money"]["properties"]["lostToo"] = {"type": "string"}

    lines = "\n".join(map(str, compare(document, package)))

    assert "GET /parcels: lacks 'lost'" in lines
    assert "GET /lost: is not in the generated package" in lines
    assert "GET /health: lacks 418" in lines
    assert "'inside'" in lines
    assert "'lostToo'" in lines


# The document with defects

# A part of the line, where the defect is put, and what.
DEFECTS: dict[str, tuple[str, Any]] = {
    "does not begin with a slash": (
        "paths>https://evil.example/x",
        {"get": {"operationId": "y", "responses": {"200": {"description": "x"}}}},
    ),
    "is neither a status": ("paths>/health>get>responses>okay", {"description": "x"}),
    "is no media type": (
        "paths>/customers>post>requestBody>content",
        {"images": {"schema": {"$ref": "#/components/schemas/NewCustomer"}}},
    ),
    "refers to 'https://x.example/s.json'": (
        "components>schemas>Job>properties>owner",
        {"$ref": "https://x.example/s.json"},
    ),
    "which is not there": ("components>schemas>Job>properties>other", {"$ref": "#/components/schemas/Gone"}),
    "among those of another alphabet": ("components>schemas>Money>properties>\u0441ity", {"type": "string"}),
}
# What is cured, by a part of the note that says how.
CURED: dict[str, tuple[str, Any]] = {
    "shares its name with another": ("paths>/parcels/{parcelId}>get>operationId", "ListParcels"),
    "many servers take it for '/parcels'": (
        "paths>/parcels/",
        {"get": {"operationId": "x", "responses": {"200": {"description": "x"}}}},
    ),
    "an array without `items`": ("components>schemas>Job>properties>failures", {"type": "array"}),
    "'zip' is required and not described": ("components>schemas>Address>required", ["city", "zip"]),
    "is the attribute 'name_2'": ("components>schemas>Contact>properties>Name", {"type": "string"}),
    "ends in '*'": ("components>schemas>Money>properties>vat*", {"type": "number"}),
    "read as 100": ("components>schemas>Limits>properties>perDay>default", "100"),
    "'number' is not declared; taken for text": ("paths>/tracking/{number}>get>security", []),
    "become one class; this one is PARCEL2": ("components>schemas>PARCEL", {"type": "object"}),
    "does not check oneOf here": (
        "components>schemas>Derived",
        {"oneOf": [{"type": "string"}, {"type": "integer"}], "properties": {"a": {"type": "string"}}},
    ),
}


def defective() -> Any:
    """Return the broad document with one defect of each kind."""
    document = broad()
    for path, value in DEFECTS.values():
        put(document, path, copy.deepcopy(value))
    return document


def test_what_has_one_meaning_is_cured_and_told() -> None:
    """One document with all of it passes, and a note for each says what was decided."""
    document = broad()
    for path, value in CURED.values():
        put(document, path, copy.deepcopy(value))
    put(document, "paths>/copy", {"$ref": "#/paths/~1parcels"})
    del document["paths"]["/tracking/{number}"]["get"]["parameters"][0]

    cured, notes = plain_with_notes(document)

    assert examine(cured) == []
    lines = [str(note) for note in (*notes, *unread.notes(Tree(cured)))]
    assert [part for part in CURED if not any(part in line for line in lines)] == []
    assert "get" in cured["paths"]["/copy"]


def test_all_defects_are_named_at_once() -> None:
    """Whoever mends a document wants one list, and not one defect a run."""
    lines = found(defective())

    assert [part for part in DEFECTS if not any(part in line for line in lines)] == []
    assert all(line.startswith(("#/", "class ")) for line in lines)


def test_the_command_prints_one_line_for_each_defect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Place and reason, on stderr, and nothing where the package would be."""
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(defective()))

    assert run(lambda: main(["--spec", str(spec), "--output", str(tmp_path / "deep" / "package")])) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= len(DEFECTS)
    assert all(line.startswith(("error: #/", "note: #/")) for line in lines)
    assert [path.name for path in tmp_path.iterdir()] == ["spec.json"]


def test_every_rule_says_what_it_is_for() -> None:
    """The list of rules is read by people; each function's first line is its entry."""
    rules = [rule for stage in STAGES for rule in stage]

    assert len(rules) == len(set(rules))
    assert [rule for rule in rules if not (rule.__doc__ or "").strip()] == []


# Doing without an operation


def test_an_operation_can_be_done_without() -> None:
    """By method and path or by operationId; what only it needs goes with it."""
    bad = {"$ref": "#/components/schemas/Bad"}
    document = changed(**{
        "paths>/bad>get": {
            "operationId": "bad",
            "responses": {"200": {"description": "x", "content": {"application/json": {"schema": bad}}}},
        },
        "components>schemas>Bad": {"$ref": "#/components/schemas/Gone"},
    })  # fmt: skip

    assert any("which is not there" in line for line in found(document))
    for name in ("bad", "GET /bad"):
        rest, omitted = without(document, [name])
        assert omitted == ["GET /bad"]
        assert rest == BASE


def test_an_operation_that_is_not_there_cannot_be_done_without() -> None:
    """A name with a slip in it would leave the operation in, or the list stale."""
    with pytest.raises(Refusal, match="has no operation 'GET /nowhere'"):
        without(BASE, ["GET /nowhere"])


def test_not_all_operations_can_be_done_without() -> None:
    """A client without an operation is none."""
    with pytest.raises(Refusal, match="would leave no operation"):
        without(BASE, ["listParcels", "createParcel", "getParcel"])


def test_the_command_says_what_it_does_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the log of a build sees that something is missing, and what."""
    output = tmp_path / "package"

    assert main(["--spec", str(BROAD), "--output", str(output), "--allow-missing", "POST /prices"]) == 0
    assert "package: without POST /prices, as --allow-missing says" in capsys.readouterr().out
    assert not (output / "api" / "parcels" / "calculate_price.py").exists()


# Printing


def test_a_line_cannot_be_a_command() -> None:
    """CI systems take commands from what is printed."""
    lines = str(Refusals([Refusal("a\n::error::b", "##vso[task] ##[x] \u202e")])).splitlines()

    assert lines == ["a\\n::error::b: # #vso[task] # #[x] \\u202e"]
    assert len(printable("x" * 10_000)) < 1100
