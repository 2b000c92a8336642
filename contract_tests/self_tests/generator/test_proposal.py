"""Does the overlay that `--fix` proposes make of a document what it is to become?"""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scripts import overlay
from scripts.child.propose import propose_here
from scripts.document.parse import parse_yaml
from scripts.evidence import proposal
from scripts.evidence.contradictions import contradictions

NAMES = st.sampled_from(["a", "b", "c d", "it's", "x/y", "200", "\\", "é"])
VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.0, 1.5, "", "a", "2024-01-01", "no", "~"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


@settings(max_examples=200)
@example(before={"a": [1]}, after={"a": [1, None]})
@example(before={"a": [[True]]}, after={"a": [[1]]})
@example(before={"a": [{"b": 1}]}, after={"a": [{"b": 2}]})
@given(before=DOCUMENTS, after=DOCUMENTS)
def test_the_actions_lead_from_one_document_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Whatever stands there: null in a list, one for true, names with quotation marks."""
    listed = proposal.actions(before, after)

    found: Any = before
    if listed:
        actions = overlay.read_actions(proposal.overlay("t", listed), "overlay.yaml", ours=False)
        found = overlay.apply(copy.deepcopy(before), actions)

    assert json.dumps(found, sort_keys=True) == json.dumps(after, sort_keys=True)


def proposed(schema: Any, folder: Path, version: str = "3.1.0") -> tuple[Any, list[str]]:
    """Return what `--fix` makes of a named schema, and the reasons that it gives."""
    document = {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": {"schemas": {"A": schema}},
    }
    (folder / "document.json").write_text(json.dumps(document))
    report = propose_here({"place": "spec.json"})
    text = (folder / "overlay.yaml").read_bytes()
    read: Any = parse_yaml(text, "overlay.yaml")
    actions = read["actions"]
    assert report == {"refusals": [], "actions": len(actions)}
    if not actions:
        return schema, []
    found: Any = overlay.apply(document, overlay.read_actions(text, "overlay.yaml", ours=False))
    return found["components"]["schemas"]["A"], [str(one.get("description")) for one in actions]


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": "string", "example": 5}, {"type": ["string", "integer"], "example": 5}),
        ({"type": ["string", "null"], "example": 5}, {"type": ["string", "null", "integer"], "example": 5}),
        ({"type": "string", "example": None}, {"type": ["string", "null"], "example": None}),
        ({"enum": ["a"], "example": "b"}, {"enum": ["a", "b"], "example": "b"}),
        ({"enum": ["a"], "examples": [None]}, {"enum": ["a", None], "examples": [None]}),
        ({"type": "string", "maxLength": 1, "example": "ab"}, {"type": "string", "example": "ab"}),
        (
            {"type": "object", "properties": {"a": {}}, "required": ["a"], "example": {}},
            {"type": "object", "properties": {"a": {}}, "example": {}},
        ),
        (
            {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["a", "b"], "example": {"b": 1}},
            {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["b"], "example": {"b": 1}},
        ),
        (
            {"type": "object", "properties": {}, "additionalProperties": False, "example": {"a": 1}},
            {"type": "object", "properties": {"a": {}}, "additionalProperties": False, "example": {"a": 1}},
        ),
        # Neither a default nor a list of values tells what a server sends.
        ({"type": "string", "default": 5}, {"type": "string", "default": "5"}),
        ({"type": "string", "example": "fits"}, {"type": "string", "example": "fits"}),
        # A bound as older versions wrote it: only that the value itself is left out contradicts the example.
        (
            {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "example": 1},
            {"type": "integer", "minimum": 1, "example": 1},
        ),
        (
            {"type": "object", "properties": {"a*": {}}, "required": ["a*"]},
            {"type": "object", "properties": {"a": {}}, "required": ["a"]},
        ),
    ],
    ids=str,
)
def test_a_schema_becomes_as_wide_as_its_examples(
    schema: Any, wanted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An example shows what a server sends; the schema around it may be too narrow."""
    monkeypatch.chdir(tmp_path)

    assert proposed(schema, tmp_path)[0] == wanted


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": "string", "example": None}, {"type": "string", "nullable": True, "example": None}),
        (
            {"type": "string", "format": "date", "example": 5},
            {"anyOf": [{"type": "string", "format": "date"}, {"type": "integer"}], "example": 5},
        ),
        (
            {"type": "string", "nullable": True, "example": None},
            {"type": "string", "nullable": True, "example": None},
        ),
    ],
    ids=str,
)
def test_openapi_3_0_has_words_of_its_own_for_it(
    schema: Any, wanted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There null is no type, and a schema has one type at most."""
    monkeypatch.chdir(tmp_path)

    assert proposed(schema, tmp_path, "3.0.3")[0] == wanted


def test_an_action_says_which_example_asks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads it decides whether the schema or the example is wrong."""
    monkeypatch.chdir(tmp_path)

    _, reasons = proposed({"type": "string", "maxLength": 1, "example": "ab"}, tmp_path)

    assert len(reasons) == 1
    assert reasons[0].startswith("#/components/schemas/A/example says ")


def test_what_is_no_object_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to correct in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "document.json").write_text("[]")

    assert propose_here({"place": "spec.json"}) == {"refusals": [("spec.json", "is not an object")]}


# A text that is JSON as well: `{"a": 1}` in quotation marks

TEXT = {"type": "string"}
SHORT = {"type": "string", "maxLength": 3}


def contradicted(schema: Any, media_type: str = "application/json") -> list[tuple[str, str]]:
    """Return what of an answer with a text of JSON as its example contradicts: the last step, the keyword."""
    media = {"schema": schema, "example": '{"a": 1}'}
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"responses": {"200": {"content": {media_type: media}}}}}},
        "components": {"schemas": {"Text": TEXT}},
    }
    return [(one.place.rpartition("/")[2], one.keyword) for one in contradictions(document)]


@pytest.mark.parametrize(
    "schema",
    [
        TEXT,
        {"$ref": "#/components/schemas/Text"},
        {"allOf": [TEXT]},
        {"oneOf": [TEXT, {"type": "integer"}]},
        {"type": "object", "required": ["a"]},
        {"oneOf": [{"type": "object", "required": ["a"]}, {"type": "integer"}]},
        {"maxLength": 3},
        {},
    ],
    ids=str,
)
def test_a_text_of_json_fits_as_the_text_or_as_the_json(schema: Any) -> None:
    """Wherever the schema says that it is a text."""
    assert contradicted(schema) == []


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": "object", "properties": {"a": TEXT}}, [("a", "type")]),
        ({"anyOf": [{"type": "object", "required": ["b"]}, {"type": "array"}]}, [("example", "anyOf")]),
        (SHORT, [("example", "maxLength")]),
        ({"allOf": [SHORT]}, [("example", "maxLength")]),
        ({"enum": ["b"]}, [("example", "enum")]),
    ],
    ids=str,
)
def test_a_text_of_json_contradicts_as_that_which_the_schema_has_in_mind(
    schema: Any, wanted: list[tuple[str, str]]
) -> None:
    """An object is not told to be no text, nor a text that is too long to be an object."""
    assert contradicted(schema) == wanted


def test_a_text_of_json_is_a_text_where_the_body_is_not_json() -> None:
    """Only in a body of JSON are quotation marks around it a slip."""
    assert contradicted({"type": "object"}, "application/xml") == [("example", "type")]
