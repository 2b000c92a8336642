"""What is compared inside of two shapes, and what only one of them has: entries, properties, alternatives."""

from typing import Any

import pytest

from scripts.drift.document.spec import Spec
from scripts.drift.judge.schemas.alternatives import (
    by_type,
    ended,
    of_the_same_mark,
    only_closes,
    shares,
    undecided,
)
from scripts.drift.judge.schemas.children import Inside
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape

TEXT, WHOLE, NULL = ({"type": each} for each in ("string", "integer", "null"))
NEVER: Any = {"not": {}}
READER = Reader(Spec({"openapi": "3.1.0"}), "request")
ANY: Any = {}


def inside() -> Inside:
    return Inside(READER, READER, lambda one, other: one == other)


def children(mine: Shape, theirs: Shape) -> list[tuple[Any, Any, Any]]:
    """Return the pairs inside of two shapes, as the schemas that they were, with the step to them."""
    return [
        (child.raw, other.raw, step and step[:2]) for child, other, step in inside().children(mine, theirs)
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        (Shape(properties={"a": TEXT}), Shape(properties={"a": WHOLE}), [(TEXT, WHOLE, ("property", "a"))]),
        (Shape(properties={"a": TEXT}), Shape(properties={"a": TEXT}), []),
        (Shape(properties={"a": TEXT}), Shape(properties={"b": WHOLE}), []),
        (Shape(properties={"a": TEXT}), Shape(additional=WHOLE), [(TEXT, WHOLE, ("property", "a"))]),
        (Shape(properties={"a": TEXT}), Shape(additional=False), []),
        (Shape(properties={"a": TEXT}), Shape(properties={"a": False}), []),
        (
            Shape(properties={"a": TEXT}),
            Shape(properties={"a": WHOLE}, by_pattern={"^a": NULL}),
            [(TEXT, WHOLE, ("property", "a")), (TEXT, NULL, ("property", "a"))],
        ),
        (Shape(additional=TEXT), Shape(additional=WHOLE), [(TEXT, WHOLE, ("key", ""))]),
        (Shape(additional=TEXT), Shape(additional=dict(TEXT)), []),
        (Shape(items=TEXT), Shape(items=WHOLE), [(TEXT, WHOLE, ("item", ""))]),
        (Shape(items=TEXT), Shape(items=dict(TEXT)), []),
        (Shape(items=TEXT), Shape(), []),
        (Shape(), Shape(items=WHOLE), [(None, WHOLE, ("item", ""))]),
        (Shape(items=False), Shape(items=WHOLE), []),
        (
            Shape(prefix=(TEXT, NULL)),
            Shape(prefix=(WHOLE, NULL)),
            [(TEXT, WHOLE, ("item", "0"))],
        ),
        (
            Shape(prefix=(TEXT,), items=NULL),
            Shape(prefix=(TEXT, WHOLE), items=NULL),
            [(NULL, WHOLE, ("item", "1"))],
        ),
        (
            Shape(prefix=(TEXT, WHOLE), items=NULL),
            Shape(prefix=(TEXT,), items=NULL),
            [(WHOLE, NULL, ("item", "1"))],
        ),
        (Shape(prefix=(TEXT,)), Shape(), []),
    ],
)
def test_each_pair_inside_is_compared_once(mine: Shape, theirs: Shape, found: list[Any]) -> None:
    """Those that are the same to the letter are not."""
    assert children(mine, theirs) == found


@pytest.mark.parametrize("kind", ["object", "array"])
def test_only_what_both_can_be_has_an_inside(kind: str) -> None:
    """A property of a text is no property."""
    types = frozenset({kind, "string"})
    mine: dict[str, Any] = {"properties": {"a": TEXT}, "items": TEXT}
    theirs: dict[str, Any] = {"properties": {"a": WHOLE}, "items": WHOLE}

    assert len(children(Shape(types=types, **mine), Shape(types=types, **theirs))) == 1
    for one, other in ((types, {"string"}), ({"string"}, types)):
        shapes = Shape(types=frozenset(one), **mine), Shape(types=frozenset(other), **theirs)
        assert children(*shapes) == []
        assert list(inside().undescribed(*shapes)) == []


Described = tuple[str, str, str, str | None, dict[str, Any]]
READ_ONLY: Described = ("read-only", "soft", "is not read any more", "a", {})
UNDESCRIBED: Described = ("property", "soft", "is not described any more", "a", {})
FORBIDDEN: Described = ("property", "no", "is not allowed", "a", {})


