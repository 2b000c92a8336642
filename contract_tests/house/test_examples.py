"""Where failing examples are kept: a directory, a shared Redis, or nowhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis.database import DirectoryBasedExampleDatabase

from contract_tests import targets
from contract_tests.contract import ROOT
from contract_tests.defects.proxy import standing_before
from contract_tests.defects.shelf import SHELF
from contract_tests.examples import VARIABLE, kept_examples
from contract_tests.targets import WrongUse

# Thirty steps of at most eight requests.
LONGEST_WALK = 240


def test_yesterdays_failure_is_todays_first_case(tmp_path: Path) -> None:
    """A second run of the suite begins its walk with what failed in the first."""
    seldom = next(defect for defect in SHELF if defect.name == "cleaned-key-buys-a-jwt")
    with targets.opened("mock", None) as mock:
        behind = mock.base_url.removesuffix("/v.1.0/")
        with standing_before(behind, seldom.does) as address:
            # A walk may miss it, since it goes where chance leads; what was found once must be found again.
            walks = (walked(address, tmp_path) for _ in range(6))
            first = next((cases for cases in walks if cases is not None), None)
            second = walked(address, tmp_path)

    assert first is not None
    assert second is not None
    assert second <= min(first, LONGEST_WALK)


def walked(address: str, kept: Path) -> int | None:
    """How many cases the walk of test_lifecycle.py took to its first finding; None if it found nothing."""
    walk = str(ROOT / "contract_tests" / "test_lifecycle.py")
    where = f"--target={address}/v.1.0/", f"--control={address}/__mock__/"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", walk, "--campaign", *where],
        cwd=ROOT,
        env={**os.environ, VARIABLE: str(kept)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "lifecycle ..." in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
    found = re.search(r"first finding after ([\d,]+) cases", done.stdout)
    return None if found is None else int(found[1].replace(",", ""))


def test_a_directory_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a CI that keeps one between its runs."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))

    database = kept_examples(tmp_path / "here")
    assert isinstance(database, DirectoryBasedExampleDatabase)
    database.save(b"test", b"example")

    assert (tmp_path / "kept").exists()
    assert not (tmp_path / "here").exists()


def test_nothing_is_kept_where_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that must not depend on any other."""
    monkeypatch.setenv(VARIABLE, "none")

    assert kept_examples(tmp_path) is None


@pytest.mark.parametrize("address", ["redis://:hunter2@127.0.0.1:1/0", "redis://:hunter2@127.0.0.1:port/0"])
def test_a_redis_that_does_not_answer_is_wrong_use(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, which does not repeat the password."""
    monkeypatch.setenv(VARIABLE, address)

    with pytest.raises(WrongUse, match=f"{VARIABLE} names a Redis that does not answer") as caught:
        kept_examples(tmp_path)

    assert "hunter2" not in str(caught.value)
