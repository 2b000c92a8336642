"""The overlay corrects what upstream leaves out, and complains when it no longer does."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.checks.document import Contract
from contract_tests.novapost.test_document import lets_through
from scripts import overlay
from scripts.document.parse import parse_json, parse_yaml
from scripts.lib.errors import Refusal, Refusals
from scripts.lib.paths import EFFECTIVE, EMBEDDED, OVERLAY, UPSTREAM

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.0",
    "servers": [{"url": "a"}, {"url": "b"}, {"url": "c"}],
    "paths": {"/a": {"get": {"operationId": "x"}, "post": {}}, "/b": {"get": {}}},
}


def action(**fields: Any) -> dict[str, Any]:
    """Return an action with all that ours must carry."""
    return {"x-id": "it", "description": "because", "x-evidence": ["uk:1"], **fields}


def actions(*given: dict[str, Any]) -> tuple[overlay.Action, ...]:
    """Actions as they come out of an overlay document."""
    document = {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": list(given)}
    return overlay.read_actions(json.dumps(document).encode(), "overlay.yaml")


def applied(*given: dict[str, Any]) -> Any:
    """Return the sample document with actions applied."""
    return overlay.apply(DOCUMENT, actions(*given))


def test_what_is_committed_is_what_a_fresh_build_gives() -> None:
    """effective.json, and the copy that the mock carries, are built and never written by hand."""
    built = overlay.build()

    assert EFFECTIVE.read_bytes() == built
    assert EMBEDDED.read_bytes() == built


def test_without_the_overlay_the_document_is_under_specified() -> None:
    """The published document lets an empty phone through, and a word, and a plus."""
    upstream = Contract.read(UPSTREAM)

    let = lets_through(upstream)

    assert {"phone": ""} in let
    assert {"phone": "+447700900001"} in let
    assert lets_through(Contract.read(EFFECTIVE)) == []


NAMES = [action.name for action in overlay.read_actions(OVERLAY.read_bytes(), "overlay.yaml")]


@pytest.mark.parametrize("dropped", NAMES)
def test_every_action_is_needed(dropped: str) -> None:
    """Without it the result is another, or another action cannot be applied."""
    upstream = parse_json(UPSTREAM.read_bytes(), "upstream")
    all_actions = overlay.read_actions(OVERLAY.read_bytes(), "overlay")
    whole = overlay.apply(upstream, all_actions)

    rest = tuple(action for action in all_actions if action.name != dropped)
    try:
        without = overlay.apply(upstream, rest)
    except Refusal:
        return

    assert without != whole


@pytest.mark.parametrize("name", NAMES)
def test_a_correction_that_upstream_makes_itself_announces_itself(name: str) -> None:
    """Once upstream says what an action says, the build stops under that action's name."""
    upstream = parse_json(UPSTREAM.read_bytes(), "upstream")
    all_actions = overlay.read_actions(OVERLAY.read_bytes(), "overlay.yaml")
    index = next(i for i, action in enumerate(all_actions) if action.name == name)
    mended = overlay.apply(upstream, all_actions[: index + 1])

    with pytest.raises((Refusal, Refusals), match=re.escape(f"({name})")):
        overlay.apply(mended, all_actions[index:])


@pytest.mark.parametrize("name", NAMES)
def test_every_action_says_why_and_from_where(name: str) -> None:
    """Each piece of evidence names a page and a line, a standard, or the page that the page links to."""
    raw: Any = parse_yaml(OVERLAY.read_bytes(), "overlay")
    found = next(a for a in raw["actions"] if a["x-id"] == name)

    assert len(found["description"]) > 20
    for evidence in found["x-evidence"]:
        assert re.match(r"(uk|en):\d+|the page that uk:\d+ links to|RFC \d+|OpenAPI 3", evidence)


def test_what_is_not_from_the_vendored_block_is_marked() -> None:
    """A reader of the document sees which parts the vendor's block does not have."""
    effective: Any = parse_json(EFFECTIVE.read_bytes(), "effective")

    marked = effective["paths"]["/clients/authorization"]["get"]["x-source"]

    assert marked == "not from the vendored block"


def test_an_update_reaches_every_match() -> None:
    """A target may select many places."""
    result = applied(action(target="$.paths.*.get", update={"deprecated": True}))

    assert result["paths"]["/a"]["get"] == {"operationId": "x", "deprecated": True}
    assert result["paths"]["/b"]["get"] == {"deprecated": True}


