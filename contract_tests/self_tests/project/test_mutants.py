"""Does the table of mutation testing name files that exist?"""

import pytest

from contract_tests.self_tests.mutants.table import Part, read_table
from scripts.lib.paths import ROOT


@pytest.mark.parametrize("part", read_table(), ids=lambda part: part.name)
def test_a_part_names_a_module_and_tests_that_exist(part: Part) -> None:
    """A module that moved must not leave its tests without mutants."""
    paths = [part.module, *(each.partition("::")[0] for each in part.tests if not each.startswith("-"))]

    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("part", read_table(), ids=lambda part: part.name)
def test_an_explanation_says_why(part: Part) -> None:
    """A survivor without a reason is a missing test."""
    assert [each.line for each in part.explained if len(each.because) < 20] == []
