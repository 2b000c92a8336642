"""The concurrent clients and the crashes of `make stress`, in small, and proof that their judge works."""

from pathlib import Path

import pytest

from contract_tests.self_tests.stress import concurrency
from contract_tests.self_tests.stress.concurrency import PHONES, Event, judged
from contract_tests.self_tests.stress.forking import apart
from contract_tests.self_tests.support.mock_process import started

PHONE = PHONES[0]
DATES = ("2026-03-01T12:00:00.000000Z", "2027-03-01T23:59:59.000Z")


@pytest.mark.parametrize(
    ("where", "strict"),
    [("memory", False), ("sqlite", False), ("sqlite", True), ("postgresql", False)],
    ids=["memory", "sqlite", "sqlite-strict", "postgresql"],
)
def test_rules_hold_for_many_clients_at_once(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    where: str,
    strict: bool,
) -> None:
    """Rules one-active and daily-limit: 8 clients at the same phones; one process, or four."""
    arguments = ["--daily-limit", "strict"] if strict else []
    if where != "memory":
        address = str(tmp_path / "s.db") if where == "sqlite" else request.getfixturevalue("postgres_address")
        arguments += ["--state", address, "--workers", "4"]
    with started(*arguments) as mock:
        options = {"strict": strict, "requests": 60, "days": 3, "cleanups": 0.1}
        tally = apart(
            "contract_tests.self_tests.stress.concurrency:run_clients", mock.base, mock.control, **options
        )
        assert mock.stop() == (0, "", "")

    assert tally["violations"] == []
    assert tally["requests"] == 480
    assert set(tally["statuses"]) <= {"200", "401", "404", "429"}
    assert tally["statuses"]["200"] >= 3 * len(PHONES)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_key_that_was_acknowledged_survives_kill_9(tmp_path: Path, workers: str) -> None:
    """The process is killed under load; a hundred times with `make stress`."""
    arguments = ["--state", str(tmp_path / "state.db"), "--workers", workers]
    result = apart("contract_tests.self_tests.stress.crashes:killings", arguments, 10)

    assert result["lost"] == []
    assert result["kills"] == 10
    assert len(result["acknowledged"]) >= 10
    assert result["interrupted"] == 40  # every client was in the middle of something, each time


def test_the_killings_notice_a_state_that_forgets() -> None:
    """A mock without a state knows nothing after a kill, and that is seen."""
    result = apart("contract_tests.self_tests.stress.crashes:killings", [], 1)

    assert "a key that was acknowledged is gone" in result["lost"]


def ask(
    begun: float, ended: float, status: int = 200, key: str = "a", day: int = 0, **other: object
) -> Event:
    given = status == 200
    event = Event(day, "ask", PHONE, begun, ended, status, key if given else "", DATES if given else ("", ""))
    return event._replace(**other)  # type: ignore[arg-type]


def authorize(begun: float, ended: float, status: int, key: str = "a", day: int = 0) -> Event:
    return Event(day, "authorize", PHONE, begun, ended, status, key)


def cleanup(begun: float, ended: float, day: int = 0) -> Event:
    return Event(day, "cleanup", PHONE, begun, ended, 200)


GOOD = {
    "repeats": [ask(0, 1), ask(1, 2), ask(0, 3)],
    "cleaned": [ask(0, 1), cleanup(2, 3), ask(4, 5, 429), authorize(4, 5, 401)],
    "cleaned meanwhile": [ask(0, 1), cleanup(2, 5), ask(3, 4), ask(3, 4, 429), authorize(3, 4, 200)],
    "cleaned before the day's first": [ask(0, 1), cleanup(2, 3, 1), ask(4, 5, key="b", day=1)],
    "cleaned twice": [ask(0, 1), cleanup(2, 3, 1), ask(4, 5, key="b", day=1), cleanup(6, 7, 1)],
    "cleaned and asked later": [ask(0, 1), cleanup(2, 3), ask(4, 5, key="b", day=1)],
    "kept": [ask(0, 1), ask(2, 3, day=1), ask(4, 5, day=2)],
    "refused before it was there": [authorize(0, 1, 401), ask(0, 2)],
}
BAD = {
    "one-active": [ask(0, 1), ask(0, 1, key="b")],
    "same-day-same-key": [ask(0, 1), ask(0, 1, dates=("", ""))],
    "daily-limit: a second key": [ask(0, 1), cleanup(2, 3), ask(4, 5)],
    "daily-limit: a repeat": [ask(0, 1), ask(2, 3, 429), cleanup(4, 5)],
    "daily-limit: nobody": [ask(0, 1, 429), cleanup(0, 1)],
    "more keys were deleted": [ask(0, 1), cleanup(2, 3), cleanup(4, 5), cleanup(6, 7)],
    "bought a token": [ask(0, 1), cleanup(2, 3), authorize(4, 5, 200)],
    "an Active key was refused": [ask(0, 1), authorize(2, 3, 401)],
    "came back": [ask(0, 1), cleanup(2, 3), ask(4, 5, day=1)],
    "was replaced": [ask(0, 1), ask(2, 3, key="b", day=1)],
    "one key for 2 phones": [ask(0, 1), ask(0, 1, phone=PHONES[1])],
    "ask got 500": [ask(0, 1), ask(0, 1, 500)],
    "ask got 0": [ask(0, 1), ask(0, 1, 0)],
}


@pytest.mark.parametrize("name", GOOD)
def test_the_judge_lets_pass_what_may_be(name: str) -> None:
    """Calls that overlap have no order."""
    assert judged(GOOD[name], strict=False) == []


@pytest.mark.parametrize("name", BAD)
def test_the_judge_sees_what_must_not_be(name: str) -> None:
    """A judge that never found anything would prove nothing."""
    assert any(name in violation for violation in judged(BAD[name], strict=False))


def test_the_judge_counts_under_the_strict_reading() -> None:
    """One request a day is granted, and not two."""
    assert judged([ask(0, 1), ask(0, 1, 429)], strict=True) == []
    assert judged([ask(0, 1), ask(2, 3)], strict=True) == ["day 0: daily-limit: 2 requests granted"]


def test_the_judge_sees_a_list_with_two_keys_of_a_phone() -> None:
    """What control lists is judged, too."""
    two = {"keys": [{"phone": PHONE}, {"phone": PHONE}]}

    assert concurrency._judged_lists([{"keys": [{"phone": PHONE}]}, two]) == [
        "one-active: the list of day 1 has 2 keys of one phone"
    ]
