"""Whether what is committed still hangs together: document, overlay, effective.json, client.

All from recorded hashes: `upstream.toml` has that of the document, the client's `_provenance.py` those of
all it was made from and the versions of the tools. A difference is told with its cause.
"""

import ast
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.drift.facts import Fact
from scripts.lib import paths
from scripts.lib.errors import Refusal
from scripts.lib.files import read_file


@dataclass(frozen=True)
class Files:
    """Where the links of the chain are."""

    upstream: Path = paths.UPSTREAM
    overlay: Path = paths.OVERLAY
    effective: Path = paths.EFFECTIVE
    embedded: Path = paths.EMBEDDED
    settings: Path = paths.SETTINGS
    client: Path = paths.CLIENT


def facts(
    files: Files, recorded_block: str, build: Callable[[], bytes], tools: Mapping[str, str]
) -> Iterator[Fact]:
    """Yield the links that do not hold.

    Args:
        files: where they are.
        recorded_block: the SHA-256 of the document that `upstream.toml` records.
        build: builds effective.json anew from document and overlay.
        tools: the versions of generator and formatter that a generation would use.
    """
    if _digest(files.upstream) != recorded_block:
        yield _fact("upstream.json", "document", "is not the document that upstream.toml records")
        return
    sources, used = _provenance(files.client / "_provenance.py")
    try:
        fresh = build()
    except Refusal as refusal:
        yield _fact("effective.json", "overlay", f"cannot be built: {refusal}")
        return
    causes = [name for name in ("upstream", "overlay") if _digest(getattr(files, name)) != sources.get(name)]
    names = {"upstream": "document", "overlay": "overlay"}
    if read_file(files.effective) != fresh:
        if causes:
            for one in causes:
                yield _fact("effective.json", names[one], f"is not built from the {names[one]} of today")
        else:
            yield _fact("effective.json", "hand edit", "differs from what document and overlay give")
    if files.embedded.is_file() and read_file(files.embedded) != read_file(files.effective):
        yield _fact("the mock's effective.json", "hand edit", "differs from openapi/effective.json")
    for name, cause in (("upstream", "document"), ("overlay", "overlay"), ("settings", "settings")):
        if _digest(getattr(files, name)) != sources.get(name):
            yield _fact("generated client", cause, f"was made from another {cause}")
    if not causes and _digest(files.effective) != sources.get("effective"):
        yield _fact("generated client", "hand edit", "was made from another effective.json")
    for tool, cause in (("openapi-python-client", "generator"), ("ruff", "formatter")):
        if tools.get(tool) != used.get(tool):
            text = f"was made with {tool} {used.get(tool)}; {tools.get(tool)} is set"
            yield _fact("generated client", cause, text)


def _fact(place: str, cause: str, text: str) -> Fact:
    return Fact("chain", place, more={"cause": cause, "text": f"{text} (cause: {cause})"})


def _digest(path: Path) -> str:
    return hashlib.sha256(read_file(path)).hexdigest()


def _provenance(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the two tables of the client's `_provenance.py`, which is read and never run."""
    tables: dict[str, Any] = {"SOURCES": {}, "TOOLS": {}}
    try:
        for node in ast.parse(read_file(path).decode()).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                tables[node.targets[0].id] = ast.literal_eval(node.value)
    except (Refusal, SyntaxError, ValueError):
        return {}, {}
    return tables["SOURCES"], tables["TOOLS"]
