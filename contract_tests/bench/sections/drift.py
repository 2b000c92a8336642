"""What comparing two documents costs beside another differ, by their size."""

import json
import sys
from pathlib import Path

from contract_tests.bench.sections import growth
from contract_tests.bench.tools import process
from contract_tests.bench.tools.documents import document, edited
from contract_tests.bench.tools.peers import npm, program
from contract_tests.bench.values import Section, Setting, Step
from scripts.lib.paths import ROOT

_OTHER = "openapi-diff"
# It unfolds what schemas refer to, and each unfolding again: of ten operations it has taken 4 GB, and no end.
_LIMIT_SECONDS = 180
_MEMORY = "--max-old-space-size=2048"


def section(setting: Setting, step: Step) -> Section:
    """Measure.

    Raises:
        Missing: our own command fails.
    """

    def prepare(size: int, folder: Path) -> None:
        old = document(size, setting.seed, circles=False)
        for name, value in (("old", old), ("new", edited(old, setting.seed))):
            (folder / f"{name}.json").write_text(json.dumps(value, indent=1), encoding="utf-8")

    ours = growth.Command("scripts.drift", _ours)
    grown = growth.grow(ours, growth.Command(_OTHER, _theirs), prepare, setting, step, goal=None)
    notes = (
        (
            f"documents of bench/tools/documents.py before and after a release, seed {setting.seed}; "
            "without schemas that refer to each other in circles, which openapi-diff refuses"
        ),
        "ours judges whom a change breaks and looks for payloads, too",
    )
    return Section("drift", "Drift", growth.COLUMNS, tuple(grown.rows), tuple(grown.ratios),
                   tuple(grown.figures), tuple(grown.curves), notes, tuple(grown.missing))  # fmt: skip


def _ours(folder: Path) -> process.Cost:
    command: list[str | Path] = [sys.executable, "-m", "scripts.drift", "--format", "json"]
    limit = ("--seconds", str(growth.LIMIT_SECONDS))
    return process.run(
        [*command, *limit, folder / "old.json", folder / "new.json"],
        folder=ROOT,
        seconds=growth.LIMIT_SECONDS,
        expected=(1,),
    )


def _theirs(folder: Path) -> process.Cost:
    script = npm(_OTHER) / ".bin" / _OTHER
    return process.run(
        [program("node"), _MEMORY, script, folder / "old.json", folder / "new.json"],
        folder=folder,
        seconds=_LIMIT_SECONDS,
        expected=(0, 1),  # nothing that it calls breaking; or something
    )
