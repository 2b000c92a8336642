"""Run tests on a mutant in a copy of the tree, so that the tree itself never holds a mutant."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from cosmic_ray.testing import run_tests
from cosmic_ray.work_item import TestOutcome

from contract_tests.self_tests.mutants.mutations import Mutant, changed_lines, mutated, read
from contract_tests.self_tests.mutants.table import Part

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".venv" / "bin" / "python"
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "--noconftest", "--assert=plain")


class NotHeldError(Exception):
    """The tests of a part say nothing about its module."""


def enter_copy(folder: str) -> None:
    """Copy all files of the repository into a new folder, and work there from now on."""
    copy = Path(folder) / str(os.getpid())
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name, follow_symlinks=False)
    os.chdir(copy)
    packages = (copy, copy / "generated", copy / "contract_tests" / "mock")
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, packages))
    # Half of the time of most mutants would go into the start of plugins that no part needs.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"


def seconds_of(part: Part) -> float:
    """Return how long the tests of a part take on the module as it is.

    Raises:
        NotHeldError: they fail on it, or they pass without it.
    """
    started = time.monotonic()
    outcome, output = _tested(part, read(Path(), part.module), 600)
    if outcome is not TestOutcome.SURVIVED:
        raise NotHeldError(f"{part.name}: its tests fail on {part.module} as it is:\n{output[-2000:]}")
    seconds = time.monotonic() - started
    if _tested(part, "raise ZeroDivisionError\n", 600)[0] is TestOutcome.SURVIVED:
        raise NotHeldError(f"{part.name}: its tests pass without {part.module}: they read another copy of it")
    return seconds


def survives(part: Part, mutant: Mutant, timeout: float) -> tuple[str, str] | None:
    """Return the changed line before and after if the tests pass on a mutant; None if they notice it."""
    source = read(Path(), part.module)
    changed = mutated(mutant, source)
    outcome, _ = _tested(part, changed, timeout)
    return changed_lines(source, changed) if outcome is TestOutcome.SURVIVED else None


def _tested(part: Part, source: str, timeout: float) -> tuple[TestOutcome, str]:
    # The client carries the runtime as a copy, and some tests import the one, some the other.
    copied = part.module.replace("scripts/runtime/", "generated/novapost_client/_runtime/")
    before = {Path(name): Path(name).read_bytes() for name in (part.module, copied)}
    for path in before:
        path.write_text(source, encoding="utf-8")
    try:
        python = str(PYTHON) if PYTHON.exists() else sys.executable
        found: tuple[TestOutcome, str] = run_tests(
            " ".join([python, "-m", "pytest", *OPTIONS, *part.tests]), timeout
        )
        return found
    finally:
        for path, content in before.items():
            path.write_bytes(content)
