"""Does the reader take what JSON can say, as all readers read it, and find schemas by all their names?"""

import copy
from typing import Any

import pytest
import yaml

from scripts.document import parse as documents
from scripts.document.identities import name_places
from scripts.document.objects import objects
from scripts.document.parse import MAX_DEPTH, parse, parse_json, parse_yaml
from scripts.lib.errors import Refusal

PARSERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
)
REFUSED = {
    "a billion laughs": (LAUGHS, "not YAML: aliases that unfold to more than 1000000 values are not taken"),
    "an alias of the document itself": ("a: &a\n  b: *a\n", "2:6: not YAML: an alias of what it stands in"),
    "an alias of nothing": ("a: *b\n", "t.yaml:1:4"),
    "an alias as a key": (
        "a: &a x\n*a : b\n",
        "2:1: not YAML: an alias of what it stands in, of nothing, or as",
    ),
    "an object of Python": ("a: !!python/object/apply:os.system [x]\n", "1:4: not YAML: tags are not taken"),
    "a tag of one's own": ("a: !x y\n", "1:4: not YAML: tags are not taken"),
    "a tag on a key": ("!!str a: b\n", "1:1: not YAML: tags are not taken"),
    "a tag by a handle": ("%TAG !e! tag:e.example,2000:\n---\na: !e!x y\n", "tags are not taken"),
    "a tag that only says what it is": ("a: !!int 7\n", "tags are not taken"),
    "a set": ("a: !!set {b, c}\n", "tags are not taken"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "t.yaml:3:1: not YAML: the key 'a' stands twice"),
    "a key twice in two spellings": ("200: a\n'200': b\n", "2:1: not YAML: the key '200' stands twice"),
    "a key twice in braces": ("{a: {b: 1, b: 2}}", "1:12: not YAML: the key 'b' stands twice"),
    "a merge key of no object": ("a: {b: 1}\nc:\n  <<: x\n  d: 1\n", "not YAML: << names no object"),
    "a merge key twice": ("c:\n  <<: {b: 2}\n  <<: {d: 1}\n", "stands twice"),
    "a list as a key": ("? [a, b]\n: c\n", "1:3: not YAML: a key must be text"),
    "an object as a key": ("{{a: b}: c}\n", "1:2: not YAML: a key must be text"),
    "two documents": ("a: 1\n---\na: 2\n", "2:1: not YAML: but found another document"),
    "an end, and another document": ("a: 1\n...\n---\nb: 2\n", "but found another document"),
    "nested too deep in brackets": ("[" * 250 + "]" * 250, f"nested deeper than {MAX_DEPTH}"),
    "nested too deep in braces": ("{a: " * 250 + "1" + "}" * 250, f"nested deeper than {MAX_DEPTH}"),
    "nested too deep in dashes": ("- " * 250 + "x", f"nested deeper than {MAX_DEPTH}"),
    "infinity": ("a: .inf\n", "that JSON cannot carry"),
    "no number": ("a: .NaN\n", "that JSON cannot carry"),
    "too large a number": ("a: 1e999\n", "that JSON cannot carry"),
    "a number of 5,000 digits": (f"a: {'1' * 5000}\n", "not usable YAML"),
    "a tab as indentation": ("a:\n\tb: 1\n", "t.yaml:2"),
    "quotes without end": ('a: "b\n', "not YAML"),
    "brackets without end": ("a: [b\n", "not YAML"),
    "a control character": ("a: b\x01c\n", "not YAML"),
}


