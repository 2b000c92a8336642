"""Does generation serve a document that is not ours? One with everything in it, called against a mock."""

import base64
import contextlib
import datetime
import importlib
import inspect
import json
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.self_tests.support.folders import DOCUMENTS
from scripts import regenerate

DOCUMENT = DOCUMENTS / "client.yaml"
ID = "6f1d2c3b-0a1b-4c2d-8e3f-123456789abc"
PARCEL = {"id": ID, "status": "new"}


class Server:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer = httpx.Response(200, json=PARCEL)
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return the answer."""
        request.read()
        self.seen.append(request)
        return self.answer

    @property
    def last(self) -> httpx.Request:
        """What it was asked last."""
        return self.seen[-1]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Yield the package of the document, generated and imported."""
    folder = tmp_path_factory.mktemp("package")
    assert regenerate.main(["--spec", str(DOCUMENT), "--output", str(folder / "parcels_client")]) == 0
    sys.path.insert(0, str(folder))
    yield importlib.import_module("parcels_client")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("parcels_client")]:
        del sys.modules[name]


@pytest.fixture
def server() -> Server:
    """Return a server of its own for each test."""
    return Server()


@pytest.fixture
def client(package: Any, server: Server) -> Iterator[Any]:
    """Yield a client of that server, with every credential."""
    credentials = {"Portal": "tok", "Basic": "me:pw", "Key": "k&y"}
    args = {"transport": httpx.MockTransport(server)}
    with package.Client.staging(credentials=credentials, httpx_args=args) as client:
        yield client


def test_names_come_from_paths_and_verbs(client: Any) -> None:
    """One method for each operation, where a reader of the paths looks for it."""
    parcels = {"list", "create", "retrieve", "replace", "update", "delete", "label"}

    assert parcels <= set(dir(client.parcels))
    assert {"list", "create", "replace"} <= set(dir(client.parcels.photos))
    assert callable(client.login.create)
    assert callable(client.search.list)
    assert set(dir(client.aio.parcels)) == set(dir(client.parcels))


def test_every_operation_can_be_called(client: Any, server: Server, package: Any) -> None:
    """With all required arguments, against a server that answers nonsense: a typed error at worst."""
    called = 0
    pending = [client.parcels, client.login, client.search]
    while pending:
        resource = pending.pop()
        pending += [resource.photos] if hasattr(resource, "photos") else []
        for name, method in inspect.getmembers(resource, inspect.ismethod):
            if name.startswith("_"):
                continue
            needed = [
                parameter.name
                for parameter in inspect.signature(method).parameters.values()
                if parameter.default is parameter.empty
            ]
            values = {one: sample(one, package) for one in needed}
            with contextlib.suppress(package.StatusError, package.BodyError):
                method(**values)
            called += 1

    assert called == len(server.seen) == 12


def sample(name: str, package: Any) -> Any:
    """Return a value for a required argument of this name."""
    values: dict[str, Any] = {
        "id": uuid.UUID(ID),
        "status": "new",
        "from_": datetime.date(2026, 1, 2),
        "file": package.File(b"x", "x.png"),
        "body": package.File(b"\x89PNG"),
    }
    return values.get(name, "text")


def test_parameters_travel_as_the_document_says(client: Any, server: Server, package: Any) -> None:
    """Repeated, joined, deep; headers and cookies in their place; what is left out stays out."""
    server.answer = httpx.Response(200, json=[PARCEL])
    module = importlib.import_module("parcels_client.models")

    found = client.parcels.list(
        status=module.Status.ON_HOLD,
        ids=[1, 2],
        fields=["a", "b c"],
        since=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
        filter_=module.ListParcelsFilter(city="Łódź", weight=1.5),
        x_trace="t",
        locale="pl; x",
    )

    assert [parcel.status for parcel in found] == ["new"]
    assert server.last.url.params.multi_items() == [
        ("status", "on-hold"),
        ("ids", "1"),
        ("ids", "2"),
        ("fields", "a,b c"),
        ("since", "2026-01-02T00:00:00+00:00"),
        ("open", "true"),
        ("filter[city]", "Łódź"),
        ("filter[weight]", "1.5"),
    ]
    assert server.last.headers["x-trace"] == "t"
    assert server.last.headers["cookie"] == "locale=pl%3B%20x"
    assert server.last.headers["authorization"] == "Bearer tok"


