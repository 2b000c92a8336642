"""Values made after schemas fit them, whatever the schema asks."""

import re
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from novapost_mock.schemas.generator import CannotError, Generator
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.patterns.expressions import PatternError
from novapost_mock.schemas.patterns.sampler import sampler
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.violation import DocumentError


def generator_of(
    schema: Any, components: Any = None, version: str = "3.1", seed: int = 0
) -> tuple[Generator, Any]:
    tree = {"openapi": f"{version}.0", "components": {"schemas": components or {}}}
    schemas = SchemaSet(tree, version == "3.1", "response", Notes())
    node = schemas.node(schema, "#/test")
    return Generator(schemas, seed), node


def made(schema: Any, components: Any = None, version: str = "3.1", variant: int = 0) -> Any:
    generator, node = generator_of(schema, components, version)
    return generator.value(node, variant)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.decimals(-1000, 1000, places=2).map(float)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def around(draw: st.DrawFn, value: Any) -> Any:
    """Return a schema that a value fits, so that there is something to find."""
    match draw(st.integers(0, 9)):
        case 0:
            return draw(st.sampled_from([{}, True, {"enum": [value, "other"]}, {"const": value}]))
        case 1:
            return {"allOf": [draw(around(value)), draw(around(value))]}
        case 2:
            return {"anyOf": [{"type": "string", "maxLength": 0, "minLength": 1}, draw(around(value))]}
        case 3:
            return {"oneOf": [{"const": "\x01"}, draw(around(value))]}
        case 4:
            return {"not": {"const": "\x01"}, **draw(plainly_around(value))}
        case _:
            return draw(plainly_around(value))


@st.composite
def plainly_around(draw: st.DrawFn, value: Any) -> Any:
    slack = draw(st.integers(0, 3))
    match value:
        case None:
            return {"type": "null"}
        case bool():
            return {"type": "boolean"}
        case int():
            bounds = {"type": "integer", "minimum": value - slack, "exclusiveMaximum": value + slack + 1}
            return {**bounds, "multipleOf": abs(value)} if value and draw(st.booleans()) else bounds
        case float():
            return {"type": ["number", "string"], "minimum": value - slack, "maximum": value + slack}
        case str():
            longest = {"maxLength": len(value) + slack, "minLength": max(len(value) - slack, 0)}
            pattern: dict[str, Any] = (
                {"pattern": f"^{re.escape(value)}$"} if value.isascii() and value.isalnum() else {}
            )
            return {"type": "string", **longest, **(pattern if draw(st.booleans()) else {})}
        case list():
            size: dict[str, Any] = {"type": "array", "minItems": len(value), "maxItems": len(value) + slack}
            if bool(value) and draw(st.booleans()):
                return {**size, "prefixItems": [draw(around(each)) for each in value]}
            return {**size, "items": {"anyOf": [draw(around(each)) for each in value]} if value else {}}
        case _:
            names = sorted(value)
            schema: dict[str, Any] = {
                "type": "object",
                "properties": {name: draw(around(value[name])) for name in names},
                "required": names[: draw(st.integers(0, len(names)))],
                "maxProperties": len(names) + slack,
            }
            if draw(st.booleans()):
                others: list[Any] = [False, {"type": "integer"}]
                schema["additionalProperties"] = draw(st.sampled_from(others))
            return schema


@settings(max_examples=150, deadline=None)
@given(VALUES.flatmap(around), st.integers(0, 3))
def test_a_schema_that_something_fits_gets_a_value_that_fits(schema: Any, variant: int) -> None:
    """Judged by a validator that was given the schema as it stands, not as we translated it."""
    value = made(schema, variant=variant)

    assert jsonschema_rs.Draft202012Validator(schema).is_valid(value)


