"""What each kind of fact about documentation pages means: sentences, headings, links, samples, languages."""

from collections.abc import Callable, Iterator
from typing import Any

from scripts.drift.facts import Fact
from scripts.drift.findings import Finding
from scripts.drift.judge.texts import shown

_TO_READ = "; it stands where rules stand and has to be read"


def _finding(
    fact: Fact,
    rule: str,
    effect: str,
    level: str,
    text: str,
    hurts: str,
    details: dict[str, Any] | None = None,
) -> Iterator[Finding]:
    answer = "unknown" if level == "unknown" else "yes"
    yield Finding(
        rule,
        fact.place,
        effect,
        level,
        text,
        hurts,
        answer,
        fact.base,
        fact.revision,
        details=details or {},
        lines=fact.more.get("lines", (None, None)),
    )


def _effect(fact: Fact) -> str:
    return "added" if fact.old is None else "removed" if fact.new is None else "changed"


def _sentence(fact: Fact) -> Iterator[Finding]:
    """Judge a sentence: one that can bind somebody changes behaviour, one among rules has to be read."""
    rule, binds, reads = fact.more.get("rule"), fact.more["binds"], fact.more.get("reads", False)
    effect = _effect(fact)
    texts = [shown(one, 300) for one in (fact.old, fact.new) if one is not None]
    text = {"added": "is new: ", "changed": "reads otherwise: ", "removed": "is gone: "}[effect]
    text += " -> ".join(texts)
    level = "behaviour" if binds or reads else "docs"
    if reads and not binds:
        text += _TO_READ
    details = {"rule": rule, "tests": fact.more.get("tests", [])} if rule else None
    hurts = "maintainers" if level == "docs" else "mock users"
    return _finding(fact, "prose-rule" if rule else "prose", effect, level, text, hurts, details)


def _moved(fact: Fact) -> Iterator[Finding]:
    text = f"stands under {shown(fact.more['title'])} now and has to be read there: {shown(fact.new, 300)}"
    return _finding(fact, "prose", "moved", "behaviour", text, "maintainers")


def _prose_new(fact: Fact) -> Iterator[Finding]:
    level = "docs" if fact.new is None else "compatible"
    return _finding(fact, "prose-new", _effect(fact), level, str(fact.new or fact.old), "maintainers")


def _heading(fact: Fact) -> Iterator[Finding]:
    effect = _effect(fact)
    levels = fact.more["levels"]
    if fact.more["moved"]:
        effect, text = "moved", "stands elsewhere on the page"
    elif effect == "changed" and fact.old == fact.new:
        text = f"is of level {levels[1]} instead of {levels[0]}"
    elif effect == "changed":
        text = f"is called {shown(fact.new)} now"
    else:
        text = "is new" if effect == "added" else "is gone; what stood under it stands under another one"
    level = "behaviour" if fact.more["reads"] else "docs"
    text += _TO_READ if level == "behaviour" else ""
    return _finding(fact, "page-structure", effect, level, text, "maintainers")


def _skeleton(fact: Fact) -> Iterator[Finding]:
    text = f"are {fact.new}{_TO_READ}"
    return _finding(fact, "page-structure", "changed", "behaviour", text, "maintainers")


def _sample(fact: Fact) -> Iterator[Finding]:
    effect = _effect(fact)
    text = {"added": "is new", "changed": "is another one", "removed": "is gone"}[effect]
    return _finding(fact, "page-sample", effect, "docs", f"{text}: {_difference(fact)}", "maintainers")


def _difference(fact: Fact) -> str:
    """Return the first lines in which two samples differ."""
    old, new = (str(one or "").splitlines() for one in (fact.old, fact.new))
    for index in range(max(len(old), len(new))):
        before, after = (side[index] if index < len(side) else None for side in (old, new))
        if before != after:
            return " -> ".join(shown(one, 200) for one in (before, after) if one is not None)
    return "its blanks"


def _link(fact: Fact) -> Iterator[Finding]:
    text = f"leads to {shown(fact.new, 200)} instead of {shown(fact.old, 200)}"
    return _finding(fact, "page-link", "changed", "docs", text, "maintainers")


def _marks(fact: Fact) -> Iterator[Finding]:
    text = "differs in images, marks, letter case or order, and in no sentence"
    return _finding(fact, "page-marks", "changed", "docs", text, "maintainers")


def _shown_enum(fact: Fact) -> Iterator[Finding]:
    what = "is" if fact.new else "is no longer"
    text = f"{what} marked as one of several values, and the page does not show them"
    return _finding(fact, "page-field", "changed", "unknown", text, "callers")


def _language(fact: Fact) -> Iterator[Finding]:
    return _finding(fact, "language", "differs", "docs", str(fact.more["text"]), "maintainers")


TABLE: dict[str, Callable[[Fact], Iterator[Finding]]] = {
    "sentence": _sentence,
    "sentence-moved": _moved,
    "prose-new": _prose_new,
    "heading": _heading,
    "skeleton": _skeleton,
    "page-sample": _sample,
    "page-link": _link,
    "page-marks": _marks,
    "shown-enum": _shown_enum,
    "language": _language,
}
