"""Does each file exist to which CONTRIBUTING.md and ARCHITECTURE.md send their readers?"""

import re

import pytest

from scripts.lib.paths import ROOT

_PATH = re.compile(r"`([\w./-]+(?:\.py|\.toml|\.md|/))(?:::\w+)?`")
_SKIPPED = re.compile(r"\.venv.*|\.git|\.bench|\..*_cache|\.hypothesis|reports|dist")


def _existing() -> set[str]:
    tops = [path for path in ROOT.iterdir() if not _SKIPPED.fullmatch(path.name)]
    return {path.as_posix() for top in tops for path in (top, *top.rglob("*"))}


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_a_file_that_readers_are_sent_to_exists(page: str) -> None:
    """Files move, and a page that names an old place sends its readers into the void."""
    named = {name.rstrip("/") for name in _PATH.findall((ROOT / page).read_text(encoding="utf-8"))}
    existing = _existing()

    missing = {name for name in named if not any(path.endswith(f"/{name}") for path in existing)}

    assert {name for name in missing if not name.startswith((".", "reports"))} == set()
