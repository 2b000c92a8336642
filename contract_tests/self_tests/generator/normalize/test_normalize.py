"""Is what a document says in an unusual way said in the usual one, with a note for what is left out?"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.self_tests.generator.hostile.documents import (
    BASE,
    DELETE,
    LIST,
    NEW,
    PARCEL,
    changed,
    put,
    ref,
)
from scripts.document.transliteration import mixed_alphabets, plain_letters, spelled
from scripts.document.tree import Node, Tree
from scripts.normalize import nulls, plain_with_notes
from scripts.preflight.security import OWN_HEADERS

STRING = {"type": "string"}


def schemas_after(**edits: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the schemas of the base with the edits, in plain words, and the notes."""
    document, notes = plain_with_notes(
        changed(**{path: copy.deepcopy(value) for path, value in edits.items()})
    )
    return document["components"]["schemas"], [str(note) for note in notes]


# Discriminators

PETS: dict[str, Any] = {
    "components>schemas>Pet": {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": {"propertyName": "kind"}},
    "components>schemas>Cat": {
        "type": "object",
        "properties": {"kind": STRING, "lives": {"type": "integer"}},
    },
    "components>schemas>Dog": {"type": "object", "properties": {"kind": STRING}},
}
MAPPING = "components>schemas>Pet>discriminator>mapping"


def pets(**edits: Any) -> dict[str, Any]:
    """Return the values that pets list as their kind after the discriminator has been read."""
    found, _ = schemas_after(**PETS, **edits)
    return {name: found[name]["properties"]["kind"].get("enum") for name in ("Cat", "Dog")}


def test_a_discriminator_without_a_mapping_goes_by_the_names_of_schemas() -> None:
    """OpenAPI 3.0.3, "Discriminator Object": the name of the schema is the value."""
    assert pets() == {"Cat": ["Cat"], "Dog": ["Dog"]}


@pytest.mark.parametrize("target", ["Dog", "#/components/schemas/Dog"])
def test_a_mapping_names_schemas_in_two_ways(target: str) -> None:
    """By name or by reference; what it does not name keeps its own name."""
    assert pets(**{MAPPING: {"good boy": target, "puppy": target}}) == {
        "Cat": ["Cat"],
        "Dog": ["good boy", "puppy"],
    }


def test_a_mapping_may_swap_names() -> None:
    """Then a "Cat" is a Dog, whatever the schemas are called."""
    assert pets(**{MAPPING: {"Cat": "Dog", "Dog": "Cat"}}) == {"Cat": ["Dog"], "Dog": ["Cat"]}


@pytest.mark.parametrize("target", ["Dog", "#/components/schemas/Dog"])
def test_the_default_of_a_mapping_comes_first(target: str) -> None:
    """OpenAPI 3.2: it is meant by each value that nothing else lists; the client takes the first fitting."""
    default = {"components>schemas>Pet>discriminator>defaultMapping": target}
    found, notes = schemas_after(**PETS, **default)

    assert found["Pet"]["oneOf"] == [ref("Dog"), ref("Cat")]
    assert notes == []
    gone, notes = schemas_after(**PETS, **{next(iter(default)): "Bird"})
    assert "defaultMapping" not in gone["Pet"]["discriminator"]
    assert notes == [
        "#/components/schemas/Pet/discriminator/defaultMapping: names 'Bird', which is no schema of the "
        "document; left out"
    ]


@pytest.mark.parametrize("target", [None, 5, True, ["Dog"], ref("Dog"), {}], ids=str)
def test_what_is_no_name_of_a_schema_is_left_out_of_a_mapping(target: Any) -> None:
    """One entry is no reason to refuse a document whose other entries lead somewhere."""
    place, reason = (
        "#/components/schemas/Pet/discriminator",
        "is no text, and names no schema of the document",
    )
    default = {"components>schemas>Pet>discriminator>defaultMapping": target}

    found, notes = schemas_after(**PETS, **{MAPPING: {"a/b": target, "good boy": "Dog"}}, **default)

    assert found["Pet"]["discriminator"] == {"propertyName": "kind", "mapping": {"good boy": "Dog"}}
    assert found["Dog"]["properties"]["kind"]["enum"] == ["good boy"]
    assert notes == [
        f"{place}/mapping/a~1b: {reason}; left out",
        f"{place}/defaultMapping: {reason}; left out",
    ]


def test_what_a_schema_lists_itself_is_left() -> None:
    """It is the schema's own word, and tells the alternatives apart as well."""
    assert pets(**{"components>schemas>Cat>properties>kind": {"type": "string", "enum": ["tom"]}}) == {
        "Cat": ["tom"],
        "Dog": ["Dog"],
    }


@pytest.mark.parametrize(
    "kind", [{"type": "integer"}, {"type": "string", "format": "uuid"}, {"const": "x"}, {}], ids=str
)
def test_a_property_that_is_no_plain_text_is_left(kind: dict[str, Any]) -> None:
    """No list of texts would hold for it."""
    assert pets(**{"components>schemas>Dog>properties>kind": kind}) == {"Cat": ["Cat"], "Dog": None}


def test_a_property_from_a_common_base_is_listed_in_each_part() -> None:
    """The base is shared, so its own property must stay as it is."""
    base = {"type": "object", "required": ["kind"], "properties": {"kind": STRING}}
    parts = {
        f"components>schemas>{name}": {
            "allOf": [ref("Base"), {"type": "object", "properties": {name: STRING}}]
        }
        for name in ("Cat", "Dog")
    }

    found, _ = schemas_after(**PETS | parts, **{"components>schemas>Base": base})

    assert found["Base"] == base
    assert [found[name]["properties"]["kind"]["enum"] for name in parts_of(parts)] == [["Cat"], ["Dog"]]


def parts_of(edits: dict[str, Any]) -> list[str]:
    """Return the names of the schemas that edits put in."""
    return [path.rpartition(">")[2] for path in edits]


@pytest.mark.parametrize("odd", [7, {"propertyName": 7}, {"propertyName": "gone"}, {}, None], ids=str)
def test_an_odd_discriminator_changes_nothing(odd: Any) -> None:
    """The shape is examined later; here nothing may fall over it."""
    assert pets(**{"components>schemas>Pet>discriminator": odd}) == {"Cat": None, "Dog": None}


# Titles and the names of components

THING = {"type": "object", "title": "Thing", "properties": {"a": STRING}}


def test_a_title_that_two_schemas_have_stays_with_the_first() -> None:
    """Both would be one class; the other one is called after its place."""
    found, _ = schemas_after(**{"components>schemas>A": THING, "components>schemas>B": THING})

    assert [found[name].get("title") for name in "AB"] == ["Thing", None]


def test_a_title_by_the_name_of_a_component_gives_way() -> None:
    """References go by the component's name, and nobody refers to a title."""
    found, _ = schemas_after(**{f"{NEW}>properties>inner": {**THING, "title": "parcel"}})

    assert "title" not in found["NewParcel"]["properties"]["inner"]


def test_a_title_of_what_is_no_class_stays() -> None:
    """It names nothing."""
    titled = {"type": "string", "title": "Parcel"}

    found, _ = schemas_after(**{f"{NEW}>properties>inner": titled})

    assert found["NewParcel"]["properties"]["inner"] == titled


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("My parcel", "My_parcel"),
        ("\u041f\u043e\u0441\u0438\u043b\u043a\u0430", "Posylka"),
        ("caf\u00e9", "cafe"),
    ],
)
def test_references_follow_a_component_that_is_renamed(name: str, plain: str) -> None:
    """OpenAPI does not allow such names, and many documents have them."""
    found, notes = schemas_after(
        **{f"components>schemas>{name}": THING, f"{PARCEL}>properties>other": ref(name)}
    )

    assert name not in found
    assert found["Parcel"]["properties"]["other"] == ref(plain)
    assert notes == []


