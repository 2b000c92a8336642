"""Parameters by OpenAPI's styles: is each written as the document has it, and is a doubtful one known?"""

from typing import Any
from urllib.parse import quote

import pytest

from contract_tests.checks import parameter_styles
from contract_tests.checks.operations import Document
from contract_tests.checks.requests import faults, is_doubtful, is_unclear
from contract_tests.target.exchange import Sent

LIST = {"type": "array", "items": {"type": "integer"}}
POINT = {
    "type": "object",
    "required": ["x"],
    "properties": {"x": {"type": "integer"}, "y": {"type": "string"}},
}
NUMBER = {"type": "integer", "format": "int32"}
# Where it stands, its schema and style, a value, and how that is written.
WRITTEN: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("query", {"schema": LIST}, [1, 2], [("p", "1"), ("p", "2")]),
    ("query", {"schema": LIST, "explode": False}, [1, 2], [("p", "1,2")]),
    ("query", {"schema": LIST, "style": "pipeDelimited", "explode": False}, [1, 2], [("p", "1|2")]),
    ("query", {"schema": LIST, "style": "spaceDelimited"}, [1, 2], [("p", "1 2")]),
    ("query", {"schema": POINT}, {"x": 1, "y": "a"}, [("x", "1"), ("y", "a")]),
    ("query", {"schema": POINT, "explode": False}, {"x": 1, "y": "a"}, [("p", "x,1,y,a")]),
    ("query", {"schema": POINT, "style": "deepObject"}, {"x": 1}, [("p[x]", "1")]),
    ("query", {"content": {"application/json": {"schema": POINT}}}, {"x": 1}, [("p", '{"x": 1}')]),
    ("header", {"schema": LIST}, [1, 2], "1,2"),
    ("header", {"schema": POINT}, {"x": 1, "y": "a"}, "x,1,y,a"),
    ("header", {"schema": POINT, "explode": True}, {"x": 1, "y": "a"}, "x=1,y=a"),
    ("path", {"schema": LIST}, [1, 2], "1,2"),
    ("path", {"schema": LIST, "style": "label", "explode": True}, [1, 2], ".1.2"),
    ("path", {"schema": LIST, "style": "matrix"}, [1, 2], ";p=1,2"),
    ("path", {"schema": LIST, "style": "matrix", "explode": True}, [1, 2], ";p=1;p=2"),
    ("path", {"schema": POINT, "style": "matrix", "explode": True}, {"x": 1, "y": "a/b"}, ";x=1;y=a%2Fb"),
    ("path", {"schema": {"type": "string"}}, "a/b", "a%2Fb"),
    ("path", {"schema": {"type": "integer"}, "style": "matrix"}, 5, ";p=5"),
    ("path", {"schema": {"type": "integer"}, "style": "label"}, 5, ".5"),
    ("path", {"schema": {"type": "number"}, "style": "label"}, -1.5, ".-1.5"),
    ("path", {"schema": {"type": "string", "maxLength": 2}, "style": "matrix"}, "ab", ";p=ab"),
]


def parameter(place: str, **facts: Any) -> dict[str, Any]:
    """Return a parameter `p`, or `X-P` in a header."""
    return {"name": "X-P" if place == "header" else "p", "in": place, **facts}


@pytest.mark.parametrize(("place", "facts", "value", "text"), WRITTEN)
def test_a_value_is_written_by_its_style(place: str, facts: dict[str, Any], value: Any, text: Any) -> None:
    """As a server reads it that was written after the document."""
    write = {
        "query": parameter_styles.query_pairs,
        "header": parameter_styles.header_text,
        "path": parameter_styles.path_text,
    }[place]

    assert write(parameter(place, **facts), value) == text


def doubtful(
    place: str, facts: dict[str, Any], *, path: str = "/a", query: str = "", header: str = ""
) -> bool:
    """Whether a server may refuse a request for what stands in its one parameter."""
    template = "/a/{p}" if place == "path" else "/a"
    operation = {"parameters": [parameter(place, **facts)], "responses": {"200": {"description": "d"}}}
    document = Document({"openapi": "3.0.3", "paths": {template: {"get": operation}}})
    headers = {"x-p": header} if header else {}
    sent = Sent("GET", f"http://a.example{path}{query}", path, headers, b"")
    return is_doubtful(sent, document.operations[0], document)


