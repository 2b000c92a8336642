"""Whether there is a browser for the tests of pages."""

import shutil

# Debian's name, Ubuntu's, and the one that GitHub's machines have.
_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, _NAMES)), None)
DRIVER = shutil.which("chromedriver")
IS_THERE = bool(BROWSER and DRIVER)
MISSING = "the console was not tried in a browser: none is here; `make browser` installs Debian's"
