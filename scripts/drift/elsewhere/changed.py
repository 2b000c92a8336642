"""Compare files with what a revision of the git repository at hand has of them: what a commit changes.

    python -m scripts.drift.elsewhere.changed [--against REV] [OPTIONS OF DRIFT] FILE...

pre-commit calls it with the files that a commit changes. Options of drift that have a value are written with
an equals sign, such as `--fail-on=breaking`.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence

from scripts.drift import command
from scripts.lib.errors import Refusal, run, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare each file; return the worst exit code, 0 if the revision has none of them.

    Args:
        arguments: the command line without the program's name; left out, that of this process.
    """
    return run(lambda: _main(arguments))


def _main(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.drift.elsewhere.changed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--against", default="HEAD", metavar="REV", help="the revision (default: HEAD)")
    options, others = parser.parse_known_args(arguments)
    files = [one for one in others if not one.startswith("-")]
    forwarded = [one for one in others if one.startswith("-")]
    worst = 0
    for file in files:
        if not _has(options.against, file):
            say(f"{file}: is new, so nobody relies on it yet")
            continue
        worst = max(worst, command.main([f"{options.against}:./{file}", file, *forwarded]))
    return worst


def _has(revision: str, file: str) -> bool:
    """Return whether a revision has a file.

    Raises:
        Refusal: git knows no such revision, other than the one before the first commit.
    """
    if _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"):
        return _git("cat-file", "-e", f"{revision}:./{file}")
    if revision == "HEAD" and _git("rev-parse", "--git-dir"):
        return False
    raise Refusal("--against", f"git knows no revision {revision} here")


def _git(*arguments: str) -> bool:
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal("git", f"cannot be run: {type(error).__name__}") from error
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
