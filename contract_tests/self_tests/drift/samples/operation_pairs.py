"""Pairs of descriptions without schemas, with their truth: servers, parameters, callbacks, other files."""

from typing import Any

from contract_tests.self_tests.drift.samples.schema_pairs import (
    BELOW,
    Document,
    Pair,
    described,
    served,
    text,
)

PLAIN = served("http://a.b/v1", "/c")
UNTOLD = {key: value for key, value in BELOW.items() if key != "servers"}

PAIRS = [
    Pair("a-server-is-told-of", "compatible", UNTOLD, BELOW),
    Pair("a-server-is-told-of-with-its-host", "compatible", served("/v1", "/c"), BELOW),
    Pair("a-server-is-left-without-encryption", "breaking", BELOW, PLAIN),
]

# Parameters that may be repeated


def queried(schema: Document) -> Document:
    """Return a description with one query parameter."""
    parameter = {"name": "tag", "in": "query", "schema": schema}
    return described({"parameters": [parameter], "responses": {"200": {"description": "done"}}})


def repeated(entry: Document, **more: Any) -> Document:
    """Return a list of such entries."""
    return queried({"type": "array", "items": entry, **more})


PAIRS += [
    Pair("a-parameter-may-be-repeated", "compatible", queried(text()), repeated(text())),
    Pair("a-parameter-has-to-be-repeated", "breaking", queried(text()), repeated(text(), minItems=2)),
    Pair("a-parameter-may-be-repeated-and-is-shorter", "breaking", queried(text()), repeated(text(5))),
    Pair("a-parameter-may-not-be-repeated-any-more", "breaking", repeated(text()), queried(text())),
]

# What is described in another file, which is never read


def elsewhere(reference: str) -> Document:
    """Return a description whose answer stands elsewhere."""
    return described({"responses": {"200": {"$ref": reference}}})


PAIRS += [
    Pair("an-answer-from-another-file", "unknown", elsewhere("a.yaml#/A"), elsewhere("b.yaml#/A")),
    Pair(
        "a-path-goes-into-a-file",
        "unknown",
        elsewhere("a.yaml#/A"),
        {**elsewhere("a.yaml#/A"), "paths": {"/parcels": {"$ref": "parcels.yaml"}}},
    ),
]

# Callbacks and webhooks: what they are called with is written by the server.


def called_back(schema: Document) -> Document:
    """Return a description whose answer comes later, at an address that the client gives."""
    call = {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {"200": {}}}
    later = {"done": {"{$request.body#/to}": {"post": call}}}
    return described({"responses": {"202": {"description": "later"}}, "callbacks": later})


UNSURE = {"type": "object", "properties": {"id": {"type": "integer"}}}
SURE = {**UNSURE, "required": ["id"]}

PAIRS += [
    Pair(
        "a-callback-says-less",
        "breaking",
        called_back(SURE),
        called_back(UNSURE),
    ),
    Pair(
        "a-callback-says-more",
        "compatible",
        called_back(UNSURE),
        called_back(SURE),
    ),
]
