"""Each file belongs to one part, and a part that executes too few branches is named with its worst files."""

import tomllib
from fnmatch import fnmatchcase
from typing import Any

import pytest

from contract_tests.coverage.bounds import BOUNDS, Part, count, left_out, read_bounds, table
from scripts.lib.paths import ROOT


def report(branches: int, executed: int) -> dict[str, Any]:
    """Return the report of coverage on one file."""
    summary = {
        "num_branches": branches,
        "covered_branches": executed,
        "missing_branches": branches - executed,
    }
    return {"summary": summary}


def test_every_file_belongs_to_a_part() -> None:
    """A new folder does not escape the bounds."""
    files = [
        str(path.relative_to(ROOT))
        for folder in ("scripts", "contract_tests", "generated")
        for path in (ROOT / folder).rglob("*.py")
    ]

    assert count(read_bounds(), dict.fromkeys(files, report(2, 2))) == []


def test_every_pattern_fits_a_file() -> None:
    """A pattern of a folder that was moved would leave its files to a weaker bound."""
    files = [str(path.relative_to(ROOT)) for path in ROOT.glob("*/**/*.py") if ".venv" not in path.parts]

    for part in read_bounds():
        assert all(any(fnmatchcase(file, each) for file in files) for each in part.files), part.name


def test_every_part_below_ninety_has_a_goal_or_a_reason() -> None:
    """A low bound is a debt that is named, not a habit."""
    parts = tomllib.loads(BOUNDS.read_text(encoding="utf-8"))["part"]

    for part in parts:
        assert part["branches"] >= 90 or part.get("goal", 0) >= 90 or part.get("reason"), part["name"]


def test_the_tests_that_are_left_out_are_there() -> None:
    """A test that was renamed would run again, and fail."""
    for test in left_out():
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_the_first_part_that_fits_has_the_file() -> None:
    """The bound of the rules is not watered down by the rest of the mock."""
    parts = [Part("rules", ("mock/keys/*",), 95), Part("rest", ("mock/*",), 90)]

    homeless = count(
        parts, {"mock/keys/a.py": report(10, 10), "mock/b.py": report(4, 1), "c.py": report(1, 1)}
    )

    assert [part.branches for part in parts] == [10, 4]
    assert homeless == ["c.py"]


@pytest.mark.parametrize(("executed", "is_kept"), [(94, False), (95, True)])
def test_a_bound_is_kept_from_its_own_number_on(executed: int, *, is_kept: bool) -> None:
    """Ninety-five of a hundred are enough for 95, and ninety-four are not."""
    (part,) = parts = [Part("rules", ("*",), 95)]

    count(parts, {"a.py": report(100, executed)})

    assert part.is_kept is is_kept
    assert ("missing in a.py" in "\n".join(table(parts))) is not is_kept


def test_a_part_without_branches_keeps_every_bound() -> None:
    """Nothing is missing where there is nothing."""
    assert Part("data", ("*",), 100).is_kept
