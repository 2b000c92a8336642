"""Which properties an object may have beside those that it names, and which of them a reader refuses."""

from typing import Any

import pytest

from scripts.drift.judge.schemas import property_names
from scripts.drift.judge.schemas.shape import Shape

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def named(*names: str, **more: Any) -> Shape:
    """Return an object that names some properties."""
    return Shape(properties=dict.fromkeys(names, TEXT), **more)


@pytest.mark.parametrize(
    ("pattern", "name", "does_fit"),
    [
        ("^x-", "x-a", True),
        ("^x-", "ax-", False),
        ("a.b", "a.b", True),
        ("^a.b$", "a+b", True),
        ("^a\\.b$", "a+b", False),
    ],
)
def test_a_name_fits_a_pattern_by_its_own_letters(pattern: str, name: str, does_fit: bool) -> None:
    """A dot in a name is a dot."""
    assert property_names.fits(pattern, name) is does_fit


def test_a_common_name_fits_both_patterns() -> None:
    """Of one pattern it is any name of at least one letter."""
    assert property_names.common("^a", "b$") == "ab"
    assert property_names.common("^a$", "^b$") is None
    assert property_names.common("^a*$", "^a*$") == "a"
    assert property_names.common("(?=a)", "(?=a)") == "other"
    assert property_names.common("(?=a)", "^a$") is None


@pytest.mark.parametrize(
    ("pattern", "others", "name"),
    [
        ("^x", [], "x"),
        ("^x", ["^x"], None),
        ("^xy", ["^x"], None),
        ("^[xy]$", ["^x"], "y"),
        ("^[xyz]$", ["^x", "^y"], "z"),
        ("(?=a)", ["(?=a)"], None),
    ],
)
def test_a_name_beside_other_patterns_fits_none_of_them(
    pattern: str, others: list[str], name: str | None
) -> None:
    """None where each of its names fits another one."""
    assert property_names.beside(pattern, dict.fromkeys(others, TEXT)) == name


@pytest.mark.parametrize(
    ("shape", "is_free", "is_open", "is_closing"),
    [
        (Shape(), True, True, False),
        (Shape(additional=True), True, True, False),
        (Shape(additional=False), False, False, False),
        (Shape(additional=WHOLE), False, False, False),
        (named("a"), False, True, True),
        (named("a", additional=True), True, True, False),
        (named("a", additional=False), False, False, False),
        (named("a", unevaluated=False), False, False, False),
        (Shape(by_pattern={"^x": TEXT}), False, True, True),
    ],
)
def test_an_object_is_open_as_far_as_it_says(
    shape: Shape, is_free: bool, is_open: bool, is_closing: bool
) -> None:
    """One that names properties and says nothing of others is open, but its writer means what it names."""
    assert property_names.is_free(shape) is is_free
    assert property_names.is_open(shape) is is_open
    assert property_names.is_closing(shape) is is_closing


@pytest.mark.parametrize(
    ("mine", "theirs", "key"),
    [
        (Shape(), Shape(), "other"),
        (named("other"), Shape(), "another"),
        (Shape(), named("other"), "another"),
        (Shape(hidden=frozenset({"other"})), Shape(), "another"),
        (Shape(), Shape(hidden=frozenset({"other"})), "another"),
        (Shape(by_pattern={"^o": TEXT}), Shape(by_pattern={"^a": TEXT}), "1"),
        (Shape(by_pattern={"[0-9a-n]": TEXT}), named("other"), "zz"),
        (Shape(by_pattern={"[a-z0-9]": TEXT}), Shape(), "A"),
        (Shape(by_pattern={"^[a-z0-9]*$": TEXT}), named("A"), "x-other"),
        (Shape(by_pattern={"": TEXT}), Shape(), "other"),
    ],
)
def test_another_property_has_a_name_that_neither_side_knows(mine: Shape, theirs: Shape, key: str) -> None:
    """As far as one is at hand."""
    assert property_names.other_key(mine, theirs) == key


