"""Which files cannot hold a test that `-k` asks for: they need not be imported, which is most of a short run.

The names of all tests are kept in pytest's cache. They are used as long as no file changes that a name may
come from; a changed test file alone is imported again.
"""

import hashlib
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from scripts.lib.paths import ROOT

_KEY = "contract/known-names"
# Where the names of tests come from: the tests' own modules, what they import, and the data that they read.
_SOURCES = ("contract_tests", "docs", "generated", "openapi", "scripts")
_WORDS = re.compile(r"[^\s()]+")


class KnownNames:
    """The names of the tests of each file, as an earlier run collected them."""

    def __init__(self, config: pytest.Config) -> None:
        self._cache = getattr(config, "cache", None)
        words = _WORDS.findall(config.getoption("keyword"))
        # What `not` asks for may be anywhere.
        self.words = [] if "not" in words else [each.lower() for each in words if each not in ("and", "or")]
        self._in_parts = config.getoption("lf", False) or any("::" in each for each in config.args)
        self.stamp = _stamp()
        kept: dict[str, Any] = self._cache.get(_KEY, {}) if self._cache else {}
        self.files: dict[str, list[Any]] = kept.get("files", {}) if kept.get("stamp") == self.stamp else {}

    def rules_out(self, path: Path) -> bool:
        """Tell whether no test of a file has a name with one of the words."""
        kept = self.files.get(str(path)) if self.words else None
        return (
            kept is not None and kept[0] == _state(path) and not any(word in kept[1] for word in self.words)
        )

    def learn(self, items: Iterable[pytest.Item]) -> None:
        """Keep the names of whole files; nothing where a file may have been collected in part."""
        if self._in_parts:
            return
        names: dict[Path, set[str]] = {}
        for item in items:
            names.setdefault(item.path, set()).update(item.keywords)
        for path, each in names.items():
            self.files[str(path)] = [_state(path), "\n".join(sorted(each)).lower()]
        if names and self._cache is not None:
            self._cache.set(_KEY, {"stamp": self.stamp, "files": self.files})


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_mtime_ns, found.st_size]


def _stamp() -> str:
    """Return what changes with any file that may give a test its name, but for the test files themselves."""
    digest = hashlib.sha256(sys.version.encode() + pytest.__version__.encode())
    for source in _SOURCES:
        for folder, folders, files in os.walk(ROOT / source):
            folders[:] = sorted(each for each in folders if each != "__pycache__")
            for name in sorted(files):
                if not (name.startswith("test_") and name.endswith(".py")):
                    path = Path(folder, name)
                    digest.update(f"{path} {_state(path)}\n".encode())
    return digest.hexdigest()
