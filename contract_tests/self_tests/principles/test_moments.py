"""Moments follow their questions, however a server writes them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.principles.moments import Named, strays

BEGIN = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def row(written: Callable[[datetime], str], step: float = 0.007, shift: float = 0.0) -> Iterator[Named]:
    """Yield what a server writes that is asked every few milliseconds, from a full second on."""
    for number in range(20):
        now = step * (number + 0.5)
        yield Named(written(BEGIN + timedelta(seconds=now + shift)), now - step / 2, now + step / 2)


def without_zeros(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond}Z"


HONEST: dict[str, Callable[[datetime], str]] = {
    "six digits": lambda m: f"{m:%Y-%m-%dT%H:%M:%S.%f}Z",
    "zeros at the end left out": lambda m: f"{m:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".") + "Z",
    "milliseconds": lambda m: m.isoformat(timespec="milliseconds"),
    "tenths, rounded": lambda m: f"{m + timedelta(milliseconds=50):%Y-%m-%dT%H:%M:%S.%f}"[:21] + "Z",
    "seconds": lambda m: m.isoformat(timespec="seconds"),
    "seconds, rounded up": lambda m: (m + timedelta(milliseconds=999)).isoformat(timespec="seconds"),
    "nine digits": lambda m: f"{m:%Y-%m-%dT%H:%M:%S.%f}000Z",
}


@pytest.mark.parametrize("written", HONEST.values(), ids=HONEST)
@pytest.mark.parametrize("step", [0.002, 0.007, 0.3])
@pytest.mark.parametrize("shift", [0.0, 0.93, 3600.0])
def test_moments_at_the_pace_of_their_questions_are_no_finding(
    written: Callable[[datetime], str], step: float, shift: float
) -> None:
    """The target's clock may be another one, and show as many digits as it likes."""
    assert list(strays(list(row(written, step, shift)))) == []


@pytest.mark.parametrize("step", [0.002, 0.007, 0.03])
def test_a_fraction_without_its_zeros_is_found(step: float) -> None:
    """A reader takes .5123 for half a second."""
    assert list(strays(list(row(without_zeros, step))))


def test_a_clock_that_runs_too_fast_is_found() -> None:
    """Milliseconds that are taken for seconds look like that."""
    assert list(strays(list(row(lambda m: (BEGIN + 1000 * (m - BEGIN)).isoformat()))))
