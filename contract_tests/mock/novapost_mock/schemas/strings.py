"""Texts for schemas that ask for nothing but a length."""

from random import Random

_LETTERS = "abcdefghikmnoprstuvy"


def plain(random: Random | None, least: int, most: int | None) -> str:
    """Return `text`, or a word by chance, as long as is asked."""
    text = "text" if random is None else _word(random)
    while len(text) < least:
        text += " text" if random is None else f" {_word(random)}"
    longest = max(least, 4 if random is None else 6) if len(text) > least > 0 else len(text)
    return text[: longest if most is None else min(longest, most)]


def _word(random: Random) -> str:
    return "".join(random.choice(_LETTERS) for _ in range(6))
