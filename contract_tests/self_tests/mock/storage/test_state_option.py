"""`--state` and its failures: what is kept, what is refused at the start, what is said later."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from contract_tests.self_tests.support.mock_process import PACKAGE, started
from novapost_mock import Mock, Reply, Request
from novapost_mock.cli import main
from novapost_mock.keys.sql.errors import reason
from novapost_mock.keys.sql.store import SqlStore
from novapost_mock.keys.sql.url import store_at

PHONE = "498213437654"
OTHER = "4915112345678"
SECRET = "open-sesame-7731"

Refused = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """Return a function that starts the command and returns the one line with which it refuses."""

    def refused(*arguments: str) -> str:
        try:
            code = main(["--port", "0", *arguments])
        except SystemExit as error:
            code = int(str(error.code))
        out, err = capsys.readouterr()
        assert (code, out) == (2, "")
        assert err.endswith("\n")
        (line,) = err.splitlines()
        return line.removeprefix("error: ")

    return refused


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def store(place: Path) -> Iterator[SqlStore]:
    store = store_at(str(place), busy_seconds=0.05)
    yield store
    store.close()


def post(phone: str) -> Request:
    headers = (("Content-Type", "application/json"),)
    return Request("POST", "/v.1.0/test-api-keys", "", headers, json.dumps({"phone": phone}).encode())


def control(method: str, path: str, body: object = None) -> Request:
    return Request(method, f"/__mock__/{path}", "", (), json.dumps(body).encode())


def run_python(code: str, *arguments: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
    )


# What is kept


def test_a_restart_goes_on_where_it_was(place: Path) -> None:
    """Keys, clients and the clock; and a later start may bring more clients."""
    with started("--state", str(place), "--client", PHONE) as mock:
        mock.steer("PUT", "clock", {"now": "2031-05-05T10:00:00Z"})
        mock.steer("PUT", f"clients/{OTHER}", {"matches": 2})
        status, first = mock.ask(PHONE)
        assert status == 200
    with started("--state", str(place), "--client", "4917612345678") as mock:
        assert mock.ask(PHONE) == (200, first)
        assert first["createdAt"].startswith("2031-05-05T10:0")
        assert mock.authorize(first["apiKey"]) == 200
        assert mock.ask(OTHER)[0] == 409
        assert mock.ask("4917612345678")[0] == 200
        mock.steer("POST", "reset")
        assert mock.ask(PHONE)[0] == 404
        assert mock.ask("4917612345678")[0] == 200
        assert mock.stop()[0] == 0
    assert not place.with_name("state.db-wal").exists()


def test_a_state_is_for_its_owner_only(store: SqlStore, place: Path) -> None:
    """It holds keys; so do the two files that SQLite puts beside it."""
    before = os.umask(0)
    try:
        other = store_at(str(place.with_name("other.db")))
        other.open({PHONE: 1})
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.parent.glob("other.db*")}
    other.close()

    assert modes == dict.fromkeys(("other.db", "other.db-wal", "other.db-shm"), 0o600)


def test_without_a_state_nothing_of_it_is_loaded() -> None:
    """Whoever keeps none starts as quickly as before."""
    code = "import sys, novapost_mock.cli; print([n for n in ('sqlalchemy', 'sqlite3') if n in sys.modules])"

    assert run_python(code).stdout == "[]\n"


# What is refused at the start


def test_what_cannot_be_a_state_is_refused(refused: Refused, tmp_path: Path) -> None:
    """One line that says why, before a port is taken."""
    (tmp_path / "text").write_text("not a database, but long enough to look like one")
    (tmp_path / "short").write_bytes(b"SQLite")
    (tmp_path / "cut").write_bytes(b"SQLite format 3\0" + b"\1" * 500)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")

    def said(name: str) -> str:
        return refused("--state", str(tmp_path / name))

    assert said("") == "--state: the state file is a folder"
    assert said("text") == "--state: the state file is not a SQLite database"
    assert said("short") == "--state: the state file is not a SQLite database"
    assert said("cut") == "--state: the state file is not a SQLite database"
    assert said("pipe") == "--state: the state file is not a regular file"
    assert said("loop") == "--state: the state file cannot be opened: Too many levels of symbolic links"
    assert said("none/state.db") == "--state: the folder of the state file is not there"
    assert said("text/state.db") == "--state: the folder of the state file is not there"
    assert said("n" * 300) == "--state: the state file cannot be opened: File name too long"
    assert not (tmp_path / "none").exists()


def test_a_state_that_is_refused_leaves_no_connection_open(
    refused: Refused, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that goes on, such as a test run, would keep the file open and be warned of it."""
    made: list[sqlite3.Connection] = []
    real = sqlite3.connect

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made.append(real(*arguments, **options))
        return made[-1]

    place.write_bytes(b"SQLite format 3\0" + b"\1" * 500)
    monkeypatch.setattr(sqlite3, "connect", connect)

    refused("--state", str(place))

    assert made
    for connection in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
            connection.execute("SELECT 1")


