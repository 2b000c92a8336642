"""Split the suite into units that run independently, so that shards can divide them.

A test that always does the same is one unit. A test that makes its data up is as many units as the campaign
has seeds. Of schemathesis' tests each operation and each phase is a test, so that what grows with the
document can be spread. A seeded defect is a unit, too. `Shard.takes` spreads them; nothing else knows
of machines.
"""

from dataclasses import dataclass

import hypothesis
import pytest

# What asks for this fixture makes its data up, as do the tests of Hypothesis.
SEED = "seed"


@dataclass(frozen=True, order=True)
class Unit:
    """One piece of a campaign.

    Attributes:
        made_up: whether it makes its data up. What is certain sorts first.
        turn: which of the campaign's seeds it has, from 0 on; 0 for what is certain.
        test: the test without its seed, such as
        "contract_tests/novapost/test_limit.py::test_a_day_has_one_issuing".
    """

    made_up: bool
    turn: int
    test: str

    @property
    def name(self) -> str:
        """The same for the same piece, however many seeds and shards there are."""
        return f"{self.test} seed+{self.turn}" if self.made_up else self.test


def of_defect(name: str) -> Unit:
    """Return the unit of a seeded defect."""
    return Unit(False, 0, f"defect {name}")


def of_item(item: pytest.Item) -> Unit:
    """Return the unit of a test of pytest."""
    turn: int = item.callspec.params.get(SEED, 0) if hasattr(item, "callspec") else 0
    end = turn_id(turn)
    test = item.nodeid
    for suffix in (f"[{end}]", f"-{end}]"):
        if test.endswith(suffix):
            test = test.removesuffix(suffix) + ("]" if suffix.startswith("-") else "")
            break
    return Unit(makes_up(item, getattr(item, "fixturenames", ())), turn, test)


def turn_id(turn: int) -> str:
    """Return the suffix of a test's id if the campaign has several seeds."""
    return f"seed+{turn}"


def makes_up(item: pytest.Item, fixtures: tuple[str, ...] | list[str]) -> bool:
    """Tell whether a test generates its data, so that another seed is another test."""
    if item.get_closest_marker("listed") is not None:
        return False
    function = item.function if isinstance(item, pytest.Function) else None
    return SEED in fixtures or (function is not None and hypothesis.is_hypothesis_test(function))
