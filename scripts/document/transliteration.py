"""Names in other alphabets as plain letters, the same on every machine and in every version of Python.

Ukrainian follows the transliteration of the Cabinet of Ministers (resolution 55 of 2010), without its rules
for the beginning of a word; other Cyrillic letters take the usual ones. Latin letters lose their marks. A
letter of any other alphabet becomes its code point, which says nothing but stays what it is.
"""

import re
import unicodedata

_UKRAINIAN = """
    а a б b в v г h ґ g д d е e є ie ж zh з z и y і i ї i й i к k л l м m н n о o п p р r с s т t у u ф f
    х kh ц ts ч ch ш sh щ shch ю iu я ia
    """
_CYRILLIC = dict(zip(_UKRAINIAN.split()[::2], _UKRAINIAN.split()[1::2], strict=True))
_CYRILLIC |= {"ь": "", "ъ": "", "'": "", "ы": "y", "э": "e", "ё": "io", "ў": "u", "ѓ": "g", "ќ": "k"}
_CYRILLIC |= {"ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz", "ѕ": "dz"}
_LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d"}
_APOSTROPHES = "’ʼ`'"


def plain_letters(text: str) -> str:
    """Return a text with every letter and digit written in plain ASCII; the rest as it is."""
    if text.isascii():
        return text
    found = []
    for position, letter in enumerate(text):
        if letter.isascii():
            found.append(letter)
        elif letter in _APOSTROPHES and 0 < position < len(text) - 1 and text[position - 1].isalpha():
            continue
        else:
            found.append(_plain(letter))
    return "".join(found)


def _plain(letter: str) -> str:
    small = letter.lower()
    known = _CYRILLIC.get(small, _LATIN.get(small))
    if known is None:
        bare = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
        if bare.isascii():
            return bare
        if not letter.isalnum():
            return letter
        return f"_u{ord(letter):04x}_"
    return known if letter == small else known.capitalize()


_SYMBOLS = {
    "@": "at",
    "$": "dollar",
    "#": "number",
    "*": "all",
    "%": "percent",
    "+": "plus",
    "_": "underscore",
    "-": "minus",
    "=": "equal",
    "<": "less",
    ">": "greater",
    "!": "not",
    "/": "slash",
    ".": "dot",
    "&": "and",
    "|": "or",
    "?": "question",
    "~": "tilde",
    "^": "caret",
    ",": "comma",
    " ": "blank",
}


def spelled(name: str) -> str:
    """Return a name of the document as the generator gets to see it: in plain letters, and never empty.

    A name without a letter or digit takes what its characters are called: `@` becomes `at`.
    """
    plain = plain_letters(name)
    if any(c.isascii() and c.isalnum() for c in plain):
        return plain
    return " ".join(_SYMBOLS.get(c, f"u{ord(c):04x}") for c in name) or "empty"


def mixed_alphabets(name: str) -> str | None:
    """Return a letter in a word of another alphabet, which people take for one that looks alike, or None."""
    for word in re.findall(r"[^\W\d_]+", name):
        first: dict[str, str] = {}
        for letter in word:
            described = unicodedata.name(letter, "")
            first.setdefault(described.partition(" ")[0], f"{letter!r} ({described})")
        if len(first.keys() & _ALIKE) > 1:
            return first[next(name for name in first if name != "LATIN")]
    return None


# Of these alphabets some letters look the same.
_ALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}