def test_data_follows_no_component_that_is_renamed() -> None:
    """An example may have a `$ref` of its own, which is a text of the API and no reference."""
    data = {"$ref": "#/components/schemas/Own Part"}
    found, _ = schemas_after(
        **{
            "components>schemas>Own Part": {"type": "object"},
            "components>schemas>User": {
                "type": "object",
                "properties": {"a": data},
                "example": {"a": dict(data)},
            },
        }
    )

    assert found["User"]["properties"]["a"]["$ref"] == "#/components/schemas/Own_Part"
    assert found["User"]["example"]["a"] == data


def test_a_class_of_too_long_a_name_keeps_its_beginning_and_its_end() -> None:
    """File systems end at 255; what programs call their classes does not."""
    long = "PagedModelOf" + "TheThingThatSomeGeneratorNamed" * 7
    inner = {"type": "object", "properties": {"b" * 100: {"type": "object", "properties": {"c": STRING}}}}
    found, notes = schemas_after(
        **{
            f"components>schemas>{long}One": inner,
            f"components>schemas>{long}Two": {"type": "object"},
            f"components>schemas>{'a' * 80}": copy.deepcopy(inner),
        }
    )

    titles = [schema.get("title") for schema in found.values() if schema.get("title")]
    assert [title.split()[-1] for title in titles] == ["One", "Two"]
    assert all(title.startswith("Paged Model Of The Thing") and len(title) < 180 for title in titles)
    within = found["a" * 80]["properties"]["b" * 100]["title"]
    assert (within[0], within[-1], len(within) < 140) == ("a", "b", True)
    assert sum("too long for a file" in note for note in notes) == 4


