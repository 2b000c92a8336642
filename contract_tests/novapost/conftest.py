"""What the tests of Nova Post's rules ask for beyond the fixtures of the suite."""

import pytest

from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.steps import MORNING, OTHER, PHONE


@pytest.fixture
def morning(control: KeysControl) -> KeysControl:
    """Set the clock to a known time and register two phones."""
    control.begin_at(MORNING)
    control.register(PHONE)
    control.register(OTHER)
    return control
