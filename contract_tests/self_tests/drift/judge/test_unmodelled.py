"""The keywords that no shape models: the same in the same words, otherwise for the library to decide."""

from typing import Any

import pytest

from scripts.drift.document.spec import Spec
from scripts.drift.document.types import ALL_TYPES
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape
from scripts.drift.judge.schemas.unmodelled import Remainder
from scripts.drift.judge.witness.to_2020_12 import Plain

TEXT: Any = {"type": "string"}
ARRAY = frozenset({"array"})


def gaps(
    old: dict[str, Any], new: dict[str, Any], types: frozenset[str] = ALL_TYPES
) -> list[tuple[Any, ...]]:
    """Return rule, answer, words and what helps to make a sample of each gap."""
    plain = [Plain(Reader(Spec({"openapi": "3.1.0"}), "request")) for _ in range(2)]
    shapes = (Shape(rest=tuple(rest.items()), types=types) for rest in (old, new))
    return [(gap.rule, gap.answer, gap.what, gap.extra) for gap in Remainder(*plain).gaps(*shapes)]


def unknown(rule: str, names: str) -> list[tuple[Any, ...]]:
    return [(rule, "unknown", f"{names} cannot be compared", {})]


@pytest.mark.parametrize(
    ("keyword", "rule"),
    [
        *(("if", "condition"), ("then", "condition"), ("else", "condition"), ("not", "not")),
        *(("contains", "contains"), ("minContains", "contains"), ("maxContains", "contains")),
        *(("dependentRequired", "dependent"), ("dependentSchemas", "dependent")),
        *(("propertyNames", "property-names"), ("unevaluatedItems", "unevaluated-items")),
    ],
)
def test_a_keyword_that_is_new_or_another_one_is_left_to_the_library(keyword: str, rule: str) -> None:
    """In the same words it is no gap, and without it neither."""
    one: Any = (
        {"a": ["b"]}
        if keyword == "dependentRequired"
        else {"a": TEXT}
        if "dependent" in keyword
        else dict(TEXT)
    )
    other: Any = (
        {"c": ["d"]}
        if keyword == "dependentRequired"
        else {"c": TEXT}
        if "dependent" in keyword
        else {"type": "null"}
    )
    if keyword in ("minContains", "maxContains"):
        one, other = 1, 2

    assert gaps({}, {keyword: one}) == unknown(rule, keyword)
    assert gaps({keyword: other}, {keyword: one}) == unknown(rule, keyword)
    assert gaps({keyword: one}, {keyword: one}) == gaps({keyword: one}, {}) == gaps({}, {}) == []


def test_several_keywords_are_named_together() -> None:
    """The first of them gives the rule."""
    assert gaps({"not": TEXT}, {"not": TEXT, "if": TEXT, "propertyNames": TEXT}) == unknown(
        "condition", "if, propertyNames"
    )


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ({"a": ["b", "c"]}, {"a": ["c", "b"]}, True),
        ({"a": ["b"]}, {"a": ["b", "c"]}, False),
        ({"a": ["b"]}, {"a": ["b"], "d": []}, False),
        ({"a": ["b"]}, ["a"], False),
        (["a"], {"a": ["b"]}, False),
    ],
)
def test_the_order_of_dependent_names_means_nothing(old: Any, new: Any, is_same: bool) -> None:
    """But each of them does."""
    found = gaps({"dependentRequired": old}, {"dependentRequired": new})

    assert found == ([] if is_same else unknown("dependent", "dependentRequired"))


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ({"a": TEXT, "b": {}}, {"b": {}, "a": {"description": "words", **TEXT}}, True),
        ({"a": TEXT, "b": {}}, {"a": {}, "b": {}}, False),
        ({"a": {}, "b": TEXT}, {"a": {}, "b": {}}, False),
        ({"a": TEXT}, {"a": TEXT, "b": {}}, False),
    ],
)
def test_dependent_schemas_are_compared_one_by_one(old: Any, new: Any, is_same: bool) -> None:
    """Without the words that describe them."""
    found = gaps({"dependentSchemas": old}, {"dependentSchemas": new})

    assert found == ([] if is_same else unknown("dependent", "dependentSchemas"))


ENCODING, MEDIA = {"contentEncoding": "base64"}, {"contentMediaType": "image/png"}


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ({}, ENCODING, "contentEncoding"),
        (ENCODING, ENCODING, None),
        (ENCODING, {"contentEncoding": "base32"}, "contentEncoding"),
        (ENCODING, {**ENCODING, **MEDIA}, "contentMediaType"),
        ({}, {**ENCODING, **MEDIA}, "contentEncoding, contentMediaType"),
    ],
)
def test_another_encoding_is_a_gap_of_texts(old: Any, new: Any, names: str | None) -> None:
    """A validator passes over it; whoever has to decode the text cannot."""
    found: list[Any] = [] if names is None else [("content", "no", f"only another {names} is read", {})]

    assert gaps(old, new) == found
    assert gaps(old, new, frozenset({"integer"})) == []
    assert gaps({}, {**ENCODING, "not": TEXT}) == unknown("content", "contentEncoding, not")


def least(number: int, times: int) -> tuple[Any, ...]:
    extra = {"contains": TEXT, "times": times}
    return ("contains", "no", f"at least {number} entries have to be of a kind", extra)


def most(number: int) -> tuple[Any, ...]:
    extra = {"contains": TEXT, "times": number + 1}
    return ("contains", "no", f"at most {number} entries may be of a kind", extra)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {}, []),
        ({}, {"minContains": 1}, []),
        ({}, {"minContains": 2}, [least(2, 1)]),
        ({"minContains": 0}, {}, [least(1, 0)]),
        ({"minContains": 2}, {"minContains": 2}, []),
        ({"minContains": 3}, {"minContains": 2}, []),
        ({}, {"maxContains": 2}, [most(2)]),
        ({"maxContains": 3}, {"maxContains": 2}, [most(2)]),
        ({"maxContains": 2}, {"maxContains": 2}, []),
        ({"maxContains": 1}, {"maxContains": 2}, []),
        ({}, {"maxContains": 0}, [most(0)]),
        ({"minContains": 1, "maxContains": 9}, {"minContains": 2, "maxContains": 8}, [least(2, 1), most(8)]),
        *(({}, {"minContains": odd, "maxContains": odd}, []) for odd in (True, "2", -1, 1.5)),
    ],
)
def test_entries_of_one_kind_are_counted(old: dict[str, Any], new: dict[str, Any], found: list[Any]) -> None:
    """At least one where nothing is said; only lists have entries."""
    before, after = ({"contains": TEXT, **each} for each in (old, new))

    assert gaps(before, after) == gaps(before, after, ARRAY) == found
    assert gaps(before, after, frozenset({"string"})) == []
    assert [each[1] for each in gaps(before, {**after, "not": TEXT})] == [
        *(each[1] for each in found),
        "unknown",
    ]
