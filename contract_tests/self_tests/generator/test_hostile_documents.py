"""Does a hostile document ever do harm, and is it refused with one line that helps?"""

import ast
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract_tests.self_tests.generator.hostile import fields
from contract_tests.self_tests.generator.hostile.cured import CURED
from contract_tests.self_tests.generator.hostile.documents import AT_ONCE, Case, cases, changed
from scripts.document.parse import parse, parse_yaml
from scripts.document.read import checked
from scripts.document.tree import Tree
from scripts.generator.render import render
from scripts.lib.errors import Refusal
from scripts.lib.paths import ROOT, SETTINGS, TEMPLATES
from scripts.normalize import plain_with_notes
from scripts.postcheck.completeness import compare
from scripts.preflight import examine, unread

OUR_SETTINGS: Any = parse_yaml(SETTINGS.read_bytes(), SETTINGS.name)
CASES = [*cases(), *fields.cases()]
# What is not refused while it is read or examined goes the whole way, much of it together in one document; so
# does one of each kind of refusal. The others are examined in this process: the whole way takes a second.
WHOLE = frozenset(
    (
        *(
            case.name
            for case in CASES
            if case.refused is None and not case.name.startswith(sum(AT_ONCE.values(), ()))
        ),
        *(
            "an inner class by the name of a schema",
            "objects within objects",
            "a key twice",
            "a billion laughs",
            "an alias that holds itself",
        ),
        *(
            "a tag",
            "Swagger 2.0",
            "brackets without end",
            "a reference to a file",
            "a reference to an address",
        ),
        *(
            "an older command in a refused text",
            "code in an enum",
        ),
    )
)


@dataclass(frozen=True)
class Outcome:
    """What became of a document that went the whole way."""

    status: int
    lines: list[str]
    seconds: float
    left: list[str]
    package: Path


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Yield a socket that nobody must connect to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket) -> dict[str, Outcome]:
    """Return the outcome of each document that goes the whole way, by its name."""
    folder = tmp_path_factory.mktemp("hostile")
    canary = folder / "canary"
    chosen = [case for case in CASES if case.name in WHOLE]
    port = listener.getsockname()[1]
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = list(
            pool.map(
                lambda item: _regenerate(item[1], folder / f"case_{item[0]}", canary, port), enumerate(chosen)
            )
        )
    return {case.name: outcome for case, outcome in zip(chosen, found, strict=True)}


def _regenerate(case: Case, folder: Path, canary: Path, port: int) -> Outcome:
    folder.mkdir()
    spec = folder / f"spec{case.suffix}"
    spec.write_bytes(case.write(str(canary)).replace(b"127.0.0.1:9/", f"127.0.0.1:{port}/".encode()))
    output = folder / f"package_{folder.name}"
    temporary = folder / "tmp"
    temporary.mkdir()
    said = folder / "said"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.regenerate", "--spec", str(spec), "--output", str(output)],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=stream,
            stderr=stream,
        )
        # The processor's seconds, those of all its children included: a busy machine makes no test fail.
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    temporary_left = [path.name for path in temporary.iterdir()]
    left = [path.name for path in folder.iterdir() if path not in (spec, output, temporary, said)]
    lines = said.read_text(encoding="utf-8").splitlines()
    return Outcome(process.returncode, lines, seconds, left + temporary_left, output)