@pytest.mark.parametrize("where", ["locale", "x_trace", "open_", "status"])
def test_a_text_that_cannot_be_sent_is_refused_wherever_it_travels(
    client: Any, server: Server, package: Any, where: str
) -> None:
    """Half of a surrogate pair is no text, in a cookie as little as in a header or a query."""
    with pytest.raises(package.UsageError):
        client.parcels.list(**{where: "\ud800"})
    assert server.seen == []


@pytest.mark.parametrize("several", [iter, set, tuple, dict.fromkeys, lambda items: (one for one in items)])
def test_several_values_come_in_any_form(client: Any, server: Server, several: Any) -> None:
    """A generator, the keys of a dictionary, a set: each value travels as one of a list does."""
    server.answer = httpx.Response(200, json=[])
    keys = several([1])
    client.parcels.list(
        ids=keys.keys() if isinstance(keys, dict) else keys, fields=several(["a b"]).__iter__()
    )

    assert [pair for pair in server.last.url.params.multi_items() if pair[0] != "open"] == [
        ("ids", "1"),
        ("fields", "a b"),
    ]
    client.parcels.list(ids=(number for number in (1, 2)), fields=(text for text in ("a", "b")))
    assert b"ids=1&ids=2&fields=a,b" in server.last.url.query


def test_a_model_goes_there_and_back(client: Any, server: Server) -> None:
    """Every kind of field, parsed to its type and written as it came."""
    body = {
        **PARCEL,
        "weight": None,
        "count": 3,
        "fragile": False,
        "made": "2026-01-02",
        "sent": "2026-01-02T03:04:05+00:00",
        "kind": "parcel",
        "lines": [[1], [2, 3]],
        "labels": {"a": 1},
        "value": "2026-01-02",
        "whatever": {"a": [None], "b": 1},
        "more": {"x": 1},
    }
    server.answer = httpx.Response(200, json=body)

    parcel = client.parcels.retrieve("x")

    assert parcel.id == uuid.UUID(ID)
    assert parcel.made == parcel.value == datetime.date(2026, 1, 2)
    assert parcel.weight is None
    assert parcel.additional_properties == {"more": {"x": 1}}
    assert parcel.labels.additional_properties == {"a": 1}
    assert parcel.to_dict() == body


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": "no"}, "$.id"),
        ({"weight": "1"}, "$.weight"),
        ({"count": True}, "$.count"),
        ({"count": 1.5}, "$.count"),
        ({"fragile": 0}, "$.fragile"),
        ({"made": "2026-01-02T00:00:00Z"}, "$.made"),
        ({"kind": "letter"}, "$.kind"),
        ({"lines": [[1], [2, "3"]]}, "$.lines[1][1]"),
        ({"lines": {}}, "$.lines"),
        ({"labels": {"a b": "1"}}, "$.labels['a b']"),
        ({"value": []}, "$.value"),
        ({"whatever": []}, "$.whatever"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(
    change: dict[str, Any], path: str, client: Any, server: Server, package: Any
) -> None:
    """By its place in the body."""
    server.answer = httpx.Response(200, json={**PARCEL, **change})

    with pytest.raises(package.BodyMismatchError) as caught:
        client.parcels.retrieve("x")

    assert caught.value.json_path == path


def test_bodies_of_every_kind(client: Any, server: Server, package: Any) -> None:
    """JSON, merge patch, form, multipart, an image."""
    server.answer = httpx.Response(201, json=PARCEL)
    client.parcels.create(id=uuid.UUID(ID), status="new", weight=1.5)
    assert json.loads(server.last.content) == {**PARCEL, "weight": 1.5}

    server.answer = httpx.Response(202)
    assert client.parcels.update("x", weight=None) is None
    assert server.last.headers["content-type"] == "application/merge-patch+json"
    assert json.loads(server.last.content) == {"weight": None}

    server.answer = httpx.Response(200, json={"passphrase": "p", "list": [], "table": None})
    client.login.create(user="a&b", passphrase="ä", scopes=["x", "y"])
    assert server.last.content == b"user=a%26b&passphrase=%C3%A4&scopes=x&scopes=y"
    assert server.last.headers["authorization"] == "Basic " + base64.b64encode(b"me:pw").decode()

    server.answer = httpx.Response(200, text="added")
    photo = package.File(b"\x00\x01", "a.png", "image/png")
    place = importlib.import_module("parcels_client.models").PhotoPlace(lat=1.5)
    added = client.parcels.photos.create(
        "x", file=photo, title="t", taken=datetime.date(2026, 1, 2), place=place, tags=["a", "b"]
    )
    sent = server.last.content
    assert added == "added"
    assert server.last.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x00\x01\r\n' in sent
    assert b'{"lat": 1.5}' in sent
    assert sent.count(b'name="tags"') == 2

    server.answer = httpx.Response(200, json={"any": [1]})
    assert client.parcels.photos.replace("x", "n", "e", body=package.File(b"\x89PNG")) == {"any": [1]}
    assert (server.last.content, server.last.headers["content-type"]) == (b"\x89PNG", "image/png")


def test_answers_that_are_no_json(client: Any, server: Server) -> None:
    """A PDF is a file with its type and name; an empty answer is None."""
    headers = {"content-type": "application/pdf", "content-disposition": 'attachment; filename="label.pdf"'}
    server.answer = httpx.Response(200, content=b"%PDF-1.7", headers=headers)
    label = client.parcels.label("x")
    assert (label.read(), label.file_name, label.mime_type) == (b"%PDF-1.7", "label.pdf", "application/pdf")
    assert server.last.headers["accept"] == "application/pdf"

    server.answer = httpx.Response(200, content=b"\x00")
    assert client.parcels.photos.list("x").read() == b"\x00"

    server.answer = httpx.Response(204)
    assert client.parcels.delete("x") is None
    assert client.parcels.replace("x", id=uuid.UUID(ID), status="new") is None


@pytest.mark.parametrize("value", ["", ".", "..", "\ud800"])
def test_a_path_parameter_never_leaves_its_segment(
    value: str, client: Any, server: Server, package: Any
) -> None:
    """Not by dots, not by being empty."""
    with pytest.raises(package.UsageError):
        client.parcels.retrieve(value)
    assert server.seen == []


@pytest.mark.parametrize(
    "value", ["a/b", "../x", "a?b", "a#b", "%2e%2e", "a b", "ü", "..%2f", "\\..\\", "a;b", "..."]
)
def test_what_stands_in_a_path_is_encoded(value: str, client: Any, server: Server) -> None:
    """The server reads the same text in the same place."""
    client.parcels.retrieve(value)

    encoded = server.last.url.raw_path.decode().removeprefix("/api/v2/v2/parcels/")
    assert "/" not in encoded
    assert httpx.URL(f"http://x/{encoded}").path == f"/{value}"


def test_two_parameters_in_one_segment(client: Any, server: Server, package: Any) -> None:
    """`{name}.{ext}` is one segment, and `.` and `.` make two dots of it."""
    client.parcels.photos.replace("x", "a/b", "png", body=package.File(b""))
    assert server.last.url.raw_path.endswith(b"/photos/a%2Fb.png")


def test_values_are_written_as_openapi_has_them(client: Any, server: Server, package: Any) -> None:
    """Wherever they stand: no True, no blank within a time, no None, no backslash more than there was."""
    server.answer = httpx.Response(204)
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)

    client.values.post_by_at(
        True,
        moment,
        body=package.File(b"<a/>"),
        x_id=uuid.UUID(ID),
        x_open=False,
        day=moment.date(),
        x_null=None,
        number=7,
    )

    headers = server.last.headers
    assert server.last.url.path.endswith("/values/true/2026-01-02T03:04:05+00:00")
    assert (headers["x-id"], headers["x-open"]) == (ID, "false")
    assert (headers["cookie"], headers["content-type"]) == ("day=2026-01-02; number=7", "application/xml")
    assert "x-null" not in headers
    assert server.last.content == b"<a/>"
    assert server.last.url.params["sort"] == 'a"\\b'


