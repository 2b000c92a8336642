"""Requests are made of the document's examples where they fit, else of its schemas, in its own styles."""

import json
from typing import Any

import httpx
import pytest

from contract_tests.checks.document import Contract
from contract_tests.session.sample_requests import CannotAsk, Samples

TEXT = {"type": "string"}


def samples(operation: dict[str, Any], path: str = "/things/{id}") -> tuple[Samples, Any]:
    """Return what makes requests for a document with one operation, and the operation."""
    whole = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {"post": {"responses": {}, **operation}}},
        "components": {"examples": {"shared": {"value": "by reference"}}},
    }
    contract = Contract(whole)
    return Samples(contract), contract.operations[0]


def request(operation: dict[str, Any], *, optional: bool = False) -> httpx.Request:
    """Return the request that is made for an operation."""
    made, found = samples(operation)
    return httpx.Client().build_request("POST", "http://a.example/", **made.options(found, optional=optional))


def parameter(place: str, name: str = "p", *, required: bool = True, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": {"enum": ["a b"]}, **more}


def body(media_type: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema, **more}}}}


def test_each_parameter_stands_in_its_place() -> None:
    asked = request({"parameters": [parameter(place) for place in ("query", "header", "cookie")]})

    assert asked.url.params["p"] == "a b"
    assert asked.headers["p"] == "a b"
    assert asked.headers["cookie"] == "p=a%20b"


def test_headers_that_no_parameter_describes_are_left_to_the_client() -> None:
    """OpenAPI passes over parameters of these names."""
    names = ("Accept", "Content-Type", "Authorization")
    asked = request({"parameters": [parameter("header", name) for name in names]})

    assert "a b" not in asked.headers.values()


@pytest.mark.parametrize("optional", [True, False])
def test_what_is_not_required_is_sent_when_it_is_wanted(optional: bool) -> None:
    asked = request({"parameters": [parameter("query", required=False)]}, optional=optional)

    assert ("p" in asked.url.params) == optional


@pytest.mark.parametrize(
    ("shown", "values"),
    [
        ({"example": "one"}, ["one", "text"]),
        ({"examples": {"a": {"value": "one"}, "b": {"value": "two"}}}, ["one", "two", "text"]),
        ({"examples": {"a": {"$ref": "#/components/examples/shared"}}}, ["by reference", "text"]),
        ({"examples": {"a": {"externalValue": "https://a.example"}}}, ["text"]),
        ({"example": 7}, ["text"]),
        ({"examples": ["no", "map"]}, ["text"]),
        ({}, ["text"]),
    ],
)
def test_examples_that_fit_come_first(shown: dict[str, Any], values: list[str]) -> None:
    """After them values of the schema."""
    made, operation = samples({"parameters": [{"name": "id", "in": "path", "schema": TEXT, **shown}]})
    (one,) = operation.parameters

    assert [made.parameter(one, variant) for variant in range(len(values))] == values
    assert made.path(operation, {}) == f"/things/{values[0].replace(' ', '%20')}"
    assert made.path(operation, {"id": "a/b"}) == "/things/a%2Fb"


def test_a_parameter_may_have_its_schema_below_a_media_type_or_none_at_all() -> None:
    content = {"application/json": {"schema": {"enum": [{"a": 1}]}}}
    asked = request({"parameters": [{"name": "j", "in": "query", "required": True, "content": content}]})
    bare = request({"parameters": [{"name": "n", "in": "query", "required": True}]})

    assert json.loads(asked.url.params["j"]) == {"a": 1}
    assert bare.url.params["n"] == "text"


@pytest.mark.parametrize(
    ("media_type", "value", "sent"),
    [
        ("application/json", {"a": [1]}, b'{"a": [1]}'),
        ("application/vnd.a+json", [1], b"[1]"),
        ("application/x-www-form-urlencoded", {"a": [1, True], "b": "x y"}, b"a=1&a=true&b=x+y"),
        ("text/plain", "x y", b"x y"),
        ("text/csv", ["x", 1], b"x,1"),
        ("application/octet-stream", "bytes", b"bytes"),
        ("image/*", "bytes", b"bytes"),
        ("application/xml", "<a/>", b"<a/>"),
    ],
)
def test_a_body_is_written_in_its_media_type(media_type: str, value: Any, sent: bytes) -> None:
    asked = request(body(media_type, {}, example=value))

    assert asked.read() == sent
    named = "application/octet-stream" if "*" in media_type else media_type
    assert asked.headers["content-type"] == named


def test_a_form_in_parts_has_a_part_for_each_value() -> None:
    content = request(body("multipart/form-data", {}, example={"a": ["x", "y"], "b": 1})).read()

    assert content.count(b"Content-Disposition: form-data") == 3
    assert [content.count(b'name="a"'), content.count(b'name="b"')] == [2, 1]


def test_json_is_preferred_to_a_form_and_a_form_to_all_else() -> None:
    media = ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "application/json")
    for count, wanted in ((4, media[3]), (3, media[2]), (2, media[1]), (1, media[0])):
        operation: dict[str, Any] = {"requestBody": {"content": {each: {} for each in media[:count]}}}
        made, found = samples(operation)
        assert made.media_type(found) == wanted
    assert Samples.media_type(samples({})[1]) is None


@pytest.mark.parametrize(
    "operation",
    [
        body("application/json", {"not": {}}),
        body("application/xml", {"type": "object"}),
        {"parameters": [{"name": "p", "in": "query", "required": True, "schema": {"not": {}}}]},
        {"parameters": [{"name": "p", "in": "query", "required": True, "schema": {"$ref": "#/nowhere"}}]},
    ],
)
def test_a_request_that_cannot_be_made_is_not_asked(operation: dict[str, Any]) -> None:
    made, found = samples(operation)

    with pytest.raises(CannotAsk):
        made.options(found)
