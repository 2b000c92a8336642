"""Write a value, or a small file, in a media type."""

import json
from importlib import import_module
from typing import Any

from novapost_mock.responses.media_type import MediaType


def written(value: Any, media: MediaType, name: str = "value") -> bytes:
    """Write a value in a media type.

    Args:
        value: a JSON value.
        media: the type; not a range.
        name: what the root of an XML text is called.
    """
    if media.is_json:
        return json.dumps(value, ensure_ascii=False).encode()
    # Loaded when it is needed: the sandbox speaks nothing but JSON.
    return bytes(import_module("novapost_mock.responses.encoders").written(value, media, name))


def file(media: MediaType) -> bytes | None:
    """Return a small file of a binary type that programs open; None where a value is written instead."""
    if media.is_json:
        return None
    content: bytes | None = import_module("novapost_mock.responses.encoders").file(media)
    return content
