"""What a guest has done, on disk: shared by all workers of a run, and kept from run to run.

One SQLite file. Each decision is one transaction that takes the write lock first, so that two workers cannot
both have the last request of a budget or the one issuing of a day.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from contract_tests.sandbox.errors import Spent, Withheld

_SCHEMA = """
CREATE TABLE IF NOT EXISTS salt (value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS pace (host TEXT PRIMARY KEY, due REAL NOT NULL);
CREATE TABLE IF NOT EXISTS budget (run TEXT PRIMARY KEY, sent INTEGER NOT NULL, begun TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS issuings (
    phone BLOB NOT NULL, at TEXT NOT NULL, run TEXT NOT NULL, kind TEXT NOT NULL, status INTEGER
);
"""
_BUSY_SECONDS = 30
# A day may end at midnight in Warsaw or Kyiv as well as in UTC, so two moments are surely on two days only if
# they are in all of these, summer time included.
_ZONES = tuple(timezone(timedelta(hours=hours)) for hours in range(4))
# A pace further ahead than this comes from a clock that was set back.
_FARTHEST = 600.0


class Ledger:
    """The ledger in a file, which is made if it is not there.

    Args:
        path: the SQLite file; its folder is made too, readable by its owner alone.
        run: a name that all workers of one run share.
        now: the time, with an offset.

    Raises:
        OSError: the file cannot be made or is no ledger.
    """

    def __init__(self, path: Path, run: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path, self._run, self._now = path, run, now
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(_SCHEMA)
            with self._locked() as connection:
                if connection.execute("SELECT 1 FROM salt").fetchone() is None:
                    connection.execute("INSERT INTO salt VALUES (?)", (os.urandom(16),))
                (self._salt,) = connection.execute("SELECT value FROM salt").fetchone()
            path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OSError(f"the ledger {path.name} cannot be used: {reason}") from error
        self._names: dict[str, bytes] = {}

    def take(self, allowed: int) -> int:
        """Take one request from the run's budget.

        Returns:
            How many the run has sent with this one.

        Raises:
            Spent: there is none left.
        """
        with self._locked() as connection:
            connection.execute(
                "INSERT INTO budget VALUES (?, 0, ?) ON CONFLICT DO NOTHING", (self._run, self._stamp())
            )
            (sent,) = connection.execute("SELECT sent FROM budget WHERE run = ?", (self._run,)).fetchone()
            if sent >= allowed:
                raise Spent(f"the run has sent the {allowed} requests that it may")
            connection.execute("UPDATE budget SET sent = sent + 1 WHERE run = ?", (self._run,))
            return int(sent) + 1

    def sent(self) -> int:
        """Return how many requests the run has sent, all workers together."""
        with closing(self._connect()) as connection:
            row = connection.execute("SELECT sent FROM budget WHERE run = ?", (self._run,)).fetchone()
            return int(row[0]) if row else 0

    def wait(self, host: str, per_second: float, burst: int) -> float:
        """Take a token of the bucket that all runs on this machine share for a host.

        Returns:
            The seconds to wait before sending (generic cell rate algorithm: a token bucket in one number).
        """
        step = 1 / per_second
        with self._locked() as connection:
            now = self._now().timestamp()
            row = connection.execute("SELECT due FROM pace WHERE host = ?", (host,)).fetchone()
            due = max(now, float(row[0])) if row and float(row[0]) - now < _FARTHEST else now
            connection.execute(
                "INSERT INTO pace VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET due = excluded.due",
                (host, due + step),
            )
        return max(0.0, due - now - (burst - 1) * step)

    def issue(self, phone: str) -> int:
        """Put on record, before it leaves, that a request for a phone does.

        At most one issuing a day, and in the same run, once it was answered with 200, one repeat, which shows
        the reading of daily-limit.

        Returns:
            The entry, for `answered`.

        Raises:
            Withheld: the phone has had its issuing of the day, or the day is about to change somewhere.
        """
        name, now = self._name(phone), self._now()
        with self._locked() as connection:
            rows = connection.execute(
                "SELECT at, run, kind, status FROM issuings WHERE phone = ?", (name,)
            ).fetchall()
            today = [row for row in rows if _may_be_one_day(datetime.fromisoformat(row[0]), now)]
            kind = "issuing" if not today else self._repeat(today, now)
            entry = connection.execute(
                "INSERT INTO issuings VALUES (?, ?, ?, ?, NULL)", (name, self._stamp(), self._run, kind)
            ).lastrowid
        assert entry is not None
        return entry

    def _repeat(self, today: list[tuple[str, str, str, int | None]], now: datetime) -> str:
        at, run, kind, status = today[0]
        ours = len(today) == 1 and run == self._run and kind == "issuing" and status == 200
        if ours and _is_one_day(datetime.fromisoformat(at), now):
            return "repeat"
        raise Withheld("PHONE has had its request of the day; the ledger allows the next one tomorrow")

    def answered(self, entry: int, status: int) -> None:
        """Put on record what an issuing was answered with."""
        with self._locked() as connection:
            connection.execute("UPDATE issuings SET status = ? WHERE rowid = ?", (status, entry))

    def issuings(self, phone: str) -> list[tuple[str, str]]:
        """Return time and kind of everything on record for a phone."""
        with closing(self._connect()) as connection:
            query = "SELECT at, kind FROM issuings WHERE phone = ? ORDER BY at"
            return connection.execute(query, (self._name(phone),)).fetchall()

    def _name(self, phone: str) -> bytes:
        """Return the hash of a phone for the ledger: there are few phones, so only a slow hash hides one."""
        if phone not in self._names:
            self._names[phone] = hashlib.scrypt(phone.encode(), salt=self._salt, n=2**14, r=8, p=1)
        return self._names[phone]

    def _stamp(self) -> str:
        return self._now().astimezone(UTC).isoformat()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)

    @contextmanager
    def _locked(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _is_one_day(one: datetime, other: datetime) -> bool:
    return all(one.astimezone(zone).date() == other.astimezone(zone).date() for zone in _ZONES)


def _may_be_one_day(one: datetime, other: datetime) -> bool:
    # An entry of the future (a clock set back) counts as one of today.
    same = any(one.astimezone(zone).date() == other.astimezone(zone).date() for zone in _ZONES)
    return same or one > other
