"""One test body, three stores: in memory, in a SQLite file, in a real PostgreSQL."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from novapost_mock import Clock, Mock, Readings, Reply, Request
from novapost_mock.keys.clock import EARLIEST, LATEST
from novapost_mock.keys.lifecycle import Client, Key
from novapost_mock.keys.shared_settings import LASTING, SEED
from novapost_mock.keys.sql.lookup import Lookup
from novapost_mock.keys.sql.store import SqlStore
from novapost_mock.keys.sql.tables import CLIENTS
from novapost_mock.keys.sql.url import store_at
from novapost_mock.keys.store import (
    MAX_CLIENTS,
    MemoryStore,
    Store,
    StoreFullError,
    StoreUnavailableError,
    check_seed,
)

PHONE = "498213437654"
OTHER = "4915112345678"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SEEDED = {PHONE: 1}

Opened = Callable[[], Store]
"""Opens the store of a test once more, as another process would."""


SHARED = pytest.mark.parametrize("again", ["sqlite", "postgresql"], indirect=True)
"""For promises between processes: a store in memory belongs to one."""


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    if request.param == "memory":
        only = MemoryStore()
        yield lambda: only
        return
    address = str(tmp_path / "state.db")
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_address")
    opened: list[SqlStore] = []

    def again() -> Store:
        opened.append(store_at(address))
        opened[-1].open(SEEDED)
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(again: Opened) -> Store:
    """Return a store with one registered phone."""
    store = again()
    store.open(SEEDED)
    return store


@pytest.fixture
def other(again: Opened, store: Store) -> Store:
    """Return a second store on the same state, as another process has it."""
    return again()


def keep(store: Store, client: Client) -> None:
    store.change(client.phone, lambda _: (client, None))


def set_to(store: Store, name: str, value: Any) -> None:
    store.change_setting(name, lambda _: (value, None))


def kept(store: Store, phone: str = PHONE) -> Client:
    return store.change(phone, lambda client: (client, client))


def key(digits: str, now: datetime = NOON) -> Key:
    return Key(digits * 40, now, now + 365 * DAY)


def holder(phone: str, digits: str, matches: int = 1) -> Client:
    return Client(phone, matches, key(digits), NOON, NOON)


def ask(mock: Mock, phone: str = PHONE) -> Reply:
    headers = (("Content-Type", "application/json"),)
    return mock.handle(
        Request("POST", "/v.1.0/test-api-keys", "", headers, json.dumps({"phone": phone}).encode())
    )


# What is kept

moments = st.datetimes(
    EARLIEST.replace(tzinfo=None), (LATEST + 366 * DAY).replace(tzinfo=None), timezones=st.just(UTC)
)
keys = st.builds(Key, st.text("0123456789abcdef", min_size=16, max_size=128), moments, moments)
remembered = st.builds(
    Client,
    st.just(PHONE),
    st.integers(0, 1000),
    st.none() | keys,
    moments,
    st.none() | moments,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(client=remembered)
def test_what_is_kept_is_read_back(store: Store, client: Client) -> None:
    """To the microsecond, from the earliest to the latest moment of the clock."""
    keep(store, client)

    assert kept(store) == client
    assert list(store.clients()) == [client]
    if client.key is not None:
        assert store.owner(client.key.api_key) == client


def test_a_phone_never_heard_of_is_blank(store: Store) -> None:
    """And asking for it keeps nothing."""
    assert kept(store, OTHER) == Client(OTHER)
    assert [client.phone for client in store.clients()] == [PHONE]


def test_a_phone_that_is_blank_again_is_forgotten(store: Store) -> None:
    """Its room is free again."""
    keep(store, Client(OTHER, 2))
    assert [client.phone for client in store.clients()] == [OTHER, PHONE]
    keep(store, Client(OTHER))

    assert [client.phone for client in store.clients()] == [PHONE]


def test_a_key_is_found_by_its_digits_as_long_as_it_is_there(store: Store) -> None:
    """A replaced key finds nobody."""
    keep(store, holder(PHONE, "a"))
    assert store.owner("a" * 40) == holder(PHONE, "a")
    keep(store, holder(PHONE, "b"))

    assert store.owner("a" * 40) is None
    assert store.owner("b" * 40) == holder(PHONE, "b")
    keep(store, replace(holder(PHONE, "b"), key=None))
    assert store.owner("b" * 40) is None


@pytest.mark.parametrize("text", ["", "\0", "a\0b", "\ud800", "ключ", "a" * 100_000, "' OR 1=1 --", "%", "_"])
def test_any_text_may_be_asked_for_as_a_key(store: Store, text: str) -> None:
    """It comes from a query; databases have texts that they cannot hold."""
    keep(store, holder(PHONE, "a"))

    assert store.owner(text) is None


def test_a_step_that_fails_changes_nothing(store: Store) -> None:
    """What it raises is for the caller."""

    def fail(_: Any) -> tuple[Any, None]:
        raise ZeroDivisionError

    before = store.setting("number"), store.clients()
    with pytest.raises(ZeroDivisionError):
        store.change(PHONE, fail)
    with pytest.raises(ZeroDivisionError):
        store.change_setting("number", fail)

    assert (store.setting("number"), store.clients()) == before


def test_there_is_room_for_so_many_phones(store: Store) -> None:
    """The bound holds for every store; what is there already can go on."""
    phones = [str(49_000_000_000 + n) for n in range(MAX_CLIENTS)]
    store.change_setting(SEED, lambda _: (dict.fromkeys(phones, 1), None))
    store.reset()

    with pytest.raises(StoreFullError):
        keep(store, Client(OTHER, 1))
    keep(store, holder(phones[0], "a"))
    assert len(store.clients()) == MAX_CLIENTS
    keep(store, Client(phones[1]))
    keep(store, Client(OTHER, 1))
    with pytest.raises(StoreFullError):
        keep(store, Client(phones[1], 1))
    assert len(store.clients()) == MAX_CLIENTS


def test_a_seed_beyond_the_room_is_refused(tmp_path: Path) -> None:
    """Before anything of it is kept."""
    seed = {str(49_000_000_000 + n): 1 for n in range(MAX_CLIENTS + 1)}
    assert len(check_seed(dict.fromkeys(list(seed)[:-1], 1))) == MAX_CLIENTS
    assert len(check_seed({**seed, OTHER: 0, next(iter(seed)): 0})) == MAX_CLIENTS
    for store in (MemoryStore(), store_at(str(tmp_path / "state.db"))):
        with pytest.raises(StoreFullError):
            store.open(seed)
        store.open({})
        assert store.clients() == []
        store.close()


# Shared settings


def test_a_setting_is_any_json_value_with_a_version_that_grows(store: Store) -> None:
    """Also through a reset: whoever remembers a version never takes a new value for an old one."""
    versions = [store.setting("x").version]
    for value in ([1, {"a": None}], "\ud800\0", 0, None, {"b": 1.5}):
        set_to(store, "x", value)
        assert store.setting("x").value == value
        versions.append(store.setting("x").version)
    store.reset()
    assert store.setting("x").value is None
    versions.append(store.setting("x").version)
    store.change_setting("x", lambda _: ("new", None))
    versions.append(store.setting("x").version)

    assert versions == sorted(set(versions))


def test_a_setting_that_stays_as_it_is_keeps_its_version(store: Store) -> None:
    """Looking through a step costs no write."""
    store.change_setting("x", lambda _: ([1], None))
    before = store.setting("x")

    assert store.change_setting("x", lambda value: (value, "seen")) == "seen"
    assert store.setting("x") == before


def test_a_step_gets_a_value_of_its_own(store: Store) -> None:
    """Changing it in place and failing must not leave a trace."""
    store.change_setting("x", lambda _: ([1], None))

    def spoil(value: list[int]) -> tuple[Any, None]:
        value.append(2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.change_setting("x", spoil)
    assert store.setting("x").value == [1]


def test_a_reset_goes_back_to_the_seed(store: Store) -> None:
    """And leaves the lasting settings, so that tokens and seeds outlive it."""
    keep(store, holder(OTHER, "a"))
    keep(store, holder(PHONE, "b", matches=3))
    for name in (*LASTING - {SEED}, "faults"):
        store.change_setting(name, lambda _: ("kept", None))
    store.reset()

    assert list(store.clients()) == [Client(PHONE, 1)]
    assert store.owner("a" * 40) is None
    assert {name: store.setting(name).value for name in (*LASTING, "faults")} == {
        **dict.fromkeys(LASTING, "kept"),
        SEED: SEEDED,
        "faults": None,
    }
    keep(store, Client(OTHER, 1))
    assert len(store.clients()) == 2


def test_a_state_that_was_used_before_goes_on(again: Opened, store: Store) -> None:
    """A restart is not a reset, whatever seed it comes with."""
    keep(store, holder(OTHER, "a"))
    store.close()
    later = again()
    later.open({"4917612345678": 1})

    assert [client.phone for client in later.clients()] == [OTHER, PHONE]
    assert later.owner("a" * 40) == holder(OTHER, "a")
    later.reset()
    assert list(later.clients()) == [Client(PHONE, 1)]


# Others at the same time


@SHARED
def test_many_may_begin_at_once(again: Opened) -> None:
    """Eight that find no tables make them once, with one seed."""
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: again(), range(8)))

    assert [list(store.clients()) for store in stores] == [[Client(PHONE, 1)]] * 8
    assert {_room(store) for store in stores} == {1}


def test_changes_of_many_are_counted_one_by_one(again: Opened, store: Store) -> None:
    """Reading, deciding and keeping is one step: no change is lost between eight that share a state."""
    stores = [again() for _ in range(8)]

    def change(number: int) -> None:
        mine = stores[number % 8]
        mine.change(PHONE, lambda client: (client.with_matches(client.matches + 1), None))
        mine.change_setting("count", lambda count: ((count or 0) + 1, None))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(160)))

    assert kept(store).matches == 161
    assert store.setting("count").value == 160


Change = Callable[[Client], Client]
CHANGES: dict[str, tuple[Client, Change]] = {
    "added": (Client(OTHER), lambda client: client.with_matches(client.matches + 1)),
    "replaced": (Client(OTHER, 5), lambda client: client.with_matches(client.matches + 1)),
    "removed": (Client(OTHER, 5), lambda client: client.with_matches(0)),
}


@SHARED
@pytest.mark.parametrize("mine", CHANGES)
@pytest.mark.parametrize("theirs", CHANGES)
def test_whoever_comes_second_decides_again(store: Store, other: Store, mine: str, theirs: str) -> None:
    """On what the first has left. Here the second comes exactly between reading and writing."""
    before, _ = CHANGES[mine]
    keep(store, before)
    saw: list[Client] = []

    def step(client: Client) -> tuple[Client, None]:
        if not saw:
            other.change(OTHER, lambda client: (CHANGES[theirs][1](client), None))
        saw.append(client)
        return CHANGES[mine][1](client), None

    store.change(OTHER, step)

    between = CHANGES[theirs][1](before)
    assert saw == ([before] if between == before else [before, between])
    assert kept(other, OTHER) == CHANGES[mine][1](between)
    # The count of the room kept step.
    assert _room(store) == len(store.clients())


def _room(store: Store) -> int:
    assert isinstance(store, SqlStore)
    with store._engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT used FROM novapost_mock_room").scalar_one())


@SHARED
@pytest.mark.parametrize("first", [None, 7])
def test_whoever_changes_a_setting_second_decides_again(
    store: Store, other: Store, first: int | None
) -> None:
    """The same for settings, also for one that was never kept."""
    if first:
        store.change_setting("x", lambda _: (first, None))
    saw: list[int | None] = []

    def step(value: int | None) -> tuple[int, None]:
        if not saw:
            other.change_setting("x", lambda value: ((value or 0) + 1, None))
        saw.append(value)
        return (value or 0) + 1, None

    store.change_setting("x", step)

    assert saw == [first, (first or 0) + 1]
    assert other.setting("x").value == (first or 0) + 2


@SHARED
def test_a_reset_between_reading_and_writing_is_noticed(store: Store, other: Store) -> None:
    """A key of before the reset must not come back after it."""
    keep(store, holder(PHONE, "a"))
    calls: list[Client] = []

    def step(client: Client) -> tuple[Client, None]:
        if not calls:
            other.reset()
        calls.append(client)
        return replace(client, answered_at=NOON + DAY) if client.key else client, None

    store.change(PHONE, step)

    assert calls == [holder(PHONE, "a"), Client(PHONE, 1)]
    assert list(store.clients()) == [Client(PHONE, 1)]


@SHARED
def test_a_key_that_another_phone_has_is_drawn_again(store: Store, other: Store) -> None:
    """Two workers with the same seed of randomness draw the same digits."""
    keep(other, holder(OTHER, "a"))
    drawn = iter("aab")
    store.change(PHONE, lambda _: (holder(PHONE, next(drawn)), None))

    assert kept(other, PHONE).key == key("b")
    assert kept(other, OTHER).key == key("a")


@SHARED
def test_one_who_never_comes_first_is_told(store: Store, other: Store) -> None:
    """An attempt is repeated, but not for ever."""
    numbers = iter(range(1, 10**6))

    def step(client: Client) -> tuple[Client, None]:
        keep(other, Client(PHONE, 1 + next(numbers)))
        return client.with_matches(0), None

    with pytest.raises(StoreUnavailableError, match="too many others"):
        store.change(PHONE, step)


@SHARED
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO novapost_mock_clients (phone, matches) VALUES ('498213437654', 1)",
        (
            "INSERT INTO novapost_mock_clients (phone, matches, api_key, created_at, exp_date, issued_at)"
            " SELECT '49', 1, api_key, 0, 0, 0 FROM novapost_mock_clients WHERE api_key IS NOT NULL"
        ),
        "UPDATE novapost_mock_clients SET api_key = NULL",
        "UPDATE novapost_mock_clients SET issued_at = NULL",
        "UPDATE novapost_mock_clients SET exp_date = NULL",
        "UPDATE novapost_mock_clients SET matches = -1",
        "INSERT INTO novapost_mock_clients (phone, matches) VALUES ('49', 0)",
        "UPDATE novapost_mock_room SET used = 10001",
        "UPDATE novapost_mock_room SET used = -1",
        "INSERT INTO novapost_mock_room (id, used) VALUES (2, 0)",
        "INSERT INTO novapost_mock_settings (name, version, value) VALUES ('seed', 1, '{}')",
    ],
)
def test_the_tables_cannot_hold_what_the_rules_forbid(store: Store, other: Store, statement: str) -> None:
    """Two keys for a phone, one key for two phones, half a key: not even by hand."""
    keep(store, holder(PHONE, "a"))
    assert isinstance(store, SqlStore)
    with store._engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql(statement)

    assert list(other.clients()) == [holder(PHONE, "a")]


# Mocks on a store


@pytest.mark.parametrize(("daily_limit", "granted"), [("issuing", 160), ("strict", 1)])
def test_rules_hold_when_many_mocks_share_a_state(
    again: Opened, store: Store, daily_limit: Any, granted: int
) -> None:
    """Rules one-active and daily-limit, between what could be eight processes."""
    mocks = [
        Mock(SEEDED, store=again(), clock=Clock(lambda: NOON), readings=Readings(daily_limit=daily_limit))
        for _ in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda number: ask(mocks[number % 8]), range(160)))

    good = [reply for reply in replies if reply.status == 200]
    assert {reply.status for reply in replies} <= {200, 429}
    assert len(good) == granted
    assert len(set(good)) == 1


@SHARED
def test_the_clock_of_one_is_the_clock_of_all(store: Store, other: Store) -> None:
    """Set, advanced and reset on one worker, and at once so on another."""
    here, there = (Mock(SEEDED, store=s, clock=Clock(lambda: NOON)) for s in (store, other))

    here.clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    assert there.clock.now() == datetime(2030, 1, 1, tzinfo=UTC)
    there.clock.advance(86_400.5)
    assert here.clock.now() == datetime(2030, 1, 2, 0, 0, 0, 500_000, tzinfo=UTC)
    with pytest.raises(ValueError, match="cannot pass"):
        there.clock.advance(1e12)
    first = ask(here)
    assert ask(there) == first
    here.reset()
    assert there.clock.now() == NOON
    assert there.keys() == []


@SHARED
def test_a_fault_of_one_is_a_fault_of_all(store: Store, other: Store) -> None:
    """It acts as often as it was armed for, whoever is called; and a reset takes it away everywhere."""
    here, there = (Mock(SEEDED, store=s, clock=Clock(lambda: NOON)) for s in (store, other))

    here.arm({"status": 503, "times": 3, "on_call": 2})
    seen = [ask(mock).status for mock in (here, there, there, here, there, here)]
    assert seen == [200, 503, 503, 503, 200, 200]
    assert [(armed.calls, armed.acted) for armed in there.faults()] == [(6, 3)]
    there.arm({"status": 503})
    assert ask(here).status == 503
    here.reset()
    assert there.faults() == []
    assert ask(there).status == 200


@SHARED
def test_every_setting_of_a_fault_is_kept(store: Store, other: Store) -> None:
    """What one worker was told, another knows in full."""
    here, there = (Mock(SEEDED, store=s, clock=Clock(lambda: NOON)) for s in (store, other))
    here.arm(
        {"operation": "POST /test-api-keys", "status": 429, "delay_seconds": 0.5, "jitter_seconds": 0.25},
        {"body": "truncated", "probability": 0.5, "seed": 7, "on_call": 3},
        {"content_type": "text/plain", "drip_bytes": 2, "drip_seconds": 0.125},
    )

    assert there.faults() == here.faults()
    assert len(there.faults()) == 3


@SHARED
def test_many_at_once_meet_a_fault_as_often_as_it_was_armed_for(store: Store, other: Store) -> None:
    """Counting is one step."""
    mocks = [Mock(SEEDED, store=s, clock=Clock(lambda: NOON)) for s in (store, other)]
    mocks[0].arm({"status": 503, "times": 7})
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda n: ask(mocks[n % 2]).status, range(60)))

    assert statuses.count(503) == 7


@SHARED
def test_two_who_advance_the_clock_at_once_both_do(store: Store, other: Store) -> None:
    """Neither step is lost."""
    clocks = [Clock(lambda: NOON), Clock(lambda: NOON)]
    for clock, shared in zip(clocks, (store, other), strict=True):
        clock.keep_in(shared)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda n: clocks[n % 2].advance(1), range(60)))

    assert clocks[0].now() == clocks[1].now() == NOON + timedelta(minutes=1)


@SHARED
def test_a_key_of_one_mock_buys_a_token_of_another(store: Store, other: Store) -> None:
    """And the token is signed alike, so that its subject stays the same person."""
    here, there = (Mock(SEEDED, store=s, clock=Clock(lambda: NOON)) for s in (store, other))
    api_key = ask(here).json()["apiKey"]
    request = Request("GET", "/v.1.0/clients/authorization", f"apiKey={api_key}")

    tokens = [mock.handle(request).json()["jwt"] for mock in (here, there)]
    subjects = {_claims(token)["sub"] for token in tokens}
    assert len(subjects) == 1
    assert len(set(tokens)) == 2


def _claims(token: str) -> Any:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Walk:
    """A walk through the life of two phones, drawn by a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def on(self, mock: Mock) -> list[Any]:
        """Return the messages of the mock about it."""
        seen: list[Any] = []
        for _ in range(40):
            phone = self._random.choice([PHONE, OTHER])
            match self._random.randrange(8):
                case 0:
                    mock.register(phone, self._random.choice([0, 1, 1, 2]))
                case 1:
                    seen.append(mock.cleanup(phone))
                case 2:
                    mock.clock.advance(self._random.choice([3600, 86_400, 400 * 86_400]))
                case 3 if self._random.random() < 0.3:
                    mock.reset()
                case _:
                    reply = ask(mock, phone)
                    seen.append((reply.status, reply.json()))
            seen.append(list(mock.keys()))
        return seen


