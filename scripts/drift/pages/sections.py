"""A page, or the texts of a document, as sections: a heading and the sentences under it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scripts.document.parse import parse
from scripts.drift.document.spec import METHODS, as_dict
from scripts.drift.pages.sentences import Sentence, plain_lines, sentences
from scripts.lib.errors import Refusal

MAX_SECTIONS = 5_000
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*\S)")
_FENCE = re.compile(r"^(`{3,}|~{3,})")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\(<?([^()\s>]{1,1000})")
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,1000}\)")
# A plain text has no marks of headings: a short line on its own that does not end like a sentence.
_PLAIN_HEADING = re.compile(r"[A-ZА-ЯІЇЄҐ][^.:;,!?]{2,78}[^.:;,!?\s]")


@dataclass
class Section:
    """A heading and what stands under it.

    Attributes:
        level: the level of the heading; 0 for what stands before the first one, and for a text of a document.
        title: the heading.
        line: its line, from 1.
        text: what stands under it, without blocks of code.
        operations: the operations, "POST /a", that OpenAPI blocks under it or their like describe.
        samples: the other blocks of code.
    """

    level: int
    title: str
    line: int
    text: str = ""
    operations: set[str] = field(default_factory=set)
    samples: list[str] = field(default_factory=list)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences under the heading, the heading apart."""
        return sentences(self.text)

    @cached_property
    def heading(self) -> list[Sentence]:
        """The heading as sentences; a text of a document has none."""
        return sentences(self.title) if self.level else []

    @property
    def links(self) -> dict[str, str]:
        """The addresses that it links to, by the text of the link."""
        found = {words.strip(): address for words, address in _LINK.findall(_IMAGE.sub("", self.text))}
        return {words: address for words, address in found.items() if words}


def sections(page: str, is_plain: bool = False) -> list[Section]:
    """Return the sections of a page.

    Args:
        page: its text.
        is_plain: whether it is the text of a rendered page, whose headings have no marks.
    """
    lines = plain_lines(page).split("\n")
    found = [Section(0, "", 1)]
    kept: list[str] = []
    fence: tuple[str, list[str]] | None = None
    for number, line in enumerate(lines, 1):
        mark = _FENCE.match(line)
        if fence is not None:
            if mark and mark[1].startswith(fence[0]) and line.strip() == mark[1]:
                _block(found[-1], "\n".join(fence[1]))
                fence = None
            else:
                fence[1].append(line)
            continue
        if mark:
            fence = (mark[1], [])
            continue
        heading = _HEADING.match(line)
        title = heading[2] if heading else line if is_plain and _is_title(lines, number - 1) else None
        if title is not None and len(found) < MAX_SECTIONS:
            found[-1].text = "\n".join(kept)
            kept = []
            found.append(Section(len(heading[1]) if heading else 1, title, number))
        else:
            kept.append(line)
    found[-1].text = "\n".join(kept)
    if fence is not None:
        found[-1].samples.append("\n".join(fence[1]))
    return found


def _is_title(lines: list[str], at: int) -> bool:
    around = [lines[n].strip() for n in (at - 1, at + 1) if 0 <= n < len(lines)]
    return not any(around) and _PLAIN_HEADING.fullmatch(lines[at]) is not None


def _block(section: Section, block: str) -> None:
    """Take a block of code: an OpenAPI block by its operations, any other as a sample."""
    if "openapi" in block[:2000]:
        try:
            value = as_dict(parse(block.encode(), "block"))
        except Refusal:
            value = {}
        if "openapi" in value:
            section.operations |= set(operation_names(value))
            return
    section.samples.append(block)


def operation_names(document: Mapping[str, Any]) -> Iterator[str]:
    """Return the operations of a document as people call them: "POST /a"."""
    for path, item in as_dict(document.get("paths")).items():
        for method in as_dict(item):
            if method in METHODS:
                yield f"{method.upper()} {path}"
