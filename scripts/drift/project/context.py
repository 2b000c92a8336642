"""What the project itself knows and a comparison of its own document is held against: pages, rules, tests."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.document.parse import decode, parse_json
from scripts.drift.document.equality import equal
from scripts.drift.facts import Fact
from scripts.drift.load.sources import Loaded
from scripts.drift.pages import sentences
from scripts.drift.pages.compare import Pair
from scripts.drift.pages.compare import prose_facts as prose_of_pair
from scripts.drift.pages.pages import Page, disagreements, facts_of, field_names, nearest, read_pages
from scripts.drift.pages.prose import Rules
from scripts.drift.pages.sections import operation_names
from scripts.lib import paths
from scripts.lib.files import read_file

_MARK = re.compile(r"""mark\.rule\(([^)]*)\)""")
# So many of the rules' sentences must be there for the rules to speak of a document at all.
_ENOUGH = 3


def prose_facts(pair: Pair) -> Iterator[Fact]:
    """Return what became of the sentences, and what the published languages disagree about.

    A document of somebody else has no rules here; its pages are compared all the same.
    """
    base, revision = pair.base, pair.revision
    every = _rules() if _is_vendored(base, revision) else {}
    old = {one.hash for one in sentences.sentences(_prose(base))} if every else set()
    is_ours = len(old & {digest for digests in every.values() for digest in digests}) >= _ENOUGH
    rules = Rules(every, _tests()) if is_ours else Rules()
    recorded: tuple[str, ...] = ()
    if is_ours and base.page is None and revision.page is not None:
        pages = read_pages(paths.PAGES)
        page = nearest(pages, revision.page)
        if page is not None:
            recorded = page.sentences
            yield from _of_recorded(page, pages, base, revision)
    yield from prose_of_pair(pair, rules, recorded, with_documents=is_ours)


def _of_recorded(page: Page, pages: Mapping[str, Page], base: Loaded, revision: Loaded) -> Iterator[Fact]:
    """Return what differs from what is recorded of the page, and from the page in the other language."""
    text = revision.page or ""
    here = facts_of(text, page.language, revision.document, field_names(base.document))
    if here.skeleton != page.skeleton:
        levels = f"{_levels(here.skeleton)} where it was {_levels(page.skeleton)}"
        yield Fact("skeleton", "headings and blocks of the page", None, levels)
    elif here.sha256 != page.sha256 and set(here.sentences) == set(page.sentences):
        # A page is recorded by its sentences; what else it had is not known.
        if base.document == revision.document:
            yield Fact("page-marks", "the page")
    for other in pages.values():
        if other.language != page.language:
            told = disagreements(here, other)
            # What a rendered page shows was held against the document already.
            yield from (one for one in told if not revision.is_rendered or ": steps " in one.place)


def vendored_note(base: Loaded, revision: Loaded) -> str | None:
    """Return which of two pages the vendored document is from, None where it is from neither."""
    if base.page is None and revision.page is None:
        return None
    vendored, operations = _vendored()
    names = [one.name for one in (base, revision) if not one.is_rendered and equal(one.document, vendored)]
    if names:
        return f"the vendored document is that of {' and '.join(dict.fromkeys(names))}"
    edited = [
        one.name
        for one in (base, revision)
        if not one.is_rendered and one.page is not None and operations & set(operation_names(one.document))
    ]
    if edited:
        return f"the vendored document is another version of that of {' and '.join(dict.fromkeys(edited))}"
    if operations & set(operation_names(base.document)):
        return "the vendored document is from neither of the two"
    return None


def _vendored() -> tuple[Any, set[str]]:
    """Return the vendored document and the names of its operations."""
    vendored = parse_json(read_file(paths.UPSTREAM), str(paths.UPSTREAM))
    return vendored, set(operation_names(vendored)) if isinstance(vendored, dict) else set()


def _is_vendored(base: Loaded, revision: Loaded) -> bool:
    """Return whether one of the sides describes an operation that the vendored document has."""
    _, operations = _vendored()
    return any(operations.intersection(operation_names(one.document)) for one in (base, revision))


def _levels(skeleton: tuple[int, ...]) -> str:
    return " ".join("#" * level if level else "block" for level in skeleton[:60]) or "none"


def _prose(loaded: Loaded) -> str:
    return "\n\n".join([loaded.page or "", sentences.prose_of(loaded.document)])


def _rules() -> dict[str, list[str]]:
    table: Mapping[str, Any] = tomllib.loads(decode(read_file(paths.RULES), str(paths.RULES)))
    return {name: [str(one) for one in rule.get("sentences", [])] for name, rule in table.items()}


def _tests() -> dict[str, list[str]]:
    """Return the test files that enforce each rule, found by their marks; they are read and not imported."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for folder in paths.CONTRACT for path in folder.glob("test_*.py")):
        for mark in _MARK.findall(read_file(path).decode("utf-8", "replace")):
            for name in re.findall(r'"([^"]+)"', mark):
                place = path.relative_to(paths.ROOT).as_posix()
                if place not in found.setdefault(name, []):
                    found[name].append(place)
    return found


def chain_facts() -> Iterator[Fact]:
    """Whether what is committed still hangs together."""
    from scripts.drift.project import chain
    from scripts.overlay import build
    from scripts.regenerate import GENERATOR_VERSION, RUFF_VERSION
    from scripts.vendor import read_record

    record = read_record(paths.PROVENANCE)
    tools = {"openapi-python-client": GENERATOR_VERSION, "ruff": RUFF_VERSION}
    yield from chain.facts(chain.Files(), record.block_sha256 if record else "", build, tools)
