"""`python -m scripts.drift`: see `scripts.drift.command`."""

import sys

from scripts.drift.command import main

if __name__ == "__main__":
    sys.exit(main())
