"""Compare two sides of which at least one is a documentation page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import starmap

from scripts.drift.document.spec import Spec, neutral
from scripts.drift.facts import Fact
from scripts.drift.load.sources import Loaded
from scripts.drift.pages.against import shown_facts
from scripts.drift.pages.described import described
from scripts.drift.pages.languages import language, language_name, step_facts
from scripts.drift.pages.lifted import lifted
from scripts.drift.pages.prose import Rules, differs, page_facts, sentence_facts
from scripts.drift.pages.rendered import read_rendered
from scripts.drift.pages.sections import Section, operation_names, sections
from scripts.drift.pages.sentences import plain_lines


@dataclass(frozen=True)
class Pair:
    """The two sides as they are compared.

    Attributes:
        base: the older side; a rendered page with what the other side says beyond it.
        revision: the newer side, the same.
        facts: what only one of the two says.
        in_one_language: whether their sentences can be compared.
    """

    base: Loaded
    revision: Loaded
    facts: tuple[Fact, ...] = ()
    in_one_language: bool = True


def paired(base: Loaded, revision: Loaded) -> Pair:
    """Return the two sides so that they can be compared by what both say."""
    languages = [language(one.page) if one.page is not None else "" for one in (base, revision)]
    names = tuple(starmap(_name, zip((base, revision), languages, strict=True)))
    is_one = base.page is None or revision.page is None or languages[0] == languages[1]
    facts: list[Fact] = []
    if base.is_rendered and revision.is_rendered:
        facts += _shown_marks(base, revision)
    elif base.is_rendered or revision.is_rendered:
        base, revision, more = _lifted(base, revision, (names[0], names[1]))
        facts += more
    if not is_one and base.page is not None and revision.page is not None:
        facts += step_facts(base.page, revision.page, (names[0], names[1]))
    return Pair(base, revision, tuple(facts), is_one)


def _name(loaded: Loaded, code: str) -> str:
    if loaded.page is None:
        return "document"
    kind = f"{language_name(code)} page" if code else "page"
    return f"{kind} {loaded.name.rpartition('/')[2]}"


def _lifted(base: Loaded, revision: Loaded, names: tuple[str, str]) -> tuple[Loaded, Loaded, list[Fact]]:
    rendered, other = (revision, base) if revision.is_rendered else (base, revision)
    side = 1 if revision.is_rendered else 0
    reading = read_rendered(rendered.page or "")
    document, lines = lifted(other.document, reading)
    facts = list(shown_facts(reading, other.document, (names[side], names[1 - side]), side))
    rendered = replace(rendered, document=document, spots=lines)
    return (other, rendered, facts) if side else (rendered, other, facts)


def prose_facts(
    pair: Pair, rules: Rules, recorded: Sequence[str] = (), with_documents: bool = True
) -> Iterator[Fact]:
    """Return what became of the sentences of two sides in one language, and of the texts of their documents.

    Args:
        pair: the two sides.
        rules: what rules rest on.
        recorded: the hashes of the sentences of a page that belongs to the base.
        with_documents: whether the texts of the documents are compared sentence by sentence.
    """
    base, revision = pair.base, pair.revision
    both = both_pages(base, revision) and pair.in_one_language
    # A page says more than a document: without another page its prose has nothing to be held against.
    pages = [
        _page(one, bool(recorded)) if both or (one.page is not None and recorded) else []
        for one in (base, revision)
    ]
    texts: tuple[list[Section], list[Section]] = [], []
    unmatched = _unmatched(pages[1], base) + _unmatched(pages[0], revision)
    # What a rendered page shows of an operation is read as a document.
    if with_documents or base.is_rendered or revision.is_rendered:
        before, after, alone = described(Spec(base.document), Spec(revision.document))
        texts, unmatched = (before, after), unmatched + alone
    facts = list(
        sentence_facts(
            [*pages[0], *texts[0]], [*pages[1], *texts[1]], unmatched, rules, recorded, headings=not both
        )
    )
    if both:
        facts += page_facts(pages[0], pages[1], rules)
        if not facts and differs(_beside(pages[0]), _beside(pages[1])):
            facts.append(Fact("page-marks", "the page"))
    yield from facts


def _page(loaded: Loaded, is_whole: bool = False) -> list[Section]:
    """Return the sections of a page.

    Args:
        loaded: the page.
        is_whole: whether with what was read as a document of a rendered page, as pages are recorded.
    """
    text = plain_lines(loaded.page or "")
    if loaded.is_rendered and not is_whole:
        taken = read_rendered(text).taken
        lines = text.split("\n")
        text = "\n".join("" if number in taken else line for number, line in enumerate(lines, 1))
    return sections(text, loaded.is_rendered)


def _shown_marks(base: Loaded, revision: Loaded) -> Iterator[Fact]:
    """Return the fields whose mark "enum" comes or goes, where two rendered pages do not show the values."""
    olds, news = (dict(read_rendered(one.page or "").fields()) for one in (base, revision))
    for place, old in olds.items():
        new = news.get(place)
        if new is not None and old.is_enum != new.is_enum and not (old.values or new.values):
            yield Fact("shown-enum", place, old.is_enum, new.is_enum, more={"lines": (old.line, new.line)})


def both_pages(base: Loaded, revision: Loaded) -> bool:
    """Return whether both sides are pages."""
    return base.page is not None and revision.page is not None


def unread(pair: Pair) -> Iterator[Fact]:
    """Return that two pages differ, where nothing else was found: a difference is never silent."""
    base, revision = pair.base, pair.revision
    if base.is_rendered and revision.is_rendered and differs(base.page or "", revision.page or ""):
        yield Fact("page-marks", "the page")


def _beside(page: Sequence[Section]) -> str:
    """Return a page without its OpenAPI blocks, whose notation does not count."""
    return "\n".join(f"{one.level} {one.title}\n{one.text}" for one in page)


def _unmatched(page: Sequence[Section], other: Loaded) -> list[Section]:
    """Return the sections of a page that describe only operations that the other side does not have."""
    known = {neutral(name) for name in operation_names(other.document)}
    return [one for one in page if one.operations and not {neutral(name) for name in one.operations} & known]
