"""A document as schemathesis reads it, for one phase of its tests."""

from collections.abc import Sequence
from typing import Any

import schemathesis
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.schemas import BaseSchema

from contract_tests.target.asked_paths import with_plain_names

PHASES = ("examples", "coverage", "fuzzing")


def schema_of(phase: str, document: dict[str, Any], cases: int, left_out: Sequence[str] = ()) -> BaseSchema:
    """Return the document for one phase: each phase is a test of its own, so that machines can share them.

    Args:
        phase: one of `PHASES`.
        document: the OpenAPI document.
        cases: how many cases the phase `fuzzing` generates for each operation.
        left_out: the names of the checks of schemathesis that are switched off.
    """
    phases = PhasesConfig(
        examples=ExamplesPhaseConfig(enabled=phase == "examples"),
        coverage=CoveragePhaseConfig(enabled=phase == "coverage"),
        fuzzing=FuzzingPhaseConfig(
            enabled=phase == "fuzzing", generation=GenerationConfig(max_examples=cases)
        ),
        # Sequences of calls are sent by test_lifecycle.py, where the rules say which answers to expect.
        stateful=StatefulPhaseConfig(enabled=False),
    )
    checks = ChecksConfig.from_dict({name: {"enabled": False} for name in left_out})
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(checks=checks, phases=phases)))
    return schemathesis.openapi.from_dict(with_plain_names(document), config=config)
