"""The control API does what its own OpenAPI document says: each route is in it, and nothing else is."""

import json
import random
from typing import Any

import httpx
import jsonschema_rs
import pytest
import requests
import schemathesis
from schemathesis.config import (
    ChecksConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)

from novapost_mock import Mock, MockTransport, Request
from novapost_mock.control.routes import ROUTES, description
from novapost_mock.faults.json import KINDS, read_fault

PHONE = "498213437654"
CHECKS = ChecksConfig(
    # What fits the schema can still be refused for what no schema says: an operation that the document does
    # not have, a fault that does nothing, a moment after the year 9000.
    positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False),
)
PHASES = PhasesConfig(
    fuzzing=FuzzingPhaseConfig(generation=GenerationConfig(max_examples=25)),
    stateful=StatefulPhaseConfig(enabled=False),
)
schema = schemathesis.openapi.from_dict(
    description(),
    config=SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(checks=CHECKS, phases=PHASES))),
)
mock = Mock(random_bytes=random.Random(1).randbytes)
client = httpx.Client(transport=MockTransport(mock))


@schema.parametrize()
def test_control_keeps_its_own_contract(case: schemathesis.Case[Any]) -> None:
    """Whatever is sent, the answer is a documented one, and what breaks the schema is refused."""
    asked = Request("POST", "/v.1.0/test-api-keys", "", (("Content-Type", "application/json"),))
    mock.handle(Request(asked.method, asked.path, "", asked.headers, b'{"phone": "498213437654"}'))
    prepared = requests.Request(**case.as_transport_kwargs(base_url="http://mock/__mock__")).prepare()
    body: Any = prepared.body or b""
    request = httpx.Request(
        prepared.method or case.method,
        prepared.url or "",
        headers=[(_latin1(name), _latin1(value)) for name, value in prepared.headers.items()],
        content=body.encode() if isinstance(body, str) else body,
    )

    case.validate_response(client.send(request))


def _latin1(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1", "replace")


def documented() -> dict[str, dict[str, Any]]:
    methods = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
    return {
        path: {method.upper(): item[method] for method in methods if method in item}
        for path, item in description()["paths"].items()
    }


def test_every_route_is_documented_and_every_documented_route_is_there() -> None:
    """The document is written by hand; this holds it."""
    routes = {"/" + "/".join(template): set(methods) for template, methods in ROUTES.items()}

    assert routes == {path: set(operations) for path, operations in documented().items()}


def test_it_is_served() -> None:
    """As it lies in the package."""
    reply = Mock().handle(Request("GET", "/__mock__/openapi.json"))

    assert reply.status == 200
    assert reply.json() == description()


SEEN = [
    ("GET", "health", None, 200),
    ("POST", "reset", None, 200),
    ("GET", "clients", None, 200),
    ("GET", f"clients/{PHONE}", None, 200),
    ("GET", "clients/x", None, 400),
    ("PUT", f"clients/{PHONE}", {"matches": 2}, 200),
    ("PUT", f"clients/{PHONE}", {"matches": -1}, 400),
    ("DELETE", f"clients/{PHONE}", None, 200),
    ("DELETE", "clients/x", None, 400),
    ("GET", "clock", None, 200),
    ("PUT", "clock", {"advance_seconds": 1}, 200),
    ("PUT", "clock", {"now": "2026-01-01T10:00:00Z"}, 200),
    ("PUT", "clock", {}, 400),
    ("POST", "cleanup", {"phone": PHONE}, 200),
    ("POST", "cleanup", {"phone": "4999999999"}, 404),
    ("POST", "cleanup", {}, 400),
    ("GET", "keys", None, 200),
    ("GET", "faults", None, 200),
    ("PUT", "faults", [{"kind": "html", "operation": "createTestApiKey"}], 200),
    ("PUT", "faults", {"faults": [{"status": 503, "probability": 0.5, "times": 2}]}, 200),
    ("PUT", "faults", {}, 400),
    ("DELETE", "faults", None, 200),
    ("GET", "journal", None, 200),
    ("GET", "journal?format=har", None, 200),
    ("GET", "journal?limit=x", None, 400),
    ("DELETE", "journal", None, 200),
    ("GET", "openapi.json", None, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), SEEN, ids=str)
def test_each_documented_answer_is_given(method: str, path: str, body: object, status: int) -> None:
    """With a body that the document describes; and what is documented beside these is 403."""
    stage = Mock(random_bytes=random.Random(1).randbytes)
    stage.handle(
        Request(
            "POST",
            "/v.1.0/test-api-keys",
            "",
            (("Content-Type", "application/json"),),
            json.dumps({"phone": PHONE}).encode(),
        )
    )
    stage.arm({"status": 503, "probability": 0.5, "times": 2, "reset": "inside"})
    path, _, query = path.partition("?")
    content = b"" if body is None else json.dumps(body).encode()
    reply = stage.handle(Request(method, f"/__mock__/{path}", query, (), content))

    assert reply.status == status
    assert [error.message for error in answer(method, path, status).iter_errors(reply.json())] == []


def answer(method: str, path: str, status: int) -> jsonschema_rs.Draft4Validator:
    """Return the shape of a documented answer."""
    template = f"/{path}" if path.partition("/")[2] == "" else "/clients/{phone}"
    found = documented()[template][method]["responses"][str(status)]
    if "$ref" in found:
        found = description()["components"]["responses"][found["$ref"].rpartition("/")[2]]
    shape = found["content"]["application/json"]["schema"]
    text = json.dumps({"allOf": [shape], "components": description()["components"]})
    return jsonschema_rs.Draft4Validator(with_null(json.loads(text)), validate_formats=True)


def with_null(node: Any) -> Any:
    """Return a schema of OpenAPI 3.0 for a validator that does not know `nullable`."""
    if isinstance(node, list):
        return [with_null(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: with_null(value) for key, value in node.items()}
    if node.get("nullable") is True and "type" in node:
        found["type"] = [node["type"], "null"]
    return found


def test_all_documented_answers_are_among_those() -> None:
    """Except the one for foreign pages, which every call has and test_mock_control.py asks for."""
    seen = {
        (m, "/clients/{phone}" if "clients/" in p else "/" + p.partition("?")[0], s) for m, p, _, s in SEEN
    }
    described = {
        (method, path, int(status))
        for path, operations in documented().items()
        for method, operation in operations.items()
        for status in operation["responses"]
        if status != "403"
    }

    assert seen == described
    assert all(
        "403" in operation["responses"] for each in documented().values() for operation in each.values()
    )


def test_the_documented_faults_are_those_that_are_read() -> None:
    """A property or a name that only one of both knows is a trap."""
    properties = description()["components"]["schemas"]["Fault"]["properties"]

    assert set(properties["kind"]["enum"]) == set(KINDS)
    with pytest.raises(ValueError, match="no other properties"):
        read_fault({"status": 503, "nothing": 1})
    said = []
    for name in set(properties) - {"method", "path"}:
        try:
            read_fault({"status": 503, name: "html"})
        except ValueError as error:
            said.append(str(error))
    assert said
    assert not [text for text in said if "no other properties" in text]
