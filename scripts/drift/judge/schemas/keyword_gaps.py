"""The gaps of two shapes that show on one level: types, bounds, lengths, patterns, formats, counts, names."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil, floor
from typing import Any

from scripts.drift.document.types import FORMATS, format_within
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.property_names import fits, is_closing
from scripts.drift.judge.schemas.shape import Shape
from scripts.drift.judge.texts import shown
from scripts.drift.patterns.containment import Texts, example, within

_MAX_TEXT = 20_000


def gaps(mine: Shape, theirs: Shape) -> Iterator[Gap]:
    """Yield the gaps of a writer's shape against a reader's; neither has a union, the writer no enum."""
    lost = {kind for kind in mine.types if not _takes(theirs.types, kind)}
    if "number" in lost:
        lost.discard("integer")
    if lost:
        what = f"{kinds_of(frozenset(lost))} where {kinds_of(theirs.types)} is expected"
        yield Gap("type", (), mine, theirs, "no", what, extra={"types": sorted(lost)})
    kept = replace(mine, types=mine.types - lost)
    if theirs.enum is not None:
        if kept.types and not (kept.types <= {"null", "boolean"} and _finite(kept.types, theirs)):
            values = ", ".join(map(shown, theirs.enum[:5])) + (" ..." if len(theirs.enum) > 5 else "")
            yield Gap("enum", (), mine, theirs, "no", f"only {values} are allowed")
        return
    if kept.types & {"integer", "number"}:
        yield from _numbers(kept, theirs)
    if "string" in kept.types:
        yield from _strings(kept, theirs)
    if "array" in kept.types:
        yield from _arrays(kept, theirs)
    if "object" in kept.types:
        yield from _objects(kept, theirs)


def of_property(shape: Shape, name: str) -> list[Any]:
    """Return the schemas that a shape has for a property; none if it says nothing of it."""
    found = [shape.properties[name]] if name in shape.properties else []
    for pattern, schema in shape.by_pattern.items():
        if fits(pattern, name):
            found.append(schema)
    if not found and shape.beyond is not None and name not in shape.hidden:
        found.append(shape.beyond)
    return found


def is_named(shape: Shape, name: str) -> bool:
    """Return whether a shape has a schema of its own for a property, by its name or by a pattern."""
    return name in shape.properties or any(fits(pattern, name) for pattern in shape.by_pattern)


def kinds_of(types: frozenset[str]) -> str:
    """Types as people name them."""
    if len(types) == 7:
        return "any value"
    return " or ".join(sorted(types - {"integer"} if "number" in types else types)) or "nothing"


def _takes(types: frozenset[str], kind: str) -> bool:
    return kind in types or (kind == "integer" and "number" in types)


def _finite(types: frozenset[str], theirs: Shape) -> bool:
    values: list[Any] = [True, False] if "boolean" in types else []
    values += [None] if "null" in types else []
    return all(any(value is one for one in theirs.enum or ()) for value in values)


def _numbers(mine: Shape, theirs: Shape) -> Iterator[Gap]:
    whole = "number" not in mine.types
    if theirs.low is not None and not _above(mine.low, theirs.low, whole):
        what = f"a minimum of {_bound(theirs.low)} where it was {_bound(mine.low)}"
        yield Gap("minimum", (), mine, theirs, "no", what, tuple(_near(theirs.low[0], -1)))
    if theirs.high is not None and not _below(mine.high, theirs.high, whole):
        what = f"a maximum of {_bound(theirs.high)} where it was {_bound(mine.high)}"
        yield Gap("maximum", (), mine, theirs, "no", what, tuple(_near(theirs.high[0], 1)))
    for step in theirs.multiples:
        if whole and float(1 / step).is_integer():
            continue
        if not any(_divides(step, own) for own in mine.multiples):
            what = f"only multiples of {step:g} are allowed"
            yield Gap("multiple-of", (), mine, theirs, "no", what, (1, step / 2, step * 1.5, step / 10))


def _above(mine: tuple[float, bool] | None, theirs: tuple[float, bool], whole: bool) -> bool:
    """Whether a lower bound is at least as high as another; `whole` if only whole numbers count."""
    if mine is None:
        return False
    if whole:
        return _first(mine) >= _first(theirs)
    return mine[0] > theirs[0] or (mine[0] == theirs[0] and (mine[1] or not theirs[1]))


def _below(mine: tuple[float, bool] | None, theirs: tuple[float, bool], whole: bool) -> bool:
    return _above(None if mine is None else (-mine[0], mine[1]), (-theirs[0], theirs[1]), whole)


def _first(bound: tuple[float, bool]) -> float:
    """Return the first whole number that a lower bound allows."""
    return floor(bound[0]) + 1 if bound[1] else ceil(bound[0])


def _bound(bound: tuple[float, bool] | None) -> str:
    return "open" if bound is None else f"{bound[0]:.15g}{' (excluded)' if bound[1] else ''}"


def _near(bound: float, way: int) -> Iterator[float]:
    yield bound
    for distance in (1, 0.5, 2, 10, 1000):
        yield bound + way * distance


def _divides(step: float, own: float) -> bool:
    quotient = own / step
    return abs(quotient - round(quotient)) < 1e-9


def _strings(mine: Shape, theirs: Shape) -> Iterator[Gap]:
    inner = Texts(mine.patterns, mine.lengths)
    for rule, outer, what in (
        ("min-length", Texts((), (theirs.lengths[0], None)), f"at least {theirs.lengths[0]} characters"),
        ("max-length", Texts((), (0, theirs.lengths[1])), f"at most {theirs.lengths[1]} characters"),
    ):
        if _longer(inner.lengths, outer.lengths):
            answer, text = _texts_within(inner, outer)
            if answer != "yes":
                sample: tuple[Any, ...] = () if text is None else (text,)
                yield Gap(rule, (), mine, theirs, answer, f"only {what} are allowed", sample)
    new = tuple(p for p in theirs.patterns if p not in mine.patterns)
    if new:
        answer, text = _texts_within(inner, Texts(new))
        if answer != "yes":
            sample = () if text is None else (text,)
            yield Gap("pattern", (), mine, theirs, answer, f"only texts of {new[0]} are allowed", sample)
    for wanted in theirs.formats:
        if not any(format_within(own, wanted) for own in mine.formats):
            known = wanted in FORMATS or wanted == "byte"
            near = FORMATS[wanted][1] if wanted in FORMATS else ("*",)
            yield Gap(
                "format",
                (),
                mine,
                theirs,
                "no" if known or mine.formats else "unknown",
                f"only the format {wanted} is allowed",
                tuple(v for own in mine.formats if own in FORMATS for v in FORMATS[own][0]) + near,
            )


def _longer(mine: tuple[int, int | None], theirs: tuple[int, int | None]) -> bool:
    return mine[0] < theirs[0] or (theirs[1] is not None and (mine[1] is None or mine[1] > theirs[1]))


def _texts_within(inner: Texts, outer: Texts) -> tuple[str, str | None]:
    if inner.patterns or outer.patterns:
        return within(inner, outer)
    low, high = outer.lengths
    length = inner.lengths[0] if inner.lengths[0] < low else (high or 0) + 1
    if high is not None and inner.lengths[0] > high:
        length = inner.lengths[0]
    return "no", "a" * length if length <= _MAX_TEXT else None


def _arrays(mine: Shape, theirs: Shape) -> Iterator[Gap]:
    if mine.counts[0] < theirs.counts[0]:
        what = f"at least {theirs.counts[0]} entries are needed"
        yield Gap("min-items", (), mine, theirs, "no", what, extra={"length": mine.counts[0]})
    if theirs.counts[1] is not None and (mine.counts[1] is None or mine.counts[1] > theirs.counts[1]):
        what = f"at most {theirs.counts[1]} entries are allowed"
        length = max(theirs.counts[1] + 1, mine.counts[0])
        yield Gap("max-items", (), mine, theirs, "no", what, extra={"length": length})
    if theirs.unique and not mine.unique and (mine.counts[1] is None or mine.counts[1] > 1):
        yield Gap("unique-items", (), mine, theirs, "no", "entries must differ", extra={"twice": True})


def _objects(mine: Shape, theirs: Shape) -> Iterator[Gap]:
    for name in sorted(theirs.required - mine.required):
        yield Gap("required", (), mine, theirs, "no", "is required", name=name)
    fewest, most = theirs.sizes
    if fewest > max(mine.sizes[0], len(mine.required)):
        yield Gap("min-properties", (), mine, theirs, "no", f"at least {fewest} properties are needed")
    named = len(mine.properties)
    possible = named if mine.beyond is False and not mine.by_pattern else None
    highest = min((n for n in (possible, mine.sizes[1]) if n is not None), default=None)
    if most is not None and (highest is None or highest > most):
        what = f"at most {most} properties are allowed"
        closing = is_closing(mine) and not mine.by_pattern and named <= most
        yield Gap(
            "max-properties", (), mine, theirs, "no", what, extra={"size": most + 1, "closing": closing}
        )


def text_of(shape: Shape, at_least: int = 0) -> str | None:
    """Return a text that a shape of strings allows, formats left out."""
    return example(Texts(shape.patterns, shape.lengths), at_least)
