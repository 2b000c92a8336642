"""The words for levels: ours, and those of other tools."""

from scripts.drift.findings import LEVELS

# The words of other tools for three of the levels.
ALIASES = {"err": "breaking", "error": "breaking", "warn": "behaviour", "warning": "behaviour"}
ALIASES |= {"info": "compatible", "none": "compatible"}


def level_of(name: str) -> str | None:
    """Return the level that a word means, ours or that of others (ERR, WARN, INFO); None for no level."""
    word = name.lower()
    return word if word in LEVELS else ALIASES.get(word)
