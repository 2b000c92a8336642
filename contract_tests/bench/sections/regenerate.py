"""What regenerating a client costs beside the bare generator, by the size of the document."""

import json
import os
import shutil
import sys
from pathlib import Path

from contract_tests.bench.sections import growth
from contract_tests.bench.tools import process
from contract_tests.bench.tools.documents import document
from contract_tests.bench.values import Section, Setting, Step
from scripts.lib.paths import ROOT

GOAL = 1.3
_BIN = Path(sys.executable).parent


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Raises:
        Missing: our own command fails.
    """

    def prepare(size: int, folder: Path) -> None:
        text = json.dumps(document(size, setting.seed), indent=1)
        (folder / "old.json").write_text(text, encoding="utf-8")

    ours = growth.Command("scripts.regenerate", _ours)
    theirs = growth.Command("openapi-python-client generate", _theirs)
    grown = growth.grow(ours, theirs, prepare, setting, step, goal=GOAL)
    notes = (
        (
            f"documents of bench/tools/documents.py, seed {setting.seed}; exponents from "
            f"{growth.FITTED_FROM} operations on"
        ),
        (
            "theirs with its own templates and its own two runs of ruff, same versions; ours reads, "
            "examines, generates, compares, formats and vets, in processes of their own"
        ),
        "memory is that of the largest process",
    )
    return Section("regenerate", "Regenerate", growth.COLUMNS, tuple(grown.rows), tuple(grown.ratios),
                   tuple(grown.figures), tuple(grown.curves), notes, tuple(grown.missing))  # fmt: skip


def _ours(folder: Path) -> process.Cost:
    made = folder / "ours"
    command: list[str | Path] = [sys.executable, "-m", "scripts.regenerate", "--spec", folder / "old.json"]
    limit = ("--seconds", str(growth.LIMIT_SECONDS))
    cost = process.run([*command, "--output", made, *limit], folder=ROOT, seconds=growth.LIMIT_SECONDS)
    shutil.rmtree(made)
    return cost


def _theirs(folder: Path) -> process.Cost:
    made = folder / "theirs"
    command: list[str | Path] = [_BIN / "openapi-python-client", "generate", "--path", folder / "old.json"]
    # It looks for ruff on the path, and formats with it.
    path = {"PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    cost = process.run(
        [*command, "--output-path", made],
        folder=folder,
        seconds=growth.LIMIT_SECONDS,
        surroundings=path,
    )
    shutil.rmtree(made)
    return cost
