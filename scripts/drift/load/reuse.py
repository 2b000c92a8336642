"""Read a YAML text beside one that was read already: what both have to the letter is not read again.

A description in block style falls into blocks: the keys at its top, its paths, its components. A block of the
other text stands for the same value here, unless it holds what depends on other blocks (anchors, aliases) or
deserves a note (tags). Where anything is doubtful there is no answer, and the text is read as a whole.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

# Reads the text of one block.
Read: TypeAlias = Callable[[str], Any]
# Key and value of each block, by the way to it and its text.
Known: TypeAlias = dict[tuple[str, str], tuple[str, Any]]

# The keys below which blocks are divided once more.
_DIVIDED = ("paths", "webhooks", "components")
_HEADER = re.compile(r"(?P<indent> *)(?P<key>[A-Za-z]+):[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")
_START = re.compile(r"---[ \t]*\r?\n")
# The rare letter comes first, which is fast to find.
_DEPENDS = re.compile(r"[&*!](?<![^\s,\[{:-].)(?=\S)")
_FIRST = re.compile(r"^(?P<indent> *)[^\s#]", re.MULTILINE)


class _Doubtful(Exception):
    pass


def reused(text: str, other: str, known: Any, read: Read) -> Any:
    """Return the value of a text, with the values of the other text where both say the same.

    Args:
        text: the text.
        other: the text that was read.
        known: its value.
        read: reads a block that only this text has; may raise anything.

    Returns:
        The value; None where it cannot be told block by block.
    """
    try:
        return _value(_without_start(text), "", 0, dict(_known(other, known)), read)
    except Exception:
        # Whatever is wrong with a block is told of the whole text, with its line.
        return None


def _known(text: str, value: Any) -> Iterator[tuple[tuple[str, str], tuple[str, Any]]]:
    """Yield key and value of each block, by the way to it and its text."""
    waiting = [("", _without_start(text), 0, value)]
    while waiting:
        way, section, indent, node = waiting.pop()
        blocks = list(_blocks(section, indent))
        if not isinstance(node, dict) or len(blocks) != len(node):
            raise _Doubtful
        for block, (key, child) in zip(blocks, node.items(), strict=True):
            yield (way, block), (key, child)
            inside = _divided(way, block)
            if inside is not None:
                waiting.append((f"{way}/{inside[0]}", inside[1], inside[2], child))


def _value(text: str, way: str, indent: int, known: Known, read: Read) -> Any:
    found: dict[str, Any] = {}
    for block in _blocks(text, indent):
        there = known.get((way, block))
        if there is None or _DEPENDS.search(block):
            inside = _divided(way, block)
            if inside is not None:
                there = inside[0], _value(inside[1], f"{way}/{inside[0]}", inside[2], known, read)
            else:
                (there,) = read(block).items()
        if there[0] in found:
            raise _Doubtful
        found[there[0]] = there[1]
    return found


def _without_start(text: str) -> str:
    start = _START.match(text)
    return text[start.end() :] if start else text


def _blocks(text: str, indent: int) -> Iterator[str]:
    """Yield the blocks of a mapping, each from its key to the next key."""
    first = _FIRST.search(text)
    if first is None or len(first["indent"]) != indent:
        raise _Doubtful
    starts = [match.start() for match in re.finditer(rf"\n {{{indent}}}(?=[^\s#-])", f"\n{text}")]
    # Entries of a list may stand as far left as its key; what stands further left belongs to something else.
    outside = rf"\n {{0,{indent - 1}}}[^\s#]" if indent else r"\n(?:---|\.\.\.)"
    if re.search(outside, f"\n{text}"):
        raise _Doubtful
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if text[start + indent] in "?%<|>{[":
            raise _Doubtful
        yield text[start:end]


def _divided(way: str, block: str) -> tuple[str, str, int] | None:
    """Return key, inside and its indentation, of a block that holds blocks of its own."""
    header = _HEADER.match(block)
    if header is None or not (header["key"] in _DIVIDED if not way else way == "/components"):
        return None
    inside = block[header.end() :]
    first = _FIRST.search(inside)
    if first is None or len(first["indent"]) <= len(header["indent"]):
        return None
    return header["key"], inside, len(first["indent"])
