"""Where the values of one schema leave those of another, keyword by keyword, on both sides of each bound."""

from itertools import product
from typing import Any

import pytest

from scripts.drift.document.types import ALL_TYPES
from scripts.drift.judge.schemas import keyword_gaps
from scripts.drift.judge.schemas.gap import Gap
from scripts.drift.judge.schemas.shape import Shape, stated

Schema = dict[str, Any]


def shape(schema: Schema) -> Shape:
    return stated(schema, "request", frozenset())


def gaps(old: Schema, new: Schema) -> list[Gap]:
    """Return the gaps of two schemas."""
    return list(keyword_gaps.gaps(shape(old), shape(new)))


def words(old: Schema, new: Schema) -> list[tuple[str, str, str]]:
    """Return rule, answer and words of each gap."""
    return [(gap.rule, gap.answer, gap.what) for gap in gaps(old, new)]


TEXT, WHOLE, NUMBER, LIST, OBJECT = (
    {"type": each} for each in ("string", "integer", "number", "array", "object")
)


@pytest.mark.parametrize(
    ("old", "new", "lost", "what"),
    [
        ("string", "integer", ["string"], "string where integer is expected"),
        ("integer", "number", [], ""),
        ("number", "integer", ["number"], "number where integer is expected"),
        ("number", "string", ["number"], "number where string is expected"),
        (["number", "null"], "null", ["number"], "number where null is expected"),
        (["string", "null"], "string", ["null"], "null where string is expected"),
        (["null", "boolean"], "string", ["boolean", "null"], "boolean or null where string is expected"),
        (sorted(ALL_TYPES), sorted(ALL_TYPES), [], ""),
        (
            sorted(ALL_TYPES),
            "string",
            ["array", "boolean", "null", "number", "object"],
            "array or boolean or null or number or object where string is expected",
        ),
    ],
)
def test_a_type_that_is_no_longer_taken_is_named(old: Any, new: Any, lost: list[str], what: str) -> None:
    """A whole number is a number, and the word for both is number."""
    found = gaps({"type": old}, {"type": new})

    assert [gap.extra["types"] for gap in found] == ([lost] if lost else [])
    assert [(gap.rule, gap.answer, gap.what) for gap in found] == ([("type", "no", what)] if what else [])


def test_types_are_named_as_people_name_them() -> None:
    """All of them are any value."""
    assert keyword_gaps.kinds_of(ALL_TYPES) == "any value"
    assert keyword_gaps.kinds_of(ALL_TYPES - {"null"}) == "array or boolean or number or object or string"
    assert keyword_gaps.kinds_of(frozenset()) == "nothing"
    assert keyword_gaps.kinds_of(frozenset({"integer"})) == "integer"


ONLY = "only {} are allowed"


@pytest.mark.parametrize(
    ("old", "enum", "what"),
    [
        ("string", ["a"], ONLY.format('"a"')),
        ("string", [1, 2, 3, 4, 5], ONLY.format("1, 2, 3, 4, 5")),
        ("string", [1, 2, 3, 4, 5, 6], ONLY.format("1, 2, 3, 4, 5 ...")),
        ("boolean", [True], ONLY.format("true")),
        ("boolean", [False], ONLY.format("false")),
        ("boolean", [True, False], None),
        ("boolean", [1, 0], ONLY.format("1, 0")),
        ("null", [None], None),
        ("null", [False], ONLY.format("false")),
        (["null", "boolean"], [None, True, False], None),
        (["null", "boolean"], [True, False], ONLY.format("true, false")),
        (["null", "string"], [None], ONLY.format("null")),
    ],
)
def test_a_list_of_values_takes_a_type_only_if_it_has_all_of_its_values(
    old: Any, enum: list[Any], what: str | None
) -> None:
    """Only null and booleans can be written out; five values are shown."""
    theirs = Shape(enum=enum)

    found = [(gap.rule, gap.answer, gap.what) for gap in keyword_gaps.gaps(shape({"type": old}), theirs)]
    assert found == ([] if what is None else [("enum", "no", what)])
    # The other bounds of a list of values are said already.
    bounded = Shape(enum=enum, lengths=(3, 4), low=(9, False), patterns=("^x",))
    assert len(list(keyword_gaps.gaps(shape({"type": old}), bounded))) == len(found)


BOUNDS = [None, *product((0, 0.5, 1, 1.5), (False, True))]
VALUES = [value / 4 for value in range(-12, 13)]


