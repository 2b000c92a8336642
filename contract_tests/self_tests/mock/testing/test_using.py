"""A mock without pytest: for a block, a test of unittest, a coroutine; and the settings it takes."""

import asyncio
import inspect
import subprocess
import sys
import unittest
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from novapost_client import Client
from novapost_mock import Fault, LocalMock, Mock, MockTransport, Readings, ServedMock, mocked, served

PHONE = "498213437654"
OTHER = "4915112345678"


def test_a_block_has_a_mock() -> None:
    """The client goes through its transport, and no port is opened."""
    with (
        mocked(clients=[OTHER], now="2026-01-01T10:00:00Z", seed=1) as mock,
        Client.sandbox(httpx_args={"transport": mock.transport}) as client,
    ):
        key = client.test_api_keys.create(phone=OTHER)

    assert key.created_at == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert [call.rule for call in mock.calls] == ["one-active"]


def test_a_block_has_a_port() -> None:
    """For what opens its own connections; afterwards nobody listens there."""
    with served() as server:
        assert httpx.post(server.base_url + "test-api-keys", json={"phone": PHONE}).status_code == 200
        assert httpx.get(server.control_url + "health").json()["status"] == "ok"
        assert len(server.mock.keys()) == 1

    with pytest.raises(httpx.ConnectError):
        httpx.get(server.control_url + "health")


class Tests(unittest.TestCase):
    """Run by the test below, and by pytest as it finds it."""

    @mocked(clients=[OTHER])
    def test_decorated(self, mock: LocalMock) -> None:
        assert mock.client().post("test-api-keys", json={"phone": OTHER}).status_code == 200

    @served(daily_limit="strict")
    def test_served(self, server: ServedMock) -> None:
        statuses = [
            httpx.post(server.base_url + "test-api-keys", json={"phone": PHONE}).status_code for _ in range(2)
        ]
        assert statuses == [200, 429]

    def setUp(self) -> None:
        self.mock = self.enterContext(mocked())

    def test_entered(self) -> None:
        assert self.mock.clients() == {PHONE: 1}


class AsyncTests(unittest.IsolatedAsyncioTestCase):
    """The same under asyncio."""

    @mocked()
    async def test_decorated(self, mock: LocalMock) -> None:
        async with mock.async_client() as client:
            assert (await client.post("test-api-keys", json={"phone": PHONE})).status_code == 200

    async def test_entered(self) -> None:
        async with served() as server, httpx.AsyncClient() as client:
            assert (await client.get(server.control_url + "health")).status_code == 200


@pytest.mark.parametrize("case", [Tests, AsyncTests])
def test_unittest_runs_them(case: type[unittest.TestCase]) -> None:
    """By its own runner."""
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)

    assert result.testsRun == len([name for name in dir(case) if name.startswith("test_")])
    assert not result.errors + result.failures


@mocked(clients=[OTHER])
@pytest.mark.parametrize("count", [1, 2])
def test_a_decorated_test_of_pytest_keeps_its_arguments(count: int, mock: LocalMock) -> None:
    """The mock comes last, and pytest looks for no fixture of that name."""
    mock.register(PHONE, count)

    assert mock.clients() == {OTHER: 1, PHONE: count}


def test_each_use_has_a_mock_of_its_own() -> None:
    """Tests that share a state fail in another order."""
    using = mocked()
    seen: list[LocalMock] = []

    @using
    def test(mock: LocalMock) -> None:
        seen.append(mock)

    test()
    test()
    with using as outer, using as inner:
        seen += [outer, inner]

    assert len({id(mock) for mock in seen}) == 4
    assert list(inspect.signature(test).parameters) == []


def test_a_wrong_setting_is_told_where_it_stands() -> None:
    """When the decorator is written, not when the test runs."""
    with pytest.raises(ValueError, match="clinets is none of: clients, now, seed, faults, daily_limit"):
        mocked(clinets=[PHONE])
    with pytest.raises(TypeError, match="decorate the tests of a class"):
        mocked()(Tests)
    with pytest.raises(TypeError, match="test takes no argument; the last one is the mock"):

        @mocked()
        def test() -> None: ...


# The settings of Mock


