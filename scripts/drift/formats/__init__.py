"""How findings are told: one module a format, none of which decides anything."""

from collections.abc import Callable
from typing import Any, TextIO

FORMATS = ("text", "json", "markdown", "sarif", "github")


def told(report: dict[str, Any], how: str, stream: TextIO) -> None:
    """Write a report in one of `FORMATS`."""
    from scripts.drift.formats import github, json_report, markdown, sarif, text

    tellers: dict[str, Callable[[dict[str, Any], TextIO], None]] = {
        "text": text.tell,
        "json": json_report.tell,
        "markdown": markdown.tell,
        "sarif": sarif.tell,
        "github": github.tell,
    }
    tellers[how](report, stream)
