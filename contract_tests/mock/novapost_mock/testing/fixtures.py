"""The values of the pytest fixtures: mocks, with their transports and addresses."""

from collections.abc import Mapping
from typing import Any

import httpx

from novapost_mock.control.journal import Entry
from novapost_mock.keys.start import SETTINGS
from novapost_mock.mock import Mock
from novapost_mock.transport import MockTransport

__all__ = ["HOST", "SETTINGS", "LocalMock", "ServedMock", "mock_of"]

HOST = "https://novapost-mock.invalid"
"""Nobody has this name (RFC 2606), so a client that was built without the transport reaches nobody."""


class LocalMock(Mock):
    """A mock in the process of a test, with its transport.

    It has the methods of `Mock`: `register`, `unregister`, `clients`, `clock`,
    `cleanup`, `keys`, `arm`, `disarm`, `faults`, `journal`, `reset`.
    """

    @property
    def transport(self) -> MockTransport:
        """A transport for `httpx.Client`, `httpx.AsyncClient`, and every client that accepts one."""
        return MockTransport(self)

    @property
    def base_url(self) -> str:
        """The base address of the API, with a slash at the end."""
        return f"{HOST}{self.document.base_path}/"

    @property
    def calls(self) -> list[Entry]:
        """The requests with their answers, the oldest first; the same as `journal()`."""
        return self.journal()

    def client(self, **options: Any) -> httpx.Client:
        """Return an httpx client of this mock; the options are those of `httpx.Client`."""
        return httpx.Client(**{"transport": self.transport, "base_url": self.base_url, **options})

    def async_client(self, **options: Any) -> httpx.AsyncClient:
        """Return an async httpx client of this mock; the options are those of `httpx.AsyncClient`."""
        return httpx.AsyncClient(**{"transport": self.transport, "base_url": self.base_url, **options})


class ServedMock:
    """A mock on a real port of this machine, for a client that accepts no transport.

    Attributes:
        mock: the mock, which the test may change directly.
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
    """Build a mock with the settings of a marker.

    Args:
        settings: `clients`, `now`, `seed`, `faults` and every setting of `Readings`, as `Mock` has them.

    Raises:
        ValueError: an unknown setting or a wrong value.
    """
    if unknown := sorted(settings.keys() - set(SETTINGS)):
        raise ValueError(f"{unknown[0]} is none of: {', '.join(SETTINGS)}")
    return LocalMock(**settings)
