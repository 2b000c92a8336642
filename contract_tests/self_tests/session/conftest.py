"""The mock that tests of campaigns send to."""

from collections.abc import Iterator

import pytest

from contract_tests.target import targets


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """Yield a mock on a port of its own."""
    with targets.opened("mock", None) as target:
        yield target.base_url.removesuffix("/v.1.0/")
