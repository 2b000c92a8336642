"""Write findings, one module per format; a format decides nothing."""

from collections.abc import Callable
from typing import Any, TextIO, TypeAlias

FORMATS = ("text", "json", "markdown", "html", "changelog", "sarif", "junit", "github", "gitlab")
_Write: TypeAlias = Callable[[dict[str, Any], TextIO], None]


def write_report(report: dict[str, Any], how: str, stream: TextIO) -> None:
    """Write a report in one of `FORMATS`."""
    _writer(how)(report, stream)


def _writer(how: str) -> _Write:
    """Return the writer of a format; only its module is loaded."""
    if how == "json":
        from scripts.drift.formats.json_report import write
    elif how == "text":
        from scripts.drift.formats.text import write
    elif how == "markdown":
        from scripts.drift.formats.markdown import write
    elif how == "html":
        from scripts.drift.formats.html import write
    elif how == "changelog":
        from scripts.drift.formats.changelog import write
    elif how == "sarif":
        from scripts.drift.formats.sarif import write
    elif how == "junit":
        from scripts.drift.formats.junit import write
    elif how == "github":
        from scripts.drift.formats.github import write
    else:
        from scripts.drift.formats.gitlab import write
    return write
