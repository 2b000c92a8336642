"""What the tests of Nova Post's rules ask for beyond the fixtures of the suite."""

import pytest

from contract_tests.novapost.knowledge.stage import KeysControl as ControlClient
from contract_tests.novapost.knowledge.steps import MORNING, OTHER, PHONE


@pytest.fixture
def morning(stage: ControlClient) -> ControlClient:
    """Set the clock to a known time and register two phones."""
    stage.begin_at(MORNING)
    stage.register(PHONE)
    stage.register(OTHER)
    return stage
