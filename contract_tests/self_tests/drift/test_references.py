"""Is a document in several files compared whole, and named as the reason where it cannot be?"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.drift.command import main

API = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets: {$ref: paths/pets.yaml}
"""
PETS = """\
get:
  responses:
    "200":
      description: All of them.
      content: {application/json: {schema: {$ref: ../schemas/pet.yaml}}}
"""
PET = """\
type: object
required: [name]
properties:
  name: {type: string}
  owner: {$ref: 'people.yaml#/Owner'}
"""
PEOPLE = """\
Owner:
  type: object
  properties:
    pets: {type: array, items: {$ref: pet.yaml}}
    age: {type: integer}
Spare: {type: string}
"""
FILES = {"api.yaml": API, "paths/pets.yaml": PETS, "schemas/pet.yaml": PET, "schemas/people.yaml": PEOPLE}

Compare = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Compare:
    """Compare the files above with the same ones after some edits of a file."""

    def run(file: str = "", old: str = "", new: str = "") -> tuple[int, dict[str, Any], str]:
        for side in ("old", "new"):
            for name, text in FILES.items():
                path = tmp_path / side / name
                path.parent.mkdir(parents=True, exist_ok=True)
                assert not (name == file and old not in text), old
                path.write_text(text.replace(old, new) if (side, name) == ("new", file) else text)
        code = main([str(tmp_path / "old/api.yaml"), str(tmp_path / "new/api.yaml"), "--format", "json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else {}, err

    return run


def test_the_same_files_are_no_drift(compare: Compare) -> None:
    """Files that refer to each other in a circle are read once."""
    code, report, _ = compare()

    assert (code, report["verdict"]) == (0, "none")


@pytest.mark.parametrize(
    ("file", "old", "new", "verdict"),
    [
        ("schemas/pet.yaml", "name: {type: string}", "name: {type: integer}", "breaking"),
        ("schemas/people.yaml", "age: {type: integer}", "age: {type: number}", "breaking"),
        ("schemas/people.yaml", "age: {type: integer}", "age: {type: integer, x-a: 1}", "unknown"),
        ("schemas/people.yaml", "Spare: {type: string}", "Spare: {type: integer}", "compatible"),
        ("paths/pets.yaml", "All of them.", "All.", "compatible"),
        ("paths/pets.yaml", "get:", "put:", "breaking"),
        ("paths/pets.yaml", '"200"', '"201"', "breaking"),
        ("schemas/people.yaml", "Spare: {type: string}", "# nothing\nSpare: {type: string}", "none"),
        ("schemas/pet.yaml", "required: [name]", "required: [name, owner]", "compatible"),
        ("schemas/pet.yaml", "required: [name]\n", "", "breaking"),
    ],
)
def test_a_change_in_a_file_beside_is_found(
    compare: Compare, file: str, old: str, new: str, verdict: str
) -> None:
    """Nothing that is read is passed over."""
    assert compare(file, old, new)[1]["verdict"] == verdict


def test_a_finding_names_the_file_and_the_line(compare: Compare) -> None:
    """So that annotations stand where the change was made."""
    _, report, _ = compare("schemas/people.yaml", "age: {type: integer}", "age: {type: string}")

    place = report["findings"][0]["revision"]
    assert (Path(place["file"]).name, place["line"]) == ("people.yaml", 5)
    assert place["pointer"] == "/.~1schemas~1people.yaml/Owner/properties/age"


def test_a_schema_that_moves_into_a_file_is_no_drift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a schema stands changes no message."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "x-a": 1}}}
    for name, stated in (("old", schema), ("new", {"$ref": "all.json#/a~1b/Thing"})):
        content = {"application/json": {"schema": stated}}
        operation = {"responses": {"200": {"description": "d", "content": content}}}
        whole = {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": operation}}}
        (tmp_path / f"{name}.json").write_text(json.dumps(whole))
    (tmp_path / "all.json").write_text(json.dumps({"a/b": {"Thing": schema}}))

    assert main([str(tmp_path / "old.json"), str(tmp_path / "new.json")]) == 0
    assert capsys.readouterr().out.startswith("No drift.")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("gone.yaml", "schemas/people.yaml: could not compare: refers to schemas/gone.yaml: no such file"),
        ("pet.yaml#/Nothing", "refers to schemas/pet.yaml#/Nothing, which is not there"),
        ("pet.yaml#nothing", "refers to pet.yaml#nothing, and no anchor of that name is there"),
        ("../../old/schemas/pet.yaml", "lies outside the folder of the document and is not read"),
        ("/etc/passwd", "lies outside the folder of the document and is not read"),
        ("file:///etc/passwd", "file:///etc/passwd, which is not read; bring it into the folder"),
        ("https://a.b/pet.yaml", "https://a.b/pet.yaml, which is not read; bring it into the folder"),
    ],
)
def test_what_cannot_be_read_is_named(compare: Compare, new: str, said: str) -> None:
    """What was not read was not compared, which is never "no drift"."""
    code, _, err = compare("schemas/people.yaml", "pet.yaml", new)

    assert code == 2
    assert said in err


def test_a_link_to_outside_is_not_followed(compare: Compare, tmp_path: Path) -> None:
    """A name inside of the folder may be a link that leads out of it."""
    compare()
    (tmp_path / "secret.yaml").write_text("type: string\n")
    for side in ("old", "new"):
        (tmp_path / side / "schemas/link.yaml").symlink_to(tmp_path / "secret.yaml")

    code, _, err = compare("schemas/people.yaml", "pet.yaml", "link.yaml")

    assert code == 2
    assert "schemas/link.yaml" in err


def test_files_of_a_git_revision_are_read_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files beside are those of the revision, and not those of the working tree."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True)
    (tmp_path / "schemas/pet.yaml").write_text(PET.replace("required: [name]", "required: []"))
    monkeypatch.chdir(tmp_path)

    assert main(["HEAD:api.yaml", "HEAD:api.yaml"]) == 0
    assert main(["HEAD:api.yaml", "api.yaml", "--format", "json"]) == 1

    out = capsys.readouterr().out
    assert '"place": "schema pet in responses /name"' in out


def stating(schema: Any, **schemas: Any) -> dict[str, Any]:
    """Return a document with one answer of that schema."""
    answer = {"description": "d", "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": answer}}}},
        "components": {"schemas": schemas},
    }


