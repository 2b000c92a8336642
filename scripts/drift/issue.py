"""One issue that says what drifted: opened, kept up to date, and closed when all is well again.

Run by `make drift-issue` in the weekly pipeline. It speaks to GitHub through its own command `gh`, which the
runners bring and which takes its token from the environment.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.lib.errors import Refusal, printable, run

TITLE = "The vendor's page drifted"
LABEL = "drift"
AUTHOR = "github-actions"
"""Who opens the issue: the pipeline. Nobody else's issue is touched, whatever its title or label."""
MAX_BODY = 60_000
"""In characters; GitHub takes 65,536."""

Gh = Callable[[Sequence[str], str], str]
"""Runs `gh` with these arguments and this text on stdin, and returns what it prints."""


def gh(arguments: Sequence[str], text: str = "") -> str:
    """Run GitHub's command.

    Raises:
        Refusal: it is not installed or failed; its own first line says why.
    """
    command = shutil.which("gh")
    if command is None:
        raise Refusal("gh", "GitHub's command is not installed")
    try:
        done = subprocess.run(
            [command, *arguments], input=text, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal("gh", f"GitHub's command cannot be run: {type(error).__name__}") from None
    if done.returncode:
        raise Refusal("gh", printable(done.stderr.strip().partition("\n")[0], 200) or "failed")
    return done.stdout


def keep(code: int, report: str, gh: Gh = gh, author: str = AUTHOR) -> str:
    """Bring the issue in line with a run of drift.

    Args:
        code: its exit code: 0 no drift, 1 drift, anything else could not compare.
        report: in Markdown.
        gh: how GitHub is asked.
        author: whose issue it is; people may write about drift, too.

    Returns:
        What was done, in words.
    """
    listed = ["--state", "open", "--label", LABEL, "--limit", "100", "--json", "number,author"]
    found = json.loads(gh(["issue", "list", *listed], ""))
    number = next((str(each["number"]) for each in found if _login(each["author"]) == author), None)
    if code == 0:
        if number is None:
            return "no drift, and no issue is open"
        gh(["issue", "close", number, "--comment", "No drift any more."], "")
        return f"no drift any more: issue {number} closed"
    body = report if len(report) <= MAX_BODY else f"{report[:MAX_BODY]}\n\n(cut here)\n"
    if number is None:
        # GitHub refuses an issue with a label that is not there.
        gh(
            [
                "label",
                "create",
                LABEL,
                "--force",
                "--description",
                "The vendor's page changed",
                "--color",
                "d93f0b",
            ],
            "",
        )
        gh(["issue", "create", "--title", TITLE, "--label", LABEL, "--body-file", "-"], body)
        return "issue opened"
    gh(["issue", "edit", number, "--body-file", "-"], body)
    return f"issue {number} brought up to date"


def _login(author: Mapping[str, Any]) -> str:
    """Return the name of an author, which for a robot comes in several forms: app/NAME, NAME[bot], NAME."""
    return str(author.get("login") or "").removeprefix("app/").removesuffix("[bot]")


def main(argv: Sequence[str] | None = None) -> int:
    """Read the report of a run and keep the issue; ends as the run did, so that a pipeline shows its result.

    A run that could not compare is an error of the pipeline (2); drift is told by the issue (0).
    """
    parser = argparse.ArgumentParser(prog="python -m scripts.drift.issue", description=__doc__)
    parser.add_argument("--code", type=int, required=True, help="the exit code of the run of drift")
    parser.add_argument("--report", type=Path, required=True, help="the file of its report in Markdown")
    parser.add_argument("--errors", type=Path, required=True, help="the file of its stderr")
    parser.add_argument("--summary", default="", help="append the report to this file as well")
    parser.add_argument("--author", default=AUTHOR, help=f"author of the issue ({AUTHOR})")
    arguments = parser.parse_args(argv)
    report: str = arguments.report.read_text(encoding="utf-8")
    if arguments.code > 1:
        errors = arguments.errors.read_text(encoding="utf-8").replace("`", "'")
        report = f"## Could not compare\n\n```\n{errors}```\n"
    if arguments.summary:
        with Path(arguments.summary).open("a", encoding="utf-8") as summary:
            summary.write(report)
    print(keep(arguments.code, report, author=arguments.author))
    return 2 if arguments.code > 1 else 0


if __name__ == "__main__":
    sys.exit(run(main))
