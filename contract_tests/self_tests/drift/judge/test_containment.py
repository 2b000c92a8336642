"""Whether a reader takes everything that a writer may send: small schemas, with each gap in words."""

from typing import Any

import pytest

from scripts.drift.document.spec import Spec
from scripts.drift.judge.schemas import containment as module
from scripts.drift.judge.schemas.comparisons import containment
from scripts.drift.judge.schemas.containment import Containment
from scripts.drift.judge.witness.validator import Engine

TEXT, WHOLE, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}
Schemas = dict[str, Any]
Found = tuple[str, str, str, str, tuple[Any, ...]]


def pair(old: Schemas | None = None, new: Schemas | None = None) -> Containment:
    """Return a comparison of two documents with these named schemas."""
    mine, theirs = (Spec({"openapi": "3.1.0", "components": {"schemas": each or {}}}) for each in (old, new))
    return containment(mine, theirs, "response", Engine(), {}, lambda one, other: one is other)


def gaps(
    old: Any, new: Any, old_parts: Schemas | None = None, new_parts: Schemas | None = None
) -> list[Found]:
    """Return rule, answer, path, words and samples of each gap."""
    found = pair(old_parts, new_parts).survey([(old, new)]).found
    return [(gap.rule, gap.answer, gap.path, gap.what, gap.sample) for gap, _, _ in found]


