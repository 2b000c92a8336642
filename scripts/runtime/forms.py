"""The bodies of forms: fields as names and texts, and parts of a multipart form."""

import json
from typing import Any

from .codec import Codec, plain
from .styles import nested, pieces
from .values import File, is_several


def pairs(name: str, value: Any, codec: Codec[Any], style: str) -> list[tuple[str, str]]:
    """Write the value of a field of a form as names and texts."""
    if not style:
        return [(name, text) for text in codec.texts(value)]
    dumped = codec.dump(value)
    if style == "json":
        # Of an array each item is a value of the field.
        return [(name, as_json(item).decode()) for item in (dumped if is_several(dumped) else [dumped])]
    if style == "deep":
        return list(nested(name, dumped))
    return [(name, {"comma": ",", "space": " ", "pipe": "|"}[style].join(pieces(dumped, explode=False)))]


def part(value: Any, codec: Codec[Any], media_type: str, *, as_object: bool) -> Any:
    """Return a value as httpx takes it for a part of a multipart form."""
    if isinstance(value, File):
        name, payload, own = value.to_tuple()[:3]
        return name, payload, own or media_type or None
    if as_object:
        return None, as_json(value), media_type or "application/json"
    inner: Codec[Any] = getattr(codec, "inner", codec)
    if media_type.endswith("json"):
        return None, as_json(inner.dump(value)), media_type
    return None, inner.text(value).encode(), media_type or "text/plain"


def as_json(value: Any) -> bytes:
    """Write a value as JSON."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False).encode()
