"""Read a YAML text beside one that was read already: what both have to the letter is not read again.

A description in block style falls into blocks: the keys at its top, its paths, its components. A block of the
other text stands for the same value here, unless it holds what depends on other blocks (anchors, aliases) or
deserves a note (tags). Where anything is doubtful there is no answer, and the text is read as a whole.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from scripts.drift.load.blocks import Doubtful, blocks, divided, without_start

# Reads the text of one block.
Read: TypeAlias = Callable[[str], Any]
# The keys above a block.
Way: TypeAlias = tuple[str, ...]
# Key and value of each block, by the way to it and its text.
Known: TypeAlias = dict[tuple[Way, str], tuple[str, Any]]

# The rare letter comes first, which is fast to find.
_DEPENDS = re.compile(r"[&*!](?<![^\s,\[{:-].)(?=\S)")


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
        return _value(without_start(text), (), 0, dict(_known(other, known)), read)
    except Exception:
        # Whatever is wrong with a block is told of the whole text, with its line.
        return None


def _known(text: str, value: Any) -> Iterator[tuple[tuple[Way, str], tuple[str, Any]]]:
    """Yield key and value of each block, by the way to it and its text."""
    waiting: list[tuple[Way, str, int, Any]] = [((), without_start(text), 0, value)]
    while waiting:
        way, section, indent, node = waiting.pop()
        found = list(blocks(section, indent))
        if not isinstance(node, dict) or len(found) != len(node):
            raise Doubtful
        for block, (key, child) in zip(found, node.items(), strict=True):
            yield (way, block), (key, child)
            inside = divided(way, block)
            if inside is not None:
                waiting.append(((*way, inside[0]), inside[1], inside[2], child))


def _value(text: str, way: Way, indent: int, known: Known, read: Read) -> Any:
    found: dict[str, Any] = {}
    for block in blocks(text, indent):
        there = known.get((way, block))
        if there is None or _DEPENDS.search(block):
            inside = divided(way, block)
            if inside is not None:
                there = inside[0], _value(inside[1], (*way, inside[0]), inside[2], known, read)
            else:
                (there,) = read(block).items()
        if there[0] in found:
            raise Doubtful
        found[there[0]] = there[1]
    return found