@pytest.mark.parametrize("address", ["mysql://host/x", "sqlite:///x.db", "http://host", "://"])
def test_another_kind_of_address_is_refused(refused: Refused, address: str) -> None:
    """Two kinds are known."""
    assert refused("--state", address) == "--state: a state is a file or a postgresql:// address"


def test_an_empty_state_is_refused(refused: Refused) -> None:
    """An unset variable in a script must not become the working folder."""
    assert refused("--state", "") == "--state: no file given"


def test_a_database_of_another_program_is_left_alone(refused: Refused, place: Path) -> None:
    """Somebody mistook one file for another."""
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE songs (title)")
    connection.close()
    before = place.read_bytes()

    assert refused("--state", str(place)) == "--state: the file is another program's database"
    assert place.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "has"),
    [
        ("UPDATE novapost_mock_settings SET value = '2' WHERE name = 'format'", "format 2"),
        ("UPDATE novapost_mock_settings SET value = '{}' WHERE name = 'format'", "an unknown format"),
        ("UPDATE novapost_mock_settings SET value = 'x' WHERE name = 'format'", "an unknown format"),
        ("DELETE FROM novapost_mock_settings", "an unknown format"),
        ("DROP TABLE novapost_mock_settings", "an unknown format"),
        ("DROP TABLE novapost_mock_room", "format 1"),
    ],
)
def test_a_state_of_another_version_is_refused(
    refused: Refused, store: SqlStore, place: Path, statement: str, has: str
) -> None:
    """Reading it as ours would lose what it holds."""
    store.open({PHONE: 1})
    store.close()
    with sqlite3.connect(place) as connection:
        connection.execute(statement)
    connection.close()

    assert refused("--state", str(place)) == (
        "--state: the state was written by another version of novapost-mock:"
        f" it has {has}, this version reads format 1;"
        " go on with the version that wrote it, or begin anew with another --state"
    )


def test_a_state_of_another_version_is_refused_in_postgresql(refused: Refused, postgres_address: str) -> None:
    """The same there."""
    store = store_at(postgres_address)
    store.open({PHONE: 1})
    with store._engine.connect() as connection:
        connection.exec_driver_sql("UPDATE novapost_mock_settings SET value = '7' WHERE name = 'format'")
    store.close()

    assert "it has format 7, this version reads format 1" in refused("--state", postgres_address)


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Be somebody whom file modes hold back, for root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder that everybody may enter; tmp_path lies in one that is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_state_that_may_not_be_written_is_refused(
    refused: Refused, open_folder: Path, as_nobody: None, request: pytest.FixtureRequest
) -> None:
    """A file and a folder of somebody else."""
    root = os.geteuid() != os.getuid()
    if root:
        os.seteuid(0)
    folder, file = open_folder / "folder", open_folder / "state.db"
    folder.mkdir()
    folder.chmod(0o555)
    store = store_at(str(file))
    store.open({PHONE: 1})
    store.close()
    file.chmod(0o444)
    if root:
        os.seteuid(65534)

    assert refused("--state", str(file)) == "--state: the state file cannot be opened: Permission denied"
    assert (
        refused("--state", str(folder / "new.db"))
        == "--state: the state file cannot be opened: Permission denied"
    )


def test_a_state_that_another_process_keeps_locked_is_refused(place: Path, store: SqlStore) -> None:
    """After a while; here the while is short."""
    store.open({PHONE: 1})
    store.close()
    with _locked(place), pytest.raises(Exception, match="the state file is locked by another process"):
        store_at(str(place), busy_seconds=0.05).open({PHONE: 1})


