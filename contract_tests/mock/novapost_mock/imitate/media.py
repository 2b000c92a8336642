"""Media types: which one is meant, which one is wanted, how a value is written in it."""

import base64
import csv
import gzip
import html
import io
import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

BOUNDARY = "novapost-mock-part"


class MediaType(NamedTuple):
    """A media type or range, in lower case and without parameters."""

    main: str
    sub: str

    def covers(self, other: "MediaType") -> bool:
        """Tell whether a range, or a type itself, takes another type in."""
        return (self.main in ("*", other.main)) and (self.sub in ("*", other.sub) or self._suffix(other))

    def _suffix(self, other: "MediaType") -> bool:
        return self.sub.startswith("*+") and other.sub.endswith(self.sub[1:])

    @property
    def is_json(self) -> bool:
        """Tell whether what it names is one JSON text."""
        return self.sub == "json" or self.sub.endswith("+json")

    @property
    def is_xml(self) -> bool:
        """Tell whether what it names is XML."""
        return self.sub == "xml" or self.sub.endswith("+xml")

    @property
    def is_lines(self) -> bool:
        """Tell whether what it names is JSON, a value a line."""
        return self.sub in ("x-ndjson", "jsonl", "x-jsonlines", "json-seq", "ndjson", "stream+json")

    @property
    def is_text(self) -> bool:
        """Tell whether what it names is text that a schema of type string describes."""
        return self.main == "text" and not self.is_json and not self.is_xml

    @property
    def is_range(self) -> bool:
        """Tell whether it stands for several types."""
        return "*" in (self.main, self.sub)

    def __str__(self) -> str:
        return f"{self.main}/{self.sub}"


def parse(text: str) -> MediaType | None:
    """Read `type/subtype`, whatever parameters follow; None if it is nothing of the kind."""
    main, slash, sub = text.partition(";")[0].strip().lower().partition("/")
    if not slash or not main or not sub or any(not c.isprintable() or c in ' ,"' for c in main + sub):
        return None
    return MediaType(main, sub)


def concrete(media: MediaType) -> MediaType:
    """A type that a range takes in: what is sent where the document names only a range."""
    if not media.is_range:
        return media
    sub = {"image": "png", "text": "plain", "audio": "mpeg", "video": "mp4", "application": "json"}
    return (
        MediaType("application", "json")
        if media.main == "*"
        else MediaType(media.main, sub.get(media.main, "octet-stream"))
    )


def preferred(accept: Iterable[str], offered: Sequence[MediaType]) -> int | None:
    """Choose among the types offered by the values of Accept (RFC 9110, 12.5.1).

    Returns:
        The place of the best one, the first of several equally good; None if none is acceptable. A header
        that names no range counts as none at all.
    """
    ranges = [read for value in accept for part in value.split(",") if (read := _weighed(part)) is not None]
    if not ranges:
        return 0
    best, chosen = 0.0, None
    for place, media in enumerate(offered):
        specific = [(_precision(r), q) for r, q in ranges if r.covers(media) or media.covers(r)]
        quality = max(specific)[1] if specific else 0.0
        if quality > best:
            best, chosen = quality, place
    return chosen


def _weighed(part: str) -> tuple[MediaType, float] | None:
    media = parse(part)
    if media is None:
        return None
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return media, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return media, 1.0
    return media, 1.0


def _precision(media: MediaType) -> int:
    return (media.main != "*") + (media.sub != "*")


def written(value: Any, media: MediaType, name: str = "value") -> bytes:
    """Write a value in a media type.

    Args:
        value: a JSON value.
        media: the type; not a range.
        name: what the root of an XML text is called.
    """
    if media.is_json:
        return json.dumps(value, ensure_ascii=False).encode()
    if media.sub == "x-www-form-urlencoded":
        pairs = value.items() if isinstance(value, dict) else [("value", value)]
        return urlencode([(k, _flat_text(v)) for k, v in pairs], quote_via=quote).encode()
    if media.main == "multipart":
        return _multipart(value)
    if media.is_lines:
        items = value if isinstance(value, list) else [value]
        return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in items).encode()
    if isinstance(value, str):
        return value.encode()
    if media.is_xml:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{_xml(name, value)}'.encode()
    if media.sub == "csv":
        return _csv(value).encode()
    if media.sub == "event-stream":
        return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
    return json.dumps(value, ensure_ascii=False).encode()  # YAML reads JSON as well


def _flat_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _multipart(value: Any) -> bytes:
    parts = value.items() if isinstance(value, dict) else [("value", value)]
    lines = []
    for name, each in parts:
        disposition = 'form-data; name="{}"'.format(str(name).replace('"', "%22"))
        lines.append(f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n{_flat_text(each)}\r\n")
    return "".join((*lines, f"--{BOUNDARY}--\r\n")).encode()


def _csv(value: Any) -> str:
    rows = value if isinstance(value, list) else [value]
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    writer = csv.writer(text)
    if names:
        writer.writerow(names)
    for row in rows:
        cells = (
            [row.get(name, "") for name in names]
            if isinstance(row, dict)
            else row
            if isinstance(row, list)
            else [row]
        )
        writer.writerow([_flat_text(cell) for cell in cells])
    return text.getvalue()


def _xml(name: str, value: Any) -> str:
    name = "".join(c if c.isalnum() or c in "_-." else "_" for c in name) or "value"
    if not (name[0].isalpha() or name[0] == "_"):
        name = f"_{name}"
    if isinstance(value, dict):
        inner = "".join(_xml(str(each), child) for each, child in value.items())
    elif isinstance(value, list):
        inner = "".join(_xml("item", child) for child in value)
    else:
        inner = "" if value is None else html.escape(_xml_text(value), quote=False)
    return f"<{name}>{inner}</{name}>"


def _xml_text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "￾￿"))


def file(media: MediaType) -> bytes | None:
    """A small file of a binary type that programs open; None for a type that is written from a value."""
    if media.is_json or media.is_xml or media.is_lines or media.main in ("text", "multipart", "message"):
        return None
    if media.sub in (
        "x-www-form-urlencoded",
        "yaml",
        "x-yaml",
        "javascript",
        "graphql",
        "sql",
        "jwt",
        "jose",
    ):
        return None
    known: dict[str, Callable[[], bytes]] = {
        "pdf": _pdf,
        "png": lambda: _PNG,
        "gif": lambda: _GIF,
        "jpeg": lambda: _JPEG,
        "jpg": lambda: _JPEG,
        "zip": lambda: b"PK\x05\x06" + bytes(18),
        "x-zip-compressed": lambda: b"PK\x05\x06" + bytes(18),
        "gzip": lambda: gzip.compress(b"sample\n", mtime=0),
        "x-gzip": lambda: gzip.compress(b"sample\n", mtime=0),
        "zlib": lambda: zlib.compress(b"sample\n"),
        "x-tar": lambda: bytes(1024),
    }
    return known[media.sub]() if media.sub in known else b"sample\n"


def _pdf() -> bytes:
    """One empty page, A6."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 298 420] /Resources << >> >>",
    )
    text, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(text)
    text += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return text + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


# One pixel each.
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


_PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", bytes((0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)))
    + _chunk(b"IDAT", zlib.compress(b"\x00\xff", 9))
    + _chunk(b"IEND", b"")
)
_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////"
    "////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