def test_an_error_by_pattern_and_by_default(client: Any, server: Server, package: Any) -> None:
    """4XX and default have their model too."""
    server.answer = httpx.Response(418, json={"title": "no", "code": 1})
    with pytest.raises(package.StatusError) as caught:
        client.parcels.create(id=uuid.UUID(ID), status="new")
    assert caught.value.parsed.code == 1

    server.answer = httpx.Response(500, json={"title": "down"})
    with pytest.raises(package.ServerError) as caught:
        client.parcels.retrieve("x")
    assert caught.value.parsed.title == "down"
    assert caught.value.errors == ["down"]

    server.answer = httpx.Response(201, json={"title": "odd"})
    with pytest.raises(package.UnexpectedStatusError):
        client.parcels.retrieve("x")


def test_the_most_particular_of_several_kinds_is_taken(client: Any, server: Server) -> None:
    """A closed object with a field left over is a worse fit than one without."""
    shapes = [{"r": 1.0}, {"a": 2.0}, {"a": 1.0, "shape": "square"}]
    server.answer = httpx.Response(200, json={"passphrase": "p", "list": shapes, "table": 4})

    session = client.login.create(user="a", passphrase="b")

    assert [type(one).__name__ for one in session.list_] == ["Circle", "Square", "Square"]
    assert session.table_ == 4
    assert "'p'" not in repr(session)


