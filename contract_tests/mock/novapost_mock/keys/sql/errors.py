"""What went wrong in a database, in one line of our own.

The databases' own messages are never shown: they quote rows, and rows hold phones and keys.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError

_SQLITE = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": "the state file is locked by another process",
    "SQLITE_LOCKED": "the state file is locked by another process",
    "SQLITE_READONLY": "the state file or its folder is read-only",
    "SQLITE_PERM": "the state file may not be opened",
    "SQLITE_CANTOPEN": "the state file cannot be opened",
    "SQLITE_NOTADB": "the state file is not a SQLite database",
    "SQLITE_CORRUPT": "the state file is damaged",
    "SQLITE_IOERR": "the state file cannot be read or written",
    "SQLITE_NOMEM": "there is no memory left",
}

# By SQLSTATE: the whole code, or its class (PostgreSQL, appendix A).
_SQLSTATE = {
    "53100": "the disk is full",
    "53200": "there is no memory left",
    "53300": "has no connection left",
    "53": "has no room left",
    "55P03": "a lock was not released in time",
    "57014": "did not answer in time",
    "57": "is shutting down or starting",
    "58": "cannot read or write its files",
    "42501": "the role may not do this",
    "25006": "is read-only",
    "3D": "there is no such database",
    "28": "the login is refused",
    "08": "the connection was lost",
    "42P01": "a table of the state is missing",
}

# Before a connection stands there is no SQLSTATE; libpq tells in words, which are matched and not shown.
_WORDS = {
    "password authentication failed": "the login is refused",
    "no password supplied": "the login is refused: no password given",
    "no pg_hba.conf entry": "the login is refused",
    "does not exist": "there is no such database or role",
    "too many clients": "has no connection left",
    "the database system is": "is shutting down or starting",
    "connection refused": "nobody listens there",
    "no such file or directory": "nobody listens there",
    "timeout expired": "did not answer in time",
    "resolve host": "there is no such host",
    "translate host name": "there is no such host",
    "server closed the connection": "the connection was lost",
    "invalid connection option": "the address has an option that is not known",
    "does not support ssl": "does not speak TLS",
}

_AGAIN = frozenset({"40001", "40P01"})
"""A serialization failure and a deadlock: nothing was changed, and the next attempt may succeed."""


def is_transient(error: DBAPIError) -> bool:
    """Tell whether the same transaction may succeed when it is tried again at once."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in _AGAIN


def is_lost(error: DBAPIError) -> bool:
    """Tell whether the connection broke, so that another one may still work."""
    return error.connection_invalidated


def reason(error: DBAPIError) -> str:
    """Put an error into words that repeat nothing of what was to be kept."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "SQLITE_ERROR")
        general = "_".join(name.split("_")[:2])  # SQLITE_IOERR_WRITE is one of SQLITE_IOERR
        return _SQLITE.get(general, f"the state file cannot be used ({name})")
    state = getattr(original, "sqlstate", None)
    if state:
        told = _SQLSTATE.get(state) or _SQLSTATE.get(state[:2]) or f"SQLSTATE {state}"
        return f"PostgreSQL: {told}"
    text = str(original).lower()
    told = next((told for words, told in _WORDS.items() if words in text), "cannot be reached")
    return f"PostgreSQL: {told}"
