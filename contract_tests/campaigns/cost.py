"""Measure the processor time of the units of a campaign on this machine.

    python -m contract_tests.campaigns.cost [--seeds N]

It measures processor time, because other programs hardly change it. The cost of a unit is the difference
between a run with several seeds and a run with one seed. So starting and collecting are not counted.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from schemathesis.core.result import Ok
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test

from contract_tests.any_api.phases import PHASES, schema_of
from contract_tests.checks.document import Contract
from contract_tests.session.plugin.example_database import VARIABLE
from contract_tests.target import targets
from scripts.lib.paths import ROOT

FUZZING = "contract_tests/any_api/test_operations.py::test_every_answer_keeps_the_promises"
WALKS = "contract_tests/novapost/test_lifecycle.py"
LISTED = "contract_tests/any_api/test_operations.py"


def cpu(*arguments: str) -> tuple[float, int]:
    """Return the CPU seconds of one run of the suite, those of its own mock included, and its requests."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                *arguments,
                "--assert=plain",
                "-q",
                f"--report={folder}",
                "--seed=7",
            ],
            cwd=ROOT,
            env={**os.environ, VARIABLE: "none"},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        summary = Path(folder) / "contract.json"
        cases = json.loads(summary.read_bytes())["counts"]["cases"] if summary.exists() else 0
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, cases


def each(test: str, seeds: int, *target: str) -> tuple[float, float]:
    """Return the CPU seconds and requests of one more seed of a test."""
    (one, few), (more, many) = cpu(test, *target), cpu(test, f"--seeds={seeds + 1}", *target)
    return (more - one) / seeds, (many - few) / seeds


def building(operations: int) -> float:
    """Return the CPU seconds to build the tests of a document of that length, in all phases."""
    tree = Contract.read().document
    first = next(iter(tree["paths"].values()))
    paths = {f"/operation-{number}": first for number in range(operations)}
    before = time.process_time()
    for phase in PHASES:
        # Building a test does not depend on how many cases it generates.
        schema = schema_of(phase, tree | {"paths": paths}, cases=1)
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            build_operation_test(
                config=schema.config,
                operation=found.ok(),
                test_func=lambda case: None,
                given_kwargs={},
                feedback=NO_FEEDBACK,
            )
    return time.process_time() - before


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print.

    Returns:
        0.
    """
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.campaigns.cost",
        description="Measure the processor time of the units of a campaign on this machine.",
    )
    parser.add_argument("--seeds", type=int, default=4, help="number of additional seeds to measure with (4)")
    seeds = parser.parse_args(argv).seeds
    start, _ = cpu(LISTED, "--collect-only")
    print(f"start and collect: {start:.2f} s")
    few, many = building(10), building(50)
    print(f"build the tests of one more operation: {(many - few) / 40 * 1000:.0f} ms")
    with targets.opened("mock", None) as mock:
        assert mock.control_url is not None
        elsewhere = f"--target={mock.base_url}", f"--control={mock.control_url}"
        for name, test in (("fuzzing, both operations", FUZZING), ("walks", WALKS)):
            seconds, requests = each(test, seeds)
            suite, _ = each(test, seeds, *elsewhere)
            print(
                f"{name}: {seconds:.2f} s and {requests:,.0f} requests a seed,"
                f" {seconds / requests * 1000:.2f} ms a request, of which the suite {suite / seconds:.0%}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
