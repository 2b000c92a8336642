"""Does drift come to an end on documents that nobody honest would write, and read nothing outside of them?"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.drift.load.lenient import parse
from scripts.drift.load.yaml_lines import lines
from scripts.lib.paths import ROOT

HONEST = '{"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"200": {"description": "x"}}}}}}'


def drift(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Return the real command, with a memory limit that holds for it and its child."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.drift", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


def document(schema: Any, **more: Any) -> dict[str, Any]:
    """Return a document with one answer of that schema."""
    answer = {"description": "x", "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": answer}}}},
        **more,
    }


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "deep-json": ("x.json", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested deeper than 200"),
    "deep-list": ("x.json", b"[" * 10_000, "nested deeper than 200"),
    "deep-yaml": ("x.yaml", b"- " * 10_000 + b"1", "nested deeper than 200"),
    "deep-flow": ("x.yaml", b"a: " + b"{b: " * 5_000, "nested deeper than 200"),
    "yaml-bomb": ("x.yaml", b"openapi: 3.0.3\n" + BOMB.encode(), "unfold to more than"),
    "alias-of-itself": ("x.yaml", b"openapi: 3.0.3\npaths: &p\n  a: *p\n", "has no anchor, or stands inside"),
    "not-utf-8": ("x.json", b'{"openapi": "3.0.3\xff"}', "not UTF-8 at byte 18"),
    "utf-16": ("x.yaml", "openapi: 3.0.3".encode("utf-16"), "not UTF-8"),
    "html": ("x.md", b"<!doctype html><html></html>", "HTML"),
    "html-as-yaml": ("x.yaml", b"<!doctype html>\n<html>&</html>", "not an OpenAPI document"),
    "empty": ("x.yaml", b"", "not an OpenAPI document"),
    "a-list": ("x.json", b"[]", "not an object"),
    "nothing-in-it": ("x.json", b"{}", "neither `openapi` nor paths"),
    "a-long-number": ("x.json", b'{"openapi": ' + b"1" * 5000 + b"}", "not usable JSON"),
    "version-4": ("x.json", b'{"openapi": "4.0.0", "paths": {}}', "of OpenAPI version '4.0.0'"),
    "swagger-1": ("x.json", b'{"swagger": "1.2", "apis": []}', "another version than 2.0"),
    "binary": ("x.yaml", bytes(range(256)) * 10, "not UTF-8"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_one_line(name: str, tmp_path: Path) -> None:
    """Exit code 2, the place and the reason, and nothing on stdout that could pass for a result."""
    file, content, reason = REFUSED[name]
    honest, hostile = tmp_path / "honest.json", tmp_path / file
    honest.write_text(HONEST)
    hostile.write_bytes(content)

    done = drift(honest, hostile)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "could not compare" in done.stderr
    assert reason in done.stderr
    assert file in done.stderr


def test_a_page_of_200_megabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    """Nor does it get into memory."""
    honest, huge = tmp_path / "honest.json", tmp_path / "huge.md"
    honest.write_text(HONEST)
    with huge.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)

    done = drift(honest, huge)

    assert done.returncode == 2
    assert "larger than" in done.stderr


def test_a_pipe_that_never_ends_is_no_file(tmp_path: Path) -> None:
    """Reading it would wait for ever."""
    honest, pipe = tmp_path / "honest.json", tmp_path / "pipe.json"
    honest.write_text(HONEST)
    os.mkfifo(pipe)

    assert "is not a file" in drift(honest, pipe).stderr


@pytest.mark.parametrize(
    "reference",
    ["../secret.json", "/etc/passwd#/a", "file:///etc/passwd", "http://127.0.0.1:9/schema.json"],
)
def test_a_reference_to_outside_is_never_followed(reference: str, tmp_path: Path) -> None:
    """Neither a file outside of the folder nor an address is read; what was not read was not compared."""
    (tmp_path / "secret.json").write_text('{"type": "string", "enum": ["the secret"]}')
    (tmp_path / "inside").mkdir()
    old, new = tmp_path / "inside/old.json", tmp_path / "inside/new.json"
    old.write_text(json.dumps(document({"type": "string"})))
    new.write_text(json.dumps(document({"$ref": reference})))

    done = drift(old, new, "--format", "json")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"refers to {reference}, which" in done.stderr
    assert "the secret" not in done.stderr


@pytest.mark.parametrize("reference", ["#/components/schemas/Gone", "#/%zz/~9", ""])
def test_a_reference_that_leads_nowhere_is_unknown(reference: str, tmp_path: Path) -> None:
    """That the two cannot be compared is said."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(document({"type": "string"})))
    new.write_text(json.dumps(document({"$ref": reference})))

    done = drift(old, new, "--format", "json")
    report = json.loads(done.stdout)

    assert done.returncode == 1
    assert report["verdict"] == "unknown"
    assert report["undecided"] >= 1


