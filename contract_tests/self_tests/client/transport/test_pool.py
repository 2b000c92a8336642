"""Does a pool take back every place and every connection, however a call ends?"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpcore
import httpx
import pytest

from scripts.runtime import foreign, network
from scripts.runtime.deadline import Deadline, holding
from scripts.runtime.gate import AsyncGate, Gate, Place, Turns
from scripts.runtime.pool import AsyncPool, Pool
from scripts.runtime.progress import CONNECTING, SENT, begin, progress_of
from scripts.runtime.stock import AsyncLine, Line, Stock

HERE = httpcore.Origin(b"http", b"a", 80)
ELSEWHERE = httpcore.Origin(b"http", b"b", 80)
REQUEST = httpcore.Request("GET", "http://a/")


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer, which can be closed."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"body"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"body"


class Connection:
    """A connection of threads and tasks whose state is set by hand."""

    def __init__(self, *failures: BaseException) -> None:
        self.failures = list(failures)
        self.expired = self.closed = False

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Answer, or fail as told."""
        if self.failures:
            raise self.failures.pop(0)
        return httpcore.Response(200, content=Body())

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Do the same."""
        return self.handle_request(request)

    def has_expired(self) -> bool:
        """Return the state."""
        return self.expired

    def is_closed(self) -> bool:
        """Return the state."""
        return self.closed

    def is_idle(self) -> bool:
        """Return that nothing is going on."""
        return True

    def close(self) -> None:
        """Note it."""
        self.closed = True

    async def aclose(self) -> None:
        """Note it."""
        self.closed = True


def stock_of(*connections: Connection, kept: int = 5, tasks: bool = False) -> Stock[Any]:
    """Return a stock that makes these connections, one after the other."""
    coming = iter(connections)

    def connect(origin: httpcore.Origin) -> Any:
        one: Any = next(coming)
        return (
            AsyncLine(one, network.AsyncNetwork(), origin) if tasks else Line(one, network.Network(), origin)
        )

    return Stock(connect, kept, look=False)


def test_a_connection_is_kept_for_its_own_origin() -> None:
    """The one that was used last is taken first, and an expired one is closed."""
    stock = stock_of(*(Connection() for _ in range(4)))
    first, second = stock.take(HERE)[0], stock.take(HERE)[0]
    other = stock.take(ELSEWHERE)[0]
    for line in (first, second, other):
        assert stock.give_back(line, whole=True, wanted=False) is None

    assert stock.take(HERE) == (second, [])
    assert stock.take(ELSEWHERE) == (other, [])
    first.connection.expired = True
    fresh, closing = stock.take(HERE)
    assert fresh not in (first, second, other)
    assert closing == [first]
    assert stock.idle == []


def test_the_oldest_connection_is_closed_when_nobody_needs_it() -> None:
    """One look at each call."""
    stock = stock_of(Connection(), Connection())
    old, young = stock.take(ELSEWHERE)[0], stock.take(HERE)[0]
    for line in (old, young):
        stock.give_back(line, whole=True, wanted=False)
    old.connection.expired = True

    assert stock.take(HERE) == (young, [old])


def test_more_connections_than_are_kept_are_closed_unless_somebody_waits() -> None:
    """So is one whose answer was not read to its end."""
    stock = stock_of(*(Connection() for _ in range(3)), kept=1)
    one, two, three = (stock.take(HERE)[0] for _ in range(3))

    assert stock.give_back(one, whole=False, wanted=True) is one
    assert stock.give_back(two, whole=True, wanted=False) is None
    assert stock.give_back(three, whole=True, wanted=False) is three
    assert stock.empty() == [two]


def test_a_place_that_was_dropped_is_found_with_the_next_call() -> None:
    """An interrupt can come between any two steps of a thread; its connection is closed."""
    lost, fresh = Connection(), Connection()
    stock = stock_of(lost, fresh)
    pool = Pool(stock, Gate(1, httpcore.PoolTimeout))
    place = Place(pool._lost)
    pool._gate.enter(None, place)
    stock.take(HERE, place)
    del place

    response = pool.handle_request(REQUEST)

    assert (lost.closed, fresh.closed, repr(pool)) == (
        True,
        False,
        "<pool: 1 of 1 in use, 0 waiting, 0 kept, 1 busy>",
    )
    assert b"".join(response.iter_stream()) == b"body"
    response.close()
    response.close()
    assert repr(pool) == "<pool: 0 of 1 in use, 0 waiting, 1 kept, 0 busy>"


def test_a_place_that_is_dropped_during_a_call_is_found_at_its_end() -> None:
    """Those that wait at the gate have looked for lost ones before."""
    pool = Pool(stock_of(Connection()), Gate(2, httpcore.PoolTimeout))
    response = pool.handle_request(REQUEST)
    place = Place(pool._lost)
    pool._gate.enter(None, place)
    del place

    response.close()

    assert repr(pool) == "<pool: 0 of 2 in use, 0 waiting, 0 kept, 0 busy>"


def test_a_connection_whose_place_was_given_back_already_is_found_as_well() -> None:
    """The place is not given back twice, or one call too many would pass."""
    lost = Connection()
    stock = stock_of(lost, Connection())
    pool = Pool(stock, Gate(1, httpcore.PoolTimeout))
    pool._lost.append((False, stock.take(HERE)[0]))

    pool.handle_request(REQUEST)

    assert lost.closed
    assert repr(pool) == "<pool: 1 of 1 in use, 0 waiting, 0 kept, 1 busy>"


@pytest.mark.parametrize("tasks", [False, True])
def test_a_call_moves_on_from_a_connection_that_takes_no_more(tasks: bool) -> None:
    """HTTP/2 says good-bye so; the request never was on it."""
    spent, fresh = Connection(httpcore.ConnectionNotAvailable()), Connection()
    stock = stock_of(spent, fresh, tasks=tasks)
    if tasks:

        async def main() -> None:
            async with AsyncPool(stock, AsyncGate(1, httpcore.PoolTimeout)) as pool:
                response = await pool.handle_async_request(REQUEST)
                assert [part async for part in response.aiter_stream()] == [b"body"]
                await response.aclose()
                await response.aclose()
                assert repr(pool) == "<pool: 0 of 1 in use, 0 waiting, 1 kept, 0 busy>"

        asyncio.run(main())
    else:
        with Pool(stock, Gate(1, httpcore.PoolTimeout)) as pool:
            pool.handle_request(REQUEST).close()
            assert repr(pool) == "<pool: 0 of 1 in use, 0 waiting, 0 kept, 0 busy>"

    assert spent.closed
    assert fresh.closed


@pytest.mark.parametrize("tasks", [False, True])
def test_a_call_that_fails_gives_back_its_place(tasks: bool) -> None:
    """Whatever it was that failed, an interrupt included."""
    stock = stock_of(Connection(KeyboardInterrupt()), tasks=tasks)

    async def main() -> str:
        pool = AsyncPool(stock, AsyncGate(1, httpcore.PoolTimeout))
        with pytest.raises(KeyboardInterrupt):
            await pool.handle_async_request(REQUEST)
        return repr(pool)

    if tasks:
        shown = asyncio.run(main())
    else:
        pool = Pool(stock, Gate(1, httpcore.PoolTimeout))
        with pytest.raises(KeyboardInterrupt):
            pool.handle_request(REQUEST)
        shown = repr(pool)

    assert shown == "<pool: 0 of 1 in use, 0 waiting, 0 kept, 0 busy>"


def test_each_event_loop_has_a_gate_of_its_own() -> None:
    """A place that one loop gives back is for its own tasks; a loop that is over is forgotten."""
    turns = Turns(1, TimeoutError)

    async def main() -> AsyncGate:
        assert turns.tasks is turns.tasks
        gate = turns.tasks
        await gate.enter(None)
        waiting = asyncio.ensure_future(gate.enter(None))
        await asyncio.sleep(0)
        assert (gate.inside, gate.waiting) == (1, 1)
        gate.leave()
        await waiting
        return gate

    assert asyncio.run(main()) is not asyncio.run(main())
    assert len(turns._loops) == 1


@pytest.mark.parametrize("tasks", [False, True])
def test_a_request_that_gets_a_second_new_connection_is_watched_once(tasks: bool) -> None:
    """Else each event would be told as often as there were connections."""
    told: list[str] = []

    def trace(event: str, facts: Any) -> None:
        told.append(event)

    async def trace_async(event: str, facts: Any) -> None:
        told.append(event)

    extensions: dict[str, Any] = {"trace": trace_async if tasks else trace}
    begin(extensions, is_new=True, tasks=tasks)
    begin(extensions, is_new=True, tasks=tasks)
    assert progress_of(extensions) == CONNECTING

    for method in ("CONNECT", "GET"):
        facts = {"request": httpcore.Request(method, "http://a/")}
        step = extensions["trace"]("http11.send_request_headers.started", facts)
        if tasks:
            asyncio.run(step)
        assert progress_of(extensions) == (SENT if method == "GET" else CONNECTING)
    assert told == ["http11.send_request_headers.started"] * 2


class Pending:
    """A TLS connection with something that has arrived."""

    def selected_alpn_protocol(self) -> str | None:
        """Return that none was agreed on."""
        return None

    def pending(self) -> int:
        """Return how many bytes there are."""
        return 1


@pytest.mark.parametrize(
    ("facts", "readable"),
    [
        ({"is_readable": True}, True),
        ({}, False),
        ({"ssl_object": Pending()}, True),
    ],
)
def test_what_tls_has_taken_from_the_socket_has_arrived(facts: dict[str, Any], readable: bool) -> None:
    """Nothing is due on an idle connection, so it is of no use then."""

    class Stream(httpcore.NetworkStream):
        def get_extra_info(self, info: str) -> Any:
            return facts.get(info)

    assert network._is_readable(Stream()) is readable
    assert isinstance(Pending(), ssl.SSLObject) is False


@pytest.mark.parametrize(
    ("seconds", "wait", "cut"), [(None, 5.0, 5.0), (3.0, 5.0, 3.0), (3.0, None, 3.0), (9.0, 5.0, 5.0)]
)
def test_a_wait_is_cut_to_the_deadline(seconds: float | None, wait: float | None, cut: float) -> None:
    """Where there is one; outside of a call there is none."""
    assert network._cut(wait) == wait
    with holding(Deadline(seconds, lambda: 0.0, httpx.Timeout(wait))) as _:
        assert network._cut(wait) == cut
    assert set(Deadline(seconds, lambda: 0.0, httpx.Timeout(wait)).waits().values()) == {cut}


def test_a_pool_of_somebody_else_is_taught_the_deadline_once() -> None:
    """One that has no network backend keeps none, and that is told."""
    pool = httpcore.ConnectionPool()

    assert foreign.keep_to_deadline([pool])
    inner = pool._network_backend
    assert foreign.keep_to_deadline([pool])
    assert pool._network_backend is inner
    del pool._network_backend
    assert not foreign.keep_to_deadline([pool])
    assert not foreign.keep_to_deadline([])
