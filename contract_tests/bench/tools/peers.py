"""The peers that come from registries: pinned here, each installed on demand into a folder of `.bench/`."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from contract_tests.bench.values import Missing
from scripts.lib.paths import ROOT

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
    """Return the interpreter of an environment of `PYTHON`.

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
    """Return the `node_modules` of a package of `NPM`.

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


def wrk() -> tuple[str, ...] | None:
    """Return the command of the load generator `wrk`: the machine's, or that of `fetch_wrk`."""
    if shutil.which("wrk"):
        return ("wrk",)
    root = PLACE / "wrk" / "root"
    libraries = next((root / "usr" / "lib").glob("*/libluajit*"), root).parent
    fetched = root / "usr" / "bin" / "wrk"
    return ("env", f"LD_LIBRARY_PATH={libraries}", str(fetched)) if fetched.is_file() else None


def fetch_wrk() -> None:
    """Bring `wrk` from Debian's packages into `.bench/`, where there is none.

    Nothing is installed, and whoever is not root can do it as well. The version is that of the release.

    Raises:
        Missing: this is no Debian, or its packages cannot be had.
    """
    if wrk() is not None:
        return
    apt, unpack, folder = program("apt-get"), program("dpkg-deb"), PLACE / "wrk"
    shutil.rmtree(folder, ignore_errors=True)
    for each in ("lists/partial", "cache/archives/partial"):
        (folder / each).mkdir(parents=True)
    # Lists and files of our own: the machine's are for root alone, and on a new one empty.
    own = (f"-oDir::State::lists={folder}/lists", f"-oDir::Cache={folder}/cache", "-oAPT::Sandbox::User=")
    _call((apt, "-qq", *own, "update"))
    _call((apt, "-qq", *own, "download", "wrk", "libluajit-5.1-2"), folder / "cache")
    for package in (folder / "cache").glob("*.deb"):
        _call((unpack, "-x", str(package), str(folder / "new")))
    # Only now it counts as there: with its library, or not at all.
    (folder / "new").rename(folder / "root")
    shutil.rmtree(folder / "lists")


def program(name: str) -> str:
    """Return the path of a program of this machine.

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


def _call(command: tuple[str, ...], folder: Path = ROOT) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS, cwd=folder
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(
            f"{Path(command[0]).name} took longer than {_INSTALL_SECONDS} s to install it"
        ) from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise Missing(f"{Path(command[0]).name} could not install it: {said[:200]}")
