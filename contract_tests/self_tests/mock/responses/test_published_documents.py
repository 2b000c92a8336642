"""What documents as vendors publish them have in them, and what the mock makes of it."""

import json
from typing import Any

import pytest

from contract_tests.self_tests.mock.responses.test_requests import OK, PROBLEM, ask, mock_of
from novapost_mock import Mock
from novapost_mock.document.document import Document
from novapost_mock.document.report import report
from novapost_mock.keys.document import embedded
from novapost_mock.schemas.violation import DocumentError


def answering(schema: Any, schemas: Any = None, version: str = "3.0.3") -> Mock:
    """Return a mock whose only answer has this schema."""
    answer = {"200": {"content": {"application/json": {"schema": schema}}}}
    tree = {
        "openapi": version,
        "paths": {"/things": {"get": {"responses": answer}}},
        "components": {"schemas": schemas or {}},
    }
    return Mock(document=Document.from_tree(tree, b""))


def test_the_base_path_may_be_left_out_where_no_rules_are() -> None:
    """Tests written for a mock server that serves a document at the root find its operations here too."""
    tree = {
        "openapi": "3.0.3",
        "servers": [{"url": "https://a.example/api%20x/v1"}],
        "paths": {
            "/things/{id}": {
                "get": {"responses": {**OK, "404": PROBLEM}},
                "delete": {"responses": {"204": {}}},
            },
            "/{a}/{b}": {"get": {"responses": OK}},
        },
    }
    mock = Mock(document=Document.from_tree(tree, b""))

    assert ask(mock, "/things/1").status == 200
    assert ask(mock, "/things/1", "DELETE").status == 204
    assert [ask(mock, path).status for path in ("/things/1", "/api%20x/v1/things/1")] == [404, 404]
    # Below the base path only what is documented there counts, however open a template is.
    assert [ask(mock, path).status for path in ("/api%20x/v1", "/x/y", "/x")] == [404, 200, 404]
    assert "  note: requests may leave /api x/v1 out" in report(mock.document, "a.json")


def test_the_base_path_of_the_sandbox_may_not_be_left_out() -> None:
    """The sandbox answers under its base path and nowhere else, and so does its stand-in."""
    assert ask(Mock(), "/clients/authorization").status == 404
    assert not any("leave" in line for line in report(embedded(), "effective.json"))


KINDS: dict[str, Any] = {
    kind: {"allOf": [{"$ref": "#/components/schemas/Fault"}, {"properties": {"code": {"default": kind}}}]}
    for kind in ("KEY_EMPTY", "KEY_UNKNOWN")
}
KINDS["Fault"] = {"type": "object", "properties": {"code": {"type": "string"}}}


@pytest.mark.parametrize("beside", [{}, {"anyOf": [{"type": "object"}]}])
@pytest.mark.parametrize("order", [1, -1])
def test_branches_of_one_of_that_nothing_tells_apart_are_taken_for_any_of(beside: Any, order: int) -> None:
    """No value fits exactly one of two equal branches; what is documented is given, and the start says so."""
    one_of = [{"$ref": f"#/components/schemas/{kind}"} for kind in ("KEY_EMPTY", "KEY_UNKNOWN")]
    schema = dict(list({"oneOf": one_of, **beside}.items())[::order])
    mock = answering(schema, KINDS)

    for prefer in ("code=200", "code=200, dynamic=true"):
        assert ask(mock, prefer=prefer).status == 200
        assert isinstance(ask(mock, prefer=prefer).json()["code"], str)
    assert any("taken for anyOf" in line for line in report(mock.document, "a.json"))


