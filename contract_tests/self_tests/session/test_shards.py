"""Is a campaign a set of units that shards divide without a hole and without doing anything twice?"""

import json
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.self_tests.support.suite.run import run_suite
from contract_tests.target import units
from contract_tests.target.shards import Shard
from contract_tests.target.units import Unit
from scripts.lib.paths import EFFECTIVE

OPERATIONS = 40
SEEDS = 3
TESTS = st.text("abc:[]+ ", min_size=1, max_size=6)
UNITS = st.sets(
    st.builds(Unit, made_up=st.just(False), turn=st.just(0), test=TESTS)
    | st.builds(Unit, made_up=st.just(True), turn=st.integers(0, 9), test=TESTS),
    max_size=60,
)


def divided(units: Iterable[Unit], of: int) -> list[set[Unit]]:
    """Return the units that each of some shards takes."""
    return [Shard(number, of).takes(units) for number in range(1, of + 1)]


@given(units=UNITS, of=st.integers(1, 64))
def test_shards_divide_the_units(units: set[Unit], of: int) -> None:
    """Each unit is taken by exactly one shard, and no shard has two units more than another."""
    shards = divided(units, of)

    assert Counter(unit for shard in shards for unit in shard) == Counter(units)
    for kind in (units, {unit for unit in units if unit.made_up}):
        taken = [len(shard & kind) for shard in shards]
        assert max(taken) - min(taken) <= 1


@given(units=UNITS, of=st.integers(1, 64), seed=st.integers(0, 99))
def test_the_order_in_which_units_come_changes_nothing(units: set[Unit], of: int, seed: int) -> None:
    """Machines collect in their own order, for instance that of their file systems."""
    shuffled = random.Random(seed).sample(sorted(units), len(units))

    assert divided(shuffled, of) == divided(sorted(units), of)


@given(units=UNITS)
def test_a_unit_has_a_name_of_its_own(units: set[Unit]) -> None:
    """By which it is found again, however many shards and seeds there are."""
    made_up = {unit for unit in units if unit.made_up}

    assert len({unit.name for unit in made_up}) == len(made_up)
    assert all(unit.name.endswith(f" seed+{unit.turn}") for unit in made_up)


def test_every_defect_is_a_unit() -> None:
    """`make defects SHARD=i/n` divides the catalogue by the same rule."""
    catalogue = {units.of_defect(defect.name) for defect in CATALOGUE}
    shards = divided(catalogue, 7)

    assert len(catalogue) == len(CATALOGUE)
    assert set().union(*shards) == catalogue
    assert sum(map(len, shards)) == len(catalogue)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a document of forty operations, as the vendor's next one may have."""
    tree = json.loads(EFFECTIVE.read_bytes())
    key = tree["paths"]["/test-api-keys"]["post"]
    for number in range(OPERATIONS - sum(map(len, tree["paths"].values()))):
        tree["paths"][f"/test-api-keys-{number}"] = {"post": key | {"operationId": f"another{number}"}}
    path = tmp_path_factory.mktemp("grown") / "grown.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def collected(*arguments: str) -> list[str]:
    """Return the ids of the tests that a run would have."""
    done = run_suite("--collect-only", "-q", "contract_tests/any_api/test_operations.py", *arguments)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [line for line in done.stdout.splitlines() if "::" in line]


def test_each_operation_and_phase_and_seed_is_a_unit_of_its_own(grown: Path) -> None:
    """Of forty operations no two have to be on one machine."""
    document = f"--document={grown}", f"--seeds={SEEDS}"
    whole = collected(*document)
    shards = [collected(*document, "--seed=7", f"--shard={n}/4") for n in range(1, 5)]

    fuzzed = [test for test in whole if "test_every_answer_keeps_the_promises[" in test]
    assert len(whole) == len(set(whole)) == OPERATIONS * (2 + SEEDS)
    assert len(fuzzed) == OPERATIONS * SEEDS
    assert Counter(test for shard in shards for test in shard) == Counter(whole)
    assert {len(shard) for shard in shards} == {len(whole) // 4}
    assert {sum(test in fuzzed for test in shard) for shard in shards} == {len(fuzzed) // 4}


def test_more_seeds_add_units_and_change_none() -> None:
    """What ran with one seed runs with three under the same names."""
    alone, three = collected(), collected(f"--seeds={SEEDS}")
    added = [test for test in three if test.endswith(("[seed+1]", "[seed+2]"))]

    assert {test.removesuffix("[seed+0]") for test in three if test not in added} == set(alone)


def test_more_shards_than_units_are_refused() -> None:
    """A shard without units would pass without having asked anything."""
    done = run_suite("contract_tests/novapost/test_limit.py", "--campaign", "--seed=7", "--shard=90/90")

    assert done.returncode == 2
    assert done.stderr.startswith("error: there are 11 units, too few for 90 shards\n")
