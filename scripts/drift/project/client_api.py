"""The generated client as an axis of its own: both documents are generated, and the public names compared."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.document.parse import parse_json
from scripts.drift.facts import Fact
from scripts.lib import paths
from scripts.lib.errors import Refusal, Refusals
from scripts.lib.files import read_file
from scripts.overlay import apply, read_actions
from scripts.postcheck.public_api import changes
from scripts.regenerate import Sources, generate


def facts(base: dict[str, Any], revision: dict[str, Any], overlay: Path | None) -> Iterator[Fact]:
    """Yield what changes for callers of the client, by generating it from both documents.

    Args:
        base: the older document.
        revision: the newer one.
        overlay: the corrections that both get before they are generated, None for none.
    """
    with tempfile.TemporaryDirectory(prefix=".drift.") as temporary:
        folders = []
        for name, document in (("base", base), ("revision", revision)):
            try:
                corrected = _corrected(document, overlay)
            except Refusal as refusal:
                yield _fact(f"overlay on the {name}", True, f"does not fit: {refusal}")
                return
            room = Path(temporary) / name
            room.mkdir()
            try:
                folders.append(_generated(corrected, room))
            except (Refusal, Refusals) as error:
                text = str(error).splitlines()[0]
                yield _fact(f"client of the {name}", True, f"cannot be generated: {text}")
                return
        for change in changes(*folders):
            yield _fact(f"client {change.name}", change.breaks, change.what)


def _corrected(document: dict[str, Any], overlay: Path | None) -> Any:
    if overlay is None:
        return document
    return apply(document, read_actions(read_file(overlay), overlay.name))


def _generated(document: Any, room: Path) -> Path:
    spec = room / "document.json"
    spec.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    folder = room / "package" / "novapost_client"
    folder.parent.mkdir()
    generate(Sources(spec, paths.SETTINGS, ()), folder)
    return folder


def _fact(place: str, breaks: bool, text: str) -> Fact:
    return Fact("client", place, more={"breaks": breaks, "text": text})


def effective() -> dict[str, Any]:
    """Return the committed effective.json."""
    value = parse_json(read_file(paths.EFFECTIVE), str(paths.EFFECTIVE))
    return value if isinstance(value, dict) else {}
