"""The document's descriptions as people read them in a docstring."""

import html
import re
import textwrap
import unicodedata

_BREAK = re.compile(r"</?\s*(?:br|p|div|tr|h[1-6]|ul|ol)\b[^<>]{0,200}>", re.IGNORECASE)
_ITEM = re.compile(r"<\s*li\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?\s*[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,500})?/?>")
_HTML_LINK = re.compile(
    r"<\s*a\s[^<>]{0,200}?href\s*=\s*[\"']?([^\"'\s<>]{1,500})[\"']?[^<>]{0,200}>([^<>]{0,500})</\s*a\s*>",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\(([^()\s]{1,500})\)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,500}?)(?<=\S)\1")
_LIST = re.compile(r"^(\s*)([-*+]|[0-9]{1,3}[.)])\s+")
MAX_LENGTH = 20_000


def tidy(text: str) -> str:
    """Markdown and HTML as plain text: breaks as lines, `[text](address)` as `text (address)`."""
    text = text[:MAX_LENGTH].replace("\r\n", "\n").replace("\r", "\n")
    text = _HTML_LINK.sub(r"\2 (\1)", text)
    text = _TAG.sub("", _ITEM.sub("\n- ", _BREAK.sub("\n", text)))
    text = html.unescape(text)
    text = _EMPHASIS.sub(r"\2", _LINK.sub(_link, text))
    # Symbols for the eye (a blue diamond before a heading) mean nothing in a docstring.
    text = "".join(c for c in text if c == "\n" or c == "\t" or unicodedata.category(c)[0] != "C")
    text = "".join(c for c in text if not (unicodedata.category(c) == "So" and ord(c) > 0x2600))
    lines = [line.rstrip() for line in text.expandtabs(4).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _link(match: re.Match[str]) -> str:
    text, address = match.groups()
    return address if text == address else f"{text} ({address})"


def wrapped(text: str, indent: int, width: int = 110) -> str:
    """Plain text wrapped for a docstring that stands `indent` blanks in; lists keep their shape."""
    lines: list[str] = []
    for line in text.split("\n"):
        item = _LIST.match(line)
        margin = " " * (len(item.group(0)) if item else len(line) - len(line.lstrip()))
        room = max(width - indent, 40)
        pieces = textwrap.wrap(
            line.strip() if not item else line,
            room,
            initial_indent="" if item else margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += pieces or [""]
    pad = " " * indent
    return "\n".join((pad + line if line and number else line) for number, line in enumerate(lines))


def literal(text: str) -> str:
    """Plain text so that it can stand between three double quotes."""
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    # A quote at the very end would run into the closing ones, unless it is escaped already.
    return re.sub(r'(?<!\\)((?:\\\\)*)"$', r'\1\\"', text)