def is_above(value: float, bound: Any) -> bool:
    return bound is None or value > bound[0] or (value == bound[0] and not bound[1])


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize("mine", BOUNDS, ids=str)
@pytest.mark.parametrize("theirs", BOUNDS, ids=str)
def test_a_bound_is_a_gap_exactly_where_a_number_falls_out(kind: str, mine: Any, theirs: Any) -> None:
    """Excluded or not, of whole numbers or of all, below as above."""
    values = [value for value in VALUES if kind == "number" or value.is_integer()]
    # Between two bounds of numbers there are more than quarters: one that is excluded has values next to it.
    values += [each[0] + 0.1 for each in (mine, theirs) if each is not None and kind == "number"]
    falls = any(is_above(value, mine) and not is_above(value, theirs) for value in values)
    types = frozenset({"integer", kind})

    lower = list(keyword_gaps.gaps(Shape(types=types, low=mine), Shape(types=types, low=theirs)))
    turned = [None if each is None else (-each[0], each[1]) for each in (mine, theirs)]
    upper = list(keyword_gaps.gaps(Shape(types=types, high=turned[0]), Shape(types=types, high=turned[1])))
    assert [gap.rule for gap in lower] == (["minimum"] if falls else [])
    assert [gap.rule for gap in upper] == (["maximum"] if falls else [])


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {"minimum": 3}, ("minimum", "a minimum of 3 where it was open", (3, 2, 2.5, 1, -7, -997))),
        (
            {"minimum": 1},
            {"exclusiveMinimum": 2.5},
            ("minimum", "a minimum of 2.5 (excluded) where it was 1", (2.5, 1.5, 2, 0.5, -7.5, -997.5)),
        ),
        ({}, {"maximum": 3}, ("maximum", "a maximum of 3 where it was open", (3, 4, 3.5, 5, 13, 1003))),
        (
            {"exclusiveMaximum": 10**15},
            {"maximum": 3},
            ("maximum", "a maximum of 3 where it was 1e+15 (excluded)", (3, 4, 3.5, 5, 13, 1003)),
        ),
        ({}, {"multipleOf": 4}, ("multiple-of", "only multiples of 4 are allowed", (1, 2, 6, 0.4))),
    ],
)
def test_a_gap_of_numbers_has_samples_beside_the_bound(
    old: Schema, new: Schema, found: tuple[str, str, tuple[float, ...]]
) -> None:
    """The likeliest first: at the bound, and at growing distances on the side that fell out."""
    [gap] = gaps(NUMBER | old, NUMBER | new)

    assert (gap.rule, gap.what, gap.sample) == found
    assert gap.answer == "no"


@pytest.mark.parametrize(
    ("kind", "old", "new", "is_gap"),
    [
        *(("integer", None, 1, False), ("integer", None, 0.5, False), ("integer", None, 0.1, False)),
        *(("integer", None, 2, True), ("integer", None, 1.5, True), ("number", None, 1, True)),
        *(
            ("integer", 4, 2, False),
            ("integer", 2, 4, True),
            ("integer", 6, 4, True),
            ("number", 4, 4, False),
        ),
        *(("number", 0.3, 0.1, False), ("number", 0.1, 0.3, True), ("number", 1, 1.0000001, True)),
    ],
)
def test_a_step_is_a_gap_unless_it_divides_the_step_before(
    kind: str, old: Any, new: float, is_gap: bool
) -> None:
    """Whole numbers are multiples of one, and of its parts; 0.3 divides by 0.1 whatever a float says."""
    before = {} if old is None else {"multipleOf": old}

    found = gaps({"type": kind} | before, {"type": kind, "multipleOf": new})
    assert [gap.rule for gap in found] == (["multiple-of"] if is_gap else [])


