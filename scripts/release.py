"""Check that version, changelog, tag and built packages of a release name the same version.

    python -m scripts.release [--tag v1.2.3] [--dist dist] [--notes]

Run by `make release`. Without a tag it is a dry run: the changelog may still say "unreleased". Needs only the
standard library, because it runs in the environment that builds.
"""

import argparse
import re
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_ENTRY = re.compile(r"(?m)^## (?P<version>\S+) \((?P<date>[^)]*)\)\s*$")
_DATE = re.compile(r"20\d\d-[01]\d-[0-3]\d")


@dataclass(frozen=True)
class Entry:
    """The newest entry of the changelog.

    Attributes:
        version: which it is about.
        date: when it was released, as in 2026-12-01; None as long as it says otherwise.
        notes: its text.
    """

    version: str
    date: str | None
    notes: str


def newest_entry(changelog: str) -> Entry | None:
    """Return the first entry of a changelog, or None where it has none."""
    found = list(_ENTRY.finditer(changelog))
    if not found:
        return None
    end = found[1].start() if len(found) > 1 else len(changelog)
    date = found[0]["date"] if _DATE.fullmatch(found[0]["date"]) else None
    return Entry(found[0]["version"], date, changelog[found[0].end() : end].strip())


def faults(version: str, entry: Entry | None, tag: str | None) -> list[str]:
    """Name each way in which version, changelog and tag do not go together.

    Args:
        version: that of pyproject.toml.
        entry: the newest of the changelog.
        tag: the tag of the release; None for a dry run.
    """
    found = []
    if entry is None:
        found.append('CHANGELOG.md has no entry of the form "## VERSION (DATE)"')
    elif entry.version != version:
        found.append(f"CHANGELOG.md begins with {entry.version}, pyproject.toml has {version}")
    elif tag and entry.date is None:
        found.append(f"CHANGELOG.md has no date for {version}: write the day instead of (unreleased)")
    if tag and tag != f"v{version}":
        found.append(f"the tag is {tag}, pyproject.toml has {version}: the tag has to be v{version}")
    return found


def faults_of_packages(folder: Path, name: str, version: str) -> list[str]:
    """Name what is wrong with the wheel and the source archive in a folder.

    Args:
        folder: where they were built, with nothing else in it.
        name: of the project.
        version: which they have to be.
    """
    stem = f"{name.replace('-', '_')}-{version}"
    wanted = {f"{stem}-py3-none-any.whl", f"{stem}.tar.gz"}
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if there != wanted:
        shown = ", ".join(sorted(there)) or "nothing"
        return [f"{folder.name}/ holds {shown}; it has to hold {' and '.join(sorted(wanted))}"]
    found = []
    for path in sorted(folder.iterdir()):
        metadata = HeaderParser().parsestr(_metadata(path))
        if metadata["Name"] != name or metadata["Version"] != version:
            found.append(f"{path.name} says of itself {metadata['Name']} {metadata['Version']}")
    return found


def _metadata(package: Path) -> str:
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            (name,) = (each for each in wheel.namelist() if each.endswith(".dist-info/METADATA"))
            return wheel.read(name).decode()
    with tarfile.open(package) as archive:
        name = f"{package.name.removesuffix('.tar.gz')}/PKG-INFO"
        file = archive.extractfile(name)
        assert file is not None  # noqa: S101 - a source archive without it is none
        return file.read().decode()


def main(argv: Sequence[str] | None = None) -> int:
    """Check a release, or print its notes.

    Returns:
        0 if all agrees, 1 if something does not.
    """
    parser = argparse.ArgumentParser(
        prog="python -m scripts.release",
        description="Check that version, changelog, tag and packages of a release agree.",
        allow_abbrev=False,
    )
    parser.add_argument("--tag", default="", help="the tag of the release; without it, this is a dry run")
    parser.add_argument("--dist", type=Path, help="the folder of the wheel and the source archive")
    parser.add_argument("--notes", action="store_true", help="print the changelog's entry of this version")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    root: Path = options.root
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entry = newest_entry((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    found = faults(project["version"], entry, options.tag or None)
    if options.dist:
        found += faults_of_packages(options.dist, project["name"], project["version"])
    for fault in found:
        print(f"error: {fault}", file=sys.stderr)
    if found:
        return 1
    if options.notes and entry:
        print(entry.notes)
    else:
        kind = f"tag {options.tag}" if options.tag else "dry run, no tag"
        print(f"{project['name']} {project['version']}: version, changelog and packages agree ({kind})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