def others(what: str, key: str = "other", *, closing: bool = False) -> Described:
    return (
        "additional-properties",
        "no",
        f"other properties are {what}",
        None,
        {"key": key, "closing": closing},
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        (Shape(properties={"a": TEXT}), Shape(properties={"a": TEXT}), []),
        (Shape(properties={"a": TEXT}), Shape(by_pattern={"^a": TEXT}), []),
        (Shape(properties={"a": NEVER}), Shape(), [UNDESCRIBED]),
        (Shape(properties={"a": False}), Shape(), []),
        (Shape(properties={"a": TEXT}), Shape(), [UNDESCRIBED]),
        (Shape(properties={"a": TEXT}), Shape(additional=True), [UNDESCRIBED]),
        (Shape(properties={"a": TEXT}), Shape(additional={}), [UNDESCRIBED]),
        (Shape(properties={"a": TEXT}), Shape(hidden=frozenset({"a"})), [READ_ONLY]),
        (Shape(properties={"a": TEXT}), Shape(hidden=frozenset({"b"})), [UNDESCRIBED]),
        (Shape(properties={"a": TEXT}), Shape(properties={"a": False}), [FORBIDDEN]),
        (Shape(properties={"a": False}), Shape(properties={"a": False}), []),
        (Shape(properties={"a": TEXT}, additional=False), Shape(additional=False), [FORBIDDEN]),
        (
            Shape(properties={"a": TEXT}),
            Shape(additional=False),
            [FORBIDDEN, others("not allowed", closing=True)],
        ),
        (Shape(), Shape(additional=False), [others("not allowed")]),
        (Shape(additional=True), Shape(additional=False), [others("not allowed")]),
        (Shape(additional=TEXT), Shape(additional=False), [others("not allowed")]),
        (Shape(additional=False), Shape(additional=False), []),
        (Shape(), Shape(additional=TEXT), [others("restricted")]),
        (Shape(additional=True), Shape(additional=TEXT), [others("restricted")]),
        (Shape(additional=TEXT), Shape(additional=WHOLE), []),
        (Shape(additional=False), Shape(additional=TEXT), []),
        (Shape(), Shape(additional={}), []),
        (Shape(), Shape(additional=True), []),
        (Shape(), Shape(), []),
        (
            Shape(properties={"other": TEXT}),
            Shape(additional=TEXT),
            [others("restricted", "another", closing=True)],
        ),
    ],
)
def test_what_only_the_writer_describes_is_told(mine: Shape, theirs: Shape, found: list[Any]) -> None:
    """As forbidden, as no longer read, or as other properties."""
    seen = [
        (gap.rule, gap.answer, gap.what, gap.name, gap.extra) for gap in inside().undescribed(mine, theirs)
    ]

    assert seen == found


def test_a_comparison_that_ends_early_says_so() -> None:
    """Machines see it by a mark of its own."""
    gap = ended((), Shape(), Shape())
    assert (gap.rule, gap.answer, gap.extra) == ("schema", "unknown", {"incomplete": True})
    unknown = undecided(Shape(), Shape(), "a union")
    assert (unknown.rule, unknown.answer, unknown.what) == (
        "alternative",
        "unknown",
        "a union cannot be compared",
    )


@pytest.mark.parametrize(
    ("part", "branch", "is_shared"),
    [
        ((), (), True),
        ((), ("a",), True),
        (("a",), (), False),
        (("a", "b"), ("b", "c"), True),
        (("a",), ("b",), False),
    ],
)
def test_two_objects_share_a_property(
    part: tuple[str, ...], branch: tuple[str, ...], is_shared: bool
) -> None:
    """Or the first has none that could be shared."""
    shapes = (Shape(properties=dict.fromkeys(names, TEXT)) for names in (part, branch))

    assert shares(*shapes) is is_shared


@pytest.mark.parametrize(
    ("types", "parts"),
    [
        ("string", ["string"]),
        ("integer", ["integer"]),
        ("integer number", ["integer number"]),
        ("null string", ["null", "string"]),
        ("integer null number", ["null", "integer number"]),
        ("integer null", ["integer", "null"]),
    ],
)
def test_a_shape_is_taken_apart_by_type(types: str, parts: list[str]) -> None:
    """A number goes with its whole numbers, and a part is no schema of the document."""
    shape = Shape(types=frozenset(types.split()), raw=TEXT)

    found = by_type(shape)
    assert [" ".join(sorted(part.types)) for part in found] == parts
    assert [part.raw for part in found] == [TEXT if len(parts) == 1 else None] * len(parts)


@pytest.mark.parametrize(
    ("answers", "only"),
    [
        ([], True),
        ([("soft", False)], True),
        ([("no", True)], True),
        ([("no", False)], False),
        ([("no", True), ("unknown", False)], False),
    ],
)
def test_an_alternative_only_closes_if_nothing_else_differs(
    answers: list[tuple[str, bool]], only: bool
) -> None:
    """What an open object may have besides is another question."""
    gaps = [
        Gap("r", (), Shape(), Shape(), answer, "w", extra={"closing": closing}) for answer, closing in answers
    ]

    assert only_closes(gaps) is only


def way(name: str, **more: Any) -> Shape:
    """Return an alternative that a discriminator tells apart by `kind`."""
    return Shape(component=name, discriminator={"propertyName": "kind"}, properties={"kind": TEXT}, **more)


def test_a_mark_leads_to_the_alternatives_that_have_it() -> None:
    """All of them where it tells nothing: no mark, another property, or no alternative at all."""
    cat, dog, lists = (
        way("Cat"),
        way("Dog"),
        Shape(component="L", discriminator={"propertyName": "kind"}, properties={"kind": {"enum": ["x"]}}),
    )

    def led(part: Shape, *branches: Shape) -> list[str]:
        return [each.component for each in of_the_same_mark(part, list(branches), READER, READER)]

    assert led(cat, cat, dog) == ["Cat"]
    assert led(cat, dog, lists) == ["L"]
    assert led(way("Fox"), cat, dog) == []
    assert led(Shape(), cat, dog) == ["Cat", "Dog"]
    assert led(Shape(component="Cat", discriminator={"propertyName": "type"}), cat, dog) == ["Cat", "Dog"]
    assert led(lists, cat, dog) == ["Cat", "Dog"]
    assert led(cat, lists, lists) == ["L", "L"]
    assert led(cat) == []
