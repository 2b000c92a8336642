"""Write findings, one module per format; a format decides nothing."""

from collections.abc import Callable
from typing import Any, TextIO, TypeAlias

FORMATS = ("text", "json", "markdown", "html", "changelog", "sarif", "junit", "github", "gitlab")
_Tell: TypeAlias = Callable[[dict[str, Any], TextIO], None]


def told(report: dict[str, Any], how: str, stream: TextIO) -> None:
    """Write a report in one of `FORMATS`."""
    _teller(how)(report, stream)


def _teller(how: str) -> _Tell:
    """Return what tells a report; only the module of that format is loaded."""
    if how == "json":
        from scripts.drift.formats.json_report import tell
    elif how == "text":
        from scripts.drift.formats.text import tell
    elif how == "markdown":
        from scripts.drift.formats.markdown import tell
    elif how == "html":
        from scripts.drift.formats.html import tell
    elif how == "changelog":
        from scripts.drift.formats.changelog import tell
    elif how == "sarif":
        from scripts.drift.formats.sarif import tell
    elif how == "junit":
        from scripts.drift.formats.junit import tell
    elif how == "github":
        from scripts.drift.formats.github import tell
    else:
        from scripts.drift.formats.gitlab import tell
    return tell