@pytest.mark.parametrize("name", ["a\u202eb", "$", "My_parcel "])
def test_a_component_of_no_plain_name_is_left_to_be_refused(name: str) -> None:
    """What cannot be spelled, and what would take the place of another one."""
    found, _ = schemas_after(**{f"components>schemas>{name}": THING, "components>schemas>My_parcel": THING})

    assert name in found


# Answers

ANSWERS = f"{LIST}>responses"


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
def test_an_operation_without_answers_gives_what_comes(version: str) -> None:
    """OpenAPI 3.1 allows it, and documents of 3.0 do it."""
    document, found = plain_with_notes(changed(**{"openapi": version, ANSWERS: DELETE}))

    assert list(document["paths"]["/parcels"]["get"]["responses"]) == ["default"]
    assert ["documents no answer" in str(note) for note in found] == [True]


@pytest.mark.parametrize(
    ("statuses", "is_added"),
    [
        (["405"], True),
        (["400", "5XX"], True),
        (["302", "400"], False),
        (["default"], False),
        (["2XX"], False),
    ],
)
def test_an_operation_that_documents_errors_alone_can_succeed(statuses: list[str], is_added: bool) -> None:
    """The petstores document no success of some operations, and their servers have one."""
    document, found = plain_with_notes(
        changed(**{ANSWERS: {status: {"description": "x"} for status in statuses}})
    )

    answers = document["paths"]["/parcels"]["get"]["responses"]
    assert list(answers) == [*statuses, "2XX"] if is_added else list(answers) == statuses
    assert any("documents errors alone" in str(note) for note in found) == is_added


def test_a_list_of_one_is_what_it_holds() -> None:
    """A stray dash before a schema, a body or an answer; two things in a list stay a fault."""
    text = {"type": "string"}
    schemas = "components>schemas"
    edits = {f"{schemas}>One": [text], f"{schemas}>Two": [text, text], f"{PARCEL}>properties>n": [text]}

    document, found = plain_with_notes(changed(**edits))

    assert document["components"]["schemas"]["One"] == text
    assert document["components"]["schemas"]["Two"] == [text, text]
    assert document["components"]["schemas"]["Parcel"]["properties"]["n"] == text
    assert [note.place for note in found if "a list of one" in str(note)] == [
        "#/components/schemas/One",
        "#/components/schemas/Parcel/properties/n",
    ]


@pytest.mark.parametrize(
    ("parts", "is_any"),
    [
        ([STRING, {"type": "integer"}], True),
        ([STRING, {"type": "object", "properties": {"a": STRING}}], True),
        ([{"type": "number"}, {"type": "integer"}], False),
        ([STRING, {"maxLength": 3}], False),
    ],
    ids=["text and number", "text and object", "number and integer", "text and bound"],
)
def test_an_all_of_that_nothing_fits_takes_anything(parts: list[Any], is_any: bool) -> None:
    """The document contradicts itself; a client that took nothing would be of no use."""
    _, notes = schemas_after(**{"components>schemas>Odd": {"description": "odd", "allOf": parts}})

    assert any("no value fits all of its parts" in note for note in notes) == is_any


