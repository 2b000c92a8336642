"""When a parameter of another type reads the same as a text."""

from typing import Any

import pytest

from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.shape import Shape
from scripts.drift.judge.schemas.text_values import same_text


def reads_the_same(writer: Any, reader: Any = "string", rule: str = "type", **more: Any) -> bool:
    """Tell whether a gap between a type, or a shape, and another one is none of a text."""
    mine, theirs = (
        each if isinstance(each, Shape) else Shape(types=frozenset(each.split())) for each in (writer, reader)
    )
    return same_text(Gap(rule, (), mine, theirs, "no", "differs"))


def texts(**more: Any) -> Shape:
    return Shape(types=frozenset({"string"}), **more)


def values(*enum: Any, types: str = "integer") -> Shape:
    return Shape(types=frozenset(types.split()), enum=list(enum))


@pytest.mark.parametrize("kind", ["boolean", "integer", "integer number", "string", "boolean integer"])
def test_every_scalar_reads_as_a_text(kind: str) -> None:
    """Where any text is taken; an enum has lost values, whatever their type."""
    assert reads_the_same(kind)
    assert reads_the_same(kind, "string null")
    assert not reads_the_same(kind, rule="enum")
    assert not reads_the_same(kind, rule="minimum")
    assert not reads_the_same(kind, "integer boolean")


@pytest.mark.parametrize("kind", ["null", "array", "object", "integer null"])
def test_what_is_no_scalar_does_not(kind: str) -> None:
    """A list is written in several ways."""
    assert not reads_the_same(kind)


@pytest.mark.parametrize(
    "shapes",
    [
        ("integer", texts(unions=((1,),))),
        ("integer", texts(formats=("uuid",))),
        ("integer", texts(rest=(("not", {}),))),
        (Shape(types=frozenset({"integer"}), unions=((1,),)), "string"),
    ],
)
def test_what_is_not_understood_does_not(shapes: tuple[Any, Any]) -> None:
    """A union, a format, or a keyword that is not modelled may refuse it."""
    assert not reads_the_same(*shapes)


@pytest.mark.parametrize(
    ("writer", "reader", "is_same"),
    [
        ("integer", texts(patterns=("^-?[0-9]+$",)), True),
        ("integer", texts(patterns=("^[0-9]+$",)), False),
        ("integer", texts(lengths=(1, None)), True),
        ("integer", texts(lengths=(2, None)), False),
        ("integer", texts(lengths=(0, 5)), False),
        ("integer", values("1", types="string"), False),
        ("integer number", texts(lengths=(1, None)), False),
        ("integer string", texts(lengths=(1, None)), False),
        ("boolean", texts(lengths=(4, 5)), True),
        ("boolean", texts(lengths=(5, None)), False),
        ("boolean", texts(lengths=(0, 4)), False),
        ("boolean", values("true", "false", types="string"), True),
        ("boolean", values(True, "false", types="string"), True),
        ("boolean", values("true", types="string"), False),
        ("boolean string", values("true", "false", types="string"), False),
        (values(1, 2), values("1", "2", "3", types="string"), True),
        (values(1, 2), values("1", types="string"), False),
        (values(1, "a", types="integer string"), values("1", "a", types="string"), True),
        (values(1, 23), texts(lengths=(1, 2)), True),
        (values(1, 23), texts(lengths=(2, 2)), False),
        (values(1.5, types="number integer"), texts(patterns=("^1\\.5$",)), True),
        (values(*range(100)), texts(lengths=(1, 2)), True),
        (values(*range(101)), texts(lengths=(1, 3)), False),
        (values(*range(101), types="number integer"), texts(lengths=(1, 3)), False),
        (values(*range(100), types="number integer"), texts(lengths=(1, 3)), True),
    ],
)
def test_a_text_with_bounds_takes_the_values_that_fit_them(writer: Any, reader: Shape, is_same: bool) -> None:
    """All of them: those of a list of a hundred at most, true and false, or every whole number."""
    assert reads_the_same(writer, reader) is is_same
    assert reads_the_same(writer, reader, rule="enum") is is_same