@pytest.fixture(params=PARSERS, ids=lambda parser: parser.__name__)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers: the one of libyaml, and the one in Python where there is no libyaml."""
    monkeypatch.setattr(documents, "_PARSER", request.param)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_yaml_beyond_json_is_refused_with_its_place(text: str, reason: str) -> None:
    """Each of these is read in two ways by two readers, or costs more than it is worth."""
    with pytest.raises(Refusal) as caught:
        parse_yaml(text.encode(), "t.yaml")

    told = str(caught.value)
    assert reason in told
    assert told.startswith("t.yaml")
    assert told.isprintable()


TAKEN: dict[str, Any] = {
    "a: [no, yes, on, off, y, n]\n": {"a": ["no", "yes", "on", "off", "y", "n"]},
    "a: [true, False, NULL, ~, null]\n": {"a": [True, False, None, None, None]},
    "a: [012, 1_000, 0x1F, 0o17, 12:30:45]\n": {"a": ["012", "1_000", "0x1F", "0o17", "12:30:45"]},
    "a: [2020-01-01, 2020-01-01T00:00:00Z]\n": {"a": ["2020-01-01", "2020-01-01T00:00:00Z"]},
    "a: [0, -7, +7, 1.5, .5, 1e3, -0.0]\n": {"a": [0, -7, 7, 1.5, 0.5, 1000.0, -0.0]},
    "a: ['1', \"true\", '~']\n": {"a": ["1", "true", "~"]},
    "200: a\ntrue: b\n1.50: c\nnull: d\n": {"200": "a", "true": "b", "1.50": "c", "null": "d"},
    "'<<': a\n": {"<<": "a"},
    "a: &anchor b\n": {"a": "b"},
    "a:\nb: |\n  x\n  y\nc: >-\n  x\n  y\n": {"a": None, "b": "x\ny\n", "c": "x y"},
    "%YAML 1.1\n---\na: no\n...\n": {"a": "no"},
    "\ufeffa: b\n": {"a": "b"},
    "# nothing\n": None,
}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("text", TAKEN)
def test_yaml_is_read_as_its_version_1_2_has_it(text: str) -> None:
    """In what YAML 1.1 reads a country is false, and half past twelve is 45,045."""
    found = parse_yaml(text.encode(), "t.yaml")

    assert found == TAKEN[text]
    assert repr(found) == repr(TAKEN[text])  # 1, 1.0 and true are equal, and not the same


@pytest.mark.usefixtures("reader")
def test_depth_is_refused_at_the_limit_and_not_before() -> None:
    """What the limit says is what is taken."""
    inside = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH

    assert parse_yaml(inside.encode(), "t") is not None
    assert parse_json(inside.encode(), "t") is not None
    for read in (parse_yaml, parse_json):
        with pytest.raises(Refusal, match="nested deeper"):
            read(f"[{inside}]".encode(), "t")


JSON_REFUSED = {
    "a key twice": (b'{"a": 1, "b": {"c": 1,\n "c": 2}}', "t:2:2: the key 'c' stands twice"),
    "a key twice by an escape": (b'{"a": 1, "\\u0061": 2}', "the key 'a' stands twice"),
    "a comment": (b'{"a": 1 /* x */}', "t:1:9: not JSON"),
    "a comma too many": (b'{"a": 1,}', "not JSON"),
    "two documents": (b"{}{}", "t:1:3: not JSON"),
    "NaN": (b'{"a": NaN}', "NaN is not JSON"),
    "Infinity": (b'{"a": -Infinity}', "-Infinity is not JSON"),
    "half of a surrogate pair": (b'{"a": "\\ud800"}', "JSON cannot carry"),
    "no UTF-8": (b'{"a": "\xff"}', "t: not UTF-8 at byte 7"),
    "a line break in a text": (b'{"a": "b\nc"}', "not JSON"),
}


@pytest.mark.parametrize(("content", "reason"), JSON_REFUSED.values(), ids=JSON_REFUSED)
def test_json_is_read_strictly(content: bytes, reason: str) -> None:
    """RFC 8259 leaves some of these to the reader; two readers then see two documents."""
    with pytest.raises(Refusal) as caught:
        parse(content, "t")

    assert reason in str(caught.value)


@pytest.mark.parametrize("content", [b' \r\n\t{"a": 1}', b'\xef\xbb\xbf{"a": 1}', b"a: 1"])
def test_what_a_text_begins_with_says_what_it_is(content: bytes) -> None:
    """A file's name may say anything."""
    assert parse(content, "t") == {"a": 1}


