"""The report as a changelog in Markdown, for the notes of a release: what changed, by how much it matters."""

from typing import Any, TextIO

from scripts.drift.formats.markdown import code, plain

_TITLES = {
    "breaking": "Breaking changes",
    "unknown": "Could not be judged",
    "behaviour": "Changes of behaviour",
    "client-api": "Generated client",
    "docs": "Documentation",
    "compatible": "Additions and other compatible changes",
}


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the changelog; accepted findings are in it, since they are changes."""
    stream.write(f"# Changes from {code(report['base']['name'])} to {code(report['revision']['name'])}\n")
    if not report["findings"]:
        stream.write("\nNo changes.\n")
    for level, title in _TITLES.items():
        group = [one for one in report["findings"] if one["level"] == level]
        if group:
            stream.write(f"\n## {title}\n\n")
        stream.writelines(f"- {code(one['place'])}: {plain(one['text'])}\n" for one in group)
