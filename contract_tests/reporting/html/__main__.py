"""`python -m contract_tests.reporting.html [FOLDER]`: write contract.html from the JSON in a folder."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from contract_tests.reporting.html.render import write
from contract_tests.reporting.report import BadReport, read


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page.

    Returns:
        0 if it was written, or if there is no summary to write it from; 2 if it could not be.
    """
    parser = argparse.ArgumentParser(prog="python -m contract_tests.reporting.html", allow_abbrev=False)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("reports"))
    folder = parser.parse_args(argv).folder
    summary = folder / "contract.json"
    if not summary.exists():
        return 0
    try:
        write(read(summary), folder / "contract.html")
    except (BadReport, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
