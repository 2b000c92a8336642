"""Does `make contract DOCUMENT=FILE` notice what breaks the document, and leave alone what keeps it?"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contract_tests.reporting.report import read
from contract_tests.self_tests.any_api.todo_server import DEFECTS, KEY, serving
from contract_tests.self_tests.support.suite.run import run_suite
from scripts.document.parse import parse_yaml
from scripts.lib.paths import ANY_API, ROOT

DOCUMENT = Path(__file__).parent / "documents" / "todo.yaml"


def contract(*arguments: str, document: Path = DOCUMENT) -> subprocess.CompletedProcess[str]:
    """Run as the make target does."""
    command = [ANY_API, "--campaign", f"--rootdir={ROOT}", "-p", "no:cacheprovider", "--seed=7"]
    return run_suite(*command, f"--document={document}", *arguments)


def test_the_mock_keeps_to_its_document(tmp_path: Path) -> None:
    """TARGET left out is the mock serving the file; a 3.0 bound as a boolean is a bound."""
    done = contract(f"--report={tmp_path}")

    assert done.returncode == 0, done.stdout[-3000:]
    assert "The contract holds: no findings." in done.stdout
    tree = read(tmp_path / "contract.json")
    assert tree["settings"]["document"] == str(DOCUMENT)
    assert all(row["seen"] for row in tree["counts"]["operations"] if row["documented"])
    assert {"contract.html", "junit.xml"} <= {path.name for path in tmp_path.iterdir()}


def test_an_honest_server_is_left_alone(tmp_path: Path) -> None:
    """What the document alone cannot bring about is unproven by name; its base path is found."""
    with serving() as address:
        done = contract(f"--target={address}", "-H", f"X-API-Key: {KEY}", f"--report={tmp_path}")

    assert done.returncode == 0, done.stdout[-3000:]
    assert (
        "unproven, since nothing brought them about (recipes.toml may): DELETE /tasks/{taskId} 503"
        in done.stdout
    )
    texts = [path.read_text("utf-8") for path in tmp_path.iterdir()]
    assert not any(KEY in text for text in [*texts, done.stdout])


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_found(defect: str) -> None:
    """Each breaks one promise of the document."""
    with serving(defect) as address:
        done = contract(f"--target={address}", "-x", "-H", f"X-API-Key: {KEY}")

    assert done.returncode == 1, done.stdout[-3000:]
    assert "The contract is broken: 1 finding" in done.stdout


def test_without_credentials_all_else_is_unproven() -> None:
    """401 for everything is what the document says of whoever has no key."""
    with serving() as address:
        done = contract(f"--target={address}", "-k", "status")

    assert done.returncode == 0, done.stdout[-3000:]
    assert "POST /tasks 201" in done.stdout.partition("unproven, since")[2]


def write(folder: Path, **files: str) -> Path:
    """Return a copy of the document with files beside it."""
    (folder / "todo.yaml").write_bytes(DOCUMENT.read_bytes())
    for name, text in files.items():
        (folder / f"{name.replace('_', '.')}").write_text(text, "utf-8")
    return folder / "todo.yaml"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schemathesis_toml", f'[auth.openapi.key]\napi_key = "{KEY}"\n'),
        ("auth_yaml", f"auth:\n  - name: me\n    fixedHeaders:\n      - {{name: X-API-Key, value: {KEY}}}\n"),
    ],
)
def test_credentials_are_read_beside_the_document(name: str, text: str, tmp_path: Path) -> None:
    """As users of schemathesis and of Web Fuzzing Commons write them."""
    document = write(tmp_path, **{name: text})
    with serving() as address:
        done = contract(f"--target={address}", "-k", "createTask-201", document=document)

    assert done.returncode == 0, done.stdout[-2000:]
    assert "POST /tasks 201" not in done.stdout.partition("unproven, since")[2]


def test_a_recipe_brings_a_status_about(tmp_path: Path) -> None:
    """What the document does not tell: here, that a task has to be deleted first."""
    document = write(
        tmp_path,
        recipes_toml="""
