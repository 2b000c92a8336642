"""What an answer tells of the inside of its server: stack traces, and passwords in errors."""

import json
import re
from collections.abc import Iterator
from typing import Any

_TRACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Python", re.compile(r"Traceback \(most recent call last\)|\bFile \"[^\"\n]+\", line \d+")),
    ("Java", re.compile(r"\bat [\w$.<>]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\)|Exception in thread \"")),
    (
        "JavaScript",
        re.compile(r"\bat (?:[\w$.<> \[\]]+ )?\(?(?:file://|node:|/|[A-Z]:\\)[^\s()]*:\d+:\d+\)?"),
    ),
    (".NET", re.compile(r"\bat [\w.<>`]+\([^)\n]*\) in [^\n]+:line \d+|System\.\w*Exception\b")),
    ("PHP", re.compile(r"#\d+ /[^\s(]+\(\d+\)|PHP (?:Fatal|Warning|Notice)\b|Stack trace:\s")),
    ("Ruby", re.compile(r"\.rb:\d+:in [`'\"]")),
    ("Go", re.compile(r"\bgoroutine \d+ \[|\bpanic: runtime error")),
    ("Rust", re.compile(r"\bthread '[^']*' panicked at|stack backtrace:")),
    (
        "SQL",
        re.compile(r"SQLSTATE\[|\bORA-\d{5}\b|error in your SQL syntax|syntax error at or near"),
    ),
)
# A password where it is used: in an address, or in a string that opens a connection.
_USED = re.compile(
    r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"']*:[^\s/@\"']+@|\b(?:password|passwd|pwd|secret)\s*=\s*[^\s;,&\"'*]+",
    re.IGNORECASE,
)
_NAMED = re.compile(r"passw(?:or)?d|passphrase|^pwd$|secret|private.?key|credential", re.IGNORECASE)
_DEEPEST, _LONGEST = 50, 256 * 1024
_LEAST = 4


def traces(text: str, asked: str) -> Iterator[str]:
    """Yield the language of each stack trace in a text, unless the request had it in the same words."""
    for language, pattern in _TRACES:
        if any(found[0] not in asked for found in pattern.finditer(text[:_LONGEST])):
            yield language


def passwords(body: bytes, asked: str, documented: str) -> Iterator[str]:
    """Yield where an error shows a password.

    Args:
        asked: the request, whose own words an error may repeat.
        documented: the document, whose own names mean what it says.
    """
    text = body[:_LONGEST].decode("utf-8", "replace")
    if any(found[0] not in asked for found in _USED.finditer(text)):
        yield "in its text"
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    for name, found in _members(value):
        if _NAMED.search(name) and found not in asked and f'"{name}"' not in documented and name not in asked:
            yield f"under {name[:40]!r}"


def _members(value: Any) -> Iterator[tuple[str, str]]:
    """Yield names with the texts under them that may be a password: one word, long enough to be one."""
    level = [value]
    for _ in range(_DEEPEST):
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                for name, child in node.items():
                    yield from ((name, text) for text in _words(child))
                below += node.values()
            elif isinstance(node, list):
                below += node
        level = below


def _words(child: Any) -> Iterator[str]:
    for text in child if isinstance(child, list) else [child]:
        if isinstance(text, str) and len(text) >= _LEAST and not re.search(r"\s", text):
            yield text
