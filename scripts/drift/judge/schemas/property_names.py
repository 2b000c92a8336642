"""The properties that an object does not name: those whose name fits a pattern, and all others."""

from collections.abc import Iterator
from typing import Any

from scripts.drift.judge.schemas.gap import Step
from scripts.drift.judge.schemas.shape import Shape
from scripts.drift.patterns.containment import Texts, example, quoted, within

_ANY_KEY = "other"


def fits(pattern: str, name: str) -> bool:
    """Whether the name of a property surely fits a pattern."""
    return within(Texts((f"^{quoted(name)}$",)), Texts((pattern,)))[0] == "yes"


def common(one: str, other: str) -> str | None:
    """Return a name that fits two patterns, None if there is none or none was found."""
    if one == other:
        return example(Texts((one,)), at_least=1) or _ANY_KEY
    return example(Texts((one, other)), at_least=1)


def beside(pattern: str, others: dict[str, Any]) -> str | None:
    """Return a name that fits a pattern and none of the others, None if there is none or none was found."""
    options = [example(Texts((pattern,)), at_least=1)]
    for other in others:
        answer, text = within(Texts((pattern,)), Texts((other,)))
        if answer == "yes" or pattern == other:
            return None
        options.insert(0, text)
    return next((key for key in options if key and not any(fits(one, key) for one in others)), None)


def is_free(shape: Shape) -> bool:
    """Whether a writer of this shape may send properties of any name and any value."""
    return shape.beyond is True or (shape.beyond is None and not shape.properties and not shape.by_pattern)


def is_open(shape: Shape) -> bool:
    """Return whether messages may have properties that a shape does not name, as when it says nothing."""
    return shape.beyond is True or shape.beyond is None


def is_closing(mine: Shape) -> bool:
    """Return whether a writer's object names properties and is open only since it says nothing."""
    return mine.beyond is None and not is_free(mine)


def other_key(mine: Shape, theirs: Shape) -> str:
    """Return the name of a property that neither shape names, as far as one is at hand."""
    for key in (_ANY_KEY, "another", "1", "zz", "A", "x-other"):
        named = key in mine.properties or key in theirs.properties or key in theirs.hidden | mine.hidden
        if not named and not any(fits(one, key) for one in (*mine.by_pattern, *theirs.by_pattern)):
            return key
    return _ANY_KEY


def pairs(mine: Shape, theirs: Shape) -> Iterator[tuple[Any, Any, Step]]:
    """Yield the schemas for a property that the writer or the reader does not name, and the step to it."""
    for pattern, child in mine.by_pattern.items():
        for other, counterpart in theirs.by_pattern.items():
            key = common(pattern, other)
            if key is not None:
                yield child, counterpart, ("key", key, mine)
        for name, counterpart in theirs.properties.items():
            if name not in mine.properties and fits(pattern, name):
                yield child, counterpart, ("property", name, mine)
        if isinstance(theirs.beyond, dict):
            key = beside(pattern, theirs.by_pattern)
            if key is not None:
                yield child, theirs.beyond, ("key", key, mine)
    if isinstance(mine.beyond, dict):
        for name, counterpart in theirs.properties.items():
            if name not in mine.properties and not any(fits(one, name) for one in mine.by_pattern):
                yield mine.beyond, counterpart, ("property", name, mine)
        if theirs.beyond is not None and theirs.beyond is not False:
            yield mine.beyond, theirs.beyond, ("key", "", mine)
    if isinstance(mine.beyond, dict) or is_free(mine):
        for pattern, counterpart in theirs.by_pattern.items():
            key = beside(pattern, mine.by_pattern)
            if key is not None:
                yield True if mine.beyond is None else mine.beyond, counterpart, ("key", key, mine)


def refused_key(mine: Shape, theirs: Shape) -> str | None:
    """Return the name of a property that a writer may send and a reader who takes no others does not know."""
    for pattern in mine.by_pattern:
        key = beside(pattern, theirs.by_pattern)
        if key is not None and key not in theirs.properties:
            return key
    return other_key(mine, theirs) if is_open(mine) or isinstance(mine.beyond, dict) else None
