"""Reading an OpenAPI document that nobody vouches for, within limits of size, depth, time and memory."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.confinement.limits import FILE_BYTES
from scripts.confinement.run import Deadline, run_confined
from scripts.document.bundle import bundle, gather, names_itself
from scripts.document.folder import read_inside
from scripts.document.parse import Json, check_depth
from scripts.lib.errors import Refusal
from scripts.lib.files import MAX_BYTES, read_file

_VERSION = re.compile(r"3\.[012]\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z.-]+)?")


def read_document(path: Path, folder: Path, deadline: Deadline) -> dict[str, Any]:
    """Return the OpenAPI document in a JSON or YAML file, and in the files of its folder that it refers to.

    Python's YAML reader needs up to a gigabyte and a minute for 20 MB; so a child process reads, and what it
    passes on is JSON.

    Args:
        path: the file.
        folder: an empty folder to work in.
        deadline: when it must be over.

    Raises:
        Refusal: a file is refused (see `parse` and `bundle` beside this module), takes too long or too much
            memory, or is not an OpenAPI document of version 3.0 or 3.1.
    """
    return checked(read_files(path, folder, deadline)[0], path.name)


def read_files(path: Path, folder: Path, deadline: Deadline) -> tuple[Json, dict[str, bytes]]:
    """Return what a file says, its references to other files resolved, and the bytes of each file by name.

    Raises:
        Refusal: as `read_document`, but for the version.
    """
    contents = {path.name: read_file(path)}
    left = MAX_BYTES - len(contents[path.name])

    def load(names: Sequence[str]) -> dict[str, Json]:
        nonlocal left
        for name in names:
            contents[name] = read_inside(path.parent, name, MAX_BYTES)
            left -= len(contents[name])
            if left < 0:
                raise Refusal(name, f"the files of the document are together larger than {MAX_BYTES} bytes")
        return _parsed({name: contents[name] for name in names}, folder, deadline)

    value = _parsed(contents, folder, deadline)[path.name]
    files = gather(path.name, value, load)
    if len(files) > 1 or names_itself(path.name, value):
        value = bundle(path.name, files)
        check_depth(value, path.name)
    return value, contents


def _parsed(contents: Mapping[str, bytes], folder: Path, deadline: Deadline) -> dict[str, Json]:
    room = folder / str(sum(1 for _ in folder.iterdir()))
    room.mkdir()
    for number, content in enumerate(contents.values()):
        (room / f"source{number}").write_bytes(content)
    first = next(iter(contents))
    run_confined("read", {"places": list(contents)}, room, deadline, first)
    values: list[Json] = json.loads(read_file(room / "document.json", FILE_BYTES))
    return dict(zip(contents, values, strict=True))


def checked(document: Json, place: str) -> dict[str, Any]:
    """Return a document that says to be one of OpenAPI 3.0 to 3.2.

    Raises:
        Refusal: it says something else, or nothing.
    """
    if not isinstance(document, dict):
        raise Refusal(place, "is not an OpenAPI document: not an object")
    if "swagger" in document:
        raise Refusal(place, "is a Swagger 2.0 document; only OpenAPI 3.0 to 3.2 are taken")
    version = document.get("openapi")
    if not isinstance(version, str):
        raise Refusal(place, "is not an OpenAPI document: `openapi` is not a text such as 3.0.3")
    if not _VERSION.fullmatch(version):
        raise Refusal(place, f"is of OpenAPI version {version[:20]!r}; only 3.0 to 3.2 are taken")
    return document
