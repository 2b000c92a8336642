"""Sentences: of documentation pages and of descriptions, in a form in which they can be compared and
recorded.

A sentence is known by a hash of its normalised text (small letters, words and numbers only), so that marks,
line ends and quotes may change, and that no page has to be stored to tell whether it still says the same.
"""

import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from scripts.drift.facts import Fact

HASH_DIGITS = 16
MAX_SENTENCES = 20_000
# How alike a new sentence must be to one that is gone to be called its new wording.
_ALIKE = 0.55

_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"<(?!https?:)[^<>]{0,500}>")
_TEMPLATE = re.compile(r"\{%.{0,200}?%\}")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()]{0,1000}\)")
_START = re.compile(r"^\s*(?:[-*•+]\s|#{1,6}\s|\d{1,3}[.)]\s|$)")
_END = re.compile(r"(?<=[.!?;:])\s+(?=[^\Wa-zа-яіїєґ]|\Z)")
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_RULE = re.compile(
    r"\d|\b(?:must|shall|should|may|can|cannot|will|only|never|always|required|requires?|limit(?:ed)?|unless"
    r"|maximum|minimum|at most|at least|within|per|expires?|not supported|not allowed|exclusively"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|characters?|bytes?"
    r"|повин\w+|мож(?:е|на|уть)|необхідно|потрібно|лише|тільки|виключно|обов.?язков\w*|заборонен\w*|не більше"
    r"|не менше|протягом|секунд\w*|хвилин\w*|годин\w*|д(?:ень|ні|нів)|місяц\w*|рок\w*)\b",
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


def sentences(text: str) -> list[Sentence]:
    """The sentences of a Markdown or plain text, fenced blocks left out."""
    found: dict[str, Sentence] = {}
    for paragraph in _paragraphs(_FENCE.sub("\n\n", text)):
        for piece in _END.split(paragraph):
            words = _WORD.findall(piece.casefold())
            if len(words) < 2:
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
        if _START.match(line) and lines:
            yield " ".join(lines)
            lines = []
        line = re.sub(r"^\s*(?:[-*•+]|#{1,6}|\d{1,3}[.)])\s+", "", line).strip()
        if line:
            lines.append(line)
        if line.endswith(":") and lines:
            yield " ".join(lines)
            lines = []
    if lines:
        yield " ".join(lines)


def prose_of(document: Mapping[str, Any]) -> str:
    """The descriptions and summaries of a document, a paragraph each."""
    found: list[str] = []
    level: list[Any] = [document]
    while level:
        node = level.pop()
        if isinstance(node, dict):
            for key in ("summary", "description"):
                if isinstance(node.get(key), str):
                    found.append(node[key])
            level += [child for child in node.values() if isinstance(child, dict | list)]
        elif isinstance(node, list):
            level += [child for child in node if isinstance(child, dict | list)]
    return "\n\n".join(found)


def facts(
    old: Mapping[str, str | None], new: Sequence[Sentence], rules: Mapping[str, Sequence[str]]
) -> Iterator[Fact]:
    """What became of the sentences.

    Args:
        old: the sentences of the base by hash; None where only the hash is recorded.
        new: those of the revision.
        rules: the hashes of the sentences that each rule rests on, by the rule's id.
    """
    there = {sentence.hash: sentence for sentence in new}
    fresh = [sentence for sentence in new if sentence.hash not in old]
    owners: dict[str, list[str | None]] = {}
    for rule, digests in rules.items():
        for digest in digests:
            owners.setdefault(digest, []).append(rule)
    taken: set[str] = set()
    for digest, text in old.items():
        if digest in there:
            continue
        successor = _successor(text, [one for one in fresh if one.hash not in taken])
        if successor is not None:
            taken.add(successor.hash)
        new_text = successor.text if successor is not None else None
        for owner in owners.get(digest, [None]):
            more = {"rule": owner, "binds": owner is not None or _binds(text) or _binds(new_text)}
            place = f"sentence {digest}" if owner is None else f"rule {owner}, sentence {digest}"
            yield Fact("sentence", place, text or digest, new_text, more=more)
    for sentence in fresh:
        if sentence.hash not in taken:
            more = {"rule": None, "binds": sentence.has_rule}
            yield Fact("sentence", f"sentence {sentence.hash}", None, sentence.text, more=more)


def _binds(text: str | None) -> bool:
    return text is not None and _RULE.search(text) is not None


def _successor(text: str | None, fresh: Sequence[Sentence]) -> Sentence | None:
    if text is None:
        return None
    best: tuple[float, Sentence] | None = None
    for sentence in fresh[:300]:
        matcher = SequenceMatcher(None, text[:500], sentence.text[:500], autojunk=False)
        if matcher.quick_ratio() < _ALIKE:
            continue
        ratio = matcher.ratio()
        if ratio >= _ALIKE and (best is None or ratio > best[0]):
            best = ratio, sentence
    return best[1] if best else None
