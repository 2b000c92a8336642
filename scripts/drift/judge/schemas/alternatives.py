"""Questions about two shapes, and about the alternatives that one of them has."""

from dataclasses import replace

from scripts.drift.judge.schemas.discriminators import marks, property_of
from scripts.drift.judge.schemas.gap import Gap, Step
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape


def ended(steps: tuple[Step, ...], mine: Shape, theirs: Shape) -> Gap:
    """Return the gap that says where a comparison ended before its end."""
    what = "there is too much to compare; the rest was not looked at: compare its parts one by one"
    return Gap("schema", steps, mine, theirs, "unknown", what, extra={"incomplete": True})


def shares(part: Shape, branch: Shape) -> bool:
    """Whether two shapes of objects have a property in common, or nothing to have in common."""
    return not part.properties or not part.properties.keys().isdisjoint(branch.properties)


def of_the_same_mark(part: Shape, branches: list[Shape], writer: Reader, reader: Reader) -> list[Shape]:
    """Return the alternatives that the mark of a way through a union may lead to."""
    if not branches or property_of(part) is None or property_of(part) != property_of(branches[0]):
        return branches
    mine = set(marks(part, writer))
    known = [(branch, set(marks(branch, reader))) for branch in branches]
    if not mine or not any(theirs for _, theirs in known):
        return branches
    return [branch for branch, theirs in known if not theirs or theirs & mine]


def only_closes(gaps: list[Gap]) -> bool:
    """Return whether an alternative is the writer's but for what an open object may have besides."""
    return all(gap.answer == "soft" or gap.extra.get("closing") for gap in gaps)


def undecided(mine: Shape, theirs: Shape, what: str) -> Gap:
    """Return the gap that says that something cannot be compared."""
    return Gap("alternative", (), mine, theirs, "unknown", f"{what} cannot be compared")


def by_type(shape: Shape) -> list[Shape]:
    """Return a shape once for each of its types; "number" goes with its integers."""
    kinds = [kind for kind in sorted(shape.types) if not (kind == "integer" and "number" in shape.types)]
    if len(kinds) < 2:
        return [shape]
    return [
        replace(shape, types=frozenset({kind, "integer"} if kind == "number" else {kind}), raw=None)
        for kind in kinds
    ]