WORDS = """
    type properties required items enum pattern minLength maximum multipleOf allOf oneOf not $ref format
    nullable additionalProperties minItems example exclusiveMinimum minimum prefixItems if then
"""
KEYWORDS = [*WORDS.split(), "const", "discriminator", "uniqueItems"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["string", "object", "^a", "[", "x"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(KEYWORDS),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(JUNK, st.sampled_from(["3.0", "3.1"]))
def test_no_schema_does_worse_than_being_refused(schema: Any, version: str) -> None:
    """Documents are written by people: whatever stands for a schema, there is an answer."""
    components = {"A": schema, "B": {"$ref": "#/components/schemas/A"}}
    try:
        generator, node = generator_of({"allOf": [{"$ref": "#/components/schemas/B"}]}, components, version)
        value = generator.value(node)
    except (DocumentError, CannotError):
        return

    assert generator.schemas.shape(node).accepts(value)


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date", "example": "31.12.2025"},
        {"type": "string", "format": "uuid"},
        {"type": "string", "format": "email", "maxLength": 30},
        {"type": "string", "format": "ipv6"},
        {"type": "string", "minLength": 300},
        {"type": "string", "pattern": "^[А-ЯІЇЄҐ][а-яіїєґ']{2,20}$", "maxLength": 5},
        {"type": "string", "pattern": r"^(?=.*[A-Z])(?=.*\d)(?=.*[!@#]).{8,}$"},
        {"type": "integer", "format": "int32", "minimum": 2147483647},
        {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        {"type": "number", "multipleOf": 0.01, "minimum": 0.015},
        {"type": "number", "minimum": 0.1, "maximum": 0.2},
        {"type": "integer", "multipleOf": 7, "minimum": 50, "maximum": 60},
        {
            "type": "array",
            "uniqueItems": True,
            "minItems": 4,
            "items": {"type": "string", "enum": list("abcd")},
        },
        {"type": "array", "uniqueItems": True, "minItems": 30, "items": {"type": "integer"}},
        {"type": "array", "minItems": 3},
        {"type": "object", "minProperties": 3, "additionalProperties": {"type": "boolean"}},
        {"type": "object", "patternProperties": {"^x-[a-z]+$": {"type": "integer"}}, "minProperties": 1},
        {"not": {"type": "object"}},
        {"type": "object", "required": ["a"], "not": {"required": ["b"]}, "properties": {"b": {}}},
        {"oneOf": [{"type": "number"}, {"type": "integer"}]},
        {"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {"type": "string"}}},
        {
            "allOf": [
                {"properties": {"a": {"minimum": 3}}},
                {"required": ["a"]},
                {"properties": {"a": {"maximum": 3}}},
            ]
        },
        {"enum": [None, 1, "a"], "type": "string"},
        {"type": "string", "pattern": "(?i)^(all|none)$"},
        {"type": "string", "pattern": r"^[\x01-\x08\x0b!-Z\x53-\x7f]{3}$"},
        {"type": "object", "properties": {"a": {"type": "string", "example": 1}}, "required": ["a", "b"]},
    ],
)
def test_what_schemas_ask_for(schema: Any, version: str) -> None:
    """The usual one, and ten by chance."""
    generator, node = generator_of(schema, version=version)
    shape = generator.schemas.shape(node)

    assert [shape.accepts(generator.value(node, variant)) for variant in range(11)] == [True] * 11


@pytest.mark.parametrize(
    "schema",
    [
        {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}, "else": {"required": ["c"]}},
        {"type": "array", "contains": {"const": "x"}, "items": {"type": "string"}, "minContains": 2},
        {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {"type": "string"}],
            "items": False,
            "minItems": 2,
        },
        {"type": ["null", "integer"], "minimum": 5},
        {"propertyNames": {"pattern": "^[a-c]{2}$"}, "minProperties": 2, "type": "object"},
        {"dependentRequired": {"a": ["b"]}, "required": ["a"], "properties": {"b": {"type": "integer"}}},
        {"dependentSchemas": {"a": {"required": ["b"]}}, "required": ["a"]},
        {
            "$defs": {"x": {}},
            "type": "object",
            "unevaluatedProperties": False,
            "properties": {"a": {"const": 2}},
        },
    ],
)
def test_what_only_the_newer_schemas_ask_for(schema: Any) -> None:
    """OpenAPI 3.1 is JSON Schema 2020-12, all of it but references that move."""
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(made(schema))


def test_examples_are_taken_where_they_fit_and_only_there() -> None:
    """A documented example says more than anything made up; one that does not fit breaks the answer."""
    schema = {
        "type": "object",
        "properties": {
            "good": {"type": "string", "example": "Київ"},
            "bad": {"type": "integer", "example": "12"},
            "usual": {"type": "string", "default": "UA"},
        },
    }

    assert made(schema, version="3.0") == {"good": "Київ", "bad": 1, "usual": "UA"}


