"""The mock as the console sees it."""

from datetime import datetime
from typing import Protocol

from novapost_mock.control.routes import Controlled
from novapost_mock.keys.lifecycle import Client
from novapost_mock.keys.settings import Readings
from novapost_mock.messages import Reply, Request


class ShownMock(Controlled, Protocol):
    """The mock for the console: the mock for the control API, and the API itself."""

    readings: Readings

    def handle(self, request: Request, now: datetime | None = None) -> Reply:
        """See `Mock.handle`."""
        ...

    def remembered(self, phone: str) -> Client:
        """See `Mock.remembered`."""
        ...
