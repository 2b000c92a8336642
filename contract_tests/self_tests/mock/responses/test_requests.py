"""What an operation without rules asks of a request, and how it refuses."""

import base64
import json
from typing import Any

import pytest

from novapost_mock import Mock, Reply, Request
from novapost_mock.document.document import Document
from novapost_mock.keys.document import of_tree
from novapost_mock.messages import MAX_TAKEN
from novapost_mock.responses.media_type import MediaType, parse, preferred
from novapost_mock.responses.parameters import cookies
from novapost_mock.responses.security import is_taken

TEXT = {"schema": {"type": "string"}}
PROBLEM = {
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["title", "status"],
                "properties": {
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                },
            }
        }
    }
}
OK = {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}}


def mock_of(operation: Any, path: str = "/things", method: str = "get", **top: Any) -> Mock:
    """Return a mock of one operation; answers are 200 and a default unless it says otherwise."""
    operation = {"responses": {**OK, "default": PROBLEM}, **operation}
    tree: dict[str, Any] = {"openapi": "3.0.3", "paths": {path: {method: operation}}, **top}
    mock = Mock(document=Document.from_tree(tree, b""))
    assert [each.reason for each in mock.document.operations] == [""]
    return mock


def ask(mock: Mock, target: str = "/things", method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
    path, _, query = target.partition("?")
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return mock.handle(Request(method, path, query, named, body))


def parameter(where: str, schema: Any, **more: Any) -> Any:
    return {"parameters": [{"name": "p", "in": where, "schema": schema, **more}]}


INTEGERS = {"type": "array", "items": {"type": "integer"}}
POINT = {
    "type": "object",
    "required": ["x"],
    "properties": {"x": {"type": "integer"}, "y": {"type": "boolean"}},
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("schema", "more", "good", "bad"),
    [
        ({"type": "integer"}, {}, ["p=5", "p=-5", "", "q=x"], ["p=", "p=5.5", "p=x", "p=5&p=6"]),
        ({"type": "number"}, {}, ["p=5", "p=5.5", "p=1e3"], ["p=x", "p=1e999", "p=NaN"]),
        ({"type": "boolean"}, {}, ["p=true", "p=false"], ["p=yes", "p=1", "p="]),
        ({"type": "string", "minLength": 1}, {"required": True}, ["p=5", "p=%D0%9A"], ["", "p="]),
        ({"type": "string", "enum": ["дата", "вага"]}, {}, ["p=%D0%B4%D0%B0%D1%82%D0%B0"], ["p=data"]),
        ({"type": "integer", "nullable": True}, {}, ["p=", "p=null", "p=1"], ["p=nil"]),
        ({"type": "string", "format": "date", "nullable": True}, {}, ["p=null", "p=2026-01-31"], ["p="]),
        ({"type": "integer"}, {"allowEmptyValue": True}, ["p=", "p"], ["p=x"]),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, {}, ["p=1", "p=true"], ["p=x"]),
        (INTEGERS, {}, ["p=1", "p=1&p=2"], ["p=x", "p=1,2", "p="]),
        (INTEGERS, {"explode": False}, ["p=1", "p=1,2", "p="], ["p=1,x"]),
        ({"type": "array", "items": {"enum": ["sold"]}}, {}, ["p=sold", ""], ["p="]),
        (INTEGERS, {"style": "pipeDelimited", "explode": False}, ["p=1%7C2", "p=1|2"], ["p=1,2"]),
        (INTEGERS, {"style": "spaceDelimited", "explode": False}, ["p=1%202", "p=1+2"], ["p=1,2"]),
        ({**INTEGERS, "maxItems": 2}, {}, ["p=1&p=2"], ["p=1&p=2&p=3"]),
        (POINT, {}, ["x=1", "x=1&y=true"], ["x=a", "x=1&y=2"]),
        (POINT, {"required": True}, ["x=1"], ["", "y=true"]),
        (POINT, {"explode": False}, ["p=x,1", "p=x,1,y,true"], ["p=x,a", "p=x", "p=z,1"]),
        (
            POINT,
            {"style": "deepObject"},
            ["p[x]=1", "p%5Bx%5D=1&p[y]=true"],
            ["p[x]=a", "p[z]=1", "p[x]=1&p[z]=2"],
        ),
    ],
)
def test_query_parameters(schema: Any, more: Any, good: list[str], bad: list[str]) -> None:
    """Every style of OpenAPI 3.1, 4.8.12.2, in which a query may be written."""
    mock = mock_of(parameter("query", schema, **more))

    assert {query: ask(mock, f"/things?{query}").status for query in good} == dict.fromkeys(good, 200)
    assert {query: ask(mock, f"/things?{query}").status for query in bad} == dict.fromkeys(bad, 422)


def test_a_name_with_brackets_is_a_name() -> None:
    """`ids[]` is how many documents write lists."""
    mock = mock_of({"parameters": [{"name": "ids[]", "in": "query", "required": True, "schema": INTEGERS}]})

    assert ask(mock, "/things?ids[]=1&ids%5B%5D=2").status == 200
    assert ask(mock, "/things?ids=1").status == 422


@pytest.mark.parametrize(
    ("schema", "more", "good", "bad"),
    [
        ({"type": "integer", "minimum": 1}, {}, ["5"], ["0", "x", "5.5"]),
        ({"type": "string"}, {}, ["a%2Fb", "%D0%9A%D0%B8%D1%97%D0%B2"], []),
        (INTEGERS, {}, ["1", "1,2"], ["1,x"]),
        ({"type": "array", "items": {"type": "string", "maxLength": 3}}, {}, ["a%2Cb,c"], ["abcd"]),
        (INTEGERS, {"style": "label"}, [".1", ".1,2"], ["1"]),
        (INTEGERS, {"style": "label", "explode": True}, [".1.2"], [".1,2"]),
        (INTEGERS, {"style": "matrix"}, [";p=1,2"], ["1,2", ";q=1"]),
        (INTEGERS, {"style": "matrix", "explode": True}, [";p=1;p=2"], [";p=1;q=2"]),
        (POINT, {}, ["x,1,y,true"], ["x,a"]),
        (POINT, {"explode": True}, ["x=1,y=true"], ["x,1"]),
    ],
)
def test_path_parameters(schema: Any, more: Any, good: list[str], bad: list[str]) -> None:
    """A delimiter that was encoded belongs to the value."""
    mock = mock_of(parameter("path", schema, required=True, **more), path="/things/{p}")

    assert {text: ask(mock, f"/things/{text}").status for text in good} == dict.fromkeys(good, 200)
    assert {text: ask(mock, f"/things/{text}").status for text in bad} == dict.fromkeys(bad, 422)