X, Y = {"^x": TEXT}, {"^y": WHOLE}


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        (Shape(by_pattern=X), Shape(by_pattern={"^x": WHOLE}), [(TEXT, WHOLE, ("key", "x"))]),
        (Shape(by_pattern=X), Shape(by_pattern=Y), []),
        (
            Shape(by_pattern=X),
            Shape(properties={"xa": WHOLE, "b": WHOLE}),
            [(TEXT, WHOLE, ("property", "xa"))],
        ),
        (Shape(by_pattern=X, properties={"xa": TEXT}), Shape(properties={"xa": WHOLE}), []),
        (Shape(by_pattern=X), Shape(additional=WHOLE), [(TEXT, WHOLE, ("key", "x"))]),
        (Shape(by_pattern=X), Shape(additional=True), []),
        (Shape(by_pattern=X), Shape(by_pattern={"^x": TEXT}, additional=WHOLE), [(TEXT, TEXT, ("key", "x"))]),
        (
            Shape(additional=TEXT),
            Shape(properties={"a": WHOLE}),
            [(TEXT, WHOLE, ("property", "a"))],
        ),
        (Shape(additional=TEXT, properties={"a": TEXT}), Shape(properties={"a": WHOLE}), []),
        (
            Shape(additional=TEXT, by_pattern={"^a": TEXT}),
            Shape(properties={"a": WHOLE}),
            [(TEXT, WHOLE, ("property", "a"))],
        ),
        (Shape(additional=TEXT), Shape(additional=WHOLE), [(TEXT, WHOLE, ("key", ""))]),
        (Shape(additional=TEXT), Shape(additional=True), [(TEXT, True, ("key", ""))]),
        (Shape(additional=TEXT), Shape(additional=False), []),
        (Shape(additional=TEXT), Shape(), []),
        (Shape(additional=True), Shape(additional=WHOLE), []),
        (Shape(additional=TEXT), Shape(by_pattern=Y), [(TEXT, WHOLE, ("key", "y"))]),
        (Shape(), Shape(by_pattern=Y), [(True, WHOLE, ("key", "y"))]),
        (Shape(additional=True), Shape(by_pattern=Y), [(True, WHOLE, ("key", "y"))]),
        (Shape(additional=False), Shape(by_pattern=Y), []),
        (named("a"), Shape(by_pattern=Y), []),
        (Shape(additional=TEXT, by_pattern={"^y": TEXT}), Shape(by_pattern=Y), [(TEXT, WHOLE, ("key", "y"))]),
    ],
)
def test_what_is_not_named_is_compared_by_patterns_and_by_what_is_said_of_others(
    mine: Shape, theirs: Shape, found: list[tuple[Any, Any, tuple[str, str]]]
) -> None:
    """Each pair once, with the step to it."""
    seen = [(child, other, step[:2]) for child, other, step in property_names.pairs(mine, theirs)]

    assert seen == found
    assert all(step[2] is mine for _, _, step in property_names.pairs(mine, theirs))


@pytest.mark.parametrize(
    ("mine", "theirs", "key"),
    [
        (Shape(), Shape(), "other"),
        (named("a"), named("a"), "other"),
        (Shape(additional=True), Shape(), "other"),
        (Shape(additional=TEXT), Shape(), "other"),
        (named("a", additional=False), Shape(), None),
        (Shape(additional=False, by_pattern=X), Shape(), "x"),
        (Shape(additional=False, by_pattern=X), named("x"), None),
        (Shape(additional=False, by_pattern=X), Shape(by_pattern=X), None),
        (Shape(additional=False, by_pattern=X | Y), Shape(by_pattern=X), "y"),
    ],
)
def test_a_reader_that_takes_no_others_refuses_the_first_that_it_does_not_know(
    mine: Shape, theirs: Shape, key: str | None
) -> None:
    """Of a pattern, or any other where the writer is open."""
    assert property_names.refused_key(mine, theirs) == key
