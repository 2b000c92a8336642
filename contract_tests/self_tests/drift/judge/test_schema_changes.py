"""What is found where two schemas differ: place, direction, level, words, and the value that shows it."""

from typing import Any

import pytest

from contract_tests.self_tests.drift.samples.schema_pairs import answered, asked
from contract_tests.self_tests.drift.test_judge import findings
from scripts.drift.findings import Finding
from scripts.drift.judge import schema_changes
from scripts.drift.judge.schema_changes import SchemaJudge
from scripts.drift.judge.schemas import overlaps
from scripts.drift.judge.schemas.containment import Containment
from scripts.drift.judge.witness.samples import Samples

TEXT, WHOLE, NULL = ({"type": each} for each in ("string", "integer", "null"))
Row = tuple[str, str, str, str, str, str, Any]
NOTHING: Any = object()
HOLDERS = {
    "request": ("POST /parcels request application/json", ("requestBody",), asked, "base"),
    "response": ("POST /parcels answer 200 application/json", ("responses", "200"), answered, "revision"),
}


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def judged(role: str, old: Any, new: Any, down: tuple[str, ...] = ()) -> list[Row]:
    """Return rule, path, effect, level, answer, text and shown value of each finding; the rest must fit."""
    position, way, make, sender = HOLDERS[role]
    rows: list[Row] = []
    for one in findings(make(old), make(new)):
        if not one.rule.startswith(f"{role}-"):
            continue
        pointer = ("paths", "/parcels", "post", *way, "content", "application/json", "schema", *down)
        assert (one.base, one.revision, one.hurts, one.details) == (pointer, pointer, "callers", {})
        assert one.place == position or one.place.startswith(f"{position} /")
        if one.payload is not None:
            assert (one.payload.where, one.payload.sender, one.payload.reading) == (
                position,
                sender,
                "as written",
            )
        path = one.place.removeprefix(position).strip()
        shown = NOTHING if one.payload is None else one.payload.value
        rows.append(
            (one.rule.removeprefix(f"{role}-"), path, one.effect, one.level, one.answer, one.text, shown)
        )
    return rows


TYPE = "string where integer is expected"
BACK = "integer where string is expected"


@pytest.mark.parametrize(
    ("old", "new", "path", "down", "sent", "given"),
    [
        (TEXT, WHOLE, "", (), "a", 0),
        (obj(a=TEXT), obj(a=WHOLE), "/a", ("properties", "a"), {"a": "a"}, {"a": 0}),
        (
            {"type": "array", "items": obj(x=TEXT)},
            {"type": "array", "items": obj(x=WHOLE)},
            "/*/x",
            ("items", "properties", "x"),
            [{"x": "a"}],
            [{"x": 0}],
        ),
        (
            {"type": "object", "additionalProperties": TEXT},
            {"type": "object", "additionalProperties": WHOLE},
            "/*",
            ("additionalProperties",),
            {"other": "a"},
            {"other": 0},
        ),
        (
            {"type": "object", "patternProperties": {"^x": obj(y=TEXT)}, "additionalProperties": False},
            {"type": "object", "patternProperties": {"^x": obj(y=WHOLE)}, "additionalProperties": False},
            "/*/y",
            (),
            {"x": {"y": "a"}},
            {"x": {"y": 0}},
        ),
    ],
)
def test_another_type_breaks_whoever_writes_and_frees_the_other_way(
    old: Any, new: Any, path: str, down: tuple[str, ...], sent: Any, given: Any
) -> None:
    """The old client's request and the new server's answer break; each comes with a value."""
    assert judged("request", old, new, down) == [
        ("type", path, "narrowed", "breaking", "no", f"for the new server: {TYPE}", sent),
        ("type", path, "widened", "compatible", "yes", f"wider: before, {BACK}", NOTHING),
    ]
    assert judged("response", old, new, down) == [
        ("type", path, "widened", "breaking", "no", f"for an old client: {BACK}", given),
        ("type", path, "narrowed", "compatible", "yes", f"narrower: now, {TYPE}", NOTHING),
    ]


LONG = "only at most 3 characters are allowed"


