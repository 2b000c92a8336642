"""Rows of choices in which every pair of choices stands together at least once."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence

# By factor, its levels; "" is the usual one.
Factors = Mapping[str, Sequence[str]]
_TRIES = 30


def rows(factors: Factors, seed: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of levels, without those that are usual, until every pair of levels has been met."""
    chance = random.Random(seed)
    left = {
        pair
        for (a, of_a), (b, of_b) in itertools.combinations(factors.items(), 2)
        for pair in itertools.product(((a, x) for x in of_a), ((b, y) for y in of_b))
    }
    while left:
        # Begun with a pair that is missing, so that every row is of use.
        begun = dict(chance.choice(sorted(left)))
        drawn = [_completed(begun, factors, chance) for _ in range(_TRIES)]
        row = max(drawn, key=lambda each: len(left & _pairs(each)))
        left -= _pairs(row)
        yield tuple(level for level in row.values() if level)


def _completed(begun: dict[str, str], factors: Factors, chance: random.Random) -> dict[str, str]:
    return {name: begun.get(name) or chance.choice(levels) for name, levels in factors.items()} | begun


def _pairs(row: dict[str, str]) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    return set(itertools.combinations(row.items(), 2))
