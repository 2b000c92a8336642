"""A document that a session cannot be about: is it told in one line?"""

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.session import any_document
from contract_tests.target.targets import WrongUse


def written(folder: Path, **schemas: Any) -> Path:
    """Write a document of one operation, whose answer is the schema `A`."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
    get = {"responses": {"200": {"description": "d", "content": content}}}
    file = folder / "api.json"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"get": get}},
        "components": {"schemas": schemas},
    }
    file.write_text(json.dumps(document))
    return file


def test_a_chain_that_is_too_long_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever Python gives up; nobody mends a document by a traceback."""

    def endless(document: dict[str, Any]) -> None:
        endless(document)

    monkeypatch.setattr(any_document, "name_places", endless)

    with pytest.raises(WrongUse) as caught:
        any_document.subject_of(written(tmp_path, A={}))

    assert str(caught.value) == (
        "api.json: its schemas lead from one to the next in too long a chain; shorten it"
    )


def test_a_chain_of_references_is_read(tmp_path: Path) -> None:
    """Each schema that leaves a place open holds the next one; the first user says what stands there."""
    bound = {"$defs": {"T": {"$dynamicAnchor": "T", "type": "string"}}, "$ref": "#/components/schemas/G0"}
    schemas: dict[str, Any] = {
        f"G{place}": {
            "type": "object",
            "properties": {
                "next": {"$ref": f"#/components/schemas/G{place + 1}"},
                "open": {"$dynamicRef": "#T"},
            },
            "$defs": {"T": {"$dynamicAnchor": "T"}},
        }
        for place in range(300)
    }

    subject = any_document.subject_of(written(tmp_path, A=bound, **schemas, G300={"type": "object"}))

    assert [operation.label for operation in subject.contract.operations] == ["GET /a"]