def test_a_mock_takes_the_settings_of_the_marker() -> None:
    """One word for one thing, wherever it is set."""
    ways = [
        Mock(seed=7, now="2026-01-01T10:00:00Z", daily_limit="strict", faults=[{"status": 503, "times": 1}])
        for _ in range(2)
    ]
    answers = [
        [
            httpx.Client(transport=MockTransport(mock), base_url="http://x/v.1.0/").post(
                "test-api-keys", json={"phone": PHONE}
            )
            for _ in range(3)
        ]
        for mock in ways
    ]

    assert [[each.status_code for each in row] for row in answers] == [[503, 200, 429]] * 2
    assert answers[0][1].json() == answers[1][1].json()
    assert answers[0][1].json()["createdAt"].startswith("2026-01-01T10:00:00")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"clients": PHONE}, r'clients is a list of phones, or the matches by phone: clients=\["…"\]'),
        *(
            ({"clients": wrong}, "clients is a list of phones, or the matches by phone")
            for wrong in (498213437654, b"498213437654", None)
        ),
        ({"clients": [498213437654]}, "a list of clients holds phones as texts"),
        ({"clients": [(PHONE, 2)]}, r'matches by phone: \{"…": 2\}'),
        ({"clients": {498213437654: 1}}, "a phone is a text"),
        ({"clinets": [PHONE]}, "clinets is none of: clients, now, seed, faults, daily_limit"),
        ({"now": 7}, "now is a datetime with an offset, or a text such as"),
        ({"now": "2026-01-01T10:00:00Z", "clock": Mock().clock}, "give a clock, or now, not both"),
        ({"now": "yesterday"}, "now: a moment is written as in 2026-01-01T10:00:00Z"),
        ({"seed": -1}, "seed is a whole number, zero or more"),
        ({"readings": Readings(), "daily_limit": "strict"}, "give readings, or single settings, not both"),
        ({"daily_limit": "x"}, "daily_limit is 'issuing' or 'strict'"),
        *(
            ({"faults": wrong}, r'faults is a list of faults: faults=\[\{"status": 503\}\]')
            for wrong in ({"status": 503}, "timeout", 503, Fault(status=503))
        ),
        ({"faults": [{"statsu": 503}]}, r"statsu is none of them \(status\?\)"),
    ],
)
def test_wrong_settings_are_refused_with_a_hint(settings: dict[str, Any], message: str) -> None:
    """And no phone is repeated."""
    with pytest.raises(ValueError, match=message) as caught:
        Mock(**settings)

    assert PHONE not in str(caught.value)


def test_what_steers_a_mock_takes_what_its_settings_take() -> None:
    """A moment as a text; and what it does not take it names."""
    mock = Mock()

    assert mock.clock.set("2026-01-01T11:00:00+01:00").isoformat() == "2026-01-01T10:00:00+00:00"
    wrong: Any
    for wrong in ("yesterday", 7, None, "2026-01-01"):
        with pytest.raises(ValueError, match="a moment is"):
            mock.clock.set(wrong)
    for wrong in ("1", None, -1, float("nan")):
        with pytest.raises(ValueError, match="by a number of seconds"):
            mock.clock.advance(wrong)
    for wrong in ([{"status": 503}], ({"status": 503}, {"status": 404})):
        with pytest.raises(ValueError, match=r"one by one: arm\(first, second\), or arm\(\*several\)"):
            mock.arm(wrong)


@pytest.mark.parametrize("used", [mocked, served])
def test_forgotten_parentheses_are_named(used: Any) -> None:
    """Where the decorator stands, and not when its test runs."""
    with pytest.raises(TypeError, match=rf"named settings: @{used.__name__}\(\) above a test"):
        used(lambda mock: mock)


@pytest.mark.parametrize("name", ["Mock", "mocked", "LocalMock"])
def test_without_the_extra_each_name_says_what_it_needs(name: str) -> None:
    """Whoever installed the client alone has the package, but not what it needs."""
    program = f"import sys; sys.modules['jsonschema_rs'] = None\nfrom novapost_mock import {name}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"ModuleNotFoundError: novapost_mock.{name}: the mock needs more: pip install 'novapost-client[mock]'"
    )


# A fault that ends in the caller's time-out


def test_a_timeout_comes_at_once() -> None:
    """The default time-out is half a minute, and a test has better things to do."""
    slept: list[float] = []
    mock = LocalMock(faults=[Fault(timeout=True, times=1)])
    client = httpx.Client(
        transport=MockTransport(mock, sleep=slept.append), base_url=mock.base_url, timeout=30
    )

    with pytest.raises(httpx.ReadTimeout):
        client.post("test-api-keys", json={"phone": PHONE})

    assert slept == []
    assert len(mock.keys()) == 1  # the key is issued, and the caller never learns of it
    assert client.post("test-api-keys", json={"phone": PHONE}).status_code == 200


def test_a_timeout_comes_at_once_for_async_callers() -> None:
    """Also where the client would wait for ever."""
    mock = LocalMock(faults=[{"kind": "timeout"}])

    async def call() -> None:
        async with mock.async_client(timeout=None) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("clients/authorization")

    asyncio.run(call())
    assert mock.calls[0].fault == "timeout"


def test_on_a_port_nothing_comes() -> None:
    """There the caller's own clock decides."""
    with served(faults=[{"kind": "timeout", "times": 1}]) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(server.base_url + "clients/authorization", timeout=0.2)
        assert httpx.get(server.base_url + "clients/authorization").status_code == 422
