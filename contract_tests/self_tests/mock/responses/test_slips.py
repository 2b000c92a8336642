"""A slip of a document is read as it is meant, never in place of what is written as it should be."""

import json
from typing import Any

import pytest

from contract_tests.self_tests.mock.responses.test_requests import OK, ask, mock_of
from novapost_mock import Mock
from novapost_mock.document.document import Document


def answer(number: int) -> Any:
    return {"content": {"application/json": {"schema": {"enum": [number]}}}}


def served(item: Any, **top: Any) -> Mock:
    tree = {"openapi": "3.0.3", "paths": {"/things": item}, **top}
    return Mock(document=Document.from_tree(tree, b""))


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("slip", ["200 OK", "200 ", " 200"])
def test_a_status_with_words_never_replaces_the_status_itself(slip: str, order: int) -> None:
    """Whichever of them comes first; the start names the other one."""
    responses = dict(list({"200": answer(1), slip: answer(2)}.items())[::order])
    mock = served({"get": {"responses": responses}})

    assert ask(mock).json() == 1
    told = f"#/paths//things/get/responses/{slip}: 200 is described already; passed over"
    assert told in mock.document.notes


def test_of_two_slips_for_one_status_the_first_counts() -> None:
    """Nothing says which of them is meant."""
    assert ask(served({"get": {"responses": {"200 OK": answer(1), "200 fine": answer(2)}}})).json() == 1


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("slip", ["GET", "Get"])
def test_a_method_in_capitals_never_replaces_the_method_itself(slip: str, order: int) -> None:
    """Whichever of them comes first; the start names the other one."""
    item = {"get": {"responses": {"200": answer(1)}}, slip: {"responses": {"200": answer(2)}}}
    mock = served(dict(list(item.items())[::order]))

    assert ask(mock).json() == 1
    assert len(mock.document.operations) == 1
    assert f"#/paths//things/{slip}: get is described already; passed over" in mock.document.notes


def test_a_method_in_capitals_stands_in_for_one_that_is_nothing() -> None:
    """`get:` without anything below it describes no operation."""
    assert ask(served({"get": None, "GET": {"responses": {"200": answer(2)}}})).json() == 2


def test_a_key_that_is_no_text_is_no_method() -> None:
    """A tree that was not read from JSON may have any keys."""
    assert ask(served({"get": {"responses": OK}, 5: {}})).status == 200


@pytest.mark.parametrize("sent", ["json", "JSON; x=1", "Json"])
def test_a_short_name_of_a_media_type_is_none_in_a_request(sent: str) -> None:
    """A document is read leniently; a client that sends such a header would fail in production."""
    for kind in ("application/json", "json"):
        body = {"content": {kind: {"schema": {"type": "object"}}}}
        mock = mock_of({"requestBody": body}, method="post")

        assert ask(mock, method="POST", body=b"{}", content_type="application/json").status == 200
        assert ask(mock, method="POST", body=b"{}", content_type=sent).status in (400, 415, 422)


@pytest.mark.parametrize(
    "more", [{"in": ["query"]}, {"in": {}}, {"in": 5}, {"style": []}, {"style": {}}], ids=str
)
def test_a_parameter_that_makes_no_sense_takes_out_its_operation_alone(more: Any) -> None:
    """With a reason, and no other one."""
    odd = {"name": "p", "in": "query", "schema": {"type": "string"}, **more}
    mock = served({"get": {"parameters": [odd], "responses": OK}, "post": {"responses": OK}})

    assert (ask(mock).status, ask(mock, method="POST").status) == (501, 200)


@pytest.mark.parametrize(
    ("top", "reference"),
    [
        ({"schemas": {"Pet": {"enum": [1]}}}, "#/schemas/Pet"),
        ({"definitions": {"Pet": {"enum": [1]}}}, "#/definitions/Pet"),
        ({"components": {"schema": {"Pet": {"enum": [1]}}}}, "#/components/schema/Pet"),
    ],
    ids=str,
)
def test_a_reference_that_leads_somewhere_is_left_as_it_is(top: Any, reference: str) -> None:
    """Only one that leads nowhere is looked for among the components."""
    components = {"schemas": {"Pet": {"enum": [2]}}, **top.get("components", {})}
    responses = {"200": {"content": {"application/json": {"schema": {"$ref": reference}}}}}
    item = {"get": {"responses": responses}}

    assert ask(served(item, **{**top, "components": components})).json() == 1
    assert ask(served(item, components={"schemas": components["schemas"]})).json() == 2


OBJECT = {"type": "object", "required": ["a"]}


@pytest.mark.parametrize(
    ("schema", "is_text"),
    [
        ({"type": "string"}, True),
        ({"allOf": [{"type": "string"}]}, True),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, True),
        ({"$ref": "#/components/schemas/Text"}, True),
        ({"allOf": [{"$ref": "#/components/schemas/Text"}]}, True),
        (OBJECT, False),
        ({"allOf": [OBJECT]}, False),
        ({"oneOf": [OBJECT, {"type": "integer"}]}, False),
        (None, False),
    ],
    ids=str,
)
def test_an_example_is_read_as_json_only_where_it_does_not_fit_as_a_text(schema: Any, is_text: bool) -> None:
    """Wherever in the schema the type stands: the schema as a whole judges."""
    text = '{"a": 1}'
    media = {"example": text} if schema is None else {"schema": schema, "example": text}
    item = {"get": {"responses": {"200": {"content": {"application/json": media}}}}}
    mock = served(item, components={"schemas": {"Text": {"type": "string"}}})

    assert ask(mock).json() == (text if is_text else json.loads(text))


@pytest.mark.parametrize("kind", [5, True, 1.5, None, [5], {"a": "string"}], ids=str)
def test_a_type_that_is_none_beside_an_example_is_noted(kind: Any) -> None:
    """The document is served all the same."""
    media = {"schema": {"type": kind}, "example": '{"a": 1}'}

    assert (
        ask(served({"get": {"responses": {"200": {"content": {"application/json": media}}}}})).status == 200
    )