def test_one_of_that_something_fits_stays_strict() -> None:
    """The lenient reading is for schemas without a value, not for those that are merely hard."""
    mock = answering({"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "maximum": 5}]})

    assert not 0 <= ask(mock).json() <= 5
    assert not any("anyOf" in line for line in report(mock.document, "a.json"))


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_mark_inside_all_of_counts(version: str) -> None:
    """A reference with something beside it is written as allOf in 3.0, writeOnly and all."""
    secret = {"allOf": [{"$ref": "#/components/schemas/Secret"}, {"description": "of the key"}]}
    schema = {
        "type": "object",
        "required": ["name", "secret"],
        "properties": {"name": {"type": "string"}, "secret": secret},
    }
    mock = answering(schema, {"Secret": {"type": "string", "writeOnly": True}}, version)

    assert ask(mock).json().keys() == {"name"}


def test_a_mark_in_all_of_that_goes_round_ends() -> None:
    """A schema that is itself part of its own allOf is refused by name and nothing runs without end."""
    schema = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}}
    mock = answering(schema, {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}})

    assert ask(mock).status == 501
    assert "refers to itself without end" in json.dumps(ask(mock).json())


@pytest.mark.parametrize(
    ("documented", "status"),
    [
        ({"401": PROBLEM, "404": PROBLEM}, 401),
        ({"403": PROBLEM, "404": PROBLEM}, 403),
        ({"404": PROBLEM, "default": PROBLEM}, 401),
        ({"400": PROBLEM, "404": PROBLEM}, 401),
        ({"400": PROBLEM}, 401),
    ],
)
def test_missing_credentials_are_refused_as_such(documented: Any, status: int) -> None:
    """Without 401 and 403 the document is silent; a 404 would be taken for another thing."""
    schemes = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    mock = mock_of({"responses": {**OK, **documented}, "security": [{"key": []}]}, components=schemes)

    assert ask(mock, X_Key="test-token").status == 200
    assert ask(mock).status == status
    assert "credentials" in ask(mock).body.decode()


@pytest.mark.parametrize(
    ("documented", "status"), [("404", 404), ("410", 410), ("403", 403), ("409", 409), ("400", 200)]
)
def test_what_was_deleted_is_refused_with_a_documented_status(documented: str, status: int) -> None:
    """404 if there is one; a status that blames the form of the request does not stand in for it."""
    item = {"get": {"responses": {**OK, documented: PROBLEM}}, "delete": {"responses": {"204": {}}}}
    tree = {"openapi": "3.0.3", "paths": {"/things/{id}": item}}
    mock = Mock(document=Document.from_tree(tree, b""))

    assert ask(mock, "/things/1", "DELETE").status == 204
    assert (ask(mock, "/things/1").status, ask(mock, "/things/2").status) == (status, 200)


@pytest.mark.parametrize(
    ("deleted", "asked"),
    [
        ("/things/refs/1", "/things/ref/1"),
        ("/things/1", "/things/1:cancel"),
        ("/things/1", "/things/1/parts"),
    ],
)
def test_what_was_deleted_is_gone_by_every_way_to_it(deleted: str, asked: str) -> None:
    """Some APIs name a collection in the plural and an item in the singular, and put verbs behind a colon."""
    get = {"get": {"responses": {**OK, "404": PROBLEM}}}
    paths = {
        "/things/refs/{id}": {"delete": {"responses": {"204": {}}}},
        "/things/ref/{id}": get,
        "/things/{id}": {"delete": {"responses": {"204": {}}}, **get},
        "/things/{id}:cancel": get,
        "/things/{id}/parts": get,
    }
    mock = Mock(document=Document.from_tree({"openapi": "3.0.3", "paths": paths}, b""))

    assert ask(mock, asked).status == 200
    assert ask(mock, deleted, "DELETE").status == 204
    assert ask(mock, asked).status == 404
    assert ask(mock, asked.replace("1", "1s")).status == 200  # only words of the document have a plural


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("required", [[], ["message"]])
def test_branches_of_one_of_that_overlap_are_told_apart(required: list[str], closed: bool) -> None:
    """Errors are often a oneOf of shapes without required properties; a body that fits both breaks it."""
    text = {"type": "string"}
    plain = {"properties": {"message": text, "url": text}}
    more = {"properties": {"message": text, "metadata": {"type": "object"}}}
    branches: list[dict[str, Any]] = [
        {"type": "object", "required": required, **each} for each in (plain, more)
    ]
    if closed:
        branches[1]["additionalProperties"] = False
    mock = answering({"oneOf": branches})

    for prefer in ("code=200", "code=200, dynamic=true"):
        body = ask(mock, prefer=prefer).json()
        # Judged by hand: it breaks one of the two and nothing else.
        fits = [
            all(isinstance(body.get(name, kind()), kind) for name, kind in types.items()) and extra_ok
            for types, extra_ok in (
                ({"message": str, "url": str}, True),
                ({"message": str, "metadata": dict}, not closed or body.keys() <= {"message", "metadata"}),
            )
        ]
        assert fits.count(True) == 1
    assert not any("anyOf" in line for line in report(mock.document, "a.json"))


