"""Does a policy wait as it says, and understand how long a server asks to wait?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.runtime.errors import UsageError
from scripts.runtime.retry import NEVER, Retry, retry_after_seconds

NOW = 1_792_000_000.0  # 14 October 2026, 17:46:40 UTC


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Wed, 14 Oct 2026 17:47:40 GMT", 60.0),
        ("Wednesday, 14-Oct-26 17:47:40 GMT", 60.0),
        ("Wed Oct 14 17:47:40 2026", None),
        ("Wed, 14 Oct 2015 17:47:40 GMT", 0.0),
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("1e9", None),
        ("NaN", None),
        ("٣", None),
        # Longer than anybody means: RFC 9111, section 1.2.2, takes 2^31 for it.
        ("1234567890", 1234567890.0),
        ("9" * 20, 2147483648.0),
        ("9" * 5000, 2147483648.0),
        ("0" * 30 + "7", 0.0),
        # Twenty digits are read, and no more.
        ("0" * 19 + "7", 7.0),
        ("0" * 20 + "7", 0.0),
        # A date of forty characters may have spaces; a longer one is not read.
        ("Wed, 14 Oct 2026 17:47:40 GMT" + " (comments)", 60.0),
        ("Wed, 14 Oct 2026 17:47:40 GMT" + " (a comment)", None),
        ("Wed, 99 Oct 2026 17:47:40 GMT", None),
        ("Wed, 14 Oct 99999 17:47:40 GMT", None),
    ],
)
def test_both_forms_of_retry_after_are_read(value: str | None, seconds: float | None) -> None:
    """RFC 9110, section 10.2.3; whatever else stands there is no wish at all."""
    found = retry_after_seconds(value, lambda: NOW)

    if value == "Wed Oct 14 17:47:40 2026":
        # The oldest form has no zone; as any number, or as none, it does no harm.
        assert found is None or found >= 0
    else:
        assert found == seconds


@given(st.text(max_size=60))
def test_no_header_makes_it_fail(value: str) -> None:
    """A server can send anything."""
    seconds = retry_after_seconds(value, lambda: NOW)

    assert seconds is None or seconds >= 0


@given(st.floats(0, 1), st.integers(1, 60))
def test_waits_grow_and_stay_bounded(drawn: float, attempt: int) -> None:
    """Between half and all of a bound that doubles."""
    retry = Retry(100, random=lambda: drawn)

    wait = retry.after_failure("GET", attempt, sent=True)

    bound = min(8.0, 0.5 * 2.0 ** (attempt - 1))
    assert wait is not None
    assert bound / 2 <= wait <= bound


@pytest.mark.parametrize("method", ["POST", "PATCH", "CONNECT"])
def test_what_may_have_happened_is_not_done_again(method: str) -> None:
    """Unless it surely never left."""
    retry = Retry()

    assert retry.after_failure(method, 1, sent=True) is None
    assert retry.after_failure(method, 1, sent=False) is not None
    assert retry.after_status(method, 1, 503, 0.0) is None


def test_attempts_are_counted() -> None:
    """The last one is the last; one is one."""
    assert Retry(3).after_failure("GET", 2, sent=True) is not None
    assert Retry(3).after_failure("GET", 3, sent=True) is None
    assert NEVER.after_status("GET", 1, 503, None) is None
    assert Retry(0).attempts == 1


def test_a_wait_that_nobody_would_wait_is_not_begun() -> None:
    """A day is an error with `retry_after`, not a call that hangs for a day."""
    assert Retry().after_status("GET", 1, 429, 20.0) == 20.0
    assert Retry().after_status("GET", 1, 429, 20.1) is None


def test_a_policy_repeats_what_is_safe_and_worth_it() -> None:
    """The methods of RFC 9110, section 9.2.2, and statuses that may pass by themselves; three attempts."""
    retry = Retry(random=lambda: 1.0)

    methods = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "POST", "PATCH", "CONNECT")
    statuses = [s for s in range(100, 600) if retry.after_status("GET", 1, s, None) is not None]

    assert [m for m in methods if retry.after_failure(m, 1, sent=True) is not None] == list(methods[:6])
    assert statuses == [408, 429, 502, 503, 504]
    assert (retry.attempts, retry.first_wait, retry.longest_wait, retry.longest_retry_after) == (
        3,
        0.5,
        8.0,
        20.0,
    )


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("attempts", -1), ("first_wait", -1), ("longest_wait", "x"), ("longest_retry_after", -0.1)),
        *(("statuses", [99]), ("random", 1), ("sleep", 1), ("async_sleep", 1)),
    ],
)
def test_a_wrong_setting_is_refused_by_name(name: str, wrong: object) -> None:
    """Whoever mistyped one of them reads which."""
    settings: dict[str, Any] = {name: wrong}

    with pytest.raises(UsageError, match=rf"Retry\((random, sleep, async_sleep|{name})\)"):
        Retry(**settings)


def test_the_bounds_of_settings_are_allowed() -> None:
    """No attempt means one, and 100 is the first status that there is."""
    assert Retry(0).attempts == 1
    assert Retry(statuses=frozenset({100})).statuses == {100}


@pytest.mark.parametrize(
    ("asked", "waited"), [(0.0, 0.0), (0.25, 0.25), (-3.0, 0.0), (20.0, 20.0), (20.1, None)]
)
def test_a_server_is_given_the_time_that_it_asks_for(asked: float, waited: float | None) -> None:
    """Up to the longest that is waited for."""
    assert Retry().after_status("GET", 1, 503, asked) == waited


def test_waits_stop_to_double_after_thirty_times() -> None:
    """A policy of a thousand attempts computes no number of a thousand bits."""
    retry = Retry(1000, first_wait=1e-6, longest_wait=1e4, random=lambda: 1.0)

    waits = [retry.after_failure("GET", attempt, sent=True) for attempt in (30, 31, 32, 900)]

    assert waits == pytest.approx([1e-6 * 2.0**29, 1e-6 * 2.0**30, 1e-6 * 2.0**30, 1e-6 * 2.0**30])
