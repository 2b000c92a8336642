"""Are slips of form outside of schemas read as they are meant, with a note where something is left out?"""

import copy
from typing import Any

import pytest

from contract_tests.self_tests.generator.hostile.documents import (
    BODY,
    DELETE,
    GET,
    LIST,
    OK,
    STRING,
    changed,
)
from scripts.normalize import plain_with_notes
from scripts.preflight import examine


def read(path: str, **edits: Any) -> tuple[Any, list[str]]:
    """Return what becomes of a place in the base with the edits, and the reasons of the notes."""
    document, notes = plain_with_notes(changed(**copy.deepcopy(edits)))
    assert examine(document) == []
    found: Any = document
    for step in path.split(">"):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found, list(dict.fromkeys(note.reason for note in notes))


# A place, what stands there, what is generated from it, and the reasons of the notes

ELSEWHERE: list[tuple[str, Any, Any, list[str]]] = [
    (
        f"{LIST}>responses",
        {"2xx": OK, "404 Not found": {"description": "n"}, "Default": {"description": "e"}},
        {"2XX": OK, "404": {"description": "n"}, "default": {"description": "e"}},
        ["read as 2XX", "read as 404", "read as default"],
    ),
    (
        f"{LIST}>responses",
        {"200": OK, "200 OK": {"description": "n"}},
        {"200": OK},
        ["200 is described already; left out"],
    ),
    (
        f"{LIST}>parameters>0",
        {"name": "a", "in": "Query", "type": "integer", "maximum": 5},
        {"name": "a", "in": "query", "schema": {"type": "integer", "maximum": 5}},
        ["its schema stands in the parameter itself, as in Swagger 2.0"],
    ),
    (
        f"{LIST}>parameters>0",
        {"name": "a", "in": "query"},
        {"name": "a", "in": "query", "schema": STRING},
        ["says nothing of its value; taken for text"],
    ),
    (
        f"{LIST}>parameters>0",
        {"name": "a", "in": "query", "required": "true", "schema": STRING},
        {"name": "a", "in": "query", "required": True, "schema": STRING},
        [],
    ),
    (
        f"{LIST}>parameters>0",
        {"name": "a", "in": "query", "schema": {"type": "string", "format": "binary"}},
        {"name": "a", "in": "query", "schema": STRING},
        ["a file cannot be a parameter; the caller gives text"],
    ),
    (
        f"{LIST}>parameters>0",
        {"name": "a", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
        {"name": "a", "in": "query", "schema": {"type": "object"}, "x-written-as": "json"},
        [],
    ),
    (
        f"{LIST}>parameters>0",
        {"name": "a", "in": "query", "content": {"text/plain": {"schema": {"type": "integer"}}}},
        {"name": "a", "in": "query", "schema": STRING},
        ["the caller writes 'text/plain'; taken for text"],
    ),
    (
        f"{GET}>parameters",
        [{"name": "parcelId", "in": "path", "schema": {"type": "string", "nullable": True}}],
        [{"name": "parcelId", "in": "path", "schema": STRING, "required": True}],
        [
            "a parameter in the path is always given; taken for required",
            "null cannot stand in a path; the client takes none",
        ],
    ),
    (
        f"{GET}>parameters",
        [{"name": "parcelId", "in": "path", "required": True, "schema": {"type": ["string", "null"]}}],
        [{"name": "parcelId", "in": "path", "required": True, "schema": {"type": ["string"]}}],
        [],
    ),
    (
        f"{LIST}>responses>200",
        {"description": "d", "schema": STRING},
        {"description": "d", "content": {"application/json": {"schema": STRING}}},
        ["its schema stands in the answer itself, as in Swagger 2.0"],
    ),
    (
        "paths>/parcels",
        {"GET": {"responses": {"200": OK}}, "Post": {"responses": {"200": OK}}},
        {"get": {"responses": {"200": OK}}, "post": {"responses": {"200": OK}}},
        ["a method is written 'get'; read so", "a method is written 'post'; read so"],
    ),
    (f"{LIST}>summary", 5, "5", []),
    (f"{LIST}>deprecated", "true", True, []),
    (
        BODY,
        {"application/x-www-form-urlencoded": {}},
        {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}},
        [],
    ),
    (BODY, {"multipart/form-data": {}}, {"multipart/form-data": {"schema": {"type": "object"}}}, []),
    (BODY, {"Application/JSON": {"schema": STRING}}, {"application/json": {"schema": STRING}}, []),
    (
        BODY,
        {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        [],
    ),
    (BODY, {"*/*": {"schema": STRING}}, {"text/plain": {"schema": STRING}}, []),
    (BODY, {"*/*": {"schema": {"type": "object"}}}, {"application/json": {"schema": {"type": "object"}}}, []),
    (
        BODY,
        {"text/*": {"schema": {"type": "string", "enum": ["a"]}}},
        {"text/plain": {"schema": {"type": "string", "enum": ["a"]}}},
        [],
    ),
    (BODY, {"application/json": None}, {"application/json": {"schema": {}}}, []),
    (
        BODY,
        {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "oneOf": [
                        {"type": "object", "properties": {"a": STRING}},
                        {"type": "object", "properties": {"a": {"type": "integer"}, "b": STRING}},
                    ]
                }
            }
        },
        {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"a": STRING, "b": STRING}}
            }
        },
        ["is no single object, which a form is; the client takes the fields of all alternatives"],
    ),
    (
        f"{LIST}>responses>200>content",
        {"multipart/form-data": {"schema": {"type": "object"}}},
        {"multipart/form-data": {"schema": {"type": "string", "format": "binary"}}},
        ["the caller reads 'multipart/form-data', which comes as a file"],
    ),
    (
        f"{LIST}>responses>200>content",
        {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}},
        {"application/x-www-form-urlencoded": {"schema": STRING}},
        ["the caller reads 'application/x-www-form-urlencoded', which comes as a file"],
    ),
    (
        f"{LIST}>responses",
        {},
        {
            "default": {
                "description": "",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        },
        ["GET /parcels documents no answer; the client gives what comes as a file"],
    ),
    (
        BODY,
        {"text/*": {"schema": {"type": "object"}}},
        {"application/json": {"schema": {"type": "object"}}},
        [],
    ),
    (BODY, {"application/*": {"schema": STRING}}, {"application/json": {"schema": STRING}}, []),
    (
        f"{LIST}>responses>200>content",
        {"text/*": {"schema": {"type": "object"}}},
        {"application/json": {"schema": {"type": "object"}}},
        [],
    ),
]


