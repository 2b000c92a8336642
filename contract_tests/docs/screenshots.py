"""Take the pictures of `docs/` again, light and dark: `make screenshots`.

    python -m contract_tests.docs.screenshots [--only console|report] [--every] [--folder docs]

Debian's Chromium takes them (`make browser`). The console belongs to a new mock. The report is that of a
short run of the suite against such a mock with a seeded defect. `--every` takes pictures of all pages
instead, for people who check them.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from contract_tests.defects.proxy import standing_before
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.reporting.html.render import write
from contract_tests.reporting.html.sections import SCHEMAS
from contract_tests.reporting.report import BadReport, read
from contract_tests.self_tests.support import gallery
from contract_tests.self_tests.support.browser import Browser, browsing
from contract_tests.self_tests.support.browser_installed import IS_THERE
from contract_tests.self_tests.support.mock_process import started
from scripts.lib.paths import ROOT

SCHEMES: Mapping[str, str] = {"light": "", "dark": "-dark"}
"""The schemes of colours, with the ending of a picture's name."""

WIDTH, HEIGHT = 1000, 990
"""The size of a picture in pixels; a longer page is cut off."""

DEFECT = "renewal-keeps-the-end"
"""The defect that the pictured report has found, by its name in the catalogue."""

TESTS = tuple(
    f"contract_tests/novapost/test_{each}.py"
    for each in ("asking", "calendar", "clients", "limit", "renewals", "requests", "tokens")
)
"""The part of the suite that runs: the rules without what takes minutes."""

SEED = "7"
RESULTS = ROOT / "reports"
_NOW = "2026-03-10T09:30:00Z"


def console(folder: Path, profile: Path) -> None:
    """Take the console with a key that was just given.

    Args:
        folder: for the pictures.
        profile: an empty folder for the browser.
    """
    with started() as mock, browsing(mock.control, profile) as browser:
        for scheme, ending in SCHEMES.items():
            mock.steer("POST", "reset")
            mock.steer("PUT", "clock", {"now": _NOW})
            browser.prefer(scheme)
            browser.resize(WIDTH)
            browser.open("?lang=en")
            browser.press("Get a key")
            _take(browser, folder / f"console{ending}.png")


def run_with_a_defect(results: Path) -> None:
    """Let a part of the suite find the seeded defect, and leave its report in a folder.

    Raises:
        BadReport: the run left no report, or found nothing.
    """
    defect = next(each for each in CATALOGUE if each.name == DEFECT)
    with started() as mock:
        origin = mock.base.removesuffix("/v.1.0/")
        with standing_before(origin, defect.start) as address:
            command = [sys.executable, "-m", "pytest", *TESTS, "--campaign", "--assert=plain"]
            command += [f"--target={address}/v.1.0/", f"--control={address}/__mock__/"]
            command += [f"--seed={SEED}", f"--report={results}", "-p", "no:cacheprovider"]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode != 1:
        raise BadReport(f"the run found nothing or did not run: {run.stdout[-500:]}{run.stderr[-500:]}")


def report(folder: Path, profile: Path) -> None:
    """Take the report of a run that broke a promise. See `console`.

    Raises:
        BadReport: the run left no report, or it is not one.
    """
    results = profile / "results"
    run_with_a_defect(results)
    page = results / "picture.html"
    write(read(results / "contract.json"), page)
    with browsing(f"{page.as_uri()}", profile / "browser") as browser:
        for scheme, ending in SCHEMES.items():
            browser.prefer(scheme)
            browser.resize(WIDTH)
            browser.open()
            _take(browser, folder / f"report{ending}.png")


def every_console(folder: Path, profile: Path) -> None:
    """Take each state of each page of the console, and name what is wrong with it. See `console`."""
    gallery.console(folder, profile, print)


def every_report(folder: Path, profile: Path) -> None:
    """Take the whole report, with the parts that other targets have left in `reports/`. See `report`."""
    results = profile / "results"
    run_with_a_defect(results)
    for part in SCHEMAS:
        if (RESULTS / f"{part}.json").exists():
            shutil.copy(RESULTS / f"{part}.json", results)
    write(read(results / "contract.json"), results / "page.html")
    gallery.report(results / "page.html", "report", folder, profile / "browser", print)


PICTURES: Mapping[str, Callable[[Path, Path], None]] = {"console": console, "report": report}
"""The pages that have pictures in `docs/`."""

EVERY: Mapping[str, Callable[[Path, Path], None]] = {"console": every_console, "report": every_report}
"""The same for `--every`."""


def _take(browser: Browser, path: Path) -> None:
    height = min(HEIGHT, int(browser.driver.execute_script("return document.documentElement.scrollHeight")))
    browser.resize(WIDTH, height)
    path.write_bytes(browser.driver.get_screenshot_as_png())
    print(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Take the pictures.

    Returns:
        0 if they were taken; 2 if there is no browser, or a page could not be made.
    """
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.docs.screenshots",
        description="Take the pictures of docs/ again, light and dark.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--only", choices=PICTURES, action="append", help="take only this page; may be repeated"
    )
    parser.add_argument(
        "--every",
        action="store_true",
        help="take all pages at two widths, in both schemes and languages, and check them with axe",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="folder for the pictures (docs; with --every reports/screenshots)",
    )
    arguments = parser.parse_args(argv)
    if not IS_THERE:
        print(
            "error: no Chromium with its chromedriver is here: `make browser` installs Debian's",
            file=sys.stderr,
        )
        return 2
    folder: Path = arguments.folder or (RESULTS / "screenshots" if arguments.every else ROOT / "docs")
    folder.mkdir(parents=True, exist_ok=True)
    pictures = EVERY if arguments.every else PICTURES
    for name in arguments.only or pictures:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            try:
                pictures[name](folder, Path(profile))
            except (BadReport, OSError) as error:
                print(f"error: {name}: {error}", file=sys.stderr)
                return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