def _locked(place: Path) -> "sqlite3.Connection":
    class Closing(sqlite3.Connection):
        def __exit__(self, *_: object) -> None:  # type: ignore[override]
            self.close()

    connection = sqlite3.connect(place, factory=Closing, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_an_address_without_a_server_is_refused(refused: Refused, tmp_path: Path) -> None:
    """And no message shows a password, wherever the address holds it."""
    said = {
        address: refused("--state", address)
        for address in (
            f"postgresql://me:{SECRET}@127.0.0.1:1/x",
            f"postgres://me@127.0.0.1:1/x?password={SECRET}",
            f"postgresql://me:{SECRET}@/x?host={tmp_path}",
            f"postgresql://me:{SECRET}@127.0.0.1:1/x?{SECRET}={SECRET}",
            f"postgresql://me:{SECRET}@127.0.0.1:{SECRET}/x",
        )
    }

    assert list(said.values()) == [
        "--state: PostgreSQL: nobody listens there",
        "--state: PostgreSQL: nobody listens there",
        "--state: PostgreSQL: nobody listens there",
        "--state: PostgreSQL: the address has an option that is not known",
        "--state: the address is not of the form postgresql://user@host:port/database",
    ]


def test_a_server_that_refuses_says_why(refused: Refused, postgres_server: str) -> None:
    """A database or a role that is not there is the commonest slip."""
    url = sa.make_url(postgres_server)
    for slip in (url.set(database="np_none"), url.set(username="np_none", password=SECRET)):
        said = refused("--state", slip.render_as_string(hide_password=False))
        assert said == "--state: PostgreSQL: there is no such database or role"


@pytest.mark.parametrize(
    ("missing", "address", "extra"),
    [
        ("sqlalchemy", "state.db", "--state needs more: pip install 'novapost-client[mock-state]'"),
        (
            "sqlalchemy",
            "postgresql://h/d",
            "--state with PostgreSQL needs more: pip install 'novapost-client[mock-postgres]'",
        ),
        (
            "psycopg",
            "postgresql://h/d",
            "--state with PostgreSQL needs more: pip install 'novapost-client[mock-postgres]'",
        ),
    ],
)
def test_a_package_that_is_missing_is_named(tmp_path: Path, missing: str, address: str, extra: str) -> None:
    """With the words that install it."""
    hidden = f"import sys; sys.modules[{missing!r}] = None"
    code = f"{hidden}; from novapost_mock.cli import main; sys.exit(main())"
    done = run_python(code, "--state", address, folder=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {extra}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--workers", "2"], "--workers: several workers need a state that they share: --state FILE"),
        (["--workers", "0"], "argument --workers: workers are a number from 1 to 64"),
        (["--workers", "65"], "argument --workers: workers are a number from 1 to 64"),
        (["--workers", "two"], "argument --workers: workers are a number from 1 to 64"),
    ],
)
def test_workers_that_cannot_be_are_refused(refused: Refused, arguments: list[str], said: str) -> None:
    """Each with a memory of its own would be several mocks at one address."""
    assert refused(*arguments) == said


# What is said when it breaks later


def assert_unavailable(mock: Mock, why: str) -> None:
    """Each kind of call gets a 503 that names itself, in the shape that its operation documents."""
    text = f"novapost-mock has no state to work on: {why}"
    jwt = mock.handle(Request("GET", "/v.1.0/clients/authorization", "apiKey=" + "a" * 40))
    for reply in (mock.handle(post(PHONE)), jwt):
        assert (reply.status, reply.json()) == (503, {"errors": {"": text}})
    for request in (control("GET", "keys"), control("POST", "reset"), control("GET", "health")):
        reply = mock.handle(request)
        assert (reply.status, reply.json()) == (503, {"success": False, "errors": [text]})


def test_a_full_disk_is_told_and_passes(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    """What is there can be read on; when there is room again, all goes on."""
    mock = Mock((PHONE,), store=store)
    first = mock.handle(post(PHONE))

    def limit(pages: int) -> None:
        for line in store._idle:
            line.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    limit(1)  # SQLite takes the present size for the least, and answers as the system does on a full disk
    replies: list[Reply] = []
    for number in range(2000):
        phone = str(49_000_000_000 + number)
        replies.append(mock.handle(control("PUT", f"clients/{phone}", {"matches": 1})))
        if replies[-1].status != 200:
            break

    assert replies[-1].status == 503
    assert replies[-1].json()["errors"] == ["novapost-mock has no state to work on: the disk is full"]
    assert phone not in caplog.text
    assert mock.handle(post(PHONE)) == first
    limit(1_000_000)
    assert mock.handle(control("PUT", f"clients/{phone}", {"matches": 1})).status == 200
    assert mock.handle(post(phone)).status == 200
    assert len(mock.clients()) == len(replies) + 1


def test_a_lock_that_stays_is_told_and_passes(store: SqlStore, place: Path) -> None:
    """A backup tool that holds the file, for instance."""
    mock = Mock((PHONE,), store=store)
    store.close()
    with _locked(place):
        assert_unavailable(mock, "the state file is locked by another process")

    assert mock.handle(post(PHONE)).status == 200


def test_a_state_that_is_damaged_is_told(store: SqlStore, place: Path) -> None:
    """Somebody wrote over it."""
    mock = Mock((PHONE,), store=store)
    mock.handle(post(PHONE))
    store.close()
    place.write_bytes(b"not a database any more, and long enough" * 100)

    assert_unavailable(mock, "the state file is not a SQLite database")


def test_a_state_that_vanishes_is_told(store: SqlStore, place: Path) -> None:
    """It is not begun anew behind the back of whoever relies on it."""
    mock = Mock((PHONE,), store=store)
    mock.handle(post(PHONE))
    store.close()
    place.unlink()

    assert_unavailable(mock, "the state file cannot be opened")
    assert not place.exists()


def test_a_connection_that_breaks_is_replaced(postgres_address: str, postgres_server: str) -> None:
    """Servers restart; nobody who asks should notice."""
    store = store_at(postgres_address)
    mock = Mock((PHONE,), store=store)
    first = mock.handle(post(PHONE))
    with store._engine.connect() as connection:
        killed = connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'novapost-mock' AND pid <> pg_backend_pid()"
        ).all()
    assert killed

    assert mock.handle(post(PHONE)) == first
    store.close()


