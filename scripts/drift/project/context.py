"""What the project itself knows and a comparison of its own document is held against: pages, rules, tests."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.document.parse import decode
from scripts.drift.facts import Fact
from scripts.drift.load.sources import Loaded
from scripts.drift.pages import sentences
from scripts.drift.pages.pages import disagreements, facts_of, field_names, nearest, read_pages
from scripts.lib import paths
from scripts.lib.errors import Refusal
from scripts.lib.files import read_file

_MARK = re.compile(r"""mark\.rule\(([^)]*)\)""")
# So many of the rules' sentences must be there for the rules to speak of a document at all.
_ENOUGH = 3


def prose_facts(base: Loaded, revision: Loaded) -> Iterator[Fact]:
    """What became of the sentences, and what the published languages disagree about.

    Only where the base says what the rules rest on; a document of somebody else has no rules here.

    Raises:
        Refusal: the revision is a page whose headings are not those of the recorded one.
    """
    rules = _rules()
    old = {one.hash: one.text for one in sentences.sentences(_prose(base))}
    if len(set(old) & {digest for digests in rules.values() for digest in digests}) < _ENOUGH:
        return
    new = sentences.sentences(_prose(revision))
    known: dict[str, str | None] = dict(old)
    if revision.page is not None:
        pages = read_pages(paths.PAGES)
        page = nearest(pages, revision.page)
        here = facts_of(
            revision.page, page.language if page else "", revision.document, field_names(base.document)
        )
        if base.page is not None:
            there = facts_of(base.page, "", base.document, [])
            _same_skeleton(there.skeleton, here.skeleton, revision.name)
        elif page is not None:
            _same_skeleton(page.skeleton, here.skeleton, revision.name)
            for digest in page.sentences:
                known.setdefault(digest, None)
        for other in pages.values():
            if base.page is None and page is not None and other.language != page.language:
                yield from disagreements(here, other)
    tests = _tests()
    for fact in sentences.facts(known, new, rules):
        fact.more["tests"] = tests.get(str(fact.more["rule"]), [])
        yield fact


def _same_skeleton(old: tuple[int, ...], new: tuple[int, ...], place: str) -> None:
    if old != new:
        raise Refusal(
            place,
            "the skeleton of the page changed: its headings and blocks are "
            f"{_levels(new)} and were {_levels(old)}; read it, then vendor and record it again",
        )


def _levels(skeleton: tuple[int, ...]) -> str:
    return " ".join("#" * level if level else "block" for level in skeleton[:60]) or "none"


def _prose(loaded: Loaded) -> str:
    return "\n\n".join([loaded.page or "", sentences.prose_of(loaded.document)])


def _rules() -> dict[str, list[str]]:
    table: Mapping[str, Any] = tomllib.loads(decode(read_file(paths.RULES), str(paths.RULES)))
    return {name: [str(one) for one in rule.get("sentences", [])] for name, rule in table.items()}


def _tests() -> dict[str, list[str]]:
    """The test files that enforce each rule, found by their marks; they are read and not imported."""
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