@pytest.fixture(scope="module")
def imported(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """Import all modules of each package in one process; return the outcome by the package's name."""
    packages = [outcome.package for outcome in outcomes.values() if outcome.status == 0]
    program = """
import importlib, json, pkgutil, sys
found = {}
for path in sys.argv[1:]:
    folder, _, name = path.rpartition("/")
    sys.path.insert(0, folder)
    try:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, name + "."):
            importlib.import_module(module.name)
        found[name] = "fine"
    except BaseException as error:
        found[name] = repr(error)
print(json.dumps(found))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, packages)],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("case", [case for case in CASES if case.name in CURED], ids=lambda case: case.name)
def test_what_can_be_cured_is_generated_and_told(case: Case, tmp_path: Path) -> None:
    """No rule has anything against it, and the whole package is made of it; a note says what was decided."""
    folder = tmp_path / "package"
    document, notes = plain_with_notes(
        checked(parse(case.write(str(tmp_path)), f"spec{case.suffix}"), "spec")
    )

    assert examine(document) == []
    notes += unread.notes(Tree(document))
    assert any(CURED[case.name] in note.reason for note in notes) or CURED[case.name] == "", notes
    render(document, OUR_SETTINGS | {"package_name_override": "package"}, TEMPLATES, folder)
    assert compare(document, folder) == []
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name not in WHOLE and case.name not in CURED],
    ids=lambda case: case.name,
)
def test_it_is_judged_before_anything_is_generated(case: Case, tmp_path: Path) -> None:
    """One line each, with the place and the reason; no rule trips over what another one refuses."""
    start = time.monotonic()
    try:
        document = checked(parse(case.write(str(tmp_path)), f"spec{case.suffix}"), "spec")
        found = examine(plain_with_notes(document, strict=False)[0])
    except Refusal as refusal:
        found = [refusal]

    lines = [str(refusal) for refusal in found]
    assert any(case.refused in line for line in lines) if case.refused else lines == [], lines
    assert all(line.isprintable() and "##[" not in line for line in lines)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("edits", "note"),
    [row[1:] for row in fields.noted()],
    ids=[row[0] for row in fields.noted()],
)
def test_what_the_client_does_without_is_told(edits: dict[str, Any], note: str) -> None:
    """It is no harm, and nobody shall believe that it is there."""
    document, notes = plain_with_notes(changed(**edits))

    assert examine(document) == []
    lines = [str(one) for one in (*notes, *unread.notes(Tree(document)))]
    assert any(note in line for line in lines), lines
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("case", [case for case in CASES if case.name in WHOLE], ids=lambda case: case.name)
def test_it_does_no_harm(case: Case, outcomes: dict[str, Outcome], imported: dict[str, str]) -> None:
    """A refusal leaves nothing behind but its lines; what is not refused gives the whole package."""
    outcome = outcomes[case.name]

    assert outcome.left == []
    assert outcome.seconds < 10
    assert all(line.isprintable() and not line.lstrip().startswith(("::", "##[")) for line in outcome.lines)
    if case.refused is None:
        said = [line for line in outcome.lines if not line.startswith("note: ")]
        assert (outcome.status, said[1:]) == (0, []), outcome.lines
        assert imported[outcome.package.name] == "fine"
        document: Any = parse(case.write("x"), f"spec{case.suffix}")
        wanted = sum(len(set(item) - {"parameters"}) for item in document["paths"].values())
        assert len(_operations(outcome.package)) == wanted
    else:
        assert outcome.status == 2
        assert any(case.refused in line for line in outcome.lines), outcome.lines
        assert all(line.startswith(("error: ", "note: ")) for line in outcome.lines)
        assert not outcome.package.exists()


def _operations(package: Path) -> list[Path]:
    return [
        path
        for path in package.glob("api/*/*.py")
        if any(
            isinstance(node, ast.FunctionDef) and node.name == "sync_detailed"
            for node in ast.parse(path.read_text()).body
        )
    ]


def test_no_canary_ever_sang(
    outcomes: dict[str, Outcome],
    imported: dict[str, str],
    listener: socket.socket,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Nothing of a document ran, neither while it was generated nor when its package was imported."""
    folder = next(iter(outcomes.values())).package.parent.parent

    assert not (folder / "canary").exists()
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_there_are_enough_of_them() -> None:
    """A table that shrinks by accident would prove less and less."""
    names = [case.name for case in CASES]

    assert len(names) == len(set(names))
    assert len(names) >= 200
    assert threading.active_count() < 10
