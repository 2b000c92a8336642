"""Generate the client from the effective document, whole or not at all.

    python -m scripts.regenerate [--spec FILE] [--output DIR] [--allow-missing OPERATION]...
        [--seconds N] [--check] [--fix OVERLAY]

Nobody vouches for the document. It is read, examined and generated from in child processes that can do
little and not for long; the result is compared with the document, formatted by the pinned ruff away from any
settings nearby, stamped, and held against a list of what generated code may be made of. Only when every step
went well it is swapped in.
"""

import argparse
import filecmp
import hashlib
import json
import keyword
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scripts.confinement.limits import FILE_BYTES
from scripts.confinement.run import SECONDS, Deadline, run_confined, surroundings
from scripts.document.parse import parse_yaml
from scripts.document.prune import without
from scripts.document.read import checked, read_files
from scripts.document.transliteration import spelled
from scripts.generator.runtime_copy import altered, copy_runtime, page_address
from scripts.lib.errors import Refusal, Refusals, printable, run, say, warn
from scripts.lib.files import FILE_MODE, FOLDER_MODE, read_file, swap_folder, write_together
from scripts.lib.paths import CHANGELOG, CLIENT, EFFECTIVE, OVERLAY, SETTINGS, TEMPLATES, UPSTREAM
from scripts.postcheck.allowlist_check import vet
from scripts.postcheck.completeness import compare

# Before 0.29.1 the generator put text of the document into code that runs (CVE-2026-105801), and its
# templates move with each release. From 0.16 on, ruff rewrites its output so that mypy --strict fails.
GENERATOR_VERSION = "0.29.1"
RUFF_VERSION = "0.14.14"

_PACKAGE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
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
    # The address of the page that the document comes from, for docstrings.
    page: str = ""
    # Corrections to be applied first, and the name of the package; "" is that of the settings.
    overlay: Path | None = None
    package: str = ""

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each source in hexadecimal digits, by the source's name."""
        named = [
            *self.parts,
            ("effective" if self.parts else "document", self.spec),
            ("settings", self.settings),
        ]
        if self.overlay is not None:
            named.insert(1, ("overlay", self.overlay))
        return {name: hashlib.sha256(read_file(path)).hexdigest() for name, path in named}

    @property
    def label(self) -> str:
        """How the generated files name their source: without any folder of this machine."""
        name = printable(self.spec.name)
        return f"openapi/{name}" if self.parts else name


def generate(
    sources: Sources, folder: Path, allow_missing: Sequence[str] = (), seconds: float = SECONDS
) -> list[str]:
    """Make the package of `sources` in the new folder `folder`, beside which there is room to work.

    Args:
        sources: the document and the settings.
        folder: where the package shall be; its parent is a temporary folder.
        allow_missing: the operations to leave out, each as "METHOD /path" or as an operationId.
        seconds: how long reading and generating may take together.

    Returns:
        "METHOD /path" of each operation that was left out.

    Raises:
        Refusal: a tool has another version than the pinned one, or a step failed.
        Refusals: the document, or what the generator made of it, is not in order.
    """
    _require("openapi-python-client", GENERATOR_VERSION)
    _require("ruff", RUFF_VERSION)
    deadline = Deadline.after(seconds)
    document, contents = _document(sources, folder, deadline)
    document, omitted = without(document, allow_missing)
    notes, taken = _run_generator(document, sources, folder, deadline)
    warn(notes)
    _refuse(compare(taken, folder))
    _format(folder, 2 * seconds)
    # After formatting, which must not touch what is copied byte for byte.
    copied = copy_runtime(folder)
    _stamp(sources, contents, folder)
    _refuse(vet(folder, document, exempt=copied))
    _refuse(altered(folder, copied))
    return omitted


