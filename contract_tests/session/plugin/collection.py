"""Which tests a run has, and in which order: a plugin of pytest."""

import sys
from collections import Counter

import pytest

from contract_tests.session.run import RUN
from contract_tests.target import units
from contract_tests.target.shards import Shard

# What is quick and certain comes first: most defects need no fuzzing to be noticed, and of those most show in
# one answer. The walk and what is made up come last.
ORDER = (
    "test_statuses.py",
    "test_asking.py",
    "test_requests.py",
    "test_tokens.py",
    "test_limit.py",
    "test_renewals.py",
    "test_clients.py",
    "test_equal_requests.py",
    "test_connections.py",
    "test_histories.py",
    "test_memory.py",
    "test_calendar.py",
    "test_client.py",
    "test_document.py",
)
LAST = ("test_lifecycle.py", "test_operations.py")
# The fifth variant of a test and all further ones wait for the fourth of every other.
ROUNDS = 5


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the shard's tests: every status, then each test once before any variant, then the walks."""
    _keep(items, config.stash[RUN].shard)
    variants: Counter[tuple[str, str]] = Counter()
    ranks: dict[pytest.Item, tuple[int, int]] = {}
    for item in items:
        file, test = item.path.name, getattr(item, "originalname", item.name)
        variants[file, test] += 1
        made_up = units.of_item(item).made_up
        turn = 0 if file == ORDER[0] else min(variants[file, test], ROUNDS)
        place = ORDER.index(file) if file in ORDER else len(ORDER)
        ranks[item] = (ROUNDS + 1, LAST.index(file)) if file in LAST else (ROUNDS if made_up else turn, place)
    if config.stash[RUN].campaign:
        items.sort(key=ranks.__getitem__)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put the operation into the id of a test of schemathesis: otherwise all would be one unit."""
    test, bracket, operation = item.name.partition("[")
    if bracket and item.nodeid.endswith(f"::{test}"):
        # pytest 9.2 takes the id from `originalname`, which schemathesis 4.32 gives without the operation.
        item._id = item.id.with_params(operation.removesuffix("]"))


def _keep(items: list[pytest.Item], shard: Shard) -> None:
    if shard.of == 1:
        return
    of_items = {item: units.of_item(item) for item in items}
    if shard.of > len(set(of_items.values())):
        # A shard without units would pass without having asked anything.
        print(f"error: there are {len(of_items)} units, too few for {shard.of} shards", file=sys.stderr)
        pytest.exit("", returncode=2)
    kept = shard.takes(of_items.values())
    items[:] = [item for item in items if of_items[item] in kept]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test that generates its data every seed of the campaign."""
    turns: int = metafunc.config.getoption("--seeds")
    if turns > 1 and units.makes_up(metafunc.definition, metafunc.fixturenames):
        if units.SEED not in metafunc.fixturenames:
            metafunc.fixturenames.append(units.SEED)
        metafunc.parametrize(units.SEED, range(turns), indirect=True, ids=units.turn_id)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Note that the run is not whole."""
    if items:
        items[0].config.stash[RUN].whole = False