def test_header_and_cookie_parameters() -> None:
    """Names of headers in any case; Accept, Content-Type and Authorization cannot be described."""
    listed = [
        {"name": "X-Count", "in": "header", "required": True, "schema": {"type": "integer"}},
        {"name": "X-List", "in": "header", "schema": INTEGERS},
        {"name": "Accept", "in": "header", "required": True, "schema": {"enum": ["never"]}},
        {"name": "session", "in": "cookie", "schema": {"type": "string", "minLength": 4}},
    ]
    mock = mock_of({"parameters": listed})

    assert ask(mock, x_count="5").status == 200
    assert ask(mock, X_COUNT=" 5 ", x_list="1, 2", cookie="a=b; session=abcd").status == 200
    assert ask(mock).status == 422
    assert ask(mock, x_count="x").status == 422
    assert ask(mock, x_count="5", x_list="1,x").status == 422
    assert ask(mock, x_count="5", cookie="session=abc").status == 422


def body_of(media: str, schema: Any, required: bool = True) -> Any:
    return {"requestBody": {"required": required, "content": {media: {"schema": schema}}}}


FORM = {
    "type": "object",
    "required": ["n"],
    "properties": {"n": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}}},
}


def multipart(*parts: tuple[str, str]) -> bytes:
    lines = [
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts
    ]
    return "".join((*lines, "--B--\r\n")).encode()


@pytest.mark.parametrize(
    ("media", "schema", "content_type", "body", "status"),
    [
        ("application/json", FORM, "application/json", b'{"n": 1}', 200),
        ("application/json", FORM, "application/json; charset=utf-8", b'{"n": 1}', 200),
        ("application/json", FORM, "application/json", b'{"n": "1"}', 422),
        ("application/json", FORM, "application/json", b'{"n": 1', 400),
        ("application/json", FORM, "application/json", b"", 400),
        ("application/json", FORM, "text/plain", b'{"n": 1}', 415),
        ("application/json", FORM, "", b'{"n": 1}', 415),
        ("application/*", FORM, "application/vnd.x+json", b'{"n": 1}', 200),
        ("*/*", FORM, "application/json", b"{}", 422),
        (
            "application/x-www-form-urlencoded",
            FORM,
            "application/x-www-form-urlencoded",
            b"n=1&tags=a&tags=b",
            200,
        ),
        (
            "application/x-www-form-urlencoded",
            FORM,
            "application/x-www-form-urlencoded",
            b"n=1&tags[]=a",
            200,
        ),
        ("application/x-www-form-urlencoded", FORM, "application/x-www-form-urlencoded", b"n=x", 422),
        (
            "multipart/form-data",
            FORM,
            "multipart/form-data; boundary=B",
            multipart(("n", "1"), ("tags", "a")),
            200,
        ),
        ("multipart/form-data", FORM, 'multipart/form-data; boundary="B"', multipart(("n", "x")), 422),
        ("multipart/form-data", FORM, "multipart/form-data; boundary=C", multipart(("n", "1")), 400),
        ("multipart/form-data", FORM, "multipart/form-data", multipart(("n", "1")), 400),
        ("text/plain", {"type": "string", "minLength": 2}, "text/plain", "Київ".encode(), 200),
        ("text/plain", {"type": "string", "minLength": 2}, "text/plain", b"a", 422),
        ("text/plain", {"type": "string"}, "text/plain", b"\xff", 400),
        ("application/xml", FORM, "application/xml", b"<f><n>1</n><tags>a</tags><tags>b</tags></f>", 200),
        ("application/xml", FORM, "application/xml", b"<f><n>x</n></f>", 422),
        ("application/xml", FORM, "application/xml", b"<f>", 400),
        ("application/xml", FORM, "application/xml", b'<!DOCTYPE f [<!ENTITY a "b">]><f><n>1</n></f>', 400),
        (
            "application/octet-stream",
            {"type": "string", "format": "binary"},
            "application/octet-stream",
            b"\xff\x00",
            200,
        ),
        ("application/pdf", {"type": "string", "format": "binary"}, "image/png", b"\xff\x00", 415),
        ("application/pdf", {"type": "string", "format": "binary"}, "application/pdf", b"", 200),
        ("application/pdf", {"type": "string", "minLength": 1}, "application/pdf", b"", 400),
        ("application/pdf", {"type": "string", "format": "binary"}, "", b"", 400),
        ("application/xml", {}, "application/xml", b"", 400),
    ],
)
def test_bodies(media: str, schema: Any, content_type: str, body: bytes, status: int) -> None:
    """415 for a type that is not documented, 400 for what cannot be read, 422 for what does not fit."""
    refusals = {str(code): PROBLEM for code in (400, 415, 422)}
    mock = mock_of({**body_of(media, schema), "responses": {**OK, **refusals}}, method="post")
    headers = {"content_type": content_type} if content_type else {}

    reply = ask(mock, method="POST", body=body, **headers)

    assert (reply.status, reply.body) == (status, reply.body)


@pytest.mark.parametrize(("text", "status"), [("12", 200), ("5000", 200), ("500", 422), ("true", 422)])
@pytest.mark.parametrize(
    ("media", "before", "after"),
    [("application/xml", "<f><e>", "</e></f>"), ("application/x-www-form-urlencoded", "e=", "")],
)
def test_a_text_is_read_as_what_fits(media: str, before: str, after: str, text: str, status: int) -> None:
    """On the wire 12 may be a number or a text; it is refused if it is neither as the schema has them."""
    either = {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "integer", "minimum": 1000}]}
    schema = {"type": "object", "required": ["e"], "properties": {"e": either}}
    mock = mock_of(body_of(media, schema), method="post")

    body = f"{before}{text}{after}".encode()
    assert ask(mock, method="POST", body=body, content_type=media).status == status


