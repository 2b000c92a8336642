"""What a path parameter stands for is found in answers: by link, by location, by the name of a member."""

from typing import Any

import pytest

from contract_tests.checks.document import Contract, Operation
from contract_tests.session.resources import Resources, followed
from contract_tests.session.sample_requests import Samples
from contract_tests.target.exchange import Received

CREATE: dict[str, Any] = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
    "responses": {
        "201": {
            "description": "",
            "links": {"read": {"operationId": "read", "parameters": {"parcelId": "$response.body#/self/0"}}},
        }
    },
}
LIST = {"responses": {"200": {"description": ""}}}
TREE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/parcels": {"post": CREATE, "get": LIST},
        "/parcels/{parcelId}": {
            "parameters": [
                {"name": "parcelId", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "get": LIST,
        },
    },
}


class Target:
    """Answers as it is told, by method, and notes what it was asked."""

    def __init__(self, **answers: Received) -> None:
        self.contract = Contract(TREE)
        self.answers = answers
        self.asked: list[str] = []

    def send(self, method: str, path: str, **options: Any) -> Received:
        """Answer."""
        self.asked.append(f"{method} {path}")
        return self.answers.get(method, Received(404, {}, b""))


def found(target: Any, *, fresh: bool = False) -> dict[str, str]:
    """Return the values of the parameters of the second path."""
    operation = target.contract.find_operation("GET", "/parcels/{parcelId}")
    assert operation is not None
    return Resources(target, Samples(target.contract)).values(operation, fresh=fresh)


@pytest.mark.parametrize(
    ("headers", "body", "value"),
    [
        ({}, b'{"self": ["by-link"], "id": "other"}', "by-link"),
        ({"location": "https://a.example/v1/parcels/by%20location"}, b'{"id": "other"}', "by location"),
        ({"location": "/elsewhere/7"}, b'{"id": "by-member"}', "by-member"),
        ({}, b'{"parcel_id": 7, "id": 8}', "7"),
        ({}, b'{"ID": 8, "uuid": "9"}', "8"),
        ({}, b'{"data": {"parcels": [{"id": "first"}, {"id": "last"}]}}', "last"),
        ({}, b'[{"key": "of-a-list"}]', "of-a-list"),
        ({}, b'{"id": true, "uuid": "", "key": null, "number": 5}', "5"),
    ],
)
def test_an_answer_leads_to_what_it_is_about(headers: dict[str, str], body: bytes, value: str) -> None:
    """The surest sign first; what is empty, a truth or nothing names no thing."""
    assert found(Target(POST=Received(201, headers, body)), fresh=True) == {"parcelId": value}


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b"7", b'{"weight": 1}'])
def test_an_answer_that_names_nothing_leads_nowhere(body: bytes) -> None:
    assert found(Target(POST=Received(201, {}, body), GET=Received(200, {}, body))) == {}


def test_what_is_there_is_listed_first_and_what_is_fresh_is_created_first() -> None:
    """The other way is taken where the first one fails."""
    created, listed = Received(201, {}, b'{"id": "new"}'), Received(200, {}, b'[{"id": "old"}]')

    assert found(Target(POST=created, GET=listed)) == {"parcelId": "old"}
    assert found(Target(POST=created, GET=listed), fresh=True) == {"parcelId": "new"}
    assert found(Target(POST=created)) == {"parcelId": "new"}
    assert found(Target(GET=listed), fresh=True) == {"parcelId": "old"}
    assert found(Target()) == {}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$response.header.X-Next", "b"),
        ("$response.header.missing", None),
        ("$response.body", {"a~/b": [{"c": 1}]}),
        ("$response.body#/a~0~1b/0/c", 1),
        ("$response.body#/a~0~1b/1/c", None),
        ("$response.body#/a~0~1b/x", None),
        ("$response.body#/nothing/further", None),
        ("$request.body#/a", None),
        ("constant", None),
    ],
)
def test_a_runtime_expression_is_followed(expression: str, value: Any) -> None:
    """As OpenAPI has them (Link Object, "Runtime Expressions")."""
    assert followed(expression, {"a~/b": [{"c": 1}]}, {"x-next": "b"}) == value


def test_nothing_is_sent_where_no_request_can_be_made() -> None:
    target: Any = Target()
    operation = Operation("POST", "/parcels", "x", {}, None, content={"application/json": {"not": {}}})

    assert Resources(target, Samples(target.contract)).ask(operation, {}) is None
    assert target.asked == []