def lengths(low: int | None, high: int | None) -> Schema:
    return TEXT | ({} if low is None else {"minLength": low}) | ({} if high is None else {"maxLength": high})


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ((None, None), (1, None), [("min-length", "only at least 1 characters are allowed", "")]),
        ((2, 5), (2, 5), []),
        ((3, 4), (2, 5), []),
        ((2, 5), (3, 5), [("min-length", "only at least 3 characters are allowed", "aa")]),
        ((2, 5), (2, 4), [("max-length", "only at most 4 characters are allowed", "aaaaa")]),
        ((2, None), (2, 4), [("max-length", "only at most 4 characters are allowed", "aaaaa")]),
        ((7, 9), (2, 4), [("max-length", "only at most 4 characters are allowed", "aaaaaaa")]),
        ((None, None), (None, 0), [("max-length", "only at most 0 characters are allowed", "a")]),
        (
            (2, 5),
            (3, 4),
            [
                ("min-length", "only at least 3 characters are allowed", "aa"),
                ("max-length", "only at most 4 characters are allowed", "aaaaa"),
            ],
        ),
        (
            (None, None),
            (None, 19_999),
            [("max-length", "only at most 19999 characters are allowed", "a" * 20_000)],
        ),
        ((None, None), (None, 20_000), [("max-length", "only at most 20000 characters are allowed", None)]),
        (
            (20_000, None),
            (20_001, None),
            [("min-length", "only at least 20001 characters are allowed", "a" * 20_000)],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_length_is_a_gap_with_the_nearest_text(
    old: Any, new: Any, found: list[tuple[str, str, str | None]]
) -> None:
    """The text that falls out by one character; one of more than 20,000 is not shown."""
    expected = [(rule, what, () if text is None else (text,)) for rule, what, text in found]

    seen = gaps(lengths(*old), lengths(*new))
    assert [(gap.rule, gap.what, gap.sample) for gap in seen] == expected
    assert {gap.answer for gap in seen} <= {"no"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"pattern": "^a+$"}, {"pattern": "^a+$"}, []),
        ({"pattern": "^a{2}$"}, {"pattern": "^a+$"}, []),
        ({"pattern": "^a{2}$"}, {"minLength": 2}, []),
        ({"pattern": "^a{2}$"}, {"minLength": 3}, [("min-length", "no", "aa")]),
        ({"pattern": "^a{2}$"}, {"maxLength": 1}, [("max-length", "no", "aa")]),
        ({"pattern": "^b$"}, {"pattern": "^a$"}, [("pattern", "no", "b")]),
        ({"pattern": "(?=a)"}, {"pattern": "^a$"}, [("pattern", "unknown", None)]),
        ({"maxLength": 0}, {"pattern": "^a$"}, [("pattern", "no", "")]),
    ],
)
def test_a_pattern_is_compared_with_patterns_and_lengths(
    old: Schema, new: Schema, found: list[tuple[str, str, str | None]]
) -> None:
    """With a text that shows it, where the patterns are understood."""
    seen = gaps(TEXT | old, TEXT | new)

    assert [(gap.rule, gap.answer, next(iter(gap.sample), None)) for gap in seen] == found
    if seen and seen[0].rule == "pattern":
        assert seen[0].what == f"only texts of {new['pattern']} are allowed"


@pytest.mark.parametrize(
    ("old", "new", "answer", "sample"),
    [
        (None, "uuid", "no", ("6f1c2a3e",)),
        (None, "byte", "no", ("*",)),
        (None, "parcel-number", "unknown", ("*",)),
        ("date", "parcel-number", "no", ("2025-08-27", "*")),
        ("parcel-number", "uuid", "no", ("6f1c2a3e",)),
        ("date", "date-time", "no", ("2025-08-27", "2025-08-27", "27.08.2025 08:03")),
        ("uri", "uri-reference", None, ()),
        ("uuid", "uuid", None, ()),
        ("uuid", None, None, ()),
    ],
)
def test_a_format_is_a_gap_unless_it_is_wider(
    old: str | None, new: str | None, answer: str | None, sample: tuple[str, ...]
) -> None:
    """What an unknown format allows is unknown, unless another one stood there."""
    before, after = ({} if each is None else {"format": each} for each in (old, new))

    seen = gaps(TEXT | before, TEXT | after)
    assert [(gap.answer, gap.sample) for gap in seen] == ([] if answer is None else [(answer, sample)])
    assert all(gap.what == f"only the format {new} is allowed" and gap.rule == "format" for gap in seen)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"minItems": 1}, {"minItems": 1}, []),
        ({"minItems": 1}, {"minItems": 2}, [("min-items", "at least 2 entries are needed", {"length": 1})]),
        ({}, {"minItems": 1}, [("min-items", "at least 1 entries are needed", {"length": 0})]),
        ({"maxItems": 3}, {"maxItems": 3}, []),
        ({"maxItems": 4}, {"maxItems": 3}, [("max-items", "at most 3 entries are allowed", {"length": 4})]),
        ({}, {"maxItems": 3}, [("max-items", "at most 3 entries are allowed", {"length": 4})]),
        ({"minItems": 9}, {"maxItems": 3}, [("max-items", "at most 3 entries are allowed", {"length": 9})]),
        ({"maxItems": 2}, {"maxItems": 3}, []),
        ({}, {"uniqueItems": True}, [("unique-items", "entries must differ", {"twice": True})]),
        ({"maxItems": 2}, {"uniqueItems": True}, [("unique-items", "entries must differ", {"twice": True})]),
        ({"maxItems": 1}, {"uniqueItems": True}, []),
        ({"uniqueItems": True}, {"uniqueItems": True}, []),
        ({"uniqueItems": True}, {}, []),
    ],
)
def test_a_count_of_entries_is_a_gap_by_one(
    old: Schema, new: Schema, found: list[tuple[str, str, Any]]
) -> None:
    """With the length of a list that falls out; a list of one entry has no two equal ones."""
    seen = gaps(LIST | old, LIST | new)

    assert [(gap.rule, gap.what, gap.extra) for gap in seen] == found
    assert {gap.answer for gap in seen} <= {"no"}