@pytest.mark.parametrize("status", ["204", "205", "304"])
def test_http_sends_no_body_with_some_statuses(status: str) -> None:
    """RFC 9110: whoever reads one reads the next answer."""
    answer = BASE["paths"]["/parcels"]["get"]["responses"]["200"]

    document, notes = plain_with_notes(changed(**{f"{ANSWERS}>{status}": answer}))

    assert document["paths"]["/parcels"]["get"]["responses"][status] == {"description": "fine"}
    assert [f"HTTP sends no body with {status}" in str(note) for note in notes] == [True]


def test_json_stands_for_other_kinds_of_one_answer() -> None:
    """A client asks for one kind; the note names what it does without."""
    xml = {"schema": STRING}

    document, notes = plain_with_notes(changed(**{f"{ANSWERS}>200>content>application/xml": xml}))

    assert list(document["paths"]["/parcels"]["get"]["responses"]["200"]["content"]) == ["application/json"]
    assert ["reads no 'application/xml'" in str(note) for note in notes] == [True]


def test_what_swagger_says_of_a_list_and_a_method_in_capitals_are_read() -> None:
    """The method first, since nothing below it is looked at before it is one."""
    listed = {"name": "l", "in": "Query", "type": "array", "items": "integer", "collectionFormat": "pipes"}
    answers = {"200": {"description": "ok"}}
    document, notes = plain_with_notes(
        changed(**{"paths>/lists": {"GET": {"parameters": [listed], "responses": answers}}})
    )

    assert document["paths"]["/lists"]["get"]["parameters"] == [
        {
            "name": "l",
            "in": "query",
            "style": "pipeDelimited",
            "explode": False,
            "schema": {"type": "array", "items": {"type": "integer"}},
        }
    ]
    assert [str(note).partition(": ")[2] for note in notes] == [
        "a method is written 'get'; read so",
        "its schema stands in the parameter itself, as in Swagger 2.0",
        "'integer' is the name of a type; read as its schema",
    ]


# Values

VALUES: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({"enum": [True, False], "type": "boolean"}, {"type": "boolean"}, None),
    ({"enum": [False]}, {"type": "boolean"}, "only False is listed"),
    ({"enum": [1.5, 2], "type": "number"}, {"type": "number"}, "takes any number"),
    ({"enum": ["a", "b", "a"]}, {"enum": ["a", "b"]}, None),
    ({"type": "string", "default": 7}, {"type": "string", "default": "7"}, "written as one: '7'"),
    (
        {"type": "string", "pattern": "^2", "default": "now"},
        {"type": "string", "pattern": "^2"},
        "does not fit its schema; the client sends nothing",
    ),
    (
        {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "default": 0},
        {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        "does not fit",
    ),
    ({"type": "integer", "maximum": 9, "default": 9}, {"type": "integer", "maximum": 9, "default": 9}, None),
    ({"type": "string", "default": True}, {"type": "string", "default": "true"}, "read as 'true'"),
    ({"type": "array", "items": STRING, "default": []}, {"type": "array", "items": STRING}, None),
    (
        {"type": "array", "items": STRING, "default": ["a"]},
        {"type": "array", "items": STRING},
        "sends nothing",
    ),
    ({"type": "string", "properties": {"a": STRING}}, {"type": "string"}, "says nothing about a value"),
    ({"type": "string", "required": ["a"]}, {"type": "string"}, None),
    ({"type": "string", "nullable": True, "enum": ["a"]}, {"type": "string", "enum": ["a", None]}, None),
    (
        {"allOf": [{"type": "string"}, {"type": "string", "maxLength": 3}]},
        {"type": "string", "maxLength": 3},
        None,
    ),
    (
        {"allOf": [{"maxLength": 2, "type": "string"}, {"maxLength": 3, "type": "string"}]},
        {"type": "string", "maxLength": 3},
        None,
    ),
]


