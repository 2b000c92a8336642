"""Try the client, the mock and the pytest plugin on this machine, whatever its system and its Python.

    python -m scripts.portable

Makes an environment of its own from requirements.lock and runs there the tests that hold on every system. It
needs no make, which Windows lacks. A line says what this system leaves out.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

from scripts.set_up import ROOT, CannotInstallError, python_of, set_up

ENVIRONMENT = ROOT / ".venv-portable"
_TESTS = Path("contract_tests") / "self_tests"
_EVERYWHERE = (
    *(Path("contract_tests") / name for name in ("any_api", "novapost")),
    _TESTS / "client",
    _TESTS / "mock" / "test_pytest_plugin.py",
    _TESTS / "mock" / "test_without_posix.py",
)
# These start processes, send signals, and change modes and owners of files.
_POSIX = (_TESTS / "mock",)


def chosen(system: str) -> tuple[list[Path], str]:
    """Return the tests for a system, and what is left out there; empty if nothing is.

    Args:
        system: as `os.name` has it.
    """
    if system == "posix":
        return [*_EVERYWHERE[:3], *_POSIX], ""
    return list(_EVERYWHERE), "the mock's workers, states, signals and file modes: their tests need POSIX"


def main() -> int:
    """Set up the environment and run the tests in it.

    Returns:
        The exit code of pytest, or 1 where the environment could not be made.
    """
    tests, left_out = chosen(os.name)
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}", flush=True)
    if left_out:
        print(f"not tried here: {left_out}", flush=True)
    try:
        set_up(ENVIRONMENT, ROOT / "requirements.lock", ["--editable", str(ROOT)])
    except CannotInstallError as error:
        print(f"error: requirements.lock could not be installed: {error}", file=sys.stderr)
        return 1
    command = [str(python_of(ENVIRONMENT)), "-m", "pytest", "-q", *map(str, tests)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
