"""Reading an OpenAPI document that nobody vouches for, within limits of size, depth, time and memory."""

import json
import re
from pathlib import Path
from typing import Any

from scripts.confined import FILE_BYTES
from scripts.confinement import Deadline, run_confined
from scripts.documents import Json, parse, read_file
from scripts.refusal import Refusal

_VERSION = re.compile(r"3\.[01]\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z.-]+)?")


def read_document(path: Path, folder: Path, deadline: Deadline) -> dict[str, Any]:
    """The OpenAPI document in a JSON or YAML file.

    Python's YAML reader needs up to a gigabyte and a minute for 20 MB; so a child process reads, and what it
    passes on is JSON.

    Args:
        path: the file.
        folder: an empty folder to work in.
        deadline: when it must be over.

    Raises:
        Refusal: the file is refused (see `scripts.documents`), takes too long or too much memory, or is not
            an OpenAPI document of version 3.0 or 3.1.
    """
    content = read_file(path)
    (folder / "source").write_bytes(content)
    run_confined("read", {"place": path.name}, folder, deadline, path.name)
    document = json.loads(read_file(folder / "document.json", FILE_BYTES))
    return checked(document, path.name)


def checked(document: Json, place: str) -> dict[str, Any]:
    """A document that says to be one of OpenAPI 3.0 or 3.1.

    Raises:
        Refusal: it says something else, or nothing.
    """
    if not isinstance(document, dict):
        raise Refusal(place, "is not an OpenAPI document: not an object")
    if "swagger" in document:
        raise Refusal(place, "is a Swagger 2.0 document; only OpenAPI 3.0 and 3.1 are taken")
    version = document.get("openapi")
    if not isinstance(version, str):
        raise Refusal(place, "is not an OpenAPI document: `openapi` is not a text such as 3.0.3")
    if not _VERSION.fullmatch(version):
        raise Refusal(place, f"is of OpenAPI version {version[:20]!r}; only 3.0 and 3.1 are taken")
    return document


def read_here(job: dict[str, Any]) -> dict[str, Any]:
    """What the child does: parse `source` and write `document.json`, both in its folder."""
    try:
        value = parse(Path("source").read_bytes(), job["place"])
    except Refusal as refusal:
        return {"refusals": [(refusal.place, refusal.reason)]}
    Path("document.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return {"refusals": []}