PAGE = {
    "$id": "https://a.example/page",
    "$defs": {"item": {"$dynamicAnchor": "item", "not": {}}},
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "minItems": 1, "items": {"$dynamicRef": "#item"}}},
}


def page_of(item: Any) -> Any:
    return {
        "$defs": {"item": {"$dynamicAnchor": "item", **item}},
        "$ref": "#/components/schemas/Page",
    }


@pytest.mark.parametrize(
    ("item", "kind"), [({"type": "integer"}, int), ({"$ref": "#/components/schemas/Name"}, str)]
)
def test_a_generic_schema_is_made_of_what_its_user_binds(item: Any, kind: type) -> None:
    """`$dynamicRef` is how OpenAPI 3.1 says `Page<T>`; the outermost anchor counts, two users do not mix."""
    schemas = {"Page": PAGE, "Name": {"type": "string"}}
    both = {"type": "array", "prefixItems": [page_of({"type": "boolean"}), page_of(item)], "minItems": 2}
    mock = answering(both, schemas, "3.1.0")

    for prefer in ("code=200", "code=200, dynamic=true"):
        first, second = ask(mock, prefer=prefer).json()[:2]
        assert {type(each) for each in first["data"]} == {bool}
        assert {type(each) for each in second["data"]} == {kind}
    assert not any("$" in line for line in report(mock.document, "a.json"))


def test_a_tree_whose_nodes_its_user_extends() -> None:
    """The other use of `$dynamicRef`: a recursive schema that stays itself in its children."""
    tree = {
        "$dynamicAnchor": "node",
        "type": "object",
        "properties": {"children": {"type": "array", "minItems": 1, "items": {"$dynamicRef": "#node"}}},
    }
    named = {
        "$dynamicAnchor": "node",
        "$ref": "#/components/schemas/Tree",
        "required": ["name"],
        "properties": {"name": {"type": "string"}},
    }
    mock = answering({"$ref": "#/components/schemas/Named"}, {"Tree": tree, "Named": named}, "3.1.0")

    body = ask(mock).json()
    assert isinstance(body["name"], str)
    answer = mock.document.operations[0].answers.exact[200]
    assert answer.violations({"name": "a", "children": [{"name": "b"}]}) == []
    assert answer.violations({"name": "a", "children": [{}]})


def test_a_generic_schema_that_nobody_binds_takes_its_operation_out() -> None:
    """By name and with the reason, as whatever else is not understood."""
    mock = answering({"type": "array", "items": {"$dynamicRef": "#item"}}, {}, "3.1.0")

    assert ask(mock).status == 501
    assert "no $dynamicAnchor is in reach of #item" in mock.document.operations[0].reason


def test_anchors_that_can_be_bound_in_too_many_ways_take_the_operation_out() -> None:
    """Sixteen schemas that lead to each other have 65,536 ways; the start must not take minutes."""
    names = [f"S{number}" for number in range(16)]
    properties = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    schemas = {
        name: {
            "$dynamicAnchor": name,
            "properties": {**properties, "self": {"$dynamicRef": f"#{name}"}},
        }
        for name in names
    }

    mock = answering({"$ref": "#/components/schemas/S0"}, schemas, "3.1.0")
    assert "under dynamic anchors" in mock.document.operations[0].reason