def test_tables_that_are_gone_are_told(postgres_address: str) -> None:
    """Somebody tidied up the database."""
    store = store_at(postgres_address)
    mock = Mock((PHONE,), store=store)
    with store._engine.connect() as connection:
        for table in ("clients", "settings", "room"):
            connection.exec_driver_sql(f"DROP TABLE novapost_mock_{table}")

    assert_unavailable(mock, "PostgreSQL: a table of the state is missing")
    store.close()


def test_a_lock_in_postgresql_that_stays_is_told(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that does not answer must not keep the mock from answering for ever."""
    monkeypatch.setattr("novapost_mock.keys.sql.url.ANSWER_SECONDS", 0.1)
    store = store_at(postgres_address)
    mock = Mock((PHONE,), store=store)
    other = sa.create_engine(sa.make_url(postgres_address).set(drivername="postgresql+psycopg"))
    with other.connect() as connection:
        connection.exec_driver_sql(
            "LOCK TABLE novapost_mock_clients, novapost_mock_settings, novapost_mock_room"
            " IN ACCESS EXCLUSIVE MODE"
        )
        assert_unavailable(mock, "PostgreSQL: did not answer in time")
    other.dispose()

    assert mock.handle(post(PHONE)).status == 200
    store.close()


class FromLibpq(Exception):
    """What psycopg raises, as far as it is looked at."""

    def __init__(self, text: str, sqlstate: str | None = None) -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (FromLibpq('FATAL:  password authentication failed for user "me"'), "the login is refused"),
        (FromLibpq("fe_sendauth: no password supplied"), "the login is refused: no password given"),
        (FromLibpq('FATAL:  no pg_hba.conf entry for host "::1"'), "the login is refused"),
        (FromLibpq("FATAL:  sorry, too many clients already"), "has no connection left"),
        (FromLibpq("FATAL:  the database system is starting up"), "is shutting down or starting"),
        (FromLibpq("connection timeout expired"), "did not answer in time"),
        (FromLibpq("failed to resolve host 'x': Name not known"), "there is no such host"),
        (FromLibpq(f"something new about {SECRET}"), "cannot be reached"),
        (FromLibpq("could not extend file", "53100"), "the disk is full"),
        (FromLibpq("remaining slots are reserved", "53300"), "has no connection left"),
        (FromLibpq("cannot execute UPDATE", "25006"), "is read-only"),
        (FromLibpq("permission denied for schema public", "42501"), "the role may not do this"),
        (FromLibpq("terminating connection", "57P01"), "is shutting down or starting"),
        (FromLibpq(f"Key (phone)=({PHONE})", "23514"), "SQLSTATE 23514"),
    ],
    ids=str,
)
def test_what_postgresql_says_is_told_in_our_words(error: Exception, text: str) -> None:
    """Its own may hold what must not show."""
    assert reason(DBAPIError("statement", {}, error)) == f"PostgreSQL: {text}"


def test_nothing_that_is_kept_shows_in_an_error(store: SqlStore) -> None:
    """The database's own message would quote the row."""
    store.open({PHONE: 1})
    with store._engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE novapost_mock_room")
    with pytest.raises(Exception, match="cannot be used") as caught:
        store.change(OTHER, lambda client: (client.with_matches(1), None))

    assert OTHER not in str(caught.value)
    assert caught.value.__suppress_context__
