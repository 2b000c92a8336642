"""Debian's Chromium for the tests of pages, where it is installed; `make browser` installs it."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from contract_tests.self_tests.support.browser_installed import BROWSER, DRIVER

# Without the second half Chromium looks for updates and the like at addresses of its maker's.
_FLAGS = (
    *("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en"),
    *("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-default-apps"),
)
# What WCAG 2.2 A and AA ask for, and what axe calls good practice.
_AT_REST = (
    "return document.getAnimations().every((each) => each.effect.getComputedTiming().endTime === Infinity);"
)
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Selenium looks again after half a second, in which most pages have long been there.
_LOOK_AGAIN = 0.03


class Browser:
    """A browser and what it saw.

    Attributes:
        base: the address of the console.
        requested: the addresses that pages have asked for.
        complaints: what the browser wrote to its console: errors of scripts, breaches of the policy.
    """

    def __init__(self, driver: webdriver.Chrome, base: str) -> None:
        self.driver = driver
        self.base = base
        self.requested: list[str] = []
        self.complaints: list[str] = []

    def open(self, path: str = "") -> None:
        """Open a page by its address below the console's."""
        self.driver.get(self.base + path)
        self.look()

    def text(self) -> str:
        """Return the text of the page."""
        return str(self.driver.find_element(By.ID, "main").text)

    def all(self, css: str) -> Sequence[WebElement]:
        """Return the elements of a selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        """Return the element of a selector."""
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def press(self, label: str, among: str = "#main button") -> None:
        """Press the first button that is labelled so."""
        found = [each for each in self.all(among) if each.text == label]
        assert found, (label, [each.text for each in self.all(among)])
        if found[0].get_property("type") == "submit":
            self._go(found[0])
        else:
            found[0].click()
        self.look()

    def follow(self, css: str) -> None:
        """Follow the link of a selector."""
        self._go(self.one(css))
        self.look()

    def _go(self, element: WebElement) -> None:
        # On a machine with much to do the click comes back before the page that it loads.
        before = self.one("html")
        element.click()
        # While one page takes the place of another the driver may find the element in neither, and says so.
        gone = WebDriverWait(self.driver, 30, _LOOK_AGAIN, [WebDriverException])
        gone.until(staleness_of(before))
        self.wait(lambda: self.driver.execute_script("return document.readyState") == "complete")

    def fill(self, name: str, value: str) -> None:
        """Put a value into the field of a name."""
        field = self.one(f"#main [name={name}]:not([type=hidden])")
        if field.tag_name == "select":
            self.driver.execute_script(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))",
                field,
                value,
            )
        else:
            field.clear()
            field.send_keys(value)

    def until(self, css: str, seconds: float = 30.0) -> WebElement:
        """Wait for an element."""
        return WebDriverWait(self.driver, seconds, _LOOK_AGAIN).until(
            lambda driver: driver.find_element(By.CSS_SELECTOR, css)
        )

    def wait(self, condition: Any, seconds: float = 30.0) -> None:
        """Wait until a function of no arguments gives something true."""
        # A page that renews its list may take away what is looked at; then it is looked at again.
        waiting = WebDriverWait(self.driver, seconds, _LOOK_AGAIN, [WebDriverException])
        waiting.until(lambda _: condition())

    def resize(self, width: int, height: int = 900) -> None:
        """Give the page another width, as a telephone would."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        """Let the browser prefer `light` or `dark` colours, as a system's setting does."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def look(self) -> None:
        """Note what was asked for and what went wrong since the last look."""
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requested.append(message["params"]["request"]["url"])
        for entry in self.driver.get_log("browser"):  # type: ignore[no-untyped-call]
            self.complaints.append(f"{entry['level']} {entry['message']}")

    def elsewhere(self) -> list[str]:
        """Return the addresses outside the mock that pages have asked for."""
        own = urlsplit(self.base).netloc
        known = [url for url in self.requested if url.startswith(("http:", "https:", "ws:", "wss:"))]
        return [url for url in known if urlsplit(url).netloc != own]

    def violations(self, axe: Path) -> list[str]:
        """Return the violations that axe finds on the page once nothing fades any more, a line each.

        A colour on its way to another one has a contrast that no reader meets.

        Args:
            axe: the script.
        """
        self.wait(lambda: self.driver.execute_script(_AT_REST))
        self.driver.execute_script(axe.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run({runOnly: {type: 'tag', values: arguments[0]}})"
            ".then((r) => done(r.violations), (error) => done(String(error)));",
            _TAGS,
        )
        assert isinstance(found, list), found
        return [
            f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
            for each in found
            for node in each["nodes"]
        ]


@contextmanager
def browsing(base: str, folder: Path) -> Iterator[Browser]:
    """Yield a browser for the time of a block.

    Args:
        base: the address of the console.
        folder: an empty one for its profile.
    """
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for flag in (*_FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    if "CI" in os.environ or (hasattr(os, "geteuid") and os.geteuid() == 0):
        # Chromium's sandbox works neither for root nor where the kernel gives users no namespaces.
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield Browser(driver, base)
    finally:
        driver.quit()