@pytest.mark.parametrize("parser", PARSERS)
def test_aliases_and_merge_keys_are_unfolded(parser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if everything had been written out; what stands there itself holds, and no value is shared."""
    monkeypatch.setattr(documents, "_PARSER", parser)
    text = b"a: &a {b: 1, c: [x]}\nd: *a\ne: {<<: *a, b: 2}\nf: {<<: [*a, {b: 3, g: 4}]}\n"
    text += b"h: &h y\ni: *h\n'<<': z\n"

    value: Any = parse_yaml(text, "t.yaml")

    assert value == {
        "a": {"b": 1, "c": ["x"]},
        "d": {"b": 1, "c": ["x"]},
        "e": {"b": 2, "c": ["x"]},
        "f": {"b": 1, "c": ["x"], "g": 4},
        "h": "y",
        "i": "y",
        "<<": "z",
    }
    assert value["d"]["c"] is not value["a"]["c"]


# Names of schemas


def ref(name: str) -> dict[str, str]:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def named(version: str = "3.1.0", **schemas: Any) -> dict[str, Any]:
    """Return the schemas of a document after all is said in plain references."""
    document = {"openapi": version, "paths": {}, "components": {"schemas": copy.deepcopy(schemas)}}
    name_places(document)
    found: dict[str, Any] = document["components"]["schemas"]  # type: ignore[index]
    return found


STRING = {"type": "string"}
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


# Data, and names that somebody chose


def test_an_answer_called_default_refers_as_all_others() -> None:
    """There `default` is the name of an answer and no data of a schema."""
    content = {"application/json": {"schema": {"$ref": "https://a.example/parcel"}}}
    answers = {name: {"description": "d", "content": copy.deepcopy(content)} for name in ("200", "default")}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"responses": answers}}},
        "components": {"schemas": {"Parcel": copy.deepcopy(PARCEL)}},
    }

    name_places(document)

    for answer in document["paths"]["/a"]["get"]["responses"].values():
        assert answer["content"]["application/json"]["schema"] == ref("Parcel")


CHOSEN = ("default", "example", "examples", "value", "const", "enum", "dataValue", "properties", "content")


@pytest.mark.parametrize("name", [*CHOSEN, "callbacks", "mapping"])
def test_a_property_of_any_name_refers_as_all_others(name: str) -> None:
    """In a map of properties no name is a keyword."""
    found = named(Parcel=PARCEL, User={"properties": {name: {"$ref": "https://a.example/parcel"}}})

    assert found["User"] == {"properties": {name: ref("Parcel")}}


def test_a_property_named_as_a_keyword_stays() -> None:
    """`$ref` and `$defs` are properties there, and so are the names of schemas."""
    properties = dict.fromkeys(("$ref", "$defs", "$id", "$anchor", "$dynamicRef"), STRING)
    found = named(Parcel={"$id": "https://a.example/parcel", "properties": properties})

    assert found["Parcel"] == {"properties": properties}


def test_the_objects_of_a_document_are_told_from_its_data() -> None:
    """Each with its pointer: data is left out under its keyword, and is a name within a map of names."""
    schema = {"properties": {"default": STRING, "$ref": STRING}, "default": {"a": {}}, "examples": [{}]}
    examples: Any = {"value": {"value": {"a": {}}}}
    document = {
        "responses": {"default": {"content": {"a/b": {"schema": schema, "examples": examples}}}},
        "callbacks": {"example": {"default": {"get": {}}}, "value": {"$ref": "#/components/callbacks/value"}},
    }

    media = "#/responses/default/content/a~1b"
    assert [pointer for pointer, _ in objects(document)] == [
        "#",
        "#/responses/default",
        media,
        f"{media}/schema",
        f"{media}/schema/properties/default",
        f"{media}/schema/properties/$ref",
        f"{media}/examples/value",
        "#/callbacks/example/default",
        "#/callbacks/example/default/get",
        "#/callbacks/value",
    ]


def test_an_allof_beside_definitions_keeps_its_places() -> None:
    """A reference goes before it, and what stands there is still read from its own place."""
    inner = {"$id": "https://a.example/inner", "$ref": "#/$defs/label", "$defs": {"label": LABEL}}
    outer = {"$ref": "https://a.example/parcel", "$defs": {"a": {}}, "allOf": [inner]}
    found = named(Parcel=PARCEL, Outer=outer)["Outer"]["allOf"]

    assert found[0] == ref("Parcel")
    assert found[1]["allOf"] == [{"$ref": "#/components/schemas/Outer/allOf/0/$defs/label"}]


# Discriminators


@pytest.mark.parametrize("target", ["https://a.example/dog", "dog", "#/components/schemas/Dog", "Dog"])
def test_a_discriminator_leads_to_schemas_as_references_do(target: str) -> None:
    """Its mapping has addresses (OpenAPI 3.1.1, 4.8.25); the name of a component stays one."""
    dog = {"$id": "https://a.example/dog", "properties": {"kind": STRING}}
    pet = {
        "$id": "https://a.example/pet",
        "oneOf": [{"$ref": "dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"d": target, "$ref": target}},
    }
    place = "Dog" if target == "Dog" else "#/components/schemas/Dog"

    found = named(Dog=dog, Pet=pet)["Pet"]

    assert found["oneOf"] == [ref("Dog")]
    assert found["discriminator"]["mapping"] == {"d": place, "$ref": place}


def test_a_discriminator_of_a_generic_schema_leads_where_its_alternatives_do() -> None:
    """To the copies that its user has bound."""
    pet = {
        "oneOf": [{"$ref": "page"}],
        "discriminator": {"propertyName": "kind", "mapping": {"p": "page"}},
    }
    found = named(Page=PAGE, Pet=pet, Cat={}, Cats={**page_of("Cat"), "$ref": "#/components/schemas/Pet"})

    copied = found[found["Cats"]["allOf"][0]["$ref"].rpartition("/")[2]]
    assert copied["oneOf"][0]["$ref"] == copied["discriminator"]["mapping"]["p"] != ref("Page")["$ref"]


# Chains


def chain(length: int) -> dict[str, Any]:
    """Return a document of generic schemas of which each holds the next, and one user that binds them."""
    schemas: dict[str, Any] = {
        f"G{place}": {
            "properties": {"next": ref(f"G{place + 1}"), "open": {"$dynamicRef": "#T"}},
            "$defs": {"T": {"$dynamicAnchor": "T"}},
        }
        for place in range(length)
    }
    schemas |= {f"G{length}": {}, "U": {"$defs": {"T": {"$dynamicAnchor": "T", **STRING}}, **ref("G0")}}
    content = {"application/json": {"schema": ref("U")}}
    get = {"responses": {"200": {"description": "d", "content": content}}}
    return {"openapi": "3.1.0", "paths": {"/a": {"get": get}}, "components": {"schemas": schemas}}


def test_a_chain_of_generic_schemas_is_as_long_as_it_likes() -> None:
    """Each is bound as its user says, however far away that is."""
    document = chain(300)
    name_places(document)
    schemas = document["components"]["schemas"]

    found, bound = schemas["U"]["allOf"][0], 0
    while "properties" in (schema := schemas[found["$ref"].rpartition("/")[2]]):
        assert schema["properties"]["open"] == {"$ref": "#/components/schemas/U/$defs/T"}
        found, bound = schema["properties"]["next"], bound + 1
    assert bound == 300


def test_more_copies_than_allowed_are_refused() -> None:
    """An unbound one would be another type than the document says, and nobody would hear of it."""
    with pytest.raises(Refusal, match=r"more than 500 schemas are made of generic ones"):
        name_places(chain(600))