@pytest.mark.parametrize(("schema", "wanted", "note"), VALUES, ids=lambda value: str(value)[:60])
def test_values_are_said_plainly(schema: Any, wanted: Any, note: str | None) -> None:
    """Nothing is left out without a note, unless it says nothing at all."""
    found, notes = schemas_after(**{f"{NEW}>properties>x": copy.deepcopy(schema)})

    # What contradicts itself stays as it is, to be refused.
    assert found["NewParcel"]["properties"]["x"] == (wanted or schema)
    assert [note in one for one in notes if note] == [True] * bool(note)
    assert note or notes == []


MEMBERS = [
    (["a", "A"], ["A", "A_2"], "the value 'A' is the member A_2"),
    (["a b", "a-b", "A_B_2", "a.b"], ["A_B", "A_B_3", "A_B_2", "A_B_4"], "'a-b' is the member A_B_3"),
    (["x" * 150], ["X" * 100], "is the member X"),
    (["x" * 150, "x" * 160], ["X" * 100, "X" * 100 + "_2"], "is the member X"),
    (["a", "b"], None, None),
    (["-1", "+1"], ["VALUE_MINUS_1", "VALUE_1"], None),
    ([1, 2], None, None),
]


@pytest.mark.parametrize(("values", "names", "note"), MEMBERS, ids=lambda value: str(value)[:40])
def test_members_of_an_enum_are_told_apart(values: list[Any], names: Any, note: str | None) -> None:
    """The values are what travels; their names are for those who write Python."""
    kind = "integer" if values == [1, 2] else "string"
    found, notes = schemas_after(**{f"{NEW}>properties>x": {"type": kind, "enum": values}})

    schema = found["NewParcel"]["properties"]["x"]
    assert (schema["enum"], schema.get("x-enum-varnames")) == (values, names)
    assert any(note in one for one in notes) if note else notes == []


@pytest.mark.parametrize(
    ("schema", "nullable"),
    [
        ({"enum": ["auto", 1, 2]}, None),
        ({"type": ["string", "integer"], "enum": ["auto", 1, 2]}, None),
        ({"enum": ["auto", 1, 2, None]}, True),
    ],
)
def test_an_enum_of_texts_and_integers_is_one_of_two(schema: dict[str, Any], nullable: bool | None) -> None:
    """Python's enumerations hold values of one kind."""
    found, notes = schemas_after(**{f"{NEW}>properties>x": schema})

    told = found["NewParcel"]["properties"]["x"]
    assert told["anyOf"] == [{"type": "string", "enum": ["auto"]}, {"type": "integer", "enum": [1, 2]}]
    assert (told.keys() - {"nullable"}, told.get("nullable"), notes) == ({"anyOf"}, nullable, [])


def test_the_type_holds_where_an_enum_lists_another_one() -> None:
    """Many documents list numbers for a text, or texts for a number."""
    found, notes = schemas_after(**{f"{NEW}>properties>x": {"type": "string", "enum": ["a", 1]}})

    assert found["NewParcel"]["properties"]["x"] == {"type": "string", "enum": ["a", "1"]}
    assert ["its values are read as string" in note for note in notes] == [True]


@pytest.mark.parametrize("key", ["format", "default"])
def test_what_stands_idle_beside_a_reference_is_left_out(key: str) -> None:
    """OpenAPI 3.0 ignores it, and many tools write it."""
    found, notes = schemas_after(**{f"{NEW}>properties>x": {**ref("Parcel"), key: "uri"}})

    assert found["NewParcel"]["properties"]["x"] == ref("Parcel")
    assert ["beside a $ref" in note for note in notes] == [True]


def test_a_part_may_require_what_another_part_has() -> None:
    """The generator looks for a required name in the part that asks for it."""
    found, notes = schemas_after(
        **{
            "components>schemas>Strict": {"type": "object", "required": ["status"]},
            "components>schemas>Whole": {"allOf": [ref("Parcel"), ref("Strict")]},
        }
    )

    assert (found["Whole"]["required"], found["Strict"]["required"], notes) == (["status"], [], [])