FORMATS = {
    "date": ("2026-01-31", "2026-02-31"),
    "date-time": ("2026-01-31T10:00:00Z", "2026-01-31"),
    "time": ("10:00:00Z", "25:00:00Z"),
    "duration": ("P3D", ""),
    "email": ("a@b.example", "a"),
    "hostname": ("a.example", "-a-"),
    "ipv4": ("192.0.2.1", "192.0.2"),
    "ipv6": ("2001:db8::1", "2001:db8"),
    "uri": ("https://a.example/", "a b"),
    "uri-reference": ("/a", "%5C%25"),
    "iri": ("https://a.example/", "a b"),
    "uuid": ("7b0a1b5e-0f5c-4c4e-9b0a-1b5e0f5c4c4e", "7b0a1b5e"),
    "json-pointer": ("/a", "a"),
    "uri-template": ("/a", "%7B"),
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str, version: str) -> None:
    """3.0 has fewer of them by its draft; those who write them mean the same by them."""
    good, bad = FORMATS[name]
    mock = mock_of(parameter("query", {"type": "string", "format": name}), openapi=version)

    assert [ask(mock, f"/things?p={text}").status for text in (good, bad)] == [200, 422]


LINES = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "type": "object",
                "required": ["price"],
                "properties": {"price": {"type": "string"}, "count": {"type": "integer"}, "ns": INTEGERS},
            },
        },
        "at": {"anyOf": [POINT, {"type": "string", "enum": [""]}]},
        "literal[]": INTEGERS,
    },
}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("items[0][price]=p&items[0][count]=2&items[1][price]=q", 200),
        ("items[][price]=p", 200),
        ("items[0][price]=p&items[1][price]=p&items[2][price]=p", 422),
        ("items[0][count]=2", 422),
        ("items[0][price]=p&items[0][count]=x", 422),
        ("items[0][price]=p&items[0][ns][]=1&items[0][ns][]=2", 200),
        ("items[0][price]=p&items[0][ns][1]=1&items[0][ns][0]=x", 422),
        ("items[0]=p", 422),
        ("at[x]=1&at[y]=true", 200),
        ("at[x]=1&at[z]=1", 422),
        ("at[y]=true", 422),
        ("at=", 200),
        ("at[x]=1&at=", 422),
        ("literal[]=1&literal[]=2", 200),
        ("literal[]=x", 422),
        ("other[x]=1", 200),
        ("items" + "[0]" * 500 + "=1", 200),
    ],
)
def test_parts_of_a_form_have_brackets_in_their_names(body: str, status: int) -> None:
    """As PHP, Rails and Stripe write objects and lists in forms; each part is judged where it belongs."""
    mock = mock_of(body_of("application/x-www-form-urlencoded", LINES), method="post")

    asked = ask(mock, method="POST", body=body.encode(), content_type="application/x-www-form-urlencoded")
    assert asked.status == status


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (INTEGERS, ["p[]=1&p[]=2", "p[1]=1&p[0]=2"], ["p[]=x", "p[0][y]=1", ""]),
        (
            {"type": "object", "properties": {"a": POINT}},
            ["p[a][x]=1", "p[b]=1", "p[b][c]=x"],
            ["p[a][x]=no", "p[a][y]=true", "p[a]=1", ""],
        ),
    ],
)
def test_a_deep_object_may_be_deeper_than_one_level(schema: Any, good: list[str], bad: list[str]) -> None:
    """OpenAPI leaves it open; those who write it mean what forms mean by it."""
    mock = mock_of(parameter("query", schema, style="deepObject", required=True))

    assert {query: ask(mock, f"/things?{query}").status for query in good} == dict.fromkeys(good, 200)
    assert {query: ask(mock, f"/things?{query}").status for query in bad} == dict.fromkeys(bad, 422)


def test_a_body_may_be_left_out_where_it_is_not_required() -> None:
    """And one that is too large is refused without a look at it."""
    mock = mock_of(body_of("application/json", FORM, required=False), method="post")

    assert ask(mock, method="POST").status == 200
    assert ask(mock, method="POST", body=b"{}", content_type="application/json").status == 422
    assert (
        ask(mock, method="POST", body=b" " * (MAX_TAKEN + 1), content_type="application/json").status == 413
    )


def test_a_body_may_be_as_long_as_files_are() -> None:
    """The rules take 64 KiB; a picture or a long text that the document allows is more."""
    schema = {"type": "string", "maxLength": 100_000}
    mock = mock_of(body_of("application/json", schema), method="post")

    for length, status in ((100_000, 200), (100_001, 422)):
        body = json.dumps("x" * length).encode()
        assert ask(mock, method="POST", body=body, content_type="application/json").status == status


def test_what_belongs_into_answers_alone_is_not_asked_for() -> None:
    """readOnly: an id that the server gives (OpenAPI 3.0.4, 4.7.24.1)."""
    schema = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}},
    }
    mock = mock_of(body_of("application/json", schema), method="post")

    assert ask(mock, method="POST", body=b'{"name": "a"}', content_type="application/json").status == 200
    assert ask(mock, method="POST", body=b'{"id": 1}', content_type="application/json").status == 422


_GIVEN = {"type": "integer", "readOnly": True}
_NEEDED = {"type": "object", "required": ["id", "name"]}
_OBJECT = {"type": "object", "properties": {"id": _GIVEN, "name": {"type": "string"}}}
_REF = {"$ref": "#/components/schemas/Part"}


