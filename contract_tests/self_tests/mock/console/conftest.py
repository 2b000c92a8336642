"""The mock whose pages are looked at."""

import random

import pytest

from contract_tests.self_tests.mock.console.requests import NOON
from novapost_mock import Clock, Mock


@pytest.fixture
def mock() -> Mock:
    return Mock(clock=Clock(lambda: NOON), random_bytes=random.Random(1).randbytes)
