"""Every contradiction between example, schema, default, pattern and enum is told at the start."""

import json
from pathlib import Path
from typing import Any

import pytest

from novapost_mock.document.contradictions import contradictions
from novapost_mock.document.document import Document
from novapost_mock.document.report import report

PARCEL = {
    "type": "object",
    "required": ["number"],
    "properties": {
        "number": {"type": "string"},
        "weight": {"type": "number"},
        "password": {"type": "string", "writeOnly": True},
        "id": {"type": "integer", "readOnly": True},
    },
}


def document(answer: Any = None, version: str = "3.0.3", **components: Any) -> dict[str, Any]:
    """Return a document with one operation, whose JSON answer is described so."""
    content = {"application/json": answer or {"schema": True}}
    return {
        "openapi": version,
        "paths": {"/x": {"get": {"responses": {"200": {"description": "", "content": content}}}}},
        "components": {"schemas": {"Parcel": PARCEL, **components}},
    }


def found(tree: Any) -> list[str]:
    return list(contradictions(tree))


REF = {"$ref": "#/components/schemas/Parcel"}
ANSWER = "#/paths//x/get/responses/200/content/application/json"


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ({"schema": REF, "example": {"number": "1"}}, []),
        (
            {"schema": REF, "example": {"number": None, "weight": "5"}},
            [
                f"{ANSWER}/example: does not fit its schema at /number: type (it is null)",
                f"{ANSWER}/example: does not fit its schema at /weight: type (it is a text)",
            ],
        ),
        (
            {"schema": REF, "examples": {"good": {"value": {"number": "1"}}, "bad": {"value": {}}}},
            [f"{ANSWER}/examples/bad/value: does not fit its schema: required (number)"],
        ),
        (
            {"schema": {"type": "array", "items": REF}, "example": [{"number": "1"}, {"number": 2}]},
            [f"{ANSWER}/example: does not fit its schema at /1/number: type (it is a whole number)"],
        ),
        (
            {"schema": {**PARCEL, "additionalProperties": False}, "example": {"number": "1", "colour": 1}},
            [f"{ANSWER}/example: does not fit its schema: additionalProperties (colour)"],
        ),
        ({"example": {"anything": 1}}, []),
        ({"schema": REF, "example": '{"number": "1"}'}, []),
        (
            {"schema": REF, "example": '{"number": null}'},
            [f"{ANSWER}/example: does not fit its schema at /number: type (it is null)"],
        ),
        (
            {"schema": REF, "example": '{"number"'},
            [f"{ANSWER}/example: does not fit its schema: type (it is a text)"],
        ),
        ({"schema": {"type": "string", "pattern": "number"}, "example": '{"number": 1}'}, []),
        ({"schema": {"allOf": [{"type": "string"}]}, "example": '{"number": 1}'}, []),
        ({"schema": {"oneOf": [{"type": "string"}, REF]}, "example": '{"number": 1}'}, []),
        ({"schema": {"type": 5}, "example": '{"number": 1}'}, []),
    ],
)
def test_examples_of_answers(answer: Any, lines: list[str]) -> None:
    """By place, way, keyword and kind; the value itself is not repeated."""
    assert found(document(answer)) == lines


