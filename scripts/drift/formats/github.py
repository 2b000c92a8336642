"""The report as annotations of GitHub Actions: one workflow command a finding, with file and line."""

from typing import Any, TextIO

from scripts.drift.formats.words import verdict, where
from scripts.lib.errors import printable

_COMMANDS = {"breaking": "error", "unknown": "warning", "behaviour": "warning"}


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the annotations, the verdict last."""
    for one in report["findings"]:
        if one["accepted"]:
            continue
        name, line, column = where(report, one)
        command = _COMMANDS.get(one["level"], "notice")
        title = _property(f"{one['level']}: {one['rule']} {one['effect']}")
        place = f"file={_property(name)},line={line},col={column},title={title}"
        stream.write(f"::{command} {place}::{_data(one['place'] + ': ' + one['text'])}\n")
    stream.write(_data(verdict(report)) + "\n")


def _data(text: str) -> str:
    """Return a text that stays within its command."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
