"""Headers of a request: checked when they are given, merged without regard to case.

Names that differ in nothing but their case are one name (RFC 9110, section 5.1).
"""

import re
from collections.abc import Mapping

from .errors import UsageError
from .values import is_mapping

# RFC 9110, section 5.6.2.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# They say where a message ends; another value than the right one would make two requests of one.
_FRAMING = frozenset({"content-length", "transfer-encoding"})


def checked(headers: object, setting: str) -> dict[str, str]:
    """Return headers that somebody gives, as they can be sent.

    Raises:
        UsageError: they are no mapping of text to text, or cannot stand in a request.
    """
    if headers is None:
        return {}
    if not is_mapping(headers):
        raise UsageError(f"{setting} takes a mapping of names to values, not a {type(headers).__name__}")
    given: dict[str, str] = {}
    for name, value in headers.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise UsageError(f"{setting}: the name of a header takes letters, digits and hyphens only")
        if name.lower() in _FRAMING:
            raise UsageError(f"{setting} cannot hold {name}: the client counts what it sends itself")
        if not isinstance(value, str):
            raise UsageError(f"{setting}: the value of {name} must be text, not a {type(value).__name__}")
        # RFC 9110, section 5.5: visible ASCII, blanks and tabs. A line break would begin another header.
        if not all(" " <= character <= "~" or character == "\t" for character in value):
            raise UsageError(f"{setting}: the value of {name} takes printable ASCII only")
        given[name] = value.strip()
    return merged(given)


def merged(*layers: Mapping[str, str]) -> dict[str, str]:
    """Merge layers of headers into one, each name once, whatever its case; the later layer wins."""
    found: dict[str, tuple[str, str]] = {}
    for layer in layers:
        for name, value in layer.items():
            found[name.lower()] = name, value
    return dict(found.values())
