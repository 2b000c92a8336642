"""A store in a database: SQLite in a file, or PostgreSQL by its address. One code path for both.

No lock in Python holds the rules, for other processes would not see it. A change reads what stands, lets the
rules decide, and writes on condition that what was read still stands; if it does not, somebody else was
quicker, and the rules decide again on what stands now. So of two requests that would issue a key on the same
day one sees the other's. What reads and finds nothing to change writes nothing.
"""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from novapost_mock import sql_errors
from novapost_mock.shelf import LASTING, NEVER_KEPT, SEED, Setting
from novapost_mock.state import Client
from novapost_mock.store import MAX_CLIENTS, StoreFullError, StoreUnavailableError, check_seed
from novapost_mock.tables import CLIENTS, FORMAT, FORMAT_NAME, ROOM, SETTINGS, TABLES, client_of, row_of

ATTEMPTS = 100
"""How often a change is tried before it is given up. Each attempt that fails is another's that succeeded."""
RECONNECTIONS = 2
"""How often a connection that broke is replaced within one call, as long as nothing was written on it."""

T = TypeVar("T")


class _AgainError(Exception):
    """Somebody else was quicker."""


def _same(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """What was read still stands, NULL included. The parameters are named `old_…`."""
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


class SqlStore:
    """A store that several processes and machines may share; safe to use from several threads, too.

    Each thread has a connection of its own, made when it is first needed. To be closed before a fork.
    """

    is_shared: ClassVar[bool] = True

    def __init__(self, engine: sa.Engine, begin: str) -> None:
        """Use a database through an engine.

        Args:
            engine: in autocommit, so that a single statement costs one round trip; transactions are said.
            begin: the statement that begins a transaction that writes.
        """
        self._engine = engine
        self._begin = begin
        self._own = threading.local()

    # Life of the store

    def open(self, seed: Mapping[str, int]) -> None:
        """See `Store.open`. Makes the tables where there are none.

        Raises:
            StoreUnavailableError: the tables are of another version, or not ours.
        """
        registered = check_seed(seed)
        try:
            self._tried(lambda connection: self._open(connection, registered))
        except StoreUnavailableError:
            self.close()
            raise

    def close(self) -> None:
        """See `Store.close`."""
        self._drop()
        self._engine.dispose()

    def _open(self, connection: sa.Connection, seed: Mapping[str, int]) -> None:
        tables = set(sa.inspect(connection).get_table_names())
        ours = tables & set(TABLES.tables)
        if not ours:
            if tables and connection.dialect.name == "sqlite":
                # A database server holds many things side by side; a file is one program's.
                raise StoreUnavailableError("the file is another program's database")
            try:
                self._make(connection, seed)
            except (sa.exc.ProgrammingError, sa.exc.OperationalError) as error:
                # PostgreSQL reports a table that another process makes at the same time in several ways.
                if sa.inspect(connection).has_table(SETTINGS.name):
                    raise _AgainError from error
                raise
            return
        row = None
        if SETTINGS.name in ours:
            row = connection.execute(_READ_SETTING, {"name": FORMAT_NAME}).one_or_none()
        found = None if row is None else json.loads(row.value)
        if found != FORMAT or len(ours) != len(TABLES.tables):
            version = f"format {found}" if isinstance(found, int) else "an unknown format"
            raise StoreUnavailableError(
                f"the state was written by another version of novapost-mock: it has {version},"
                f" this version reads format {FORMAT}"
            )

    def _make(self, connection: sa.Connection, seed: Mapping[str, int]) -> None:
        with self._transaction(connection):
            TABLES.create_all(connection, checkfirst=False)
            for name, value in ((FORMAT_NAME, FORMAT), (SEED, dict(seed))):
                connection.execute(_ADD_SETTING, {"name": name, "version": 1, "value": json.dumps(value)})
            connection.execute(sa.insert(ROOM).values(id=1, used=0))
            self._fill(connection, seed)

    # Clients

    def change(self, phone: str, step: Callable[[Client], tuple[Client, T]]) -> T:
        """See `Store.change`."""

        def attempt(connection: sa.Connection) -> T:
            row = connection.execute(_READ_CLIENT, {"phone": phone}).one_or_none()
            before = Client(phone) if row is None else client_of(row)
            after, result = step(before)
            if after is not before and after != before:
                self._replace(connection, before, after)
            return result

        return self._tried(attempt)

    def _replace(self, connection: sa.Connection, before: Client, after: Client) -> None:
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
            with self._transaction(connection):
                if not connection.execute(_TAKE_ROOM).rowcount:
                    raise StoreFullError
                connection.execute(_ADD_CLIENT, row_of(after))
        elif after.is_blank:
            with self._transaction(connection):
                connection.execute(_GIVE_ROOM)
                _demand(connection.execute(_REMOVE_CLIENT, old))
        else:
            new = {f"new_{name}": value for name, value in row_of(after).items() if name != "phone"}
            self._own.is_writing = True
            _demand(connection.execute(_REPLACE_CLIENT, {**old, **new}))

    def owner(self, api_key: str) -> Client | None:
        """See `Store.owner`."""
        if not _is_storable(api_key):
            return None

        def attempt(connection: sa.Connection) -> Client | None:
            row = connection.execute(_READ_OWNER, {"api_key": api_key}).one_or_none()
            return None if row is None else client_of(row)

        return self._tried(attempt)

    def clients(self) -> Sequence[Client]:
        """See `Store.clients`."""

        def attempt(connection: sa.Connection) -> list[Client]:
            return [client_of(row) for row in connection.execute(_READ_CLIENTS)]

        # Sorted here, for the order of text is a setting of each PostgreSQL database.
        return sorted(self._tried(attempt), key=lambda client: client.phone)

    def reset(self) -> None:
        """See `Store.reset`."""

        def attempt(connection: sa.Connection) -> None:
            with self._transaction(connection):
                # The room first, as whoever adds or removes a client does: it is what they queue for.
                connection.execute(_SET_ROOM, {"number": 0})
                connection.execute(sa.delete(CLIENTS))
                row = connection.execute(_READ_SETTING, {"name": SEED}).one()
                self._fill(connection, json.loads(row.value))
                connection.execute(_CLEAR_SETTINGS)

        self._tried(attempt)

    def _fill(self, connection: sa.Connection, seed: Mapping[str, int]) -> None:
        rows = [row_of(Client(phone, matches)) for phone, matches in seed.items()]
        if rows:
            connection.execute(_ADD_CLIENT, rows)
        connection.execute(_SET_ROOM, {"number": len(rows)})

    # Settings

    def setting(self, name: str) -> Setting:
        """See `Shelf.setting`."""
        return self._tried(lambda connection: _read_setting(connection, name))

    def change_setting(self, name: str, step: Callable[[Any], tuple[Any, T]]) -> T:
        """See `Shelf.change_setting`."""

        def attempt(connection: sa.Connection) -> T:
            before = _read_setting(connection, name)
            value, result = step(before.value)
            text = json.dumps(value)
            if text == json.dumps(before.value):
                return result
            self._own.is_writing = True
            if before.version == 0:
                connection.execute(_ADD_SETTING, {"name": name, "version": 1, "value": text})
            else:
                _demand(
                    connection.execute(_REPLACE_SETTING, {"of": name, "old": before.version, "new": text})
                )
            return result

        return self._tried(attempt)

    # Attempts

    def _tried(self, attempt: Callable[[sa.Connection], T]) -> T:
        """Do something until nobody else comes first.

        Raises:
            StoreUnavailableError: the database failed, or somebody else always came first.
        """
        lost = 0
        for number in range(ATTEMPTS):
            self._own.is_writing = False
            if number > 1:
                # Out of step with the others.
                time.sleep(random.random() * 0.0005 * min(number, 40))
            try:
                return attempt(self._connection())
            except _AgainError:
                continue
            except DBAPIError as error:
                if sql_errors.is_transient(error):
                    continue
                self._drop()
                lost += 1
                if sql_errors.is_lost(error) and self._own.is_writing:
                    # Nobody can tell on which side of the commit it broke, and an attempt that succeeded
                    # must not be made twice.
                    raise StoreUnavailableError(
                        "the connection was lost; whether the change was made is not known"
                    ) from None
                if not sql_errors.is_lost(error) or lost > RECONNECTIONS:
                    raise StoreUnavailableError(sql_errors.reason(error)) from None
        raise StoreUnavailableError("too many others change the same at the same time")

    def _connection(self) -> sa.Connection:
        connection: sa.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._engine.connect()
        return connection

    def _drop(self) -> None:
        connection: sa.Connection | None = self._own.__dict__.pop("connection", None)
        if connection is not None:
            # Not only closed: closing gives it back to the pool, and it may be broken.
            connection.invalidate()
            connection.close()

    @contextmanager
    def _transaction(self, connection: sa.Connection) -> Iterator[None]:
        connection.exec_driver_sql(self._begin)
        try:
            self._own.is_writing = True
            yield
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            try:
                connection.exec_driver_sql("ROLLBACK")
            except DBAPIError:
                self._drop()  # which rolls back, too
            raise


def _demand(result: sa.CursorResult[Any]) -> None:
    if result.rowcount != 1:
        raise _AgainError


def _read_setting(connection: sa.Connection, name: str) -> Setting:
    row = connection.execute(_READ_SETTING, {"name": name}).one_or_none()
    return NEVER_KEPT if row is None else Setting(row.version, json.loads(row.value))


def _is_storable(text: str) -> bool:
    """Whether a text can be in a database at all: PostgreSQL knows no NUL, neither knows half a pair."""
    return "\0" not in text and text.isprintable() and not any("\ud800" <= c <= "\udfff" for c in text)
