"""The import picture of CONTRIBUTING.md holds: arrows point one way, and the two ends share nothing."""

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
    "generated/novapost_client": {"attrs", "attr", "httpx"},
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
    """Whoever installs the client gets httpx and attrs, not our tools."""
    named = {name for path in modules(part) for name in imports(path)}

    assert named - set(sys.stdlib_module_names) - {part.rpartition("/")[2]} <= NEEDS[part]


def test_only_adapters_of_the_mock_know_a_server() -> None:
    """The rules stay plain: no framework and no socket reaches them."""
    folder = ROOT / "contract_tests" / "mock" / "novapost_mock"

    knows = {
        path.name
        for path in folder.glob("*.py")
        if {"asyncio", "httptools", "httpx", "socket"} & set(imports(path))
    }

    rim = {"transport.py", "fixtures.py", "background.py"}
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
    reads = re.compile(r"(?<!\*\*os\.)\benviron(?!\[\w+\] = )|\bgetenv\b")
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