@pytest.mark.parametrize("use", ["Lacking", "Alone"])
def test_a_required_name_that_nobody_has_takes_any_value(use: str) -> None:
    """Where one of those who use the part lacks the name, or uses the part alone."""
    strict = {"type": "object", "required": ["status"]}
    other = {"allOf": [ref("NewParcel"), ref("Strict")]} if use == "Lacking" else {"type": "array"}
    if use == "Alone":
        other["items"] = ref("Strict")  # type: ignore[assignment]

    found, notes = schemas_after(
        **{
            "components>schemas>Strict": strict,
            "components>schemas>Whole": {"allOf": [ref("Parcel"), ref("Strict")]},
            f"components>schemas>{use}": other,
        }
    )

    assert found["Strict"] == {**strict, "properties": {"status": {}}}
    assert any("'status' is required and not described; it takes any value" in note for note in notes)


def test_a_title_gives_way_to_the_name_of_another_component() -> None:
    """References go by names; `detail` titled "Invoice Detail" beside `invoice_detail` would be one class."""
    found, _ = schemas_after(
        **{
            "components>schemas>detail": {**THING, "title": "Big Thing"},
            "components>schemas>big_thing": {**THING, "title": "Big Thing"},
        }
    )

    assert [found[name].get("title") for name in ("detail", "big_thing")] == [None, None]


def test_the_callers_document_is_not_touched() -> None:
    """The rules work on a copy: the same document is compared with the package later."""
    document = changed(**PETS)
    before = copy.deepcopy(document)

    plain_with_notes(document)

    assert document == before


@pytest.mark.parametrize("name", ["Authorization", "ACCEPT", "content-type", "Host", *OWN_HEADERS])
def test_a_header_that_is_not_the_callers_is_left_out_with_a_note(name: str) -> None:
    """OpenAPI has some ignored, and the HTTP library writes others itself."""
    document = copy.deepcopy(BASE)
    put(document, f"{LIST}>parameters>1>name", name)

    found, notes = plain_with_notes(document)

    assert [one["name"] for one in found["paths"]["/parcels"]["get"]["parameters"]] == ["pageSize"]
    assert [name in str(note) and "left out" in str(note) for note in notes] == [True]


# Letters


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain_Name-1", "plain_Name-1"),
        ("\u041f\u043e\u0441\u0438\u043b\u043a\u0430", "Posylka"),
        ("\u0429\u0430\u0441\u0442\u044f", "Shchastia"),
        ("\u0437\u0432\u2019\u044f\u0437\u043e\u043a", "zviazok"),
        ("'quoted'", "'quoted'"),
        ("Stra\u00dfe \u0141\u00f3d\u017a caf\u00e9", "Strasse Lodz cafe"),
        ("\uff49\uff4d\uff50\uff4f\uff52\uff54", "import"),
        ("\ufb01le", "file"),
        ("\u0130d", "Id"),
        ("\u540d", "_u540d_"),
        ("\u20ac", "\u20ac"),
    ],
)
def test_letters_of_other_alphabets_become_plain(text: str, plain: str) -> None:
    """By one table, so that a name is the same on every machine."""
    assert plain_letters(text) == plain


@pytest.mark.parametrize(
    ("name", "plain"), [("@", "at"), ("$", "dollar"), ("", "empty"), ("?!", "question not"), ("a$", "a$")]
)
def test_a_name_is_never_empty(name: str, plain: str) -> None:
    """Some documents have a property @ beside a property $."""
    assert spelled(name) == plain


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("\u0441ity", "CYRILLIC SMALL LETTER ES"),
        ("p\u0430rcel", "CYRILLIC SMALL LETTER A"),
        ("\u03bfrder", "GREEK SMALL LETTER OMICRON"),
        ("\u043c\u0456\u0441\u0442o", "CYRILLIC SMALL LETTER EM"),
    ],
)
def test_a_letter_among_those_it_looks_like_is_told(name: str, letter: str) -> None:
    """Nobody who reads the document can see it."""
    assert letter in str(mixed_alphabets(name))


