"""Are unusual words in schemas read as they are meant, each with a note where something is left out?"""

import copy
from typing import Any

import pytest

from contract_tests.self_tests.generator.hostile.documents import (
    NEW,
    STRING,
    changed,
    ref,
)
from scripts.normalize import plain_with_notes
from scripts.preflight import examine

FIELD = f"{NEW}>properties>x"


def read(path: str, **edits: Any) -> tuple[Any, list[str]]:
    """Return what becomes of a place in the base with the edits, and the notes; nothing of it is refused."""
    edits.setdefault("components>schemas>Code", STRING)
    document, notes = plain_with_notes(changed(**copy.deepcopy(edits)))
    assert examine(document) == []
    found: Any = document
    for step in path.split(">"):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found, [
        str(note).replace("#/components/schemas/NewParcel/properties/x", "").lstrip("/") for note in notes
    ]


# A schema, what is generated from it, and the notes

SCHEMAS: list[tuple[Any, Any, list[str]]] = [
    (None, {}, [": says nothing; taken for any value"]),
    ({"type": "string,"}, STRING, ["type: 'string,' is no type; read as 'string'"]),
    ({"type": "Integer"}, {"type": "integer"}, ["type: 'Integer' is no type; read as 'integer'"]),
    ({"type": "int64"}, {"type": "integer"}, ["type: 'int64' is no type; read as 'integer'"]),
    (
        {"type": ["str", "null"]},
        {"type": ["string", "null"]},
        ["type: ['str', 'null'] is no type; read as ['string', 'null']"],
    ),
    (
        {"type": "datetime"},
        {"type": "string", "format": "date-time"},
        ["type: 'datetime' is no type; read as 'string'"],
    ),
    ({"type": "any"}, {}, ["type: 'any' is no type; read as 'any value'"]),
    ({"type": ["any", "null"]}, {}, ["type: ['any', 'null'] is no type; read as 'any value'"]),
    ({"type": ["string", "string"]}, STRING, []),
    ({"type": ["null"]}, {"type": ["null"]}, []),
    ({"type": "string", "required": True}, STRING, ["required: the object requires 'x'"]),
    ({"type": "string", "required": "false"}, STRING, ["required: is no list of names; left out"]),
    ({"type": "string", "x-nullable": True}, {"type": "string", "nullable": True}, []),
    ({"type": "array", "items": True}, {"type": "array", "items": {}}, []),
    (
        {"type": "array", "items": [STRING, {"type": "integer"}]},
        {"type": "array", "items": {"anyOf": [STRING, {"type": "integer"}]}},
        ["prefixItems: any of these at any position, as far as the client is concerned"],
    ),
    ({"type": "array", "contains": True, "items": STRING}, {"type": "array", "items": STRING}, []),
    (
        {"type": "object", "properties": {"a": True, "b": False}},
        {"type": "object", "properties": {"a": {}}},
        ["properties/b: no value fits it; left out"],
    ),
    (
        {"type": "object", "patternProperties": {"^a": True, "^b": False}},
        {"type": "object", "additionalProperties": {}},
        [
            "patternProperties/^b: must not be there; left out",
            "patternProperties: are further properties to the client, whatever their names",
        ],
    ),
    (
        {"type": "object", "patternProperties": {"^a": STRING}, "additionalProperties": {"type": "integer"}},
        {"type": "object", "additionalProperties": {"anyOf": [STRING, {"type": "integer"}]}},
        ["patternProperties: are further properties to the client, whatever their names"],
    ),
    (
        {"type": "object", "patternProperties": {"^a": STRING}, "additionalProperties": False},
        {"type": "object", "additionalProperties": STRING},
        ["patternProperties: are further properties to the client, whatever their names"],
    ),
    (
        {"type": "object", "patternProperties": {"^a": STRING}},
        {"type": "object", "additionalProperties": {}},
        ["patternProperties: are further properties to the client, whatever their names"],
    ),
    ({"anyOf": [STRING, True]}, {"anyOf": [STRING, {}]}, []),
    ({"anyOf": [STRING, False]}, {"anyOf": [STRING]}, []),
    ({"allOf": []}, {}, ["allOf: an empty list, which says nothing; left out"]),
    ({"type": []}, {}, ["type: an empty list, which says nothing; left out"]),
    ({"enum": []}, {}, ["enum: lists nothing; left out"]),
    (
        {"const": [1]},
        {"type": "array", "items": {}},
        ["const: the client takes any value of its type", ": an array without `items`; it holds any values"],
    ),
    ({"const": {"a": 1}}, {"type": "object"}, ["const: the client takes any value of its type"]),
    ({"type": "string", "default": None}, STRING, []),
    ({"type": "string", "nullable": "true"}, {"type": "string", "nullable": True}, []),
    ({"type": "string", "deprecated": "yes"}, {"type": "string", "deprecated": False}, []),
    ({"type": "string", "title": 5}, {"type": "string", "title": "5"}, []),
    ({"type": "string", "title": ["a"]}, STRING, ["title: is no text; left out"]),
    (
        {"type": "string", "maxLength": "5"},
        {"type": "string", "maxLength": 5},
        ["maxLength: '5' is no number; read as one"],
    ),
    ({"type": "string", "maxLength": "five"}, STRING, ["maxLength: 'five' is no number; left out"]),
    ({"type": "string", "contentMediaType": "image/png"}, {"type": "string", "format": "binary"}, []),
    (
        {"type": "string", "contentMediaType": "application/json"},
        STRING,
        [": holds 'application/json' as text, which the caller reads and writes"],
    ),
    (
        {"type": "string", "contentMediaType": "image/png", "contentEncoding": "base64"},
        STRING,
        [": holds 'image/png' as text, which the caller reads and writes"],
    ),
    ({"$defs": {"a": STRING}, "type": "string"}, STRING, []),
    (
        {"type": "object", "properties": {"a": STRING}, "unevaluatedProperties": False},
        {"type": "object", "properties": {"a": STRING}, "additionalProperties": False},
        [],
    ),
    (
        {"type": "object", "properties": {"a": STRING}, "dependentRequired": {"a": ["b"]}},
        {"type": "object", "properties": {"a": STRING}},
        ["dependentRequired: the client does not check 'dependentRequired', the server does"],
    ),
    (
        {"type": "array", "prefixItems": [STRING, {"type": "integer"}], "items": {"type": "boolean"}},
        {"type": "array", "items": {"anyOf": [STRING, {"type": "integer"}, {"type": "boolean"}]}},
        ["prefixItems: any of these at any position, as far as the client is concerned"],
    ),
    (
        {"type": "string", "format": "date", "maxLength": 8},
        {"type": "string", "maxLength": 8},
        ["format: date of another length than usual; text"],
    ),
    (
        {"type": "string", "format": "date", "maxLength": 10},
        {"type": "string", "format": "date", "maxLength": 10},
        [],
    ),
    (
        {"type": "string", "format": "date", "pattern": "^\\d{8}$"},
        {"type": "string", "pattern": "^\\d{8}$"},
        ["pattern: asks for another form of date than the client writes; the caller gives text"],
    ),
    (
        {"type": "string", "format": "date", "pattern": "^\\d{4}-\\d\\d-\\d\\d$"},
        {"type": "string", "format": "date", "pattern": "^\\d{4}-\\d\\d-\\d\\d$"},
        [],
    ),
    (
        {"type": "string", "format": "date", "pattern": "("},
        {"type": "string", "pattern": "("},
        ["pattern: asks for another form of date than the client writes; the caller gives text"],
    ),
    (
        {"type": "string", "format": "uuid", "pattern": "a" * 600},
        {"type": "string", "pattern": "a" * 600},
        ["pattern: asks for another form of uuid than the client writes; the caller gives text"],
    ),
    (
        {"enum": ["auto", 1], "default": "auto"},
        {"default": "auto"},
        ["enum: lists integer and string; the client takes any value of its type"],
    ),
    (
        {"type": "array", "items": STRING, "enum": ["a", "b"]},
        {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        ["enum: lists the items of the array; read so"],
    ),
    (
        {"type": "array", "items": {"type": "string", "enum": ["a"]}, "enum": ["a", "b"]},
        {"type": "array", "items": {"type": "string", "enum": ["a"]}},
        ["enum: lists the items of the array; read so"],
    ),
    (
        {"enum": [18446744073709551616, 1]},
        {"type": "integer"},
        ["enum: holds an integer of more than 64 bits; the client takes any value of its type"],
    ),
    ({"enum": [1.5, None]}, {"type": ["number", "null"]}, ["enum: the client takes any number"]),
    (
        {"enum": [{"a": 1}, "x"]},
        {},
        ["enum: lists object and string; the client takes any value of its type"],
    ),
    (
        {"enum": ["a", None, True]},
        {},
        ["enum: lists boolean and string; the client takes any value of its type"],
    ),
    ({"const": "a", "default": "b"}, {"const": "a"}, []),
    ({"const": 1.5}, {"type": "number"}, ["const: the client takes any number"]),
    (
        {"type": "boolean", "enum": [True, None]},
        {"type": ["boolean", "null"]},
        ["enum: only True is listed; the client takes any boolean"],
    ),
    (
        {"type": "number", "default": "1.5"},
        {"type": "number", "default": 1.5},
        ["default: '1.5' is of string; read as 1.5"],
    ),
    (
        {"type": "integer", "default": 2.0},
        {"type": "integer", "default": 2},
        ["default: 2.0 is of number; read as 2"],
    ),
    (
        {"type": "integer", "default": "7"},
        {"type": "integer", "default": 7},
        ["default: '7' is of string; read as 7"],
    ),
    (
        {"type": "string", "default": 1.5},
        {"type": "string", "default": "1.5"},
        ["default: 1.5 is of number; read as '1.5'"],
    ),
    (
        {"type": "object", "discriminator": "kind", "properties": {"kind": STRING}},
        {"type": "object", "discriminator": {"propertyName": "kind"}, "properties": {"kind": STRING}},
        [],
    ),
    (
        {"allOf": [ref("Parcel")], "nullable": True, "type": "object"},
        {"allOf": [ref("Parcel")], "nullable": True},
        [],
    ),
    ({"allOf": [ref("Parcel")], "additionalProperties": False}, {"allOf": [ref("Parcel")]}, []),
    (
        {"allOf": [ref("Parcel")], "additionalProperties": False, "properties": {"y": STRING}},
        {"allOf": [ref("Parcel"), {"type": "object", "properties": {"y": STRING}}]},
        [],
    ),
    ({"$ref": "Parcel"}, ref("Parcel"), [": refers to 'Parcel'; read as '#/components/schemas/Parcel'"]),
    (
        {"$ref": "#/definitions/Parcel"},
        ref("Parcel"),
        [": refers to '#/definitions/Parcel'; read as '#/components/schemas/Parcel'"],
    ),
    (
        {"$ref": "#/components/schemas/Parcel", "description": "d"},
        {"$ref": "#/components/schemas/Parcel", "description": "d"},
        [],
    ),
    (
        {"$ref": "#/components/schemas/Parcel", "nullable": True},
        ref("Parcel"),
        ["nullable: stands beside a $ref, where OpenAPI 3.0 has it ignored; left out (allOf would keep it)"],
    ),
    (
        {"$ref": "#/components/schemas/Parcel/properties/status"},
        {"$ref": "#/components/schemas/Parcel_status"},
        [],
    ),
]

# The same in OpenAPI 3.1

LATER: list[tuple[Any, Any, list[str]]] = [
    ({"type": "string", "nullable": True}, {"type": "string", "nullable": True}, []),
    (
        {"$ref": "#/components/schemas/Parcel", "nullable": True},
        ref("Parcel"),
        ["nullable: OpenAPI 3.1 knows no nullable; left out (null is a type there)"],
    ),
    (
        {"$ref": "#/components/schemas/Parcel", "required": ["status"]},
        {
            "type": "object",
            "properties": {
                "id": STRING,
                "status": {"type": "string", "enum": ["new", "done"]},
                "sizes": {"type": "array", "items": {"type": "integer"}},
            },
            "required": ["id", "status"],
        },
        [],
    ),
    (
        {"$ref": "#/components/schemas/Parcel", "allOf": [{"required": ["status"]}]},
        {
            "type": "object",
            "properties": {
                "id": STRING,
                "status": {"type": "string", "enum": ["new", "done"]},
                "sizes": {"type": "array", "items": {"type": "integer"}},
            },
            "required": ["id", "status"],
        },
        [],
    ),
    ({"type": "string", "x-nullable": True}, STRING, []),
    (
        {"type": ["object", "null"], "allOf": [ref("Parcel")]},
        {"oneOf": [ref("Parcel"), {"type": "null"}]},
        [],
    ),
    ({"type": "object", "allOf": [ref("Parcel")]}, {"type": "object", "allOf": [ref("Parcel")]}, []),
    (
        {"allOf": [ref("Code"), {"type": ["string", "null"], "description": "d"}]},
        {"allOf": [ref("Code")], "nullable": True, "description": "d"},
        [],
    ),
    ({"allOf": [ref("Code"), {"nullable": True}]}, {"allOf": [ref("Code")], "nullable": True}, []),
    ({"type": "string", "allOf": [ref("Code")]}, {"allOf": [ref("Code")]}, []),
    (
        {"allOf": [ref("Code"), {"type": "integer"}]},
        {},
        ["allOf: no value fits all of its parts; taken for any value"],
    ),
    ({"allOf": [ref("Code"), {"maxLength": 3}]}, {"allOf": [ref("Code")], "maxLength": 3}, []),
]


@pytest.mark.parametrize(("schema", "wanted", "notes"), SCHEMAS, ids=lambda value: str(value)[:60])
def test_a_schema_is_read_as_it_is_meant(schema: Any, wanted: Any, notes: list[str]) -> None:
    """What is generated is plain, and each word that was left out or read otherwise is told."""
    assert read(FIELD, **{FIELD: schema}) == (wanted, notes)


@pytest.mark.parametrize(("schema", "wanted", "notes"), LATER, ids=lambda value: str(value)[:60])
def test_a_schema_of_openapi_3_1_is_read_as_it_is_meant(schema: Any, wanted: Any, notes: list[str]) -> None:
    """Words beside a reference count there, and null is a type."""
    assert read(FIELD, openapi="3.1.0", **{FIELD: schema}) == (wanted, notes)