def test_an_array_takes_the_update_as_a_new_entry() -> None:
    """As Overlay 1.0 says of targets that are arrays."""
    result = applied(action(target="$.servers", update={"url": "d"}))

    assert [server["url"] for server in result["servers"]] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("target", "left"), [("$.servers[*]", []), ("$.servers[?@.url != 'b']", ["b"]), ("$.servers[0,2]", ["b"])]
)
def test_removing_from_an_array_takes_just_what_was_selected(target: str, left: list[str]) -> None:
    """Positions shift while an array shrinks; what was selected is still what goes."""
    result = applied(action(target=target, remove=True))

    assert [server["url"] for server in result["servers"]] == left


def test_the_given_document_is_not_changed() -> None:
    """What is vendored stays as it was published."""
    before = copy.deepcopy(DOCUMENT)

    applied(action(target="$.paths['/a']", remove=True))

    assert before == DOCUMENT


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"target": "$.paths['/c']", "update": {"a": 1}}, "matches nothing: $.paths['/c']"),
        ({"target": "$.paths['/c']", "remove": True}, "matches nothing"),
        ({"target": "$.paths['/a'].get", "update": {"operationId": "x"}}, "changes nothing at"),
        ({"target": "$.paths['/a'].get", "update": {}}, "changes nothing at"),
        ({"target": "$.paths", "update": {"/a": {"get": {"operationId": "x"}}}}, "changes nothing at"),
        ({"target": "$.paths['/a'].get", "update": {"operationId": "y"}}, "would overwrite"),
        ({"target": "$.paths['/a'].get.operationId", "update": {"a": 1}}, "must both be objects"),
        ({"target": "$.paths", "update": "text"}, "must both be objects"),
        ({"target": "$", "remove": True}, "would remove the whole document"),
        ({"target": "$.paths[", "remove": True}, "not JSONPath (RFC 9535)"),
        ({"target": "$.paths"}, "needs one of update, remove"),
        ({"target": "$.paths", "remove": False}, "needs one of update, remove"),
        ({"target": "$.paths", "remove": True, "update": {}}, "needs one of update, remove"),
        ({"target": "$.paths", "updte": {}}, "has the unknown field 'updte'"),
        ({"update": {}}, "has no target"),
        ({"target": "$", "update": {"a": 1}, "description": ""}, "has no reason"),
        ({"target": "$", "update": {"a": 1}, "x-evidence": []}, "has no reason"),
    ],
)
def test_an_action_that_is_not_what_it_seems_stops_the_build(fields: dict[str, Any], reason: str) -> None:
    """Silence would let a correction rot; each refusal names the action."""
    with pytest.raises(Refusal) as refused:
        applied(action(**fields))

    assert "(it)" in refused.value.place
    assert reason in refused.value.reason


def test_overwriting_has_to_be_announced() -> None:
    """An action that means to replace what upstream says, says so."""
    result = applied(action(target="$.servers[0]", update={"url": "z"}, **{"x-replaces": True}))

    assert result["servers"][0] == {"url": "z"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[]", "not an OpenAPI Overlay 1.0 document"),
        (b"overlay: 2.0.0", "not an OpenAPI Overlay 1.0 document"),
        (b"overlay: 1.0.0", "has no actions"),
        (b"overlay: 1.0.0\nactions: [3]", "not an object"),
        (b"overlay: 1.0.0\nactions: [{target: $}]", "has no x-id"),
        (b"overlay: 1.0.0\naction: []", "has the unknown field 'action'"),
        (b"overlay: [", "not YAML"),
    ],
)
def test_what_is_no_overlay_is_refused(content: bytes, reason: str) -> None:
    """With a reason that tells what to mend."""
    with pytest.raises(Refusal, match=re.escape(reason)):
        overlay.read_actions(content, "overlay.yaml")


def test_two_actions_do_not_share_a_name() -> None:
    """A failing action is found by its name."""
    one = action(target="$.servers[0]", remove=True)

    with pytest.raises(Refusal, match="taken twice"):
        actions(one, one)


def test_a_vendored_document_that_was_edited_is_refused(tmp_path: Path) -> None:
    """The vendored bytes are what the provenance says they are, or nothing is built from them."""
    edited = tmp_path / "upstream.json"
    edited.write_bytes(UPSTREAM.read_bytes() + b"\n")

    with pytest.raises(Refusal, match=r"is not the block that upstream\.toml records"):
        overlay.build(upstream=edited)


