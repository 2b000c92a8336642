"""`novapost-mock --spec FILE`: what it says at the start, and documents that nobody vouches for."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from novapost_mock.__main__ import command
from novapost_mock.document.load import MAX_BYTES, MAX_YAML_BYTES, parse, read_document
from novapost_mock.schemas.violation import DocumentError

HERE = Path(__file__).parent
OK: dict[str, Any] = {"responses": {"200": {"description": "fine"}}}


def test_it_says_what_is_imitated_how(tmp_path: Path) -> None:
    """After the address, on stderr: by rules, by schema, or not at all, and what has no effect."""
    tree = {
        "openapi": "3.0.3",
        "servers": [{"url": "https://example.com/api/"}],
        "paths": {
            "/test-api-keys": {
                "post": {
                    **OK,
                    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                }
            },
            "/things": {"get": {**OK, "operationId": "things"}},
            "/bad": {"get": {"responses": {"200": {"$ref": "https://example.com/a.json"}}}},
        },
        "components": {},
    }
    tree["paths"]["/things"]["get"]["parameters"] = [  # type: ignore[index]
        {"name": "p", "in": "query", "schema": {"type": "string", "pattern": "["}}
    ]
    document = tmp_path / "doc.json"
    document.write_text(json.dumps(tree))

    with subprocess.Popen(
        [sys.executable, "-m", "novapost_mock", "--port", "0", "--spec", str(document)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as mock:
        assert mock.stdout is not None
        first = mock.stdout.readline()
        assert first.startswith("novapost-mock listening on http://127.0.0.1:")
        assert first.endswith("/api/\n")
        assert httpx.get(first.split()[-1] + "things").status_code == 200
        mock.terminate()
        _, output = mock.communicate(timeout=10)

    assert output.splitlines() == [
        "doc.json: OpenAPI 3.0.3, 3 operations: 1 by rules, 1 by schema, 1 not at all",
        "  by rules    POST    /test-api-keys  createTestApiKey  200",
        "  by schema   GET     /things  things  200",
        (
            "  not at all  GET     /bad  501: #/paths//bad/get/responses/200: https://example.com/a.json "
            "leads out of the document and is not followed; only files of its own folder are read"
        ),
        (
            "  note: #/paths//things/get/parameters/0/schema/pattern: passed over, since this is no regular "
            "expression of ECMA-262"
        ),
    ]
    assert mock.returncode == 0


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
)
HOSTILE = [
    pytest.param(b"", "openapi: the mock reads OpenAPI 3.0 to 3.2, and this is empty", id="nothing"),
    pytest.param(b"[]", "3.2, and this is no object", id="a list"),
    pytest.param(b"{}", "3.2, and this does not say that it is", id="an object without a version"),
    pytest.param(
        b'{"swagger": "2.0"}', r"3.2, and this is Swagger 2.0; a converter makes 3.0 of it", id="Swagger"
    ),
    pytest.param(b'{"openapi": "3.3.0"}', "3.2, not 3.3.0", id="a later version"),
    pytest.param(
        b"a: &a {x: 1}\nb: {<<: *a, y: 1, y: 2}",
        "line 2, column 19: not YAML: the key 'y'",
        id="a key twice beside a merge",
    ),
    pytest.param(b"\xff\xfe", "not UTF-8 at byte 0", id="not text"),
    pytest.param(b'{"openapi": "3.0.0" "x"}', "line 1, column 21: not JSON", id="not JSON"),
    pytest.param(
        b'{"openapi": "3.0.0", "openapi": "3.0.0"}', "the key 'openapi' stands twice", id="a key twice"
    ),
    pytest.param(b'{"openapi": "3.0.0", "x": NaN}', "NaN is not JSON", id="NaN"),
    pytest.param(b'{"openapi": "3.0.0", "x": 1e999}', "a number that is out of range", id="infinite"),
    pytest.param(b'{"x": ' + b"1" * 5000 + b"}", "a number with too many digits", id="digits"),
    pytest.param(b'{"openapi": "2.0"}', "the mock reads OpenAPI 3.0 to 3.2", id="another version"),
    pytest.param(b'{"openapi": 3.0}', "the mock reads OpenAPI 3.0 to 3.2", id="a number for a version"),
    pytest.param(b"[" * 300 + b"]" * 300, "nested deeper than 200", id="deep JSON"),
    pytest.param(b"[" * 200_000, "nested deeper than 200", id="very deep JSON"),
    pytest.param(b"a: " + b"[" * 500, "not YAML|nested deeper", id="deep YAML"),
    pytest.param(b"a: " + b"[" * 200_000, "not YAML|nested deeper", id="very deep YAML"),
    pytest.param(BOMB.encode(), "more than 2000000 values|nested deeper", id="aliases"),
    pytest.param(b"a: &a [*a]", "line 1, column 4: not YAML", id="an alias of itself"),
    pytest.param(
        b"openapi: 3.0.0\nopenapi: 3.0.0",
        "line 2, column 1: not YAML: the key 'openapi'",
        id="YAML key twice",
    ),
    pytest.param(
        b"a: !!python/object/apply:os.system [ls]", "line 1, column 4: not YAML: could not", id="a tag"
    ),
    pytest.param(b"? [a, b]\n: c", "a key must be text", id="a list for a key"),
    pytest.param(b"a: b: c", "line 1, column 5: not YAML", id="not YAML"),
    pytest.param(b"a: .nan", "the mock reads OpenAPI", id="not a number"),
]


def test_a_key_beside_a_merge_key_wins_over_the_merged_one() -> None:
    """An answer that is taken over with another description is what merge keys are written for."""
    text = b"a: &a {x: 1, y: 2}\nb: &b {<<: *a, x: 3}\nc: {z: 4, <<: *b, y: 5}\nd: {<<: [*b, *a]}"

    assert parse(text) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 3, "y": 2},
        "c": {"x": 3, "y": 5, "z": 4},
        "d": {"x": 3, "y": 2},
    }


@pytest.mark.parametrize(("content", "reason"), HOSTILE)
def test_a_document_that_cannot_be_read_is_refused_in_a_line(
    content: bytes,
    reason: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """File, place and reason on stderr; exit code 2 and nothing on stdout."""
    document = tmp_path / "doc.yaml"
    document.write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["novapost-mock", "--port", "0", "--spec", str(document)])

    with pytest.raises(DocumentError, match=reason):
        read_document(document)
    assert command() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {document}: ")
    assert err.count("\n") == 1
    assert len(err) < 600


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.json", "no such file"),
        (".", "not a file"),
        ("a\nb", "no such file"),
        ("a\0b", "no such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    """A name with a line break in it stays one line."""
    with pytest.raises(DocumentError, match=reason) as caught:
        read_document(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_documents_that_are_too_large_are_refused(tmp_path: Path) -> None:
    """Without being read to their end."""
    large = tmp_path / "large.json"
    with large.open("wb") as stream:
        stream.truncate(MAX_BYTES + 10)

    with pytest.raises(DocumentError, match=f"larger than {MAX_BYTES} bytes"):
        read_document(large)
    with pytest.raises(DocumentError, match="give it as JSON"):
        parse(b"a: " + b"x" * MAX_YAML_BYTES)


def test_yaml_is_read_as_version_1_2_has_it() -> None:
    """Statuses are keys, `no` is a text, dates and times too; aliases and merge keys are followed."""
    text = "a: &a {200: no, 1: on}\nb: [*a, 12:30, 2025-01-01, 0777, 1.5, ~, true]\nc: {<<: *a, x: y}"

    assert parse(text.encode()) == {
        "a": {"200": "no", "1": "on"},
        "b": [{"200": "no", "1": "on"}, "12:30", "2025-01-01", "0777", 1.5, None, True],
        "c": {"200": "no", "1": "on", "x": "y"},
    }


def test_yaml_without_its_reader_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON needs nothing more."""
    monkeypatch.setitem(sys.modules, "yaml", None)

    assert parse(b"{}") == {}
    with pytest.raises(DocumentError, match="pip install pyyaml"):
        parse(b"a: b")


