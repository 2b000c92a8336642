"""The picture of ARCHITECTURE.md is true: arrows point one way, and the two ends share nothing."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from scripts.lib.paths import ROOT

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


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the first name of every absolute import, wherever in the module it stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return frozenset(names)


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
    """Return the arrows of a picture, each from a name to a name: from every head back along its line."""
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
    """Return the imports between the parts of the tree, by their last names."""
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


MOCK = ROOT / "contract_tests" / "mock" / "novapost_mock"


def who_imports(*names: str) -> set[str]:
    """Return the folders of the mock, or its modules outside a folder, that import one of some packages."""
    inside = {path: path.relative_to(MOCK) for path in MOCK.rglob("*.py")}
    return {where.parts[0] for path, where in inside.items() if set(names) & imports(path)}


def test_only_adapters_of_the_mock_know_a_server() -> None:
    """The rules stay plain: no framework and no socket reaches them."""
    assert who_imports("asyncio", "httptools", "httpx", "socket") <= {
        "cli.py",
        "http",
        "testing",
        "transport.py",
    }


def test_only_the_store_in_a_database_knows_databases() -> None:
    """The rules stay plain, and whoever keeps no state does not load what it takes to keep one."""
    knows = {path.parent for path in MOCK.rglob("*.py") if {"sqlalchemy", "sqlite3"} & imports(path)}

    assert knows == {MOCK / "keys" / "sql"}


def test_only_the_console_knows_templates() -> None:
    """Whoever opens no page loads none of it."""
    knows = {path for path in MOCK.rglob("*.py") if {"jinja2", "markupsafe"} & imports(path)}

    assert knows == {MOCK / "console" / "rendering.py"}


def test_the_pytest_plugin_alone_needs_pytest() -> None:
    """A mock on a port runs where no test framework is installed, and the plugin loads before all else."""
    plugin = MOCK / "testing" / "pytest_plugin.py"

    assert {path for path in MOCK.rglob("*.py") if "pytest" in imports(path)} == {plugin}
    tree = ast.parse(plugin.read_text(encoding="utf-8"))
    at_once = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    assert {ast.unparse(each).split()[1] for each in at_once} == {"collections.abc", "typing", "pytest"}


def test_one_module_of_the_suite_reads_the_environment() -> None:
    """What a run does is said by its options and by targets.py; nothing else can lead it elsewhere."""
    others = {"self_tests", "bench"}
    suite = (path for path in modules("contract_tests") if not others & set(path.parts))

    # Handing the environment on to a child, or setting a variable in one, reads nothing.
    reads = re.compile(r"(?<!\*\*os\.)\benviron\b(?!\[\w+\] = )|\bgetenv\b")
    readers = {path.name for path in suite if reads.search(path.read_text("utf-8"))}

    assert readers == {"targets.py"}


# The words of Nova Post's API: its paths, operationIds and fields.
WORDS = re.compile(r"test-api-keys|clients/authorization|createTestApiKey|authorizeClient|\"phone\"|apiKey")
# OpenAPI itself calls a kind of security scheme so, which machinery has to read.
OPENAPI = re.compile(r"(?:\"type\": |== |!= |case )\"apiKey\"|\ban apiKey\b")
# Names that people everywhere give to personal data, which is masked whatever the document.
PERSONAL = frozenset({"scripts/runtime/redaction.py"})


def knowledge() -> tuple[str, ...]:
    """Return the places that may name the API's operations, as ARCHITECTURE.md lists them."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    lines = page.partition("## The one law")[2].split("```")[1].removeprefix("text").strip().splitlines()
    return tuple(line.split()[0] for line in lines)


