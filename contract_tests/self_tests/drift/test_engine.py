"""Does the engine of schemas answer rightly, or say that it cannot?"""

from typing import Any

import pytest

from scripts.drift.judge.witness.validator import MAX_SIZE, Engine, Undecided

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
# A pattern of JavaScript that the engine does not know, in each place where a schema can have one.
STRANGE = r"^(?<=a)\p{Nonsense}$"


@pytest.mark.parametrize(
    ("schema", "fits", "not_fits"),
    [
        ({"type": "string", "pattern": STRANGE}, "any", 5),
        ({"type": "array", "items": {"pattern": STRANGE, "type": "string"}}, ["any"], [5]),
        ({"anyOf": [{"pattern": STRANGE, "type": "string"}, {"type": "null"}]}, None, 5),
        ({"patternProperties": {STRANGE: NUMBER}, "type": "object"}, {"a": "b"}, []),
        # A property may have this name, and so may a value.
        (
            {"properties": {"pattern": {"type": "integer"}, "x": {"pattern": STRANGE}}},
            {"pattern": 1, "x": "any"},
            {"pattern": "a"},
        ),
        ({"enum": [{"pattern": "a"}], "pattern": STRANGE}, {"pattern": "a"}, {}),
    ],
)
def test_a_schema_whose_patterns_are_not_known_is_tried_without_them(
    schema: dict[str, Any], fits: Any, not_fits: Any
) -> None:
    """Where a value has to fit in any case, it is not tried but undecided."""
    engine = Engine()

    assert engine.validator(schema)(fits)
    assert not engine.validator(schema)(not_fits)
    with pytest.raises(Undecided):
        engine.validator(schema, strict=True)(fits)


def test_a_schema_that_is_none_is_undecided() -> None:
    """A value that was not tried neither fits nor does it not."""
    with pytest.raises(Undecided):
        Engine().validator({"type": "nonsense"})("any")


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        (TEXT, {"type": "string", "maxLength": 3}, "yes"),
        ({"type": "string", "maxLength": 3}, TEXT, "no"),
        ({"$defs": {"a": TEXT}, "$ref": "#/$defs/a"}, TEXT, "yes"),
        ({"$defs": {"a": TEXT}, "anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}, NUMBER, "no"),
    ],
)
def test_one_schema_contains_another(outer: dict[str, Any], inner: dict[str, Any], answer: str) -> None:
    """Definitions are put in."""
    assert Engine().covers(outer, inner) == answer


def test_what_is_too_large_is_unknown() -> None:
    """So is a definition that leads to itself or nowhere; none of them is an error."""
    engine = Engine()
    large = {"enum": list(range(MAX_SIZE + 1))}
    circle = {"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"}
    double = {f"d{n}": {"items": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(14)}
    unfolding = {"$defs": {**double, "d14": TEXT}, "anyOf": [{"$ref": "#/$defs/d0"}]}

    assert engine.covers(large, TEXT) == "unknown"
    assert engine.common(large, TEXT) == ("unknown", None)
    for schema in (circle, unfolding, {"$defs": {"a": TEXT}, "items": {"$ref": "#/$defs/b"}}):
        assert engine.covers(schema, NUMBER) in ("yes", "no", "unknown")


def test_a_question_is_asked_once() -> None:
    """The second time its answer is known. One that took too long before is not asked again."""
    names: list[str | None] = []
    engine = Engine(beat=names.append)

    first = engine.covers(TEXT, NUMBER), engine.common(TEXT, NUMBER)
    asked = [name for name in names if name is not None]
    assert (engine.covers(TEXT, NUMBER), engine.common(TEXT, NUMBER)) == first
    assert [name for name in names if name is not None] == asked

    hurried = Engine(skip=frozenset(asked))
    assert first[0] == "no"
    assert first[1][0] == "no"
    assert (hurried.covers(TEXT, NUMBER), hurried.common(TEXT, NUMBER)) == ("unknown", ("unknown", None))


def test_a_value_that_took_too_long_before_is_undecided() -> None:
    """As with a question about two schemas."""
    names: list[str | None] = []

    assert Engine(beat=names.append).validator(TEXT)("a")
    skipped = Engine(skip=frozenset(name for name in names if name is not None)).validator(TEXT)

    with pytest.raises(Undecided):
        skipped("a")
