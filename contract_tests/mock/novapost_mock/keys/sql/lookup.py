"""Rows read past SQLAlchemy: the same statement on the same connection, for a tenth of the time."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import sqlalchemy as sa


class Lookup:
    """A statement that looks one row up by one value, compiled once for a dialect."""

    def __init__(self, statement: sa.Select[Any], dialect: sa.Dialect) -> None:
        """Compile a statement.

        Args:
            statement: with one parameter; its columns are numbers and texts, as drivers return them.
            dialect: of the database.
        """
        compiled = statement.compile(dialect=dialect)
        (self._name,) = compiled.params
        self._text = str(compiled)
        self._by_position = bool(compiled.positional)

    def row(self, connection: sa.Connection, value: Any) -> Sequence[Any] | None:
        """Return the row; None if there is none.

        Raises:
            DBAPIError: the database failed, in the words of SQLAlchemy. A connection that is lost is not
                used again.
        """
        driver: Any = connection.dialect.loaded_dbapi
        try:
            with closing(connection.connection.cursor()) as cursor:
                cursor.execute(self._text, (value,) if self._by_position else {self._name: value})
                # All, for a statement that is not read to its end holds what it saw.
                rows = cursor.fetchall()
        except driver.Error as error:
            # Not read again: whoever asks would wait twice for a database that does not answer.
            raise _translated(connection, error, driver) from None
        return rows[0] if rows else None


def _translated(connection: sa.Connection, error: Any, driver: Any) -> Any:
    """Return the error as SQLAlchemy raises it, and give a connection up that is lost."""
    dialect = connection.dialect
    is_lost = bool(dialect.is_disconnect(error, connection.connection, None))
    if is_lost:
        connection.invalidate(error)
    return sa.exc.DBAPIError.instance(
        None, None, error, driver.Error, dialect=dialect, connection_invalidated=is_lost
    )
