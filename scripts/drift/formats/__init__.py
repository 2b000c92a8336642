"""How findings are told: one module a format, none of which decides anything."""

from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ("text", "json", "markdown", "html", "changelog", "sarif", "junit", "github", "gitlab")


def told(report: dict[str, Any], how: str, stream: TextIO) -> None:
    """Write a report in one of `FORMATS`."""
    from scripts.drift.formats import (
        changelog,
        github,
        gitlab,
        html,
        json_report,
        junit,
        markdown,
        sarif,
        text,
    )

    tellers: dict[str, Callable[[dict[str, Any], TextIO], None]] = {
        "text": text.tell,
        "json": json_report.tell,
        "markdown": markdown.tell,
        "html": html.tell,
        "changelog": changelog.tell,
        "sarif": sarif.tell,
        "junit": junit.tell,
        "github": github.tell,
        "gitlab": gitlab.tell,
    }
    tellers[how](report, stream)
