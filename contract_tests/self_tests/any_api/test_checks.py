"""Do the checks of any document judge by it: requests, answers, headers, paths as templates?"""

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.checks.contradictions import contradictions
from contract_tests.checks.document import Contract
from contract_tests.checks.json_schema import plain, with_typed_enums
from contract_tests.checks.left_to_http import is_about_the_envelope, is_before_the_application
from contract_tests.checks.response_checks import judge
from contract_tests.observations.keyword_coverage import Coverage
from contract_tests.target.exchange import Exchange, Received, Sent
from scripts.document.parse import parse_yaml

FILE = Path(__file__).parent / "documents" / "todo.yaml"
_TREE: Any = parse_yaml(FILE.read_bytes(), FILE.name)
CONTRACT = Contract(_TREE)
TASK = {"id": 1, "title": "Buy milk", "priority": 3, "done": False}
JSON = {"content-type": "application/json"}
PROBLEM = {"content-type": "application/problem+json"}


def exchange(
    method: str, target: str, status: int, answer: Any = None, sent: Any = None, headers: Any = None
) -> Exchange:
    """One request and its answer."""
    content = b"" if sent is None else sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    body = b"" if answer is None else answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    kind = PROBLEM if status >= 400 else JSON
    path = target.partition("?")[0]
    return Exchange(
        Sent(method, f"http://127.0.0.1/api/v1{target}", path, JSON if content else {}, content),
        Received(status, (kind if answer is not None else {}) if headers is None else headers, body),
    )


NO = {"title": "no", "status": 400}
CREATED = JSON | {"location": "/tasks/1"}
LISTED = JSON | {"x-total-count": "1"}

KEPT = {
    "a task": exchange("GET", "/tasks/17", 200, TASK),
    "a created task": exchange("POST", "/tasks", 201, TASK, {"title": "a"}, CREATED),
    "a list": exchange("GET", "/tasks?limit=50&done=true", 200, [TASK], headers=LISTED),
    "a refusal": exchange("POST", "/tasks", 400, NO, {}),
    "415 for no type": exchange("POST", "/tasks", 415, b"", b"{}", {}) and exchange("PATCH", "/tasks/1", 415),
    "501 for another method": exchange("PATCH", "/tasks/1", 501),
    "404 for another method": exchange("PATCH", "/tasks/1", 404),
    "another path of the server": exchange("GET", "/health", 200),
    "429 of a limiter": exchange(
        "GET", "/tasks/1", 429, b"slow down", headers={"content-type": "text/plain"}
    ),
    "nothing after a deletion": exchange("DELETE", "/tasks/1", 204),
    "an unclear bound": exchange("GET", "/tasks?limit=", 200, [], headers=LISTED),
}
BROKEN = {
    "a task of another kind": (
        "body-fits-the-schema",
        exchange("GET", "/tasks/17", 200, TASK | {"id": "17"}),
    ),
    "an exclusive bound": ("body-fits-the-schema", exchange("GET", "/tasks/17", 200, TASK | {"priority": 0})),
    "another media type": (
        "content-type-is-documented",
        exchange("GET", "/tasks/17", 200, TASK, headers={"content-type": "text/html"}),
    ),
    "no location": (
        "required-headers-are-there",
        exchange("POST", "/tasks", 201, TASK, {"title": "a"}, JSON),
    ),
    "a total in words": (
        "required-headers-are-there",
        exchange("GET", "/tasks", 200, [], headers=JSON | {"x-total-count": "many"}),
    ),
    "a body that is taken": ("bad-request-is-refused", exchange("POST", "/tasks", 201, TASK, {}, CREATED)),
    "no body that is taken": ("bad-request-is-refused", exchange("POST", "/tasks", 201, TASK, None, CREATED)),
    "cut JSON that is taken": (
        "bad-request-is-refused",
        exchange("POST", "/tasks", 201, TASK, b"{", CREATED),
    ),
    "a limit that is taken": (
        "bad-request-is-refused",
        exchange("GET", "/tasks?limit=51", 200, [], headers=LISTED),
    ),
    "a path that is taken": ("bad-request-is-refused", exchange("GET", "/tasks/0", 200, TASK)),
    "an undocumented status": ("status-is-documented", exchange("GET", "/tasks/17", 418, NO)),
    "a method nobody has": ("status-is-documented", exchange("PATCH", "/tasks/17", 200, TASK)),
    "500": ("status-fits-the-request", exchange("GET", "/tasks/17", 500)),
    "405 without Allow": ("method-refusal-names-methods", exchange("PATCH", "/tasks/17", 405)),
    "a body of 204": ("empty-statuses-are-empty", exchange("DELETE", "/tasks/17", 204, {})),
}


@pytest.mark.parametrize("seen", KEPT.values(), ids=KEPT)
def test_what_the_document_or_http_allows_is_no_finding(seen: Exchange) -> None:
    """RFC 9110 leaves much open; a false alarm costs the trust in all others."""
    assert judge(seen, CONTRACT) == []


