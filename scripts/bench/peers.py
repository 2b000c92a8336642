"""The peers that come from registries: pinned here, each installed on demand into a folder of `.bench/`."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.bench.values import Missing
from scripts.layout import ROOT

PLACE = ROOT / ".bench"
# By the environment that they are installed into.
PYTHON: Mapping[str, tuple[str, ...]] = {
    "servers": (
        "granian==2.8.7",
        "httptools==0.9.0",
        "jsonschema-rs==0.60.3",
        "uvicorn==0.54.0",
        "uvloop==0.23.0",
    ),
}
NPM: Mapping[str, str] = {
    "dredd": "dredd@14.1.0",
    "mockoon": "@mockoon/cli@9.9.0",
    "openapi-diff": "openapi-diff@0.24.1",
    "prism": "@stoplight/prism-cli@5.16.0",
    # These two carry the jar.
    "specmatic": "specmatic@2.55.1",
    "wiremock": "wiremock@3.13.2",
}
_INSTALL_SECONDS = 900


def python(name: str) -> Path:
    """The interpreter of an environment of `PYTHON`.

    Raises:
        Missing: it cannot be made.
    """
    folder = PLACE / name
    program = folder / "bin" / "python"
    packages = PYTHON[name]
    if not _is_there(folder, "\n".join(packages)):
        shutil.rmtree(folder, ignore_errors=True)
        _call((sys.executable, "-m", "venv", str(folder)))
        _call((str(program), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *packages))
        _note(folder, "\n".join(packages))
    return program


def npm(name: str) -> Path:
    """The `node_modules` of a package of `NPM`.

    Raises:
        Missing: there is no npm, or it cannot install the package.
    """
    folder, package = PLACE / name, NPM[name]
    if not _is_there(folder, package):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # What a package would run when it is installed, none of these needs.
        options = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1")
        _call((program("npm"), "install", *options, "--prefix", str(folder), package))
        _note(folder, package)
    return folder / "node_modules"


def program(name: str) -> str:
    """Where a program of this machine is.

    Raises:
        Missing: nowhere.
    """
    found = shutil.which(name)
    if found is None:
        raise Missing(f"no {name} here")
    return found


def _is_there(folder: Path, pinned: str) -> bool:
    noted = folder / "pinned"
    return noted.is_file() and noted.read_text("utf-8") == pinned


def _note(folder: Path, pinned: str) -> None:
    (folder / "pinned").write_text(pinned, "utf-8")


def _call(command: tuple[str, ...]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS, cwd=PLACE.parent
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(
            f"{Path(command[0]).name} took longer than {_INSTALL_SECONDS} s to install it"
        ) from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise Missing(f"{Path(command[0]).name} could not install it: {said[:200]}")
