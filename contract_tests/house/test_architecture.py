"""The picture of ARCHITECTURE.md is true: arrows point one way, and the two ends share nothing."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Each part of the tree with the parts that it may import; the standard library and packages are free.
MAY_IMPORT = {
    "scripts": {"scripts"},
    "generated/novapost_client": set(),
    "contract_tests/mock/novapost_mock": {"novapost_mock"},
    "contract_tests": {"contract_tests", "novapost_client", "novapost_mock", "scripts"},
}
PARTS = {"scripts", "novapost_client", "novapost_mock", "contract_tests", "generated"}
# What an installed package may need beside the standard library, by where the import stands.
NEEDS = {
    "generated/novapost_client": {"attrs", "attr", "httpcore", "httpx"},
    # anyio comes with httpx; whoever has the pytest plugin loaded has pytest.
    "contract_tests/mock/novapost_mock": {
        "anyio",
        "httptools",
        "httpx",
        "jinja2",
        "jsonschema_rs",
        "markupsafe",
        "pytest",
        "sqlalchemy",
        "uvloop",
        "yaml",
    },
}


def modules(part: str) -> Iterator[Path]:
    """Every module of a part of the tree, without the parts that lie inside it."""
    inner = [ROOT / other for other in MAY_IMPORT if other != part and other.startswith(f"{part}/")]
    for path in (ROOT / part).rglob("*.py"):
        if not any(path.is_relative_to(folder) for folder in inner):
            yield path


def imports(path: Path) -> Iterator[str]:
    """The first name of every absolute import, wherever in the module it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_arrows_point_one_way(part: str) -> None:
    """A mock that shared code with the client would agree with it even when both are wrong."""
    found = {(path.relative_to(ROOT).as_posix(), name) for path in modules(part) for name in imports(path)}

    wrong = {(path, name) for path, name in found if name in PARTS - MAY_IMPORT[part]}

    assert found
    assert wrong == set()


@pytest.mark.parametrize("part", NEEDS)
def test_what_is_installed_needs_little(part: str) -> None:
    """Whoever installs the client gets httpx, what it stands on, and attrs, not our tools."""
    named = {name for path in modules(part) for name in imports(path)}

    assert named - set(sys.stdlib_module_names) - {part.rpartition("/")[2]} <= NEEDS[part]


# Where a line goes on from each of its characters, as steps down and right; a head looks back at its line.
UP, DOWN, LEFT, RIGHT = (-1, 0), (1, 0), (0, -1), (0, 1)
LINES = {"─": {LEFT, RIGHT}, "│": {UP, DOWN}, "┌": {DOWN, RIGHT}, "┐": {DOWN, LEFT}, "└": {UP, RIGHT}}
LINES |= {"┘": {UP, LEFT}, "┬": {DOWN, LEFT, RIGHT}, "┴": {UP, LEFT, RIGHT}, "├": {UP, DOWN, RIGHT}}
LINES |= {"┤": {UP, DOWN, LEFT}, "┼": {UP, DOWN, LEFT, RIGHT}}
HEADS = {"▼": DOWN, "▲": UP, "▶": RIGHT, "◀": LEFT}


def drawn(picture: str) -> set[tuple[str, str]]:
    """The arrows of a picture, each from a name to a name: from every head back along its line."""
    place = {(r, c): char for r, row in enumerate(picture.splitlines()) for c, char in enumerate(row)}
    names: dict[tuple[int, int], str] = {}
    for row, line in enumerate(picture.splitlines()):
        for found in re.finditer(r"\w+", line):
            names |= {(row, column): found[0] for column in range(*found.span())}

    def near(cell: tuple[int, int], step: tuple[int, int]) -> tuple[int, int]:
        # A blank may stand between a line and a name beside it.
        there = (cell[0] + step[0], cell[1] + step[1])
        return (there[0], there[1] + step[1]) if step[1] and place.get(there) == " " else there

    arrows = set()
    for head, step in ((cell, HEADS[char]) for cell, char in place.items() if char in HEADS):
        back = (-step[0], -step[1])
        sources: set[str] = set()
        seen, ways = {head}, [(head, back)]
        while ways:
            cell, way = ways.pop()
            cell = near(cell, way)
            if cell in names:
                sources.add(names[cell])
            elif place.get(cell) in LINES and cell not in seen:
                seen.add(cell)
                ways += [(cell, to) for to in LINES[place[cell]]]
        assert sources, f"a head without a line, {head}"
        target = names.get(near(head, step))
        assert target, f"a head that points at nothing, {head}"
        arrows |= {(source, target) for source in sources}
    return arrows