def test_models_may_hold_themselves(client: Any, server: Server) -> None:
    """And one another."""
    node = {"name": "a", "next": {"name": "b", "all": [{"name": "c"}]}}
    server.answer = httpx.Response(200, json={"passphrase": "p", "list": [], "table": 1, "next": node})

    session = client.login.create(user="a", passphrase="b")

    assert session.next_.next_.all_[0].name == "c"
    assert session.next_.to_dict() == node


def test_names_that_python_or_the_client_needs(client: Any, server: Server) -> None:
    """They are moved aside in Python and sent as they are."""
    server.answer = httpx.Response(200, json=["a"])

    client.search.list(
        client_query="c", body_query="b", from_=datetime.date(2026, 1, 2), uuid=uuid.UUID(ID), level=2
    )

    assert server.last.url.params.multi_items() == [
        ("client", "c"),
        ("body", "b"),
        ("from", "2026-01-02"),
        ("uuid", ID),
        ("key", "k&y"),
    ]
    assert server.last.headers["level"] == "2"


def test_credentials_go_with_operations_that_ask_for_them(package: Any, server: Server) -> None:
    """Two schemes at once, one of them in the query; none where none is asked for."""
    args = {"transport": httpx.MockTransport(server)}
    bare = package.Client.staging(httpx_args=args)
    server.answer = httpx.Response(204)

    bare.parcels.delete("x")
    with pytest.raises(package.UnexpectedStatusError):
        bare.login.create(user="a", passphrase="b")

    assert ["authorization" in request.headers for request in server.seen] == [False, False]


def test_the_documents_text_stays_text(client: Any) -> None:
    """Quotes, escapes and template marks of a description arrive in the docstring, HTML does not."""
    text = inspect.getdoc(type(client.parcels).create) or ""

    assert "the manual (https://parcels.example/docs), well." in text
    assert '""" \\N{DIGIT ONE} {{ nothing }} {% raw %}' in text


def test_the_same_bytes_every_time(package: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever folder, language, zone, umask."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    other = tmp_path / "parcels_client"
    before = os.umask(0o077)
    try:
        assert regenerate.main(["--spec", str(DOCUMENT), "--output", str(other)]) == 0
    finally:
        os.umask(before)

    assert regenerate.differences(Path(package.__file__).parent, other) == []
