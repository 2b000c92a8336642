"""Is a document in several files served whole, and nothing read outside of its folder?"""

import json
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
