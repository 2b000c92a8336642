"""Read the bytes that an argument of the command names.

That is a file, stdin, an https address, or a file of a git revision.

An origin is read once, before the comparison begins: stdin and an address cannot be read twice.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from scripts.lib.errors import Refusal, printable
from scripts.lib.files import MAX_BYTES, read_file

# What an address answers: its bytes, and its ETag if it has one.
Fetch: TypeAlias = Callable[[str], tuple[bytes, str | None]]
# Reads a file by its path relative to the folder of the document, which it may not leave.
Beside: TypeAlias = Callable[[str], bytes]

STDIN = "-"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# What bash, zsh and others put in the place of a process substitution.
_PIPE = re.compile(r"/dev/(?:fd/\d+|stdin)|/proc/self/fd/\d+")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_GIT_SECONDS = 30
_POINTER_OF_LFS = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True)
class Origin:
    """What an argument names.

    Attributes:
        name: the argument as one printable line, without what may be a token.
        path: what tells the kind of the content by its ending: a path or an address without its query.
        content: the bytes.
        etag: what the address called this version of itself.
        file: the path of the file in the working tree, for annotations; None for stdin and addresses.
        beside: reads files of the same folder and below; None where there is no folder.
    """

    name: str
    path: str
    content: bytes
    etag: str | None = None
    file: str | None = None
    beside: Beside | None = None


def is_address(source: str) -> bool:
    """Return whether an argument is an address and not a file."""
    return _ADDRESS.match(source) is not None


def is_revision(source: str) -> bool:
    """Return whether an argument is a file of a git revision, `REV:path`, and no file of that name exists."""
    if is_address(source) or _DRIVE.match(source) or ":" not in source:
        return False
    return bool(source.partition(":")[2]) and not Path(source).exists()


def read_origin(source: str, fetch: Fetch) -> Origin:
    """Return what an argument names.

    Args:
        source: a file, `-` for stdin, an https address, or `REV:path`.
        fetch: what reads an address.

    Raises:
        Refusal: it cannot be read within the limits.
    """
    if source == STDIN:
        return Origin("stdin", "", _stdin())
    if is_address(source):
        # What follows the question mark may be a token.
        path = source.partition("?")[0].partition("#")[0]
        content, etag = fetch(source)
        return Origin(printable(path, 200), path, content, etag)
    if is_revision(source):
        return _of_git(source)
    file = Path(source)
    if _PIPE.fullmatch(source):
        return Origin(printable(source, 200), "", read_path(file, MAX_BYTES))
    content = _whole(read_path(file, MAX_BYTES), source)
    return Origin(printable(source, 200), source, content, None, _shown(file), _reader(file.parent))


def read_path(path: Path, limit: int) -> bytes:
    """Return the bytes of a file, or of what a shell gives as one, such as `<(git show v1:openapi.yaml)`.

    Raises:
        Refusal: it cannot be read, or is larger.
    """
    if not _PIPE.fullmatch(str(path)):
        return read_file(path, limit)
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise Refusal(str(path), error.strerror or "cannot be read") from error
    if len(content) > limit:
        raise Refusal(str(path), f"larger than {limit} bytes")
    return content


def _stdin() -> bytes:
    try:
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError, AttributeError) as error:
        raise Refusal("stdin", "cannot be read") from error
    if len(content) > MAX_BYTES:
        raise Refusal("stdin", f"larger than {MAX_BYTES} bytes")
    if not content.strip():
        raise Refusal("stdin", "is empty; `-` means that the document is piped in")
    return content


def _shown(path: Path) -> str:
    """Return a path as annotations need it: relative to the checkout, if it is inside."""
    root = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR") or "."
    try:
        return path.resolve().relative_to(Path(root).resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return path.as_posix()


def _reader(folder: Path) -> Beside:
    def read(relative: str) -> bytes:
        try:
            root, path = folder.resolve(), (folder / relative).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise Refusal(printable(relative, 200), "cannot be looked up") from error
        if not path.is_relative_to(root):
            raise Refusal(printable(relative, 200), "lies outside the folder of the document")
        return _whole(read_file(path, MAX_BYTES), relative)

    return read


def _whole(content: bytes, place: str) -> bytes:
    if content.startswith(_POINTER_OF_LFS):
        raise Refusal(printable(place, 200), "is a pointer of Git LFS and not the document; run git lfs pull")
    return content


# Files of a git revision


def _of_git(source: str) -> Origin:
    revision, _, path = source.partition(":")
    name = printable(source, 200)
    _git(["rev-parse", "--git-dir"], name, "no such file, and no git repository is here")
    try:
        top = _git(["rev-parse", "--show-toplevel"], name, "").strip()
    except Refusal:  # a repository without a working tree
        top = b""
    base = ""
    if revision:
        reason = f"no such file, and git knows no revision {printable(revision, 80)}"
        given = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
        base = _git(given, name, reason).decode("ascii", "replace").strip()
    for candidate in (path, f"./{path}"):
        try:
            found = _git(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}:{candidate}"], name, ""
            )
            break
        except Refusal:
            continue
    else:
        where = f"revision {printable(revision, 80)}" if revision else "the index"
        raise Refusal(name, f"{where} has no file {printable(path, 120)}")
    content = _blob(found.decode("ascii", "replace").strip(), name)
    inside = _inside(path, candidate, Path(os.fsdecode(top)))
    return Origin(name, path, content, None, inside, _reader_of_git(base, PurePosixPath(inside).parent, name))


def _inside(path: str, candidate: str, top: Path) -> str:
    """Return the path from the top of the repository."""
    if candidate == path and not path.startswith("."):
        return path
    try:
        return (
            PurePosixPath(os.path.normpath(Path.cwd().resolve() / path)).relative_to(top.resolve()).as_posix()
        )
    except ValueError:
        return path


def _reader_of_git(base: str, folder: PurePosixPath, name: str) -> Beside:
    def read(relative: str) -> bytes:
        path = PurePosixPath(os.path.normpath(folder / relative))
        if path.is_absolute() or ".." in path.parts or not path.is_relative_to(folder):
            raise Refusal(printable(relative, 200), "lies outside the folder of the document")
        given = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}:{path.as_posix()}"]
        found = _git(given, printable(relative, 200), f"is not in the revision of {name}")
        return _blob(found.decode("ascii", "replace").strip(), printable(relative, 200))

    return read


def _blob(digest: str, place: str) -> bytes:
    size = _git(["cat-file", "-s", digest], place, "cannot be read from git")
    if int(size or b"0") > MAX_BYTES:
        raise Refusal(place, f"larger than {MAX_BYTES} bytes")
    return _whole(_git(["cat-file", "blob", digest], place, "is no file in that revision"), place)


def _git(arguments: list[str], place: str, reason: str) -> bytes:
    """Return what git prints; nothing is fetched, asked for or written."""
    # It takes its time to load, which a comparison of two files need not pay.
    import subprocess

    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_GIT_SECONDS,
            check=False,
            env=os.environ | quiet,
        )
    except FileNotFoundError as error:
        raise Refusal(place, "no such file, and git is not installed to look for a revision") from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Refusal(place, f"git cannot be run: {type(error).__name__}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")
        if "dubious ownership" in said:
            reason = "git does not read this repository, which belongs to somebody else; see safe.directory"
        raise Refusal(place, reason)
    return done.stdout