@pytest.mark.parametrize(
    ("schema", "lines"),
    [
        ({"type": "integer", "default": "50"}, ["/default: does not fit its schema: type (it is a text)"]),
        ({"type": "string", "enum": ["a", "b"], "default": "c"}, ["/default: does not fit its schema: enum"]),
        (
            {"type": "string", "enum": ["a", 1]},
            ["/enum/1: does not fit its schema: type (it is a whole number)"],
        ),
        ({"type": "string", "enum": ["a", None]}, ["/enum/1: does not fit its schema: type (it is null)"]),
        ({"type": "string", "nullable": True, "enum": ["a", None]}, []),
        ({"type": "string", "enum": ["ab"], "pattern": "^.$"}, ["/enum/0: does not fit its schema: pattern"]),
        (
            {"type": "string", "example": "x1", "pattern": "^[0-9]+$"},
            ["/example: does not fit its schema: pattern"],
        ),
        (
            {"type": "string", "example": "31.12.2026", "format": "date"},
            ["/example: does not fit its schema: format"],
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "array", "items": {"type": "integer", "example": "1"}}},
            },
            ["/properties/a/items/example: does not fit its schema: type (it is a text)"],
        ),
        (
            {"allOf": [REF, {"type": "object", "example": {}}], "example": {"number": 1}},
            [
                "/example: does not fit its schema at /number: type (it is a whole number)",
            ],
        ),
        (
            {"type": "string", "pattern": "^[0-9]{3}$", "minLength": 5},
            [": nothing was found that fits the pattern and minLength together"],
        ),
        (
            {"type": "string", "pattern": "^[0-9]{2}$", "format": "uuid"},
            [": nothing was found that fits the pattern and format together"],
        ),
        ({"type": "string", "pattern": "^[0-9a-f-]{36}$", "format": "uuid"}, []),
    ],
)
def test_values_of_schemas(schema: Any, lines: list[str]) -> None:
    """Defaults, enums, patterns and the schemas' own examples, however deep."""
    assert found(document(S=schema)) == [f"#/components/schemas/S{line}" for line in lines]


def test_examples_of_3_1_are_a_list() -> None:
    """Each for itself."""
    schema = {"type": ["string", "null"], "examples": ["a", None, 1]}

    assert found(document(S=schema, version="3.1.0")) == [
        "#/components/schemas/S/examples/2: does not fit its schema: type (it is a whole number)"
    ]


def test_parameters_headers_and_bodies_are_looked_at_too() -> None:
    """Wherever a document gives a value."""
    integer = {"schema": {"type": "integer"}, "example": "x"}
    operation = {
        "parameters": [{"name": "p", "in": "query", **integer}],
        "requestBody": {"content": {"application/json": {"schema": REF, "example": {"number": 1}}}},
        "responses": {"200": {"description": "", "headers": {"X-Total": integer}}},
    }
    tree = {**document(), "paths": {"/x": {"post": operation}}}

    assert found(tree) == [
        "#/paths//x/post/parameters/0/example: does not fit its schema: type (it is a text)",
        (
            "#/paths//x/post/requestBody/content/application/json/example: does not fit its schema at "
            "/number: type (it is a whole number)"
        ),
        "#/paths//x/post/responses/200/headers/X-Total/example: does not fit its schema: type (it is a text)",
    ]


@pytest.mark.parametrize(
    ("value", "count"),
    [({"number": "1", "password": "p"}, 0), ({"number": "1", "id": 1}, 0), ({"password": "p"}, 1)],
)
def test_an_example_of_a_component_may_be_meant_either_way(value: Any, count: int) -> None:
    """As a request or as an answer: readOnly and writeOnly are no contradiction."""
    assert len(found(document(S={**PARCEL, "example": value}))) == count


def test_texts_of_other_media_types_are_no_contradiction() -> None:
    """An example of XML or CSV is the text as it is sent."""
    content = {
        kind: {"schema": REF, "example": "a,b"} for kind in ("text/csv", "application/xml", "application/pdf")
    }
    tree = document()
    tree["paths"]["/x"]["get"]["responses"]["200"]["content"] = content

    assert [line for line in found(tree) if "text/csv" not in line] == []


def test_what_cannot_be_understood_is_passed_over() -> None:
    """It is told where the operation is read."""
    tree = document(
        {"schema": {"$ref": "#/nowhere"}, "example": 1},
        A={"$ref": "#/components/schemas/A"},
        B={"type": "string", "pattern": "(", "maxLength": 3, "example": 1},
        C=[],
    )

    assert found(tree) == [
        "#/components/schemas/B/example: does not fit its schema: type (it is a whole number)"
    ]


def test_the_start_tells_them(tmp_path: Path) -> None:
    """With their number, and what the mock makes of them."""
    tree = document({"schema": REF, "example": {"number": 1}})
    lines = list(report(Document.from_tree(tree, json.dumps(tree).encode()), "doc.json"))

    assert lines[2:] == [
        "  the document contradicts itself in 1 place; answers keep to the schemas:",
        f"  contradiction: {ANSWER}/example: does not fit its schema at /number: type (it is a whole number)",
    ]
