"""Take every page of console and report, for people to look at: `make screenshots ARGS=--every`.

Each state of a page is taken at two widths, in both schemes, the console in both languages. A page that is
wider than its window, or on which axe finds something, is named.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from contract_tests.self_tests.support.browser import Browser, browsing
from contract_tests.self_tests.support.browser_installed import AXE
from contract_tests.self_tests.support.mock_process import Started, started

SCHEMES = ("light", "dark")
WIDTHS = (390, 1280)
LANGUAGES = ("en", "uk")

_TALLEST = 12_000
_PHONE, _OTHER, _LONG = "498213437654", "4915112345678", "1" * 39
_NOW = "2026-03-10T09:30:00Z"
_FAULTS: list[dict[str, object]] = [
    {"kind": "html", "operation": "authorizeClient", "times": 3},
    {"status": 503, "delay_seconds": 2.5, "on_call": 2},
    {"kind": "drip"},
]


def pages_of_console(browser: Browser, mock: Started) -> Iterator[str]:
    """Bring the browser from page to page, and return the name of each when it is there."""

    def opened(path: str, ready: str = "#main") -> None:
        browser.open(path)
        browser.until(ready)

    mock.steer("POST", "reset")
    mock.steer("PUT", "clock", {"now": _NOW})
    for page in ("keys", "journal", "faults"):
        opened(f"console/{page}")
        yield f"{page}-empty"
    opened("")
    yield "key"
    browser.one("form.card button").click()
    browser.until("#api-key")
    yield "key-given"
    browser.one("#main button.main").click()
    browser.until("#jwt")
    yield "jwt"
    for phone, name in ((_OTHER, "not-registered"), (_LONG, "refused"), ("380501234567", "ukrainian")):
        opened("")
        browser.fill("phone", phone)
        browser.one("form.card button").click()
        browser.until(".note.wrong")
        yield f"key-{name}"
    mock.steer("PUT", f"clients/{_OTHER}", {"matches": 2})
    mock.steer("PUT", "clients/380501234567", {"matches": 1})
    mock.steer("PUT", "faults", _FAULTS)
    mock.ask(_OTHER)
    for page in ("keys", "clients", "clock", "faults", "journal"):
        opened(f"console/{page}")
        yield page
    browser.one(".entries summary").click()
    yield "journal-open"
    opened("console/clock")
    browser.driver.execute_script("document.getElementById('menu').showPopover()")
    yield "menu-open"
    opened("console/journal?q=nothing-has-this")
    yield "journal-none-found"
    opened("console/faults")
    browser.fill("kind", "status")
    browser.fill("status", "99")
    browser.one("form.card button.main").click()
    browser.until(".note.wrong")
    yield "faults-refused"
    opened("console/sign-in")
    yield "sign-in"
    opened("console/nowhere")
    yield "problem"
    opened("console/reference", "#reference .opblock")
    for each in browser.all("#reference .opblock-summary-control"):
        each.click()
    yield "reference"


def console(folder: Path, profile: Path, told: Callable[[str], None]) -> None:
    """Take every state of the console.

    Args:
        folder: for the pictures.
        profile: an empty folder for the browser.
        told: gets each picture's name, and what is wrong with its page.
    """
    with started() as mock, browsing(mock.control, profile) as browser:
        for language in LANGUAGES:
            for scheme in SCHEMES:
                browser.prefer(scheme)
                browser.resize(WIDTHS[-1])
                browser.open(f"?lang={language}")
                for name in pages_of_console(browser, mock):
                    _take(browser, folder, f"console-{name}-{language}-{scheme}", told)


def report(page: Path, name: str, folder: Path, profile: Path, told: Callable[[str], None]) -> None:
    """Take a page of a run. See `console`."""
    with browsing(page.as_uri(), profile) as browser:
        for scheme in SCHEMES:
            browser.prefer(scheme)
            browser.open()
            _take(browser, folder, f"{name}-{scheme}", told)


def _take(browser: Browser, folder: Path, name: str, told: Callable[[str], None]) -> None:
    for width in WIDTHS:
        browser.resize(width)
        page = "document.documentElement"
        wide, height = browser.driver.execute_script(f"return [{page}.scrollWidth, {page}.scrollHeight]")
        path = folder / f"{name}-{width}.png"
        browser.resize(width, min(height, _TALLEST))
        path.write_bytes(browser.driver.get_screenshot_as_png())
        told(path.name)
        if wide > width:
            told(f"  {wide} pixels wide in a window of {width}")
        for line in browser.violations(AXE):
            told(f"  {line}")
