"""A history is explained if, and only if, some order of its calls is."""

import random
from collections.abc import Iterator

import pytest

from contract_tests.principles.histories import MOST_CALLS, Call, at_once, explained


def register(state: int, asked: int | None, answer: int) -> Iterator[int]:
    """Model a register: None reads it, a number is written and answered with itself."""
    if asked is not None:
        yield asked
    elif answer == state:
        yield state


def call(begun: float, ended: float, asked: int | None, answer: int) -> Call[int | None, int]:
    return Call(begun, ended, asked, answer)


@pytest.mark.parametrize(
    ("calls", "ends"),
    [
        ([], {0}),
        ([call(0, 1, None, 0)], {0}),
        ([call(0, 1, None, 1)], set()),
        ([call(0, 3, 1, 1), call(1, 2, None, 0)], {1}),
        ([call(0, 3, 1, 1), call(1, 2, None, 1)], {1}),
        ([call(0, 1, 1, 1), call(2, 3, None, 0)], set()),
        # In the moment in which one call ends and another begins nobody can say which came first.
        ([call(0, 1, 1, 1), call(1, 2, None, 0)], {1}),
        ([call(0, 9, 1, 1), call(0, 9, 2, 2)], {1, 2}),
        ([call(0, 9, 1, 1), call(1, 2, None, 1), call(3, 4, None, 0)], set()),
    ],
)
def test_a_register(calls: list[Call[int | None, int]], ends: set[int]) -> None:
    assert explained(calls, 0, register) == ends


@pytest.mark.parametrize("seed", range(20))
def test_what_happened_in_some_order_is_explained(seed: int) -> None:
    """Calls that take effect at a moment between begin and end make sense, whatever they overlap."""
    chance, state, calls = random.Random(seed), 0, []
    for moment in range(10):
        asked = chance.choice([None, moment])
        state = state if asked is None else asked
        calls.append(call(moment - chance.random() * 4, moment + chance.random() * 4, asked, state))
    chance.shuffle(calls)

    assert state in explained(calls, 0, register)


def test_too_many_calls_are_refused() -> None:
    with pytest.raises(ValueError, match=f"a history has 17 calls; {MOST_CALLS} can be ordered"):
        explained([call(0, 1, None, 0)] * 17, 0, register)


def test_calls_at_once_overlap_and_their_failure_is_told() -> None:
    calls = at_once(lambda number: number * 2, range(6))

    assert sorted(each.answer for each in calls) == [0, 2, 4, 6, 8, 10]

    def fail(number: int) -> int:
        raise LookupError(number)

    with pytest.raises(LookupError):
        at_once(fail, [1, 2])