@pytest.mark.parametrize(("place", "facts", "value", "text"), WRITTEN)
def test_what_fits_is_sound_however_it_is_written(
    place: str, facts: dict[str, Any], value: Any, text: Any
) -> None:
    """So a refusal of it is a finding."""
    if place == "query":
        query = "?" + "&".join(f"{name}={value}".replace(" ", "%20") for name, value in text)
        assert not doubtful(place, facts, query=query)
    elif place == "header":
        assert not doubtful(place, facts, header=text)
    else:
        assert not doubtful(place, facts, path=f"/a/{text}")


@pytest.mark.parametrize(
    ("facts", "query"),
    [
        ({"schema": NUMBER}, "?p=1&p=1"),
        ({"schema": NUMBER}, "?p=2147483648"),
        ({"schema": NUMBER}, "?p="),
        ({"schema": NUMBER}, "?p=1&=2"),
        ({"schema": LIST}, "?p=false"),
        ({"schema": LIST, "required": True}, ""),
        ({"schema": POINT, "required": True}, ""),
        ({"schema": POINT}, "?y=a"),
        ({"schema": POINT, "style": "deepObject"}, "?p[y]=a"),
        ({"schema": {"type": "string", "format": "date"}}, "?p=tomorrow"),
        ({"content": {"application/json": {"schema": POINT}}}, "?p=x"),
    ],
)
def test_what_not_everybody_reads_alike_is_doubtful(facts: dict[str, Any], query: str) -> None:
    """An honest server may refuse it, documented or not."""
    assert doubtful("query", facts, query=query)


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_of_any_length_is_judged(kind: str, digits: int) -> None:
    """No float holds it, and from some thousand digits on Python reads none."""
    assert doubtful("query", {"schema": {"type": kind}}, query="?p=" + "9" * digits) is (digits > 4300)


@pytest.mark.parametrize("text", ["1.0", "1e3", "01", "+1", " 1", "1 ", "1_0", "-", "٣", "NaN"])
def test_an_integer_that_only_some_read_is_doubtful(text: str) -> None:
    """Of a number more is surely one, but no blanks around it."""
    query = "?p=" + quote(text)

    assert doubtful("query", {"schema": {"type": "integer"}}, query=query)
    is_number = text in ("1.0", "1e3")
    assert doubtful("query", {"schema": {"type": "number"}}, query=query) is not is_number


@pytest.mark.parametrize(
    ("kind", "text", "is_fault"),
    [
        *(("boolean", text, False) for text in ("true", "TRUE", "False", " true ", "null")),
        *(("boolean", text, True) for text in ("truth", "x", "2")),
        *(("integer", text, False) for text in ("7", " 7 ", "1.0", "1_0", "None", "9" * 400)),
        *(("integer", text, True) for text in ("x", "7.5", "1e-1", "NaN")),
        *(("number", text, False) for text in ("7", "7.5", "1e3")),
        *(("number", text, True) for text in ("x", "inf", "7,5")),
    ],
)
def test_a_text_is_a_fault_only_if_nobody_reads_it_as_what_is_wanted(
    kind: str, text: str, is_fault: bool
) -> None:
    """Servers differ in what they take for a truth or a number; a blank around it is none of it."""
    operation = {"parameters": [parameter("query", schema={"type": kind})], "responses": {}}
    document = Document({"openapi": "3.0.3", "paths": {"/a": {"get": operation}}})
    sent = Sent("GET", f"http://a.example/a?p={quote(text)}", "/a", {}, b"")

    assert bool(list(faults(sent, document.operations[0], document))) is is_fault


@pytest.mark.parametrize(
    ("style", "text", "is_fault"),
    [
        *(("matrix", ";p=5", False), ("matrix", ";p=x", True), ("matrix", ";p", False)),
        *(("label", ".5", False), ("label", ".x", True), ("matrix", "x", True)),
    ],
)
def test_a_path_is_judged_without_the_mark_of_its_style(style: str, text: str, is_fault: bool) -> None:
    """`;p=5` is the integer 5; without its mark it may be refused."""
    facts = {"schema": {"type": "integer"}, "style": style}
    operation = {"parameters": [parameter("path", **facts)], "responses": {}}
    document = Document({"openapi": "3.0.3", "paths": {"/a/{p}": {"get": operation}}})
    sent = Sent("GET", f"http://a.example/a/{text}", f"/a/{text}", {}, b"")

    assert bool(list(faults(sent, document.operations[0], document))) is is_fault
    assert doubtful("path", facts, path="/a/5")


