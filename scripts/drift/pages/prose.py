"""What became of the sentences, headings, links and samples of a page or document in one language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from scripts.drift.facts import Fact
from scripts.drift.pages.sections import Section
from scripts.drift.pages.sentences import Sentence, plain_lines

# How alike a new sentence must be to one that is gone to be called its new wording.
_ALIKE = 0.55
_MAX_ALIKE = 300


@dataclass(frozen=True)
class Rules:
    """The sentences that rules rest on.

    Attributes:
        sentences: their hashes by the rule's id; empty for a document of somebody else.
        tests: the tests that enforce each rule.
    """

    sentences: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tests: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def owners(self, digest: str) -> list[str]:
        """Return the rules that rest on a sentence."""
        return [rule for rule, digests in self.sentences.items() if digest in digests]


@dataclass
class _Known:
    """A sentence of one side, and the sections in which it stands."""

    sentence: Sentence
    sections: list[Section] = field(default_factory=list)

    @property
    def line(self) -> int | None:
        lines = [_line_of(one, self.sentence) for one in self.sections if one.line]
        return lines[0] if lines else None


def sentence_facts(
    olds: Sequence[Section],
    news: Sequence[Section],
    unmatched: Iterable[Section],
    rules: Rules,
    recorded: Sequence[str] = (),
    headings: bool = True,
) -> Iterator[Fact]:
    """Return what became of the sentences.

    Args:
        olds: the sections of the base.
        news: those of the revision.
        unmatched: those that describe what the other side does not have, which is a finding of its own.
        rules: what rules rest on.
        recorded: the hashes of a page of which nothing else is known and that belongs to the base.
        headings: whether headings are sentences here; not where they are compared on their own.
    """
    old, new = _by_hash(olds, headings), _by_hash(news, headings)
    known = {**dict.fromkeys(recorded), **old}
    fresh = [one for digest, one in new.items() if digest not in known]
    alone = {id(one) for one in unmatched}
    carrying = {id(one) for one in (*olds, *news) if _carries_rules(one, known.keys(), rules)}
    folded = [one for one in fresh if _is_alone(one, alone)]
    fresh = [one for one in fresh if one not in folded]
    taken: set[str] = set()
    gone = 0
    for digest, before in known.items():
        if digest in new:
            continue
        successor = _successor(before, [one for one in fresh if one.sentence.hash not in taken])
        if successor is not None:
            taken.add(successor.sentence.hash)
        elif before is not None and _is_alone(before, alone) and not rules.owners(digest):
            gone += 1
            continue
        yield from _gone(digest, before, successor, rules, carrying)
    for one in fresh:
        if one.sentence.hash not in taken:
            reads = _in(one, carrying)
            more = {"rule": None, "binds": one.sentence.may_bind, "reads": reads, "lines": (None, one.line)}
            yield Fact("sentence", f"sentence {one.sentence.hash}", None, one.sentence.text, more=more)
    if gone:
        text = f"{gone} sentences went with what is gone"
        yield Fact("prose-new", "operations, fields and sections that are gone", text, None)
    if folded:
        binding = sum(one.sentence.has_rule for one in folded)
        text = f"{len(folded)} sentences come with what is new; {binding} of them state a rule"
        yield Fact("prose-new", "new operations, fields and sections", None, text)
    yield from _moved(old, new, rules)


def _by_hash(sections: Sequence[Section], headings: bool) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    for section in sections:
        for sentence in (*(section.heading if headings else ()), *section.sentences):
            found.setdefault(sentence.hash, _Known(sentence)).sections.append(section)
    return found


def _carries_rules(section: Section, known: Iterable[str], rules: Rules) -> bool:
    """Return whether a sentence of the section that was there before states a rule."""
    before = set(known)
    return any(one.hash in before and (one.has_rule or rules.owners(one.hash)) for one in section.sentences)


def _in(one: _Known, carrying: set[int]) -> bool:
    return any(id(section) in carrying for section in one.sections)


def _is_alone(one: _Known, alone: set[int]) -> bool:
    return all(id(section) in alone for section in one.sections)


def _gone(
    digest: str, before: _Known | None, successor: _Known | None, rules: Rules, carrying: set[int]
) -> Iterator[Fact]:
    text = before.sentence.text if before is not None else None
    ends = [one for one in (before, successor) if one is not None]
    binds = any(one.sentence.has_rule for one in ends)
    reads = any(_in(one, carrying) for one in ends)
    lines = tuple(one.line if one is not None else None for one in (before, successor))
    owners: list[str | None] = [*rules.owners(digest)]
    for owner in owners or [None]:
        more: dict[str, Any] = {
            "rule": owner,
            "binds": owner is not None or binds,
            "reads": reads,
            "lines": lines,
        }
        if owner is not None:
            more["tests"] = rules.tests.get(owner, [])
        place = f"sentence {digest}" if owner is None else f"rule {owner}, sentence {digest}"
        new = successor.sentence.text if successor is not None else None
        yield Fact("sentence", place, text or digest, new, more=more)


def _successor(before: _Known | None, fresh: Sequence[_Known]) -> _Known | None:
    if before is None:
        return None
    best: tuple[float, _Known] | None = None
    for one in fresh[:_MAX_ALIKE]:
        matcher = SequenceMatcher(None, before.sentence.text[:500], one.sentence.text[:500], autojunk=False)
        if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
            continue
        ratio = matcher.ratio()
        if ratio >= _ALIKE and (best is None or ratio > best[0]):
            best = ratio, one
    return best[1] if best else None


def _moved(old: Mapping[str, _Known], new: Mapping[str, _Known], rules: Rules) -> Iterator[Fact]:
    """Return the rules that stand under another heading now, though their own heading is still there."""
    titles = {section.title for one in new.values() for section in one.sections}
    for digest, before in old.items():
        after = new.get(digest)
        if after is None or not (before.sentence.has_rule or rules.owners(digest)):
            continue
        if not all(one.line for one in (*before.sections, *after.sections)):
            continue
        sides = [{section.title for section in one.sections} for one in (before, after)]
        if not sides[0] & sides[1] and sides[0] <= titles:
            more = {"lines": (before.line, after.line), "title": min(sides[1])}
            yield Fact("sentence-moved", f"sentence {digest}", None, before.sentence.text, more=more)


def _line_of(section: Section, sentence: Sentence) -> int:
    """Return the line on which a sentence begins, or that of its heading."""
    start = sentence.text.split(" ")[:3]
    for number, line in enumerate(section.text.split("\n"), 1):
        if all(word.strip("*`") in line for word in start):
            return section.line + number - (section.level == 0)
    return section.line


# Headings, links, samples


def page_facts(olds: Sequence[Section], news: Sequence[Section], rules: Rules) -> Iterator[Fact]:
    """Return what else differs between two pages: headings, links and samples."""
    known = {one.hash for section in olds for one in section.sentences}
    yield from _heading_facts(olds, news, known, rules)
    yield from _link_facts(olds, news)
    samples = [[(one, section) for section in side for one in section.samples] for side in (olds, news)]
    before, after = [[_squeezed(one) for one, _ in side] for side in samples]
    gone = [one for one in samples[0] if _squeezed(one[0]) not in after]
    come = [one for one in samples[1] if _squeezed(one[0]) not in before]
    for index in range(max(len(gone), len(come))):
        old, new = (side[index] if index < len(side) else None for side in (gone, come))
        title = next(one[1].title for one in (new, old) if one is not None)
        shown = [one[0] if one is not None else None for one in (old, new)]
        at = tuple(one[1].line if one is not None else None for one in (old, new))
        yield Fact(
            "page-sample", f"sample {index + 1} under {title!r}", shown[0], shown[1], more={"lines": at}
        )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _heading_facts(
    olds: Sequence[Section], news: Sequence[Section], known: set[str], rules: Rules
) -> Iterator[Fact]:
    sides = [[one for one in side if one.level] for side in (olds, news)]
    keys = [[(one.level, one.title) for one in side] for side in sides]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    gone: list[Section] = []
    come: list[Section] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            gone += sides[0][a:b]
            come += sides[1][c:d]
    for old in gone:
        same = next((one for one in come if one.title == old.title), None)
        if same is None:
            alike = [one for one in come if one.level == old.level and _shares(one, old)]
            same = alike[0] if alike else None
        if same is not None:
            come.remove(same)
        yield _heading(old, same, known, rules)
    for new in come:
        yield _heading(None, new, known, rules)


def _shares(one: Section, other: Section) -> bool:
    """Return whether two headings have the same sentences under them."""
    here, there = ({sentence.hash for sentence in each.sentences} for each in (one, other))
    return len(here & there) * 2 > max(len(here), len(there), 1)


def _heading(old: Section | None, new: Section | None, known: set[str], rules: Rules) -> Fact:
    ends = [one for one in (old, new) if one is not None]
    is_renamed = len(ends) == 2 and ends[0].title != ends[1].title
    is_moved = len(ends) == 2 and not is_renamed and ends[0].level == ends[1].level
    carries = any(_carries_rules(one, known, rules) for one in ends)
    binds = any(sentence.may_bind for one in ends for sentence in one.heading)
    more = {
        "reads": not is_moved and (carries or (binds and (is_renamed or len(ends) == 1))),
        "lines": tuple(one.line if one is not None else None for one in (old, new)),
        "moved": is_moved,
        "levels": tuple(one.level if one is not None else None for one in (old, new)),
    }
    titles = [one.title if one is not None else None for one in (old, new)]
    return Fact("heading", f"heading {ends[0].title!r}", titles[0], titles[1], more=more)


def _link_facts(olds: Sequence[Section], news: Sequence[Section]) -> Iterator[Fact]:
    before = {words: (address, one) for one in olds for words, address in one.links.items()}
    for section in news:
        for words, address in section.links.items():
            old = before.get(words)
            if old is not None and old[0] != address:
                more = {"lines": (old[1].line, section.line)}
                yield Fact("page-link", f"link {words!r}", old[0], address, more=more)


def differs(old: str, new: str) -> bool:
    """Return whether two pages differ in more than line ends and blanks."""
    return " ".join(plain_lines(old).split()) != " ".join(plain_lines(new).split())
