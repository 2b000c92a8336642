"""A store in a database: SQLite in a file, or PostgreSQL by its address. One code path for both.

No lock in Python holds the rules, for other processes would not see it. A change reads what stands, lets the
rules decide, and writes on condition that what was read still stands; if it does not, somebody else was
quicker, and the rules decide again on what stands now. So of two requests that would issue a key on the same
day one sees the other's. What reads and finds nothing to change writes nothing.
"""

import json
import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from novapost_mock.keys.lifecycle import Client
from novapost_mock.keys.shared_settings import LASTING, NEVER_KEPT, SEED, Setting
from novapost_mock.keys.sql import errors
from novapost_mock.keys.sql.lookup import Lookup
from novapost_mock.keys.sql.tables import (
    CLIENTS,
    FORMAT,
    FORMAT_NAME,
    ROOM,
    SETTINGS,
    TABLES,
    client_of,
    row_of,
)
from novapost_mock.keys.store import MAX_CLIENTS, StoreFullError, StoreUnavailableError, check_seed

ATTEMPTS = 100
"""How often a change is tried before it is given up. Each attempt that fails is another's that succeeded."""
RECONNECTIONS = 2
"""How often a connection that broke is replaced within one call, as long as nothing was written on it."""

T = TypeVar("T")

_WAY_OUT = "go on with the version that wrote it, or begin anew with another --state"
# A format of 2 will migrate what is in 1. Nothing was ever released before 1.


class _AgainError(Exception):
    """Somebody else was quicker."""


class _LostError(Exception):
    """A connection broke, and another one may still work."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _same(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a row is as it was read, NULL included. The parameters are named `old_…`."""
    return column.is_not_distinct_from(sa.bindparam(f"old_{column.name}", type_=column.type))


# Built once: a statement that is built anew costs more than running it. The primary key is compared with `=`,
# for an index on it is not used by IS NOT DISTINCT FROM.
_STANDS = sa.and_(
    CLIENTS.c.phone == sa.bindparam("old_phone"), *(_same(c) for c in CLIENTS.c if c.name != "phone")
)
_READ_CLIENT = sa.select(CLIENTS).where(CLIENTS.c.phone == sa.bindparam("phone"))
_READ_OWNER = sa.select(CLIENTS).where(CLIENTS.c.api_key == sa.bindparam("api_key"))
_READ_CLIENTS = sa.select(CLIENTS)
_ADD_CLIENT = sa.insert(CLIENTS)
_REPLACE_CLIENT = (
    sa.update(CLIENTS)
    .where(_STANDS)
    .values({c.name: sa.bindparam(f"new_{c.name}", type_=c.type) for c in CLIENTS.c if c.name != "phone"})
)
_REMOVE_CLIENT = sa.delete(CLIENTS).where(_STANDS)
_TAKE_ROOM = sa.update(ROOM).where(ROOM.c.used < MAX_CLIENTS).values(used=ROOM.c.used + 1)
_GIVE_ROOM = sa.update(ROOM).values(used=ROOM.c.used - 1)
_SET_ROOM = sa.update(ROOM).values(used=sa.bindparam("number"))
_READ_SETTING = sa.select(SETTINGS.c.version, SETTINGS.c.value).where(SETTINGS.c.name == sa.bindparam("name"))
_ADD_SETTING = sa.insert(SETTINGS)
_REPLACE_SETTING = (
    sa.update(SETTINGS)
    .where(SETTINGS.c.name == sa.bindparam("of"), SETTINGS.c.version == sa.bindparam("old"))
    .values(version=SETTINGS.c.version + 1, value=sa.bindparam("new"))
)
_CLEAR_SETTINGS = (
    sa.update(SETTINGS)
    .where(SETTINGS.c.name.not_in([*LASTING, FORMAT_NAME]))
    .values(version=SETTINGS.c.version + 1, value="null")
)


