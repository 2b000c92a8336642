"""Make up cases with the strategies that schemathesis reads from a document, and send none.

    python -m contract_tests.bench.programs.generating DOCUMENT COUNT SEED

Prints how many, in how many seconds, of which so many of processor time.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings


def main(document: Path, count: int, number: int) -> None:
    """Make up that many cases for each operation."""
    schema = schemathesis.openapi.from_dict(json.loads(document.read_text(encoding="utf-8")))
    made: list[int] = []
    begun, cpu = time.perf_counter(), time.process_time()
    for result in schema.get_all_operations():

        @seed(number)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(result.ok().as_strategy())  # type: ignore[union-attr]
        def make(case: Any) -> None:
            made.append(1)

        make()
    print(len(made), time.perf_counter() - begun, time.process_time() - cpu)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
