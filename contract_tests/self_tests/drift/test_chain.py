"""Does drift say which link between document, overlay, effective.json and client does not hold, and why?"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.drift.project.chain import Files, facts
from scripts.lib.errors import Refusal

TOOLS = {"openapi-python-client": "1", "ruff": "2"}
FRESH = b'{"effective": true}\n'


def digest(path: Path) -> str:
    """Return the checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Return a chain whose links all hold."""
    made = Files(**{name: tmp_path / name for name in ("upstream", "overlay", "effective", "embedded")},
                 settings=tmp_path / "settings", client=tmp_path / "client")  # fmt: skip
    for path in (made.upstream, made.overlay, made.settings):
        path.write_text(path.name)
    made.effective.write_bytes(FRESH)
    made.embedded.write_bytes(FRESH)
    made.client.mkdir()
    sources = {name: digest(tmp_path / name) for name in ("upstream", "overlay", "effective", "settings")}
    (made.client / "_provenance.py").write_text(f"SOURCES = {sources}\nTOOLS = {TOOLS}\n")
    return made


def told(files: Files, block: str | None = None, build: Callable[[], bytes] = lambda: FRESH) -> list[str]:
    """Return what is told of a chain, as place, text and cause."""
    found = facts(files, block or hashlib.sha256(b"upstream").hexdigest(), build, TOOLS)
    return [f"{one.place} {one.more['text']}" for one in found]


def test_a_chain_that_holds_is_silent(files: Files) -> None:
    """Nobody touched anything since the last generation."""
    assert told(files) == []


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ("upstream", ["upstream.json is not the document that upstream.toml records (cause: document)"]),
        ("overlay", ["generated client was made from another overlay (cause: overlay)"]),
        ("settings", ["generated client was made from another settings (cause: settings)"]),
        ("embedded", ["the mock's effective.json differs from openapi/effective.json (cause: hand edit)"]),
        (
            "effective",
            [
                "effective.json differs from what document and overlay give (cause: hand edit)",
                "the mock's effective.json differs from openapi/effective.json (cause: hand edit)",
                "generated client was made from another effective.json (cause: hand edit)",
            ],
        ),
    ],
)
def test_an_edited_link_is_named_with_its_cause(files: Files, edited: str, expected: list[str]) -> None:
    """So that it is plain what to build again."""
    getattr(files, edited).write_text("edited")

    assert told(files) == expected


def test_a_document_that_is_not_built_again_is_named_with_its_cause(files: Files) -> None:
    """The overlay was changed, and nobody has run `make regenerate`."""
    files.overlay.write_text("edited")

    assert told(files, build=lambda: b"another") == [
        "effective.json is not built from the overlay of today (cause: overlay)",
        "generated client was made from another overlay (cause: overlay)",
    ]


def test_an_overlay_that_cannot_be_applied_is_named(files: Files) -> None:
    """Its reason is that of the build."""

    def build() -> bytes:
        raise Refusal("overlay.yaml", "matches nothing")

    assert told(files, build=build) == [
        "effective.json cannot be built: overlay.yaml: matches nothing (cause: overlay)"
    ]


def test_a_client_of_other_tools_is_named(files: Files) -> None:
    """Another version of the generator makes another client."""
    path = files.client / "_provenance.py"
    path.write_text(path.read_text().replace("'ruff': '2'", "'ruff': '1'"))

    assert told(files) == ["generated client was made with ruff 1; 2 is set (cause: formatter)"]


@pytest.mark.parametrize("text", ["SOURCES = {", "SOURCES = run()\n", None])
def test_a_client_that_says_nothing_of_its_origin_is_of_another_one(files: Files, text: str | None) -> None:
    """What it says is read, and never run."""
    path = files.client / "_provenance.py"
    path.unlink() if text is None else path.write_text(text)

    assert "generated client was made from another document (cause: document)" in told(files)