@pytest.mark.parametrize("length", [3, 20_000 - 3, 20_000 - 2])
def test_a_bound_is_shown_by_the_nearest_value_unless_that_is_too_long(length: int) -> None:
    """Twenty thousand characters with the signs around them are the most."""
    what = f"only at most {length} characters are allowed"
    shown = "a" * (length + 1) if length <= 20_000 - 3 else NOTHING

    [found] = judged("request", TEXT, TEXT | {"maxLength": length})
    assert found[:6] == ("max-length", "", "narrowed", "breaking", "no", f"for the new server: {what}")
    assert found[6] == shown
    assert judged("response", TEXT, TEXT | {"maxLength": length}) == [
        ("max-length", "", "narrowed", "compatible", "yes", f"narrower: now, {what}", NOTHING)
    ]


def test_a_property_that_comes_or_goes_is_soft() -> None:
    """Whoever used it misses it; what comes is new to all."""
    small, large, down = obj(a=TEXT), obj(a=TEXT, b=TEXT), ("properties", "b")

    gone, new = ("property", "/b", "removed", "behaviour"), ("property", "/b", "added", "compatible", "yes")
    assert judged("request", large, small, down) == [(*gone, "no", "is ignored from now on", NOTHING)]
    assert judged("response", large, small, down) == [(*gone, "yes", "is not sent any more", NOTHING)]
    added = judged("request", small, large, down) + judged("response", small, large, down)
    assert [(*row[:4], row[5]) for row in added] == [(*new[:4], "is new and optional")] * 2


def test_what_is_required_stands_at_its_object() -> None:
    """The pointer leads to the object, the place to the property."""
    old, new = obj(a=TEXT), obj(a=TEXT) | {"required": ["a"]}

    needed = ("required", "/a", "narrowed")
    assert judged("request", old, new) == [(*needed, "breaking", "no", "for the new server: is required", {})]
    assert judged("response", old, new) == [
        (*needed, "compatible", "yes", "narrower: now, is required", NOTHING)
    ]


def test_what_cannot_be_looked_up_stays_unknown() -> None:
    """One way it may break, the other way it may only free; no value is tried."""
    what = "a.json and b.json cannot be looked up"

    assert judged("request", {"$ref": "a.json"}, {"$ref": "b.json"}) == [
        ("reference", "", "narrowed", "unknown", "unknown", f"for the new server: {what}", NOTHING),
        ("reference", "", "widened", "compatible", "unknown", f"wider: before, {what}", NOTHING),
    ]


def test_a_value_makes_the_unknown_certain() -> None:
    """A lookahead is not compared, but one message that may be sent is enough."""
    first, back = judged("request", TEXT | {"pattern": "(?=a)"}, TEXT | {"pattern": "(?=b)"})

    assert first[:5] == ("pattern", "", "narrowed", "breaking", "no")
    assert first[6] == "a"
    assert back[2:5] == ("widened", "compatible", "unknown")


