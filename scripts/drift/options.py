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
What changed between two descriptions of an API, whom it breaks, and a payload that proves it.

BASE and REVISION are each a specification (JSON or YAML), a documentation page (Markdown with OpenAPI
blocks, or the text of a rendered page), - for stdin, an https address, or a file of a git revision
(main:openapi.yaml, :openapi.yaml for what is staged); left out, they are the vendored document and the
live page."""
_EPILOG = """\
levels, from the worst: breaking, unknown (could not be decided), behaviour, client-api, docs, compatible

exit codes: 0 no drift that matters, 1 drift of the level of --fail-on or worse, 2 could not compare, with
one line on stderr that says why

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
    add("-f", "--format", choices=FORMATS, default="text", help="how to tell it (default: text)")
    add("--output", type=Path, metavar="FILE", help="write it into a file instead of stdout")
    for option in _FILES:
        add(option, type=Path, metavar="FILE", help=f"write it as {option[2:]} into a file as well")
    add(
        "-o",
        "--fail-on",
        type=_level,
        default="behaviour",
        metavar="LEVEL",
        help="the mildest level that gives exit code 1 (default: behaviour); ERR, WARN and INFO are "
        "understood as breaking, behaviour and compatible",
    )
    add(
        "--accepted",
        type=Path,
        metavar="FILE",
        help="the findings that are known, each with reason, owner, expires",
    )
    add(
        "--levels",
        "--severity-levels",
        type=Path,
        metavar="FILE",
        help="levels of rules, deprecation and stability: TOML, or lines of a rule and its level",
    )
    add(
        "--stability",
        action="store_true",
        help="what is marked draft or alpha by x-stability-level breaks nobody",
    )
    for option, name in (("--deprecation-days-stable", "stable"), ("--deprecation-days-beta", "beta")):
        add(
            option,
            type=_days,
            metavar="N",
            help=f"what is {name} must be deprecated N days before its x-sunset, after which it may go",
        )
    add("-c", "--composed", action="store_true", help="BASE and REVISION are folders or patterns of files")
    for option, side in (("--strip-prefix-base", "base"), ("--strip-prefix-revision", "revision")):
        add(option, default="", metavar="P", help=f"take a prefix off the paths of the {side}")
    for option, side in (("--prefix-base", "base"), ("--prefix-revision", "revision")):
        add(option, default="", metavar="P", help=f"put a prefix before the paths of the {side}")
    add("--explain", metavar="RULE", help="explain a rule and compare nothing; all lists them")
    add(
        "--seconds",
        type=float,
        default=SECONDS,
        metavar="N",
        help="how long it may take (default: %(default)g)",
    )
    add(
        "--client",
        action=argparse.BooleanOptionalAction,
        help="generate the client from both and compare its names (default: against the vendored document)",
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
