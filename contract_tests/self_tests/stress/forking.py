"""Processes for tests that need many, forked from one that has their modules loaded already."""

import json
import multiprocessing
import os
import subprocess
import sys
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import novapost_mock
from scripts.lib.paths import ROOT

LOADED = [
    "contract_tests.self_tests.stress.crashes",
    "contract_tests.self_tests.stress.concurrency",
    "novapost_mock.keys.sql.url",
]
_PATHS = (ROOT, Path(novapost_mock.__file__).parents[1])
_CALL = """
import dataclasses, importlib, json, sys
module, name = sys.argv[1].split(":")
arguments, options = json.load(sys.stdin)
result = getattr(importlib.import_module(module), name)(*arguments, **options)
print(json.dumps(dataclasses.asdict(result)))
"""


def forking() -> ForkServerContext:
    """Return the context whose processes start within milliseconds. They are not forked from this one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def apart(function: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    """Call `module:function` in another interpreter, and return the fields of its result.

    Each process that is forked loads the main module of the one that asked for it; from within pytest, that
    would be pytest.
    """
    done = subprocess.run(
        [sys.executable, "-c", _CALL, function],
        input=json.dumps([arguments, options]),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, _PATHS))},
        text=True,
        check=True,
        timeout=300,
    )
    fields: dict[str, Any] = json.loads(done.stdout)
    return fields
