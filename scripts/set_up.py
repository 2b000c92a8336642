"""Make a virtual environment with exactly the packages of a lock, hashes checked, by uv or else by pip.

    python scripts/set_up.py ENVIRONMENT LOCK [--package|--sources|--wheel FILE] [--warm NAME ...]
    python scripts/set_up.py --uv                    # only fetch uv, and print where it is

This is the first command that runs in a clone, so it needs only Python 3.11 or later with venv and ensurepip.
Python's own pip installs uv from requirements-uv.lock into .tools/. If uv cannot be installed or fails, pip
installs the lock, which takes several times longer.
"""

import argparse
import compileall
import configparser
import ensurepip
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV_LOCK = ROOT / "requirements-uv.lock"
TOOLS = ROOT / ".tools"

# Settings of pip that say where packages come from, and the variables by which uv is told the same.
_TOLD_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
# Settings of pip that change nothing of what a lock with hashes installs, or how pip itself speaks.
_NO_MATTER = {
    *("disable-pip-version-check", "default-timeout", "timeout", "retries", "constraint", "no-cache-dir"),
    *(
        "cache-dir",
        "quiet",
        "verbose",
        "no-color",
        "progress-bar",
        "no-input",
        "root-user-action",
        "require-virtualenv",
    ),
    *(
        "break-system-packages",
        "user",
        "upgrade",
        "no-warn-script-location",
        "use-pep517",
        "log",
        "exists-action",
    ),
}


class CannotInstallError(Exception):
    """An installer could not do it, and why, in its own last line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Make the environment anew.

    Returns:
        0 if it is there, 1 if it could not be made, 2 for wrong use.
    """
    parser = argparse.ArgumentParser(
        prog="python scripts/set_up.py",
        description="Make a virtual environment with exactly the packages of a lock.",
        allow_abbrev=False,
    )
    parser.add_argument("environment", type=Path, nargs="?", help="the folder of the environment")
    parser.add_argument("lock", type=Path, nargs="?", help="the lock file")
    parser.add_argument("--uv", action="store_true", help="only install uv, and print its path")
    parser.add_argument("--package", action="store_true", help="also install this project, as editable")
    parser.add_argument(
        "--sources",
        action="store_true",
        help="make this project importable from its folders, without build tools",
    )
    parser.add_argument("--wheel", type=Path, help="also install this wheel")
    parser.add_argument("--warm", nargs="*", default=[], help="packages to compile to bytecode now")
    options = parser.parse_args(argv)
    if options.uv:
        uv, reason = found_uv()
        print(uv or f"error: no uv: {reason}", file=sys.stdout if uv else sys.stderr)
        return 0 if uv else 1
    if not options.environment or not options.lock:
        parser.error("ENVIRONMENT and LOCK are needed")
    environment: Path = options.environment.absolute()
    try:
        project = ["--editable", str(ROOT)] if options.package else []
        if options.wheel:
            project = [str(options.wheel.absolute())]
        set_up(environment, options.lock.absolute(), project)
        if options.sources:
            link_sources(environment)
        _compile(environment, options.warm)
    except CannotInstallError as error:
        print(f"error: {options.lock.name} could not be installed: {error}", file=sys.stderr)
        return 1
    return 0


def set_up(environment: Path, lock: Path, project: Sequence[str] = ()) -> None:
    """Make an environment anew from a lock.

    Args:
        environment: its folder, which is removed first.
        lock: a requirements file in which every package has hashes.
        project: what an installer is told to install besides, without its dependencies: this project.

    Raises:
        CannotInstallError: neither uv nor pip could install what the lock names.
    """
    shutil.rmtree(environment, ignore_errors=True)
    with ThreadPoolExecutor(1) as beside:
        made = beside.submit(venv.create, environment, symlinks=os.name != "nt", with_pip=False)
        uv, reason = found_uv()
        made.result()
    python = python_of(environment)
    if uv:
        try:
            _install_by_uv(uv, python, lock, project)
        except CannotInstallError as error:
            uv, reason = None, str(error)
    if not uv:
        print(f"uv is not used ({reason}): pip is, which takes longer", file=sys.stderr)
        venv.create(environment, symlinks=os.name != "nt", clear=True, with_pip=True)
        _install_by_pip(python, lock, project)


def link_sources(environment: Path) -> None:
    """Let an environment find this project's packages where they lie, and its name, version and entry points.

    What an editable install does, without the build tools that it takes.
    """
    packages = _packages_of(environment)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    name, version = project["project"]["name"], project["project"]["version"]
    folders = project["tool"]["hatch"]["build"]["dev-mode-dirs"]
    (packages / f"{name}.pth").write_text(
        "".join(f"{ROOT / folder}\n" for folder in folders), encoding="utf-8"
    )
    told = packages / f"{name.replace('-', '_')}-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    points = {"console_scripts": project["project"]["scripts"], **project["project"]["entry-points"]}
    lines = [
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in each.items()) for group, each in points.items()
    ]
    (told / "entry_points.txt").write_text("".join(lines), encoding="utf-8")


