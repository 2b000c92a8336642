"""Tests that are careless with keys on purpose; run by path from test_campaign.py, against the mock."""

import pytest

from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.steps import PHONE


@pytest.fixture
def key(api: Api, control: KeysControl) -> object:
    """Whatever stands where the key should."""
    control.register(PHONE)
    return api.ask(PHONE).json()["apiKey"]


def test_prints_and_passes(key: object, record_property: pytest.FixtureRequest) -> None:
    print(key)
    record_property("key", str(key))  # type: ignore[operator]


def test_prints_and_fails(key: object) -> None:
    print(key)
    raise RuntimeError(key)


def test_skips(key: object) -> None:
    pytest.skip(str(key))
