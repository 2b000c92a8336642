"""The Prefer header (RFC 7240): `Prefer: code=503` asks for one of the documented answers."""

from collections.abc import Iterable, Iterator

KNOWN = frozenset({"code", "example", "dynamic"})
"""The preferences that are heeded."""

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def preferences(values: Iterable[str]) -> dict[str, str]:
    """Read the values of all Prefer headers of a request.

    Names are lower case in the result, the first of several equal names counts (RFC 7240, 2), and what does
    not follow the grammar is passed over as the RFC asks. Parameters after a semicolon are dropped but for
    those that are preferences here: who writes `example=x; code=400` means both.

    Returns:
        Value by name; the value is empty for a preference that has none.
    """
    found: dict[str, str] = {}
    for element in _split(", ".join(values), ","):
        for position, part in enumerate(_split(element, ";")):
            name, _, word = part.partition("=")
            name, value = name.strip().lower(), _unquoted(word.strip())
            if position and name not in KNOWN:
                continue
            if name and _TOKEN.issuperset(name) and value is not None:
                found.setdefault(name, value)
    return found


def _split(text: str, separator: str) -> Iterator[str]:
    """Split at a separator wherever it stands outside quotes."""
    start, quoted, escaped = 0, False, False
    for position, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            yield text[start:position]
            start = position + 1
    yield text[start:]


def _unquoted(word: str) -> str | None:
    if len(word) >= 2 and word[0] == word[-1] == '"':
        inner = word[1:-1]
        return "".join(_unescaped(inner))
    return word if _TOKEN.issuperset(word) else None


def _unescaped(text: str) -> Iterator[str]:
    characters = iter(text)
    for character in characters:
        yield next(characters, "") if character == "\\" else character
