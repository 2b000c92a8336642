"""The options of the command, with the names that users of other tools know where there are such."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from scripts.drift.findings import LEVELS
from scripts.drift.formats import FORMATS
from scripts.drift.policy.levels import level_of
from scripts.drift.time_limit import SECONDS
from scripts.lib.errors import Refusal

_DESCRIPTION = """\
Compare two descriptions of an API: report each change, whom it breaks, and a value that proves it.

BASE and REVISION are each a specification (JSON or YAML), a documentation page (Markdown with OpenAPI
blocks, or the text of a rendered page), - for stdin, an https address, or a file of a git revision
(main:openapi.yaml, or :openapi.yaml for the git index). Left out, they are the vendored document and the
live page."""
_EPILOG = """\
levels, from the worst: breaking, unknown (could not be decided), behaviour, client-api, docs, compatible

exit codes: 0 no drift of the level of --fail-on or worse, 1 such drift, 2 could not compare, with one line
on stderr that gives the reason

examples:
  python -m scripts.drift old.yaml new.yaml --format json --fail-on breaking
  python -m scripts.drift main:openapi.yaml openapi.yaml --html drift.html
  curl -s https://api.example/openapi.json | python -m scripts.drift openapi.json -"""


# One for each of FORMATS.
_FILES = (
    *("--text", "--json", "--markdown", "--html", "--changelog"),
    *("--sarif", "--junit", "--github", "--gitlab"),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refusal("arguments", f"{message}; see --help")


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a command line, with `base` and `revision` as they were given in either way.

    Raises:
        Refusal: the command line is wrong.
    """
    options = parser().parse_args(arguments)
    for side in ("base", "revision"):
        named = getattr(options, f"{side}_option")
        if named is not None:
            if getattr(options, side) is not None:
                raise Refusal("arguments", f"{side.upper()} and --{side} are both given; see --help")
            setattr(options, side, named)
    if options.base == "":
        raise Refusal("arguments", "BASE is empty; see --help")
    return options


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    result = _Parser(
        prog="python -m scripts.drift",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    add = result.add_argument
    add("base", nargs="?", metavar="BASE", help="the older description (default: the vendored document)")
    add("revision", nargs="?", metavar="REVISION", help="the newer description (default: the live page)")
    add("--base", dest="base_option", metavar="BASE", help="the same as the first argument")
    add(
        "--revision",
        dest="revision_option",
        metavar="REVISION",
        help="the same as the second argument; alone, it is compared with the vendored document",
    )
    add("-f", "--format", choices=FORMATS, default="text", help="format of the report (default: text)")
    add("--output", type=Path, metavar="FILE", help="write the report to a file instead of stdout")
    for option in _FILES:
        add(option, type=Path, metavar="FILE", help=f"also write the report as {option[2:]} to a file")
    add(
        "-o",
        "--fail-on",
        type=_level,
        default="behaviour",
        metavar="LEVEL",
        help="exit with 1 if a finding has this level or a worse one (default: behaviour); ERR, "
        "WARN and INFO mean breaking, behaviour and compatible",
    )
    add(
        "--accepted",
        type=Path,
        metavar="FILE",
        help="file of known findings, each with reason, owner and expires",
    )
    add(
        "--levels",
        "--severity-levels",
        type=Path,
        metavar="FILE",
        help="file with the levels of rules, of deprecation and of stability: TOML, or lines of a "
        "rule and its level",
    )
    add(
        "--stability",
        action="store_true",
        help="report no change as breaking in operations whose x-stability-level is draft or alpha",
    )
    for option, name in (("--deprecation-days-stable", "stable"), ("--deprecation-days-beta", "beta")):
        add(
            option,
            type=_days,
            metavar="N",
            help=f"days that a {name} operation must be deprecated before its x-sunset; after it, removal "
            "breaks nobody",
        )
    add("-c", "--composed", action="store_true", help="BASE and REVISION are folders or patterns of files")
    for option, side in (("--strip-prefix-base", "base"), ("--strip-prefix-revision", "revision")):
        add(option, default="", metavar="P", help=f"remove this prefix from the paths of the {side}")
    for option, side in (("--prefix-base", "base"), ("--prefix-revision", "revision")):
        add(option, default="", metavar="P", help=f"put this prefix before the paths of the {side}")
    add(
        "--explain",
        metavar="RULE",
        help="explain this rule, or list all rules with the name all; compare nothing",
    )
    add(
        "--seconds",
        type=float,
        default=SECONDS,
        metavar="N",
        help="seconds that the comparison may take (default: %(default)g)",
    )
    add(
        "--client",
        action=argparse.BooleanOptionalAction,
        help="generate a client from both sides and compare its names (default: only against the vendored "
        "document)",
    )
    return result


def _level(word: str) -> str:
    level = level_of(word)
    if level is None:
        raise argparse.ArgumentTypeError(f"{word!r} is no level; there are {', '.join(LEVELS)}")
    return level


def _days(word: str) -> int:
    if not word.isdecimal() or len(word) > 5:
        raise argparse.ArgumentTypeError(f"{word!r} is no number of days")
    return int(word)
