"""Do schemas that name themselves, or leave a place open, lead where JSON Schema says?"""

import copy
from typing import Any

import pytest

from scripts.document.identities import name_places


def ref(name: str) -> dict[str, str]:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def named(version: str = "3.1.0", **schemas: Any) -> dict[str, Any]:
    """Return the schemas of a document after all is said in plain references."""
    document = {"openapi": version, "paths": {}, "components": {"schemas": copy.deepcopy(schemas)}}
    name_places(document)
    found: dict[str, Any] = document["components"]["schemas"]  # type: ignore[index]
    return found


LABEL = {"type": "object", "properties": {"code": {"type": "string"}}}
PARCEL = {
    "$id": "https://a.example/parcel",
    "properties": {"label": {"$ref": "#label"}, "other": {"$ref": "#/$defs/label"}},
    "$defs": {"label": {"$anchor": "label", **LABEL}},
}
DEFINED = "#/components/schemas/Parcel/$defs/label"


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("https://a.example/parcel", "#/components/schemas/Parcel"),
        ("https://a.example/parcel#label", DEFINED),
        ("https://a.example/parcel#/$defs/label", DEFINED),
        ("#/components/schemas/Parcel", "#/components/schemas/Parcel"),
        ("https://b.example/parcel", "https://b.example/parcel"),
    ],
)
def test_a_schema_is_found_by_its_address_its_anchor_and_its_place(reference: str, place: str) -> None:
    """Core, 8.2; what nothing in the document has as its address stays, and is refused with a cure."""
    assert named(Parcel=PARCEL, User={"items": {"$ref": reference}})["User"] == {"items": {"$ref": place}}


def test_within_a_schema_with_an_address_references_begin_at_it() -> None:
    """By anchor and by pointer; the keywords themselves are gone."""
    assert named(Parcel=PARCEL)["Parcel"] == {
        "properties": {"label": {"$ref": DEFINED}, "other": {"$ref": DEFINED}},
        "$defs": {"label": LABEL},
    }


def test_a_relative_address_is_one_below_the_schema_around_it() -> None:
    """As addresses in HTML (RFC 3986, section 5)."""
    inner = {"$id": "label", **LABEL}
    outer = {"$id": "https://a.example/schemas/parcel", "properties": {"label": inner}}

    found = named(Parcel=outer, User={"$ref": "https://a.example/schemas/label"})

    assert found["User"] == {"$ref": "#/components/schemas/Parcel/properties/label"}


PAGE = {
    "$id": "page",
    "$defs": {"item": {"$dynamicAnchor": "item"}},
    "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#item"}}},
}


def page_of(name: str) -> dict[str, Any]:
    """Return a page that binds its items."""
    return {"$defs": {"item": {"$dynamicAnchor": "item", **ref(name)}}, "$ref": "page"}


def test_a_generic_schema_becomes_one_for_each_of_its_users() -> None:
    """Two users do not mix, and nobody's page holds whatever comes."""
    found = named(Page=PAGE, Cat={}, Dog={}, Cats=page_of("Cat"), Dogs=page_of("Dog"))

    for name, kind in (("Cats", "Cat"), ("Dogs", "Dog")):
        copied = found[name]["allOf"][0]["$ref"].rpartition("/")[2]
        held = found[copied]["properties"]["items"]["items"]["$ref"]
        assert held == f"#/components/schemas/{name}/$defs/item"
        assert found[name]["$defs"]["item"] == ref(kind)
    assert found["Page"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/Page/$defs/item"}


def test_a_binding_reaches_through_what_lies_between() -> None:
    """The outermost anchor counts, however many schemas lead to the place that is open."""
    envelope = {"$id": "envelope", "properties": {"data": {"$ref": "page"}}}
    found = named(Page=PAGE, Envelope=envelope, Cat={}, Cats={**page_of("Cat"), "$ref": "envelope"})

    outer = found[found["Cats"]["allOf"][0]["$ref"].rpartition("/")[2]]
    inner = found[outer["properties"]["data"]["$ref"].rpartition("/")[2]]
    assert inner["properties"]["items"]["items"] == {"$ref": "#/components/schemas/Cats/$defs/item"}


def test_a_tree_that_is_extended_holds_what_extends_it() -> None:
    """The other use of `$dynamicRef`; alone the tree holds itself."""
    tree = {
        "$id": "tree",
        "$dynamicAnchor": "node",
        "properties": {"children": {"items": {"$dynamicRef": "#node"}}},
    }
    found = named(
        Tree=tree, Named={"$dynamicAnchor": "node", "allOf": [{"$ref": "tree"}], "required": ["name"]}
    )

    copied = found["Named"]["allOf"][0]["$ref"].rpartition("/")[2]
    assert found[copied]["properties"]["children"]["items"] == ref("Named")
    assert found["Tree"]["properties"]["children"]["items"] == ref("Tree")


def test_openapi_3_0_has_none_of_it() -> None:
    """There such names say nothing, and data may have them."""
    assert named("3.0.3", Parcel=PARCEL) == {"Parcel": PARCEL}


def test_data_of_examples_is_left_as_it_is() -> None:
    """An `$id` in an example is a value that a server sends."""
    example = {"$id": "x", "$anchor": "y"}

    assert named(Parcel={**PARCEL, "example": example})["Parcel"]["example"] == example
