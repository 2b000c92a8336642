"""Paths that say more than a path: are they asked for, or left out by name?"""

from typing import Any

import pytest

from contract_tests.checks.document import Contract
from contract_tests.target.asked_paths import in_words_of_3_1, with_asked_paths, with_plain_names

ANSWER = {"responses": {"204": {"description": "Done"}}}


def document(**paths: Any) -> dict[str, Any]:
    """Return a document with these paths."""
    return {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}


def asked(paths: dict[str, Any]) -> tuple[list[str], tuple[str, ...]]:
    """Return the labels of what is asked for, and what is left out."""
    found, left_out = with_asked_paths(document(**paths))
    return [operation.label for operation in Contract(found).operations], left_out


def test_a_query_in_a_path_becomes_parameters() -> None:
    """A value is the only one that fits; `{name}` is the parameter of that name."""
    declared = {"name": "q", "in": "path", "required": True, "schema": {"type": "integer"}}
    found, left_out = with_asked_paths(
        document(**{"/find?format=a%20b&q={q}": {"parameters": [declared], "get": ANSWER}})
    )

    (operation,) = Contract(found).operations
    assert (operation.label, left_out) == ("GET /find", ())
    assert {name: each["schema"] for name, each in operation.query.items()} == {
        "format": {"type": "string", "enum": ["a b"]},
        "q": {"type": "integer"},
    }


def test_a_parameter_of_a_query_is_found_wherever_it_is_declared() -> None:
    """Behind a reference too; that of an operation comes before that of its path."""
    shared = {"id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}}
    of_path = {"name": "q", "in": "query", "schema": {"type": "string"}}
    own = {"name": "q", "in": "query", "schema": {"type": "boolean"}}
    item = {
        "parameters": [{"$ref": "#/components/parameters/id"}, of_path],
        "get": {**ANSWER, "parameters": [own]},
    }
    whole = {**document(**{"/a?id={id}": item}), "components": {"parameters": shared}}

    (operation,) = Contract(with_asked_paths(whole)[0]).operations

    assert {name: each["schema"]["type"] for name, each in operation.query.items()} == {
        "id": "integer",
        "q": "boolean",
    }
    assert len(operation.raw["parameters"]) == 2


def test_a_parameter_that_an_operation_has_itself_is_not_lent() -> None:
    """Two paths at one place are joined, and each operation reads its own."""
    items: dict[str, Any] = {
        path: {
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
            method: {
                **ANSWER,
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "boolean"}}],
            },
        }
        for path, method in (("/a", "get"), ("/a#b", "post"))
    }
    found = Contract(with_asked_paths(document(**items))[0]).operations

    assert [operation.query["q"]["schema"]["type"] for operation in found] == ["boolean", "boolean"]


@pytest.mark.parametrize(
    ("paths", "labels", "lines"),
    [
        ({"/a#b": {"get": ANSWER}}, ["GET /a"], 0),
        ({"/a#b": {"get": ANSWER}, "/a": {"post": ANSWER}}, ["GET /a", "POST /a"], 0),
        ({"/a?b=c": {"get": ANSWER}, "/a": {"get": ANSWER}}, ["GET /a"], 1),
        ({"/a#b": {"get": ANSWER}, "/a#c": {"get": ANSWER}}, ["GET /a"], 1),
        ({"a": {"get": ANSWER}, "/b": {"get": ANSWER}}, ["GET /b"], 1),
        ({"/mål/a b": {"get": ANSWER}}, ["GET /m%C3%A5l/a%20b"], 0),
        ({"x-note": {"get": ANSWER}, "/a": {"get": ANSWER}}, ["GET /a"], 0),
    ],
)
def test_what_has_a_place_of_its_own_is_asked_for(
    paths: dict[str, Any], labels: list[str], lines: int
) -> None:
    """Two operations at one place cannot be told apart by their answers."""
    found, left_out = asked(paths)

    assert sorted(found) == labels
    assert len(left_out) == lines


def test_operations_that_meet_keep_what_their_paths_lend_them() -> None:
    """Parameters and servers of one path are not those of the other."""
    number = {"name": "n", "in": "query", "schema": {"type": "integer"}}
    found, _ = with_asked_paths(
        document(**{"/a": {"parameters": [number], "get": ANSWER}, "/a#b": {"post": ANSWER}})
    )

    reading, writing = Contract(found).operations
    assert (list(reading.query), list(writing.query)) == (["n"], [])


def test_names_that_format_takes_apart_are_replaced() -> None:
    """Wherever the parameter is declared."""
    shared = {"components": {"parameters": {"id": {"name": "user.id", "in": "path", "required": True}}}}
    item = {"parameters": [{"$ref": "#/components/parameters/id"}], "get": ANSWER}
    plain = with_plain_names({**document(**{"/u/{user.id}": item, "/u/{0}": item}), **shared})

    assert list(plain["paths"]) == ["/u/{_user_id}", "/u/{_0}"]
    assert plain["paths"]["/u/{_user_id}"]["parameters"][0]["name"] == "_user_id"
    untouched = document(**{"/u/{user-id}": item})
    assert with_plain_names(untouched) is untouched


def test_a_document_of_3_2_is_asked_for_as_one_of_3_1() -> None:
    """Operations of other methods are left out by name."""
    item = {"get": ANSWER, "query": ANSWER, "additionalOperations": {"COPY": ANSWER}}
    found, left_out = in_words_of_3_1({**document(**{"/a": item}), "openapi": "3.2.0"})

    assert [operation.label for operation in Contract(found).operations] == ["GET /a"]
    assert sorted(line.partition(",")[0] for line in left_out) == [
        "/a has the method COPY",
        "/a has the method QUERY",
    ]
    older = document(**{"/a": item})
    assert in_words_of_3_1(older) == (older, ())
