"""Generate the client from the effective document, whole or not at all.

    python -m scripts.regenerate [--spec FILE] [--output DIR] [--check]

The generator works in a temporary folder; its result is formatted by the pinned ruff away from any
settings nearby, stamped, and swapped in only when every step went well.
"""

import argparse
import ast
import filecmp
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scripts.documents import Json, parse, read_file
from scripts.files import FILE_MODE, FOLDER_MODE, swap_folder
from scripts.layout import CLIENT, EFFECTIVE, OVERLAY, SETTINGS, UPSTREAM
from scripts.refusal import Refusal, run

# Before 0.29.1 the generator put text of the document into code that runs (CVE-2026-105801), and its
# templates move with each release. From 0.16 on, ruff rewrites its output so that mypy --strict fails.
GENERATOR_VERSION = "0.29.1"
RUFF_VERSION = "0.14.14"

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_GENERATOR_SECONDS = 120
# -P: the folder that a tool works in holds a types.py, which must not stand in for Python's own.
_PYTHON = (sys.executable, "-P", "-m")
_RUFF_SETTINGS = (
    "--isolated",
    "--no-cache",
    "--config",
    "line-length = 110",
    "--config",
    "target-version = 'py311'",
)


@dataclass(frozen=True)
class Sources:
    """What a client is made from: the document, and for our own the two parts that it was built of."""

    spec: Path
    settings: Path
    parts: tuple[tuple[str, Path], ...]

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each source in hexadecimal digits, by the source's name."""
        named = [
            *self.parts,
            ("effective" if self.parts else "document", self.spec),
            ("settings", self.settings),
        ]
        return {name: hashlib.sha256(read_file(path)).hexdigest() for name, path in named}

    @property
    def label(self) -> str:
        """How the generated files name their source: without any folder of this machine."""
        return f"openapi/{self.spec.name}" if self.parts else self.spec.name


def generate(sources: Sources, folder: Path) -> None:
    """Make the package of `sources` in the new folder `folder`.

    Raises:
        Refusal: a tool has another version than the pinned one, the document is not usable, the generator
            failed, warned or left an operation out, or it wrote something that is not Python.
    """
    _require("openapi-python-client", GENERATOR_VERSION)
    _require("ruff", RUFF_VERSION)
    document = parse(read_file(sources.spec), sources.spec.name)
    _run_generator(sources, folder)
    _require_operations(document, folder, sources.spec.name)
    _format(folder)
    _stamp(sources, folder)


def _require(package: str, wanted: str) -> None:
    try:
        found = version(package)
    except PackageNotFoundError:
        found = "none"
    if found != wanted:
        raise Refusal(package, f"version {wanted} is needed, {found} is installed")


def _run_generator(sources: Sources, folder: Path) -> None:
    command = [
        *(*_PYTHON, "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"),
        *("--path", str(sources.spec.resolve()), "--config", str(sources.settings.resolve())),
        *("--output-path", str(folder)),
    ]
    # The tree is written even when the generator warns, and an operation it cannot handle is left out with
    # exit code 0 unless it is told to fail on warnings.
    status, output = _call(command, folder.parent)
    if status != 0:
        raise Refusal(sources.spec.name, f"the generator refused it: {_one_line(output)}")


def _call(command: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run a tool away from the caller's surroundings and return its exit code and what it printed."""
    surroundings = {
        **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ},
        # Same bytes from every machine: no locale, no time zone, no random order of sets, no colours.
        **{"PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC"},
        **{"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "1000", "HOME": str(folder)},
    }
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_GENERATOR_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1, f"took longer than {_GENERATOR_SECONDS} s"
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _one_line(text: str, limit: int = 1500) -> str:
    text = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())
    return text if len(text) <= limit else f"{text[:limit]} ..."


