"""`make screenshots` takes the pictures that the documents show, or says why it cannot."""

import re
import struct
from pathlib import Path

import pytest

from contract_tests.docs import screenshots
from contract_tests.novapost.defects.catalogue import CATALOGUE
from contract_tests.self_tests.support import gallery
from contract_tests.self_tests.support.browser_installed import IS_THERE, MISSING
from novapost_mock.console.rendering import PAGES
from scripts.lib.paths import ROOT

NAMES = [f"{name}{ending}.png" for name in screenshots.PICTURES for ending in screenshots.SCHEMES.values()]


@pytest.mark.skipif(not IS_THERE, reason=MISSING)
def test_the_pictures_of_the_console_are_taken_in_both_schemes(tmp_path: Path) -> None:
    """Each is a picture of the promised width, and the dark one is another."""
    assert screenshots.main(["--only", "console", "--folder", str(tmp_path)]) == 0

    light, dark = ((tmp_path / name).read_bytes() for name in ("console.png", "console-dark.png"))
    for picture in (light, dark):
        assert picture.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", picture[16:24])
        assert width == screenshots.WIDTH
        assert 300 < height <= screenshots.HEIGHT
    assert light != dark


@pytest.mark.skipif(not IS_THERE, reason=MISSING)
def test_every_state_of_the_console_is_taken_and_named_where_it_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For people to look at; nothing is wider than a phone, and axe finds nothing in any state."""
    monkeypatch.setattr(gallery, "LANGUAGES", ("uk",))
    monkeypatch.setattr(gallery, "SCHEMES", ("dark",))
    monkeypatch.setattr(gallery, "WIDTHS", (390,))
    told: list[str] = []

    gallery.console(tmp_path, tmp_path / "profile", told.append)

    taken = sorted(path.name for path in tmp_path.glob("*.png"))
    assert sorted(told) == taken
    assert len(taken) >= len(PAGES)
    assert {f"console-{page}-uk-dark-390.png" for page in PAGES} <= set(taken)


def test_without_a_browser_the_way_out_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, and no picture is touched."""
    monkeypatch.setattr(screenshots, "IS_THERE", False)

    assert screenshots.main(["--folder", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "error: no Chromium with its chromedriver is here: `make browser` installs Debian's\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_every_picture_of_the_documents_is_one_that_is_taken() -> None:
    """And each that is taken is there; what a run needs exists."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        each for page in pages for each in re.findall(r"([\w-]+\.png)", page.read_text(encoding="utf-8"))
    }

    assert shown <= set(NAMES)
    assert [name for name in NAMES if not (ROOT / "docs" / name).exists()] == []
    assert screenshots.DEFECT in {each.name for each in CATALOGUE}
    assert [each for each in screenshots.TESTS if not (ROOT / each).exists()] == []