def found_uv() -> tuple[Path | None, str]:
    """Return the pinned uv, fetched if it is not there yet; or None and the reason."""
    told = pip_settings()
    unknown = sorted(told.keys() - _TOLD_UV.keys() - _NO_MATTER)
    if unknown:
        return None, f"pip is told {', '.join(unknown)}"
    name = "uv.exe" if os.name == "nt" else "uv"
    program = TOOLS / "bin" / name
    wanted = UV_LOCK.read_text(encoding="utf-8")
    stamp = TOOLS / "uv.lock"
    if program.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return program, ""
    shutil.rmtree(TOOLS, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(dir=ROOT, prefix=".tools-") as folder:
            fetch = ["install", "-qq", "--no-compile", "--no-deps", "--only-binary=:all:", "--require-hashes"]
            _run([*_pip(), *fetch, "--requirement", str(UV_LOCK), "--target", folder])
            TOOLS.mkdir()
            shutil.move(Path(folder) / "bin", TOOLS / "bin")
    except (CannotInstallError, OSError) as error:
        return None, f"it cannot be had: {error}"
    stamp.write_text(wanted, encoding="utf-8")
    return program, ""


def pip_settings() -> dict[str, str]:
    """Return the settings of pip from its files and variables, by its options' names without dashes.

    Read here and not asked of pip, whose start takes longer than all the rest of this.
    """
    settings: dict[str, str] = {}
    for path in _pip_files():
        reader = configparser.RawConfigParser()
        with suppress(OSError, configparser.Error, UnicodeDecodeError):
            reader.read_string(path.read_text(encoding="utf-8"))
        for section in ("global", "install"):
            if reader.has_section(section):
                settings.update({name.replace("_", "-"): value for name, value in reader[section].items()})
    for variable, value in os.environ.items():
        if variable.startswith("PIP_") and variable != "PIP_CONFIG_FILE" and value:
            settings[variable.removeprefix("PIP_").lower().replace("_", "-")] = value
    return settings


def _pip_files() -> list[Path]:
    """Return the files of pip's settings, the least important first."""
    home = Path.home()
    if os.name == "nt":
        shared = [Path(os.path.expandvars("%PROGRAMDATA%"), "pip", "pip.ini")]
        own = [home / "pip" / "pip.ini", Path(os.path.expandvars("%APPDATA%"), "pip", "pip.ini")]
    else:
        folders = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        shared = [Path(folder) / "pip" / "pip.conf" for folder in reversed(folders.split(":")) if folder]
        shared += [Path("/Library/Application Support/pip/pip.conf"), Path("/etc/pip.conf")]
        settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
        own = [home / ".pip" / "pip.conf", settings / "pip" / "pip.conf"]
        own.append(home / "Library" / "Application Support" / "pip" / "pip.conf")
    if given := os.environ.get("PIP_CONFIG_FILE"):
        return [] if given == os.devnull else [*shared, Path(given)]
    return [*shared, *own]


def python_of(environment: Path) -> Path:
    """Return the interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _pip() -> list[str]:
    """Return the command of the pip that Python carries; installing it first would take seconds."""
    bundled = sorted(Path(str(files("ensurepip"))).glob("_bundled/pip-*.whl"))
    # Debian keeps the wheels apart, and Python can be built to do so.
    kept_apart = getattr(ensurepip, "_WHEEL_PKG_DIR", None)
    if kept_apart:
        bundled += sorted(Path(kept_apart).glob("pip-*.whl"))
    if not bundled:
        raise CannotInstallError("this Python carries no pip")
    return [sys.executable, f"{bundled[-1]}/pip", "--disable-pip-version-check"]


def _install_by_uv(uv: Path, python: Path, lock: Path, project: Sequence[str]) -> None:
    settings = pip_settings()
    told = {variable: settings[option] for option, variable in _TOLD_UV.items() if option in settings}
    environment = {**os.environ, **told, "UV_NO_CONFIG": "1", "UV_NO_PROGRESS": "1", "UV_SYSTEM_CERTS": "1"}
    install = [str(uv), "pip", "install", "--quiet", "--python", str(python), "--no-config"]
    # Hashes are demanded of every package, so it does not matter which place has it.
    places = [
        "--index-strategy",
        "unsafe-best-match",
        "--link-mode",
        "copy" if os.name == "nt" else "hardlink",
    ]
    _run([*install, *places, "--require-hashes", "--requirement", str(lock)], environment)
    if project:
        _run([*install, "--no-deps", "--no-build-isolation", "--offline", *project], environment)


def _install_by_pip(python: Path, lock: Path, project: Sequence[str]) -> None:
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    _run([*install, "--require-hashes", "--requirement", str(lock)])
    if project:
        _run([*install, "--no-deps", "--no-build-isolation", "--no-index", *project])


def _compile(environment: Path, warm: Sequence[str]) -> None:
    """Compile packages on all cores, so that the first start need not do it on one."""
    packages = _packages_of(environment)
    there = [str(packages / name) for name in warm if (packages / name).exists()]
    if there:
        _run([str(python_of(environment)), "-m", compileall.__name__, "-q", "-j", "0", *there])


def _packages_of(environment: Path) -> Path:
    """Return the folder of an environment in which packages lie."""
    (packages,) = [*environment.glob("lib/python*/site-packages"), *environment.glob("Lib/site-packages")][:1]
    return packages


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run a command; give what it printed.

    Raises:
        CannotInstallError: it failed.
    """
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise CannotInstallError(f"{Path(command[0]).name}: {error.strerror}") from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise CannotInstallError(
            lines[-1] if lines else f"{Path(command[0]).name} ended with {done.returncode}"
        )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
