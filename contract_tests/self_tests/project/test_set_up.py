"""Is an environment what its lock says, by uv or by pip, and is it said which and why?"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from scripts import set_up as module
from scripts.lib.paths import ANY_API, NOVAPOST
from scripts.set_up import CannotInstallError, found_uv, link_sources, main, pip_settings

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def pip_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return an environment without a package."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder


def test_settings_of_pip_are_read_as_pip_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables count more than files; names are those of the options."""
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = file:///one\nproxy = p\n[install]\nfind_links = /wheels\n[list]\nformat = x\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_INDEX_URL", "file:///two")

    found = pip_settings()

    assert found.items() >= {"index-url": "file:///two", "proxy": "p", "find-links": "/wheels"}.items()
    assert "format" not in found


def test_a_setting_that_uv_does_not_know_leaves_it_to_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's pip goes through a gate that uv would pass by."""
    monkeypatch.setenv("PIP_CLIENT_CERT", "/some.pem")

    assert found_uv() == (None, "pip is told client-cert")


def test_a_uv_that_cannot_be_had_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is the last line of pip."""
    lock = tmp_path / "uv.lock"
    lock.write_text("no-such-package-of-ours==1 --hash=sha256:" + "0" * 64, encoding="utf-8")
    monkeypatch.setattr(module, "UV_LOCK", lock)
    monkeypatch.setattr(module, "TOOLS", tmp_path / "tools")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(module, "_NO_MATTER", module._NO_MATTER | {"no-index"})

    uv, reason = found_uv()

    assert uv is None
    assert reason.startswith("it cannot be had: ERROR: No matching distribution found")


def test_where_uv_fails_pip_installs_and_a_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "empty.lock"
    lock.write_text("", encoding="utf-8")
    broken = tmp_path / "uv"
    broken.write_text("#!/bin/sh\necho 'error: no way' >&2; exit 2\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(module, "found_uv", lambda: (broken, ""))

    assert main([str(tmp_path / "made"), str(lock)]) == 0
    assert capsys.readouterr().err == "uv is not used (error: no way): pip is, which takes longer\n"
    assert (tmp_path / "made" / "bin" / "pip").exists()


def test_a_lock_that_nobody_can_install_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line with the installer's own reason, and the exit code 1."""
    lock = tmp_path / "wrong.lock"
    lock.write_text("attrs==26.1.0\n", encoding="utf-8")
    monkeypatch.setattr(module, "found_uv", lambda: (None, "for a test"))

    assert main([str(tmp_path / "made"), str(lock)]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("error: wrong.lock could not be installed: ")


def test_without_a_lock_it_is_used_wrongly(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path)])

    assert caught.value.code == 2


def test_the_sources_are_found_under_name_version_and_entry_points(environment: Path) -> None:
    """As by an editable install, without its build tools."""
    link_sources(environment)

    (metadata,) = environment.glob("lib/python*/site-packages/*.dist-info")
    found = PathDistribution(metadata)
    points = {(point.group, point.name) for point in found.entry_points}
    assert found.metadata["Name"] == "novapost-client"
    assert found.version == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert points == {("console_scripts", "novapost-mock"), ("pytest11", "novapost_mock")}
    lines = next(environment.glob("lib/python*/site-packages/*.pth")).read_text().splitlines()
    assert all((Path(line)).is_dir() for line in lines)
    assert {path.name for line in lines for path in Path(line).iterdir()} >= {
        "novapost_client",
        "novapost_mock",
    }


def test_nothing_but_the_environment_is_written(environment: Path) -> None:
    """Not into the Python that made it, even as root."""
    before = {path: path.stat().st_mtime_ns for path in Path(sys.base_prefix).glob("lib/python*/*-packages")}
    link_sources(environment)

    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_it_runs_on_a_bare_python() -> None:
    """It is the first thing that runs in a clone: nothing but the standard library."""
    python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
    done = subprocess.run(
        [python, "-I", "-S", "scripts/set_up.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(CannotInstallError, match="none: No such file or directory"):
        module._run(["/nowhere/none"])


def test_what_is_imported_first_is_compiled(environment: Path) -> None:
    """And nothing else, which would take longer than it saves."""
    packages = next(environment.glob("lib/python*/site-packages"))
    for name in ("first", "later"):
        (packages / name).mkdir()
        (packages / name / "__init__.py").write_text("x = 1\n", encoding="utf-8")

    module._compile(environment, ["first", "not there"])

    assert list((packages / "first").rglob("*.pyc"))
    assert not list((packages / "later").rglob("*.pyc"))


def test_what_make_compiles_is_in_the_environment() -> None:
    """A package that moved out of the lock would be compiled no longer, and nobody would notice."""
    (line,) = re.findall(r"(?m)^WARM := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"))

    assert all(importlib.util.find_spec(name) for name in line.split())


# A plugin that takes away the generator, which the environment of the contract does not have.
WITHOUT_GENERATOR = """
import sys

sys.modules["openapi_python_client"] = None
"""


def test_the_contract_needs_no_generator(tmp_path: Path) -> None:
    """`make contract` installs what the suite needs and no more, so no import may lead further."""
    (tmp_path / "without_generator.py").write_text(WITHOUT_GENERATOR, encoding="utf-8")

    collected = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--collect-only",
            "-p",
            "without_generator",
            ANY_API,
            NOVAPOST,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert collected.returncode == 0, collected.stdout[-2000:]
