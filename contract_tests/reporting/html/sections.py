"""What other commands have left beside a summary, for the page to show as sections."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contract_tests.reporting.report import BadReport, read
from scripts.lib.paths import ROOT

SCHEMAS = {
    "drift": ROOT / "openapi" / "drift-report.schema.json",
    "defects": ROOT / "contract_tests" / "defects" / "report.schema.json",
    "bench": ROOT / "contract_tests" / "bench" / "report.schema.json",
}


@dataclass(frozen=True)
class Part:
    """One of them.

    Attributes:
        name: "drift", "defects" or "bench".
        written_at: when its file was written, which the page says since it may be older than the run.
        tree: what the file holds; None if it cannot be used.
        fault: why not.
    """

    name: str
    written_at: datetime
    tree: dict[str, Any] | None
    fault: str = ""


def beside(folder: Path) -> Iterator[Part]:
    """Return the sections in a folder, in the order of display. A section that is absent is left out."""
    for name, schema in SCHEMAS.items():
        path = folder / f"{name}.json"
        try:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            continue
        try:
            yield Part(name, at, read(path, schema))
        except BadReport as error:
            yield Part(name, at, None, str(error))