def test_the_same_reference_to_a_file_on_both_sides_is_no_drift(tmp_path: Path) -> None:
    """What it names is the same file."""
    (tmp_path / "common.json").write_text('{"a": {"type": "string"}}')
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(document({"$ref": "common.json#/a"})))
    new.write_text(json.dumps({**document({"$ref": "common.json#/a"}), "tags": []}))

    assert drift(old, new).returncode == 0


LOOP = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
TREE = {"A": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "properties": {"x": {}}}]}}
CIRCLES = {
    "reference-loop": (document({"$ref": "#/components/schemas/A"}, components={"schemas": LOOP}), None),
    "all-of-itself": (document({"$ref": "#/components/schemas/A"}, components={"schemas": TREE}), None),
    "a-chain-of-5000": (
        document(
            {"$ref": "#/components/schemas/S0"},
            components={
                "schemas": {
                    f"S{i}": {
                        "type": "object",
                        "properties": {"n": {"$ref": f"#/components/schemas/S{i + 1}"}},
                    }
                    for i in range(5000)
                }
                | {"S5000": {"type": "string"}}
            },
        ),
        "S5000",
    ),
    "references-of-references": (
        document(
            {"$ref": "#/components/schemas/S0"},
            components={
                "schemas": {f"S{i}": {"$ref": f"#/components/schemas/S{i + 1}"} for i in range(3000)}
                | {"S3000": {"type": "string"}}
            },
        ),
        "S3000",
    ),
    "two-to-the-thirtieth": (
        document(
            {"$ref": "#/components/schemas/S0"},
            components={
                "schemas": {
                    f"S{i}": {"anyOf": [{"$ref": f"#/components/schemas/S{i + 1}"}] * 2, "minProperties": i}
                    for i in range(30)
                }
                | {"S30": {"type": "string"}}
            },
        ),
        "S30",
    ),
    "self-everywhere": (
        document(
            {"$ref": "#/components/schemas/T"},
            components={
                "schemas": {
                    "T": {
                        "oneOf": [
                            {"type": "object", "properties": {"t": {"$ref": "#/components/schemas/T"}}},
                            {"type": "array", "items": {"$ref": "#/components/schemas/T"}},
                            {"$ref": "#/components/schemas/U"},
                        ]
                    },
                    "U": {"type": "string"},
                }
            },
        ),
        "U",
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_circles_and_chains_come_to_an_end(name: str, tmp_path: Path) -> None:
    """Within the ten seconds, with a result or with a refusal, and never as a crash or as no drift."""
    base, changed = CIRCLES[name]
    revision = json.loads(json.dumps(base))
    if changed:
        revision["components"]["schemas"][changed] = {"type": "integer"}
    else:
        revision["paths"]["/b"] = {"get": {"responses": {"200": {"description": "x"}}}}
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(base))
    new.write_text(json.dumps(revision))

    done = drift(old, new, "--format", "json", "--fail-on", "compatible")

    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr


STRANGE: dict[str, Any] = {
    "paths-null": {"paths": None},
    "path-null": {"paths": {"/a": None}},
    "operation-list": {"paths": {"/a": {"get": []}}},
    "responses-list": {"paths": {"/a": {"get": {"responses": []}}}},
    "parameters-object": {"paths": {"/a": {"get": {"parameters": {"a": 1}, "responses": {}}}}},
    "parameter-null": {"paths": {"/a": {"get": {"parameters": [None, 3, {"in": 4}]}}}},
    "no-schema": {"paths": {"/a": {"get": {"parameters": [{"name": "a", "in": "query"}]}}}},
    "schema-number": document(3),
    "schema-list": document([{"type": "string"}]),
    "type-number": document({"type": 5}),
    "type-unknown": document({"type": "money"}),
    "enum-object": document({"enum": {"a": 1}}),
    "required-text": document({"required": "a", "properties": []}),
    "properties-null": document({"type": "object", "properties": {"a": None}}),
    "pattern-broken": document({"type": "string", "pattern": "(["}),
    "pattern-slow": document({"type": "string", "pattern": "^(a+)+$"}),
    "minimum-text": document({"type": "integer", "minimum": "many"}),
    "huge-bounds": document({"type": "array", "minItems": 10**12, "maxItems": 10**15}),
    "infinite": document({"type": "number", "maximum": 1.7e308, "multipleOf": 5e-324}),
    "items-number": document({"type": "array", "items": 7}),
    "one-of-object": document({"oneOf": {"a": 1}}),
    "empty-unions": document({"oneOf": [], "anyOf": [], "allOf": []}),
    "security-text": document({}, security="JWT", components={"securitySchemes": []}),
    "servers-text": document({}, servers=["x", {"url": 3}]),
    "callback-list": {"paths": {"/a": {"get": {"callbacks": {"c": [1]}, "responses": {"x": 1}}}}},
    "webhooks": {"webhooks": {"w": {"post": {"requestBody": {"content": {"a": None}}}}}},
    "surrogate": json.loads('{"paths": {"/\\ud800": {"get": {"description": "\\udfff"}}}}'),
    "empty-names": {"paths": {"": {"get": {"responses": {"": {"headers": {"": None}}}}}}},
}


@pytest.fixture(scope="module")
def plainest() -> dict[str, Any]:
    """Return a document with one of each, to compare the strange ones with."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^x", "minLength": 1}}}
    return document(schema)


@pytest.mark.parametrize("name", STRANGE)
def test_no_strange_document_is_a_crash(name: str, plainest: dict[str, Any]) -> None:
    """Compared with an honest one, in both directions and with itself."""
    from contract_tests.self_tests.drift.test_judge import findings

    strange = {"openapi": "3.1.0", **STRANGE[name]}

    findings(plainest, strange)
    findings(strange, plainest)
    assert findings(strange, json.loads(json.dumps(strange))) == []


# Lenient where that costs nothing


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}, "stands twice"),
        ("a: 1\na: 2\n", {"a": 2}, "stands twice"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", {"a": {"b": 1}, "c": {"d": 2, "b": 1}}, None),
        ("200: x\nno: yes\nwhen: 2020-01-01\n", {"200": "x", "no": "yes", "when": "2020-01-01"}, None),
        ("a: !money 5\n", {"a": 5}, "is passed over"),
        ('{"a": NaN}', {"a": None}, "not JSON"),
        ("{a: 1, b: [x]}", {"a": 1, "b": ["x"]}, "read as YAML"),
        ("---\na: 1\n---\nb: 2\n", {"a": 1}, None),
        ("\ufeffa: 'x'\n", {"a": "x"}, None),
    ],
)
def test_what_people_write_is_read_with_a_note(text: str, value: Any, note: str | None) -> None:
    """A comparison with a note helps more than none."""
    read, notes = parse(text.encode(), "x")

    assert read == value
    assert (note is None and not notes) or any(note is not None and note in one for one in notes)


def test_lines_are_those_of_the_file() -> None:
    """In YAML and in JSON, in lists and in maps."""
    content = b"a:\n  b:\n  - x\n  - c: 1\nd: 2\n"
    found = {pointer: line for pointer, line, _ in lines(content)}

    assert found == {
        (): 1,
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "b", "0"): 3,
        ("a", "b", "1"): 4,
        ("a", "b", "1", "c"): 4,
        ("d",): 5,
    }


def test_lines_are_found_only_where_they_are_wanted() -> None:
    """What is next to it is passed over, and what comes after it has its own line."""
    content = b"a:\n  b: {x: 1}\nc:\n  d:\n  - 1\n  - e: 2\n  f: 3\ng: 4\n"
    found = {pointer: line for pointer, line, _ in lines(content, {(), ("c",)})}

    assert found == {(): 1, ("a",): 1, ("c",): 3, ("c", "d"): 4, ("c", "f"): 7, ("g",): 8}


def test_files_beside_have_limits_together(tmp_path: Path) -> None:
    """A thousand files that each refer to the next one, and one more."""
    for number in range(1002):
        (tmp_path / f"{number}.json").write_text(
            json.dumps({"properties": {"a": {"$ref": f"{number + 1}.json"}}})
        )
    old = tmp_path / "old.json"
    old.write_text(json.dumps(document({"$ref": "0.json"})))

    done = drift(old, old)

    assert done.returncode == 2
    assert "refers to more than 1000 files" in done.stderr


def test_a_file_beside_that_is_no_document_is_named(tmp_path: Path) -> None:
    """Its place in its own file is told."""
    (tmp_path / "beside.json").write_text('{"a": ')
    old = tmp_path / "old.json"
    old.write_text(json.dumps(document({"$ref": "beside.json"})))

    done = drift(old, old)

    assert done.returncode == 2
    assert "beside.json:1:" in done.stderr
