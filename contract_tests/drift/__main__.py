"""`python -m contract_tests.drift`, which `make drift` calls."""

import sys

from contract_tests.drift.replay import main

if __name__ == "__main__":
    sys.exit(main())
