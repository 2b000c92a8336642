"""`python -m novapost_mock` is `novapost-mock`."""

import sys

from novapost_mock.server import main

sys.exit(main())
