"""The command: what changed, whom it breaks.

    python -m scripts.drift [BASE] [REVISION] [--format text|json|markdown|html|...] [--fail-on LEVEL]

BASE and REVISION are each a specification, a documentation page, `-` for stdin, an https address, or a file
of a git revision (`main:openapi.yaml`); left out, they are the vendored document and the live page.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.drift.formats import FORMATS, write_report
from scripts.drift.load.sources import Prefixes
from scripts.drift.options import parsed
from scripts.drift.policy.policy import STABILITY, Deprecation, Policy
from scripts.drift.run import Order, Replay, compared, could_not
from scripts.lib.errors import Refusal, Refusals, run, say
from scripts.lib.files import write_together

if TYPE_CHECKING:
    import argparse

    import httpx


def main(
    arguments: Sequence[str] | None = None,
    transport: "httpx.AsyncBaseTransport | None" = None,
    replay: Replay | None = None,
) -> int:
    """Run the command.

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
    options = parsed(arguments)
    if options.explain is not None:
        from scripts.drift.policy.rules import explained

        for line in explained(options.explain):
            say(line)
        return 0
    files: dict[str, Path] = {how: getattr(options, how) for how in FORMATS if getattr(options, how)}
    for path in (*files.values(), *([options.output] if options.output else [])):
        # So that nobody takes what an earlier run found for the answer of one that could not compare.
        _try_to_write(partial(path.unlink, missing_ok=True), path)
    try:
        report = compared(_order(options, files), transport, replay)
    except (Refusal, Refusals) as error:
        raise could_not(error) from error
    for how, path in files.items():
        _write(report, how, path)
    if options.output:
        _write(report, options.format, options.output)
    else:
        write_report(report, options.format, sys.stdout)
    code = int(report["exit_code"])
    if code == 2:
        cut = next(one for one in report["findings"] if one["details"].get("incomplete"))
        raise could_not(Refusal(report["revision"]["name"], f"{cut['place']}: {cut['text']}"))
    return code


def _order(options: "argparse.Namespace", files: dict[str, Path]) -> Order:
    return Order(
        base=options.base,
        revision=options.revision,
        fail_on=options.fail_on,
        seconds=options.seconds,
        client=options.client,
        lines=bool({options.format, *files} & {"json", "sarif", "github", "gitlab", "html", "junit"}),
        accepted=options.accepted,
        composed=options.composed,
        prefixes=(
            Prefixes(options.strip_prefix_base, options.prefix_base),
            Prefixes(options.strip_prefix_revision, options.prefix_revision),
        ),
        policy=_policy(options),
    )


def _policy(options: "argparse.Namespace") -> Policy:
    """Return what the file of --levels says, and the options, which count more."""
    policy = _read_policy(options.levels) if options.levels else Policy()
    if options.stability:
        policy = replace(policy, stability=STABILITY | dict(policy.stability))
    stable, beta = options.deprecation_days_stable, options.deprecation_days_beta
    if stable is not None or beta is not None:
        stated = policy.deprecation or Deprecation()
        policy = replace(
            policy,
            deprecation=Deprecation(
                stated.stable if stable is None else stable, stated.beta if beta is None else beta
            ),
        )
    return policy


def _read_policy(path: Path) -> Policy:
    from scripts.drift.policy.reading import read_policy

    return read_policy(path)


def _write(report: dict[str, object], how: str, path: Path) -> None:
    text = StringIO()
    write_report(report, how, text)
    _try_to_write(lambda: write_together({path: text.getvalue().encode("utf-8", "replace")}), path)


def _try_to_write(write: Callable[[], None], path: Path) -> None:
    try:
        write()
    except OSError as error:
        raise Refusal(path.name, error.strerror or "cannot be written") from error
