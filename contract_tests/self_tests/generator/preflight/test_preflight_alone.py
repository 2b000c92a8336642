"""Does the preflight alone name what the generator gets wrong, where nothing put it right before?

A rule that cannot cope with the form of a document is passed over, so the preflight may see what it mends.
"""

import copy
from typing import Any

import pytest

from contract_tests.self_tests.generator.hostile.documents import BODY, LIST, NEW, STRING, changed, ref
from scripts.preflight import examine

FIELD = f"{NEW}>properties>x"
SCHEMAS: list[tuple[dict[str, Any], str]] = [
    (
        {"allOf": [ref("Parcel")], "properties": {"a": STRING}, "required": ["a"]},
        ": the generator ignores properties, required beside a single reference",
    ),
    (
        {"oneOf": [ref("Parcel")], "nullable": True, "type": "object"},
        ": the generator ignores the permission of null beside a single reference",
    ),
    (
        {"anyOf": [STRING, {"type": "integer"}], "oneOf": [STRING, {"type": "integer"}]},
        ": the generator mixes up anyOf and oneOf in one schema",
    ),
    ({"anyOf": [STRING, {"type": "integer"}], "enum": ["a"]}, ": the generator ignores enum beside anyOf"),
    (
        {"oneOf": [STRING, {"type": "integer"}], "type": ["string", "integer"]},
        ": the generator adds the types beside oneOf to its parts",
    ),
    (
        {"type": "string", "allOf": [{"maxLength": 3}, STRING]},
        ": the generator ignores allOf beside type string",
    ),
    (
        {"allOf": [STRING, {"type": "object"}]},
        "allOf/0: a part of allOf that is no object; the generator makes one of it",
    ),
    (
        {
            "allOf": [
                {
                    "anyOf": [
                        {"type": "object", "properties": {"a": STRING}},
                        {"type": "object", "properties": {"b": STRING}},
                    ]
                },
                {"type": "object"},
            ]
        },
        "allOf/0: a part of allOf with alternatives of its own, which the generator ignores",
    ),
    (
        {
            "allOf": [
                {"allOf": [{"type": "object", "properties": {"a": STRING}}, {"type": "object"}]},
                {"type": "object"},
            ]
        },
        "allOf/0: a part of allOf with an allOf of its own, which the generator ignores",
    ),
    (
        {"allOf": [{"type": "object", "additionalProperties": STRING}, {"type": "object"}]},
        "allOf/0: the generator ignores additionalProperties of a part of allOf",
    ),
    (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string", "default": "x"}}},
                {"type": "object", "properties": {"a": {"type": "string", "default": "y"}}},
            ]
        },
        "allOf/0/properties/a/default: 'x' here and 'y' in another part",
    ),
    ({"allOf": []}, "allOf: an empty list, which nothing fits"),
    (
        {"type": "object", "anyOf": [{"type": "object"}, {}]},
        "anyOf/1: has no type of its own, so the generator takes anything for it",
    ),
    (
        {"type": "string", "anyOf": [{"maxLength": 3}, {"minLength": 9}]},
        "anyOf/0: has no type of its own, so the generator takes anything for it",
    ),
    (
        {"type": "object", "required": ["nobody"]},
        "required: 'nobody' is required, but no property has that name",
    ),
    ({"type": "array"}, ": an array without `items`; the generator drops whatever needs it"),
    (
        {"type": "object", "patternProperties": {"^a": STRING}},
        "patternProperties: the generator does not read 'patternProperties'",
    ),
    ({"enum": ["a", 1]}, "enum: mixes values of integer and string; the generator takes one type"),
    ({"enum": [1.5]}, "enum: values of number; the generator takes enums of text or integers only"),
    ({"type": "integer", "enum": ["a"]}, "enum: values of string, though the type is integer"),
    (
        {"enum": ["a", "b"], "x-enum-varnames": ["A"]},
        "enum: x-enum-varnames has not one name for each value, so the generator ignores it",
    ),
    (
        {"type": "integer", "enum": [9223372036854775808]},
        "enum: the value 9223372036854775808 needs more than 64 bits",
    ),
    ({"enum": ["a", "A"]}, "enum: the values 'a' and 'A' become one member, A"),
    ({"const": 1.5}, "const: a constant of number; the generator knows text, integers, booleans"),
    ({"const": None}, "const: a constant of null; the generator knows text, integers, booleans"),
    (
        {"type": "array", "items": STRING, "default": ["a"]},
        "default: the generator drops a default that is an array",
    ),
    ({"type": "integer", "default": "a"}, "default: 'a' is of string; the schema takes integer"),
    ({"type": "string", "format": "binary", "default": "a"}, "default: a file has no default"),
    (
        {"type": "string", "format": "date", "default": "2020-13-01"},
        "default: '2020-13-01' is not of the format date",
    ),
    (
        {"type": "string", "format": "date-time", "default": "2020-01-01T00:00:00"},
        "default: '2020-01-01T00:00:00' has no time zone, which RFC 3339 asks for",
    ),
    (
        {"type": "string", "format": "uuid", "default": "{12345678123456781234567812345678}"},
        "default: '{12345678123456781234567812345678}' is no UUID as RFC 9562 writes it",
    ),
    ({"enum": ["a"], "default": "b"}, "default: 'b' is none of the enum's values"),
    ({"type": "integer", "default": 18446744073709551616}, "default: needs more than 64 bits"),
    (
        {"type": "number", "default": 9007199254740993},
        "default: 9007199254740993 is no number that 64 bits hold exactly; "
        "every reader of JSON would change it",
    ),
]
ELSEWHERE: list[tuple[str, dict[str, Any], str]] = [
    (f"{LIST}>responses", {}, "GET /parcels documents no answer"),
    (
        f"{LIST}>responses",
        {"2000": {"description": "d"}},
        "is neither a status such as 200, nor a range such as 2XX, nor `default`",
    ),
    (f"{BODY}>application/json", {}, "the generator drops a body without a schema"),
    (
        BODY,
        {"application/json": {"schema": {"type": "string", "format": "binary"}}},
        "JSON cannot carry raw bytes (format: binary)",
    ),
    (
        BODY,
        {"json": {"schema": STRING}},
        "'json' is no media type such as application/json; correct it by an overlay",
    ),
    (
        BODY,
        {"application/json; charset=latin1": {"schema": STRING}},
        "the client writes UTF-8, and not 'latin1'",
    ),
    (
        BODY,
        {"multipart/form-data": {"schema": STRING}},
        "the client writes only a single object as multipart/form-data",
    ),
    (
        f"{LIST}>responses>200>content",
        {"text/plain": {"schema": {"type": "object"}}},
        "the client reads text only as a text",
    ),
    (
        "components>schemas>parcel",
        {"type": "object"},
        "the classes 'Parcel' and 'Parcel' become one module, as #/components/schemas/Parcel",
    ),
]


@pytest.mark.parametrize(("schema", "reason"), SCHEMAS, ids=lambda value: str(value)[:60])
def test_a_schema_that_would_be_generated_wrong_is_refused(schema: dict[str, Any], reason: str) -> None:
    """The keyword and the reason are named."""
    refused = [str(one) for one in examine(changed(**{FIELD: copy.deepcopy(schema)}))]

    place = "#/components/schemas/NewParcel/properties/x"
    assert refused[0].replace(place, "").lstrip("/") == reason


@pytest.mark.parametrize(("place", "value", "reason"), ELSEWHERE, ids=lambda value: str(value)[:60])
def test_what_would_be_dropped_or_misread_is_refused(place: str, value: dict[str, Any], reason: str) -> None:
    """Bodies, answers, and names that two things would have."""
    assert reason in [one.reason for one in examine(changed(**{place: copy.deepcopy(value)}))]
