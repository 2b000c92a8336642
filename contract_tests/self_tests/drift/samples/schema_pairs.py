"""Pairs of small descriptions for what the catalogue's document has no place for, the truth beside each.

Each is a schema, or an operation, before and after, with what it means in a request and in an answer.
"""

from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """Two descriptions, and the worst that is to be found between them."""

    name: str
    truth: str
    base: Document
    revision: Document


PAIRS: list[Pair] = []


def described(operation: Document, path: str = "/parcels", **more: Any) -> Document:
    """Return a description of one operation."""
    whole = {"openapi": "3.1.0", "info": {"title": "Parcels", "version": "1"}}
    return {**whole, "paths": {path: {"post": operation}}, **more}


def asked(schema: Any) -> Document:
    """Return a description whose request is of that schema."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described({"requestBody": body, "responses": {"200": {"description": "done"}}})


def answered(schema: Any, media: str = "application/json", status: str = "200") -> Document:
    """Return a description whose answer is of that schema."""
    answer = {"description": "done", "content": {media: {"schema": schema}}}
    return described({"responses": {status: answer}})


def schemas(name: str, in_request: str, in_answer: str, before: Any, after: Any) -> None:
    """Return the same pair of schemas as a request and as an answer."""
    PAIRS.append(Pair(f"{name}-in-a-request", in_request, asked(before), asked(after)))
    PAIRS.append(Pair(f"{name}-in-an-answer", in_answer, answered(before), answered(after)))


def labels(schema: Any, pattern: str = "^label-", **more: Any) -> Document:
    """Return an object of labels, whose names have a pattern."""
    return {"type": "object", "patternProperties": {pattern: schema}, **more}


def text(longest: int | None = None) -> Document:
    """Return a text up to a length."""
    return {"type": "string"} if longest is None else {"type": "string", "maxLength": longest}


# Properties whose names have a pattern

schemas("labels-get-shorter", "breaking", "compatible", labels(text(9)), labels(text(8)))
schemas(
    "closed-labels-get-longer",
    "compatible",
    "breaking",
    labels(text(8), additionalProperties=False),
    labels(text(9), additionalProperties=False),
)
schemas(
    "labels-beside-counts-get-longer",
    "compatible",
    "breaking",
    labels(text(8), additionalProperties={"type": "integer"}),
    labels(text(9), additionalProperties={"type": "integer"}),
)
schemas(
    "a-second-kind-of-labels",
    "compatible",
    "breaking",
    labels(text(), additionalProperties=False),
    {
        "type": "object",
        "patternProperties": {"^label-": text(), "^mark-": text()},
        "additionalProperties": False,
    },
)
schemas("a-free-object-restricts-labels", "breaking", "compatible", {"type": "object"}, labels(text(5)))
schemas(
    "one-label-is-described",
    "breaking",
    "compatible",
    labels(text()),
    labels(text(), properties={"label-to": text(3)}),
)
schemas(
    "labels-in-other-words",
    "equivalent",
    "equivalent",
    labels(text(), "^[0-9]+$"),
    labels(text(), r"^\d\d*$"),
)
schemas(
    "names-get-a-rule",
    "breaking",
    "compatible",
    {"type": "object", "additionalProperties": text()},
    {"type": "object", "additionalProperties": text(), "propertyNames": {"pattern": "^[a-z]+$"}},
)

# The same values in other words

schemas(
    "numbers-as-a-range",
    "equivalent",
    "equivalent",
    {"type": "integer", "minimum": 1, "maximum": 3},
    {"type": "integer", "enum": [1, 2, 3]},
)
schemas(
    "a-condition-that-always-holds",
    "equivalent",
    "equivalent",
    {"type": "string", "if": True, "then": {"maxLength": 5}},
    text(5),
)
schemas("whole-numbers", "equivalent", "equivalent", {"type": "number", "multipleOf": 1}, {"type": "integer"})


def listed(longest: int) -> Document:
    """Return a list as one named schema that is a union with itself inside."""
    node = {"type": "object", "required": ["v"], "properties": {"v": text(longest)}}
    node["properties"]["next"] = {"$ref": "#/components/schemas/Node"}  # type: ignore[index]
    whole = asked({"$ref": "#/components/schemas/Node"})
    return {**whole, "components": {"schemas": {"Node": {"oneOf": [{"type": "null"}, node]}}}}


PAIRS.append(Pair("a-union-with-itself-inside-narrows", "breaking", listed(9), listed(8)))

# Parameters


def by(parameter: Document) -> Document:
    """Return a description of one parameter."""
    return described({"parameters": [parameter], "responses": {"200": {"description": "done"}}})


def query(schema: Document) -> Document:
    """Return a description of one query parameter."""
    return by({"name": "only", "in": "query", "schema": schema})


def header(**more: Any) -> Document:
    """Return a description of one header that is a list."""
    return by({"name": "X-Only", "in": "header", "schema": {"type": "array", "items": text()}, **more})


PAIRS += [
    Pair(
        "a-flag-gets-a-third-value",
        "compatible",
        query({"type": "boolean"}),
        query({"type": "string", "enum": ["true", "false", "all"]}),
    ),
    Pair(
        "a-flag-gets-other-words",
        "breaking",
        query({"type": "boolean"}),
        query({"type": "string", "enum": ["yes", "no"]}),
    ),
    Pair(
        "a-number-becomes-digits",
        "compatible",
        query({"type": "integer"}),
        query({"type": "string", "pattern": "^-?[0-9]+$"}),
    ),
    Pair(
        "a-number-becomes-digits-without-sign",
        "breaking",
        query({"type": "integer"}),
        query({"type": "string", "pattern": "^[0-9]+$"}),
    ),
    Pair("a-list-in-a-header-says-explode", "equivalent", header(), header(explode=True)),
]

# Answers of a range

PAIRS += [
    Pair("one-status-of-its-range", "equivalent", answered(text(), status="2XX"), answered(text())),
    Pair("a-range-loses-its-text", "breaking", answered(text(5), status="2XX"), answered(text())),
    Pair("one-media-type-of-its-range", "equivalent", answered(text(), "*/*"), answered(text())),
    Pair(
        "a-media-type-of-its-range-widens",
        "breaking",
        answered(text(5), "text/*"),
        answered(text(), "text/a"),
    ),
]

# Parts of forms


def form(*kinds: str) -> Document:
    """Return a form with a picture of some media types."""
    schema = {"type": "object", "properties": {"picture": {}}}
    content = {"schema": schema, "encoding": {"picture": {"contentType": ", ".join(kinds)}}}
    body = {"content": {"multipart/form-data": content}}
    return described({"requestBody": body, "responses": {"200": {"description": "done"}}})


PAIRS += [
    Pair("a-picture-of-fewer-kinds", "breaking", form("image/png", "image/gif"), form("image/png")),
    Pair("a-picture-of-more-kinds", "compatible", form("image/png"), form("image/*")),
]

# Security schemes and servers


def secured(*names: str, used: str, header_name: str = "X-Key") -> Document:
    """Return a description with some keys that all go into one header, of which one is asked for."""
    scheme = {"type": "apiKey", "in": "header", "name": header_name}
    operation = {"security": [{used: []}], "responses": {"200": {"description": "done"}}}
    return described(operation, components={"securitySchemes": dict.fromkeys(names, scheme)})


def served(address: str, *paths: str) -> Document:
    """Return a description of some paths at an address."""
    operation = {"operationId": "ask", "responses": {"200": {"description": "done"}}}
    whole = described(operation)
    return {**whole, "servers": [{"url": address}], "paths": {path: {"post": operation} for path in paths}}


BELOW = served("https://a.b/v1", "/c")

PAIRS += [
    Pair("a-scheme-is-renamed", "equivalent", secured("a", used="a"), secured("b", used="b")),
    Pair(
        "a-scheme-is-renamed-and-changed",
        "breaking",
        secured("a", used="a"),
        secured("b", used="b", header_name="X-Token"),
    ),
    Pair("the-other-of-two-keys", "breaking", secured("a", "b", used="a"), secured("a", "b", used="b")),
    Pair("a-prefix-moves-into-the-paths", "client-api", BELOW, served("https://a.b", "/v1/c")),
    Pair("a-prefix-moves-out-of-the-paths", "client-api", served("https://a.b", "/v1/c"), BELOW),
    Pair("a-prefix-is-new", "breaking", served("https://a.b", "/c"), served("https://a.b/v1", "/c")),
    Pair(
        "a-prefix-moves-and-a-path-goes",
        "breaking",
        served("https://a.b/v1", "/c", "/d"),
        served("https://a.b", "/v1/c"),
    ),
]

# Lists that need entries of a kind

for name, limits in (("minContains", (1, 2)), ("maxContains", (3, 2))):
    schemas(
        f"{name}-is-tighter",
        "breaking",
        "compatible",
        *({"type": "array", "contains": {"type": "string"}, name: one} for one in limits),
    )
schemas(
    "steps-are-given", "breaking", "compatible", {"type": "number"}, {"type": "number", "multipleOf": 0.01}
)
