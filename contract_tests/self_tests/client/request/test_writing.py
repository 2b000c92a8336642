"""Are the arguments of a call written as OpenAPI has them, and refused by name where they cannot be?"""

import datetime
import uuid
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from attrs import define, field

from scripts.runtime import forms, operations, parsing
from scripts.runtime.answers import Answers
from scripts.runtime.calls import Body, Call, Prepared, prepare
from scripts.runtime.codec import Codec, plain, written
from scripts.runtime.errors import UsageError
from scripts.runtime.mismatch import Mismatch
from scripts.runtime.models import Field, Fields, Model, Nested, no_extra
from scripts.runtime.styles import InPath, Json, Simple
from scripts.runtime.values import UNSET, File, Unset

COLOUR = {"R": 100, "G": None, "B": "x,y"}
MOMENT = datetime.datetime(2026, 3, 1, 12, 30, tzinfo=datetime.UTC)
IDENTIFIER = uuid.UUID("5f0c3c0e-1b7b-4c39-9d3a-0d6a3f1f2a11")


class Size(IntEnum):
    """For the tests below."""

    ONE = 1


class Shade(StrEnum):
    """For the tests below."""

    DARK = "dark"


@define(slots=True)
class Parcel(Model):
    """A model with a required field and another one."""

    weight: float | Unset = UNSET
    label: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(init=False, factory=no_extra)

    @classmethod
    def describe(cls) -> Fields:
        """Return the table of fields."""
        return Fields(
            Field("weight", "weight", parsing.NUMBER, required=True), Field("label", "label", parsing.TEXT)
        )


class Sealed:
    """Something that no codec knows."""


class Ready:
    """Something that writes itself."""

    def to_dict(self) -> dict[str, int]:
        """Return a JSON object."""
        return {"ready": 1}


def asked(**parts: Any) -> Prepared:
    """Return what is sent for a call with these arguments."""
    styles = {"c": parts.pop("style")} if "style" in parts else None
    path = parts.pop("template", "/find")
    return prepare(Call(operations.Operation("find", "GET", path, styles=styles), Answers(), **parts))


@pytest.mark.parametrize(
    ("style", "value", "query"),
    [
        ("", COLOUR, "R=100&G=&B=x%2Cy"),
        ("comma", COLOUR, "c=R,100,G,,B,x%2Cy"),
        ("space", COLOUR, "c=R%20100%20G%20%20B%20x%2Cy"),
        ("pipe", COLOUR, "c=R%7C100%7CG%7C%7CB%7Cx%2Cy"),
        ("deep", COLOUR, "c%5BR%5D=100&c%5BG%5D=&c%5BB%5D=x%2Cy"),
        ("deep", {"a": {"b": [1, {"c": 2}]}}, "c%5Ba%5D%5Bb%5D%5B0%5D=1&c%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=2"),
        ("deep", {"a": {}, "b": []}, "c%5Ba%5D=%7B%7D&c%5Bb%5D=%5B%5D"),
        *((style, {}, "") for style in ("", "deep")),
        *((style, [], "") for style in ("", "comma", "space", "pipe")),
        ("", [1, "a b", True, None], "c=1&c=a%20b&c=true&c="),
        ("comma", (1, "a,b"), "c=1,a%2Cb"),
        ("", {"on": True, "off": False, "many": [1, 2]}, "on=true&off=false&many=%5B1%2C%202%5D"),
        ("", MOMENT, "c=2026-03-01T12%3A30%3A00%2B00%3A00"),
        ("", Shade.DARK, "c=dark"),
        ("", IDENTIFIER, f"c={IDENTIFIER}"),
        (" reserved", "a/b?c=d&e", "c=a/b?c%3Dd%26e"),
        *(("", nothing, "") for nothing in (None, UNSET)),
    ],
)
def test_a_query_is_written_by_its_style(style: str, value: object, query: str) -> None:
    """Signs between values stay; the same signs within a value are encoded (RFC 6570, section 3.2.8)."""
    argument = ("c", parsing.ANY, value)

    assert asked(style=style, query=[argument]).target == "/find" + f"?{query}" * bool(query)
    assert asked(template="/find?x=1", style=style, query=[argument]).target == (
        "/find?x=1" + f"&{query}" * bool(query)
    )


