"""Each reading that the mock can be set to keeps the contract, and the summary names it."""

from typing import Any
from unittest.mock import MagicMock

import httpx
import pytest

from contract_tests.novapost.knowledge import readings
from contract_tests.self_tests.support.mock_process import started
from contract_tests.self_tests.support.suite.run import run_suite
from contract_tests.target.targets import Target
from scripts.lib.paths import NOVAPOST

# The tests in which a reading shows; the whole suite with each of them takes minutes.
FILES = ("test_renewals.py", "test_limit.py", "test_tokens.py", "test_calendar.py", "test_parity.py")
READINGS = {
    "later-day-renews": (["--later-day", "repeat"], "repeat (an Active key stays as it is until it expires)"),
    "day": (["--day-zone", "Europe/Kyiv"], "a day ends at midnight in Europe/Kyiv"),
    "validity": (["--validity-days", "30"], "30 days to the end of the last"),
    "daily-limit": (["--daily-limit", "strict"], "strict (a second request of the same day gets 429)"),
}


@pytest.mark.parametrize("rule", READINGS)
def test_a_reading_is_found_out_and_kept(rule: str) -> None:
    """Whoever reads a sentence otherwise, as the documents allow, has not broken the contract."""
    options, in_words = READINGS[rule]
    with started(*options) as mock:
        target = [f"--target={mock.base}", f"--control={mock.control}"]
        done = run_suite(*(NOVAPOST / name for name in FILES), "-q", *target)

    assert f"reading of {rule}: {in_words}" in done.stdout
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b'{"expDate": "9999-12-31T23:00:00Z"}', b"[" * 100_000],
    ids=["empty", "cut", "no text", "an end beyond the calendar", "deep"],
)
def test_odd_answers_are_left_to_the_tests(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with an answer is a finding of the test that asks for it, no crash of the search."""
    monkeypatch.setattr(readings, "observed", lambda *_: "issuing")
    wire: Any = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=content)))

    found = readings.found_out(Target("url", "http://127.0.0.1:1/v.1.0/", None), wire, MagicMock())

    assert found == readings.Readings()
