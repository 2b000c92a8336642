"""What the comparison of speed counts: cases at the target, and rates of whole processes."""

import sys
from pathlib import Path

import pytest

from contract_tests.bench.novapost import setups
from contract_tests.bench.novapost.prepared import Prepared
from contract_tests.bench.programs.sending import SENDERS
from contract_tests.bench.sections import cases
from contract_tests.bench.sections.cases import Turn
from contract_tests.bench.values import Missing

_CALLER = """
import sys, urllib.error, urllib.request
for path in ("/v.1.0/test-api-keys", "/__mock__/health", "/v.1.0/nothing"):
    try:
        urllib.request.urlopen(sys.argv[1] + path)
    except urllib.error.HTTPError:
        pass
raise SystemExit(int(sys.argv[2]))
"""


def test_the_table_has_a_row_for_each_kind_and_ratios_of_neighbours() -> None:
    """A ratio is formed in each round; the figure for a second of processor time stands beside it."""
    turns = {
        cases.OURS: [Turn(300, 2.0, 1.0), Turn(300, 3.0, 1.0)],
        cases.THEIRS: [Turn(50, 1.0, 0.5), Turn(50, 2.0, 0.5)],
        cases.ALONE: [Turn(300, 4.0, 1.0), Turn(300, 6.0, 1.0)],
        cases.MADE_UP: [Turn(100, 1.0, 1.0), Turn(100, 2.0, 1.0)],
        cases.MADE_UP_TWICE: [Turn(100, 0.5, 1.0), Turn(100, 1.0, 1.0)],
        cases.THEIR_MADE_UP: [Turn(100, 2.0, 1.0), Turn(100, 4.0, 2.0)],
    }

    section = cases.section_of(turns)

    assert section.rows[0] == (cases.OURS, 300, 2.5, 125.0, 100.0, 150.0, 300.0)
    rates, alone, cpu, made_up, twice, made_up_cpu = section.ratios
    assert (rates.rounds, rates.median, rates.reached) == ((3.0, 4.0), 3.5, False)
    assert (alone.rounds, cpu.median, made_up.median) == ((1.5, 2.0), 3.0, 2.0)
    assert (twice.median, made_up_cpu.rounds) == (4.0, (1.0, 2.0))


def test_cases_are_counted_at_the_target() -> None:
    """What sets the stage is none; a tool that ends as it should not is no figure."""

    def command(status: int) -> cases.Command:
        return lambda address, folder, prepared: [sys.executable, "-c", _CALLER, address, str(status)]

    turn = cases.counted(command(1), None, expected=(0, 1))

    assert turn.cases == 2
    assert turn.wall > 0
    assert turn.cpu > 0
    with pytest.raises(Missing, match="ended with 1"):
        cases.counted(command(1), None)


def test_the_command_writes_no_events_here(tmp_path: Path) -> None:
    """They are read where defects are looked for, and would cost it time where speed is compared."""
    with_events = setups.corrected().make("http://127.0.0.1:1", Prepared("a", "b"), tmp_path, 1, False)

    without = cases.without_events(with_events)

    assert "--report" in with_events
    assert not [part for part in without if "report" in part or "ndjson" in part]
    assert without[-1] == "--no-color"


def test_the_default_run_is_counted_by_its_own_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its workers have targets of their own, which nobody stands before."""
    writes = """
import json, pathlib, sys
seed, report = (argument.partition("=")[2] for argument in sys.argv[1:3])
pathlib.Path(report, "contract.json").write_text(json.dumps({"counts": {"cases": 100 + int(seed)}}))
"""
    monkeypatch.setattr(cases, "_DEFAULT_RUN", (sys.executable, "-c", writes))

    assert cases.default_run(7).cases == 107


@pytest.mark.parametrize("sender", SENDERS)
def test_sending_alone_sends_what_it_says(sender: str) -> None:
    """Each sender reads an answer of success."""
    assert cases.sending(sender, 5, 1).cases == 5


def test_generating_alone_makes_cases_of_both_operations() -> None:
    """As many as were asked for, of each."""
    assert cases.generating(1, 5).cases == 10