@pytest.mark.parametrize(
    ("version", "part", "schema"),
    [
        ("3.0.3", _NEEDED, {"allOf": [_OBJECT, _REF]}),
        ("3.0.3", _NEEDED, {"allOf": [_REF], "properties": _OBJECT["properties"]}),
        ("3.0.3", {"allOf": [_NEEDED]}, {"allOf": [{"allOf": [_REF]}, _OBJECT]}),
        ("3.1.0", _NEEDED, {"$ref": _REF["$ref"], "properties": _OBJECT["properties"]}),
        ("3.1.0", _OBJECT, {"$ref": _REF["$ref"], "required": ["id", "name"]}),
    ],
)
def test_what_belongs_into_answers_is_not_asked_for_behind_a_reference(
    version: str, part: Any, schema: Any
) -> None:
    """A schema of several parts often says in one what it needs, and in another what the server gives."""
    mock = mock_of(
        body_of("application/json", schema),
        method="post",
        openapi=version,
        components={"schemas": {"Part": part}},
    )

    for body, status in ((b'{"name": "a"}', 200), (b"{}", 422)):
        assert ask(mock, method="POST", body=body, content_type="application/json").status == status


@pytest.mark.parametrize(
    ("documented", "status"),
    [
        (["200", "400"], 400),
        (["200", "422"], 422),
        (["200", "400", "422"], 422),
        (["200", "4XX"], 422),
        (["200", "default"], 422),
        (["200", "404"], 404),
        (["200"], 422),
    ],
)
def test_a_refusal_is_a_documented_one_where_there_is_any(documented: list[str], status: int) -> None:
    """The operation's own shape, with the reason in it; outside the document only if it leaves no choice."""
    responses = {key: OK["200"] if key == "200" else PROBLEM for key in documented}
    mock = mock_of({**parameter("query", {"type": "integer"}), "responses": responses})

    reply = ask(mock, "/things?p=x")

    problem = {"title": "text", "status": status, "detail": "Invalid query parameter: p"}
    mine = {"success": False, "errors": ["Invalid query parameter: p"]}
    assert (reply.status, reply.json()) == (status, mine if documented == ["200"] else problem)


SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "token"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "Bearer"},
    "oauth": {"type": "oauth2", "flows": {}},
    "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://example.com"},
}
GOOD = "sandbox-token"
BASIC = "Basic " + base64.b64encode(b"user:password").decode()
# A name without a colon and a password (RFC 7617, 2).
NO_PAIR = "Basic " + base64.b64encode(b"user").decode()


@pytest.mark.parametrize(
    ("security", "target", "headers", "status"),
    [
        ([{"key": []}], "/things", {}, 401),
        ([{"key": []}], "/things", {"x_key": GOOD}, 200),
        ([{"key": []}], "/things", {"x_key": "invalid-token"}, 401),
        ([{"key": []}], "/things", {"authorization": GOOD}, 401),
        ([{"query": []}], f"/things?token={GOOD}", {}, 200),
        ([{"query": []}], "/things?token=", {}, 401),
        ([{"cookie": []}], "/things", {"cookie": f"a=b; sid={GOOD}"}, 200),
        ([{"basic": []}], "/things", {"authorization": BASIC}, 200),
        ([{"basic": []}], "/things", {"authorization": f"Bearer {GOOD}"}, 401),
        ([{"basic": []}], "/things", {"authorization": "Basic %%%"}, 401),
        ([{"basic": []}], "/things", {"authorization": NO_PAIR}, 401),
        ([{"bearer": []}], "/things", {"authorization": f"bearer {GOOD}"}, 200),
        ([{"bearer": []}], "/things", {"authorization": GOOD}, 401),
        ([{"oauth": ["read"]}], "/things", {"authorization": f"Bearer {GOOD}"}, 200),
        ([{"oidc": []}], "/things", {"authorization": "Bearer expired-token"}, 401),
        ([{"key": [], "query": []}], "/things", {"x_key": GOOD}, 401),
        ([{"key": [], "query": []}], f"/things?token={GOOD}", {"x_key": GOOD}, 200),
        ([{"key": []}, {"query": []}], f"/things?token={GOOD}", {}, 200),
        ([{"key": []}, {}], "/things", {}, 200),
        ([], "/things", {}, 200),
        (None, "/things", {}, 401),
    ],
)
def test_security(security: Any, target: str, headers: Any, status: int) -> None:
    """Alternatives of combinations; an operation's own list replaces that of the document."""
    own = {} if security is None else {"security": security}
    mock = mock_of(own, security=[{"key": []}], components={"securitySchemes": SCHEMES})

    assert ask(mock, target, **headers).status == status


def test_a_refusal_of_credentials_says_which_are_wanted() -> None:
    """401 comes with a challenge (RFC 9110, 11.6.1), and 403 stands in where only that is documented."""
    top: Any = {"components": {"securitySchemes": SCHEMES}}
    first = ask(mock_of({"security": [{"bearer": []}, {"basic": []}]}, **top))
    second = ask(mock_of({"security": [{"bearer": []}], "responses": {**OK, "403": PROBLEM}}, **top))

    assert first.status == 401
    assert first.header_values("www-authenticate") == ['Bearer, Basic realm="mock", charset="UTF-8"']
    assert (second.status, second.json()["status"]) == (403, 403)


def test_a_required_authorization_among_the_parameters_means_credentials() -> None:
    """OpenAPI gives such a parameter no meaning, but many documents have it instead of security."""
    listed = [{"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}}]
    mock = mock_of({"parameters": listed})

    assert ask(mock).status == 401
    assert ask(mock, authorization="Bearer sandbox-token").status == 200


def test_credentials_can_be_named() -> None:
    """Then those are good and no others; `any` takes whatever is there."""
    tree = {
        "openapi": "3.0.3",
        "paths": {"/things": {"get": {"security": [{"bearer": []}], "responses": OK}}},
        "components": {"securitySchemes": SCHEMES},
    }
    document = Document.from_tree(tree, b"")
    named, anyone = Mock(document=document, credentials=["x"]), Mock(document=document, credentials=["any"])

    assert [ask(named, authorization=f"Bearer {text}").status for text in ("x", GOOD)] == [200, 401]
    assert [ask(anyone, authorization=f"Bearer {text}").status for text in ("q", "invalid")] == [200, 200]
    assert ask(anyone, authorization="Bearer ").status == 401


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("x", 200),
        ("Bearer x", 200),
        ("bearer x", 200),
        ("BEARER  x", 200),
        ("Token x", 200),
        ("ApiKey x", 200),
        ("Bearer y", 401),
        ("Basic x", 401),
        ("Bearerx", 401),
        ("Bearer", 401),
        ("x x", 401),
    ],
)
def test_a_key_may_stand_behind_a_word_that_people_put_before_it(text: str, status: int) -> None:
    """In any case; what follows is the key, and held against those that are good."""
    tree = {
        "openapi": "3.0.3",
        "paths": {"/things": {"get": {"security": [{"key": []}], "responses": OK}}},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "Authorization"}}
        },
    }
    named = Mock(document=Document.from_tree(tree, b""), credentials=["x"])

    assert ask(named, authorization=text).status == status


