"""Turn an argument of the command into a document: of a specification, of a page, or of several."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from scripts.document.parse import Json, check_depth
from scripts.drift.document.spec import FILE, Spec
from scripts.drift.findings import Pointer
from scripts.drift.load.composed import composed, with_prefix
from scripts.drift.load.lenient import parse
from scripts.drift.load.malformed import malformed
from scripts.drift.load.origins import Origin
from scripts.drift.load.references import bundled
from scripts.drift.load.swagger import converted
from scripts.lib.errors import Refusal, printable

_PAGE_NAMES = (".md", ".markdown", ".txt", ".html", ".htm")
_SPEC_NAMES = (".json", ".yaml", ".yml")
_VERSION = re.compile(r"3\.[0-2](\.\d+)?(-.+)?")

# What the arguments name, read before the comparison begins; several origins for a composed document.
Origins: TypeAlias = Callable[[str], list[Origin]]


@dataclass(frozen=True)
class FilePart:
    """A file that a document, or a part of it, stands in.

    Attributes:
        file: its path in the working tree, None for what is in no file.
        content: the bytes of the document, for finding lines.
        first_line: the line of the file on which `content` begins, from 1.
        document: what the file alone describes.
    """

    file: str | None
    content: bytes
    first_line: int = 1
    document: Mapping[str, Any] = field(default_factory=dict)

    def has(self, pointer: Pointer) -> bool:
        """Return whether this file is the one that describes a value of the composed document."""
        node: Any = self.document
        for key in pointer:
            if not isinstance(node, dict) or key not in node:
                return isinstance(node, list)
            node = node[key]
        return len(pointer) > 1


@dataclass(frozen=True)
class Loaded:
    """One side of a comparison.

    Attributes:
        name: what to call it: the argument, as one printable line.
        document: the OpenAPI 3 document.
        page: the text of the documentation page it was taken from, None for a specification.
        content: the bytes of the document, for finding lines; those of the page if it was one.
        first_line: the line of the file on which `content` begins, from 1.
        notes: what was doubtful in it and was read all the same.
        sha256: the checksum of what was read.
        etag: what the address called this version of itself.
        file: the path in the working tree, None for what is in no file.
        files: the files of a composed document.
        paths: the path as the file has it, for each path whose prefix was changed.
        is_rendered: whether the document is what a rendered page shows, which is not all there is.
        beside: the files that the document refers to, by their keys in it.
        spots: the lines of a rendered page on which it shows parts of the document.
    """

    name: str
    document: dict[str, Any]
    page: str | None
    content: bytes
    first_line: int = 1
    notes: tuple[str, ...] = ()
    sha256: str = ""
    etag: str | None = None
    file: str | None = None
    files: tuple[FilePart, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)
    is_rendered: bool = False
    beside: Mapping[str, FilePart] = field(default_factory=dict)
    spots: Mapping[Pointer, int] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[FilePart, ...]:
        """The files to look for lines in."""
        return self.files or (FilePart(self.file, self.content, self.first_line, self.document),)

    @cached_property
    def spec(self) -> Spec:
        """Return the document by its operations."""
        return Spec(self.document)

    def written(self, pointer: Pointer) -> Pointer:
        """Return the pointer of a value in the file, where a prefix of the paths was changed."""
        if len(pointer) > 1 and pointer[0] == "paths" and pointer[1] in self.paths:
            return ("paths", self.paths[pointer[1]], *pointer[2:])
        return pointer


@dataclass(frozen=True)
class Prefixes:
    """What to take off the paths of a document, and what to put before them."""

    strip: str = ""
    add: str = ""


@dataclass
class _Found:
    document: Json
    page: str | None = None
    content: bytes = b""
    first_line: int = 1
    notes: list[str] = field(default_factory=list)
    is_rendered: bool = False
    spots: Mapping[Pointer, int] = field(default_factory=dict)


def load(
    source: str, origins: Origins, prefixes: Prefixes | None = None, other: Loaded | None = None
) -> Loaded:
    """Return the document that an argument names.

    Args:
        source: the argument.
        origins: what it names.
        prefixes: what to do with its paths.
        other: the other side; a document of the same bytes that refers to no file is not read again.

    Raises:
        Refusal: it holds no OpenAPI document.
    """
    read = [_again(origin, other) or _one(origin) for origin in origins(source)]
    loaded = read[0] if len(read) == 1 else _together(source, read)
    if prefixes is not None:
        document, paths = with_prefix(loaded.document, prefixes.strip, prefixes.add)
        loaded = replace(loaded, document=document, paths=paths)
    return loaded


def _again(origin: Origin, other: Loaded | None) -> Loaded | None:
    """Return the other side under the name of an origin, if both are of the same bytes and kind."""
    if other is None or other.files or other.beside or other.paths or other.content != origin.content:
        return None
    if other.name.rpartition(".")[2] != origin.name.rpartition(".")[2]:
        return None
    return replace(other, name=origin.name, etag=origin.etag, file=origin.file)


def _one(origin: Origin) -> Loaded:
    found = _read(origin.content, origin.path, origin.name)
    document, notes = _checked(found.document, origin.name)
    own = PurePosixPath(origin.path).name
    bundle = bundled(document, origin.name, own, origin.beside)
    digest = hashlib.sha256(origin.content)
    for path, content in sorted(bundle.contents.items()):
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return Loaded(
        name=origin.name,
        document=bundle.document,
        page=found.page,
        content=found.content,
        first_line=found.first_line,
        notes=(*found.notes, *notes, *bundle.notes),
        sha256=digest.hexdigest(),
        etag=origin.etag,
        file=origin.file,
        is_rendered=found.is_rendered,
        beside={f"{FILE}{path}": _part(origin, path, content) for path, content in bundle.contents.items()},
        spots=found.spots,
    )


def _part(origin: Origin, path: str, content: bytes) -> FilePart:
    file = None if origin.file is None else (PurePosixPath(origin.file).parent / path).as_posix()
    return FilePart(file, content)


def _together(source: str, read: list[Loaded]) -> Loaded:
    name = printable(source, 200)
    whole = composed([(one.name, one.document) for one in read])
    pages = [one.page for one in read if one.page is not None]
    return Loaded(
        name=name,
        document=whole,
        page="\n\n".join(pages) if pages else None,
        content=b"",
        notes=(
            f"composed of {len(read)} files",
            *(f"{one.name}: {note}" for one in read for note in one.notes),
        ),
        sha256=hashlib.sha256("".join(one.sha256 for one in read).encode()).hexdigest(),
        file=read[0].file,
        beside={key: part for one in read for key, part in one.beside.items()},
        files=tuple(FilePart(one.file, one.content, one.first_line, one.document) for one in read),
    )


def _read(content: bytes, source: str, name: str) -> _Found:
    path = source.lower()
    if path.endswith(_PAGE_NAMES):
        return _page(content, name)
    if path.endswith(_SPEC_NAMES):
        return _specification(content, name)
    try:
        found = _specification(content, name)
    except Refusal as refusal:
        try:
            return _page(content, name)
        except Refusal as other:
            # What begins like JSON was meant to be a document and not a page.
            raise refusal if content.lstrip()[:1] == b"{" else other from other
    return found if isinstance(found.document, dict) else _page(content, name)


def _specification(content: bytes, name: str) -> _Found:
    value, notes = parse(content, name)
    return _Found(value, content=content, notes=notes)


def _page(content: bytes, name: str) -> _Found:
    # Only pages need Markdown, whose library takes its time to load.
    from scripts.document import docs_page as page

    text = page.text(content, name)
    blocks = page.blocks(content, name)
    if not blocks and (rendered := _rendered(text)):
        return rendered
    if not blocks:
        raise Refusal(name, "holds no fenced OpenAPI block and shows no operation")
    document = page.document(blocks, name)
    check_depth(document.value, name)
    alone = len(blocks) == 1
    return _Found(
        document.value,
        page=text,
        content=blocks[0].raw if alone else document.content,
        first_line=blocks[0].line + 1 if alone else 1,
    )


def _rendered(text: str) -> _Found | None:
    """Return what a page without blocks shows; None if it shows no operation."""
    from scripts.drift.pages.rendered import read_rendered

    reading = read_rendered(text)
    if not reading.operations:
        return None
    document, spots = reading.document()
    note = "a rendered page: compared is what it shows"
    return _Found(document, text, text.encode(), notes=[note], is_rendered=True, spots=spots)


def _checked(value: Json, name: str) -> tuple[dict[str, Any], list[str]]:
    """Return a document that can be compared, and what had to be assumed for that."""
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
        notes.append(f"has the version {printable(str(version), 20)}; read as the nearest of 3.0 to 3.2")
    for key, kind in (("paths", dict), ("webhooks", dict), ("components", dict)):
        if key in value and not isinstance(value[key], kind):
            if value[key] is not None:
                notes.append(f"/{key} is not an object and was passed over")
            value = {**value, key: {}}
    if not value.get("paths") and not value.get("webhooks"):
        notes.append("describes no operation")
    return value, [*notes, *malformed(value)]
