"""What the pytest fixtures give: mocks with what a test needs to reach them."""

import random
import secrets
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import httpx

from novapost_mock.control.journal import Entry
from novapost_mock.faults.fault import Fault
from novapost_mock.keys.clock import Clock, read_moment, utc
from novapost_mock.keys.settings import Readings
from novapost_mock.mock import EXAMPLE_PHONE, Mock
from novapost_mock.transport import MockTransport

HOST = "https://novapost-mock.invalid"
"""Nobody has this name (RFC 2606), so a client that was built without the transport reaches nobody."""

_READINGS = tuple(each.name for each in fields(Readings))
SETTINGS = ("clients", "now", "seed", "faults", *_READINGS)
"""What the marker takes."""


class LocalMock(Mock):
    """A mock in the process of a test, with the transport that leads to it.

    The methods of `Mock` are those of the control API: `register`, `unregister`, `clients`, `clock`,
    `cleanup`, `keys`, `arm`, `disarm`, `faults`, `journal`, `reset`.
    """

    @property
    def transport(self) -> MockTransport:
        """A transport for `httpx.Client` and `httpx.AsyncClient` alike, and for whatever takes one."""
        return MockTransport(self)

    @property
    def base_url(self) -> str:
        """The base address of the API, with a slash at the end."""
        return f"{HOST}{self.document.base_path}/"

    @property
    def calls(self) -> list[Entry]:
        """The requests seen and the answers given, the oldest first; the same as `journal()`."""
        return self.journal()

    def client(self, **options: Any) -> httpx.Client:
        """Return an httpx client of this mock; the options are those of `httpx.Client`."""
        return httpx.Client(**{"transport": self.transport, "base_url": self.base_url, **options})

    def async_client(self, **options: Any) -> httpx.AsyncClient:
        """Return an async httpx client of this mock; the options are those of `httpx.AsyncClient`."""
        return httpx.AsyncClient(**{"transport": self.transport, "base_url": self.base_url, **options})


class ServedMock:
    """A mock behind a real port of this machine, for what cannot take a transport.

    Attributes:
        mock: the mock, which the test may steer directly.
        base_url: the base address of the API, with a slash at the end.
        control_url: the address of the control API, with a slash at the end.
    """

    def __init__(self, mock: LocalMock, port: int) -> None:
        self.mock = mock
        self.base_url = f"http://127.0.0.1:{port}{mock.document.base_path}/"
        self.control_url = f"http://127.0.0.1:{port}/__mock__/"

    def client(self, **options: Any) -> httpx.Client:
        """Return an httpx client of this server; the options are those of `httpx.Client`."""
        return httpx.Client(**{"base_url": self.base_url, **options})

    def async_client(self, **options: Any) -> httpx.AsyncClient:
        """Return an async httpx client of this server; the options are those of `httpx.AsyncClient`."""
        return httpx.AsyncClient(**{"base_url": self.base_url, **options})


def mock_of(settings: Mapping[str, Any]) -> LocalMock:
    """Build a mock as a marker asks.

    Args:
        settings: `clients`, a list of phones or the matches by phone; `now`, a moment with an offset or its
            RFC 3339 text, at which the clock stands until it is moved; `seed`, a whole number that makes
            keys, tokens and faults repeat; `faults`, a list as `Mock.arm` takes them; every setting of
            `Readings`. The defaults are those of `Mock`.

    Raises:
        ValueError: an unknown setting or a wrong value.
    """
    if unknown := sorted(settings.keys() - set(SETTINGS)):
        raise ValueError(f"{unknown[0]} is none of: {', '.join(SETTINGS)}")
    seed = settings.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or seed < 0):
        raise ValueError("seed is a whole number, zero or more")
    mock = LocalMock(
        settings.get("clients", (EXAMPLE_PHONE,)),
        readings=Readings(**{name: settings[name] for name in _READINGS if name in settings}),
        clock=Clock() if settings.get("now") is None else _standing(settings["now"]),
        random_bytes=secrets.token_bytes if seed is None else random.Random(seed).randbytes,
    )
    mock.arm(*(_seeded(fault, seed) for fault in settings.get("faults", ())))
    return mock


def _standing(now: Any) -> Clock:
    if isinstance(now, str):
        now = read_moment(now)
    if not isinstance(now, datetime):
        raise ValueError("now is a datetime with an offset, or a text such as 2026-01-01T10:00:00Z")
    moment = utc(now)
    return Clock(lambda: moment)


def _seeded(fault: Fault | Mapping[str, Any], seed: int | None) -> Fault | Mapping[str, Any]:
    if seed is None or not isinstance(fault, Mapping):
        return fault
    return {"seed": seed, **fault}