@pytest.mark.parametrize(
    ("codec", "value", "text"),
    [
        (Json(parsing.ANY), COLOUR, "%7B%22R%22%3A100%2C%22G%22%3Anull%2C%22B%22%3A%22x%2Cy%22%7D"),
        (Json(parsing.ANY), [1, 2], "%5B1%2C2%5D"),
        (InPath(parsing.ANY, "simple"), [1, "a/b"], "1,a%2Fb"),
        (InPath(parsing.ANY, "simple", explode=True), {"a": 1, "b=": "/"}, "a=1,b=%3D%2F"),
        (InPath(parsing.ANY, "label"), [1, "."], ".1,."),
        (InPath(parsing.ANY, "label", explode=True), [1, 2], ".1.2"),
        (InPath(parsing.ANY, "matrix", "id"), [1, 2], ";id=1,2"),
        (InPath(parsing.ANY, "matrix", "id"), 5, ";id=5"),
        (InPath(parsing.ANY, "matrix", "id", explode=True), [1, 2], ";id=1;id=2"),
        (InPath(parsing.ANY, "matrix", "id", explode=True), {"a": 1, "b": 2}, ";a=1;b=2"),
        (InPath(parsing.ANY, "matrix", "id", explode=True), 5, ";id=5"),
    ],
)
def test_a_path_is_written_by_its_style(codec: Codec[Any], value: object, text: str) -> None:
    """The signs of a style stay, and nothing else leaves the segment."""
    assert asked(template="/find/{c}", path=[("c", codec, value)]).target == f"/find/{text}"


def test_a_parameter_of_json_is_one_text_wherever_it_stands() -> None:
    """Its commas are those of JSON, and its names are not parameters of their own."""
    sent = asked(query=[("c", Json(parsing.ANY), {"a": [1, 2]})])

    assert sent.target == "/find?c=%7B%22a%22%3A%5B1%2C2%5D%7D"
    assert Json(parsing.ANY).texts([1, 2]) == ["[1,2]"]
    assert Json(parsing.INTEGER).parse(1.0) == 1


@pytest.mark.parametrize(
    ("explode", "value", "text"),
    [
        (False, [1, "b"], "1,b"),
        (False, {"a": 1, "b": 2}, "a,1,b,2"),
        (True, {"a": 1, "b": 2}, "a=1,b=2"),
        (True, True, "true"),
    ],
)
def test_a_header_is_written_by_its_style(explode: bool, value: object, text: str) -> None:
    """So is a cookie, of which several share one header."""
    codec = Simple(parsing.ANY, explode)
    sent = asked(headers=[("X-C", codec, value)], cookies=[("a", codec, value), ("b", codec, UNSET)])

    assert sent.headers == {"Accept": "*/*", "X-C": text, "Cookie": f"a={text.replace(',', '%2C')}"}
    assert "Cookie" not in asked(cookies=[("b", codec, UNSET)]).headers


@pytest.mark.parametrize("place", ["path", "query", "headers", "cookies"])
def test_what_is_sent_under_the_name_of_a_secret_is_one(place: str) -> None:
    """In the form in which it stands in the address, too, for a server may tell it back."""
    name = "api_key"
    sent = asked(
        template="/find/{api_key}" if place == "path" else "/find",
        **{place: [(name, parsing.TEXT, "s3 cret")]},
    )

    assert sent.secrets == {"s3 cret", "s3%20cret"}
    assert asked(query=[("word", parsing.TEXT, "open")]).secrets == frozenset()