def named(schema: Any, *places: str) -> dict[str, Any]:
    """Return a document in which several operations answer with one named schema."""
    answer = {
        "200": {
            "description": "",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/P"}}},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {place: {"get": {"responses": answer}} for place in places},
        "components": {"schemas": {"P": schema}},
    }


@pytest.mark.parametrize(("uses", "shown"), [(1, 1), (10, 10), (11, 10)])
def test_a_named_schema_is_told_once_with_ten_of_its_users(uses: int, shown: int) -> None:
    """However many operations have it."""
    places = [f"/p{number:02}" for number in range(uses)]

    found = [
        one
        for one in findings(named(obj(a=TEXT), *places), named(obj(a=WHOLE), *places))
        if one.level == "breaking"
    ]
    [one] = found
    assert (one.rule, one.place) == ("response-type", "schema P in responses /a")
    assert one.base == one.revision == ("components", "schemas", "P", "properties", "a")
    users = [f"GET {place} answer 200 application/json" for place in places]
    assert one.details == {"used_by": users[:shown], "uses": uses}


def with_example(schema: Any, value: Any) -> dict[str, Any]:
    return answered(schema | {"example": value})


def examples(old: Any, new: Any) -> list[Finding]:
    return [
        one
        for one in findings(old, new)
        if one.rule == "example" and one.effect in ("invalid", "unknown-field")
    ]


@pytest.mark.parametrize(
    ("schema", "good", "bad", "effect", "text"),
    [
        (WHOLE, 1, "a", "invalid", "does not fit its own schema"),
        (obj(a=TEXT), {"a": ""}, {"b": ""}, "unknown-field", "shows b, which its schema does not have"),
        (
            obj(a=TEXT),
            {"a": ""},
            dict.fromkeys("bcdefgh", ""),
            "unknown-field",
            "shows b, c, d, e, f, which its schema does not have",
        ),
        (obj(a=TEXT) | {"additionalProperties": TEXT}, {"a": ""}, {"b": ""}, None, ""),
        (obj(a=TEXT) | {"patternProperties": {"^b": TEXT}}, {"a": ""}, {"b": ""}, None, ""),
        ({"type": "object"}, {}, {"b": ""}, None, ""),
        (obj(a=TEXT) | {"anyOf": [obj(b=TEXT), NULL]}, {"a": ""}, {"b": ""}, None, ""),
    ],
)
def test_an_example_that_breaks_its_own_schema_is_told_if_it_is_new(
    schema: Any, good: Any, bad: Any, effect: str | None, text: str
) -> None:
    """What the old one showed wrongly, too, is nothing new."""
    found = examples(with_example(schema, good), with_example(schema, bad))

    assert [(one.effect, one.text) for one in found] == ([] if effect is None else [(effect, text)])
    assert {(one.level, one.hurts, one.answer) for one in found} <= {("docs", "mock users", "yes")}
    assert examples(with_example(schema, bad), with_example(schema | {"title": "x"}, bad)) == []
    assert examples(with_example(schema, bad), with_example(schema, good)) == []


ERRORS = pytest.mark.parametrize("error", [RecursionError, OverflowError, ValueError])


def failing(error: type[Exception]) -> Any:
    def fail(*arguments: Any, **more: Any) -> Any:
        raise error("too much")

    return fail


def test_each_schema_that_is_nested_too_deeply_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """In both directions, and the rest of the document is still judged."""
    monkeypatch.setattr(Containment, "survey", failing(RecursionError))

    found = {
        (one.rule, one.effect, one.level, one.answer, one.text) for one in findings(asked(TEXT), asked(WHOLE))
    }
    assert found == {("request-schema", "changed", "unknown", "unknown", "nested too deeply to be compared")}


@ERRORS
def test_a_proof_that_fails_hides_no_finding(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding then comes without a value."""
    monkeypatch.setattr(Samples, "candidates", failing(error))

    first, _ = judged("request", TEXT, WHOLE)
    assert (first[3], first[6]) == ("breaking", NOTHING)


@ERRORS
def test_an_example_that_cannot_be_checked_is_passed_over(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be right."""
    monkeypatch.setattr(SchemaJudge, "_check", lambda *_, **more: failing(error))

    assert examples(with_example(WHOLE, 1), with_example(WHOLE, "a")) == []


def test_more_examples_than_are_tried_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """So nobody takes the rest for right."""
    old, new = with_example(WHOLE, 1), with_example(WHOLE, 2)
    monkeypatch.setattr(schema_changes, "MAX_EXAMPLES", 1)
    assert [one for one in findings(old, new) if one.effect == "unchecked"] == []
    monkeypatch.setattr(schema_changes, "MAX_EXAMPLES", 0)
    [unchecked] = [one for one in findings(old, new) if one.effect == "unchecked"]

    assert unchecked.text == "1 more examples were not held against their schemas"
    assert (unchecked.rule, unchecked.place, unchecked.level, unchecked.hurts, unchecked.answer) == (
        *("example", "the API", "docs", "mock users"),
        "yes",
    )


def test_alternatives_that_were_not_all_compared_are_told_where_they_may_break(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other way they would only say that more is taken."""
    monkeypatch.setattr(overlaps, "MAX_ASKED", 0)
    old = {"oneOf": [TEXT | {"maxLength": 5}, TEXT | {"minLength": 6}]}
    new = {"oneOf": [TEXT | {"maxLength": 5}, TEXT | {"minLength": 5}]}

    for make, effect in ((asked, "narrowed"), (answered, "widened")):
        told = [one for one in findings(make(old), make(new)) if one.rule.endswith("one-of")]
        assert [(one.effect, one.level, one.details) for one in told] == [
            (effect, "unknown", {"incomplete": True})
        ]


def test_each_side_has_the_place_of_its_own_document() -> None:
    """A parameter of a path may have another name in each."""

    def document(name: str, schema: Any) -> dict[str, Any]:
        item = answered(schema)["paths"]["/parcels"]
        parameter = {"name": name, "in": "path", "required": True, "schema": TEXT}
        item["post"]["parameters"] = [parameter]
        return {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {f"/parcels/{{{name}}}": item},
        }

    found = [
        one for one in findings(document("a", TEXT), document("b", WHOLE)) if one.rule == "response-type"
    ]
    assert {(one.base[1], one.revision[1]) for one in found} == {("/parcels/{a}", "/parcels/{b}")}