def code() -> list[str]:
    """Every hand-written module, by its path from the root."""
    paths = [*(ROOT / "contract_tests").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def test_machinery_names_no_operation() -> None:
    """The vendor's next forty operations need data and recipes, and no change of machinery."""
    places = tuple(f"{place}/" for place in knowledge())
    texts = {path: OPENAPI.sub("", (ROOT / path).read_text(encoding="utf-8")) for path in code()}
    naming = {path for path, text in texts.items() if WORDS.search(text)}

    assert {path for path in naming if not path.startswith(places)} <= PERSONAL
    assert all(any(path.startswith(place) for path in naming) for place in places), (
        "a listed place names none"
    )


def test_every_folder_says_what_it_is() -> None:
    """A reader who opens a folder learns what it is and what it may import."""
    folders = {(ROOT / path).parent for path in code()}

    silent = {
        folder.relative_to(ROOT).as_posix()
        for folder in folders
        if not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    }
    assert silent == set()


def test_no_folder_is_full() -> None:
    """More than sixteen modules are about more than one noun; runtime/ is copied flat into the wheel."""
    sizes = Counter(path.rpartition("/")[0] for path in code())

    assert {folder: size for folder, size in sizes.items() if size > 16 and folder != "scripts/runtime"} == {}


def called(node: ast.Call) -> str:
    """Return the last name of what a call calls, or nothing."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def found_imports(path: str) -> Iterator[str]:
    """Yield the modules of this repository that one imports, lazily, for types or by name."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names)
            yield f"{'.' * node.level}{node.module}"
        elif isinstance(node, ast.Call) and called(node).endswith("import_module"):
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


@cache
def graph() -> dict[str, set[str]]:
    """Return the imports between the modules of this repository, by their paths."""
    names: dict[str, str] = {}
    for path in code():
        name = path.removeprefix("contract_tests/mock/").removesuffix(".py").removesuffix("/__init__")
        names[name.replace("/", ".")] = path
    runtime = [path for path in code() if path.startswith("scripts/runtime/")]
    flat = {f".{path.rpartition('/')[2].removesuffix('.py')}": path for path in runtime}
    arrows: dict[str, set[str]] = {}
    for path in code():
        known = flat if path in runtime else names
        arrows[path] = {known[name] for name in found_imports(path) if name in known} - {path}
    return arrows


def test_imports_make_no_circle() -> None:
    """Of two modules that import each other neither can be understood, tested or moved alone."""
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def suite_order() -> list[str]:
    """Return the folders that a finding passes, in the order in which ARCHITECTURE.md names them."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"a finding passes these folders in this order:\s+`(.+)`", page)
    return [f"contract_tests/{folder}" for folder in line.split(" → ")]


def test_a_finding_never_travels_back() -> None:
    """A folder that imports a later one can neither be read nor be tested without it."""
    order = suite_order()
    folders = {path: path.rpartition("/")[0] for path in code()}
    place = {
        path: order.index(top)
        for path, folder in folders.items()
        for top in order
        if f"{folder}/".startswith(f"{top}/")
    }

    back = {
        (path, name)
        for path, named in graph().items()
        for name in named
        if place.get(name, -1) > place.get(path, 99)
    }

    assert set(place.values()) == set(range(len(order)))
    assert back == set()


def test_data_folders_hold_no_code() -> None:
    """openapi/ is read by everybody and runs nowhere."""
    assert list((ROOT / "openapi").rglob("*.py")) == []


def test_folders_are_those_of_the_design() -> None:
    """The top level is fixed: what is new has a place inside one of these."""
    allowed = {"openapi", "generated", "contract_tests", "scripts", "docs", "dist", "reports"}

    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert found - allowed - {"__pycache__", "schemathesis-report"} == set()


# Who puts machinery and knowledge together; whatever else of the suite asks for Nova Post by name is wrong.
COMPOSES = {
    "contract_tests/conftest.py",
    "contract_tests/campaigns/merge.py",
    "contract_tests/defects/__main__.py",
    "contract_tests/defects/proxy.py",
    "contract_tests/docs/reference.py",
    "contract_tests/docs/screenshots.py",
}


def test_the_suites_machinery_is_given_its_knowledge() -> None:
    """Machinery that imports the knowledge of one API runs for no other."""
    importing = re.compile(r"^\s*(?:from|import) contract_tests\.novapost\b", re.MULTILINE)
    elsewhere = tuple(f"contract_tests/{folder}/" for folder in ("novapost", "self_tests", "mock", "bench"))

    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "contract_tests").rglob("*.py")
        if importing.search(path.read_text(encoding="utf-8"))
    }

    assert {name for name in found if not name.startswith(elsewhere)} == COMPOSES
