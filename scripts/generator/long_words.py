"""Names that would be too long for a file, said in the words of their beginning and of their end."""

_BEGINNING, _END = 70, 50


def shortened(name: str) -> str:
    """Return the beginning and the end of a name, cut where words do; a word may be too long for that."""
    text = " ".join(_words(name))
    beginning = text[:_BEGINNING].rpartition(" ")[0] or text[:_BEGINNING]
    end = text[-_END:].partition(" ")[2] or text[-_END:]
    return f"{beginning} {end}".strip()


def cuts(text: str) -> list[str]:
    """Return what `shortened` may leave of single words of a text, for words that it may have to cut."""
    long = [word for word in _words(text) if len(word) > min(_BEGINNING, _END)]
    return [cut for word in long for cut in (word[:_BEGINNING], word[-_END:])]


def _words(text: str) -> list[str]:
    return "".join(f" {c}" if c.isupper() else c if c.isalnum() else " " for c in text).split()