def test_an_object_of_odd_pieces_is_doubtful() -> None:
    """In a header a comma divides, whatever was meant by it."""
    assert doubtful("header", {"schema": POINT, "explode": True}, header="x=1,0=[None, None]")


def test_a_number_beyond_its_format_is_doubtful_in_a_path() -> None:
    """A format is a promise of the document, though no validator keeps it."""
    facts = {"schema": {"type": "integer", "format": "int64"}}

    assert doubtful("path", facts, path="/a/9223372036854775808")
    assert not doubtful("path", facts, path="/a/9223372036854775807")


@pytest.mark.parametrize("media_type", ["application/xml", "multipart/form-data", "text/csv"])
def test_a_body_of_another_form_is_unclear(media_type: str) -> None:
    """JSON that says that it is XML is a fault of the request; the suite does not judge such bodies."""
    headers = {"content-type": media_type}

    assert is_unclear(Sent("POST", "http://a.example/a", "/a", headers, b'{"a": 1}'))
    assert not is_unclear(
        Sent("POST", "http://a.example/a", "/a", {"content-type": "application/json"}, b"{}")
    )


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"code=EUR&limit=2", None),
        (b"code=EUR&limit=2&note=", None),
        (b"limit=2", "the required field `code` is missing"),
        (b"code=XXX&limit=2", "the field `code` does not fit its schema"),
        (b"code=EUR&limit=much", "the field `limit` does not fit its schema"),
        (b"code=EUR&limit=2&tags=a", None),
        (b"code=EUR&limit=2&limit=x", None),
    ],
)
def test_the_plain_fields_of_a_form_are_judged(body: bytes, fault: str | None) -> None:
    """A form with a value that the document does not allow is no good request, whoever takes it."""
    properties = {"code": {"enum": ["EUR"], "type": "string"}, "limit": {"type": "number"}}
    properties |= {"note": {"type": "string", "minLength": 1}, "tags": {"type": "array"}}
    form = {"schema": {"type": "object", "required": ["code", "limit", "tags"], "properties": properties}}
    content = {"application/x-www-form-urlencoded": form}
    operation = {"requestBody": {"required": True, "content": content}, "responses": {}}
    document = Document({"openapi": "3.0.3", "paths": {"/a": {"post": operation}}})
    headers = {"content-type": "application/x-www-form-urlencoded"}

    found = list(
        faults(Sent("POST", "http://a.example/a", "/a", headers, body), document.operations[0], document)
    )

    assert found == ([] if fault is None else [fault])


@pytest.mark.parametrize(("style", "text"), [("matrix", ";p=7"), ("label", ".7"), ("simple", "7")])
def test_the_mark_of_a_style_is_no_part_of_a_value_in_a_path(style: str, text: str) -> None:
    """`;p=7` is the number 7."""
    one = parameter("path", required=True, style=style, schema={"type": "integer"})
    document, operation = only({"/a/{p}": {"get": {"parameters": [one], "responses": {"200": {}}}}})
    sent = Sent("GET", f"http://127.0.0.1/a/{text}", f"/a/{text}", {}, b"")

    assert list(faults(sent, operation, document)) == []
    assert not is_doubtful(sent, operation, document)


@pytest.mark.parametrize("told", [{"content-type": "image/png"}, {}])
@pytest.mark.parametrize("documented", ["*/*", "image/*", "image/png"])
def test_no_bytes_are_a_file_of_a_range_of_types(documented: str, told: dict[str, str]) -> None:
    """A file may be empty, and its type need not be told."""
    body = {"required": True, "content": {documented: {"schema": {"type": "string", "format": "binary"}}}}
    document, operation = only({"/a": {"put": {"requestBody": body, "responses": {"200": {}}}}})
    sent = Sent("PUT", "http://127.0.0.1/a", "/a", told, b"")

    assert list(faults(sent, operation, document)) == []


def only(paths: dict[str, Any]) -> tuple[Document, Any]:
    """Return a document and its one operation."""
    document = Document({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths})
    return document, document.operations[0]
