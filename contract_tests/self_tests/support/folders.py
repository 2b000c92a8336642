"""Folders of sample documents and pages that tests of several parts read."""

from pathlib import Path

_GENERATOR = Path(__file__).resolve().parents[1] / "generator"
DOCUMENTS = _GENERATOR / "documents"
PAGES = _GENERATOR / "pages"
