"""`python -m novapost_mock` is `novapost-mock`."""

import sys

from novapost_mock import EXTRA, MISSING


def command() -> int:
    """Run the server with the arguments of the process; the entry point of `novapost-mock`."""
    try:
        from novapost_mock.cli import main
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        sys.stderr.write(f"error: {MISSING}\n")
        return 2
    return main()


if __name__ == "__main__":
    sys.exit(command())
