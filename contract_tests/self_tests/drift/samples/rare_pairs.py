"""Pairs of descriptions with what few documents have, the truth beside each."""

from typing import Any

from contract_tests.self_tests.drift.samples.schema_pairs import Document, Pair, answered, asked, described
from contract_tests.self_tests.drift.samples.unheard_pairs import OK, TEXT, WHOLE, operation, parameter, thing

PAIRS: list[Pair] = []


def put(name: str, truth: str, base: Document, revision: Document) -> None:
    """Put a pair on the list."""
    PAIRS.append(Pair(name, truth, base, revision))


def schema_pair(name: str, in_request: str, in_answer: str, before: Any, after: Any) -> None:
    """Put the same pair of schemas on the list as a request and as an answer."""
    put(f"{name}-in-a-request", in_request, asked(before), asked(after))
    put(f"{name}-in-an-answer", in_answer, answered(before), answered(after))


# How many properties an object may have: one that says nothing of others may have any other

FREE: Document = {"type": "object"}
schema_pair("a-free-object-gets-a-maximum", "breaking", "compatible", FREE, {**FREE, "maxProperties": 2})
schema_pair(
    "a-free-object-gets-a-lower-maximum",
    "breaking",
    "compatible",
    {**FREE, "maxProperties": 5},
    {**FREE, "maxProperties": 2},
)
schema_pair(
    "an-open-object-gets-a-lower-maximum",
    "breaking",
    "compatible",
    {**thing(a=TEXT), "maxProperties": 5},
    {**thing(a=TEXT), "maxProperties": 2},
)
schema_pair(
    "a-maximum-says-what-is-so",
    "equivalent",
    "equivalent",
    {**thing(a=TEXT), "additionalProperties": False},
    {**thing(a=TEXT), "additionalProperties": False, "maxProperties": 1},
)

# The same values in other words

