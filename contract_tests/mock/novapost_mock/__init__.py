"""A mock of the Nova Post sandbox on your own machine, with its rules and a clock that you control.

`Mock` maps a `Request` to a `Reply`; both are plain values. `MockTransport` connects it with an httpx client
of the same process, and `python -m novapost_mock` with a port. The mock opens no connection to other servers.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from novapost_mock.faults.fault import Fault
    from novapost_mock.keys.clock import Clock
    from novapost_mock.keys.settings import Readings
    from novapost_mock.messages import Reply, Request
    from novapost_mock.mock import Mock
    from novapost_mock.testing.fixtures import LocalMock, ServedMock
    from novapost_mock.testing.using import mocked, served
    from novapost_mock.transport import MockTransport

__all__ = [
    "Clock",
    "Fault",
    "LocalMock",
    "Mock",
    "MockTransport",
    "Readings",
    "Reply",
    "Request",
    "ServedMock",
    "mocked",
    "served",
]

_HOMES = {
    "Clock": "keys.clock",
    "Fault": "faults.fault",
    "LocalMock": "testing.fixtures",
    "Mock": "mock",
    "MockTransport": "transport",
    "Readings": "keys.settings",
    "Reply": "messages",
    "Request": "messages",
    "ServedMock": "testing.fixtures",
    "mocked": "testing.using",
    "served": "testing.using",
}


EXTRA = ("httptools", "jsonschema_rs", "jinja2", "yaml")
"""What the extra [mock] brings, by the names of its modules."""

MISSING = "the mock needs more: pip install 'novapost-client[mock]'"


def __getattr__(name: str) -> Any:
    # Names are fetched when they are used (PEP 562): the server has no use for the transport's httpx, and
    # the command can say what is missing where the extra [mock] is not installed.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = import_module(f"{__name__}.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        raise ModuleNotFoundError(f"{__name__}.{name}: {MISSING}", name=error.name) from None
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