def real() -> set[tuple[str, str]]:
    """The imports between the parts of the tree, by their last names."""
    return {
        (source, name)
        for part in MAY_IMPORT
        for source in [part.rpartition("/")[2]]
        for path in modules(part)
        for name in imports(path)
        if name in PARTS and name != source
    }


def test_the_picture_is_the_imports() -> None:
    """What a stranger reads first is neither more nor less than what is so."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    picture = page.partition("## Who may import whom")[2].split("```")[1].removeprefix("text")

    assert drawn(picture) == real()


@pytest.mark.parametrize(
    ("picture", "arrows"),
    [
        ("one ──▶ two", {("one", "two")}),
        ("one ◀── two", {("two", "one")}),
        ("one ─┬─▶ two\n     └─▶ three", {("one", "two"), ("one", "three")}),
        ("one ─┐\ntwo ─┴─▶ three", {("one", "three"), ("two", "three")}),
        ("  one\n   ▲\n   │\n  two", {("two", "one")}),
        ("one    two", set()),
    ],
)
def test_a_picture_is_read_by_its_arrows(picture: str, arrows: set[tuple[str, str]]) -> None:
    """Otherwise the test above would say nothing."""
    assert drawn(picture) == arrows


@pytest.mark.parametrize("picture", ["──▶ two", "one ──▶ "])
def test_an_arrow_that_hangs_in_the_air_is_noticed(picture: str) -> None:
    with pytest.raises(AssertionError, match="a head"):
        drawn(picture)


def test_only_adapters_of_the_mock_know_a_server() -> None:
    """The rules stay plain: no framework and no socket reaches them."""
    folder = ROOT / "contract_tests" / "mock" / "novapost_mock"

    knows = {
        path.name
        for path in folder.glob("*.py")
        if {"asyncio", "httptools", "httpx", "socket"} & set(imports(path))
    }

    rim = {"transport.py", "fixtures.py", "background.py", "loops.py"}
    rim |= {"server.py", "serving.py", "connection.py", "delivery.py", "reader.py"}
    assert knows <= rim


def test_only_the_store_in_a_database_knows_databases() -> None:
    """The rules stay plain, and whoever keeps no state does not load what it takes to keep one."""
    folder = ROOT / "contract_tests" / "mock" / "novapost_mock"

    knows = {path.name for path in folder.glob("*.py") if {"sqlalchemy", "sqlite3"} & set(imports(path))}

    assert knows == {"sql_store.py", "sql_errors.py", "tables.py", "state_address.py"}


def test_only_the_console_knows_templates() -> None:
    """Whoever opens no page loads none of it."""
    folder = ROOT / "contract_tests" / "mock" / "novapost_mock"

    knows = {path for path in folder.rglob("*.py") if {"jinja2", "markupsafe"} & set(imports(path))}

    assert knows == {folder / "console" / "rendering.py"}


def test_the_pytest_plugin_alone_needs_pytest() -> None:
    """A mock on a port runs where no test framework is installed, and the plugin loads before all else."""
    folder = ROOT / "contract_tests" / "mock" / "novapost_mock"

    assert {path.name for path in folder.rglob("*.py") if "pytest" in imports(path)} == {"pytest_plugin.py"}
    tree = ast.parse((folder / "pytest_plugin.py").read_text(encoding="utf-8"))
    at_once = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    assert {ast.unparse(each).split()[1] for each in at_once} == {"collections.abc", "typing", "pytest"}


def test_one_module_of_the_suite_reads_the_environment() -> None:
    """What a run does is said by its options and by targets.py; nothing else can lead it elsewhere."""
    suite = (path for path in modules("contract_tests") if "house" not in path.parts)

    # Handing the environment on to a child, or setting a variable in one, reads nothing.
    reads = re.compile(r"(?<!\*\*os\.)\benviron\b(?!\[\w+\] = )|\bgetenv\b")
    readers = {path.name for path in suite if reads.search(path.read_text("utf-8"))}

    assert readers == {"targets.py"}


def test_data_folders_hold_no_code() -> None:
    """openapi/ is read by everybody and runs nowhere."""
    assert list((ROOT / "openapi").rglob("*.py")) == []


def test_folders_are_those_of_the_design() -> None:
    """The top level is fixed: what is new has a place inside one of these."""
    allowed = {"openapi", "generated", "contract_tests", "scripts", "docs", "dist", "reports"}

    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert found - allowed - {"__pycache__", "schemathesis-report"} == set()