schema_pair(
    "two-divisors-are-one",
    "equivalent",
    "equivalent",
    {"allOf": [{**WHOLE, "multipleOf": 4}, {"multipleOf": 6}]},
    {**WHOLE, "multipleOf": 12},
)
schema_pair(
    "two-divisors-are-less-than-their-product",
    "breaking",
    "compatible",
    {"allOf": [{**WHOLE, "multipleOf": 4}, {"multipleOf": 6}]},
    {**WHOLE, "multipleOf": 24},
)
schema_pair(
    "what-two-lists-of-values-share",
    "equivalent",
    "equivalent",
    {"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]},
    {"enum": ["b"]},
)
schema_pair(
    "entries-by-their-place",
    "breaking",
    "breaking",
    {"type": "array", "items": [TEXT]},
    {"type": "array", "items": [WHOLE]},
)

# Other values

schema_pair(
    "long-texts-become-short-ones",
    "breaking",
    "breaking",
    {**TEXT, "minLength": 5},
    {**TEXT, "minLength": 1, "maxLength": 3},
)
schema_pair(
    "single-precision", "breaking", "compatible", {"type": "number"}, {"type": "number", "format": "float"}
)
schema_pair(
    "null-leaves-a-list",
    "breaking",
    "compatible",
    {"type": ["string", "null"], "enum": ["a", None]},
    {"type": ["string", "null"], "enum": ["a"]},
)
schema_pair("what-nobody-could-send", "compatible", "breaking", {"allOf": [TEXT, False]}, TEXT)
put(
    "null-beside-a-list",
    "breaking",
    {**asked({**TEXT, "enum": ["a"], "nullable": True}), "openapi": "3.0.3"},
    {**asked({**TEXT, "enum": ["a"]}), "openapi": "3.0.3"},
)

# A number in an address is a text

put(
    "listed-numbers-become-texts",
    "compatible",
    parameter(schema={**WHOLE, "enum": [1, 2]}),
    parameter(schema={**TEXT, "enum": ["1", "2", "3"]}),
)
put(
    "listed-numbers-become-fewer-texts",
    "breaking",
    parameter(schema={**WHOLE, "enum": [1, 2]}),
    parameter(schema={**TEXT, "enum": ["1", "3"]}),
)
put(
    "a-yes-or-no-becomes-a-text",
    "compatible",
    parameter(schema={"type": "boolean"}),
    parameter(schema={**TEXT, "enum": ["true", "false"]}),
)
put(
    "a-number-becomes-a-day",
    "breaking",
    parameter(schema=WHOLE),
    parameter(schema={**TEXT, "format": "date"}),
)

# Parameters

put("a-value-may-be-left-out", "compatible", parameter(), parameter(allowEmptyValue=True))
put("a-value-is-needed", "breaking", parameter(allowEmptyValue=True), parameter())
put("reserved-characters-are-escaped", "behaviour", parameter(allowReserved=True), parameter())


def called(**more: Any) -> Document:
    """Return a description of a webhook, which the server calls."""
    whole = described({})
    return {**whole, "paths": {}, "webhooks": {"w": {"post": {"responses": OK, **more}}}}


MARK: Document = {"name": "q", "in": "query", "schema": TEXT}
put("a-webhook-without-its-mark", "breaking", called(parameters=[{**MARK, "required": True}]), called())
put("a-webhook-without-a-mark", "behaviour", called(parameters=[MARK]), called())

# Parts of a body

put(
    "each-part-is-encoded-otherwise",
    "breaking",
    described(
        {
            "requestBody": {
                "content": {
                    "multipart/mixed": {
                        "schema": {"type": "array"},
                        "itemEncoding": {"contentType": "image/png"},
                    }
                }
            },
            "responses": OK,
        }
    ),
    described(
        {
            "requestBody": {
                "content": {
                    "multipart/mixed": {
                        "schema": {"type": "array"},
                        "itemEncoding": {"contentType": "image/gif"},
                    }
                }
            },
            "responses": OK,
        }
    ),
)

# What cannot be looked up

GONE: Document = {"$ref": "#/components/requestBodies/Gone"}
put("a-body-that-is-nowhere", "unknown", operation(requestBody=GONE), asked(TEXT))
put(
    "a-body-that-is-nowhere-on-both-sides",
    "docs",
    operation(requestBody=GONE, summary="a"),
    operation(requestBody=GONE, summary="b"),
)
put(
    "a-circle-of-references",
    "unknown",
    {
        **operation(parameters=[{"$ref": "#/components/parameters/A"}]),
        "components": {
            "parameters": {
                "A": {"$ref": "#/components/parameters/B"},
                "B": {"$ref": "#/components/parameters/A"},
            }
        },
    },
    parameter(),
)

# Addresses with variables

AREAS: Document = {"area": {"default": "eu", "enum": ["eu", "us"]}}
put(
    "an-address-loses-its-variable",
    "behaviour",
    {**operation(), "servers": [{"url": "https://{area}.a.example", "variables": AREAS}]},
    {**operation(), "servers": [{"url": "https://eu.a.example"}]},
)

# A description of schemas alone is read by either side


def library(**schemas: Any) -> Document:
    """Return a description that has schemas and no operation."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Parts", "version": "1"},
        "components": {"schemas": schemas},
    }


put("a-schema-of-a-library-changes", "breaking", library(A=TEXT), library(A=WHOLE))
put("a-schema-leaves-a-library", "client-api", library(A=TEXT, B=TEXT), library(A=TEXT))
put("a-schema-joins-a-library", "compatible", library(A=TEXT), library(A=TEXT, B=TEXT))
put(
    "texts-of-a-library-change",
    "docs",
    library(A={**TEXT, "description": "a"}),
    library(A={**TEXT, "description": "b"}),
)
put(
    "what-nobody-takes-over",
    "docs",
    {**library(), "security": [{"key": []}]},
    {**library(), "security": [{"other": []}]},
)