@pytest.mark.parametrize(
    "name",
    [
        "city",
        "\u043c\u0456\u0441\u0442\u043e",
        "id_\u043c\u0456\u0441\u0442\u0430",
        "\u540dname",
        "caf\u00e9",
    ],
)
def test_words_of_one_alphabet_each_are_fine(name: str) -> None:
    """Ukrainian documents have names of both, with something between."""
    assert mixed_alphabets(name) is None


@pytest.mark.parametrize("rest", ["?lang=uk", "?to=", "#", "#a?b"])
def test_a_path_is_appended_to_what_stands_before_a_query(rest: str) -> None:
    """The host stays the same; what a server wants in each query is an argument or a header of the caller."""
    document, found = plain_with_notes(changed(servers=[{"url": f"https://api.example/v1{rest}"}]))

    assert document["servers"][0]["url"] == "https://api.example/v1"
    assert any("#/servers/0/url" in str(note) for note in found)


@pytest.mark.parametrize("kind", ["oneOf", "anyOf"])
def test_a_choice_of_one_is_that_one(kind: str) -> None:
    """Two classes for one schema would not fit each other."""
    alone = {"title": "Alone", kind: [ref("Parcel")]}
    found, notes = schemas_after(
        **{
            "components>schemas>T": alone,
            "components>schemas>U": {"type": "object", "properties": {"t": ref("T")}},
        }
    )

    assert found["T"] == ref("Parcel")
    assert notes == []


# OpenAPI 3.2, and schemas that are true or false

NEWER: dict[str, Any] = {
    "openapi": "3.2.0",
    "$self": "https://a.example/openapi.yaml",
    "paths": {
        "/q": {
            "parameters": [{"name": "X-T", "in": "header", "schema": STRING}],
            "get": {
                "parameters": [
                    {
                        "name": "all",
                        "in": "querystring",
                        "content": {
                            "application/x-www-form-urlencoded": {
                                "schema": {
                                    "type": "object",
                                    "required": ["a"],
                                    "properties": {"a": STRING, "b": STRING},
                                }
                            }
                        },
                    }
                ],
                "responses": {
                    "200": {"content": {"application/json": {"$ref": "#/components/mediaTypes/M"}}},
                    "201": {"content": {"text/event-stream": {"itemSchema": {"type": "object"}}}},
                },
            },
            "query": {"requestBody": {"content": {}}, "responses": {"200": {"description": "d"}}},
            "additionalOperations": {"COPY": {"responses": {"204": {"description": "d"}}}, "b c": {}},
        }
    },
    "components": {
        "mediaTypes": {
            "M": {"schema": STRING, "examples": {"one": {"dataValue": "x", "serializedValue": "y"}}}
        }
    },
}


def test_what_openapi_3_2_adds_is_said_in_the_words_of_3_1() -> None:
    """Other methods, a query as a whole, items that stream, media types that are references."""
    document, notes = plain_with_notes(copy.deepcopy(NEWER))

    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {"/q", "/q#QUERY", "/q#COPY"}
    assert {
        path: next(each["x-http-method"] for each in item.values() if "x-http-method" in each)
        for path, item in document["paths"].items()
        if "#" in path
        for item in [{name: value for name, value in item.items() if isinstance(value, dict)}]
    } == {"/q#QUERY": "QUERY", "/q#COPY": "COPY"}
    asked = document["paths"]["/q"]["get"]
    assert [(each["name"], each["in"], each["required"]) for each in asked["parameters"]] == [
        ("a", "query", True),
        ("b", "query", False),
    ]
    answers = [asked["responses"][status]["content"] for status in ("200", "201")]
    assert answers[0]["application/json"]["schema"] == STRING
    assert answers[1]["text/event-stream"]["schema"] == STRING
    reasons = " | ".join(str(note) for note in notes)
    assert "comes item by item" in reasons
    assert "'b c' is no method" in reasons


def test_a_schema_that_is_true_or_false_is_said_in_keywords() -> None:
    """The generator's own parser knows objects only."""
    properties = {"any": True, "none": False, "list": {"type": "array", "items": True}}
    found, notes = schemas_after(
        **{"openapi": "3.1.0", "components>schemas>T": {"type": "object", "properties": properties}}
    )

    assert found["T"]["properties"] == {"any": {}, "list": {"type": "array", "items": {}}}
    assert any("no value fits it" in note for note in notes)


