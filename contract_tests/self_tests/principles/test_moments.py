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


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("2026-03-10T09:30:00.500000Z", "2026-03-10T09:30:00.400000Z"),
        ("2026-03-10T09:30:00.5Z", "2026-03-10T09:30:00.3Z"),
        ("2026-03-10T09:30:02Z", "2026-03-10T09:30:01Z"),
        ("2026-03-10T09:30:00.500000Z", "2026-03-10T09:30:01.600000Z"),
        ("2026-03-10T09:30:00Z", "2026-03-10T09:30:02Z"),
    ],
)
def test_clocks_may_differ_by_a_little_and_by_the_last_digit_that_they_show(text: str, later: str) -> None:
    """A tenth of a second, and what a rounded moment leaves out; asked one second apart."""
    begin, end = Named(text, 0.0, 0.0), Named(later, 1.0, 1.0)

    assert list(strays([begin, end])) == []


@pytest.mark.parametrize(
    ("text", "later", "told"),
    [
        ("2026-03-10T09:30:00.500000Z", "2026-03-10T09:30:00.399998Z", "0.1 s earlier"),
        ("2026-03-10T09:30:00.5Z", "2026-03-10T09:30:00.2Z", "0.3 s earlier"),
        ("2026-03-10T09:30:02Z", "2026-03-10T09:30:00Z", "2.0 s earlier"),
        ("2026-03-10T09:30:00.500000Z", "2026-03-10T09:30:01.600002Z", "more than passed"),
        ("2026-03-10T09:30:00Z", "2026-03-10T09:30:03Z", "more than passed"),
    ],
)
def test_a_larger_difference_is_told(text: str, later: str, told: str) -> None:
    """One step of the last digit further than that."""
    begin, end = Named(text, 0.0, 0.0), Named(later, 1.0, 1.0)

    (said,) = strays([begin, end])
    assert told in said
