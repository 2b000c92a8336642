"""Sentences of documentation pages and descriptions, in a form to compare and record.

A sentence is known by a hash of its normalised text (small letters, words and numbers only), so that marks,
line ends and quotes may change, and that no page has to be stored to tell whether it still says the same.
"""

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HASH_DIGITS = 16
MAX_SENTENCES = 20_000

_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"<(?!https?:)[^<>]{0,500}>")
_TEMPLATE = re.compile(r"\{%.{0,200}?%\}")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()]{0,1000}\)")
_START = re.compile(r"^\s*(?:[-*•+]\s|#{1,6}\s|\d{1,3}[.)]\s|$)")
_END = re.compile(r"(?<=[.!?;:])\s+(?=[^\Wa-zа-яіїєґ]|\Z)")
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
# What a table of Markdown has between its head and its rows.
_TABLE_LINE = re.compile(r"\|?[\s:|-]+\|?")
# A modal verb, a number or a unit: who writes such a sentence states a rule.
_RULE = re.compile(
    r"\d|\b(?:must|shall|should|may|can|cannot|will|only|never|always|required|requires?|limit(?:ed)?|unless"
    r"|maximum|minimum|at most|at least|within|per|expires?|not supported|not allowed|exclusively"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|characters?|bytes?"
    r"|повин\w+|мож(?:е|на|уть)|необхідно|потрібно|лише|тільки|виключно|обов.?язков\w*|заборонен\w*|не більше"
    r"|не менше|протягом|секунд\w*|хвилин\w*|годин\w*|д(?:ень|ні|нів)|місяц\w*|рок\w*)\b",
    re.IGNORECASE,
)
# What else can bind somebody, in a sentence that is new: a prohibition, a condition, an end, a price.
_BINDING = re.compile(
    r"\b(?:not|no longer|\w+n['’]t|without|until|before|after|except|otherwise|instead|every|each|all|any"
    r"|reject\w*|refus\w*|den(?:y|ied|ies)|block\w*|forbid\w*|forbidden|prohibit\w*|disallow\w*|revok\w*"
    r"|bound|restrict\w*|delet\w*|remov\w*|ignor\w*|charg\w*|fees?|paid|price\w*|mandatory|necessary|needs?"
    r"|needed|ha(?:ve|s) to|deprecat\w*|sunset\w*|discontinu\w*|retir\w*|throttl\w*|quota|once|twice|fails?"
    r"|invalid|supports|supported|available|accept\w*|allow\w*|valid|grant\w*|subject to|liable|guarantee\w*"
    r"|не|ні|без|після|перед|поки|кожн\w*|будь|відхил\w*|відмов\w*|заборон\w*|блоку\w*|видал\w*|скасов\w*"
    r"|прив.яз\w*|обмеж\w*|платн\w*|вартіст\w*|дозвол\w*|доступн\w*|підтриму\w*|дійсн\w*|інакше|треба|слід)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """One sentence: as it stands, and its hash."""

    text: str
    hash: str

    @property
    def has_rule(self) -> bool:
        """Whether it can bind anybody: a modal verb, a number, a unit."""
        return _RULE.search(self.text) is not None

    @property
    def may_bind(self) -> bool:
        """Whether it reads like a rule also without them: a prohibition, a condition, an end."""
        return self.has_rule or _BINDING.search(self.text) is not None


def plain_lines(text: str) -> str:
    """Return a text with one kind of line end and of blank, and without blanks at the ends of lines."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", re.sub("[\u00a0\u2007\u202f]", " ", text))
    return re.sub(r"[ \t]+$", "", re.sub("[\u200b\u2060\u00ad]", "", text), flags=re.MULTILINE)


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a Markdown or plain text, fenced blocks left out."""
    found: dict[str, Sentence] = {}
    for paragraph in _paragraphs(_FENCE.sub("\n\n", plain_lines(text))):
        for piece in _END.split(paragraph):
            words = _WORD.findall(piece.casefold())
            if not words:
                continue
            digest = hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()
            found.setdefault(digest[:HASH_DIGITS], Sentence(piece.strip(), digest[:HASH_DIGITS]))
            if len(found) >= MAX_SENTENCES:
                return list(found.values())
    return list(found.values())


def _paragraphs(text: str) -> Iterator[str]:
    text = html.unescape(_TEMPLATE.sub("\n", text)).replace("\r", "\n")
    lines: list[str] = []
    for raw in text.split("\n"):
        line = raw.lstrip("> \t")
        line = re.sub(r"\\([^\w\s])", r"\1", line.rstrip("\\ \t"))
        line = _LINK.sub(r"\1", _TAG.sub(" ", line)).replace("**", "").replace("`", "")
        is_row = line.startswith("|")
        if (_START.match(line) or is_row) and lines:
            yield " ".join(lines)
            lines = []
        if is_row and _TABLE_LINE.fullmatch(line):
            continue
        line = re.sub(r"^\s*(?:[-*•+]|#{1,6}|\d{1,3}[.)])\s+", "", line).strip()
        if line:
            lines.append(line)
        if (line.endswith(":") or is_row) and lines:
            yield " ".join(lines)
            lines = []
    if lines:
        yield " ".join(lines)


def prose_of(document: Mapping[str, Any]) -> str:
    """Return the descriptions and summaries of a document, a paragraph each."""
    found: list[str] = []
    level: list[Any] = [document]
    while level:
        node = level.pop()
        if isinstance(node, dict):
            found.extend(node[key] for key in ("summary", "description") if isinstance(node.get(key), str))
            level += [child for child in node.values() if isinstance(child, dict | list)]
        elif isinstance(node, list):
            level += [child for child in node if isinstance(child, dict | list)]
    return "\n\n".join(found)