MAPPED = {
    "oneOf": [{"$ref": "FILE#/A"}, {"$ref": "FILE#/B"}],
    "discriminator": {"propertyName": "k", "mapping": {"a": "FILE#/A", "b": "FILE#/B"}},
}
KINDS = {name: {"type": "object", "properties": {"k": {"type": "string"}, name: {}}} for name in ("A", "B")}


@pytest.mark.parametrize(
    ("old", "new", "beside"),
    [
        (
            stating({"$ref": "#/components/schemas/A"}, A={"type": "string"}),
            stating({"$ref": "new.json#/components/schemas/A"}, A={"type": "string"}),
            {},
        ),
        (
            stating({"$ref": "#/components/schemas/A"}, A={"type": "string"}),
            stating({"$ref": "other.json#/B"}, A={"type": "string"}),
            {"other.json": {"B": {"$ref": "new.json#/components/schemas/A"}}},
        ),
        (
            stating({"$anchor": "x", "type": "string"}),
            stating({"$ref": "other.json#x"}),
            {"other.json": {"B": {"$anchor": "x", "type": "string"}}},
        ),
        (
            stating({"type": "string"}),
            stating({"$ref": "other.json#/B/0"}),
            {"other.json": {"B": [{"type": "string"}]}},
        ),
        (
            stating(json.loads(json.dumps(MAPPED).replace("FILE", "one.json"))),
            stating(json.loads(json.dumps(MAPPED).replace("FILE", "other.json"))),
            {"one.json": KINDS, "other.json": KINDS},
        ),
    ],
    ids=["own-name", "back", "anchor", "place-in-a-list", "mapping"],
)
def test_where_a_reference_leads_is_compared_however_it_is_written(
    old: Any, new: Any, beside: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file may name itself, the document may be named by a file beside, and a place by its anchor."""
    for name, value in {"old.json": old, "new.json": new, **beside}.items():
        (tmp_path / name).write_text(json.dumps(value))

    assert main([str(tmp_path / "old.json"), str(tmp_path / "new.json")]) == 0
    assert capsys.readouterr().out.startswith("No drift.")


def test_an_example_in_a_file_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is checked against its schema, as one that stands in the document."""
    for name, value in (("old", "x"), ("new", 5)):
        document = stating({"type": "string"})
        media = document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
        media["examples"] = {"a": {"$ref": f"{name}-examples.json#/a"}}
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
        (tmp_path / f"{name}-examples.json").write_text(json.dumps({"a": {"value": value}}))

    assert main([str(tmp_path / "old.json"), str(tmp_path / "new.json")]) == 0
    assert "does not fit its own schema" in capsys.readouterr().out