def test_recursion_has_an_end() -> None:
    """A schema may hold itself; what has to be there for ever cannot be made."""
    components = {
        "Tree": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Tree"}}},
        "List": {"type": "array", "items": {"$ref": "#/components/schemas/List"}},
        "Endless": {"required": ["in"], "properties": {"in": {"$ref": "#/components/schemas/Endless"}}},
    }

    assert made({"$ref": "#/components/schemas/Tree"}, components) == {}
    assert made({"$ref": "#/components/schemas/List"}, components) == []
    with pytest.raises(CannotError):
        made({"$ref": "#/components/schemas/Endless"}, components)


@pytest.mark.parametrize(
    ("components", "message"),
    [
        ({"A": {"$ref": "#/components/schemas/A"}}, "refers to itself without end"),
        (
            {"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"$ref": "#/components/schemas/A"}},
            "without",
        ),
        ({"A": {"items": {"$ref": "#/components/schemas/Missing"}}}, "leads nowhere"),
        ({"A": {"$ref": "https://example.com/a.json"}}, "leads out of the document"),
        ({"A": {"$ref": "other.yaml#/A"}}, "leads out of the document"),
        ({"A": {"$dynamicRef": "#a"}}, "is in reach of"),
        ({"A": []}, "a schema is an object"),
    ],
)
def test_references_that_lead_nowhere_are_named(components: Any, message: str) -> None:
    """The place and the reason; nothing is fetched and nothing runs in circles."""
    with pytest.raises(DocumentError, match=message):
        made({"$ref": "#/components/schemas/A"}, components)


def test_what_belongs_into_requests_alone_is_left_out_of_answers() -> None:
    """writeOnly: a password has no place in an answer, required or not."""
    schema = {
        "type": "object",
        "required": ["name", "password"],
        "properties": {"name": {"type": "string"}, "password": {"type": "string", "writeOnly": True}},
    }

    assert made(schema) == {"name": "text"}


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[1-9][0-9]{7,14}$",
        r"^\p{Lu}\p{L}+$",
        r"^(\w+)-\1$",
        r"[^a-z]+",
        r"^[\w.-]+@[\w-]+\.\w{2,}$",
        r"^#?([a-f0-9]{6}|[a-f0-9]{3})$",
        r"^[А-ЯІЇЄҐа-яіїєґ'’ -]{2,36}$",
        r"^[^\s@]+$",
        r"^a{2,5}?$",
        r"^[\]\\\-]+$",
        r"^\u0041\x42\cJ?$",
        r"^$",
        r"^(?:foo|bar|)$",
        r"^\+?[\d\s()-]{7,20}$",
        r"^.{1,255}$",
        r"^[\S\s]*$",
        r"^(?<year>\d{4})$",
        r"^[^\x00-\x7f]$",
    ],
)
@pytest.mark.parametrize("wanted", [0, 12])
def test_texts_match_their_patterns(pattern: str, wanted: int) -> None:
    """Judged by the engine that judges answers; ECMA-262, not Python's own dialect."""
    validator = jsonschema_rs.Draft4Validator({"pattern": pattern})
    make = sampler(pattern)

    assert [
        text for text in (make(Random(n), wanted) for n in range(20)) if not validator.is_valid(text)
    ] == []


@given(st.text(st.sampled_from(r"()[]{}?*+|^$\.-abd0129,<>=!:pPuxk"), max_size=14), st.integers(0, 5))
def test_patterns_are_read_or_refused(pattern: str, seed: int) -> None:
    """Nothing else may come of one: no endless text, no other error."""
    try:
        text = sampler(pattern)(Random(seed), 3)
    except PatternError:
        return

    assert len(text) < 100_000


@pytest.mark.parametrize(
    "pattern", ["(" * 60, "[a", "a{9999}", "(a{4000}){4000}", r"\p{Nonsense}", "(?P<x>a)", "a" * 2001]
)
def test_patterns_that_ask_too_much_are_refused(pattern: str) -> None:
    """A document must not be able to use up memory or time."""
    with pytest.raises(PatternError):
        sampler(pattern)(Random(0), 0)
