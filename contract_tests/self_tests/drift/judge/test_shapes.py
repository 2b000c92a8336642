"""What a schema says on one level, with one way to say a thing."""

from typing import Any

import pytest

from scripts.drift.document.types import ALL_TYPES
from scripts.drift.judge.schemas.shape import Shape, allowed, both, nullable, stated

TEXT, WHOLE, NULL = ({"type": each} for each in ("string", "integer", "null"))


def shape(schema: dict[str, Any], role: str = "request", *hidden: str) -> Shape:
    return stated(schema, role, frozenset(hidden))


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({}, ALL_TYPES),
        (TEXT, {"string"}),
        ({"type": ["string", "null"]}, {"string", "null"}),
        ({"type": "number"}, {"number", "integer"}),
        ({"type": "integer"}, {"integer"}),
        ({"type": "file"}, {"string"}),
        ({"type": "any"}, ALL_TYPES),
        ({"type": ["string", 7, "odd"]}, {"string"}),
        ({"enum": ["a"]}, ALL_TYPES),
        ({"const": "a", "minLength": 1}, ALL_TYPES),
        ({"properties": {}}, {"object"}),
        ({"items": {}}, {"array"}),
        ({"minLength": 1}, {"string"}),
        ({"minimum": 1}, {"number", "integer"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else " ".join(sorted(value)),
)
def test_the_types_are_stated_or_follow_from_the_keywords(schema: dict[str, Any], types: Any) -> None:
    """A number may be whole, and a list of values has its own types."""
    assert shape(schema).types == types


@pytest.mark.parametrize(
    ("schema", "role", "enum"),
    [
        ({}, "request", None),
        ({"enum": ["a", 1, None]}, "request", ["a", 1, None]),
        ({"enum": ["a", 1, None], "type": "string"}, "request", ["a"]),
        ({"enum": [1, 1.5], "type": "integer"}, "request", [1]),
        ({"enum": [1, 1.5], "type": "number"}, "request", [1, 1.5]),
        ({"const": "a", "enum": ["b"]}, "request", ["a"]),
        ({"const": None}, "response", [None]),
        ({"enum": "a"}, "request", None),
        ({"x-extensible-enum": ["a"]}, "request", ["a"]),
        ({"x-extensible-enum": ["a"]}, "response", None),
        ({"x-extensible-enum": "a"}, "request", None),
        ({"enum": ["b"], "x-extensible-enum": ["a"]}, "response", ["b"]),
    ],
)
def test_the_values_are_those_of_the_type(schema: dict[str, Any], role: str, enum: list[Any] | None) -> None:
    """An open list closes what a client may send, and nothing of what it gets."""
    assert shape(schema, role).enum == enum


@pytest.mark.parametrize(
    ("schema", "low", "high"),
    [
        ({}, None, None),
        ({"minimum": 1, "maximum": 2}, (1, False), (2, False)),
        ({"minimum": 1, "exclusiveMinimum": True}, (1, True), None),
        ({"maximum": 1, "exclusiveMaximum": True}, None, (1, True)),
        ({"minimum": 1, "exclusiveMinimum": False}, (1, False), None),
        ({"exclusiveMinimum": True, "exclusiveMaximum": True}, None, None),
        ({"exclusiveMinimum": 1, "exclusiveMaximum": 2}, (1, True), (2, True)),
        ({"minimum": 1, "exclusiveMinimum": 1}, (1, True), None),
        ({"minimum": 2, "exclusiveMinimum": 1}, (2, False), None),
        ({"maximum": 1, "exclusiveMaximum": 2}, None, (1, False)),
        ({"minimum": True, "maximum": "2"}, None, None),
        ({"format": "int32"}, (-(2**31), False), (2**31 - 1, False)),
        ({"format": "int32", "minimum": 0}, (0, False), (2**31 - 1, False)),
        ({"format": "int32", "maximum": 2**40}, (-(2**31), False), (2**31 - 1, False)),
    ],
)
def test_the_tightest_bound_counts(schema: dict[str, Any], low: Any, high: Any) -> None:
    """In the notation of 3.0 and of 3.1, and by the format of a whole number."""
    found = shape({"type": "integer"} | schema)

    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("schema", "attribute", "value"),
    [
        ({"multipleOf": 2}, "multiples", (2,)),
        ({"multipleOf": 0.5}, "multiples", (0.5,)),
        *(({"multipleOf": odd}, "multiples", ()) for odd in (0, -1, True, "2", None)),
        ({"minLength": 2, "maxLength": 3}, "lengths", (2, 3)),
        ({"minLength": 2.0, "maxLength": 0}, "lengths", (2, 0)),
        ({"minLength": -1, "maxLength": -1}, "lengths", (0, None)),
        ({"minLength": "1", "maxLength": True}, "lengths", (0, None)),
        ({"minLength": True}, "lengths", (0, None)),
        ({"minLength": 0}, "lengths", (0, None)),
        ({"minItems": 1, "maxItems": 2}, "counts", (1, 2)),
        ({"minProperties": 1, "maxProperties": 2}, "sizes", (1, 2)),
        ({"pattern": "^a"}, "patterns", ("^a",)),
        ({"pattern": 1}, "patterns", ()),
        ({"format": "date"}, "formats", ("date",)),
        *(
            ({"format": quiet}, "formats", ())
            for quiet in (
                "password",
                "binary",
                "int64",
                "double",
                "decimal",
                "number",
                "string",
                "integer",
                "int32",
                1,
            )
        ),
        ({"uniqueItems": True}, "unique", True),
        ({"uniqueItems": "yes"}, "unique", False),
        ({"items": TEXT}, "items", TEXT),
        ({"items": False}, "items", False),
        ({"items": "odd"}, "items", None),
        ({"items": [TEXT], "additionalItems": WHOLE}, "items", WHOLE),
        ({"items": [TEXT], "prefixItems": [NULL]}, "prefix", (TEXT,)),
        ({"prefixItems": [TEXT]}, "prefix", (TEXT,)),
        ({"properties": {"a": TEXT, "hidden": TEXT}}, "properties", {"a": TEXT}),
        ({"required": ["a", "hidden", 7]}, "required", {"a"}),
        ({}, "hidden", {"hidden"}),
        ({"patternProperties": {"^a": TEXT}}, "by_pattern", {"^a": TEXT}),
        ({"additionalProperties": False}, "additional", False),
        ({"additionalProperties": TEXT}, "additional", TEXT),
        ({"additionalProperties": "odd"}, "additional", None),
        ({"unevaluatedProperties": False}, "unevaluated", False),
        ({"oneOf": [TEXT], "anyOf": [NULL]}, "unions", ((TEXT,), (NULL,))),
        ({"oneOf": [TEXT], "anyOf": [NULL]}, "exclusive", (True, False)),
        ({"anyOf": [NULL]}, "exclusive", (False,)),
        ({"oneOf": [], "anyOf": []}, "unions", ()),
        ({"discriminator": {"propertyName": "a"}}, "discriminator", {"propertyName": "a"}),
        ({"discriminator": {}}, "discriminator", None),
        *(
            ({name: 1}, "rest", ((name, 1),))
            for name in (
                *("not", "if", "then", "else", "contains", "minContains", "maxContains", "propertyNames"),
                *("dependentRequired", "dependentSchemas", "unevaluatedItems", "contentEncoding"),
                "contentMediaType",
            )
        ),
        ({"title": "t", "description": "d", "x-a": 1}, "rest", ()),
    ],
)
def test_each_keyword_has_its_place(schema: dict[str, Any], attribute: str, value: Any) -> None:
    """A value of another form than the keyword has says nothing."""
    assert getattr(shape(schema, "request", "hidden"), attribute) == value


