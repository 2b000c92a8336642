"""A document in several files: each file that it refers to becomes a part of its tree.

`$ref: ./schemas.yaml#/Parcel` is read from the folder of the document or below it; nothing above it, no link
out of it and no address. The files stand below one key of the tree, and references lead there.
"""

import errno
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from novapost_mock.document.objects import objects
from novapost_mock.schemas.pointers import shown
from novapost_mock.schemas.violation import DocumentError

FILES = "x-files"
MAX_FILES = 2_000
MAX_TOTAL = 40 * 1024 * 1024
"""Bytes of all files together."""

_FILE = re.compile(r"[^#:]+\.(?:json|ya?ml)", re.IGNORECASE)


def joined(tree: Any, path: Path, parse: Callable[[bytes], Any]) -> Any:
    """Return a document with all files that it refers to; one in a single file as it is.

    Args:
        tree: the document.
        path: its file.
        parse: reads the text of another one.

    Raises:
        DocumentError: a file of the folder cannot be read, or there are too many.
    """
    if not isinstance(tree, dict):
        return tree
    home, start = path.parent.resolve(), path.name
    key = FILES
    while key in tree:
        key += "-"
    found: dict[str, Any] = {}
    waiting = _pointed(tree, key, start, start)
    size = 0
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        if len(found) >= MAX_FILES:
            raise DocumentError(f"refers to more than {MAX_FILES} files")
        content = _content(home, name)
        size += len(content)
        if size > MAX_TOTAL:
            raise DocumentError(f"refers to files of more than {MAX_TOTAL} bytes")
        try:
            found[name] = parse(content)
        except DocumentError as error:
            raise DocumentError(f"{shown(name)}: {error}") from error
        waiting |= _pointed(found[name], key, name, start)
    return {**tree, key: found} if found else tree


def _pointed(value: Any, key: str, name: str, start: str) -> set[str]:
    """Let each reference of a file lead to its part of the tree; return the files that it means."""
    files: set[str] = set()
    # By identity, for aliases lead to one several times; with the keys whose values are references.
    mappings: dict[int, tuple[dict[str, Any], list[str]]] = {}
    # Another file is a schema, or a map of them by any names.
    is_map = name != start and isinstance(value, dict) and not isinstance(value.get("type"), str | list)
    for node in objects(value, is_named=is_map):
        reference = node.get("$ref")
        if isinstance(reference, str) and (place := _place(reference, key, name, start)) is not None:
            file, node["$ref"] = place
            files |= {file} - {start}
        discriminator = node.get("discriminator")
        if isinstance(discriminator, dict):
            mapping = discriminator.get("mapping")
            mappings[id(discriminator)] = discriminator, ["defaultMapping"]
            if isinstance(mapping, dict):
                mappings[id(mapping)] = mapping, list(mapping)
    for mapping, keys in mappings.values():
        for value_of_it in keys:
            target = mapping.get(value_of_it)
            if isinstance(target, str) and "/" in target and (place := _place(target, key, name, start)):
                file, mapping[value_of_it] = place
                files |= {file} - {start}
    return files


def _place(reference: str, key: str, name: str, start: str) -> tuple[str, str] | None:
    """Return the file that a reference in file `name` means, and the pointer to it in the tree."""
    file, _, fragment = reference.partition("#")
    if not file:
        file = name
    elif _FILE.fullmatch(unquote(file)):
        file = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(file)))
    else:
        return None
    if file.startswith(("/", "../")) or "\\" in file or (fragment and not fragment.startswith("/")):
        return None
    if file == start:
        return (start, f"#{fragment}") if name != start or reference[0] != "#" else None
    # A percent sign of the name is one of a fragment now.
    part = file.replace("~", "~0").replace("/", "~1").replace("%", "%25")
    return file, f"#/{key}/{part}{fragment}"


def _content(home: Path, name: str) -> bytes:
    try:
        path = (home / name).resolve()
        inside = path.is_relative_to(home)
        content = b""
        if inside and path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "not a file")
        if inside:
            with path.open("rb") as stream:
                content = stream.read(MAX_TOTAL + 1)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "cannot be read"
        raise DocumentError(f"{shown(name)}, which the document refers to: {reason}") from error
    if not inside:
        raise DocumentError(f"{shown(name)} leads out of the folder of the document and is not read")
    return content
