"""Show what the processor time of a made-up case is spent on.

    python -m contract_tests.bench.programs.case_cost [SEED]

It runs the fuzzing of all operations against a mock of its own, and looks every few milliseconds of processor
time at what runs. Hypothesis and schemathesis make the cases up; what is listed below them is ours.
"""

import os
import signal
import sys
import time
from collections import Counter
from types import FrameType

import pytest

from scripts.lib.paths import ANY_API

# A moment is spent on the first of these whose function is under way: the end of its file's path, its name.
PARTS = (
    ("schemathesis: its checks of the answer", "session/cases.py", "failures_of"),
    ("ours: writing the request", "session/cases.py", "request_of"),
    ("ours: sending and reading", "target/transport.py", "send"),
    ("ours: checks of the answer", "checks/response_checks.py", "judge"),
    ("ours: counting keywords", "observations/keyword_coverage.py", "saw"),
    ("ours: following secrets", "session/recorder.py", "_seen"),
    ("ours: the rest", "session/api.py", "run"),
    ("made up: strategies of schemathesis, drawn by Hypothesis", "openapi/_hypothesis.py", "openapi_cases"),
    ("made up: the engine of Hypothesis", "conjecture/engine.py", "run"),
)
OUTSIDE = "start and end of the process"
_EVERY = 0.004


def part_of(under_way: list[tuple[str, str]]) -> str:
    """Return what a moment is spent on, by the files and names of the functions that are under way."""
    for part, file, name in PARTS:
        if any(each.endswith(file) and called == name for each, called in under_way):
            return part
    return OUTSIDE


def main(seed: str = "7") -> int:
    """Run, and print the shares.

    Returns:
        The exit code of the run.
    """
    os.environ["NOVAPOST_EXAMPLES"] = "none"
    moments: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        under_way = []
        while frame is not None:
            under_way.append((frame.f_code.co_filename, frame.f_code.co_name))
            frame = frame.f_back
        moments[part_of(under_way)] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    begun = time.process_time()
    arguments = (str(ANY_API / "test_operations.py"), "-k", "every_answer_keeps", f"--seed={seed}", "-q")
    code = pytest.main([*arguments, "--assert=plain", "-p", "no:cacheprovider"])
    spent = time.process_time() - begun
    signal.setitimer(signal.ITIMER_PROF, 0.0)
    whole = sum(moments.values())
    print(f"{spent:.2f} s of processor time")
    for part in (*(name for name, _, _ in PARTS), OUTSIDE):
        print(f"{moments[part] / whole:5.0%}  {part}")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
