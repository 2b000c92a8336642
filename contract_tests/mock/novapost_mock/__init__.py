"""The Nova Post sandbox on your own machine, with its rules and its clock in your hands.

`Mock` maps a `Request` to a `Reply`, both plain values. `MockTransport` puts it behind an httpx client of
the same process, `python -m novapost_mock` behind a port. Nothing here opens a connection to anywhere.
"""

from typing import TYPE_CHECKING, Any

from novapost_mock.clock import Clock
from novapost_mock.messages import Reply, Request
from novapost_mock.mock import Mock
from novapost_mock.readings import Readings

if TYPE_CHECKING:
    from novapost_mock.transport import MockTransport

__all__ = ["Clock", "Mock", "MockTransport", "Readings", "Reply", "Request"]


def __getattr__(name: str) -> Any:
    # The transport brings httpx, which takes longer to import than all the rest; the server has no use
    # for it and should be ready at once (PEP 562).
    if name == "MockTransport":
        from novapost_mock.transport import MockTransport

        return MockTransport
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
