"""The process that imports what a run of the suite imports, and forks a child for each run.

Started by `run_suite`. A job is a line of JSON on standard input. Its answer is two lines: the child's id and
its exit code.
"""

import ast
import gc
import importlib
import json
import os
import runpy
import signal
import sys
import time
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

from scripts.lib.paths import ANY_API, NOVAPOST

# What libraries import only when it is used, as every run does.
_LATE = (
    "schemathesis.reporting.html.writer",
    "schemathesis.reporting.junitxml",
    "schemathesis.specs.openapi.coverage._operation",
    "schemathesis.specs.openapi.schemas",
    "schemathesis.transport.asgi",
    "schemathesis.transport.wsgi",
)
# Which document they are about is decided when a run begins.
_OF_A_RUN = ("contract_tests.any_api.", "contract_tests.novapost.test_")


def _imported() -> Iterator[str]:
    """Yield the modules that the suite names: its plugins, and all but the tests, which pytest collects."""
    yield "contract_tests.conftest"
    yield from _LATE
    yield from (each.module for each in entry_points(group="pytest11") if each.name != "asyncio")
    for path in (*ANY_API.glob("*.py"), *NOVAPOST.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(_OF_A_RUN):
                yield node.module
            elif isinstance(node, ast.Import):
                yield from (each.name for each in node.names)


def _become(job: dict[str, Any]) -> None:
    """Take over what makes a process another one: its environment, streams and signals."""
    os.environ.clear()
    os.environ.update(job["env"])
    time.tzset()
    for number, path in enumerate((os.devnull, job["out"], job["err"])):
        file = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _next_command() -> list[str]:
    """Return the command line of a job in the child that does it. Without another job, end the parent."""
    replies = os.dup(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            os.close(replies)
            _become(job)
            command: list[str] = job["command"]
            return command
        os.write(replies, f"{child}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(replies, f"{status}\n".encode())
    sys.exit()


if __name__ == "__main__":
    for module in _imported():
        importlib.import_module(module)
    gc.freeze()
    sys.argv = _next_command()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
