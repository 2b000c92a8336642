"""Types as people write them: in capitals, by a name of another language, or a format instead."""

import re
from collections.abc import Mapping
from typing import Any

from novapost_mock.schemas.keywords import TYPES

_OTHERS: Mapping[str, str] = {
    **dict.fromkeys(("str", "text", "varchar", "char"), "string"),
    **dict.fromkeys(("int", "int32", "int64", "long", "short", "bigint"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "real", "numeric"), "number"),
    "bool": "boolean",
    **dict.fromkeys(("list", "arr"), "array"),
    **dict.fromkeys(("dict", "map", "hash", "json"), "object"),
}
_FORMATS: Mapping[str, str] = {
    **{name: name for name in ("date", "date-time", "uuid", "email", "uri", "binary")},
    **dict.fromkeys(("datetime", "timestamp"), "date-time"),
    "file": "binary",
}


def meant(name: Any) -> Mapping[str, Any] | None:
    """Return the keywords that the name of a type stands for; None if that cannot be told."""
    if not isinstance(name, str):
        return None
    bare = re.sub(r"[^a-z0-9-]", "", name.lower())
    if bare in _FORMATS:
        return {"type": "string", "format": _FORMATS[bare]}
    if bare in ("any", "mixed"):
        return {}
    named = bare if bare in TYPES else _OTHERS.get(bare)
    return None if named is None else {"type": named}