def _document(sources: Sources, folder: Path, deadline: Deadline) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the document with its corrections, and the bytes of each of its files."""
    value, contents = read_files(sources.spec, _room(folder, "reading"), deadline)
    document = checked(value, sources.spec.name)
    if sources.overlay is not None:
        # Here and not above, as JSONPath takes long to load and most documents are taken as they are.
        from scripts.overlay import corrected

        document = corrected(document, sources.overlay, sources.spec.name)
    return document, contents


def _refuse(found: Sequence[Refusal]) -> None:
    if found:
        raise Refusals(found)


def _room(folder: Path, name: str) -> Path:
    room = folder.parent / f".{name}"
    room.mkdir()
    return room


def _require(package: str, wanted: str) -> None:
    try:
        found = version(package)
    except PackageNotFoundError:
        found = "none"
    if found != wanted:
        raise Refusal(package, f"version {wanted} is needed, {found} is installed")


def _run_generator(
    document: dict[str, Any], sources: Sources, folder: Path, deadline: Deadline
) -> tuple[list[Refusal], dict[str, Any]]:
    """Generate the client; return the notes and the document in plain words."""
    room = _room(folder, "generating")
    # What was read, and not the file once more: a reader of another kind could see another document in it.
    (room / "document.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    job = {
        "place": printable(sources.spec.name),
        "settings": _settings(sources),
        "templates": str(TEMPLATES),
        "page": sources.page,
    }
    report = run_confined("generate", job, room, deadline, sources.spec.name)
    (room / "package").rename(folder)
    taken: dict[str, Any] = json.loads(read_file(room / "plain.json", FILE_BYTES))
    return [Refusal(where, why) for where, why in report["notes"]], taken


def _settings(sources: Sources) -> dict[str, Any]:
    """Return the settings of the generator; a package of another document has another name than ours."""
    settings = parse_yaml(read_file(sources.settings), sources.settings.name)
    if not isinstance(settings, dict):
        raise Refusal(sources.settings.name, "is no object of settings")
    if sources.package:
        settings |= {"package_name_override": sources.package}
        settings |= {"project_name_override": sources.package.replace("_", "-")}
    package = settings.get("package_name_override")
    if isinstance(package, str) and not _PACKAGE.fullmatch(package):
        raise Refusal(sources.settings.name, f"package_name_override: {package!r} is no name of a package")
    return settings


def package_name(output: Path) -> str:
    """Return the import name of a package in a folder, or the nearest name that Python allows."""
    name = re.sub(r"[^a-z0-9]+", "_", spelled(output.name).lower()).strip("_")
    return name if name[:1].isalpha() and not keyword.iskeyword(name) else f"client_{name}".rstrip("_")


def _call(command: Sequence[str], folder: Path, seconds: float) -> tuple[int, str]:
    """Run a tool away from the caller's surroundings and return its exit code and what it printed."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=surroundings(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1, f"took longer than {seconds:g} s"
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _one_line(text: str, limit: int = 1500) -> str:
    text = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())
    return text if len(text) <= limit else f"{text[:limit]} ..."


def _format(folder: Path, seconds: float) -> None:
    for verb in (("check", "--fix-only", "--extend-select=I"), ("format",)):
        status, output = _call([*_PYTHON, "ruff", *verb, *_RUFF_SETTINGS, "."], folder, seconds)
        if status != 0:
            raise Refusal(folder.name, f"ruff {verb[0]} failed: {_one_line(output)}")


def _stamp(sources: Sources, contents: Mapping[str, bytes], folder: Path) -> None:
    (folder / "py.typed").write_bytes(b"")
    (folder / "_provenance.py").write_text(_provenance(sources, contents), encoding="utf-8", newline="\n")
    header = (
        f"# Generated from {sources.label} by `make regenerate`; do not edit.\n"
        f"# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.\n"
    )
    for path in sorted(folder.rglob("*")):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
        if path.suffix != ".py":
            continue
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{header}{text}" if text.strip() else header, encoding="utf-8", newline="\n")


def _provenance(sources: Sources, contents: Mapping[str, bytes]) -> str:
    lines = ['"""What this package was made from: SHA-256 of each source, versions of each tool."""', ""]
    lines.append("SOURCES = {")
    lines += [f'    "{name}": "{digest}",' for name, digest in sources.hashes().items()]
    # The further files of a document in several files.
    lines += [
        f'    {json.dumps(name)}: "{hashlib.sha256(contents[name]).hexdigest()}",'
        for name in sorted(contents.keys() - {sources.spec.name})
    ]
    lines += ["}", "TOOLS = {"]
    lines += [
        f'    "openapi-python-client": "{GENERATOR_VERSION}",',
        f'    "ruff": "{RUFF_VERSION}",',
        "}",
        "",
    ]
    return "\n".join(lines)


def differences(one: Path, other: Path) -> list[str]:
    """Return the relative paths of all files that differ between two folders."""

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
    """Return the sources of our own client."""
    return Sources(EFFECTIVE, SETTINGS, (("upstream", UPSTREAM), ("overlay", OVERLAY)), page_address())


