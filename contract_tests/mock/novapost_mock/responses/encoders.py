"""Values written in media types other than JSON, and small files of binary types."""

import base64
import csv
import gzip
import html
import io
import json
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from novapost_mock.responses.media_type import BOUNDARY, MediaType

if TYPE_CHECKING:
    from collections.abc import Callable


def written(value: Any, media: MediaType, name: str = "value") -> bytes:
    """Write a value in a media type.

    Args:
        value: a JSON value.
        media: the type; not a range.
        name: what the root of an XML text is called.
    """
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
    """Return a small file of a binary type that programs open; None where a value is written instead."""
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
