"""Where a state is kept, as `--state` says it: a file, or a PostgreSQL address."""

import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from novapost_mock.keys.sql.store import SqlStore
from novapost_mock.keys.store import StoreUnavailableError

BUSY_SECONDS = 5.0
"""How long SQLite waits for another process to finish writing, which takes it well under a millisecond."""
CONNECT_SECONDS = 5
"""How long PostgreSQL may take to accept a connection."""
ANSWER_SECONDS = 5.0
"""How long PostgreSQL may take for one statement, locks included. Meanwhile nobody is answered."""

_MAGIC = b"SQLite format 3\0"


def store_at(address: str, *, busy_seconds: float = BUSY_SECONDS) -> SqlStore:
    """Return the store at an address. It is not opened yet.

    Args:
        address: the path of a file, made if it is not there, or `postgresql://user@host:port/database`.
        busy_seconds: see `BUSY_SECONDS`.

    Raises:
        StoreUnavailableError: the address is neither, or there can be no state.
        ModuleNotFoundError: the driver is not installed.
    """
    scheme, given, _ = address.partition("://")
    if not address:
        raise StoreUnavailableError("no file given")
    if not given:
        return _file(Path(address), busy_seconds)
    if scheme.lower() not in ("postgresql", "postgres"):
        raise StoreUnavailableError("a state is a file or a postgresql:// address")
    return _server(address)


def _file(path: Path, busy_seconds: float) -> SqlStore:
    path = path.absolute()
    try:
        _prepare(path)
    except OSError as error:
        # `strerror` is the system's text for the kind of error, and names no path.
        raise StoreUnavailableError(f"the state file cannot be opened: {error.strerror}") from None

    def connect() -> sqlite3.Connection:
        # Not to be made a second time: a state that vanishes must not begin anew behind anybody's back.
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        # With a WAL, NORMAL does not wait for the disk at each commit. What is committed has been handed to
        # the system, so it survives the process, kill -9 included; a power cut may take the last commits,
        # never the file's consistency (SQLite, "PRAGMA synchronous").
        try:
            connection.execute("PRAGMA synchronous=NORMAL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = sa.create_engine(
        "sqlite://",
        creator=connect,
        # pool_size 0 is no limit: each thread keeps its connection.
        poolclass=sa.QueuePool,
        pool_size=0,
        pool_reset_on_return=None,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
    )
    # IMMEDIATE takes the right to write at once and waits for it. A transaction that began by reading would
    # fail instead of waiting when somebody else writes in between.
    # WAL: readers do not wait for whoever writes. It stays with the file.
    return SqlStore(engine, "BEGIN IMMEDIATE", "PRAGMA journal_mode=WAL")


def _prepare(path: Path) -> None:
    """Make the file, or look whether it can be a state.

    Raises:
        OSError: the system does not let us.
        StoreUnavailableError: it is something else.
    """
    if not path.parent.is_dir():
        raise StoreUnavailableError("the folder of the state file is not there")
    try:
        # It will hold keys: for its owner only. SQLite gives the files beside it the same mode.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    except FileExistsError:
        kind = path.stat().st_mode  # of what a link leads to
    if stat.S_ISDIR(kind):
        raise StoreUnavailableError("the state file is a folder")
    if not stat.S_ISREG(kind):
        raise StoreUnavailableError("the state file is not a regular file")
    with path.open("r+b") as file:
        start = file.read(len(_MAGIC))
    if start and start != _MAGIC:
        raise StoreUnavailableError("the state file is not a SQLite database")


def _server(address: str) -> SqlStore:
    try:
        url = sa.make_url(address).set(drivername="postgresql+psycopg")
    except (ArgumentError, NoSuchModuleError, ValueError):
        # Their own messages may repeat the address, and with it a password.
        raise StoreUnavailableError(
            "the address is not of the form postgresql://user@host:port/database"
        ) from None
    engine = sa.create_engine(
        url,
        poolclass=sa.QueuePool,
        pool_size=0,
        pool_reset_on_return=None,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "novapost-mock"},
        isolation_level="AUTOCOMMIT",
    )
    sa.event.listen(engine, "connect", _set_up_postgresql)
    return SqlStore(engine, "BEGIN ISOLATION LEVEL READ COMMITTED")


def _set_up_postgresql(connection: Any, _: Any) -> None:
    # Not as a start-up option: those are refused by some poolers, and the address may have its own.
    with connection.cursor() as cursor:
        milliseconds = int(ANSWER_SECONDS * 1000)
        cursor.execute(f"SET statement_timeout = {milliseconds}")
        cursor.execute(f"SET idle_in_transaction_session_timeout = {2 * milliseconds}")
