"""Generation is whole or not at all, and the same everywhere."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate
from scripts.lib.errors import Refusal, run
from scripts.lib.files import swap_folder, write_together
from scripts.lib.paths import CLIENT, EFFECTIVE, ROOT, SETTINGS

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "tags": ["things"],
                "responses": {"204": {"description": "d"}},
            }
        }
    },
}


def generate(tmp_path: Path, document: Any, output: str = "client") -> int:
    """Run the verb on a document; its exit code."""
    spec = tmp_path / "spec.json"
    spec.write_text(document if isinstance(document, str) else json.dumps(document))
    return run(lambda: regenerate.main(["--spec", str(spec), "--output", str(tmp_path / output)]))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which a client has been made."""
    folder = tmp_path_factory.mktemp("made")
    assert generate(folder, DOCUMENT) == 0
    return folder


def test_what_is_committed_is_what_a_fresh_regeneration_gives(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody has edited the client by hand, and nobody forgot to regenerate."""
    status = run(lambda: regenerate.main(["--check"]))

    assert (status, capsys.readouterr().err) == (0, "")


def test_surroundings_do_not_change_a_byte(tmp_path: Path) -> None:
    """Not the locale, the time zone, the umask, the hash seed, nor a ruff configuration nearby."""
    (tmp_path / "ruff.toml").write_text("line-length = 40\nindent-width = 2\n")
    (tmp_path / "pyproject.toml").write_text("[tool.ruff.format]\nquote-style = 'single'\n")
    output = tmp_path / "client"
    surroundings = os.environ | {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "77", "COLUMNS": "20"}
    spec = str(EFFECTIVE)

    for name in ("one", "two"):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "scripts.regenerate",
                "--spec",
                spec,
                "--output",
                str(output / name / "p"),
            ],
            cwd=ROOT,
            env=surroundings if name == "one" else os.environ,
            umask=0o077 if name == "one" else 0o022,
            check=True,
            capture_output=True,
        )

    assert regenerate.differences(output / "one" / "p", output / "two" / "p") == []
    modes = {path.stat().st_mode & 0o777 for path in (output / "one").rglob("*.py")}
    assert modes == {0o644}


def test_every_generated_file_introduces_itself() -> None:
    """A path alone should tell whether a file may be touched; the first line certainly does."""
    for path in CLIENT.rglob("*.py"):
        assert path.read_text().startswith("# Generated from openapi/effective.json by `make regenerate`;")


def test_the_package_says_what_it_was_made_from() -> None:
    """Hashes of all sources, read without importing the package."""
    tree = ast.parse((CLIENT / "_provenance.py").read_text())
    values: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = ast.literal_eval(node.value)

    assert values["SOURCES"] == regenerate.own_sources().hashes()
    assert values["TOOLS"]["openapi-python-client"] == "0.29.1"
    assert (CLIENT / "py.typed").is_file()


def test_a_stale_file_goes_with_the_next_generation(tmp_path: Path) -> None:
    """The folder is swapped, not written over."""
    assert generate(tmp_path, DOCUMENT) == 0
    stale = tmp_path / "client" / "models" / "stale.py"
    stale.write_text("")

    assert generate(tmp_path, DOCUMENT) == 0

    assert not stale.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["client", "spec.json"]


def test_a_hand_edit_is_found_by_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--check names each file that differs and leaves it alone."""
    assert generate(tmp_path, DOCUMENT) == 0
    edited = tmp_path / "client" / "client.py"
    edited.write_text("# mine\n")
    capsys.readouterr()

    arguments = ["--spec", str(tmp_path / "spec.json"), "--output", str(tmp_path / "client"), "--check"]
    status = run(lambda: regenerate.main(arguments))

    assert status == 1
    assert capsys.readouterr().err == "client/client.py: differs from a fresh regeneration\n"
    assert edited.read_text() == "# mine\n"


UNSUPPORTED: dict[str, Any] = {
    "operationId": "send",
    "tags": ["things"],
    "requestBody": {"content": {"image": {"schema": {"type": "string"}}}},
    "responses": {"204": {"description": "d"}},
}
TWIN: dict[str, Any] = DOCUMENT["paths"]["/things"]["get"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{", "spec.json:1:2: not JSON"),
        ("", "spec.json: is not an OpenAPI document: not an object"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ("[" * 300 + "]" * 300, "nested deeper than 200"),
        ({**DOCUMENT, "openapi": "2.0"}, "spec.json: is of OpenAPI version '2.0'"),
        ({**DOCUMENT, "paths": {"/things": {"post": UNSUPPORTED}}}, "'image' is no media type such as"),
    ],
    ids=["cut", "empty", "twice", "deep", "old", "unsupported"],
)
def test_a_document_that_cannot_be_generated_whole_changes_nothing(
    document: Any, reason: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, one line with the place and the reason, and the old package stays as it was."""
    before = {path: path.read_bytes() for path in (made / "client").rglob("*.py")}
    capsys.readouterr()

    status = generate(made, document)

    told = capsys.readouterr().err
    assert status == 2
    assert reason in told
    assert told.count("\n") == 1
    assert {path: path.read_bytes() for path in (made / "client").rglob("*.py")} == before
    assert sorted(path.name for path in made.iterdir()) == ["client", "spec.json"]


def test_a_folder_of_somebody_else_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--output pointing at a home folder by mistake must not cost it."""
    mine = tmp_path / "client" / "letters.txt"
    mine.parent.mkdir()
    mine.write_text("dear")

    assert generate(tmp_path, DOCUMENT) == 2

    assert mine.read_text() == "dear"
    assert "holds something that this command did not make" in capsys.readouterr().err


def test_a_missing_document_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The place is the path as it was given."""
    missing = tmp_path / "none.json"

    status = run(lambda: regenerate.main(["--spec", str(missing), "--output", str(tmp_path / "client")]))

    assert (status, capsys.readouterr().err) == (2, f"error: {missing}: no such file\n")


@pytest.mark.parametrize("package", ["openapi-python-client", "ruff"])
def test_another_version_of_a_tool_is_refused(
    package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another version gives other bytes; one before 0.29.1 even runs text of the document."""
    monkeypatch.setattr(regenerate, "version", lambda name: "0.28.0" if name == package else _wanted(name))

    with pytest.raises(Refusal, match=r"version .* is needed, 0\.28\.0 is installed"):
        regenerate.generate(regenerate.Sources(EFFECTIVE, SETTINGS, ()), tmp_path / "client")


def _wanted(name: str) -> str:
    return {"openapi-python-client": regenerate.GENERATOR_VERSION, "ruff": regenerate.RUFF_VERSION}[name]


def test_another_document_needs_another_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """Our client is never replaced by that of another document."""
    with pytest.raises(SystemExit) as left:
        regenerate.main(["--spec", "other.json"])

    assert left.value.code == 2
    assert "--spec needs --output" in capsys.readouterr().err


def test_a_proposal_needs_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is generated, so `--fix` asks for no place to generate into."""
    (tmp_path / "spec.json").write_text(json.dumps(DOCUMENT))

    assert regenerate.main(["--spec", str(tmp_path / "spec.json"), "--fix", str(tmp_path / "o.yaml")]) == 0
    assert "o.yaml: " in capsys.readouterr().out


def test_a_parameter_may_be_called_like_another_operation(tmp_path: Path) -> None:
    """`office` lists one office, and `products` has a query parameter `office` that is an array."""
    listed: dict[str, Any] = {"name": "office", "in": "query", "explode": False}
    listed["schema"] = {"type": "array", "items": {"type": "string"}}
    answers = {"200": {"description": "fine"}}
    paths = {
        "/offices": {"get": {"operationId": "office", "responses": answers}},
        "/products": {"get": {"operationId": "products", "parameters": [listed], "responses": answers}},
    }
    document = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}
    (tmp_path / "spec.json").write_text(json.dumps(document))

    command = ["--spec", str(tmp_path / "spec.json"), "--output", str(tmp_path / "things")]

    assert run(lambda: regenerate.main(command)) == 0


def with_settings(tmp_path: Path, settings: str) -> tuple[int, Path]:
    """Generate the small document with settings; the exit code, and where the package should be."""
    (tmp_path / "spec.json").write_text(json.dumps(DOCUMENT))
    (tmp_path / "own.yaml").write_text(settings)
    output = tmp_path / "things"
    command = ["--spec", str(tmp_path / "spec.json"), "--output", str(output)]
    status = run(lambda: regenerate.main([*command, "--settings", str(tmp_path / "own.yaml")]))
    return status, output


def test_settings_of_ones_own_name_the_package(tmp_path: Path) -> None:
    """The logger and the environment variables are called after the package; no command of theirs runs."""
    canary = tmp_path / "canary"

    status, output = with_settings(
        tmp_path, f"package_name_override: parcels_sdk\npost_hooks: ['touch {canary}']\n"
    )

    assert status == 0
    table = (output / "_table.py").read_text()
    assert 'package="parcels_sdk"' in table
    assert 'prefix="PARCELS_"' in table
    assert not canary.exists()
    assert '"settings"' in (output / "_provenance.py").read_text()


def test_without_a_name_in_the_settings_the_folder_names_the_package(tmp_path: Path) -> None:
    """Another document's package is never called like ours."""
    status, output = with_settings(tmp_path, "docstrings_on_attributes: true\n")

    assert status == 0
    assert 'package="things"' in (output / "_table.py").read_text()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (
            "package_name_override: ../../evil\n",
            "package_name_override: '../../evil' is no name of a package",
        ),
        ("package_name_override: 'os; import x'\n", "is no name of a package"),
        ("docstring_on_attributes: true\n", "has no setting docstring_on_attributes"),
        ("literal_enums: maybe\n", "the settings: literal_enums: Input should be a valid boolean"),
        ("[a]\n", "own.yaml: is no object of settings"),
        ("a: !!python/name:os.system\n", "own.yaml:1:4: not YAML: tags are not taken"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(
    settings: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in a setting's name would give another client, and nobody would know why."""
    status, output = with_settings(tmp_path, settings)

    said = capsys.readouterr().err
    assert (status, output.exists()) == (2, False)
    assert reason in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("option", ["--settings", "--overlay"])
def test_our_own_client_has_its_settings_in_one_place(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise `--check` would compare two different things."""
    with pytest.raises(SystemExit) as left:
        regenerate.main([option, "own.yaml"])

    assert left.value.code == 2
    assert "belong to --spec" in capsys.readouterr().err


def test_a_refusal_is_one_printable_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Text of a document cannot forge further lines of a log, which CI systems read commands from."""

    def verb() -> int:
        raise Refusal("here", "bad\n::error::forged\x1b[31m")

    assert run(verb) == 2
    assert capsys.readouterr().err == "error: here: bad\\n::error::forged\\x1b[31m\n"


def test_files_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    """One that cannot be written keeps all the others as they were."""
    good, bad = tmp_path / "good", tmp_path / "file" / "bad"
    good.write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OSError, match="file"):
        write_together({good: b"new", bad: b"new"})

    assert good.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "good"]


def test_a_failed_swap_is_undone(tmp_path: Path) -> None:
    """If the new folder cannot take its place, the old one is back."""
    old = tmp_path / "there"
    old.mkdir()
    (old / "file").write_text("old")

    with pytest.raises(OSError, match="nowhere"):
        swap_folder(tmp_path / "nowhere", old)

    assert (old / "file").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


def test_a_document_without_operations_gives_an_empty_client(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may have some tomorrow; a note says that there are none."""
    assert generate(tmp_path, {**DOCUMENT, "paths": {}}) == 0

    assert "#/paths: there are no operations; the client has no methods" in capsys.readouterr().err
    program = "import client; client.Client('https://x.example')"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


CONTRADICTING: dict[str, Any] = {
    **DOCUMENT,
    "paths": {
        "/things/{id*}": {
            "post": {
                "operationId": "make",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["name", "gone"],
                                "properties": {"name*": {"type": "string"}, "size": {"type": "integer"}},
                            }
                        }
                    }
                },
                "responses": {
                    200: {
                        "description": "d",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["at"],
                                    "additionalProperties": False,
                                    "properties": {
                                        "count": {"type": "integer"},
                                        "kind": {"type": "string", "enum": ["a"], "default": "z"},
                                        "code": {"type": "string", "pattern": "^[0-9]+$"},
                                        "at": {"type": "string", "format": "date"},
                                    },
                                },
                                "example": {"count": "7", "kind": "b", "code": "x1", "more": None},
                            }
                        },
                    }
                },
            }
        }
    },
}


def test_every_contradiction_between_examples_and_schemas_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of the two is wrong, and the server sends what the example shows."""
    assert generate(tmp_path, json.loads(json.dumps(CONTRADICTING))) == 0

    said = capsys.readouterr().err
    place = "#/paths/~1things~1{id*}/post/responses/200/content/application~1json"
    assert f'{place}/example/count: contradicts {place}/schema/properties/count/type: "7" is not' in said
    for keyword in ("kind/enum", "code/pattern", "schema/required", "schema/additionalProperties"):
        assert any("contradicts" in line and f"{keyword}: " in line for line in said.splitlines()), keyword
    assert f"{place}/schema/properties/kind/default: contradicts" in said


def test_an_example_that_is_the_text_of_an_object_is_that_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Some pages quote them; what contradicts is a property then, and not the whole."""
    quoted = json.loads(json.dumps(CONTRADICTING))
    media = quoted["paths"]["/things/{id*}"]["post"]["responses"]["200"]["content"]["application/json"]
    media["example"] = json.dumps(media["example"])
    assert generate(tmp_path, quoted) == 0

    place = "#/paths/~1things~1{id*}/post/responses/200/content/application~1json"
    told = f'{place}/example/count: contradicts {place}/schema/properties/count/type: "7" is not'
    assert told in capsys.readouterr().err


def test_the_body_of_one_operation_leaves_the_answers_of_another_as_they_are(tmp_path: Path) -> None:
    """A media type may be a body here and an answer there, and each is read for itself."""
    text, form = {"type": "string"}, {"type": "object", "properties": {"a": {"type": "string"}}}

    def item(media_type: str, body: Any, answer: Any) -> Any:
        ok = {"description": "ok", "content": {media_type: {"schema": answer}}}
        sent = {"content": {media_type: {"schema": body}}}
        return {"get": {"responses": {"200": ok}}, "put": {"requestBody": sent, "responses": {"204": {}}}}

    paths = {
        "/text": item("text/plain", text, text),
        "/form": item("application/x-www-form-urlencoded", form, form),
    }
    info = {"title": "t", "version": "1"}
    assert generate(tmp_path, {"openapi": "3.0.3", "info": info, "paths": paths}) == 0

    modules = {path.stem: path.read_text() for path in (tmp_path / "client" / "api").rglob("*.py")}
    assert '_a.Documented("text", _p.TEXT)' in modules["get_text"]
    assert '_c.Body("content", "text/plain", _p.FILE' in modules["put_text"]
    assert '_c.Body("form", "application/x-www-form-urlencoded"' in modules["put_form"]


def test_fix_writes_an_overlay_after_which_nothing_contradicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For review: what would be cured, names without their stars, and schemas as wide as their examples."""
    spec, fix = tmp_path / "spec.json", tmp_path / "fix.yaml"
    spec.write_text(json.dumps(CONTRADICTING))
    arguments = ["--spec", str(spec), "--output", str(tmp_path / "client")]

    assert run(lambda: regenerate.main([*arguments, "--fix", str(fix)])) == 0
    assert not (tmp_path / "client").exists()
    assert "to be read before they are used" in capsys.readouterr().out
    assert run(lambda: regenerate.main([*arguments, "--overlay", str(fix)])) == 0

    said = capsys.readouterr().err
    assert [line for line in said.splitlines() if "/example" in line and "contradicts" in line] == []
    body = (tmp_path / "client" / "models" / "make_body.py").read_text()
    assert '_m.Field("name", "name", _p.TEXT, required=True' in body
    assert "name*" not in body
    assert run(lambda: regenerate.main([*arguments, "--fix", str(fix)])) == 2
    assert "is there already; name a file that is not" in capsys.readouterr().err
