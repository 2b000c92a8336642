"""The pytest plugin: fixtures `novapost_mock` and `novapost_mock_server`, marker `novapost`.

It is loaded by every run of pytest where the package is installed, so it imports nothing until one of its
fixtures is asked for.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from novapost_mock.testing.fixtures import LocalMock, ServedMock
    from novapost_mock.testing.server_thread import Background

_MARKER = (
    "novapost(clients=..., now=..., seed=..., faults=..., daily_limit=..., ...): the first state of the "
    "fixtures novapost_mock and novapost_mock_server. clients: phones, or the number of matches by phone. "
    "now: the time of the clock. seed: the same seed gives the same keys, tokens and faults. faults: a list "
    "of faults. The other settings are those of novapost_mock.Readings. If several markers give a setting, "
    "the one closest to the test counts."
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(name="novapost_mock")
def _novapost_mock(request: pytest.FixtureRequest) -> "LocalMock":
    """Return the Nova Post sandbox in this process, new for each test.

    `httpx.Client(transport=novapost_mock.transport, base_url=novapost_mock.base_url)`, or
    `novapost_mock.client()` for short.
    """
    return _mock(request)


@pytest.fixture(name="novapost_mock_server")
def _novapost_mock_server(request: pytest.FixtureRequest) -> Iterator["ServedMock"]:
    """Yield the Nova Post sandbox on a real port of this machine: `.base_url`, `.mock`.

    The port is the same for the whole run, or for each worker of pytest-xdist; the mock is new for each test.
    """
    mock = _mock(request)
    from novapost_mock.testing.fixtures import ServedMock

    background: Background = request.getfixturevalue("_novapost_mock_background")
    background.mock = mock
    yield ServedMock(mock, background.port)
    # What a test has left running must not write into the journal of the next one unseen; it meets nobody.
    background.mock = _mock_of({"clients": ()})


@pytest.fixture(name="_novapost_mock_background", scope="session")
def _background() -> Iterator["Background"]:
    """Yield the port behind `novapost_mock_server`."""
    mock = _mock_of({"clients": ()})
    from novapost_mock.testing.server_thread import Background

    with Background(mock) as background:
        yield background


def _mock(request: pytest.FixtureRequest) -> "LocalMock":
    settings: dict[str, Any] = {}
    for marker in request.node.iter_markers("novapost"):
        if marker.args:
            pytest.fail("@pytest.mark.novapost takes named settings only", pytrace=False)
        settings = {**marker.kwargs, **settings}
    return _mock_of(settings)


def _mock_of(settings: dict[str, Any]) -> "LocalMock":
    try:
        from novapost_mock import EXTRA, MISSING
        from novapost_mock.testing.fixtures import mock_of
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        pytest.fail(MISSING, pytrace=False)
    try:
        return mock_of(settings)
    except (TypeError, ValueError) as error:
        pytest.fail(f"@pytest.mark.novapost: {error}", pytrace=False)