def test_paths_that_all_lie_in_other_files_are_refused_in_one_line() -> None:
    """A mock of nothing would answer 404 to everything; one that leads out beside others is only noted."""
    out = {"$ref": "./paths/a.yaml"}
    line = "#/paths//a: ./paths/a.yaml leads out of the document and is not followed; only files of"
    with pytest.raises(DocumentError, match=line):
        Document.from_tree({"openapi": "3.0.3", "paths": {"/a": out}}, b"")

    tree = {"openapi": "3.0.3", "paths": {"/a": out, "/b": {"get": {"responses": OK}}}}
    lines = list(report(Document.from_tree(tree, b""), "a.json"))
    assert [each for each in lines if line in each] == [
        f"  note: {line} its own folder are read",
    ]


def test_what_the_api_itself_calls_is_noted() -> None:
    """A document of webhooks alone is no mistake, and its mock has nothing to answer."""
    document = Document.from_tree({"openapi": "3.1.0", "webhooks": {"new": {"post": {"responses": OK}}}}, b"")

    assert document.operations == ()
    assert "  note: #/webhooks: calls that the API itself makes are not imitated" in report(
        document, "a.json"
    )


@pytest.mark.parametrize("reference", ["#Count", "https://a.example/count"])
def test_a_schema_may_be_named_by_its_id_or_anchor(reference: str) -> None:
    """Neither leads out of the document, though neither is a pointer."""
    count = {"$id": "https://a.example/count", "$anchor": "Count", "type": "integer", "minimum": 7}
    mock = answering({"$ref": reference}, {"a/b%": count}, "3.1.0")

    assert ask(mock).json() == 7


@pytest.mark.parametrize(
    ("url", "path"), [(".", "/a"), ("./v1/", "/v1/a"), ("../v1/./x", "/v1/x/a"), ("/v.1/", "/v.1/a")]
)
def test_servers_relative_to_the_document(url: str, path: str) -> None:
    """Clients take dots out of a path before they send it (RFC 3986, 5.2.4)."""
    tree = {"openapi": "3.0.3", "servers": [{"url": url}], "paths": {"/a": {"get": {"responses": OK}}}}
    mock = Mock(document=Document.from_tree(tree, b""))

    assert ask(mock, path).status == 200
    assert mock.document.base_path == path.removesuffix("/a")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    "part", [{"$ref": "#/components/schemas/Account"}, {"required": ["secret"]}], ids=str
)
def test_a_part_that_asks_for_what_another_part_keeps_back_does_not_count(part: Any, version: str) -> None:
    """A writeOnly property has no place in answers, in whichever part of an allOf it is required."""
    account = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "secret": {"type": "string", "writeOnly": True}},
    }
    schema = {"allOf": [{"$ref": "#/components/schemas/Account"}, part], "required": ["name", "secret"]}
    mock = answering(schema, {"Account": account}, version)

    assert ask(mock).json().keys() == {"name"}


@pytest.mark.parametrize(
    ("kind", "values", "first"),
    [
        ("string", [1, 2], "1"),
        ("string", [1.5], "1.5"),
        ("string", [True], "true"),
        ("integer", ["7"], 7),
        ("number", ["1.5"], 1.5),
        ("boolean", ["false"], False),
        ("boolean", ["True"], True),
        ("boolean", [" FALSE "], False),
        ("integer", ["+7"], 7),
        ("integer", [" -7 "], -7),
        ("number", ["-0.5"], -0.5),
    ],
)
def test_an_enum_is_read_as_the_type_beside_it(kind: str, values: Any, first: Any) -> None:
    """YAML without quotes makes numbers of texts; the client reads them so, too."""
    mock = answering({"type": kind, "enum": values})

    assert ask(mock).json() == first
    assert type(ask(mock).json()) is type(first)
    assert any(f"read as {kind}" in line for line in report(mock.document, "a.json"))


def test_an_enum_that_the_type_cannot_hold_stays_as_it_is() -> None:
    """Nothing is guessed: the contradiction is told, as before."""
    assert ask(answering({"type": "integer", "enum": ["many"]})).status == 501