@pytest.mark.parametrize("seed", range(5))
def test_every_store_gives_the_answers_of_the_one_in_memory(store: Store, seed: int) -> None:
    """Where the state is kept makes no difference to whoever asks."""

    def seen(store: Store) -> list[Any]:
        draw = random.Random(1).randbytes
        mock = Mock(SEEDED, store=store, clock=Clock(lambda: NOON), random_bytes=draw)
        return Walk(seed).on(mock)

    assert seen(store) == seen(MemoryStore())


@SHARED
def test_a_fault_is_armed_in_every_process(again: Opened) -> None:
    """Whichever worker is asked to arm it, and whichever is called."""
    first, second = Mock(store=again()), Mock(store=again())
    first.arm({"status": 503, "on_call": 2, "times": 2, "operation": "createTestApiKey"})

    assert [ask(mock).status for mock in (first, second, first, second)] == [200, 503, 503, 200]
    [armed] = second.faults()
    assert (armed.calls, armed.acted, armed.left) == (4, 2, 0)
    second.disarm()
    assert first.faults() == []


@SHARED
def test_a_fault_acts_so_many_times_for_all_processes_together(again: Opened) -> None:
    """Not so many times for each."""
    mocks = [Mock(store=again()) for _ in range(2)]
    mocks[0].arm({"status": 503, "times": 7})
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda number: ask(mocks[number % 2]).status, range(40)))

    assert statuses.count(503) == 7