@pytest.mark.parametrize(("check", "seen"), BROKEN.values(), ids=BROKEN)
def test_what_breaks_the_document_is_a_finding(check: str, seen: Exchange) -> None:
    """By the check that is meant for it."""
    assert check in {finding.check for finding in judge(seen, CONTRACT)}


def test_an_exclusive_bound_of_3_0_is_counted() -> None:
    """`minimum: 0, exclusiveMinimum: true` is a valid schema, and a keyword like any other."""
    coverage = Coverage(CONTRACT)

    coverage.saw(exchange("POST", "/tasks", 400, NO, {"title": "a", "priority": 0}))

    rows = {(r["pointer"], r["keyword"]): r for r in coverage.rows() if r["place"] == "POST /tasks request"}
    assert rows["/priority", "exclusiveMinimum"]["broken"] == 1


@pytest.mark.parametrize(
    ("schema", "translated"),
    [
        (
            {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
            {"type": "integer", "exclusiveMinimum": 0},
        ),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": False}, {"type": "integer", "minimum": 0}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"type": "object", "properties": {"example": {"type": "string", "example": "x"}}},
            {"type": "object", "properties": {"example": {"type": "string"}}},
        ),
        ({"type": "object", "required": ["a"], "properties": {"a": {"writeOnly": True}}}, None),
    ],
)
def test_a_schema_of_3_0_is_one_of_json_schema(schema: Any, translated: Any) -> None:
    """Names of properties are names, whatever keyword they are like."""
    assert plain(schema) == translated or plain(schema)["required"] == []


def test_a_path_without_parameters_comes_first() -> None:
    """`/tasks/mine` is another operation than `/tasks/{id}`."""
    answers = {"200": {"description": ""}}
    paths = {"/t/{id}": {"get": {"responses": answers}}, "/t/mine": {"get": {"responses": answers}}}
    contract = Contract({"openapi": "3.1.0", "paths": paths})

    found = [contract.find("GET", path) for path in ("/t/mine", "/t/17", "/t/17/x")]

    assert [each and each.path for each in found] == ["/t/mine", "/t/{id}", None]


def test_allow_names_the_methods_of_the_nearest_path() -> None:
    """A template that fits as well is another resource: its methods are not those of `/t/mine`."""
    answers = {"responses": {"200": {"description": ""}}}
    paths = {"/t/{id}": {"get": answers, "delete": answers}, "/t/mine": {"get": answers}}

    assert Contract({"openapi": "3.1.0", "paths": paths}).methods("/t/mine") == {"GET"}


def test_a_preference_is_advice() -> None:
    """`Accept-Language: *` comes from every browser, whatever an enum says (RFC 9110, section 12.5)."""
    language = {"name": "Accept-Language", "in": "header", "schema": {"type": "string", "enum": ["uk"]}}
    operation = {"parameters": [language], "responses": {"200": {"description": ""}}}
    contract = Contract({"openapi": "3.1.0", "paths": {"/a": {"get": operation}}})
    sent = Sent("GET", "http://127.0.0.1/a", "/a", {"accept-language": "*"}, b"")

    assert judge(Exchange(sent, Received(200, {}, b"")), contract) == []


@pytest.mark.parametrize(
    ("documented", "sent", "body", "is_left_open"),
    [
        ("application/json", "text/plain", b"a", True),
        ("application/json", "", b"a", True),
        ("application/json", "text/plain", b"", False),
        ("application/json", "", b"", False),
        ("*/*", "text/plain", b"a", False),
        ("*/*", "", b"a", False),
        ("application/*", "application/xml", b"a", False),
        ("application/*", "text/plain", b"a", True),
    ],
)
def test_422_is_left_open_for_a_body_of_another_type(
    documented: str, sent: str, body: bytes, is_left_open: bool
) -> None:
    """A range in the document holds many types, and no body has none."""
    operation = {"requestBody": {"content": {documented: {}}}, "responses": {"204": {"description": ""}}}
    contract = Contract({"openapi": "3.1.0", "paths": {"/a": {"post": operation}}})
    headers = {"content-type": sent} if sent else {}

    asked = Sent("POST", "http://127.0.0.1/a", "/a", headers, body)

    assert is_about_the_envelope(asked, 422, contract) is is_left_open


