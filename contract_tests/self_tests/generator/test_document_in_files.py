"""A document in several files is one document; nothing but the files of its folder is read for it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate
from scripts.confinement.run import Deadline
from scripts.document import bundle as bundles
from scripts.document.bundle import bundle, gather
from scripts.document.parse import Json, parse_yaml
from scripts.document.read import read_document
from scripts.lib.errors import Refusal, run

OPENAPI = """
openapi: 3.0.3
info: {title: Many, version: '1'}
paths:
  /pets:
    $ref: ./paths/pets.yaml
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - $ref: 'params.yaml#/components/parameters/Id'
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: './schemas/pet.yaml'}
              examples:
                one: {$ref: ./schemas/pet-example.json}
        default: {$ref: './answers.yaml#/Problem'}
components:
  schemas:
    Pet: {$ref: './schemas/pet.yaml'}
    Kind: {type: integer}
"""
FILES = {
    "openapi.yaml": OPENAPI,
    "paths/pets.yaml": """
post:
  operationId: addPet
  requestBody:
    content:
      application/json:
        schema: {$ref: '../openapi.yaml#/components/schemas/Pet'}
  responses:
    '201': {description: made}
""",
    "params.yaml": """
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Key'}}
  schemas:
    Key: {type: string}
""",
    "answers.yaml": """
Problem:
  description: bad
  content:
    application/json:
      schema: {$ref: '#/Error'}
Error: {type: object, properties: {message: {type: string}, cause: {$ref: '#/Error'}}}
""",
    "schemas/pet.yaml": """
type: object
properties:
  mother: {$ref: pet.yaml}
  kind: {$ref: './my kinds.yaml#/Kind'}
discriminator:
  propertyName: kind
  mapping: {dog: 'dog.yaml'}
