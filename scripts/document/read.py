"""Reading an OpenAPI document that nobody vouches for, within limits of size, depth, time and memory."""

import json
import re
from pathlib import Path
from typing import Any

from scripts.confinement.limits import FILE_BYTES
from scripts.confinement.run import Deadline, run_confined
from scripts.document.parse import Json
from scripts.lib.errors import Refusal
from scripts.lib.files import read_file

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
        Refusal: the file is refused (see `scripts.document.parse`), takes too long or too much memory, or
            is not an OpenAPI document of version 3.0 or 3.1.
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