def test_credentials_that_are_given_twice_are_none() -> None:
    """Nobody can say which of the two is meant."""
    mock = mock_of({"security": [{"key": []}]}, components={"securitySchemes": SCHEMES})
    twice = (("X-Key", GOOD), ("x-key", GOOD))

    assert mock.handle(Request("GET", "/things", headers=twice[:1])).status == 200
    assert mock.handle(Request("GET", "/things", headers=twice)).status == 401


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ('a="b"', {"a": "b"}),
        ('a=""', {"a": ""}),
        ('a="', {"a": '"'}),
        ("a=", {"a": ""}),
        ("a", {}),
        ("a=1; a=2", {"a": "2"}),
        (" a = 1 ;b=%20", {"a ": " 1", "b": " "}),
    ],
)
def test_cookies_are_read_with_their_quotes_taken_off(header: str, read: dict[str, str]) -> None:
    """One quote is no pair of quotes, and nothing within quotes is an empty value (RFC 6265, 4.1.1)."""
    assert cookies([header]) == read


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ("test", True),
        ("xyz987", True),
        ("0", True),
        ("99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2", True),
        ("eyJhbGciOiJub25lIn0.eyJpc3MiOiJleGFtcGxlIn0.c2lnbmF0dXJl", True),
        ("badger", True),
        ("", False),
        ("wrong-token", False),
        ("SCHEMATHESIS-INVALID-VALUE", False),
        ("bad_token", False),
    ],
)
def test_any_credential_is_good_that_does_not_call_itself_bad(text: str, is_good: bool) -> None:
    """Nobody can know whose credentials are good; looks say nothing, and a word of its own asks for a 401."""
    assert is_taken(text) is is_good


@pytest.mark.parametrize("scheme", ["BaSiC", "basic", "BASIC"])
def test_the_case_of_a_scheme_says_nothing(scheme: str) -> None:
    """Neither in the document nor in the request (RFC 9110, 11.1)."""
    schemes = {"basic": {"type": "http", "scheme": scheme}}
    mock = mock_of({"security": [{"basic": []}]}, components={"securitySchemes": schemes})

    assert [ask(mock, authorization=f"{word} MTpk").status for word in ("Basic", "bAsIc")] == [200, 200]
    assert ask(mock, authorization="Basic %%%").status == 401


