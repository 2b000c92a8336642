"""Long lists of names, written as text that a reader can take in."""


def words(text: str) -> frozenset[str]:
    """Return the words of a text, between any white space."""
    return frozenset(text.split())
