"""Does drift take each kind of source: files, stdin, revisions of git, several files at once, moved paths?"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.self_tests.drift.elsewhere.repositories import LINE, SHOP, git, narrowed, shop
from scripts.drift import command
from scripts.drift.load.composed import composed
from scripts.drift.load.lines import positions
from scripts.drift.load.origins import read_origin
from scripts.drift.load.yaml_lines import lines
from scripts.lib.errors import Refusal
from scripts.lib.paths import EFFECTIVE, ROOT

Say = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository of somebody else, in which the command runs."""
    folder = shop(tmp_path / "shop")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Say:
    """Run the command; its exit code, its report and what it printed on stderr."""

    def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
        code = command.main(["--format=json", *arguments])
        out, err = capfd.readouterr()
        return code, json.loads(out) if out else {}, err

    return run


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Pipe a text into the command."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


# Revisions of git


@pytest.mark.parametrize(
    ("base", "revision"),
    [
        ("HEAD~1:api/openapi.yaml", "api/openapi.yaml"),
        ("HEAD~1:api/openapi.yaml", "HEAD:api/openapi.yaml"),
        ("HEAD~1:./api/openapi.yaml", ":api/openapi.yaml"),
        ("main~1:api/openapi.yaml", "main:api/openapi.yaml"),
    ],
)
def test_a_file_of_a_revision_is_a_source(base: str, revision: str, repository: Path, say: Say) -> None:
    """Also in the repository of somebody else, and as it is staged."""
    code, report, _ = say(base, revision)

    assert code == 1
    assert [one["rule"] for one in report["findings"]] == ["request-maximum"]
    assert report["revision"]["file"] == "api/openapi.yaml"
    assert [report["findings"][0][side]["line"] for side in ("base", "revision")] == [LINE, LINE]