def operations(document: Json) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation of an OpenAPI document as (method, path, operation object)."""
    paths = document.get("paths") if isinstance(document, dict) else None
    for path, item in (paths or {}).items():
        for method in _METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield method, path, item[method]


def _require_operations(document: Json, folder: Path, place: str) -> None:
    """Refuse a package in which an operation of the document is missing.

    Two operations whose names fall together end in one module, without a warning.
    """
    wanted = sorted(f'"{method}" "{path}"' for method, path, _ in operations(document))
    if not wanted:
        raise Refusal(place, "has no operations")
    modules = [path for path in folder.glob("api/*/*.py") if path.name != "__init__.py"]
    if len(modules) < len(wanted):
        raise Refusal(
            place,
            f"has {len(wanted)} operations, {len(modules)} came out of the generator: "
            "two share a name, or one was dropped",
        )


def _format(folder: Path) -> None:
    for verb in (("check", "--fix-only", "--extend-select=I"), ("format",)):
        status, output = _call([*_PYTHON, "ruff", *verb, *_RUFF_SETTINGS, "."], folder)
        if status != 0:
            raise Refusal(folder.name, f"ruff {verb[0]} failed: {_one_line(output)}")


def _stamp(sources: Sources, folder: Path) -> None:
    (folder / "py.typed").write_bytes(b"")
    (folder / "_provenance.py").write_text(_provenance(sources), encoding="utf-8", newline="\n")
    header = (
        f"# Generated from {sources.label} by `make regenerate`; do not edit.\n"
        f"# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.\n"
    )
    for path in sorted(folder.rglob("*")):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
        if path.suffix != ".py":
            continue
        text = path.read_text(encoding="utf-8")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError) as error:
            raise Refusal(
                path.relative_to(folder).as_posix(), f"the generator wrote no Python: {error}"
            ) from error
        path.write_text(f"{header}{text}" if text.strip() else header, encoding="utf-8", newline="\n")


def _provenance(sources: Sources) -> str:
    lines = ['"""What this package was made from: SHA-256 of each source, versions of each tool."""', ""]
    lines.append("SOURCES = {")
    lines += [f'    "{name}": "{digest}",' for name, digest in sources.hashes().items()]
    lines += ["}", "TOOLS = {"]
    lines += [
        f'    "openapi-python-client": "{GENERATOR_VERSION}",',
        f'    "ruff": "{RUFF_VERSION}",',
        "}",
        "",
    ]
    return "\n".join(lines)


def differences(one: Path, other: Path) -> list[str]:
    """The relative paths of all files that are not the same, byte for byte, in two folders."""

    def files(folder: Path) -> set[str]:
        return {
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    def same(name: str) -> bool:
        pair = one / name, other / name
        return all(path.is_file() for path in pair) and filecmp.cmp(*pair, shallow=False)

    return [name for name in sorted(files(one) | files(other)) if not same(name)]


def own_sources() -> Sources:
    """What our own client is made from."""
    return Sources(EFFECTIVE, SETTINGS, (("upstream", UPSTREAM), ("overlay", OVERLAY)))


def main(arguments: list[str] | None = None) -> int:
    """The verb: generate and swap in, or with --check compare with what is there."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.regenerate",
        description="Generate the client package from an OpenAPI 3 document.",
        epilog="Without arguments: openapi/effective.json becomes generated/novapost_client.",
    )
    parser.add_argument("--spec", type=Path, metavar="FILE", help="another document, JSON or YAML")
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="another package folder; required with --spec"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a byte would differ")
    options = parser.parse_args(arguments)
    if options.spec and not options.output:
        parser.error("--spec needs --output, so that another document never replaces our client")
    sources = Sources(options.spec, SETTINGS, ()) if options.spec else own_sources()
    output: Path = (options.output or CLIENT).absolute()
    return _regenerate(sources, output, options.check)


def _regenerate(sources: Sources, output: Path, check: bool) -> int:
    if (
        output.exists()
        and not (output.is_dir() and (output / "_provenance.py").is_file())
        and _occupied(output)
    ):
        raise Refusal(str(output), "holds something that this command did not make; name another folder")
    output.parent.mkdir(parents=True, exist_ok=True)
    # Beside the destination, so that swapping is a rename on one file system.
    with tempfile.TemporaryDirectory(prefix=".regenerate.", dir=output.parent) as temporary:
        fresh = Path(temporary) / output.name
        generate(sources, fresh)
        changed = differences(output, fresh)
        if check:
            for name in changed:
                print(f"{output.name}/{name}: differs from a fresh regeneration", file=sys.stderr)
            print(f"{output.name}: {'not ' if changed else ''}what `make regenerate` gives")
            return 1 if changed else 0
        if changed:
            swap_folder(fresh, output)
    print(f"{output.name}: {len(changed)} files changed" if changed else f"{output.name}: unchanged")
    return 0


def _occupied(output: Path) -> bool:
    return not output.is_dir() or any(output.iterdir())


if __name__ == "__main__":
    raise SystemExit(run(main))
