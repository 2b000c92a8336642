"""What users install: the built wheel, in an environment of its own."""

import json
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from scripts.lib.paths import ROOT

# Asks the interpreter of the other environment; the packages that the wheel needs are lent from this one.
LOOK = """
import importlib.util, json, sys
names = ["novapost_client", "novapost_mock", "contract_tests", "scripts", "openapi", "generated"]
print(json.dumps({name: bool(importlib.util.find_spec(name)) for name in names}))
import novapost_client
loaded = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
print(json.dumps(sorted(name for name in loaded if not name.startswith("_"))))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built as `make build` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of a new environment that has the wheel and nothing else of ours.

    Installing needs no network: the wheel is unpacked by pip without its dependencies.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = next(folder.glob("*/python"))
    target = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    command = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index", "--target", target]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    return python


def test_the_wheel_holds_the_two_packages_and_nothing_else(wheel: Path) -> None:
    """Tests, scripts and documents stay at home."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {
        "novapost_client",
        "novapost_mock",
    }
    assert {
        "novapost_client/py.typed",
        "novapost_mock/py.typed",
        "novapost_mock/effective.json",
        "novapost_mock/control/control.json",
        "novapost_mock/DIFFERENCES.md",
        "novapost_mock/console/templates/key.html",
        "novapost_mock/console/texts/uk.json",
        "novapost_mock/console/static/console.css",
        "novapost_mock/console/static/swagger-ui/swagger-ui-bundle.js",
        "novapost_mock/console/static/swagger-ui/LICENSE",
    } <= set(names)


def test_the_wheel_names_its_pytest_plugin(wheel: Path) -> None:
    """Pytest finds it by its entry point."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        lines = archive.read(name).decode().splitlines()

    assert "novapost_mock = novapost_mock.testing.pytest_plugin" in lines[lines.index("[pytest11]") :]


def test_the_base_install_needs_httpx_what_it_stands_on_and_attrs(wheel: Path) -> None:
    """Everything else is in the extra [mock]."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        lines = archive.read(name).decode().splitlines()
    needs = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]

    names = sorted(re.split(r"\W", need)[0] for need in needs if "extra ==" not in need)
    assert names == ["attrs", "httpcore", "httpx"]
    assert "Provides-Extra: mock" in lines


def test_the_installed_client_imports_alone(installed: Path, tmp_path: Path) -> None:
    """No contract_tests, scripts, openapi or generated is importable; httpx and attrs suffice."""
    lent = subprocess.run(
        [
            sys.executable,
            "-c",
            "import attr, httpx, os; print(os.path.dirname(os.path.dirname(httpx.__file__)))",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    for package in (
        "attr",
        "attrs",
        "httpx",
        "httpcore",
        "h11",
        "anyio",
        "idna",
        "certifi",
        "typing_extensions.py",
    ):
        (tmp_path / package).symlink_to(Path(lent) / package)

    output = subprocess.run(
        [installed, "-c", LOOK],
        cwd=tmp_path.parent,
        env={"PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()

    found, loaded = (json.loads(line) for line in output)
    assert [name for name, there in found.items() if there] == ["novapost_client", "novapost_mock"]
    assert "novapost_client" in loaded
    assert set(loaded) & {"jsonschema_rs", "httptools", "novapost_mock", "pytest", "schemathesis"} == set()


def test_the_command_without_its_extra_says_what_to_install(installed: Path) -> None:
    """One line, not a traceback, for whoever installed the client alone."""
    done = subprocess.run([installed, "-m", "novapost_mock"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: the mock needs more: pip install 'novapost-client[mock]'\n"


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_the_lock_names_no_index_and_checks_hashes(lock: str) -> None:
    """Where packages come from is up to whoever installs them; that they are the right ones is ours."""
    lines = (ROOT / lock).read_text().splitlines()

    assert not [
        line for line in lines if "://" in line or line.startswith(("-i", "--index", "--extra", "--find"))
    ]
    pinned = [line for line in lines if "==" in line and not line.startswith((" ", "#"))]
    assert pinned
    assert all(line.endswith("\\") for line in pinned)
    assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)


@pytest.mark.parametrize("name", ["contract", "image", "mock"])
def test_what_runs_is_what_is_tested(name: str) -> None:
    """`make contract`, `make mock` and the image have the very versions that the tests have."""

    def pinned(lock: str) -> set[str]:
        lines = (ROOT / lock).read_text().splitlines()
        return {line.split()[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pinned(f"requirements-{name}.lock") <= pinned("requirements.lock")


def test_the_generator_is_pinned_exactly() -> None:
    """Before 0.29.1 it runs text of the document, and each release moves its templates."""
    pyproject = (ROOT / "pyproject.toml").read_text()

    assert '"openapi-python-client==0.29.1"' in pyproject
    assert '"ruff==0.14.14"' in pyproject