@pytest.mark.parametrize("mapping", [{"big cat": "#/components/schemas/Cat", "dog": "Dog"}, None])
def test_a_discriminator_names_a_schema_that_it_knows(mapping: Any) -> None:
    """The parent of several schemas is told apart by a value of the mapping, or by the name of the schema."""
    discriminator = {"propertyName": "kind", **({"mapping": mapping} if mapping else {})}
    schemas = {
        "Animal": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
            "discriminator": discriminator,
        },
        "Cat": {
            "allOf": [{"$ref": "#/components/schemas/Animal"}, {"properties": {"lives": {"type": "integer"}}}]
        },
        "Dog": {"allOf": [{"$ref": "#/components/schemas/Animal"}]},
    }
    kinds = {
        name: ask(answering({"$ref": f"#/components/schemas/{name}"}, schemas)).json()["kind"]
        for name in schemas
    }

    wanted = {"Cat": "big cat", "Dog": "dog"} if mapping else {"Animal": "Animal", "Cat": "Cat", "Dog": "Dog"}
    assert kinds == {"Animal": "big cat", **wanted}


def test_a_format_that_a_part_contradicts_is_passed_over() -> None:
    """A moment that is an identifier as well, by an allOf: answers are given all the same, with a note."""
    schema = {"type": "string", "format": "date-time", "allOf": [{"$ref": "#/components/schemas/Id"}]}
    mock = answering(schema, {"Id": {"type": "string", "pattern": "^se-[0-9]+$"}})

    assert ask(mock).json().startswith("se-")
    assert any("the format is passed over" in line for line in report(mock.document, "a.json"))


@pytest.mark.parametrize(
    "reference", ["https://a.example/parcel#label", "#label", "https://a.example/parcel"]
)
def test_a_schema_is_found_by_its_address_and_its_anchor(reference: str) -> None:
    """JSON Schema 2020-12, core, 8.2: `$id`, `$anchor`, and both together."""
    label = {
        "$anchor": "label",
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"const": "L"}},
    }
    parcel = {
        "$id": "https://a.example/parcel",
        "type": "object",
        "required": ["label"],
        "properties": {"label": {"$ref": "#label"}},
        "$defs": {"label": label},
    }
    body = ask(answering({"$ref": reference}, {"Parcel": parcel}, "3.1.0")).json()

    assert (body if "label" in reference else body["label"]) == {"code": "L"}


@pytest.mark.parametrize(
    ("name", "schema", "text"),
    [
        ("Last-Modified", {"type": "string"}, "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("Retry-After", {"type": "string"}, "1"),
        ("Retry-After", {"type": "integer", "minimum": 30, "maximum": 30}, "30"),
        ("ETag", {"type": "string"}, '"1"'),
        ("ETag", {"type": "string", "enum": ['W/"a"']}, 'W/"a"'),
    ],
)
def test_a_header_of_http_has_the_form_that_http_gives_it(name: str, schema: Any, text: str) -> None:
    """A document calls it a text; a client that reads it by RFC 9110 would stumble over any other."""
    answer = {"200": {"headers": {name: {"schema": schema}}}}
    tree = {"openapi": "3.0.3", "paths": {"/things": {"get": {"responses": answer}}}}

    assert (name, text) in ask(Mock(document=Document.from_tree(tree, b""))).headers


def test_an_empty_body_that_nobody_requires_is_none() -> None:
    """Whatever media type the request names for it."""
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    body = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    tree = {"openapi": "3.0.3", "paths": {"/things": {"post": {"requestBody": body, "responses": OK}}}}
    mock = Mock(document=Document.from_tree(tree, b""))

    assert ask(mock, method="POST", content_type="application/x-www-form-urlencoded").status == 200
    assert (
        ask(mock, method="POST", body=b"b=1", content_type="application/x-www-form-urlencoded").status == 422
    )


def test_a_content_that_is_a_reference_is_what_it_leads_to() -> None:
    """Some bundlers write one in place of the media types."""
    tree = {
        "openapi": "3.0.3",
        "paths": {
            "/things": {
                "get": {"responses": {"200": {"content": {"$ref": "#/components/mediaTypes/number"}}}}
            }
        },
        "components": {"mediaTypes": {"number": {"application/json": {"schema": {"enum": [7]}}}}},
    }

    assert ask(Mock(document=Document.from_tree(tree, b""))).json() == 7
