"""Does a finding show the calls that lead to it, and no more?"""

from contract_tests.target.call_log import CallLog


def test_a_wait_for_the_right_answer_is_one_call() -> None:
    """Forty equal commands hide the one before them, which did it."""
    calls = CallLog()
    calls.add("give up")
    before = calls.lines()
    calls.add("ask")
    for _ in range(40):
        calls.ask_again(before, 2.0)
        calls.add("ask")

    assert calls.lines() == ["give up", "sleep 2", "ask"]
