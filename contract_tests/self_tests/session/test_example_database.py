"""Where failing examples are kept: a directory, a shared Redis, or nowhere."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis.database import DirectoryBasedExampleDatabase
from redis import Redis

from contract_tests.defects.proxy import standing_before
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.self_tests.support.suite.run import run_suite
from contract_tests.session.plugin.example_database import VARIABLE, kept_examples
from contract_tests.target import targets
from contract_tests.target.targets import WrongUse
from scripts.lib.paths import NOVAPOST, ROOT

# Thirty steps of at most eight requests.
LONGEST_WALK = 240


def test_yesterdays_failure_is_todays_first_case(tmp_path: Path) -> None:
    """A second run of the suite begins its walk with what failed in the first."""
    seldom = next(defect for defect in CATALOGUE if defect.name == "cleaned-key-buys-a-jwt")
    with targets.opened("mock", None) as mock:
        behind = mock.base_url.removesuffix("/v.1.0/")
        with standing_before(behind, seldom.start) as address:
            # A walk may miss it, since it goes where chance leads; what was found once must be found again.
            walks = (walked(address, tmp_path) for _ in range(6))
            first = next((cases for cases in walks if cases is not None), None)
            second = walked(address, tmp_path)

    assert first is not None
    assert second is not None
    assert second <= min(first, LONGEST_WALK)


def walked(address: str, kept: Path) -> int | None:
    """How many cases the walk of test_lifecycle.py took to its first finding; None if it found nothing."""
    walk = str(NOVAPOST / "test_lifecycle.py")
    where = f"--target={address}/v.1.0/", f"--control={address}/__mock__/"
    done = run_suite(walk, "--campaign", *where, env={**os.environ, VARIABLE: str(kept)})
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


@pytest.fixture
def redis() -> Iterator[str]:
    """Yield the address of a Redis for the time of a test: an installed Redis or Valkey."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        pytest.skip(
            "keeping examples in a real Redis was not tried: none is here; `make redis` installs Debian's"
        )
    # A socket in a folder of ours, as short as its address has to be: no port is taken, nobody else gets in.
    with tempfile.TemporaryDirectory(prefix="np-redis-") as folder:
        socket = f"{folder}/s"
        options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
        with subprocess.Popen([server, *options], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    if "ready to accept connections" in line.lower():
                        break
                yield f"unix://{socket}"
            finally:
                process.terminate()


def test_one_redis_is_shared_by_machines(redis: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one machine found, another fetches; nothing lands on the disk of either."""
    monkeypatch.setenv(VARIABLE, redis)

    here, there = kept_examples(tmp_path / "here"), kept_examples(tmp_path / "there")
    assert here is not None
    assert there is not None
    here.save(b"a test", b"one")
    here.save(b"a test", b"two")
    here.save(b"another", b"three")
    there.delete(b"a test", b"two")

    assert set(here.fetch(b"a test")) == set(there.fetch(b"a test")) == {b"one"}
    assert set(there.fetch(b"another")) == {b"three"}
    assert list(tmp_path.iterdir()) == []


def test_what_one_machine_found_is_another_ones_first_case(redis: str) -> None:
    """Through a real Redis, with the suite as it runs in CI: each operation keeps its own."""
    defect = next(defect for defect in CATALOGUE if defect.name == "key-400-with-errors-null")
    with (
        targets.opened("mock", None) as mock,
        standing_before(mock.base_url.removesuffix("/v.1.0/"), defect.start) as address,
    ):
        first, second = fuzzed(address, redis), fuzzed(address, redis)

    with Redis.from_url(redis) as server:
        keys = list(server.scan_iter())
    assert first is not None
    assert second is not None
    assert second <= first
    assert keys, "nothing was kept"


def fuzzed(address: str, kept: str) -> int | None:
    """How many cases the fuzzing of an operation took to its first finding; None if it found nothing."""
    test = "contract_tests/any_api/test_operations.py::test_every_answer_keeps_the_promises"
    where = f"--target={address}/v.1.0/", f"--control={address}/__mock__/", "-k", "test-api-keys"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", test, "--campaign", "--assert=plain", *where],
        cwd=ROOT,
        # Where CI is set Hypothesis has other settings by itself.
        env={**os.environ, VARIABLE: kept, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"first finding after ([\d,]+) cases", done.stdout)
    return None if found is None else int(found[1].replace(",", ""))


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
