"""A deadline cuts every wait to what is left of it, and holds for calls within a call."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.runtime.deadline import Deadline, holding, left_now, running

# Whole seconds, which floats add exactly.
SECONDS = st.none() | st.integers(0, 100).map(float)


class Clock:
    """A clock that is set by hand."""

    time = 1_000.0

    def __call__(self) -> float:
        """Now."""
        return self.time


def shorter(*waits: float | None) -> float | None:
    """Return the shortest of some waits, where None is no bound."""
    return min((each for each in waits if each is not None), default=None)


@given(SECONDS, SECONDS, st.integers(0, 200).map(float))
def test_no_wait_is_longer_than_what_is_left(whole: float | None, wait: float | None, passed: float) -> None:
    """A wait without a bound of its own has that of the call; nothing is left below zero."""
    clock = Clock()
    deadline = Deadline(whole, clock, httpx.Timeout(wait, pool=7.0))
    clock.time += passed
    left = None if whole is None else max(0.0, 1_000.0 + whole - clock.time)

    assert deadline.left() == left
    assert deadline.cut(wait) == shorter(wait, left)
    assert deadline.waits() == {
        **dict.fromkeys(("connect", "read", "write"), shorter(wait, left)),
        "pool": shorter(7.0, left),
    }
    assert Deadline(whole, clock).waits() == dict.fromkeys(("connect", "read", "write", "pool"), whole)


@given(SECONDS, SECONDS)
def test_a_call_within_a_call_has_no_more_time_than_the_outer_one(
    outer: float | None, inner: float | None
) -> None:
    """Such as the one for a token."""
    clock = Clock()
    with holding(Deadline(outer, clock)):
        within = Deadline(inner, clock)

    assert within.left() == pytest.approx(shorter(outer, inner))


@pytest.mark.parametrize(("seconds", "left"), [(None, 60.0), (80.0, 60.0), (20.0, 20.0), (0.0, 0.0)])
def test_what_is_left_now_is_that_of_the_call_that_runs(seconds: float | None, left: float) -> None:
    """And the bound that is asked for where no call runs, or one without an end."""
    deadline = Deadline(seconds, Clock())

    with holding(deadline):
        assert running() is deadline
        assert left_now(60.0) == left
    assert running() is None
    assert left_now(60.0) == 60.0