class _Connection:
    """A connection, and whether anything was written on it in the current attempt."""

    def __init__(self, connection: sa.Connection, begin: str) -> None:
        self.connection = connection
        self._begin = begin
        self.is_writing = False
        self.is_broken = False

    def read(self, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> sa.CursorResult[Any]:
        return self.connection.execute(statement, values)

    def look_up(self, lookup: Lookup, value: Any) -> Sequence[Any] | None:
        return lookup.row(self.connection, value)

    def write(
        self, statement: sa.Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> int:
        """Return the number of rows that were written."""
        self.is_writing = True
        return self.connection.execute(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.connection.exec_driver_sql(self._begin)
        try:
            yield
            self.connection.exec_driver_sql("COMMIT")
        except BaseException:
            try:
                self.connection.exec_driver_sql("ROLLBACK")
            except DBAPIError:
                self.is_broken = True  # closing it rolls back, too
            raise

    def cut(self) -> None:
        # Not only closed: closing gives the connection back to the pool, and it may be broken.
        self.connection.invalidate()
        self.connection.close()


class SqlStore:
    """A store that several processes and machines may share; safe to use from several threads, too.

    Connections are made as they are needed and kept for the next call. To be closed before a fork.
    """

    is_shared: ClassVar[bool] = True

    def __init__(self, engine: sa.Engine, begin: str, prepare: str = "") -> None:
        """Use a database through an engine.

        Args:
            engine: in autocommit, so that a single statement costs one round trip; transactions are said.
            begin: the statement that begins a transaction that writes.
            prepare: a statement for a state that is opened, once it is known to be ours; may be empty.
        """
        self._engine = engine
        self._begin = begin
        self._prepare = prepare
        # What each request reads. Through SQLAlchemy it would cost more than all else of an answer.
        self._client, self._owner, self._setting = (
            Lookup(each, engine.dialect) for each in (_READ_CLIENT, _READ_OWNER, _READ_SETTING)
        )
        # Checking a connection out of the engine's pool costs more than a short statement, so they are kept.
        self._idle: deque[_Connection] = deque()

    # Life of the store

    def open(self, seed: Mapping[str, int]) -> None:
        """See `Store.open`. Makes the tables where there are none.

        Raises:
            StoreUnavailableError: the tables are of another version, or not ours.
        """
        registered = check_seed(seed)
        try:
            self._with_retries(lambda connection: self._open(connection, registered))
        except StoreUnavailableError:
            self.close()
            raise

    def close(self) -> None:
        """See `Store.close`."""
        while self._idle:
            self._idle.pop().cut()
        self._engine.dispose()

    def _open(self, connection: _Connection, seed: Mapping[str, int]) -> None:
        tables = set(sa.inspect(connection.connection).get_table_names())
        ours = tables & set(TABLES.tables)
        if not ours:
            if tables and connection.connection.dialect.name == "sqlite":
                # A database server holds many things side by side; a file is one program's.
                raise StoreUnavailableError("the file is another program's database")
            self._make_ready(connection)
            try:
                self._make(connection, seed)
            except (sa.exc.ProgrammingError, sa.exc.OperationalError) as error:
                # PostgreSQL reports a table that another process makes at the same time in several ways.
                if sa.inspect(connection.connection).has_table(SETTINGS.name):
                    raise _AgainError from error
                raise
            return
        row = None
        if SETTINGS.name in ours:
            row = connection.read(_READ_SETTING, {"name": FORMAT_NAME}).one_or_none()
        found = None if row is None else _format_of(row.value)
        if found != FORMAT or len(ours) != len(TABLES.tables):
            version = f"format {found}" if isinstance(found, int) else "an unknown format"
            raise StoreUnavailableError(
                f"the state was written by another version of novapost-mock: it has {version},"
                f" this version reads format {FORMAT}; {_WAY_OUT}"
            )
        self._make_ready(connection)

    def _make_ready(self, connection: _Connection) -> None:
        if self._prepare:
            connection.connection.exec_driver_sql(self._prepare)

    def _make(self, connection: _Connection, seed: Mapping[str, int]) -> None:
        with connection.transaction():
            connection.is_writing = True
            TABLES.create_all(connection.connection, checkfirst=False)
            for name, value in ((FORMAT_NAME, FORMAT), (SEED, dict(seed))):
                connection.write(_ADD_SETTING, {"name": name, "version": 1, "value": json.dumps(value)})
            connection.write(sa.insert(ROOM).values(id=1, used=0))
            self._fill(connection, seed)

    # Clients

    def change(self, phone: str, step: Callable[[Client], tuple[Client, T]]) -> T:
        """See `Store.change`."""

        def attempt(connection: _Connection) -> T:
            row = connection.look_up(self._client, phone)
            before = Client(phone) if row is None else client_of(row)
            after, result = step(before)
            if after is not before and after != before:
                self._replace(connection, before, after)
            return result

        return self._with_retries(attempt)

    def _replace(self, connection: _Connection, before: Client, after: Client) -> None:
        """Write a client, if what was read still stands.

        Raises:
            _AgainError: it does not; nothing was written.
            StoreFullError: there is no room; nothing was written.
            IntegrityError: the same, seen by a constraint; nothing was written.
        """
        old = {f"old_{name}": value for name, value in row_of(before).items()}
        if before.is_blank and after.is_blank:
            return
        if before.is_blank:
            with connection.transaction():
                if not connection.write(_TAKE_ROOM):
                    raise StoreFullError
                connection.write(_ADD_CLIENT, row_of(after))
        elif after.is_blank:
            with connection.transaction():
                connection.write(_GIVE_ROOM)
                _expect_one_row(connection.write(_REMOVE_CLIENT, old))
        else:
            new = {f"new_{name}": value for name, value in row_of(after).items() if name != "phone"}
            _expect_one_row(connection.write(_REPLACE_CLIENT, {**old, **new}))

    def owner(self, api_key: str) -> Client | None:
        """See `Store.owner`."""
        if not _is_storable(api_key):
            return None

        def attempt(connection: _Connection) -> Client | None:
            row = connection.look_up(self._owner, api_key)
            return None if row is None else client_of(row)

        return self._with_retries(attempt)

    def clients(self) -> Sequence[Client]:
        """See `Store.clients`."""

        def attempt(connection: _Connection) -> list[Client]:
            return [client_of(row) for row in connection.read(_READ_CLIENTS)]

        # Sorted here, for the order of text is a setting of each PostgreSQL database.
        return sorted(self._with_retries(attempt), key=lambda client: client.phone)

    def reset(self) -> None:
        """See `Store.reset`."""

        def attempt(connection: _Connection) -> None:
            with connection.transaction():
                # The room first, as whoever adds or removes a client does: it is what they queue for.
                connection.write(_SET_ROOM, {"number": 0})
                connection.write(sa.delete(CLIENTS))
                row = connection.read(_READ_SETTING, {"name": SEED}).one()
                self._fill(connection, json.loads(row.value))
                connection.write(_CLEAR_SETTINGS)

        self._with_retries(attempt)

    def _fill(self, connection: _Connection, seed: Mapping[str, int]) -> None:
        rows = [row_of(Client(phone, matches)) for phone, matches in seed.items()]
        if rows:
            connection.write(_ADD_CLIENT, rows)
        connection.write(_SET_ROOM, {"number": len(rows)})

    # Settings

    def setting(self, name: str) -> Setting:
        """See `SharedSettings.setting`."""
        return self._with_retries(lambda connection: self._read_setting(connection, name))

    def change_setting(self, name: str, step: Callable[[Any], tuple[Any, T]]) -> T:
        """See `SharedSettings.change_setting`."""

        def attempt(connection: _Connection) -> T:
            before = self._read_setting(connection, name)
            value, result = step(before.value)
            text = json.dumps(value)
            if text == json.dumps(before.value):
                return result
            if before.version == 0:
                connection.write(_ADD_SETTING, {"name": name, "version": 1, "value": text})
            else:
                _expect_one_row(
                    connection.write(_REPLACE_SETTING, {"of": name, "old": before.version, "new": text})
                )
            return result

        return self._with_retries(attempt)

    def _read_setting(self, connection: _Connection, name: str) -> Setting:
        row = connection.look_up(self._setting, name)
        return NEVER_KEPT if row is None else Setting(row[0], json.loads(row[1]))

    # Attempts

    def _with_retries(self, attempt: Callable[[_Connection], T]) -> T:
        """Do something until nobody else comes first.

        Raises:
            StoreUnavailableError: the database failed, or somebody else always came first.
        """
        lost = 0
        for number in range(ATTEMPTS):
            if number > 1:
                # Out of step with the others.
                time.sleep(random.random() * 0.0005 * min(number, 40))
            try:
                with self._connection() as connection:
                    return attempt(connection)
            except _AgainError:
                continue
            except _LostError as error:
                lost += 1
                if lost > RECONNECTIONS:
                    raise StoreUnavailableError(error.reason) from None
        raise StoreUnavailableError("too many others change the same at the same time")

    @contextmanager
    def _connection(self) -> Iterator[_Connection]:
        """Lend a connection for one attempt.

        Raises:
            _AgainError: somebody else was quicker.
            _LostError: the connection broke before anything was written.
            StoreUnavailableError: the database failed in another way.
        """
        connection: _Connection | None = None
        try:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = _Connection(self._engine.connect(), self._begin)
            connection.is_writing = False
            yield connection
        except DBAPIError as error:
            if errors.is_transient(error):
                raise _AgainError from None
            if connection is not None:
                connection.is_broken = True
            reason = errors.reason(error)
            if not errors.is_lost(error):
                raise StoreUnavailableError(reason) from None
            if connection is None or not connection.is_writing:
                raise _LostError(reason) from None
            # Nobody can tell on which side of the commit it broke, and what succeeded must not be done twice.
            raise StoreUnavailableError(f"{reason}; whether the change was made is not known") from None
        finally:
            if connection is not None and connection.is_broken:
                connection.cut()
            elif connection is not None:
                self._idle.append(connection)


def _format_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # written by something else; the caller names no format then
        return None


def _expect_one_row(rows: int) -> None:
    if rows != 1:
        raise _AgainError


def _is_storable(text: str) -> bool:
    """Whether a text can be in a database at all: PostgreSQL knows no NUL, neither knows half a pair."""
    return "\0" not in text and text.isprintable() and not any("\ud800" <= c <= "\udfff" for c in text)