def test_a_path_of_a_revision_may_be_relative_to_the_folder(
    repository: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As people type it where they stand."""
    monkeypatch.chdir(repository / "api")

    code, report, _ = say("HEAD~1:openapi.yaml", "openapi.yaml")

    assert (code, report["base"]["file"]) == (1, "api/openapi.yaml")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("nope:api/openapi.yaml", "git knows no revision nope"),
        ("HEAD:api/none.yaml", "revision HEAD has no file api/none.yaml"),
        ("HEAD:api", "is no file in that revision"),
        ("--output=x:api/openapi.yaml", "git knows no revision --output=x"),
        (":none.yaml", "the index has no file none.yaml"),
    ],
)
def test_a_revision_that_cannot_be_read_is_never_no_drift(
    source: str, reason: str, repository: Path, say: Say
) -> None:
    """Exit code 2 and a line that names it."""
    code, report, err = say("--", source, "api/openapi.yaml")

    assert (code, report) == (2, {})
    assert reason in err
    assert err.count("\n") == 1


def test_a_repository_without_a_working_tree_has_revisions_too(
    repository: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a server has them."""
    git(repository.parent, "clone", "--quiet", "--bare", str(repository), "bare")
    monkeypatch.chdir(repository.parent / "bare")

    code, report, _ = say("main~1:api/openapi.yaml", "main:api/openapi.yaml")

    assert (code, report["revision"]["file"]) == (1, "api/openapi.yaml")


def test_outside_a_repository_it_is_said(tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colon in a name that is not there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    code, _, err = say("main:openapi.yaml", "main:openapi.yaml")

    assert code == 2
    assert "no such file, and no git repository is here" in err


def test_a_file_with_a_colon_in_its_name_is_a_file(
    tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there comes first."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "v1:openapi.yaml").write_text(SHOP)

    assert say("v1:openapi.yaml", "v1:openapi.yaml")[0] == 0


def test_files_beside_a_document_are_read_inside_its_folder_only(repository: Path) -> None:
    """From the folder of the file, or from the same revision."""
    (repository / "api" / "pet.yaml").write_text("type: string\n")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "three")
    (repository / "api" / "pet.yaml").write_text("type: integer\n")

    file = read_origin("api/openapi.yaml", _no_fetch)
    committed = read_origin("HEAD:api/openapi.yaml", _no_fetch)

    for origin, content in ((file, b"type: integer\n"), (committed, b"type: string\n")):
        assert origin.beside is not None
        assert origin.beside("./pet.yaml") == content
        with pytest.raises(Refusal, match="outside the folder"):
            origin.beside("../scripts/__init__.py")


def _no_fetch(address: str) -> tuple[bytes, str | None]:
    raise AssertionError(address)


def test_a_pointer_of_git_lfs_is_no_document(tmp_path: Path, say: Say) -> None:
    """It would be read as YAML without an operation."""
    path = tmp_path / "openapi.yaml"
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")

    code, _, err = say(str(path), str(path))

    assert code == 2
    assert "git lfs pull" in err


# stdin


@pytest.mark.parametrize("place", [0, 1])
def test_either_side_can_be_piped_in(
    place: int, repository: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-`, as everywhere."""
    arguments = ["HEAD~1:api/openapi.yaml", "api/openapi.yaml"]
    arguments[place] = "-"
    piped(monkeypatch, (SHOP, narrowed())[place])

    code, report, _ = say(*arguments)

    assert code == 1
    assert report[("base", "revision")[place]]["name"] == "stdin"
    assert report[("base", "revision")[place]]["file"] is None


@pytest.mark.parametrize(
    ("arguments", "text", "reason"),
    [
        (("-", "-"), SHOP, "stdin can be one of the two documents, not both"),
        (("-", str(EFFECTIVE)), "", "is empty; `-` means that the document is piped in"),
        (("-", str(EFFECTIVE)), "{", "not JSON"),
    ],
)
def test_what_cannot_be_piped_is_never_no_drift(
    arguments: tuple[str, str], text: str, reason: str, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2 and a line."""
    piped(monkeypatch, text)

    code, _, err = say(*arguments)

    assert code == 2
    assert reason in err


def test_what_a_shell_pipes_as_a_file_is_read(repository: Path) -> None:
    """`<(git show ...)` in the place of a document, of levels and of accepted findings."""
    command = "python -m scripts.drift <(git show HEAD~1:api/openapi.yaml) api/openapi.yaml"
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "PATH": search}
    codes = []
    for options in ("", " --levels <(echo request-maximum docs)", " --accepted <(echo '[x]')"):
        done = subprocess.run(
            ["bash", "-c", command + options],
            cwd=repository,
            env=environment,
            capture_output=True,
            check=False,
        )
        codes.append(done.returncode)

    assert codes == [1, 0, 2]


# How sides are named


def test_revision_alone_is_compared_with_the_vendored_document(say: Say) -> None:
    """`make drift REVISION=f`: not f with the live page."""
    code, report, _ = say("--revision", str(EFFECTIVE), "--no-client")

    assert code == 1
    assert report["base"]["file"] == "openapi/upstream.json"
    assert report["revision"]["file"] == "openapi/effective.json"


def test_a_side_is_given_once(say: Say) -> None:
    """Two would contradict each other."""
    code, _, err = say("a.yaml", "b.yaml", "--base", "c.yaml")

    assert (code, err) == (2, "error: arguments: BASE and --base are both given; see --help\n")


# Lines


@pytest.mark.parametrize(
    "text",
    [
        EFFECTIVE.read_text(),
        '{"a": [1, {"b\\"c": [[], {}, [true, null]]}], "d": "\u00e9\\u00e9", "a": 2}',
        "[]",
        '{"paths": {"/a": {}}}',
        "{}",
        SHOP,
    ],
)
def test_the_quick_way_to_lines_gives_what_the_parser_of_yaml_gives(text: str) -> None:
    """It is only quicker: a pointer has the line and column that the slow way gives it."""
    slow = dict(_by_pointer(lines(text.encode())))
    wanted = {pointer[:length] for pointer in slow for length in range(len(pointer) + 1)}

    quick = dict(_by_pointer(positions(text.encode(), wanted)))

    assert {pointer: spot for pointer, spot in quick.items() if pointer} == {
        pointer: spot for pointer, spot in slow.items() if pointer
    }


def _by_pointer(found: Any) -> list[tuple[tuple[str, ...], tuple[int, int]]]:
    return [(pointer, (line, column)) for pointer, line, column in found]


def test_what_is_gone_is_pointed_at_where_it_was(tmp_path: Path, say: Say) -> None:
    """In the new file there is no such line; the nearest value around it is."""
    document = yaml.safe_load(SHOP)
    del document["paths"]["/v1/items"]
    (tmp_path / "old.yaml").write_text(SHOP)
    (tmp_path / "new.yaml").write_text(yaml.safe_dump(document, sort_keys=False))

    _, report, _ = say(str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"))

    (finding,) = [one for one in report["findings"] if one["rule"] == "operation"]
    new = (tmp_path / "new.yaml").read_text().splitlines()
    assert new[finding["revision"]["line"] - 1] == "paths:"
    assert SHOP.splitlines()[finding["base"]["line"] - 1].strip() == "get:"


# Several files, moved paths


def test_several_files_make_one_document(tmp_path: Path, say: Say) -> None:
    """A folder or a pattern; the finding names the file."""
    for side, page in (("old", SHOP), ("new", narrowed())):
        (tmp_path / side).mkdir()
        (tmp_path / side / "orders.yaml").write_text(page)
        (tmp_path / side / "users.yaml").write_text(SHOP.replace("/v1/", "/users/"))

    code, report, _ = say("--composed", str(tmp_path / "old"), str(tmp_path / "new" / "*.yaml"))

    assert code == 1
    (finding,) = report["findings"]
    assert finding["revision"]["file"].endswith("new/orders.yaml")
    assert finding["revision"]["line"] == LINE
    assert report["base"]["notes"][0] == "composed of 2 files"


def test_components_of_one_name_stay_apart() -> None:
    """Two services may both have a Pet; security and servers are those of the own document."""
    first, second = (
        {
            "openapi": "3.0.3",
            "servers": [{"url": f"https://{name}.example"}],
            "security": [{"key": []}],
            "paths": {
                f"/{name}": {
                    "parameters": [{"name": name, "in": "query", "schema": {}}],
                    "get": {"responses": {"200": {"$ref": "#/components/responses/Pet"}}},
                }
            },
            "components": {
                "responses": {"Pet": {"description": name}},
                "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": name}},
            },
        }
        for name in ("a", "b")
    )

    whole = composed([("a.yaml", first), ("b.yaml", second)])

    operation = whole["paths"]["/b"]["get"]
    assert operation["responses"]["200"] == {"$ref": "#/components/responses/Pet.b"}
    assert whole["components"]["responses"] == {"Pet": {"description": "a"}, "Pet.b": {"description": "b"}}
    assert operation["security"] == [{"key.b": []}]
    assert operation["servers"] == [{"url": "https://b.example"}]
    assert [one["name"] for one in operation["parameters"]] == ["b"]
    assert whole["paths"]["/a"]["get"]["security"] == [{"key": []}]


def test_what_documents_say_beside_their_operations_is_kept() -> None:
    """A change of it would be silent otherwise."""
    documents = [
        (f"{name}.yaml", {"info": {"title": name, "version": "1"}, "tags": [{"name": "x"}], "x-limit": name})
        for name in ("a", "b")
    ]

    whole = composed(documents)

    assert whole["info"] == {"title": "a\n\nb", "version": "1"}
    assert (whole["tags"], whole["x-limit"], whole["x-limit.b"]) == ([{"name": "x"}], "a", "b")


def test_two_files_may_not_describe_one_operation(tmp_path: Path, say: Say) -> None:
    """Nobody knows which of them counts."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SHOP)

    code, _, err = say("--composed", str(tmp_path), str(tmp_path))

    assert code == 2
    assert "describes GET /v1/orders, which" in err


def test_a_pattern_that_names_no_file_is_never_no_drift(tmp_path: Path, say: Say) -> None:
    """Exit code 2 and a line."""
    code, _, err = say("--composed", str(tmp_path / "*.yaml"), str(tmp_path))

    assert code == 2
    assert "no file is there that --composed could read" in err


@pytest.mark.parametrize(
    "options",
    [
        ("--strip-prefix-revision=/api",),
        ("--prefix-base=/api",),
        ("--strip-prefix-base=/v1", "--strip-prefix-revision=/api/v1"),
    ],
)
def test_a_prefix_may_move(options: tuple[str, ...], tmp_path: Path, say: Say) -> None:
    """A gateway serves the same below another path; lines are those of the file all the same."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SHOP)
    new.write_text(SHOP.replace("/v1/", "/api/v1/"))
    assert say(str(old), str(new))[0] == 1
    assert say(str(old), str(new), *options)[0] == 0

    new.write_text(narrowed(new.read_text()))
    code, report, _ = say(str(old), str(new), *options)

    assert code == 1
    assert [one["rule"] for one in report["findings"]] == ["request-maximum"]
    assert report["findings"][0]["revision"]["line"] == LINE