ODD = [
    {"paths": None},
    {"paths": []},
    {"paths": {"/a": None, "/b": [], "/c": {"get": None}, "x-d": {"get": OK}}},
    {"paths": {"/a": {"$ref": "#/paths/~1a"}}},
    {"paths": {"/a": {"get": {"responses": {"abc": {}}}}}},
    {"paths": {"/a": {"get": {"responses": {"200": []}}}}},
    {"paths": {"/a": {"get": {"responses": {"200": {"content": {"nonsense": {}}}}}}}},
    {"paths": {"/a": {"get": {"responses": {"200": {"headers": {"bad\r\nname": {}, "X": {"schema": 5}}}}}}}},
    {"paths": {"/a": {"get": {"parameters": [{"name": 5, "in": "query"}], **OK}}}},
    {"paths": {"/a": {"get": {"parameters": [{"name": "p", "in": "query", "style": "odd"}], **OK}}}},
    {"paths": {"/a": {"get": {"parameters": [{"$ref": "#/x"}], **OK}}}},
    {"paths": {"/a": {"get": {"security": "none", **OK}}}},
    {"paths": {"/a": {"get": {"security": [{"missing": []}], **OK}}}},
    {"paths": {"/a?b=c": {"get": OK}, "a": {"get": OK}, "/{": {"get": OK}, "/{}/{}": {"get": OK}}},
    {"paths": {"/a/{b}": {"get": OK}, "/a/{c}": {"get": OK}}},
    {"paths": {"/a": {"get": OK}}, "servers": "x"},
    {"paths": {"/a": {"get": OK}}, "components": []},
    {"paths": {"/__mock__/reset": {"post": OK}}},
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_what_is_odd_in_a_document_takes_out_an_operation_at_most(
    odd: Any, version: str, tmp_path: Path
) -> None:
    """The rest is served, each with a reason of one line; no request makes the mock fail."""
    from novapost_mock import Mock, Request

    document = tmp_path / "doc.json"
    document.write_text(json.dumps({"openapi": version, **odd}))

    read = read_document(document)

    mock = Mock(document=read)
    for operation in read.operations:
        assert (operation.imitated == "none") == bool(operation.reason)
        assert "\n" not in operation.reason
        reply = mock.handle(Request(operation.method, operation.path.partition("?")[0].replace("{c}", "1")))
        assert reply.status in {200, 401, 404, 501}