""",
    "schemas/my kinds.yaml": "Kind: {type: string, enum: [dog, cat]}",
    "schemas/dog.yaml": "type: object\nproperties: {kind: {type: string}}",
    "schemas/pet-example.json": '{"value": {"kind": "dog"}}',
}


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write the files into a folder; gives the first of them."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def read(tmp_path: Path, files: dict[str, str]) -> dict[str, Any]:
    """Read a document of files as `make regenerate` does."""
    room = tmp_path / "room"
    room.mkdir()
    return read_document(written(tmp_path / "files", files), room, Deadline.after(30))


def test_all_files_become_one_document(tmp_path: Path) -> None:
    """Each target stands in the document once, under a name of its own, whoever refers to it."""
    document = read(tmp_path, FILES)

    assert list(document["components"]["schemas"]) == ["Pet", "Kind", "my_kinds_Kind", "dog", "Key", "Error"]
    pet = document["components"]["schemas"]["Pet"]
    assert pet["properties"]["mother"] == {"$ref": "#/components/schemas/Pet"}
    assert pet["properties"]["kind"] == {"$ref": "#/components/schemas/my_kinds_Kind"}
    assert pet["discriminator"]["mapping"] == {"dog": "#/components/schemas/dog"}
    assert document["components"]["examples"] == {"pet-example": {"value": {"kind": "dog"}}}
    body = document["paths"]["/pets"]["post"]["requestBody"]["content"]["application/json"]
    assert body == {"schema": {"$ref": "#/components/schemas/Pet"}}
    assert document["paths"]["/pets/{id}"]["get"]["responses"]["default"] == {
        "$ref": "#/components/responses/Problem"
    }


def test_a_document_in_files_becomes_a_client_that_names_each_file(tmp_path: Path) -> None:
    """The record of the sources holds the checksum of every file."""
    spec = written(tmp_path / "files", FILES)

    status = run(lambda: regenerate.main(["--spec", str(spec), "--output", str(tmp_path / "client")]))

    provenance = (tmp_path / "client" / "_provenance.py").read_text()
    assert status == 0
    assert all(f'"{name}": "' in provenance for name in FILES if name != "openapi.yaml")


def test_a_document_that_names_itself_is_one_file(tmp_path: Path) -> None:
    """`openapi.yaml#/X` within openapi.yaml is `#/X`."""
    text = "openapi: 3.0.0\ncomponents: {schemas: {A: {$ref: 'a.yaml#/components/schemas/B'}, B: {}}}"

    document = read(tmp_path, {"a.yaml": text})

    assert document["components"]["schemas"]["A"] == {"$ref": "#/components/schemas/B"}


@pytest.mark.parametrize("place", ["document", "operation"])
def test_files_that_an_extension_names_are_not_read(tmp_path: Path, place: str) -> None:
    """Portals keep their pages beside the document: `x-topics: [{content: {$ref: ./start.md}}]`."""
    topics = {"x-topics": [{"title": "Start", "content": {"$ref": "./docs/start.md"}}]}
    listed: dict[str, Any] = {"responses": {"204": {"description": "done"}}}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": listed}},
        "components": {"schemas": {"x-kind": {"$ref": "./kinds.yaml#/Kind"}}},
    }
    (document if place == "document" else listed).update(topics)

    found = read(tmp_path, {"openapi.yaml": json.dumps(document), "kinds.yaml": "Kind: {type: string}"})

    assert (found if place == "document" else found["paths"]["/a"]["get"])["x-topics"] == topics["x-topics"]
    assert found["components"]["schemas"]["x-kind"] != {"$ref": "./kinds.yaml#/Kind"}


OUTSIDE = {
    "an address": ("https://example.test/a.yaml#/X", "no address is read: save the file beside"),
    "an address without a scheme": ("//example.test/a.yaml", "no address is read"),
    "a file address": ("file:///etc/passwd", "no address is read"),
    "a drive": ("C:/a.yaml", "no address is read"),
    "an absolute path": ("/etc/a.yaml", "only files in the folder of the document"),
    "the folder above": ("../a.yaml", "only files in the folder of the document"),
    "the folder above, in detours": ("./b/../../a.yaml", "only files in the folder of the document"),
    "the folder above, encoded": ("%2e%2e/a.yaml", "only files in the folder of the document"),
    "a backslash": ("..\\a.yaml", "only files in the folder of the document"),
    "no such file": ("b.yaml#/X", "b.yaml: no such file in the folder of the document; add it"),
    "a folder": ("empty.yaml", "empty.yaml: is not a file"),
}


@pytest.mark.parametrize(("reference", "reason"), OUTSIDE.values(), ids=OUTSIDE)
def test_nothing_but_files_of_the_folder_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reference: str, reason: str
) -> None:
    """The refusal says so and names the cure."""
    (tmp_path / "files" / "empty.yaml").mkdir(parents=True)
    (tmp_path / "a.yaml").write_text("X: {type: string}")
    text = OPENAPI.replace("./schemas/pet.yaml", json.dumps(reference)[1:-1].replace("\\\\", "\\"))
    spec = written(tmp_path / "files", FILES | {"openapi.yaml": text})

    status = run(lambda: regenerate.main(["--spec", str(spec), "--output", str(tmp_path / "client")]))

    assert (status, (tmp_path / "client").exists()) == (2, False)
    assert reason in capsys.readouterr().err


def test_a_symbolic_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    """Neither a linked file nor a linked folder."""
    (tmp_path / "files").mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.yaml").write_text("{type: string}")
    (tmp_path / "files" / "link.yaml").symlink_to(tmp_path / "secret" / "a.yaml")
    (tmp_path / "files" / "folder").symlink_to(tmp_path / "secret")
    for number, name in enumerate(("link.yaml", "folder/a.yaml")):
        text = json.dumps({"openapi": "3.0.0", "components": {"schemas": {"A": {"$ref": name}}}})
        spec = written(tmp_path / "files", {"o.json": text})
        room = tmp_path / f"room{number}"
        room.mkdir()

        with pytest.raises(Refusal, match="leads out of the folder of the document"):
            read_document(spec, room, Deadline.after(30))


def test_all_files_together_have_the_limits_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of size, and of how many they are."""
    monkeypatch.setattr("scripts.document.read.MAX_BYTES", 2000)
    files = {"o.yaml": "openapi: 3.0.0\nx: [{$ref: a.yaml}, {$ref: b.yaml}]\n"}
    files |= dict.fromkeys(("a.yaml", "b.yaml"), "x: " + "a" * 1500)

    with pytest.raises(
        Refusal, match=r"b\.yaml: the files of the document are together larger than 2000 bytes"
    ):
        read(tmp_path, files)