# Components


def test_a_component_that_is_another_under_a_second_name_is_that_one() -> None:
    """Otherwise the classes within it would be made twice, and would not be one type."""
    inner = {"type": "array", "items": {"type": "object", "properties": {"tag": STRING}}}
    found, _ = schemas_after(
        **{
            "components>schemas>Tags": {"type": "object", "properties": {"tags": inner}},
            "components>schemas>NewTags": {"type": "object", "title": "New", "allOf": [ref("Tags")]},
            "components>schemas>NewestTags": {"allOf": [ref("NewTags")]},
            "components>schemas>Parcel>properties>tags": ref("NewestTags"),
        }
    )

    assert found["Parcel"]["properties"]["tags"] == ref("Tags")
    assert "Tags" in found
    assert not {"NewTags", "NewestTags"} & found.keys()


@pytest.mark.parametrize(("version", "null"), [("3.0.3", {"nullable": True}), ("3.1.0", {})])
def test_null_is_fine_where_an_object_that_holds_itself_is_named(version: str, null: dict[str, Any]) -> None:
    """A list whose tail may be null: the class is the object, and each place of it says that null is fine."""
    tail = {"type": "object" if null else ["object", "null"], **null, "properties": {"tail": ref("Tail")}}
    found, _ = schemas_after(openapi=version, **{"components>schemas>Tail": tail})

    assert found["Tail"]["type"] == "object"
    assert "nullable" not in found["Tail"]
    held = found["Tail"]["properties"]["tail"]
    assert held == (
        {"nullable": True, "allOf": [ref("Tail")]} if null else {"oneOf": [ref("Tail"), {"type": "null"}]}
    )


def test_what_lies_below_is_listed_once_for_all_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document may have thousands of components that may be null."""
    schemas = {f"N{place}": {"type": "object", "nullable": True} for place in range(20)}
    tree = Tree({"openapi": "3.0.3", "components": {"schemas": schemas}})
    walks = []

    class Counted(tuple[Node, ...]):
        def __iter__(self) -> Iterator[Node]:
            walks.append(1)
            return super().__iter__()

    monkeypatch.setattr(tree, "nodes", Counted(tree.nodes))
    assert list(nulls.nullable_circles(tree)) == []

    assert len(walks) == 2  # for the components, and for what lies below each node


def test_extensions_among_paths_and_answers_are_no_paths_and_no_answers() -> None:
    """Any value may stand there (OpenAPI 3.0.4, 4.9)."""
    document, notes = plain_with_notes(
        changed(**{"paths>x-limits": 3, "paths>/parcels>get>responses>x-cache": {"seconds": 5}})
    )

    assert "x-limits" not in document["paths"]
    assert list(document["paths"]["/parcels"]["get"]["responses"]) == ["200", "404"]
    assert notes == []


def test_a_content_that_is_a_reference_is_what_it_leads_to() -> None:
    """Some bundlers write one, where OpenAPI 3.2 has a reference in place of each media type."""
    media = {"application/json": {"schema": STRING}}
    document, notes = plain_with_notes(
        changed(
            **{
                "components>mediaTypes": {"text": media},
                "paths>/parcels>get>responses>200": {
                    "description": "ok",
                    "content": {"$ref": "#/components/mediaTypes/text"},
                },
            }
        )
    )

    assert document["paths"]["/parcels"]["get"]["responses"]["200"]["content"] == media
    assert "mediaTypes" not in document["components"]
    assert [note.place for note in notes] == ["#/paths/~1parcels/get/responses/200/content"]


def test_properties_beside_a_choice_say_nothing_of_a_flag() -> None:
    """A return envelope is true, or an object with an id."""
    found, _ = schemas_after(
        **{
            "components>schemas>Envelope": {
                "oneOf": [{"type": "boolean"}, {"type": "object"}],
                "properties": {"id": STRING},
            }
        }
    )

    flag, whole = found["Envelope"]["oneOf"]
    assert flag == {"type": "boolean"}
    parts = found[whole["$ref"].rpartition("/")[2]]["allOf"]
    assert {"type": "object", "properties": {"id": STRING}} in parts