def main(arguments: list[str] | None = None) -> int:
    """Generate the client and swap it in, or with --check compare it with the committed one."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.regenerate",
        description="Generate the client package from an OpenAPI 3 document.",
        epilog="Without arguments: openapi/effective.json becomes generated/novapost_client.",
    )
    parser.add_argument(
        "--spec", type=Path, metavar="FILE", help="a document to use in place of Nova Post's, JSON or YAML"
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="the folder of the package; required with --spec, unless --fix is given",
    )
    parser.add_argument(
        "--allow-missing",
        action="append",
        default=[],
        metavar="OPERATION",
        help='an operation that the client may lack, as "METHOD /path" or operationId; may be repeated',
    )
    parser.add_argument(
        "--overlay", type=Path, metavar="FILE", help="an OpenAPI Overlay 1.0 to apply to --spec first"
    )
    parser.add_argument(
        "--fix",
        type=Path,
        metavar="OVERLAY",
        help="write a new overlay that corrects the document and widens its schemas to fit its examples; "
        "generate nothing",
    )
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="settings of openapi-python-client for --spec (default: openapi/generator.yaml, with "
        "the names of the package, its logger and its environment variables made from DIR)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        metavar="N",
        help="seconds for reading and generating together; each of the two may use a third of it "
        "as processor time; 1,000 operations need a few hundred (default: %(default)g)",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a byte would differ")
    options = parser.parse_args(arguments)
    if options.spec and not options.output and options.fix is None:
        parser.error("--spec needs --output, so that another document never replaces our client")
    if not options.spec and (options.overlay or options.settings):
        parser.error("--overlay and --settings belong to --spec; our own client has openapi/")
    output: Path = (options.output or CLIENT).absolute()
    sources = own_sources() if not options.spec else _sources_of(options, output)
    if options.fix is not None:
        return propose(sources, options.fix, options.seconds)
    return _regenerate(sources, output, options.check, options.allow_missing, options.seconds)


def propose(sources: Sources, target: Path, seconds: float = SECONDS) -> int:
    """Write an overlay with all that the document of `sources` would have to say instead, for review.

    Raises:
        Refusal: the document cannot be read, or the file is there already.
    """
    if target.exists():
        raise Refusal(str(target), "is there already; name a file that is not")
    deadline = Deadline.after(seconds)
    with tempfile.TemporaryDirectory(prefix=".regenerate.") as temporary:
        folder = Path(temporary) / "client"
        document = _document(sources, folder, deadline)[0]
        room = _room(folder, "proposing")
        (room / "document.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        job = {"place": printable(sources.spec.name)}
        report = run_confined("propose", job, room, deadline, sources.spec.name)
        if report["actions"]:
            write_together({target: read_file(room / "overlay.yaml", FILE_BYTES)})
    count = f"{report['actions']} actions, to be read before they are used"
    say(f"{target.name}: {count if report['actions'] else 'nothing to correct, so not written'}")
    return 0


def _sources_of(options: argparse.Namespace, output: Path) -> Sources:
    settings: Path = options.settings or SETTINGS
    named = parse_yaml(read_file(settings), settings.name) if options.settings else None
    own_name = isinstance(named, dict) and named.get("package_name_override")
    package = "" if own_name else package_name(output)
    return Sources(options.spec, settings, (), overlay=options.overlay, package=package)


def _regenerate(
    sources: Sources, output: Path, check: bool, allow_missing: Sequence[str], seconds: float
) -> int:
    if (
        output.exists()
        and not (output.is_dir() and (output / "_provenance.py").is_file())
        and _occupied(output)
    ):
        raise Refusal(str(output), "holds something that this command did not make; name another folder")
    # On the file system of the destination, so that swapping is a rename.
    with tempfile.TemporaryDirectory(prefix=".regenerate.", dir=_existing(output.parent)) as temporary:
        fresh = Path(temporary) / output.name
        for operation in generate(sources, fresh, allow_missing, seconds):
            say(f"{output.name}: without {operation}, as --allow-missing says")
        changed = differences(output, fresh)
        if check:
            for name in changed:
                print(f"{output.name}/{name}: differs from a fresh regeneration", file=sys.stderr)
            say(f"{output.name}: {'not ' if changed else ''}what `make regenerate` gives")
            return 1 if changed else 0
        if changed:
            _tell_callers(output, fresh, CHANGELOG if output == CLIENT else None)
            swap_folder(fresh, output)
    say(f"{output.name}: {len(changed)} files changed" if changed else f"{output.name}: unchanged")
    return 0


def _tell_callers(old: Path, new: Path, changelog: Path | None) -> None:
    """Print what changes for those who call the client, and leave a line of it in the changelog."""
    if not (old / "__init__.py").is_file():
        return
    # Here and not above, as griffe takes long to load and a new package has no callers yet.
    from scripts.postcheck.changelog import noted
    from scripts.postcheck.public_api import changes

    try:
        found = changes(old, new)
    except SyntaxError as error:
        say(f"{old.name}: what is there now is no Python ({error}), so nothing can be said about its callers")
        return
    breaking = sum(change.breaks for change in found)
    say(f"{old.name}: {len(found)} changes of the public API, {breaking} of them break callers")
    for change in found:
        say(f"  {change}")
    # A hand edit that is undone is no change of what was published.
    remade = "_provenance.py" in differences(old, new)
    if changelog is not None and remade:
        text = noted(read_file(changelog).decode(), found)
        write_together({changelog: text.encode()})


def _existing(folder: Path) -> Path:
    """Return the folder or its nearest ancestor that exists: a refusal must leave no folders behind."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _occupied(output: Path) -> bool:
    return not output.is_dir() or any(output.iterdir())


if __name__ == "__main__":
    raise SystemExit(run(main))
