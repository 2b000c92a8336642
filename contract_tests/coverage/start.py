"""Measure the process that imports this module, from its start to its end.

`python -m contract_tests.coverage` copies this file into an environment of its own, beside a `.pth` file that
imports it. So every Python process of that environment is measured, also one that was started without the
caller's environment variables, for which coverage's own `patch = subprocess` is not enough.
"""

import atexit
import os
import sys
from pathlib import Path

SETTINGS = "@SETTINGS@"
"""The file with the settings of coverage. The copy has its path here."""

VARIABLE = "COVERAGE_PROCESS_START"
_CONFINED = "scripts.child"


def _measure_confined(folder: Path) -> None:
    # Such a process gives up SQLite and all files outside its own folder. So the data stays in memory, and
    # leaves by a file that is opened here, before anything is given up.
    from coverage import Coverage

    measured = Coverage(data_file=None, config_file=SETTINGS, messages=False)
    name = f"confined.{os.getpid()}.{os.urandom(4).hex()}"
    file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    measured.start()
    data = measured.get_data()
    data.add_arcs({__file__: []})  # opens the database
    data.dumps()  # imports what writes it down

    def save() -> None:
        measured.stop()
        content = measured.get_data().dumps()
        while content:
            content = content[os.write(file, content) :]

    atexit.register(save)


if SETTINGS.startswith("@"):
    pass  # this is not the copy
elif _CONFINED in sys.orig_argv:
    _measure_confined(Path(SETTINGS).parent)
else:
    # Coverage's own .pth file comes after ours and reads it; so does each child that a fork makes.
    os.environ[VARIABLE] = SETTINGS