def test_a_schema_that_says_nothing_is_a_shape_that_says_nothing() -> None:
    """The defaults of a shape are those of the keywords."""
    assert shape({}) == Shape()
    assert [Shape().lengths, Shape().counts, Shape().sizes] == [(0, None)] * 3
    assert (Shape().unique, Shape().never, Shape().is_way) == (False, False, False)


def test_what_is_said_of_other_properties() -> None:
    """By the schema itself, or else by what closes its alternatives."""
    assert Shape().beyond is None
    assert Shape(additional=False, unevaluated=True).beyond is False
    assert Shape(unevaluated=False).beyond is False


@pytest.mark.parametrize(
    ("changes", "is_any"),
    [
        ({}, True),
        ({"name": "a", "component": "b", "raw": {}, "hidden": frozenset({"x"}), "is_way": True}, True),
        ({"discriminator": {"propertyName": "a"}}, True),
        *(({name: value}, False) for name, value in (("enum", [1]), ("never", True), ("opaque", "a"))),
        *(({name: value}, False) for name, value in (("unique", True), ("required", frozenset({"a"})))),
        ({"types": ALL_TYPES - {"null"}}, False),
    ],
)
def test_only_what_limits_a_value_counts(changes: dict[str, Any], is_any: bool) -> None:
    """Names and marks allow every value."""
    assert Shape(**changes).is_any is is_any


def test_a_nullable_schema_allows_null_everywhere() -> None:
    """In its types, its values and its unions, once each."""
    one = nullable(Shape(types=frozenset({"string"}), enum=["a"], unions=((TEXT,), (TEXT, NULL))))

    assert one.types == {"string", "null"}
    assert one.enum == ["a", None]
    assert one.unions == ((TEXT, NULL), (TEXT, NULL))
    assert nullable(one).enum == ["a", None]
    assert nullable(Shape()).enum is None


@pytest.mark.parametrize(
    ("value", "types", "is_allowed"),
    [
        (1, {"integer"}, True),
        (1, {"number"}, True),
        (1.5, {"integer"}, False),
        (1.5, {"number"}, True),
        (True, {"integer", "number"}, False),
        (True, {"boolean"}, True),
        (None, {"null"}, True),
        ("", {"string"}, True),
        ([], {"object"}, False),
    ],
)
def test_a_value_is_of_a_type(value: Any, types: set[str], is_allowed: bool) -> None:
    """True is no number."""
    assert allowed(value, types) is is_allowed


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, None), (0, None), (0, None)),
        ((1, 5), (2, 4), (2, 4)),
        ((2, None), (1, 4), (2, 4)),
        ((0, 3), (0, None), (0, 3)),
        ((0, 0), (0, 9), (0, 0)),
    ],
)
def test_two_counts_are_kept_together(one: Any, other: Any, expected: Any) -> None:
    """The highest of the lower, the lowest of the upper."""
    assert both(one, other) == expected