def joined(files: dict[str, str]) -> Json:
    """Bundle texts that are no files."""
    values = {name: parse_yaml(text.encode(), name) for name, text in files.items()}

    def load(names: Sequence[str]) -> dict[str, Json]:
        return {name: values[name] for name in names}

    first = next(iter(files))
    return bundle(first, gather(first, values[first], load))


def test_references_that_never_arrive_are_refused() -> None:
    """Whether they go in a circle, lead nowhere, or unfold to themselves."""
    circle = {
        "o.yaml": "components: {schemas: {A: {$ref: a.yaml}}}",
        "a.yaml": "{$ref: b.yaml}",
        "b.yaml": "{$ref: a.yaml}",
    }
    nowhere = {"o.yaml": "components: {schemas: {A: {$ref: 'a.yaml#/X'}}}", "a.yaml": "Y: {}"}
    endless = {"o.yaml": "paths: {/a: {$ref: a.yaml}}", "a.yaml": "get: {$ref: a.yaml}"}

    with pytest.raises(Refusal, match="refers to itself, through nothing but references"):
        joined(circle)
    with pytest.raises(Refusal, match=r"refers to a\.yaml#/X, where nothing stands; correct the reference"):
        joined(nowhere)
    with pytest.raises(Refusal, match="refers to itself without end"):
        joined(endless)


def test_what_unfolds_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten references to ten references to … would be a billion values."""
    files = {"0.yaml": f"paths: [{', '.join(['{$ref: 1.yaml}'] * 9)}]"}
    files |= {f"{i}.yaml": f"[{', '.join([f'{{$ref: {i + 1}.yaml}}'] * 9)}]" for i in range(1, 12)}
    files["12.yaml"] = "x"
    monkeypatch.setattr(bundles, "MAX_VALUES", 10_000)

    with pytest.raises(Refusal, match="unfold to more than 10000 values"):
        joined(files)


def test_a_chain_of_files_has_an_end() -> None:
    """Each file may name another one, but not forever."""
    files = {f"{i}.yaml": f"x: {{$ref: {i + 1}.yaml}}" for i in range(100)}

    with pytest.raises(Refusal, match="from file to file more than 50 times"):
        joined(files)


def test_the_default_of_a_discriminator_may_be_another_file() -> None:
    """OpenAPI 3.2; a file that nothing else refers to is read as well."""
    choice = "{oneOf: [{$ref: a.yaml}], discriminator: {propertyName: k, defaultMapping: b.yaml}}"
    files = {
        "o.yaml": f"components: {{schemas: {{C: {choice}}}}}",
        "a.yaml": "{}",
        "b.yaml": "{type: object}",
    }

    found: Any = joined(files)

    schemas = found["components"]["schemas"]
    assert schemas["C"]["discriminator"]["defaultMapping"] == "#/components/schemas/b"
    assert schemas["b"] == {"type": "object"}


def test_an_example_that_looks_like_a_reference_is_left_alone() -> None:
    """An object of data may have a property of that name."""
    text = "components: {schemas: {A: {type: object, example: {$ref: 'of the order', id: 1}}}}"

    assert joined({"o.yaml": text}) == parse_yaml(text.encode(), "o.yaml")
