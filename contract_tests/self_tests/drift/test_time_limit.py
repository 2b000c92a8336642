"""Does a comparison end within its limits, and does the child that makes it end with its answer?"""

import contextlib
import mmap
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.drift import time_limit
from scripts.drift.judge.witness.validator import Beat
from scripts.lib.errors import Refusal


def test_a_leaf_that_takes_too_long_is_unknown_and_the_rest_goes_on() -> None:
    """The child is ended and started again without that question."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        if "aaaaaaaaaaaa" not in skip:
            beat("aaaaaaaaaaaa")
            time.sleep(60)
        return {"skipped": sorted(skip)}

    begun = time.monotonic()
    assert time_limit.bounded(work, "x", seconds=30, leaf_seconds=0.3) == {"skipped": ["aaaaaaaaaaaa"]}
    assert time.monotonic() - begun < 25


def test_a_comparison_that_takes_too_long_is_a_refusal() -> None:
    """Not a result and not for ever."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        time.sleep(60)
        return {}

    with pytest.raises(Refusal, match=r"it takes longer than 0\.3 seconds"):
        time_limit.bounded(work, "x", seconds=0.3)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the time that another process works")
def test_waiting_for_a_busy_machine_counts_little() -> None:
    """Otherwise the same two documents would be compared on one day and refused on another."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        beat("aaaaaaaaaaaa")
        time.sleep(0.8)
        return {"skipped": sorted(skip)}

    assert time_limit.bounded(work, "x", seconds=0.6, leaf_seconds=0.4) == {"skipped": []}


def test_a_comparison_that_works_too_long_is_a_refusal() -> None:
    """Work counts in full."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        while True:
            pass

    with pytest.raises(Refusal, match=r"it takes longer than 0\.3 seconds"):
        time_limit.bounded(work, "x", seconds=0.3)


def test_a_comparison_that_takes_too_much_memory_is_a_refusal() -> None:
    """One gigabyte is the limit."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        return {"x": len(bytearray(2 * 1024**3))}

    with pytest.raises(Refusal, match="more memory than 1 GB"):
        time_limit.bounded(work, "x")


def test_the_addresses_of_the_parent_do_not_count() -> None:
    """A program with many threads has gigabytes of them, most of which are no memory."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        return {"x": len(bytearray(64 * 1024**2))}

    with contextlib.closing(mmap.mmap(-1, 2 * time_limit.MEMORY_BYTES)):
        assert time_limit.bounded(work, "x") == {"x": 64 * 1024**2}


def test_comparisons_that_take_too_long_one_after_the_other_are_a_refusal() -> None:
    """Each of them costs a start of the child, so there is an end to that, too."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        beat(f"{len(skip):012}")
        time.sleep(60)
        return {}

    with pytest.raises(Refusal, match="too many of its schemas take too long to compare"):
        time_limit.bounded(work, "x", seconds=60, leaf_seconds=0.01)


def test_a_child_that_has_answered_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it were killed, whatever it still writes at its end would be lost."""
    leave = os._exit

    def slowly(status: int) -> None:
        time.sleep(0.2)
        (tmp_path / "end").touch()
        leave(status)

    monkeypatch.setattr(os, "_exit", slowly)

    assert time_limit.bounded(lambda skip, beat: {"a": 1}, "x") == {"a": 1}
    assert (tmp_path / "end").exists()


def test_a_child_that_fails_is_a_refusal(capfd: pytest.CaptureFixture[str]) -> None:
    """Its traceback is for us; nothing was compared."""

    def work(skip: frozenset[str], beat: Beat) -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(Refusal, match="the comparison failed"):
        time_limit.bounded(work, "x")
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_system_without_forks_compares_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has none."""
    monkeypatch.delattr(os, "fork")

    assert time_limit.bounded(lambda skip, beat: {"in": os.getpid()}, "x") == {"in": os.getpid()}
