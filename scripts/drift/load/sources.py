"""An argument of the command as a document: a specification, a documentation page, or an https address."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from scripts.document.parse import Json, check_depth, decode
from scripts.drift.load.lenient import parse
from scripts.drift.load.swagger import converted
from scripts.lib.errors import Refusal, printable
from scripts.lib.files import MAX_BYTES, read_file

# What an address answers: its bytes, and its ETag if it has one.
Fetch: TypeAlias = Callable[[str], tuple[bytes, str | None]]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PAGE_NAMES = (".md", ".markdown", ".txt", ".html", ".htm")
_SPEC_NAMES = (".json", ".yaml", ".yml")
_VERSION = re.compile(r"3\.[01](\.\d+)?(-.+)?")


@dataclass(frozen=True)
class Loaded:
    """One side of a comparison.

    Attributes:
        name: what to call it: the argument, as one printable line.
        document: the OpenAPI 3 document.
        page: the text of the documentation page it was taken from, None for a specification.
        content: the bytes of the document, for finding lines; those of the page if it was one.
        first_line: the line of `content` on which the document begins, from 1.
        notes: what was doubtful in it and was read all the same.
        sha256: the checksum of what was read.
        etag: what the address called this version of itself.
    """

    name: str
    document: dict[str, Any]
    page: str | None
    content: bytes
    first_line: int = 1
    notes: tuple[str, ...] = ()
    sha256: str = ""
    etag: str | None = None


@dataclass
class _Found:
    document: Json
    page: str | None = None
    content: bytes = b""
    first_line: int = 1
    notes: list[str] = field(default_factory=list)


def is_address(source: str) -> bool:
    """Whether an argument is an address and not a file."""
    return _ADDRESS.match(source) is not None


def load(source: str, fetch: Fetch) -> Loaded:
    """The document that an argument names.

    Args:
        source: a file or an https address.
        fetch: what reads an address.

    Raises:
        Refusal: it cannot be read within the limits, or holds no OpenAPI document.
    """
    # What follows the question mark may be a token.
    name = printable(source.partition("?")[0] if is_address(source) else source, 200)
    etag: str | None = None
    if is_address(source):
        content, etag = fetch(source)
    else:
        content = read_file(Path(source), MAX_BYTES)
    found = _read(content, source, name)
    document, notes = _checked(found.document, name)
    return Loaded(
        name=name,
        document=document,
        page=found.page,
        content=found.content,
        first_line=found.first_line,
        notes=tuple(found.notes + notes),
        sha256=hashlib.sha256(content).hexdigest(),
        etag=etag,
    )


def _read(content: bytes, source: str, name: str) -> _Found:
    path = source.partition("?")[0].lower()
    if path.endswith(_PAGE_NAMES):
        return _page(content, name)
    if path.endswith(_SPEC_NAMES):
        return _specification(content, name)
    try:
        found = _specification(content, name)
    except Refusal:
        return _page(content, name)
    return found if isinstance(found.document, dict) else _page(content, name)


def _specification(content: bytes, name: str) -> _Found:
    value, notes = parse(content, name)
    return _Found(value, content=content, notes=notes)


def _page(content: bytes, name: str) -> _Found:
    # Only pages need Markdown, whose library takes its time to load.
    from scripts.document import docs_page as page

    text = page.text(content, name)
    blocks = page.blocks(content, name)
    document = page.document(blocks, name)
    check_depth(document.value, name)
    alone = len(blocks) == 1
    return _Found(
        document.value,
        page=text,
        content=blocks[0].raw if alone else document.content,
        first_line=blocks[0].line + 1 if alone else 1,
    )


def _checked(value: Json, name: str) -> tuple[dict[str, Any], list[str]]:
    """A document that can be compared, and what had to be assumed for that."""
    if not isinstance(value, dict):
        raise Refusal(name, "is not an OpenAPI document: not an object")
    if "swagger" in value and "openapi" not in value:
        return converted(value, name)
    notes: list[str] = []
    version = value.get("openapi")
    if version is None:
        if not any(isinstance(value.get(key), dict) for key in ("paths", "components", "webhooks")):
            raise Refusal(
                name, "is not an OpenAPI document: it has neither `openapi` nor paths or components"
            )
        notes.append("does not say its version; read as OpenAPI 3.0")
    elif not (isinstance(version, str) and _VERSION.fullmatch(version)):
        if not isinstance(version, str | int | float) or not str(version).startswith("3"):
            shown = printable(repr(version), 40)
            raise Refusal(name, f"is of OpenAPI version {shown}; 2.0 and 3.x are compared")
        notes.append(f"has the version {printable(str(version), 20)}; read as the nearest of 3.0 and 3.1")
    for key, kind in (("paths", dict), ("webhooks", dict), ("components", dict)):
        if key in value and not isinstance(value[key], kind):
            if value[key] is not None:
                notes.append(f"/{key} is not an object and was passed over")
            value = {**value, key: {}}
    if not value.get("paths") and not value.get("webhooks"):
        notes.append("describes no operation")
    return value, notes


def page_text(content: bytes, name: str) -> str:
    """The text of a page in another language, whether it holds a block or not."""
    from scripts.document import docs_page as page

    decode(content, name)
    return page.text(content, name)
