"""What the pages show is what happens, and what there is to know is on a page."""

import ast
import importlib.util
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from contract_tests import conftest
from contract_tests.checks import deviations
from contract_tests.docs import command_pages, reference
from contract_tests.novapost.knowledge.contract import contract
from contract_tests.self_tests.project.doc_blocks import (
    PAGES,
    Block,
    blocks,
    by_page,
    fits,
    run_console,
    run_python,
)
from contract_tests.session import recipe_file
from contract_tests.session.any_document import subject_of
from contract_tests.session.sample_requests import Samples
from novapost_client import _table
from novapost_mock import Mock, MockTransport
from novapost_mock.faults.json import KINDS
from novapost_mock.testing.fixtures import SETTINGS
from scripts.drift.accepted import read_accepted
from scripts.drift.policy.reading import read_policy
from scripts.lib.paths import ROOT
from scripts.overlay import read_actions

ALL = [block for page in PAGES for block in blocks(page)]
LANGUAGES = {"python", "console", "toml", "yaml", "json", "text"}
REFERENCE = ROOT / "docs" / "reference"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PYTHON = {page: [b for b in found if "def test_" not in b.text] for page, found in by_page("python")}
CONSOLE = dict(by_page("console"))
TESTS = [block for _, found in by_page("python") for block in found if "def test_" in block.text]
# Where things stand that a page must not forget: what users set, and not the tests of our own parts.
SOURCES = [
    path
    for folder in ("contract_tests", "scripts", "generated")
    for path in (ROOT / folder).rglob("*.py")
    if "self_tests" not in path.parts
]


