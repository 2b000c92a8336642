"""What operations share is read, compiled and made once, and nothing is lost by it."""

import copy
from typing import Any

import pytest

from contract_tests.bench.tools.documents import document
from novapost_mock.document import parameters
from novapost_mock.document.document import Document
from novapost_mock.document.report import report
from novapost_mock.messages import Request
from novapost_mock.mock import Mock
from novapost_mock.schemas import translation
from novapost_mock.schemas.directions import Marks
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.schema_set import SchemaSet, both_ways
from novapost_mock.schemas.validators import Validators


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every schema that is given to the validator."""
    seen: list[Any] = []
    real = Validators._compiled

    def compile_one(self: Validators, node: Any) -> Any:
        seen.append(node)
        return real(self, node)

    monkeypatch.setattr(Validators, "_compiled", compile_one)
    return seen


def test_ten_times_the_operations_need_no_more_validators(compiled: list[Any]) -> None:
    """All schemas of a document are entries of one validator."""
    Document.from_tree(document(20), b"")
    few = len(compiled)
    compiled.clear()
    Document.from_tree(document(200), b"")
    assert len(compiled) <= few + 2 < 40


def test_a_schema_that_is_not_understood_leaves_the_others_together(compiled: list[Any]) -> None:
    """It takes its own operations out, whatever else refers to it."""
    tree = document(20, circles=False)
    tree["components"]["schemas"]["Shipment"] = {"$ref": "#/components/schemas/Nowhere"}
    made = Document.from_tree(tree, b"")
    left_out = [each.operation_id for each in made.operations if each.imitated == "none"]
    assert "getShipment" in left_out
    assert "getCourier" not in left_out
    assert len(compiled) < 40


def test_a_shared_answer_names_each_operation_that_cannot_give_it() -> None:
    """A failure and a remark stand at the operation, also where a component is at fault."""
    impossible = {"type": "integer", "minimum": 2, "maximum": 1}
    tree: dict[str, Any] = {
        "openapi": "3.0.3",
        "paths": {
            f"/{name}": {"get": {"responses": {"200": {"$ref": "#/components/responses/Never"}}}}
            for name in ("a", "b")
        },
        "components": {
            "responses": {
                "Never": {
                    "description": "",
                    "content": {"application/json": {"schema": impossible}},
                }
            }
        },
    }
    lines = [line for line in report(Document.from_tree(tree, b""), "doc") if "501 for 200" in line]
    assert len(lines) == 2
    assert "#/paths//a/get" in lines[0]
    assert "#/paths//b/get" in lines[1]


def test_what_travels_one_way_has_schemas_of_its_own() -> None:
    """Without such a mark requests and answers share them."""
    tree = document(5)
    assert len({id(each) for each in both_ways(tree, False, Notes())}) == 1
    for mark in ({"readOnly": True}, {"writeOnly": True}, {"nullable": True, "enum": ["a"]}):
        marked = copy.deepcopy(tree)
        marked["components"]["schemas"]["Money"]["properties"]["currency"] |= mark
        asked, told = both_ways(marked, False, Notes())
        assert asked is not told


@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
def test_a_violation_names_the_same_place_in_a_schema_of_many(openapi: str) -> None:
    """The entry of the schema is no step of the way."""
    schemas = SchemaSet(document(5), openapi == "3.1.0", "response", Notes())
    node = schemas.node({"$ref": "#/components/schemas/Contact"}, "#")
    value = {"name": "a", "telephone": "1", "address": {"country": "UA"}}
    found = schemas.shape(node).violations(value)
    assert found == schemas.once(node).violations(value)
    assert {(each.path, each.keyword) for each in found} == {
        (("telephone",), "pattern"),
        (("address",), "required"),
    }


def test_a_body_does_not_depend_on_the_operations_beside_it() -> None:
    """Shared parts are drawn from their place in the document, so a new operation changes no other answer."""
    many, few = document(40, circles=False), document(40, circles=False)
    few["paths"] = dict(reversed(list(few["paths"].items())[-4:]))
    path = next(iter(few["paths"])).replace("{id}", "0" * 8 + "-0000-4000-8000-" + "0" * 12)
    request = Request("GET", f"/v1{path}", "", (("X-Api-Key", "k"),), b"")
    one, other = (Mock(document=Document.from_tree(tree, b"")).handle(request) for tree in (many, few))
    assert one.status == other.status == 200
    assert one.body == other.body


@pytest.mark.parametrize("where", ["query", "Query"])
def test_a_parameter_that_operations_share_is_compiled_once(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose place is in capitals is read as it is meant, for each operation anew."""
    made: list[str] = []
    real = parameters._parameter

    def counted(tree: Any, place: str, schemas: Any) -> Any:
        made.append(place)
        return real(tree, place, schemas)

    monkeypatch.setattr(parameters, "_parameter", counted)
    shared = {"$ref": "#/components/parameters/P"}
    tree = {
        "openapi": "3.0.3",
        "paths": {f"/{name}": {"get": {"parameters": [shared], "responses": {}}} for name in "abc"},
        "components": {"parameters": {"P": {"name": "p", "in": where, "schema": {"type": "integer"}}}},
    }
    assert [each.reason for each in Document.from_tree(tree, b"").operations] == ["", "", ""]
    assert len(made) == (1 if where == "query" else 3)


def chained(size: int) -> dict[str, Any]:
    """Return a document of as many bodies, each of which keeps another property of one long chain back."""
    here = "#/components/schemas/"
    chain: dict[str, Any] = {
        f"X{i}": {"required": ["m0"], "allOf": [{"$ref": f"{here}X{i + 1}"}]} for i in range(size - 1)
    }
    chain[f"X{size - 1}"] = {"required": [f"m{j}" for j in range(size)]}
    roots = {
        f"R{j}": {"allOf": [{"$ref": f"{here}X0"}], "properties": {f"m{j}": {"readOnly": True}}}
        for j in range(size)
    }
    bodies = {
        name: {"content": {"application/json": {"schema": {"$ref": f"{here}{name}"}}}} for name in roots
    }
    return {
        "openapi": "3.0.3",
        "paths": {
            f"/{name}": {"post": {"requestBody": body, "responses": {"200": {"description": ""}}}}
            for name, body in bodies.items()
        },
        "components": {"schemas": {**chain, **roots}},
    }


def test_what_a_schema_asks_for_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many others keep a part of it back."""
    walked: list[Any] = []
    real = Marks._resolved

    def counted(self: Marks, schema: Any, place: str) -> Any:
        walked.append(schema)
        return real(self, schema, place)

    monkeypatch.setattr(Marks, "_resolved", counted)
    size = 20
    assert {each.reason for each in Document.from_tree(chained(size), b"").operations} == {""}
    assert len(walked) < 4 * size * size


def test_a_schema_that_is_needed_in_too_many_ways_takes_operations_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of many properties of a long chain stays back somewhere else; the start must not take minutes."""
    monkeypatch.setattr(translation, "MAX_BOUND", 50)
    made = Document.from_tree(chained(10), b"")
    assert any("readOnly or writeOnly" in each.reason for each in made.operations)
    assert not any(each.reason for each in Document.from_tree(chained(5), b"").operations)