@SHARED
def test_a_reset_disarms_every_process(again: Opened) -> None:
    """The next test begins without the faults of this one, wherever it calls."""
    first, second = Mock(store=again()), Mock(store=again())
    first.arm({"status": 503})
    second.reset()

    assert first.faults() == []
    assert ask(first).status == 200


# Lookups


@SHARED
def test_a_lookup_reads_what_sqlalchemy_reads(store: Store, other: Store) -> None:
    """The driver's rows need no conversion; what another process has just written is seen."""
    assert isinstance(store, SqlStore)
    lookup = Lookup(sa.select(CLIENTS).where(CLIENTS.c.phone == sa.bindparam("phone")), store._engine.dialect)
    with store._engine.connect() as connection:
        for client in (Client(PHONE, 2), holder(PHONE, "a"), holder(PHONE, "b", 0)):
            keep(other, client)
            expected = connection.execute(sa.select(CLIENTS).where(CLIENTS.c.phone == PHONE)).one()
            found = lookup.row(connection, PHONE)
            assert found is not None
            assert tuple(found) == tuple(expected)
        assert lookup.row(connection, OTHER) is None


@SHARED
def test_a_lookup_that_fails_is_told_as_any_other_failure(store: Store) -> None:
    """It is asked for once alone, and the error is of the kind that SQLAlchemy raises."""
    assert isinstance(store, SqlStore)
    missing = sa.table("missing", sa.column("name"))
    lookup = Lookup(
        sa.select(missing.c.name).where(missing.c.name == sa.bindparam("name")), store._engine.dialect
    )
    again: list[str] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda *told: again.append(told[2]))
    with store._engine.connect() as connection:
        with pytest.raises((sa.exc.OperationalError, sa.exc.ProgrammingError)) as raised:
            lookup.row(connection, "a")
        assert not raised.value.connection_invalidated
        assert not connection.invalidated
    assert again == []


def test_a_lookup_on_a_lost_connection_gives_it_up(postgres_address: str) -> None:
    """The error says so, and the pool does not hand the connection out again."""
    store = store_at(postgres_address)
    store.open(SEEDED)
    lookup = store._client
    with store._engine.connect() as connection, store._engine.connect() as other:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        other.exec_driver_sql(f"SELECT pg_terminate_backend({number}, 5000)")
        with pytest.raises(sa.exc.OperationalError) as raised:
            lookup.row(connection, PHONE)
        assert raised.value.connection_invalidated
        assert connection.invalidated
    store.close()
