"""What a documentation page says beside its OpenAPI block, as far as it does not depend on its language.

`openapi/pages.toml` records it for each published language, so that a page can be held against what it was
without storing it: the levels of its headings (its skeleton), the hashes of its sentences, which fields it
shows an example of, how many steps it counts before and after the operation.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from scripts.document.parse import decode
from scripts.drift.document.spec import as_dict
from scripts.drift.facts import Fact
from scripts.drift.pages.sentences import plain_lines, sentences
from scripts.lib.errors import Refusal
from scripts.lib.files import read_file

_HEADING = re.compile(r"^(#{1,6})[ \t]+\S")
_FENCE = re.compile(r"^(`{3,}|~{3,})")
_STEP = re.compile(r"^ {0,3}\d{1,3}\\?[.)][ \t]+\S|^\{%[ \t]*step[ \t]*%\}")
_OPERATION = re.compile(r"^(?:get|put|post|delete|patch|head|options)$", re.IGNORECASE)
_MAX_BYTES = 1_000_000
_HEADER = """\
# Written by `python -m scripts.drift.pages.record LANGUAGE=PAGE...`. Do not edit; record the pages again.
# What each published page says beside its OpenAPI block: the levels of its headings, the hashes of its
# sentences (see scripts/drift/pages/sentences.py), the fields it shows an example of, and how many steps it
# counts before and after the operation. `make drift` holds the live page against it.
"""


@dataclass(frozen=True)
class Page:
    """What is recorded of one page."""

    language: str
    sha256: str
    skeleton: tuple[int, ...]
    steps: tuple[int, ...]
    examples: tuple[str, ...]
    sentences: tuple[str, ...]

    def toml(self) -> str:
        """Return the page as a table of `pages.toml`."""
        lines = [f"[{self.language}]", f'sha256 = "{self.sha256}"']
        lines.extend(f"{name} = {list(getattr(self, name))}" for name in ("skeleton", "steps"))
        for name in ("examples", "sentences"):
            items = "".join(f'    "{one}",\n' for one in getattr(self, name))
            lines.append(f"{name} = [\n{items}]" if items else f"{name} = []")
        return "\n".join(lines) + "\n"


def facts_of(text: str, language: str, document: Mapping[str, Any], names: Sequence[str]) -> Page:
    """Return what there is to record of a page.

    Args:
        text: the page.
        language: its language, such as "uk".
        document: its OpenAPI document; empty if it has none.
        names: the fields that an example may belong to.
    """
    text = plain_lines(text)
    lines = text.splitlines()
    return Page(
        language=language,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        skeleton=tuple(_skeleton(lines)),
        steps=tuple(_steps(lines)),
        examples=tuple(sorted(_shown(lines, names) | _exemplified(document))),
        sentences=tuple(sorted(one.hash for one in sentences(text))),
    )


def _outside(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Each line that is not within a fence, and whether a fence begins there."""
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and line.strip() == mark[1]:
                fence = ""
            continue
        if mark:
            fence = mark[1]
            yield True, line
        else:
            yield False, line


def _skeleton(lines: Sequence[str]) -> Iterator[int]:
    """Yield the levels of the headings, and 0 for each fence."""
    for opens, line in _outside(lines):
        heading = _HEADING.match(line)
        if opens:
            yield 0
        elif heading:
            yield len(heading[1])


def _steps(lines: Sequence[str]) -> list[int]:
    """How many numbered steps stand before the operation and after it."""
    counts = [0, 0]
    after = 0
    for opens, line in _outside(lines):
        if opens or _OPERATION.match(line.strip()):
            after = 1
        elif _STEP.match(line):
            counts[after] += 1
    return counts


def _shown(lines: Sequence[str], names: Sequence[str]) -> set[str]:
    """Return the fields that a rendered page shows an example of: the field before the word "Example:"."""
    found: set[str] = set()
    current = ""
    for line in lines:
        for name in sorted(names, key=len, reverse=True):
            if re.match(rf"\s*{re.escape(name)}(?:string|integer|number|boolean|array|object|\b)", line):
                current = name
                break
        if current and re.search(r"Example:\s*\S", line):
            found.add(current)
    return found


def _exemplified(document: Mapping[str, Any]) -> set[str]:
    """Return the fields of a document that have an example."""
    found: set[str] = set()
    level: list[Any] = [document]
    while level:
        node = level.pop()
        if isinstance(node, dict):
            for name, child in as_dict(node.get("properties")).items():
                if "example" in as_dict(child) or "examples" in as_dict(child):
                    found.add(str(name))
            level += [child for child in node.values() if isinstance(child, dict | list)]
        elif isinstance(node, list):
            level += [child for child in node if isinstance(child, dict | list)]
    return found


def field_names(document: Mapping[str, Any]) -> list[str]:
    """Return the names of all properties of a document."""
    found: dict[str, None] = {}
    level: list[Any] = [document]
    while level:
        node = level.pop()
        if isinstance(node, dict):
            found |= dict.fromkeys(str(name) for name in as_dict(node.get("properties")) if name)
            level += [child for child in node.values() if isinstance(child, dict | list)]
        elif isinstance(node, list):
            level += [child for child in node if isinstance(child, dict | list)]
    return list(found)


def written(pages: Sequence[Page]) -> bytes:
    """Return the file `pages.toml`."""
    return (_HEADER + "".join(f"\n{page.toml()}" for page in pages)).encode()


def read_pages(path: Path) -> dict[str, Page]:
    """Return the recorded pages by language; none without a file.

    Raises:
        Refusal: the file is there and is not such a record.
    """
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(decode(read_file(path, _MAX_BYTES), str(path)))
        kinds = {field.name for field in fields(Page)} - {"language", "sha256"}
        return {
            language: Page(language, str(entry["sha256"]), **{name: tuple(entry[name]) for name in kinds})
            for language, entry in table.items()
        }
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise Refusal(str(path), f"is no record of pages ({error}); record them again") from error


def nearest(pages: Mapping[str, Page], text: str) -> Page | None:
    """Return the recorded page that a page is a version of: the one it has most sentences in common with."""
    here = {one.hash for one in sentences(text)}
    shared = {language: len(here & set(page.sentences)) for language, page in pages.items()}
    best = max(shared, key=lambda language: shared[language], default=None)
    return pages[best] if best is not None and shared[best] else None


def disagreements(one: Page, other: Page) -> Iterator[Fact]:
    """Yield what only one of two languages says."""
    for name in sorted(set(one.examples) ^ set(other.examples)):
        has = one if name in one.examples else other
        more = {"text": f"only the {has.language} page shows an example of {name}"}
        yield Fact("language", f"pages {one.language} and {other.language}: example {name}", more=more)
    for where, counts in zip(("before", "after"), zip(one.steps, other.steps, strict=False), strict=False):
        if counts[0] != counts[1]:
            text = (
                f"{counts[0]} steps {where} the operation in {one.language}, {counts[1]} in {other.language}"
            )
            place = f"pages {one.language} and {other.language}: steps {where} the operation"
            yield Fact("language", place, more={"text": text})
