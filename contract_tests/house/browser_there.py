"""Whether there is a browser for the tests of pages."""

import shutil

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
IS_THERE = bool(BROWSER and DRIVER)
MISSING = "the console was not tried in a browser: none is here; `make browser` installs Debian's"