def obj(**properties: Any) -> dict[str, Any]:
    """Return a closed object that requires all of its properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (TEXT, True, []),
        (TEXT, {}, []),
        (False, TEXT, []),
        (TEXT, False, [("never", "no", "", "no value is allowed any more", ())]),
        ({"$ref": "a.json"}, {"$ref": "a.json"}, []),
        ({"$ref": "a.json"}, {}, []),
        (
            {"$ref": "b.json"},
            {"$ref": "a.json"},
            [("reference", "unknown", "", "a.json and b.json cannot be looked up", ())],
        ),
        (TEXT, {"$ref": "a.json"}, [("reference", "unknown", "", "a.json cannot be looked up", ())]),
        ({"$ref": "a.json"}, TEXT, [("reference", "unknown", "", "a.json cannot be looked up", ())]),
        (TEXT, {"not": {"const": "a"}}, [("not", "no", "", "not cannot be compared", ("a",))]),
    ],
)
def test_everything_nothing_and_what_cannot_be_read_come_first(
    old: Any, new: Any, found: list[Found]
) -> None:
    """In this order."""
    assert gaps(old, new) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (["a"], {"enum": ["a", "b"]}, []),
        (["a", "b"], {"enum": ["a"]}, ("enum", '"b" is not among the values', ("b",))),
        (["a", "b", "c"], {"enum": ["a"]}, ("enum", '"b", "c" are not among the values', ("b", "c"))),
        (
            list("abcde"),
            {"enum": ["z"]},
            ("enum", '"a", "b", "c", "d", "e" are not among the values', tuple("abcde")),
        ),
        (
            list("abcdef"),
            {"enum": ["z"]},
            ("enum", '"a", "b", "c", "d", "e" and more are not among the values', tuple("abcdef")),
        ),
        (["a", "bbb"], {"type": "string", "minLength": 3}, ("enum", '"a" is not among the values', ("a",))),
        (["a"], {"type": "string", "minLength": 3}, ("enum", "none fits", ("a",))),
        (["a"], WHOLE, ("type", "string where integer is expected", ("a",))),
        (["a", 1], WHOLE, ("enum", '"a" is not among the values', ("a",))),
        (["a", 1.5], WHOLE, ("type", "number or string where integer is expected", ("a", 1.5))),
    ],
)
def test_a_list_of_values_is_tried_value_by_value(old: list[Any], new: Any, found: Any) -> None:
    """The values that are refused are named, five of them; if none fits, its type says why."""
    expected = [(found[0], "no", "", *found[1:])] if found else []

    assert gaps({"enum": old}, new) == expected


def test_each_side_looks_its_names_up_in_its_own_document() -> None:
    """The same name may stand for other values there."""
    one, two = {"P": {"enum": ["a"]}}, {"P": {"enum": ["a", "b"]}}

    assert gaps({"enum": ["a", "b"]}, ref("P"), one, two) == []
    assert gaps({"enum": ["a", "b"]}, ref("P"), two, one) == [
        ("enum", "no", "", '"b" is not among the values', ("b",))
    ]
    condition = {"type": "string", "not": ref("Q")}
    narrow, wide = {"Q": {"const": "a"}}, {"Q": {"enum": ["a", "b"]}}
    assert gaps(condition, condition | {"title": "x"}, narrow, narrow) == []
    assert [each[:2] for each in gaps(condition, condition | {"title": "x"}, narrow, wide)] == [
        ("not", "unknown")
    ]


UNION = {"oneOf": [ref("A"), ref("B")]}


def between(old: Any, new: Any, other: Any) -> list[tuple[str, str, str, str]]:
    """Return the gaps of two unions whose first alternative changes."""
    return [each[:4] for each in gaps(UNION, UNION, {"A": old, "B": other}, {"A": new, "B": other})]


def test_an_alternative_is_compared_with_the_one_of_its_name() -> None:
    """The gap is told where it is, however deep, and not of the union."""
    other = obj(q=TEXT)

    assert between(obj(x=obj(y=TEXT)), obj(x=obj(y=WHOLE)), other) == [
        ("type", "no", "/x/y", "string where integer is expected")
    ]
    assert between(obj(x=TEXT, z=WHOLE), obj(x=WHOLE, z=TEXT), other) == [
        ("type", "no", "/x", "string where integer is expected"),
        ("type", "no", "/z", "integer where string is expected"),
    ]
    assert between(obj(x=TEXT), obj(x=TEXT), other) == []


def test_the_last_alternative_is_compared_whatever_its_name() -> None:
    """There is no other one that could take the values."""
    found = gaps(UNION, {"oneOf": [ref("A")]}, {"A": obj(x=TEXT), "B": obj(q=TEXT)}, {"A": obj(x=TEXT)})

    assert [each[:4] for each in found] == [
        ("required", "no", "/x", "is required"),
        ("property", "no", "/q", "is not allowed"),
    ]


def opened(**properties: Any) -> dict[str, Any]:
    """Return an object that requires all of its properties and may have others."""
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def test_what_an_alternative_does_not_describe_any_more_is_told_beside_what_it_refuses() -> None:
    """One gap that is let through does not turn the other into a union that takes nothing."""
    assert between(opened(x=TEXT, y=TEXT), opened(x=WHOLE), obj(q=TEXT)) == [
        ("property", "soft", "/y", "is not described any more"),
        ("type", "no", "/x", "string where integer is expected"),
    ]


def test_an_open_alternative_that_knows_none_of_the_properties_is_no_alternative() -> None:
    """It would let the object through and understand nothing of it."""
    other = {"type": "object", "properties": {"x": WHOLE}}

    assert gaps(opened(b=TEXT), {"anyOf": [other, {"type": "object", "properties": {"y": WHOLE}}]}) == [
        ("alternative", "no", "", "object fits none of the alternatives", ({"b": "a"},))
    ]


A, B, C = ({"type": "string", "pattern": f"(?={each})"} for each in "abc")


def test_an_alternative_is_unknown_only_if_all_of_the_nearest_is() -> None:
    """A lookahead is not understood; a gap that is sure is told with a value."""
    assert ("pattern", "unknown", "/x", "only texts of (?=b) are allowed") in between(
        obj(x=A), obj(x=B), obj(q=TEXT)
    )
    found = gaps(A, {"oneOf": [B, C, WHOLE]})
    assert found[0] == ("alternative", "unknown", "", "string fits none of the alternatives", ())
    sure = gaps(obj(a=TEXT), {"oneOf": [obj(a=WHOLE), obj(b=TEXT)]})
    assert sure == [("alternative", "no", "", "object fits none of the alternatives", ({"a": "a"},))]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"oneOf": [TEXT, WHOLE]}, {"oneOf": [TEXT, WHOLE, NULL]}, []),
        ({"oneOf": [TEXT, WHOLE]}, {"oneOf": [TEXT, NULL]}, ["integer where null or string is expected"]),
        ({"type": ["integer", "string"]}, {"oneOf": [WHOLE, TEXT]}, []),
        (
            {"type": ["integer", "string"]},
            {"oneOf": [WHOLE, NULL]},
            ["string where integer or null is expected"],
        ),
        (
            {"type": ["null", "string"]},
            {"oneOf": [WHOLE, {"type": "array"}]},
            [
                "null where array or integer is expected",
                "string where array or integer is expected",
            ],
        ),
        (
            WHOLE,
            {"oneOf": [{"type": "number", "minimum": 5}, {"type": "number", "maximum": 1}]},
            ["integer fits none of the alternatives"],
        ),
        (
            WHOLE | {"minimum": 0, "maximum": 9},
            {"anyOf": [WHOLE | {"minimum": 5}, WHOLE | {"maximum": 4}]},
            [],
        ),
    ],
)
def test_each_type_of_a_writer_needs_an_alternative(old: Any, new: Any, found: list[str]) -> None:
    """What two of them take together is proven by the library."""
    seen = gaps(old, new)

    assert [each[3] for each in seen] == found
    assert [each[0] for each in seen] == ["type" if " where " in text else "alternative" for text in found]


def lists(depth: int, leaf: Any) -> Any:
    return leaf if depth == 0 else {"type": "array", "items": lists(depth - 1, leaf), "minItems": 2}


def unions(depth: int, leaf: Any) -> Any:
    """Return unions within unions: each has two lists of unions."""
    if depth == 0:
        return leaf
    return {
        "anyOf": [
            {"type": "array", "items": unions(depth - 1, leaf), name: 1} for name in ("minItems", "x-a")
        ]
    }


@pytest.mark.parametrize("depth", [1, 2, 6, 8])
def test_unions_within_unions_are_compared_to_a_bounded_depth(depth: int) -> None:
    """Below it the library decides, so the answer is the same, and the work does not grow any more."""
    compared = pair()

    assert compared.survey([(lists(depth, TEXT), unions(depth, TEXT))]).found == []
    assert compared._work < 200
    broken = gaps(lists(depth, TEXT), unions(depth, WHOLE))
    assert [each[:4] for each in broken] == [("alternative", "no", "", "array fits none of the alternatives")]
    hopeless = pair()
    hopeless.survey([(lists(depth, TEXT), unions(depth, WHOLE))])
    assert hopeless._work < 400


def test_a_comparison_that_is_too_large_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """At exactly as many pairs as are allowed it does not."""
    old, new = obj(a=TEXT, b=TEXT), obj(a=TEXT, b=WHOLE)
    monkeypatch.setattr(module, "MAX_SURVEYED", 2)
    assert [each[0] for each in gaps(old, new)] == ["type"]
    monkeypatch.setattr(module, "MAX_SURVEYED", 1)
    (ended,) = gaps(old, new)
    assert (ended[0], ended[1]) == ("schema", "unknown")
    assert ended[3].startswith("there is too much to compare")


def test_circles_end_by_themselves() -> None:
    """A tree of trees, and one whose leaves change."""
    tree = {"T": obj(kids={"type": "array", "items": ref("T")}, leaf=TEXT)}
    other = {"T": obj(kids={"type": "array", "items": ref("T")}, leaf=WHOLE)}

    assert gaps(ref("T"), ref("T"), tree, tree | {"U": TEXT}) == []
    assert [each[:4] for each in gaps(ref("T"), ref("T"), tree, other)] == [
        ("type", "no", "/leaf", "string where integer is expected")
    ]
    grown = {"T": {"oneOf": [WHOLE, {"type": "array", "items": ref("T")}]}}
    more = {"T": {"oneOf": [WHOLE, {"type": "array", "items": ref("T")}, NULL]}}
    assert gaps(ref("T"), ref("T"), grown, more) == []
    assert [each[3] for each in gaps(ref("T"), ref("T"), more, grown)] == [
        "null where array or integer is expected"
    ]


def test_what_several_roots_share_is_told_once() -> None:
    """With each root from which it is reached."""
    old, new = {"P": obj(a=TEXT)}, {"P": obj(a=WHOLE)}
    before, after = ({"type": "array", "items": ref("P")} for _ in range(2))

    survey = pair(old, new).survey([(ref("P"), ref("P")), (before, after)])
    [(gap, root, key)] = survey.found
    assert (gap.path, gap.anchor, root) == ("/a", ("P", 0), 0)
    assert survey.reached_from(key) == [0, 1]
