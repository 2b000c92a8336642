"""The blocks of a YAML text in block style: the keys at its top, and below some of them the keys within.

A block is the text from a key to the next one. A quote or a bracket that is open at the end of a line can
make a text look otherwise than it is, so whoever takes values from blocks checks that each has one key.
"""

import re
from collections.abc import Iterator

# The keys below which blocks are divided once more.
_DIVIDED = ("paths", "webhooks", "components")
_HEADER = re.compile(r"(?P<indent> *)(?P<key>[A-Za-z]+):[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")
_START = re.compile(r"---[ \t]*\r?\n")
_FIRST = re.compile(r"^(?P<indent> *)[^\s#]", re.MULTILINE)


class Doubtful(Exception):
    """The text cannot be taken apart."""


def without_start(text: str) -> str:
    """Return a text without the mark with which a YAML document may start."""
    start = _START.match(text)
    return text[start.end() :] if start else text


def blocks(text: str, indent: int) -> Iterator[str]:
    """Yield the blocks of a mapping, each from its key to the next key.

    Raises:
        Doubtful: it may be something else.
    """
    first = _FIRST.search(text)
    if first is None or len(first["indent"]) != indent:
        raise Doubtful
    starts = [match.start() for match in re.finditer(rf"\n {{{indent}}}(?=[^\s#-])", f"\n{text}")]
    # Entries of a list may stand as far left as its key; what stands further left belongs to something else.
    outside = rf"\n {{0,{indent - 1}}}[^\s#]" if indent else r"\n(?:---|\.\.\.)"
    if re.search(outside, f"\n{text}"):
        raise Doubtful
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if text[start + indent] in "?%<|>{[":
            raise Doubtful
        yield text[start:end]


def divided(way: tuple[str, ...], block: str) -> tuple[str, str, int] | None:
    """Return key, inside and its indentation, of a block that holds others; None for another one."""
    header = _HEADER.match(block)
    if header is None or not (header["key"] in _DIVIDED if not way else way == ("components",)):
        return None
    inside = block[header.end() :]
    first = _FIRST.search(inside)
    if first is None or len(first["indent"]) <= len(header["indent"]):
        return None
    return header["key"], inside, len(first["indent"])