NAMED = {
    "200": {
        "content": {
            "application/json": {
                "schema": {"type": "integer"},
                "examples": {"one": {"value": 1}, "two": {"value": 2}, "bad": {"value": "x"}},
            },
            "text/csv": {"schema": {"type": "string"}, "example": "a,b\n1,2\n"},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    },
    "404": PROBLEM,
    "406": PROBLEM,
    "5XX": PROBLEM,
}


@pytest.mark.parametrize(
    ("prefer", "status", "body"),
    [
        ("", 200, 1),
        ("example=two", 200, 2),
        ("code=200, example=one", 200, 1),
        ("example=three", 400, "Prefer: this answer documents the examples one, two"),
        ("example=bad", 400, "Prefer: this answer documents the examples one, two"),
        ("code=418", 400, "Prefer: getThings documents the codes 200, 404, 406, 5XX"),
        ("code=5XX", 400, "Prefer: getThings documents the codes 200, 404, 406, 5XX"),
        ("code=404, example=one", 400, "Prefer: this answer documents no examples that fit its schema"),
    ],
)
def test_preferences(prefer: str, status: int, body: Any) -> None:
    """What cannot be had is said, not passed over: whoever wrote the header wants it."""
    reply = ask(mock_of({"responses": NAMED}), prefer=prefer)

    assert (reply.status, reply.json()) == (
        status,
        body if status < 300 else {"success": False, "errors": [body]},
    )


@pytest.mark.parametrize(
    ("documented", "status"), [("400", 400), ("422", 422), ("4XX", 400), ("default", 400)]
)
@pytest.mark.parametrize("prefer", ["code=abc", "example=three"])
def test_a_preference_is_refused_as_the_document_has_it(documented: str, status: int, prefer: str) -> None:
    """Who asks for what is not there still reads an answer that the document knows."""
    responses = {"200": NAMED["200"], documented: PROBLEM}
    reply = ask(mock_of({"responses": responses}), prefer=prefer)

    assert (reply.status, reply.header_values("content-type")) == (status, ["application/problem+json"])
    assert "Prefer: " in reply.json()["title"] + reply.json().get("detail", "")


@pytest.mark.parametrize(
    ("accept", "content_type", "start"),
    [
        ("*/*", "application/json", b"1"),
        ("", "application/json", b"1"),
        ("text/csv", "text/csv; charset=utf-8", b"a,b"),
        ("application/pdf;q=0.5, text/*;q=0.4", "application/pdf", b"%PDF-"),
        ("application/json;q=0, application/pdf", "application/pdf", b"%PDF-"),
        ("nonsense", "application/json", b"1"),
        ("image/png", "application/problem+json", b"{"),
    ],
)
def test_the_media_type_that_is_preferred(accept: str, content_type: str, start: bytes) -> None:
    """RFC 9110, 12.5.1; 406 only where it is documented, else a server may send what it has."""
    reply = ask(mock_of({"responses": NAMED}), accept=accept)

    assert reply.header_values("content-type") == [content_type]
    assert reply.body.startswith(start)
    assert reply.status == (406 if start == b"{" else 200)


def test_ranges_of_quality_are_compared_by_precision() -> None:
    """The most precise range that takes a type in decides."""
    offered = [MediaType("text", "html"), MediaType("text", "plain")]

    assert preferred(["text/*;q=0.9, text/html;q=0.1"], offered) == 1
    assert preferred(["image/*"], offered) is None
    assert parse("nothing") is None


def test_head_and_options() -> None:
    """HEAD is GET without the body, OPTIONS tells the methods; other methods are told as well."""
    mock = mock_of({"responses": NAMED})

    head, options, post = (ask(mock, method=method) for method in ("HEAD", "OPTIONS", "POST"))

    assert (head.status, head.body, head.header_values("content-length")) == (200, b"", ["1"])
    assert (options.status, options.header_values("allow")) == (204, ["GET"])
    assert (post.status, post.header_values("allow")) == (405, ["GET"])


def test_what_was_deleted_stays_away_until_it_is_created_again() -> None:
    """The one thing that is remembered; a reset forgets it too."""
    answers = {"200": OK["200"], "404": PROBLEM}
    tree = {
        "openapi": "3.0.3",
        "paths": {
            "/things": {"post": {"responses": OK}},
            "/things/{id}": {"get": {"responses": answers}, "delete": {"responses": answers}},
            "/things/{id}/parts": {"get": {"responses": answers}},
            "/odd/{id}": {"get": {"responses": OK}, "delete": {"responses": OK}},
        },
    }
    mock = Mock(document=Document.from_tree(tree, b""))

    def seen() -> list[int]:
        return [ask(mock, path).status for path in ("/things/1", "/things/1/parts", "/things/2")]

    assert ask(mock, "/things/1", "DELETE").status == 200
    assert seen() == [404, 404, 200]
    ask(mock, "/things", "POST")
    assert seen() == [200, 200, 200]
    ask(mock, "/things/1", "DELETE")
    mock.reset()
    assert seen() == [200, 200, 200]
    ask(mock, "/odd/1", "DELETE")
    assert ask(mock, "/odd/1").status == 200  # no answer is documented that could say so


def test_paths() -> None:
    """Several bases, a slash at the end, the concrete before the open, and what only looks alike.

    An operation with a server of its own is there, and where a client with one address asks for it.
    """

    def answer(text: str) -> Any:
        return {"get": {"responses": {"200": {"content": {"text/plain": {"example": text}}}}}}

    tree = {
        "openapi": "3.0.3",
        "servers": [{"url": "https://a.example/v1/"}, {"url": "/{v}", "variables": {"v": {"default": "v2"}}}],
        "paths": {
            "/a": answer("a"),
            "/a/": answer("a/"),
            "/a/{x}": answer("open"),
            "/a/{x}.pdf": answer("pdf"),
            "/a/me": answer("me"),
            "/a/{y}": {"post": {"responses": OK}},
            "/own": {**answer("own"), "servers": [{"url": "https://b.example/other"}]},
        },
    }
    mock = Mock(document=Document.from_tree(tree, b""))

    def received(path: str) -> Any:
        reply = ask(mock, path)
        return reply.body.decode() if reply.status == 200 else reply.status

    assert mock.document.base_path == "/v1"
    assert [received(f"/v1/a{end}") for end in ("", "/", "/1", "/1.pdf", "/me", "/1/2")] == [
        "a",
        "a/",
        "open",
        "pdf",
        "me",
        404,
    ]
    assert [received(path) for path in ("/v2/a", "/v3/a", "/other/own", "/v1/own")] == [
        "a",
        404,
        "own",
        "own",
    ]
    assert ask(mock, "/v1/a/1", "POST").status == 200


def test_operations_at_one_place_are_told_apart_by_what_they_ask_for() -> None:
    """A query in a path is a parameter, a fragment is not sent, and letters are encoded on the way."""

    def answer(text: str, *parameters: Any) -> Any:
        return {
            "get": {
                "parameters": list(parameters),
                "responses": {"200": {"content": {"text/plain": {"example": text}}}},
            }
        }

    action = {"name": "Action", "in": "query", "required": True, "schema": {"type": "string"}}
    word = {"name": "q", "in": "path", "required": True, "schema": {"type": "string", "minLength": 2}}
    tree = {
        "openapi": "3.0.3",
        "servers": [{"url": "https://a.example/v1"}],
        "paths": {
            "/labels": answer("all"),
            "/labels?format=pdf": answer("pdf"),
            "/labels?format=pdf&size=a%204": answer("pdf a 4"),
            "/find?q={q}": answer("found", word),
            "/#Action=Add": answer("add", {**action, "schema": {"type": "string", "enum": ["Add"]}}),
            "/#Action=Drop": answer("drop", {**action, "schema": {"type": "string", "enum": ["Drop"]}}),
            "/a%20b/mål": answer("letters"),
        },
    }
    mock = Mock(document=Document.from_tree(tree, b""))

    def answered(path: str) -> Any:
        reply = ask(mock, path)
        return reply.body.decode() if reply.status == 200 else reply.status

    assert {path: answered(path) for path in PLACES} == PLACES


PLACES = {
    "/v1/labels": "all",
    "/v1/labels?format=csv": "all",
    "/v1/labels?format=pdf": "pdf",
    "/v1/labels?size=a+4&format=pdf": "pdf a 4",
    "/v1/find?q=ab": "found",
    "/v1/find?q=a": 422,
    "/v1/find": 422,
    "/v1/?Action=Add": "add",
    "/v1/?Action=Drop": "drop",
    "/v1/?Action=Other": 422,
    "/v1/a%20b/m%C3%A5l": "letters",
}


def test_templates_that_differ_only_in_names_all_answer() -> None:
    """A carrier's old version beside its new one: the parameters decide, then the bodies, then the order."""

    def answer(text: str, name: str, schema: Any, body: Any) -> Any:
        return {
            "post": {
                "parameters": [{"name": name, "in": "path", "required": True, "schema": schema}],
                "requestBody": {"content": {"application/json": {"schema": {"type": body}}}},
                "responses": {"200": {"content": {"text/plain": {"example": text}}}},
            }
        }

    tree = {
        "openapi": "3.0.3",
        "paths": {
            "/ship/{version}": answer("new", "version", {"type": "string", "maxLength": 2}, "object"),
            "/ship/{deprecatedVersion}": answer("old", "deprecatedVersion", {"type": "string"}, "object"),
            "/ship/{oldest}": answer("oldest", "oldest", {"type": "string"}, "array"),
        },
    }
    mock = Mock(document=Document.from_tree(tree, b""))
    assert [each.imitated for each in mock.document.operations] == ["schema"] * 3

    def told(path: str, body: bytes) -> Any:
        reply = ask(mock, path, "POST", body, content_type="application/json")
        return reply.body.decode() if reply.status == 200 else reply.status

    assert told("/ship/v2", b"{}") == "new"
    assert told("/ship/v2403", b"{}") == "old"
    assert told("/ship/v2", b"[]") == "oldest"
    assert told("/ship/v2", b"1") == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/2026-01-02-2026-01-03.csv", 200),
        ("/2026-01-02-2026-01-03.a.csv", 422),
        ("/2026-01-02-x.csv", 422),
        ("/2026-01-02.csv", 422),
        (f"/{'-' * 190}.csv", 422),
        (f"/{'-' * 5000}.csv", 422),
    ],
)
def test_several_names_in_a_segment_are_read_as_they_fit(path: str, status: int) -> None:
    """The mark between two names may be a part of their values."""
    day = {"type": "string", "format": "date"}
    names = {"from": day, "to": day, "ext": {"type": "string", "enum": ["csv", "pdf"]}}
    listed = [
        {"name": name, "in": "path", "required": True, "schema": schema} for name, schema in names.items()
    ]
    mock = mock_of({"parameters": listed}, "/{from}-{to}.{ext}")

    assert ask(mock, path).status == status