WRONG: list[tuple[Codec[Any], Any, str]] = [
    (parsing.TEXT, 1, "expected text, got a number"),
    (parsing.BOOLEAN, 1, "expected a boolean"),
    (parsing.INTEGER, 1.5, "expected an integer"),
    (parsing.INTEGER, True, "expected an integer"),
    (parsing.NUMBER, "1", "expected a number"),
    (parsing.NUMBER, float("nan"), "a number that is not finite"),
    (parsing.MOMENT, "2026-03-01T12:30:00Z", "expected a date with time"),
    (parsing.MOMENT, datetime.datetime(2026, 3, 1), "expected a datetime with a time zone"),  # noqa: DTZ001
    (parsing.DATE, MOMENT, "expected a date"),
    (parsing.UUID, str(IDENTIFIER), "expected a UUID"),
    (parsing.FILE, b"bytes", "expected a file"),
    (parsing.FILE, File(b"\xff"), "a file that is no text"),
    (parsing.Listed(Shade), 1, "expected text"),
    (parsing.Listed(Size), True, "expected an integer"),
    (parsing.Constant("a"), "b", "expected 'a'"),
    (parsing.Array(parsing.TEXT), "abc", "expected an array"),
    (Nested(Parcel), 5, "expected a Parcel"),
    (parsing.ANY, Sealed(), "a Sealed cannot be sent"),
    (parsing.ANY, [1, float("inf")], "a number that is not finite"),
]


@pytest.mark.parametrize(("codec", "value", "reason"), WRONG)
@pytest.mark.parametrize("place", ["query", "headers", "body"])
def test_an_argument_of_another_kind_is_refused_by_name(
    place: str, codec: Codec[Any], value: object, reason: str
) -> None:
    """Wherever it would travel; the error tells the kind, and not the value."""
    name = "body" if place == "body" else "X-C"

    parts = {
        "query": [(name, codec, value)],
        "headers": [(name, codec, value)],
        "body": Body("json", "application/json", codec, value),
    }

    with pytest.raises(UsageError, match=f"^{name}.*: {reason}"):
        asked(**{place: parts[place]})


@pytest.mark.parametrize(
    ("codec", "value", "dumped", "text"),
    [
        (parsing.INTEGER, 2.0, 2, "2"),
        (parsing.NUMBER, 1.5, 1.5, "1.5"),
        (parsing.BOOLEAN, False, False, "false"),
        (parsing.NULL, None, None, ""),
        (parsing.MOMENT, MOMENT, "2026-03-01T12:30:00+00:00", "2026-03-01T12:30:00+00:00"),
        (parsing.DATE, MOMENT.date(), "2026-03-01", "2026-03-01"),
        (parsing.UUID, IDENTIFIER, str(IDENTIFIER), str(IDENTIFIER)),
        (parsing.FILE, File(b"lines"), "lines", "lines"),
        (parsing.Listed(Size), 7, 7, "7"),
        (parsing.Constant(True), True, True, "true"),
        (parsing.Choice(["a", 1]), 1.0, 1, "1"),
        (parsing.Array(parsing.BOOLEAN), (True, False), [True, False], "true,false"),
        (parsing.Union(parsing.INTEGER, parsing.TEXT), "x", "x", "x"),
        (Nested(Parcel), {"weight": 2, "more": 1}, {"weight": 2.0, "more": 1}, '{"more": 1, "weight": 2.0}'),
        (Nested(Parcel), Parcel(weight=2), {"weight": 2}, '{"weight": 2}'),
        (parsing.ANY, {1: [MOMENT, Size.ONE]}, {"1": [MOMENT.isoformat(), 1]}, None),
        (parsing.ANY, Ready(), {"ready": 1}, None),
    ],
)
def test_a_value_is_written_as_json_and_as_text(
    codec: Codec[Any], value: object, dumped: object, text: str | None
) -> None:
    """Both are of the documented kind."""
    assert codec.dump(value) == dumped
    assert type(codec.dump(value)) is type(dumped)
    assert text is None or codec.text(value) == text


def test_a_file_of_an_answer_is_its_text_or_the_file_itself() -> None:
    """JSON has no bytes."""
    file = File(b"lines")

    assert parsing.FILE.parse("lines") == file
    assert parsing.FILE.parse(file) is file
    with pytest.raises(Mismatch, match="expected a file"):
        parsing.FILE.parse(5)


def test_any_value_as_text() -> None:
    """The items of an array have commas between them."""
    assert written([1, [True, None], "x"]) == "1,true,,x"
    assert plain(MOMENT.date()) == "2026-03-01"