def text(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


# Every block


@pytest.mark.parametrize("block", ALL, ids=lambda block: str(block.place))
def test_a_block_is_run_or_says_why_not(block: Block) -> None:
    """Nobody has to guess which example was ever tried."""
    assert block.language in LANGUAGES
    if block.runs:
        assert block.language != "toml" or "read by" in block.said
        assert block.language != "yaml" or "read by" in block.said
    else:
        assert len(block.said["not run"].split()) >= 3


@pytest.fixture
def sandbox_is_the_mock(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """`Client.sandbox()` of a page reaches a mock of this process, and no page reaches anybody else."""
    mock = Mock()
    through = MockTransport(mock)

    def handle(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "api-stage.novapost.pl", request.url.host
        return through.handle_request(request)

    async def handle_async(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "api-stage.novapost.pl", request.url.host
        return await through.handle_async_request(request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle_async)
    return mock


@pytest.mark.usefixtures("sandbox_is_the_mock")
@pytest.mark.parametrize("page", [page for page, found in PYTHON.items() if found])
def test_the_python_of_a_page_runs(page: str) -> None:
    """In its order, and it prints what the page shows."""
    run_python(PYTHON[page])


def test_the_tests_on_the_pages_pass(tmp_path: Path) -> None:
    """They are what people copy; a run of their own, as in a project that has only the package."""
    for number, block in enumerate(TESTS):
        (tmp_path / f"test_page_{number}.py").write_text(f"# {block.place}\n{block.text}", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    written = sum(block.text.count("def test_") for block in TESTS)
    assert written > 3
    assert done.returncode == 0, done.stdout
    assert f"{written} passed" in done.stdout


@pytest.mark.parametrize("page", CONSOLE)
def test_the_commands_of_a_page_run(page: str, tmp_path: Path) -> None:
    """In one shell, on a port of their own, and they print what the page shows."""
    run_console(CONSOLE[page], tmp_path)


# Commands that are only read


def commands() -> Iterator[tuple[str, str]]:
    """Every command line of the pages, with its place: of console blocks and of code in a sentence."""
    for block in ALL:
        if block.language == "console":
            yield from ((block.place, command) for command, _ in block.commands)
    for page in PAGES:
        prose = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
        for found in re.findall(r"`((?:make|python -m|novapost-mock|pip install) [^`]+)`", prose):
            yield page.relative_to(ROOT).as_posix(), found


@pytest.mark.parametrize(("place", "command"), sorted(set(commands())), ids=str)
def test_a_command_names_what_there_is(place: str, command: str) -> None:
    """A target, a variable, a module, an option or an extra that is misspelt helps nobody."""
    if make := re.match(r"make (?:-C \S+ )?([a-z-]+)", command):
        assert make[1] in dict(command_pages.targets()), place
        for variable in re.findall(r"\b([A-Z]+)=", re.sub(r"'[^']*'|ARGS=\S+", "", command)):
            assert variable in make_variables(), f"{place}: {variable}"
    module = re.match(r"python -m ([\w.]+\w)(?!…)", command)
    if module and module[1] != "pydoc":
        assert importlib.util.find_spec(module[1]), place
        assert set(re.findall(r"(?<!\S)--[a-z-]+", command)) <= options_in(module[1]) | {"--help"}, place
    if command.startswith("novapost-mock"):
        for option in re.findall(r"(?<!\S)--[a-z-]+", command):
            assert f"`{option}" in text("options.md"), f"{place}: {option}"
    if command.startswith("pip install"):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for extra in re.findall(r"\[([\w,-]+)\]", command):
            assert set(extra.split(",")) <= set(project["optional-dependencies"]), place
        assert re.search(rf"{project['name']}|{project['name'].replace('-', '_')}|pytest| '?\.", command), (
            place
        )


def test_every_module_that_a_page_names_can_be_started() -> None:
    """A module that cannot be imported outside pytest ends in a traceback as a command."""
    named = {
        found[1] for _, command in commands() if (found := re.match(r"python -m ([\w.]+\w)(?!…)", command))
    }
    code = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"

    done = subprocess.run(
        [sys.executable, "-c", code, *sorted(named - {"pydoc"})], capture_output=True, text=True
    )

    assert "contract_tests.campaigns.cost" in named
    assert done.returncode == 0, done.stderr


def test_a_word_after_k_selects_tests() -> None:
    """A word that no test's name holds selects nothing, and the run ends with 2."""
    words = {(place, found[1]) for place, line in commands() if (found := re.search(r"-k ([a-z_]+)", line))}
    suite = [
        *(ROOT / "contract_tests/any_api").glob("test_*"),
        *(ROOT / "contract_tests/novapost").glob("test_*"),
    ]
    names = [name for path in suite for name in (path.name, *re.findall(r"def (test_\w+)", path.read_text()))]

    assert words
    for place, word in words:
        assert word == "word" or any(word in name for name in names), f"{place}: {word}"


def make_variables() -> set[str]:
    """Return the variables that a caller of make may give."""
    own = set(re.findall(r"(?m)^([A-Z]+) *:=", MAKEFILE)) | {"MAKE", "MAKEFILE_LIST"}
    read = set(re.findall(r"\$\((?:if |or )?\$?\(?([A-Z]+)\b", MAKEFILE))
    # CI is the machine's to set, and stands among the variables of the environment.
    return set(re.findall(r"(?m)^([A-Z]+) *\?=", MAKEFILE)) | read - own - {"CI"}


def options_in(module: str) -> set[str]:
    """Return the options that stand in the sources of a command."""
    package = ROOT / Path(*module.split("."))
    sources = [*package.rglob("*.py")] if package.is_dir() else [package.with_suffix(".py")]
    return {o for path in sources for o in re.findall(r'"(--[a-z-]+)"', path.read_text(encoding="utf-8"))}


# Data that the pages show


@pytest.mark.parametrize("block", [b for b in ALL if "read by" in b.said], ids=lambda b: str(b.place))
def test_data_on_a_page_is_taken_by_its_reader(block: Block, tmp_path: Path) -> None:
    """An example that its reader refuses is worse than none."""
    file = tmp_path / "example"
    file.write_text(block.text, encoding="utf-8")
    match block.said["read by"]:
        case "deviations":
            found = deviations.read(file, contract(), "http://127.0.0.1:8080/v.1.0/")
            assert len(found.accepted) == 1
        case "recipes":
            todo = ROOT / "contract_tests" / "self_tests" / "any_api" / "documents" / "todo.yaml"
            known = subject_of(todo).contract
            assert len(recipe_file.read(file, known, Samples(known))) == 1
        case "accepted":
            assert len(read_accepted(file)) == 1
        case "actions":
            assert read_actions(block.text.encode(), "page", ours=False)
        case "levels":
            policy = read_policy(file)
            assert policy.levels
            assert policy.deprecation is not None
            assert policy.stability
        case "pre-commit":
            hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
            used = [hook for repo in yaml.safe_load(block.text)["repos"] for hook in repo["hooks"]]
            assert {hook["id"] for hook in used} <= {hook["id"] for hook in hooks}
        case "workflow":
            inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
            steps = [s for job in yaml.safe_load(block.text)["jobs"].values() for s in job["steps"]]
            assert {name for step in steps for name in step.get("with", {})} <= set(inputs)
        case "gitlab-include":
            template = (ROOT / "scripts" / "drift" / "elsewhere" / "gitlab.yml").read_text(encoding="utf-8")
            inputs = next(yaml.safe_load_all(template))["spec"]["inputs"]
            (include,) = yaml.safe_load(block.text)["include"]
            assert include["remote"].endswith("scripts/drift/elsewhere/gitlab.yml")
            assert set(include["inputs"]) <= set(inputs)
            assert {n for n, each in inputs.items() if "default" not in each} <= set(include["inputs"])
        case "overlay":
            actions = yaml.safe_load((ROOT / "openapi" / "overlay.yaml").read_text(encoding="utf-8"))[
                "actions"
            ]
            assert all(action in actions for action in yaml.safe_load(block.text))
        case "gitlab":
            jobs = {name: job for name, job in yaml.safe_load(block.text).items() if isinstance(job, dict)}
            lines = [line for job in jobs.values() for line in job["script"]]
            assert {line.split()[0] for line in lines} == {"make"}
            assert {line.split()[1] for line in lines} <= set(dict(command_pages.targets()))
        case other:
            pytest.fail(f"{block.place}: nobody reads {other!r}")


# Links


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub and the site make them from its headings."""
    prose = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
    for name in re.findall(r'(?m)^--8<-- "(.+)"', prose):
        prose += (ROOT / name).read_text(encoding="utf-8")
    heads = re.findall(r"(?m)^#+ (.+)$", prose)
    return {re.sub(r"[^\w\s-]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Without building the site: to a file that is there, and to a heading of it."""
    prose = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", prose)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor and target != REFERENCE / "client.md":
            assert anchor in anchors(target), link


def test_every_page_is_in_the_navigation() -> None:
    """A page that nobody finds is not written."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    named = re.findall(r"[\w/-]+\.md", json.dumps(settings["nav"]))

    assert sorted(named) == sorted(
        page.relative_to(ROOT / "docs").as_posix() for page in PAGES if page.is_relative_to(ROOT / "docs")
    )


# All that there is


def test_the_written_pages_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise: python -m contract_tests.docs.reference."""
    assert reference.main(["--check"]) == 0, capsys.readouterr().err


def test_a_page_that_is_out_of_date_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, with what to do; and writing it again settles it."""
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    assert reference.main([]) == 0
    (tmp_path / "rules.md").write_text("# other rules\n", encoding="utf-8")

    assert reference.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert said == "docs/reference/rules.md: out of date; python -m contract_tests.docs.reference\n"
    assert reference.main([]) == reference.main(["--check"]) == 0


def test_every_rule_is_documented() -> None:
    rules = tomllib.loads((ROOT / "openapi" / "rules.toml").read_text(encoding="utf-8"))

    assert set(rules) == anchors(REFERENCE / "rules.md") - {"the-rules"}
    assumed = {name for name, rule in rules.items() if rule["certainty"] == "assumed"}
    assert {name for name, rule in rules.items() if rule.get("reading") and rule.get("other")} == assumed
    sections = {
        name: part for name, _, part in (each.partition("\n") for each in text("rules.md").split("\n## "))
    }
    read = {
        name
        for name, part in sections.items()
        if "**Our reading:**" in part and "**The other reading:**" in part
    }
    assert read == assumed


def test_every_fault_is_documented() -> None:
    document = json.loads(
        (ROOT / "contract_tests/mock/novapost_mock/control/control.json").read_text(encoding="utf-8")
    )
    properties = set(document["components"]["schemas"]["Fault"]["properties"])

    assert {name for name in {*KINDS, *properties} if f"`{name}`" not in text("faults.md")} == set()
    for path, calls in document["paths"].items():
        for method in calls:
            assert f"## {method.upper()} /__mock__{path}\n" in text("control.md")


def test_every_make_target_is_documented() -> None:
    declared = set(re.findall(r"(?m)^([a-z][a-z-]*):", MAKEFILE))

    assert declared == set(re.findall(r"`make ([a-z-]+)`", text("make.md")))


def test_every_variable_of_make_is_documented() -> None:
    documented = set(re.findall(r"`([A-Z]+)`", text("settings.md").partition("## Environment")[0]))

    assert documented == make_variables()


def test_every_environment_variable_is_documented() -> None:
    """Found where code reads the environment, or in a constant that is a name of ours."""
    found = {f"{_table.TABLE.prefix}{name}" for name in ("BASE_URL", "API_KEY", "ALLOW_INSECURE", "LOG")}
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', source))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"\ANOVAPOST_[A-Z_]+\Z", node.value))
    for path in (ROOT / "scripts").rglob("*.sh"):
        found |= set(re.findall(r"\$\{(DRIFT_[A-Z]+):-", path.read_text(encoding="utf-8")))
    # For the tests of the repository alone, which SOURCES leaves out.
    found |= {"NOVAPOST_TEST_IMAGE", "NOVAPOST_TEST_POSTGRES"}
    # Read by Python itself and by httpx, for the client.
    found |= {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_DIR"}

    documented = set(re.findall(r"`([A-Z][A-Z_]+_[A-Z_]+|SSLKEYLOGFILE)`", text("settings.md")))
    assert documented == found


def test_every_marker_and_setting_of_it_is_documented() -> None:
    """The markers that pytest is told about, and what the one of the package takes."""
    assert {line.partition("(")[0] for line in conftest.MARKERS} | {"novapost"} == set(
        re.findall(r"(?m)^\| `(\w+)\(", text("options.md"))
    )
    declared = {
        name
        for path in (ROOT / "contract_tests").rglob("*.py")
        for name in re.findall(r'addinivalue_line\(\s*"markers", "?(\w+)', path.read_text(encoding="utf-8"))
    }
    assert declared == {"marker", "_MARKER"}
    assert {name for name in SETTINGS if f"`{name}`" not in text("options.md")} == set()


# The runner itself


def test_the_runner_reads_what_a_page_says() -> None:
    page = "<!-- not run: for a reason -->\n```console\n$ one\nout\n```\n"
    page += "\n```python\nprint(1)\n```\n\n```text\n1\n```\n"
    first, second = blocks(page)

    assert (first.runs, first.commands) == (False, [("one", "out\n")])
    assert (second.runs, second.expected) == (True, "1\n")


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a...c", "abc", True),
        ("a...c", "abd", False),
        ("", "", True),
        ("", "x", False),
        ("a.c", "abc", False),
    ],
)
def test_the_runner_compares_outputs(shown: str, printed: str, same: bool) -> None:
    assert fits(shown, printed) is same


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```python\nprint(2)\n```\n\n```text\n1\n```\n", "prints\n2"),
        ("```python\nprint(2)\n```\n", "prints\n2"),
    ],
)
def test_a_page_that_shows_something_else_fails(page: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        run_python(blocks(page))


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```console\n$ echo one\ntwo\n```\n", "prints\none"),
        ("```console\n$ (exit 3)\n```\n", "ends with 3"),
        ("```console\n$ true\n$ exit 0\n$ echo late\nlate\n```\n", "ends with the page"),
    ],
)
def test_a_command_that_does_something_else_fails(page: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=message):
        run_console(blocks(page), tmp_path)


def test_one_page_says_how_to_install() -> None:
    """Whoever publishes the package changes that page, and no other says what is not true yet."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    saying = {page.name for page in pages if re.search(r"pip install '?novapost", page.read_text())}

    assert saying == {"install.md"}


def test_what_the_reference_shows_is_there() -> None:
    """The site takes docstrings by these names; a name that moved would stop it, and only there."""
    named = {
        name for page in REFERENCE.glob("*.md") for name in re.findall(r"(?m)^::: (\S+)", page.read_text())
    }

    assert named
    for name in named:
        assert pkgutil.resolve_name(name), name