[[recipe]]
operation = "getTask"
status = 404
request = {path = {taskId = "{{task}}"}}
before = [
  {operation = "createTask", request = {body = {title = "short-lived"}}, save = {task = "/id"}},
  {operation = "DELETE /tasks/{taskId}", request = {path = {taskId = "{{task}}"}}},
]
""",
    )
    with serving() as address:
        done = contract(
            f"--target={address}",
            "-H",
            f"X-API-Key: {KEY}",
            "-k",
            "comes_about and getTask-404",
            document=document,
        )
    with serving("nothing-is-deleted") as address:
        kept = contract(
            f"--target={address}",
            "-H",
            f"X-API-Key: {KEY}",
            "-k",
            "comes_about and getTask-404",
            document=document,
        )

    assert done.returncode == 0, done.stdout[-2000:]
    assert kept.returncode == 1
    assert "status-comes-about" in kept.stdout


@pytest.mark.parametrize(
    ("files", "arguments", "expected"),
    [
        ({"recipes_toml": "[[recipe]]\nstatus = 404\n"}, (), "recipes.toml: recipe/0: "),
        (
            {"recipes_toml": '[[recipe]]\noperation = "GET /nothing"\nstatus = 404\n'},
            (),
            "recipes.toml: recipe 1: the document has no 'GET /nothing'",
        ),
        (
            {"recipes_toml": '[[recipe]]\noperation = "getTask"\nstatus = 418\n'},
            (),
            "recipes.toml: recipe 1: 418 is not documented there",
        ),
        ({"auth_yaml": "auth: nobody\n"}, (), "auth.yaml: `auth` is to be a list of users"),
        ({}, ("-H", "no header"), "-H is a header such as"),
        ({}, ("--target=sandbox",), "DOCUMENT goes with TARGET=mock or TARGET=URL"),
        ({}, ("-k", "nothing_is_named_so"), "nothing was tried: no request was sent"),
    ],
)
def test_wrong_use_is_one_line(
    files: dict[str, str], arguments: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    """And the exit code 2."""
    done = contract(*arguments, document=write(tmp_path, **files))

    assert done.returncode == 2, done.stdout[-2000:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    assert expected in lines[0]


@pytest.mark.parametrize("content", ["swagger: '2.0'", "openapi: 3.0.3\npaths: {}", "{"])
def test_a_document_that_cannot_be_used_is_one_line(content: str, tmp_path: Path) -> None:
    """With its name and what is wrong."""
    file = tmp_path / "broken.yaml"
    file.write_text(content)

    done = contract(document=file)

    assert done.returncode == 2
    assert done.stderr.startswith("error: broken.yaml:")


def test_a_path_without_an_address_is_told_and_left_out(tmp_path: Path) -> None:
    """A whole address in place of a path is no path: no request below the base address can mean it."""
    tree: Any = parse_yaml(DOCUMENT.read_bytes(), DOCUMENT.name)
    tree["paths"]["https://api.todo.example/status"] = {"get": {"responses": {"200": {"description": "up"}}}}
    stray = tmp_path / "stray.json"
    stray.write_text(json.dumps(tree), "utf-8")

    done = contract("-k", "documented_status", document=stray)

    assert done.returncode == 0, done.stdout[-3000:]
    assert "#/paths/https:~1~1api.todo.example~1status does not begin with a slash" in done.stdout
    assert "GET https" not in done.stdout


def test_contradictions_are_told(tmp_path: Path) -> None:
    """An example that does not fit its schema is no finding about the target."""
    tree = DOCUMENT.read_text().replace(
        "example: {title: Buy milk, priority: 3}", "example: {title: Buy milk, priority: 9}"
    )
    file = tmp_path / "todo.yaml"
    file.write_text(tree)

    done = contract("-k", "createTask-201", document=file)

    assert done.returncode == 0
    assert "the document contradicts itself in 1 places:" in done.stdout
    assert "#/paths/~1tasks/post/requestBody/content/application~1json/example does not fit" in done.stdout
