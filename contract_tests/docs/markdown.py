"""The pieces of Markdown that the pages of `docs/reference/` are made of."""

import argparse
import re
import textwrap
from collections.abc import Iterator, Sequence

_HEAD = "<!-- Do not edit: written by `python -m contract_tests.docs.reference` from {source}. -->\n"
_USAGE = re.compile(r"(\[[^\]]+\])")


def prose(*lines: str) -> str:
    """Return a paragraph with an empty line after it."""
    return textwrap.fill(" ".join(lines), 116, break_long_words=False, break_on_hyphens=False) + "\n"


def page(source: str, parts: Sequence[str]) -> str:
    """Return a whole page, with the note at its top that names its source."""
    return _HEAD.format(source=source) + "\n".join(parts).rstrip() + "\n"


def cell(text: str) -> str:
    """Return a text as one cell of a table: one line, with no accidental mark of Markdown or HTML."""
    flat = " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;")
    return re.sub(r"(\^\[\S+\$)", r"`\1`", flat)


def usage_as_code(text: str) -> str:
    """Return a text with `[NAME=value]` as code, which Markdown would take for a link."""
    return _USAGE.sub(r"`\1`", text)


def help_cell(text: str | None) -> str:
    """Return the help of an option as one cell of a table."""
    return cell((text or "").replace("%%", "%"))


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Return the options of a parser, without --help."""
    return (each for each in parser._actions if each.option_strings and each.dest != "help")


def option(action: argparse.Action) -> str:
    """Return an option with the name of its value, as code."""
    value = action.metavar if isinstance(action.metavar, str) else None
    if action.choices:
        value = " or ".join(map(str, action.choices))
    elif value is None and action.nargs != 0:
        value = action.dest.upper()
    return f"`{action.option_strings[-1]}{f' {value}' if value else ''}`"
