"""Whether there is a browser for the tests of pages."""

import shutil
from pathlib import Path

# Debian's name, Ubuntu's, and the one that GitHub's machines have.
_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, _NAMES)), None)
DRIVER = shutil.which("chromedriver")
IS_THERE = bool(BROWSER and DRIVER)
MISSING = "what a browser makes of the pages was not tried: none is here; `make browser` installs Debian's"
AXE = Path(__file__).resolve().parent / "axe_core" / "axe.min.js"
"""The accessibility checks, as the makers of axe-core publish them; `SOURCE.toml` beside them says which."""