def test_a_model_without_a_required_field_is_not_sent() -> None:
    """The error names the field."""
    with pytest.raises(UsageError, match=r"^\$\.weight: is missing$"):
        Parcel(label="x").to_dict()
    with pytest.raises(UsageError, match=r"^body \$\[1\]\.weight: is missing$"):
        asked(body=Body("json", "application/json", parsing.Array(Nested(Parcel)), [{"weight": 1}, Parcel()]))


@pytest.mark.parametrize(
    ("value", "content", "media_type"),
    [
        (File(b"x", mime_type="image/png"), b"x", "image/png"),
        (File(b"x"), b"x", "application/octet-stream"),
        (bytearray(b"x"), b"x", "image/*"),
    ],
)
def test_a_file_knows_the_media_type_of_a_range(value: object, content: bytes, media_type: str) -> None:
    """A document may say `image/*`; a server is told which image it is."""
    sent = asked(body=Body("content", "image/*", parsing.FILE, value))

    assert (sent.content, sent.headers["Content-Type"]) == (content, media_type)
    exact = asked(body=Body("content", "image/gif", parsing.FILE, value))
    assert exact.headers["Content-Type"] == "image/gif"


@pytest.mark.parametrize("form", ["content", "form", "multipart"])
def test_a_body_that_is_no_body_is_refused_by_its_type(form: str) -> None:
    """As with every other argument."""
    with pytest.raises(UsageError, match="must be a model or a File, not a Sealed"):
        asked(body=Body(form, "text/plain", parsing.ANY, Sealed()))


def test_a_body_holds_the_secrets_of_its_fields() -> None:
    """Of an object; an array has no names."""
    body = Body("json", "application/json", parsing.ANY, {"token": "abc", "name": "def", "apiKey": 5})

    assert asked(body=body).secrets == {"abc"}
    assert asked(body=Body("json", "application/json", parsing.ANY, ["token"])).content == b'["token"]'
    assert asked(body=Body("json", "application/json", parsing.ANY, UNSET)).content is None


@pytest.mark.parametrize(
    ("style", "value", "fields"),
    [
        ("", [1, 2], [("f", "1"), ("f", "2")]),
        ("json", [1, {"a": 2}], [("f", "1"), ("f", '{"a": 2}')]),
        ("json", {"a": [1]}, [("f", '{"a": [1]}')]),
        ("deep", {"a": {"b": [1, 2]}}, [("f[a][b][0]", "1"), ("f[a][b][1]", "2")]),
        ("comma", [1, 2], [("f", "1,2")]),
        ("space", {"a": 1}, [("f", "a 1")]),
        ("pipe", [1, True], [("f", "1|true")]),
    ],
)
def test_a_field_of_a_form_is_written_by_its_style(
    style: str, value: object, fields: list[tuple[str, str]]
) -> None:
    """As `encoding` in the document says."""
    codec: Codec[Any] = parsing.Array(parsing.INTEGER) if not style else parsing.ANY

    assert forms.pairs("f", value, codec, style) == fields


@pytest.mark.parametrize(
    ("value", "media_type", "part"),
    [
        (1, "", (None, b"1", "text/plain")),
        (1, "text/csv", (None, b"1", "text/csv")),
        (1, "application/vnd.x+json", (None, b"1", "application/vnd.x+json")),
        (File(b"x", "a.txt"), "", ("a.txt", b"x", None)),
        (File(b"x", "a.txt", "text/csv"), "text/plain", ("a.txt", b"x", "text/csv")),
    ],
)
def test_a_part_of_a_form_has_its_media_type(value: Any, media_type: str, part: tuple[Any, ...]) -> None:
    """A file's own comes before the document's."""
    name, content, kind = forms.part(value, parsing.Array(parsing.INTEGER), media_type, as_object=False)

    assert (name, content if isinstance(content, bytes) else content.read(), kind) == part
    assert forms.part({"a": 1}, parsing.ANY, "", as_object=True) == (None, b'{"a": 1}', "application/json")