def test_a_document_of_3_2_is_served() -> None:
    """Other methods, a query as a whole, items line by line, media types that are references."""
    form = {"type": "object", "required": ["since"], "properties": {"since": {"type": "integer"}}}
    whole = {
        "name": "all",
        "in": "querystring",
        "content": {"application/x-www-form-urlencoded": {"schema": form}},
    }
    item = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    lines = {"200": {"content": {"application/jsonl": {"itemSchema": item}}}}
    one = {"200": {"content": {"application/json": {"$ref": "#/components/mediaTypes/One"}}}}
    tree = {
        "openapi": "3.2.0",
        "paths": {
            "/log": {
                "get": {"parameters": [whole], "responses": lines},
                "query": {
                    "requestBody": {"content": {"application/json": {"schema": item}}},
                    "responses": one,
                },
                "additionalOperations": {"COPY": {"responses": {"201": {"description": "copied"}}}},
            }
        },
        "components": {
            "mediaTypes": {"One": {"schema": {"type": "string"}, "examples": {"a": {"dataValue": "x"}}}}
        },
    }
    mock = Mock(document=Document.from_tree(tree, b""))

    reply = ask(mock, "/log?since=1")
    assert [set(json.loads(line)) for line in reply.body.decode().splitlines()] == [{"n"}]
    assert ask(mock, "/log").status == 422
    assert ask(mock, "/log", "QUERY", b'{"n": 1}', content_type="application/json").json() == "x"
    assert ask(mock, "/log", "QUERY", b"{}", content_type="application/json").status == 422
    assert ask(mock, "/log", "COPY").status == 201
    assert ask(mock, "/log", "MOVE").status == 405


OUTSIDE = "leads out of the document and is not followed; only files of its own folder are read"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("https://example.com/x", OUTSIDE),
        ("https://example.com/x#label", OUTSIDE),
        ("other.json#label", "is not followed; a place within a file is written #/A/B"),
    ],
)
def test_an_operation_that_is_not_understood_is_named_in_a_501(reference: str, told: str) -> None:
    """Refusing by name beats an invented answer; the others answer all the same."""
    tree = {
        "openapi": "3.1.0",
        "paths": {
            "/good": {"get": {"responses": OK}},
            "/bad": {"get": {"operationId": "bad", "responses": {"200": {"$ref": reference}}}},
        },
    }
    mock = Mock(document=Document.from_tree(tree, b""))

    reason = f"#/paths//bad/get/responses/200: {reference} {told}"
    assert ask(mock, "/good").status == 200
    assert (ask(mock, "/bad").status, ask(mock, "/bad").json()["errors"]) == (
        501,
        [f"bad is not imitated: {reason}"],
    )


def test_an_answer_that_nothing_fits_is_named_in_a_501() -> None:
    """A schema that contradicts itself has no answer that keeps to it."""
    schema = {"type": "object", "required": ["a"], "additionalProperties": False}
    mock = mock_of(
        {"responses": {"200": {"content": {"application/json": {"schema": schema}}}, "404": PROBLEM}}
    )

    assert ask(mock).status == 501
    assert "no body was found that fits the schema" in json.dumps(ask(mock).json())
    assert ask(mock, prefer="code=404").status == 404


def test_answers_without_a_body() -> None:
    """204 and 304 have none, whatever the document says (RFC 9110, 6.4.1)."""
    content = {"content": {"application/json": {"schema": {"type": "object"}}}}
    mock = mock_of({"responses": {"204": content, "304": {}}})

    for reply in (ask(mock), ask(mock, prefer="code=304")):
        assert (reply.body, reply.header_values("content-type"), reply.header_values("content-length")) == (
            b"",
            [],
            [],
        )


