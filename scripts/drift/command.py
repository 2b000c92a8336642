"""The command: what changed, whom it breaks.

    python -m scripts.drift [BASE] [REVISION] [--format text|json|markdown|sarif|github] [--fail-on LEVEL]

BASE and REVISION are each a specification, a documentation page with OpenAPI blocks, or an https address;
left out, they are the vendored document and the live page.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from scripts.drift.findings import LEVELS
from scripts.drift.formats import FORMATS, told
from scripts.drift.run import Order, Replay, compared, could_not
from scripts.drift.time_limit import SECONDS
from scripts.lib.errors import Refusal, Refusals, run
from scripts.lib.files import write_together

if TYPE_CHECKING:
    import httpx

_DESCRIPTION = """\
What changed between two descriptions of an API, whom it breaks, and a payload that proves it.

BASE and REVISION are each a specification (JSON or YAML), a documentation page (Markdown with OpenAPI
blocks) or an https address; left out, they are the vendored document and the live page."""
_EPILOG = """\
levels, from the worst: breaking, unknown (could not be decided), behaviour, client-api, docs, compatible

exit codes: 0 no drift that matters, 1 drift of the level of --fail-on or worse, 2 could not compare, with
one line on stderr that says why

example:
  python -m scripts.drift old.yaml new.yaml --format json --fail-on breaking"""


def main(
    arguments: Sequence[str] | None = None,
    transport: "httpx.AsyncBaseTransport | None" = None,
    replay: Replay | None = None,
) -> int:
    """The command.

    Args:
        arguments: the command line without the program's name; left out, that of this process.
        transport: what to fetch pages through; left out, the network.
        replay: what tries the payloads out, see `contract_tests.drift`; left out, they are not tried.

    Returns:
        The exit code: 0, 1 or 2 as the help says.
    """
    try:
        return run(lambda: _main(arguments, transport, replay))
    except BrokenPipeError:
        # Whoever read the report has seen enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2


def _main(
    arguments: Sequence[str] | None,
    transport: "httpx.AsyncBaseTransport | None",
    replay: Replay | None,
) -> int:
    options = _parser().parse_args(arguments)
    order = Order(
        base=options.base,
        revision=options.revision,
        fail_on=options.fail_on,
        seconds=options.seconds,
        client=options.client,
        lines=options.format in ("json", "sarif", "github"),
    )
    if options.json:
        # So that nobody takes what an earlier run found for the answer of one that could not compare.
        _try_to_write(lambda: options.json.unlink(missing_ok=True), options.json)
    try:
        report = compared(order, transport, replay)
    except (Refusal, Refusals) as error:
        raise could_not(error) from error
    if options.json:
        text = StringIO()
        told(report, "json", text)
        _try_to_write(lambda: write_together({options.json: text.getvalue().encode()}), options.json)
    told(report, options.format, sys.stdout)
    return int(report["exit_code"])


def _try_to_write(write: Callable[[], None], path: Path) -> None:
    try:
        write()
    except OSError as error:
        raise Refusal(path.name, error.strerror or "cannot be written") from error


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refusal("arguments", f"{message}; see --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m scripts.drift",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    add = parser.add_argument
    add("base", nargs="?", metavar="BASE", help="the older description (default: the vendored document)")
    add("revision", nargs="?", metavar="REVISION", help="the newer description (default: the live page)")
    add("--format", choices=FORMATS, default="text", help="how to tell it (default: text)")
    add("--json", type=Path, metavar="FILE", help="write it as JSON into a file as well")
    add("--fail-on", choices=LEVELS, default="behaviour", help="the mildest level that gives exit code 1")
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
    return parser
