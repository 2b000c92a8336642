"""Does a real browser show the page of a run, under its own policy? Skipped where there is none."""

import struct
import subprocess
from pathlib import Path

import pytest

from contract_tests.reporting.html.render import page
from contract_tests.self_tests.reporting.test_report import summary
from contract_tests.self_tests.support.browser_installed import BROWSER, MISSING

# Without these a headless Chromium looks for updates and hosts of its maker.
_ALONE = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def browser() -> str:
    """Return the path of a Chromium."""
    if BROWSER is None:
        pytest.skip(MISSING)
    return BROWSER


def shown(browser: str, text: str, folder: Path) -> tuple[tuple[int, int], str]:
    """Return the size of the picture that a browser makes of a page, and the messages of its console."""
    (folder / "page.html").write_text(text, encoding="utf-8")
    command = [browser, *_ALONE, f"--user-data-dir={folder}/profile", "--enable-logging=stderr"]
    command += ["--window-size=800,600", f"--screenshot={folder}/page.png", f"file://{folder}/page.html"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    picture = (folder / "page.png").read_bytes()
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return struct.unpack(">II", picture[16:24]), "\n".join(said)


def test_a_browser_has_nothing_to_say_against_the_page(browser: str, tmp_path: Path) -> None:
    """Its style is the one that the policy allows; any other is refused, which shows that it is in force."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    text = page(summary(finding=True))

    size, said = shown(browser, text, good)
    _, refused = shown(browser, text.replace("</style>", "b {}</style>"), bad)

    assert (size, said) == ((800, 600), "")
    assert "Content Security Policy" in refused