@pytest.mark.parametrize(
    ("target", "headers", "is_left_open"),
    [
        *(("/a?q=x%0Ay", {}, False), ("/a?q=%09", {}, False), ("/a?q=x%C2%85&r=%7F", {}, False)),
        *(("/a?q=x", {"x-a": "one\ttwo"}, False), ("/a?q=%C3%A9", {}, False)),
        *(("/a?q=%00", {}, True), ("/a?q%0A=x", {}, True), ("/a?%09", {}, True), ("/a?q=%FF", {}, True)),
        *(("/a%0Ab", {}, True), ("/a%00", {}, True), ("/a%FF", {}, True), ("/a?q=\xe9", {}, True)),
        *(("/a?q=x y", {}, True), ("/a", {"x-a": "\xe9"}, True), ("/a", {"x-a": "\x01"}, True)),
    ],
)
def test_400_is_left_open_only_for_what_stands_before_the_application(
    target: str, headers: dict[str, str], is_left_open: bool
) -> None:
    """The value of a parameter is data, and an encoded line end in it is no reason to refuse it."""
    text = {"name": "q", "in": "query", "schema": {"type": "string"}}
    operation = {"parameters": [text], "responses": {"200": {"description": ""}}}
    contract = Contract({"openapi": "3.1.0", "paths": {"/a": {"get": operation}}})
    asked = Sent("GET", f"http://127.0.0.1{target}", target.partition("?")[0], headers, b"")

    assert is_about_the_envelope(asked, 400, contract) is is_left_open
    assert is_before_the_application(asked, 400) is is_left_open


def test_a_refusal_of_a_line_end_in_a_text_is_a_finding() -> None:
    """The document has a text there, and knows no 400."""
    text = {"name": "q", "in": "query", "schema": {"type": "string"}}
    operation = {"parameters": [text], "responses": {"200": {"description": ""}}}
    contract = Contract({"openapi": "3.1.0", "paths": {"/a": {"get": operation}}})
    asked = Sent("GET", "http://127.0.0.1/a?q=x%0Ay", "/a", {}, b"")

    (found,) = judge(Exchange(asked, Received(400, {}, b"")), contract)

    assert found.check == "status-is-documented"


def test_contradictions_have_a_place() -> None:
    """Examples, defaults and enums that do not fit the schema beside them."""
    schema = {"type": "integer", "example": "one", "default": "2", "enum": [1, "3"]}
    media = {"schema": {"type": "string"}, "example": 4}
    answer = {"description": "", "content": {"application/json": media}}
    document = Contract(
        {"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"200": answer}}}}}
        | {"components": {"schemas": {"S": schema}}}
    )

    assert [line.partition(" ")[0] for line in contradictions(document)] == [
        "#/paths/~1a/get/responses/200/content/application~1json/example",
        "#/components/schemas/S/example",
        "#/components/schemas/S/default",
        "#/components/schemas/S/enum/1",
    ]


@pytest.mark.parametrize(
    ("kind", "listed", "read"),
    [
        ("string", [1, 1.5, True, "a", None], ["1", "1.5", "true", "a", None]),
        ("integer", ["7", "many"], [7, "many"]),
        ("number", ["1.5", 2], [1.5, 2]),
        ("boolean", ["true", "1"], [True, "1"]),
        (["string", "null"], [1, None], ["1", None]),
        (["string", "integer"], [1, "a"], [1, "a"]),
        ("number", ["NaN", "1e400"], ["NaN", "1e400"]),
    ],
)
def test_an_enum_is_read_as_the_type_beside_it(kind: Any, listed: list[Any], read: list[Any]) -> None:
    """As client and mock read it: YAML without quotes makes numbers of texts."""
    schema = {"items": {"type": kind, "enum": listed}}

    found = with_typed_enums({"components": {"schemas": {"A": schema}}})["components"]["schemas"]["A"][
        "items"
    ]

    assert found["enum"] == read
    assert [type(one) for one in found["enum"]] == [type(one) for one in read]
    assert schema["items"]["enum"] is listed


@pytest.mark.parametrize(
    ("kind", "body", "broken"),
    [
        ("application/xml", b"<a><b/></a>", False),
        ("application/xml", b"<a><b></a>", True),
        ("application/xml", "<a>\u00fc</a>".encode(), False),
        ("application/xml", "<a>\u00fc</a>".encode("latin-1"), True),
        ("application/xml; charset=iso-8859-1", "<a>\u00fc</a>".encode("latin-1"), False),
        ("text/plain; charset=utf-8", "\u00fc".encode(), False),
        ("text/plain; charset=utf-8", "\u00fc".encode("utf-16"), True),
        ("text/plain; charset=utf-16", "\u00fc".encode("utf-16"), False),
        ("text/plain; charset=unheard-of", b"\xff", False),
        ("text/plain", b"\xff", False),
    ],
)
def test_an_answer_is_what_its_media_type_calls_it(kind: str, body: bytes, broken: bool) -> None:
    """Who reads XML or a text by its charset fails on all else."""
    content: dict[str, Any] = {"application/xml": {}, "text/plain": {}}
    operation = {"responses": {"200": {"description": "d", "content": content}}}
    contract = Contract(
        {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": operation}}}
    )
    one = exchange("GET", "/a", 200, body, headers={"content-type": kind})

    assert [each.check for each in judge(one, contract)] == ["content-type-is-documented"] * broken
