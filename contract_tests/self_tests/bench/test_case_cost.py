"""Does the profile of a made-up case name what runs?"""

from pathlib import Path

import hypothesis
import pytest
import schemathesis

from contract_tests.bench.programs.case_cost import OUTSIDE, PARTS, part_of
from scripts.lib.paths import ROOT

HOLDING = [ROOT / "contract_tests", *(Path(str(each.__file__)).parent for each in (hypothesis, schemathesis))]


@pytest.mark.parametrize(("file", "name"), [(file, name) for _, file, name in PARTS])
def test_what_it_looks_for_is_there(file: str, name: str) -> None:
    """A function that was renamed, here or in a newer version of a library, would take no time at all."""
    found = [
        path for folder in HOLDING for path in folder.rglob(f"*{file}") if "self_tests" not in path.parts
    ]

    assert [path for path in found if f"def {name}(" in path.read_text(encoding="utf-8")]


def test_a_moment_goes_to_the_part_that_is_named_first() -> None:
    """A check of an answer runs within the sending of a case, and that within the engine."""
    engine = ("/lib/hypothesis/internal/conjecture/engine.py", "run")
    run = ("/x/contract_tests/session/api.py", "run")
    judge = ("/x/contract_tests/checks/response_checks.py", "judge")

    assert part_of([("json.py", "loads"), judge, run, engine]) == "ours: checks of the answer"
    assert part_of([run, engine]) == "ours: the rest"
    assert part_of([engine]) == "made up: the engine of Hypothesis"
    assert part_of([("json.py", "loads")]) == OUTSIDE
