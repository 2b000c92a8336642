"""The tables of a state in a database, and how a client is written as a row.

What the rules forbid, the tables cannot hold: a phone is a primary key and has room for one key (rule
one-active), a key belongs to one phone, and its dates come and go with it. `novapost_mock_room` counts the
phones, so that their number is bounded without counting rows.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from novapost_mock.keys.lifecycle import Client, Key
from novapost_mock.keys.store import MAX_CLIENTS

FORMAT = 1
"""The version of these tables. A state of another version is refused."""
FORMAT_NAME = "format"
"""The setting under which a state says its version."""

TABLES = sa.MetaData()

CLIENTS = sa.Table(
    "novapost_mock_clients",
    TABLES,
    sa.Column("phone", sa.String(15), primary_key=True),
    sa.Column("matches", sa.Integer, nullable=False),
    sa.Column("api_key", sa.String(128), unique=True),
    # Moments are microseconds since 1970 in UTC: both databases keep them exactly, and neither has a time
    # zone to say about them.
    sa.Column("created_at", sa.BigInteger),
    sa.Column("exp_date", sa.BigInteger),
    sa.Column("issued_at", sa.BigInteger),
    sa.Column("answered_at", sa.BigInteger),
    sa.CheckConstraint("matches >= 0", name="novapost_mock_matches"),
    sa.CheckConstraint(
        "(api_key IS NULL) = (created_at IS NULL) AND (api_key IS NULL) = (exp_date IS NULL)"
        " AND (api_key IS NULL OR issued_at IS NOT NULL)",
        name="novapost_mock_whole_keys",
    ),
    sa.CheckConstraint("matches > 0 OR issued_at IS NOT NULL", name="novapost_mock_no_blanks"),
)

SETTINGS = sa.Table(
    "novapost_mock_settings",
    TABLES,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)

ROOM = sa.Table(
    "novapost_mock_room",
    TABLES,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    sa.Column("used", sa.Integer, nullable=False),
    sa.CheckConstraint(f"used BETWEEN 0 AND {MAX_CLIENTS}", name="novapost_mock_room_bounds"),
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def row_of(client: Client) -> dict[str, Any]:
    """Return the row of a client, by column."""
    key = client.key
    return {
        "phone": client.phone,
        "matches": client.matches,
        "api_key": None if key is None else key.api_key,
        "created_at": None if key is None else _number(key.created_at),
        "exp_date": None if key is None else _number(key.exp_date),
        "issued_at": _number(client.issued_at),
        "answered_at": _number(client.answered_at),
    }


def client_of(row: Sequence[Any]) -> Client:
    """Return the client of a row, its columns in the order of the table."""
    phone, matches, api_key, created_at, exp_date, issued_at, answered_at = row
    return Client(
        phone,
        matches,
        None if api_key is None else Key(api_key, _moment(created_at), _moment(exp_date)),
        None if issued_at is None else _moment(issued_at),
        None if answered_at is None else _moment(answered_at),
    )


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def _moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)
