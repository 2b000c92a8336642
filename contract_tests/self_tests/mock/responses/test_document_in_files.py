"""Is a document in several files served whole, and nothing read outside of its folder?"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from contract_tests.self_tests.mock.responses.test_requests import ask
from novapost_mock import Mock
from novapost_mock.document.load import read_document
from novapost_mock.schemas.violation import DocumentError


def written(folder: Path, **files: Any) -> Path:
    """Write files (`a__b` is a/b.json) and return the document among them."""
    for name, value in files.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    return folder / "openapi.json"


def document(reference: str, **components: Any) -> dict[str, Any]:
    """Return a document whose only answer refers to a schema."""
    content = {"application/json": {"schema": {"$ref": reference}}}
    return {
        "openapi": "3.0.3",
        "paths": {"/things": {"get": {"responses": {"200": {"content": content}}}}},
        "components": components,
    }


THING = {"type": "object", "required": ["size"], "properties": {"size": {"$ref": "#/definitions/Size"}}}


def test_files_refer_to_each_other_and_back(tmp_path: Path) -> None:
    """`#/…` is a place in the file where it stands; a name is relative to that file."""
    path = written(
        tmp_path,
        openapi=document("./models/thing.json", schemas={"Unit": {"type": "string", "enum": ["cm"]}}),
        models__thing={**THING, "definitions": {"Size": {"$ref": "../sizes.json#/Size"}}},
        sizes={
            "Size": {
                "type": "object",
                "required": ["unit", "n"],
                "properties": {
                    "unit": {"$ref": "openapi.json#/components/schemas/Unit"},
                    "n": {"type": "integer", "enum": [4]},
                    "of": {"$ref": "models/thing.json"},
                },
            }
        },
    )

    found = ask(Mock(document=read_document(path))).json()

    assert (found["size"]["unit"], found["size"]["n"]) == ("cm", 4)


def test_whole_paths_and_answers_may_stand_in_files(tmp_path: Path) -> None:
    """Wherever OpenAPI has a reference, it may lead to a file."""
    item = {"get": {"responses": {"200": {"$ref": "answers.json#/ok"}}}}
    tree = {"openapi": "3.0.3", "paths": {"/things": {"$ref": "things.json"}}}
    path = written(tmp_path, openapi=tree, things=item, answers={"ok": {"description": "fine"}})

    assert ask(Mock(document=read_document(path))).status == 200


@pytest.mark.parametrize("reference", ["../secret.json", "/etc/secret.json", "https://a.example/a.json"])
def test_nothing_outside_of_the_folder_is_read(reference: str, tmp_path: Path) -> None:
    """The operation is not imitated, and the reason names the reference."""
    (tmp_path / "secret.json").write_text('{"type": "string"}', encoding="utf-8")
    path = written(tmp_path / "api", openapi=document(reference))

    assert ask(Mock(document=read_document(path))).status == 501


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A document must not show files of the machine that reads it."""
    (tmp_path / "secret.json").write_text('{"type": "string"}', encoding="utf-8")
    path = written(tmp_path / "api", openapi=document("inner.json"))
    (tmp_path / "api" / "inner.json").symlink_to(tmp_path / "secret.json")

    with pytest.raises(DocumentError, match=r"inner\.json leads out of the folder"):
        read_document(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """One line with the document and the file."""
    path = written(tmp_path, openapi=document("./missing.json"))

    with pytest.raises(DocumentError, match=r"openapi\.json: missing\.json, which .*: No such file"):
        read_document(path)


def test_data_is_no_reference(tmp_path: Path) -> None:
    """An example may be a schema, or speak of a file; only where OpenAPI has a reference is it one."""
    tree = document("thing.json")
    answer = tree["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
    answer["example"] = {"$ref": "nowhere.json"}
    path = written(tmp_path, openapi=tree, thing={"type": "object", "default": {"$ref": "nowhere.json"}})

    assert ask(Mock(document=read_document(path))).json() == {"$ref": "nowhere.json"}


@pytest.mark.parametrize("name", ["default", "value", "example"])
def test_a_chosen_name_is_no_data(name: str, tmp_path: Path) -> None:
    """In the document, and at the top of a file of schemas."""
    tree = document(f"#/components/schemas/{name}", schemas={name: {"$ref": f"parts.json#/{name}"}})
    path = written(tmp_path, openapi=tree, parts={name: {"$ref": "last.json"}}, last={"enum": [4]})

    assert ask(Mock(document=read_document(path))).json() == 4


def test_an_alias_leads_where_its_anchor_does(tmp_path: Path) -> None:
    """YAML reads both as one object."""
    (tmp_path / "parts.yaml").write_text(
        "A: {type: object, required: [p, q], properties: {p: &r {$ref: '#/B'}, q: *r}}\nB: {enum: [4]}\n",
        encoding="utf-8",
    )
    path = written(tmp_path, openapi=document("parts.yaml#/A"))

    assert ask(Mock(document=read_document(path))).json() == {"p": 4, "q": 4}


def test_all_files_together_have_as_many_values_as_one_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a thousand small files unfold to a thousand large ones."""
    monkeypatch.setattr("novapost_mock.document.load.MAX_VALUES", 100)
    schemas = {name: {"$ref": f"{name}.json"} for name in "abc"}
    parts = {name: {"enum": [4], "x-values": list(range(30))} for name in "abc"}
    path = written(tmp_path, openapi=document("a.json", schemas=schemas), **parts)

    with pytest.raises(DocumentError, match=r"\.json: more than 100 values"):
        read_document(path)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody may ever write into a pipe."""
    path = written(tmp_path, openapi=document("pipe.json"))
    os.mkfifo(tmp_path / "pipe.json")

    with pytest.raises(DocumentError, match=r"pipe\.json, which the document refers to: not a file"):
        read_document(path)


def test_a_file_may_have_an_odd_name_and_the_document_a_key_of_ours(tmp_path: Path) -> None:
    """A percent sign is one of the name, and `x-files` may be the author's."""
    tree = document("#/x-files/A") | {"x-files": {"A": {"$ref": "a%2520b.json"}}}
    path = written(tmp_path, openapi=tree, **{"a%20b": {"enum": [4]}})

    assert ask(Mock(document=read_document(path))).json() == 4


def test_of_a_discriminator_only_its_mapping_names_files(tmp_path: Path) -> None:
    """What its author adds is data; a value of the mapping may have any name."""
    discriminator = {
        "propertyName": "kind",
        "x-docs": "notes/missing.json",
        "mapping": {"cat": "models/cat.json", "propertyName": "models/dog.json"},
        "defaultMapping": "models/cow.json",
    }
    schema = {"type": "object", "discriminator": discriminator}
    files = {f"models__{name}": {"type": "object"} for name in ("cat", "dog", "cow")}
    path = written(tmp_path, openapi=document("#/components/schemas/Pet", schemas={"Pet": schema}), **files)

    assert ask(Mock(document=read_document(path))).status == 200
    for name in ("cat", "dog", "cow"):
        (tmp_path / "models" / f"{name}.json").rename(tmp_path / "moved.json")
        with pytest.raises(DocumentError, match=f"{name}\\.json"):
            read_document(path)
        (tmp_path / "moved.json").rename(tmp_path / "models" / f"{name}.json")
