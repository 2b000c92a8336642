"""Does the cost of a unit leave out what every run costs anyway?"""

import pytest

from contract_tests.campaigns import cost


def test_a_unit_costs_what_more_seeds_add(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Starting is three seconds of every run; a seed adds two, one of them the suite's, and 100 requests."""

    def cpu(*arguments: str) -> tuple[float, int]:
        if "--collect-only" in arguments:
            return 3.0, 0
        seeds = next((int(each.removeprefix("--seeds=")) for each in arguments if "--seeds" in each), 1)
        has_target = any(each.startswith("--target=") for each in arguments)
        return 3.0 + seeds * (1.0 if has_target else 2.0), 100 * seeds

    monkeypatch.setattr(cost, "cpu", cpu)

    assert cost.main(["--seeds=4"]) == 0

    lines = capsys.readouterr().out.splitlines()
    unit = "2.00 s and 100 requests a seed, 20.00 ms a request, of which the suite 50%"
    assert lines[0] == "start and collect: 3.00 s"
    assert lines[1].startswith("build the tests of one more operation: ")
    assert lines[2:] == [f"fuzzing, both operations: {unit}", f"walks: {unit}"]
