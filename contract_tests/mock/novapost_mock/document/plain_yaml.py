"""YAML as most documents are written, read in one pass over its events.

PyYAML first makes a tree of nodes, which takes most of its time and memory. Anchors, tags, merges and
mistakes are left to it: `Unusual` says that it has to read the text.
"""

import re
from collections.abc import Iterable
from typing import Any

SCALARS = (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
)
"""What a text without quotes stands for: the kind, all its texts, and how they begin."""

_PATTERNS = {name: re.compile(f"(?:{pattern})") for name, pattern, _ in SCALARS}
_STARTS = frozenset("".join(first for _, _, first in SCALARS)) | {"<"}
_MISSING = object()


class Unusual(Exception):
    """The text has something that is not read here, or a mistake."""


def plain_value(events: Iterable[Any], deepest: int) -> Any:
    """Return the value of a text.

    Args:
        events: those that PyYAML's parser yields for the text.
        deepest: how deep it may nest.

    Raises:
        Unusual: it has an anchor, an alias, a tag, a merge, a key twice or a key that is no scalar; it nests
            deeper, or consists of several documents.
    """
    outer: list[tuple[Any, Any]] = []
    current: Any = []
    top, key = current, _MISSING
    for event in events:
        name = type(event).__name__
        if name == "ScalarEvent":
            if event.tag is not None or event.anchor is not None:
                raise Unusual
            value = event.value
            if key is _MISSING and isinstance(current, dict):
                if value in current or value == "<<":
                    raise Unusual
                key = value
                continue
            if event.implicit[0]:
                value = _scalar(value)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            is_key = key is _MISSING and isinstance(current, dict)
            if event.tag is not None or event.anchor is not None or is_key or len(outer) >= deepest:
                raise Unusual
            outer.append((current, key))
            current, key = {} if name == "MappingStartEvent" else [], _MISSING
            continue
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            value = current
            current, key = outer.pop()
        elif name == "AliasEvent" or (name == "DocumentStartEvent" and top):
            raise Unusual
        else:
            continue
        if isinstance(current, dict):
            current[key] = value
            key = _MISSING
        else:
            current.append(value)
    return top[0] if top else None


def _scalar(text: str) -> Any:
    if text and text[0] not in _STARTS:
        return text
    if text == "<<":
        raise Unusual
    if _PATTERNS["null"].fullmatch(text):
        return None
    if _PATTERNS["bool"].fullmatch(text):
        return text[0] in "tT"
    try:
        if _PATTERNS["int"].fullmatch(text):
            return int(text)
        return float(text) if _PATTERNS["float"].fullmatch(text) else text
    except ValueError as error:  # more digits than Python converts
        raise Unusual from error