def at_most(most: int, *, closing: bool = False) -> list[tuple[str, str, Any]]:
    extra = {"size": most + 1, "closing": closing}
    return [("max-properties", f"at most {most} properties are allowed", extra)]


AB = {"properties": {"a": TEXT, "b": TEXT}}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (AB, {"minProperties": 1}, [("min-properties", "at least 1 properties are needed", {})]),
        (AB | {"required": ["a"]}, {"minProperties": 1}, []),
        (
            AB | {"required": ["a"]},
            {"minProperties": 2},
            [("min-properties", "at least 2 properties are needed", {})],
        ),
        (AB | {"minProperties": 2}, {"minProperties": 2}, []),
        # Where it is open only since it says nothing, what others it may have is another question.
        (AB, {"maxProperties": 2}, at_most(2, closing=True)),
        (AB, {"maxProperties": 1}, at_most(1)),
        (AB | {"patternProperties": {"^x": TEXT}}, {"maxProperties": 2}, at_most(2)),
        (AB | {"additionalProperties": False}, {"maxProperties": 2}, []),
        (AB | {"additionalProperties": False}, {"maxProperties": 1}, at_most(1)),
        (AB | {"additionalProperties": True}, {"maxProperties": 2}, at_most(2)),
        (
            AB | {"additionalProperties": False, "patternProperties": {"^x": TEXT}},
            {"maxProperties": 2},
            at_most(2),
        ),
        (AB | {"maxProperties": 2, "additionalProperties": True}, {"maxProperties": 2}, []),
        (AB | {"maxProperties": 1, "additionalProperties": False}, {"maxProperties": 1}, []),
    ],
)
def test_a_number_of_properties_is_a_gap_by_one(
    old: Schema, new: Schema, found: list[tuple[str, str, Any]]
) -> None:
    """Required ones are there in any case, and a closed object has no more than its own."""
    seen = gaps(OBJECT | old, OBJECT | new)

    assert [(gap.rule, gap.what, gap.extra) for gap in seen] == found


def test_each_property_that_is_newly_required_is_a_gap() -> None:
    """In the order of the alphabet."""
    seen = gaps(OBJECT | {"required": ["b"]}, OBJECT | {"required": ["c", "b", "a"]})

    assert [(gap.rule, gap.answer, gap.what, gap.name) for gap in seen] == [
        ("required", "no", "is required", "a"),
        ("required", "no", "is required", "c"),
    ]


@pytest.mark.parametrize(
    ("name", "schemas", "is_named"),
    [
        ("a", [1], True),
        ("ax", [1, 2], True),
        ("bx", [2], True),
        ("z", [3], False),
        ("secret", [], False),
    ],
)
def test_a_property_has_the_schemas_of_its_name_and_of_patterns(
    name: str, schemas: list[int], is_named: bool
) -> None:
    """What is said of all others holds only where neither does, and not for a hidden one."""
    one = Shape(
        properties={"a": 1, "ax": 1}, by_pattern={"x$": 2}, additional=3, hidden=frozenset({"secret"})
    )

    assert keyword_gaps.of_property(one, name) == schemas
    assert keyword_gaps.is_named(one, name) is is_named
    assert keyword_gaps.of_property(Shape(), name) == []


def test_only_the_keywords_of_a_common_type_are_compared() -> None:
    """A text has no minimum, and a number no length."""
    old = {"type": ["string", "integer", "array", "object"]}
    bounds = {"minimum": 1, "minLength": 1, "minItems": 1, "minProperties": 1}

    for kind, rule in (
        ("string", "min-length"),
        ("integer", "minimum"),
        ("number", "minimum"),
        ("array", "min-items"),
        ("object", "min-properties"),
    ):
        assert [each.rule for each in gaps({"type": kind}, {"type": kind} | bounds)] == [rule]
        rules = [each.rule for each in gaps(old, {"type": kind} | bounds)]
        assert rules == ["type", rule]


def test_a_text_of_a_shape_keeps_to_pattern_and_length() -> None:
    """As long as is wanted, where that is possible."""
    assert keyword_gaps.text_of(Shape(patterns=("^b+$",), lengths=(2, 5))) == "bb"
    assert keyword_gaps.text_of(Shape(lengths=(0, 9)), 3) is not None
    assert len(keyword_gaps.text_of(Shape(lengths=(0, 9)), 3) or "") == 3