def test_an_operation_of_the_sandbox_keeps_its_rules_in_a_larger_document() -> None:
    """The vendored document names no operations; place and shape tell them, and a name elsewhere does not."""
    tree = {
        "openapi": "3.0.3",
        "paths": {
            "/test-api-keys": {"post": {"responses": OK, **body_of("application/json", {"type": "object"})}},
            "/clients/authorization": {"get": {"responses": OK}},
            "/other": {"get": {"operationId": "createTestApiKey", "responses": OK}},
        },
    }
    document = of_tree(tree)

    assert [(each.operation_id, each.imitated) for each in document.operations] == [
        ("createTestApiKey", "rules"),
        ("authorizeClient", "schema"),
        ("getOther", "schema"),
    ]


MONEY = {
    "type": "object",
    "required": ["amount"],
    "properties": {"amount": {"type": "number"}, "currency": {"type": "string", "minLength": 3}},
}


@pytest.mark.parametrize(
    ("part", "body", "status"),
    [
        (MONEY, {"amount": 5}, 200),
        (MONEY, {"amount": 5, "currency": "EUR"}, 200),
        (MONEY, {"amount": "five"}, 422),
        (MONEY, {"currency": "EUR"}, 422),
        ({"type": "object", "properties": MONEY["properties"]}, {"amount": 5}, 422),
    ],
    ids=["fits", "fits whole", "wrong type", "lacks", "closed, and empty objects fit"],
)
def test_a_body_of_closed_objects_in_an_all_of_can_be_sent(part: Any, body: Any, status: int) -> None:
    """Read literally nothing fits; the start says that `additionalProperties` is passed over."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "allOf": [{"$ref": "#/components/schemas/Part"}],
    }
    operation = {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
    mock = mock_of(operation, method="post", components={"schemas": {"Part": part}})

    reply = ask(mock, method="POST", body=json.dumps(body).encode(), content_type="application/json")

    assert reply.status == status
    assert any("closed and composed" in note for note in mock.document.notes) == (part is MONEY)


def test_slips_of_form_are_read_as_they_are_meant() -> None:
    """As the generator reads them: else the client sends what its own mock refuses."""
    thing = {
        "type": "Object",
        "required": ["a"],
        "properties": {"a": {"type": "Int"}, "b": {"type": "date"}, "c": None, "d": {"type": "mixed"}},
        "additionalProperties": False,
    }
    listed = [
        {"name": "n", "in": "Query", "type": "integer"},
        {"name": "l", "in": "query", "type": "array", "items": "integer", "collectionFormat": "csv"},
        {
            "name": "p",
            "in": "query",
            "type": "array",
            "items": {"type": "string"},
            "collectionFormat": "pipes",
        },
    ]
    operation = {
        "parameters": listed,
        "requestBody": {"content": {"json": {"schema": {"$ref": "#/definitions/Thing"}}}},
        "responses": {
            "200 OK": {"schema": {"$ref": "Thing"}},
            "422 ": {"description": "no"},
            "fine": {"description": "no status"},
        },
    }
    tree = {
        "openapi": "3.0.3",
        "paths": {
            "/things": {"POST": operation, "x-post": {}},
            "/others": {"$ref": "#/paths/~1things", "get": {"responses": OK}},
        },
        "components": {"schemas": {"Thing": thing}},
    }
    mock = Mock(document=Document.from_tree(tree, b""))
    assert [(each.method, each.path, each.reason) for each in mock.document.operations] == [
        ("POST", "/things", ""),
        ("GET", "/others", ""),
        ("POST", "/others", ""),
    ]

    def status(query: str, body: Any) -> int:
        reply = ask(
            mock, f"/things?{query}", "POST", json.dumps(body).encode(), content_type="application/json"
        )
        return reply.status

    assert status("n=1&l=1,2&p=a|b", {"a": 1, "b": "2026-01-02", "c": [], "d": "x"}) == 200
    refused = [("n=x", {"a": 1}), ("l=1,x", {"a": 1}), ("", {"a": "1"}), ("", {"a": 1, "b": "now"}), ("", [])]
    assert [status(query, body) for query, body in refused] == [422] * 5
    assert isinstance(ask(mock, "/others", "POST").json()["a"], int)


def test_data_that_looks_like_a_reference_leads_nowhere() -> None:
    """An example is a value; a `$ref` in it is a property."""
    data = {"$ref": "nothing"}
    schema = {
        "type": "object",
        "properties": {"example": {"type": "object", "example": data}},
        "example": data,
    }
    mock = mock_of({"requestBody": {"content": {"application/json": {"schema": schema}}}}, method="post")

    body = json.dumps({"example": data}).encode()
    assert ask(mock, method="POST", body=body, content_type="application/json").status == 200


@pytest.mark.parametrize(("count", "status"), [(1, 200), (2, 501)])
def test_a_list_of_one_schema_is_that_schema(count: int, status: int) -> None:
    """A stray dash in YAML; several schemas in a list mean nothing."""
    answers = {
        "200": {"content": {"application/json": {"schema": [{"type": "integer", "minimum": 7}] * count}}}
    }
    tree = {"openapi": "3.0.3", "paths": {"/things": {"get": {"responses": answers}}}}
    mock = Mock(document=Document.from_tree(tree, b""))

    reply = ask(mock)

    assert reply.status == status
    assert any("a list of one" in note for note in mock.document.notes) == (count == 1)


@pytest.mark.parametrize(
    ("media", "is_page"),
    [
        ("text/html", True),
        ("application/xhtml+xml", True),
        ("image/svg+xml", True),
        ("application/xml", True),
        ("text/xml", True),
        ("application/atom+xml", True),
        ("text/xsl", True),
        ("application/json", False),
        ("text/plain", False),
        ("image/png", False),
    ],
)
def test_a_page_of_the_document_runs_no_script(media: str, is_page: bool) -> None:
    """It is somebody else's text under the origin of the console, and XML of any kind may hold a script."""
    operation = {
        "responses": {"200": {"description": "-", "content": {media: {"schema": {"type": "string"}}}}}
    }
    reply = ask(mock_of(operation))

    assert reply.header_values("content-type")[0].partition(";")[0] == media
    assert reply.header_values("content-security-policy") == (["sandbox"] if is_page else [])
    assert reply.header_values("x-content-type-options") == (["nosniff"] if is_page else [])
