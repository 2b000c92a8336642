"""What the mock remembers in order to be quick is bounded, and forgetting it changes no answer."""

import json
from datetime import timedelta, timezone

import pytest

from contract_tests.self_tests.mock.keys.requests import NOON, PHONE, ask, authorize, mock_at
from novapost_mock import Mock, Request, operation_answers
from novapost_mock.keys import operations, tokens
from novapost_mock.keys.clock import write_moment

PHONES = [str(int(PHONE) + number) for number in range(9)]
BOUND = 3


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Return a mock that remembers three of each."""
    monkeypatch.setattr(operations, "REMEMBERED_BODIES", BOUND)
    monkeypatch.setattr(operations, "REMEMBERED_OUTCOMES", BOUND)
    monkeypatch.setattr(operation_answers, "REMEMBERED_OUTCOMES", BOUND)
    monkeypatch.setattr(tokens, "REMEMBERED_SUBJECTS", BOUND)
    return mock_at(clients=PHONES)


def test_a_forgotten_answer_is_given_again(forgetful: Mock) -> None:
    """Each phone keeps its key, however many others asked in between."""
    first = [ask(forgetful, NOON, phone).json() for phone in PHONES]

    assert [ask(forgetful, NOON, phone).json() for phone in PHONES] == first
    assert len({answer["apiKey"] for answer in first}) == len(PHONES)


def test_no_memory_grows_without_an_end(forgetful: Mock) -> None:
    """A run of days against one mock must not fill the machine."""
    for phone in PHONES:
        authorize(forgetful, f"apiKey={ask(forgetful, NOON, phone).json()['apiKey']}", NOON)
    sandbox = forgetful._answers._sandbox

    assert all(
        0 < len(each) <= BOUND for each in (sandbox.phones, sandbox.outcomes, forgetful._answers._replies)
    )
    assert sandbox.tokens._subject.cache_info().currsize == BOUND


def test_a_long_header_is_not_remembered() -> None:
    """Ten thousand bodies may be, so none of them may bring along what is large."""
    mock = mock_at(clients=PHONES)
    for kind in ("application/json", f"application/json; note={'a' * 1000}"):
        headers = (("Content-Type", kind),)
        body = json.dumps({"phone": PHONE}).encode()
        assert mock.handle(Request("POST", "/v.1.0/test-api-keys", "", headers, body), NOON).status == 200

    (known,) = mock._answers._sandbox.phones
    assert known[1] == ("application/json",)


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    """Every date of the API ends with a Z."""
    kyiv = NOON.astimezone(timezone(timedelta(hours=2)))

    assert write_moment(kyiv, 0) == write_moment(NOON, 0) == "2026-03-10T12:00:00Z"
