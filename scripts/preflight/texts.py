"""Texts: characters that make a reader, or a reviewer of the generated code, see what is not there."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from scripts.document.tree import Tree, escape
from scripts.lib.errors import Refusal

# Unicode Standard Annex 9: characters that turn the direction of what follows ("Trojan Source").
BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = "\t\n\r"


def deceiving(text: str) -> str | None:
    """Return the first control or bidirectional character of a text, line breaks and tabs aside."""
    for c in text:
        if c in BIDIRECTIONAL or (c not in _BREAKS and unicodedata.category(c) in ("Cc", "Cs")):
            return c
    return None


def characters(tree: Tree) -> Iterator[Refusal]:
    """Refuse a control or bidirectional character, in a key or in any text of the document."""
    waiting: list[tuple[str, Any]] = [("#", tree.document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            for key in value:
                if (found := deceiving(key)) is not None:
                    yield Refusal(
                        f"{pointer}/{escape(key)}", f"the key holds the character U+{ord(found):04X}"
                    )
            waiting += [(f"{pointer}/{escape(key)}", child) for key, child in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{i}", child) for i, child in reversed(list(enumerate(value)))]
        elif isinstance(value, str) and (found := deceiving(value)) is not None:
            yield Refusal(pointer, f"holds the character U+{ord(found):04X}")