def test_a_provenance_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    """With its place."""
    broken = tmp_path / "upstream.toml"
    broken.write_text("= 3")

    with pytest.raises(Refusal, match="not TOML"):
        overlay.build(provenance=broken)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), min_size=1, max_size=5))
def test_adding_and_applying_again_is_always_noticed(update: dict[str, Any]) -> None:
    """For any update that adds something: it is all there afterwards, and a second time it is refused."""
    one = (overlay.Action("it", "$.paths['/b'].get", update, replaces=False, place="overlay"),)

    once: Any = overlay.apply(DOCUMENT, one)

    assert once["paths"]["/b"]["get"] == update
    with pytest.raises((Refusal, Refusals), match="changes nothing"):
        overlay.apply(once, one)


# Renaming, our extension


STARRED: dict[str, Any] = {
    "openapi": "3.0.0",
    "components": {
        "schemas": {
            "Sender*": {
                "type": "object",
                "required": ["phone*", "name"],
                "properties": {
                    "phone*": {"type": "string"},
                    "address*": {"type": "object", "properties": {"city**": {}, "street": {}}},
                    "name": {"type": "string"},
                },
            },
            "Other": {"$ref": "#/components/schemas/Sender*/properties/address*"},
        }
    },
}


def renamed(document: Any, **fields: Any) -> Any:
    """Return the document with one renaming action applied."""
    return overlay.apply(document, actions(action(**fields)))


def test_one_action_renames_at_all_places_at_once() -> None:
    """In their places, within each other; what requires a property follows."""
    found = renamed(STARRED, target="$..properties.*", **{"x-rename": {"from": "[*]+$", "to": ""}})

    sender = found["components"]["schemas"]["Sender*"]
    assert list(sender["properties"]) == ["phone", "address", "name"]
    assert list(sender["properties"]["address"]["properties"]) == ["city", "street"]
    assert sender["required"] == ["phone", "name"]
    assert found["components"]["schemas"]["Other"] == {
        "$ref": "#/components/schemas/Sender*/properties/address"
    }


def test_a_component_is_renamed_with_its_references() -> None:
    """A plain name instead of a pattern gives that name."""
    found = renamed(STARRED, target="$.components.schemas['Sender*']", **{"x-rename": "Sender"})

    assert list(found["components"]["schemas"]) == ["Sender", "Other"]
    assert found["components"]["schemas"]["Other"] == {
        "$ref": "#/components/schemas/Sender/properties/address*"
    }


@pytest.mark.parametrize(
    ("target", "rename", "reason"),
    [
        ("$..properties.*", {"from": "^never$", "to": ""}, "renames nothing"),
        ("$..properties['phone*']", "name", "would be 'name'"),
        ("$..properties.*", {"from": "(", "to": ""}, "x-rename: "),
        ("$..properties.*", {"from": "a", "to": "\\7"}, "x-rename: "),
        ("$..properties.*", {"from": "a"}, "x-rename must be a name, or {from: PATTERN, to: TEXT}"),
        ("$..properties.*", "", "x-rename must be a name"),
    ],
)
def test_a_renaming_that_cannot_be_is_refused(target: str, rename: Any, reason: str) -> None:
    """Two keys of one name would lose one of the values."""
    with pytest.raises(Refusal) as refused:
        renamed(STARRED, target=target, **{"x-rename": rename})

    assert reason in refused.value.reason


def test_all_conflicts_are_told_in_one_run() -> None:
    """Whoever vendors a new document wants one list."""
    listed = [
        action(target="$.nowhere", update={"a": 1}),
        {**action(target="$", update={"openapi": "3.0.0"}), "x-id": "second"},
        {**action(target="$", update={"servers": 1, "paths": 2}), "x-id": "third"},
    ]

    with pytest.raises(Refusals) as refused:
        overlay.apply(DOCUMENT, actions(*listed))

    told = [str(one) for one in refused.value.refusals]
    assert [line.split("(")[1].split(")")[0] for line in told] == ["it", "second", "third", "third"]


def test_all_faults_of_an_overlay_itself_are_told_in_one_run() -> None:
    """As for the document."""
    with pytest.raises(Refusals) as refused:
        actions({"target": "$"}, {**action(target=7), "x-id": "b"})

    assert ["has no x-id" in str(one) or "has no target" in str(one) for one in refused.value.refusals] == [
        True,
        True,
    ]
