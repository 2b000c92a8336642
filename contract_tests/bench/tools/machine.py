"""Where and with what a run measured."""

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Any

from contract_tests.bench.tools.peers import NPM, PYTHON, wrk

# What of ours is measured stands on these.
_OURS = ("attrs", "httptools", "httpx", "jsonschema-rs", "openapi-python-client", "ruff", "schemathesis")
_PROGRAMS = {"java": ("java", "-version"), "node": ("node", "--version")}


def machine() -> dict[str, Any]:
    """Describe the machine, without its name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "system": platform.system(),
        "kernel": platform.release(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": cores,
        "memoryMB": _memory(),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, of our dependencies, of all pinned peers, and of what runs them."""
    found = {"python": platform.python_version()}
    for package in _OURS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    found |= {
        f"{name} (peer)": pinned for name, pinned in map(_split, [*chain(*PYTHON.values()), *NPM.values()])
    }
    generator = {"wrk": (*(wrk() or ("wrk",)), "-v")}
    found |= {name: _said(command) for name, command in (_PROGRAMS | generator).items()}
    return found


def _split(pinned: str) -> tuple[str, str]:
    name, _, number = pinned.replace("==", "@").rpartition("@")
    return name, number


def load() -> float | None:
    """Return how many processes wanted a processor in the last minute; None if the system does not say."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):
        return None


def _said(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return "none"
    found = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else "unknown"


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor()
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return found[1] if found else platform.processor()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    except (AttributeError, OSError, ValueError):
        return None