@pytest.mark.parametrize(("place", "given", "wanted", "notes"), ELSEWHERE, ids=lambda value: str(value)[:60])
def test_a_slip_is_read_as_it_is_meant(place: str, given: Any, wanted: Any, notes: list[str]) -> None:
    """Names of other versions, other spellings, and values of another kind."""
    assert read(place, **{place: given}) == (wanted, notes)


def test_what_the_document_lacks_and_no_client_needs_is_added() -> None:
    """A document without a title, or an answer without a description, is generated all the same."""
    edits = {"info": DELETE, "tags": None, "components>examples": None, f"{LIST}>tags": None}

    assert read("info", **edits) == (
        {"title": "An API", "version": "0"},
        ["is missing; the client is called after its folder alone"],
    )
    assert read("info>version", **{"info>version": 1.0}) == ("1.0", [])
    assert read(f"{LIST}>responses>404", **{f"{LIST}>responses>404": {}}) == ({"description": ""}, [])


def test_a_query_in_a_path_that_the_parameters_have_is_theirs() -> None:
    """Some write how a call looks as its path."""
    operation = {
        "operationId": "search",
        "parameters": [{"name": "pageSize", "in": "query", "schema": STRING}],
        "responses": {"200": OK},
    }

    paths, notes = read("paths", **{"paths>/parcels/search?pageSize={pageSize}&kind=a": {"get": operation}})

    assert "/parcels/search?kind=a" in paths
    assert notes == ["its query is that of the parameters; taken for '/parcels/search?kind=a'"]
