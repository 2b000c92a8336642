"""Pairs of descriptions with a change that is easily passed over, the truth beside each.

What no other rule judges has to be told as "changed, not judged", which is of level "unknown".
"""

from typing import Any

from contract_tests.self_tests.drift.samples.schema_pairs import Document, Pair, answered, asked, described

OK: Document = {"200": {"description": "done"}}
PAIRS: list[Pair] = []


def put(name: str, truth: str, base: Document, revision: Document) -> None:
    """Put a pair on the list."""
    PAIRS.append(Pair(name, truth, base, revision))


def schema_pair(name: str, in_request: str, in_answer: str, before: Any, after: Any) -> None:
    """Put the same pair of schemas on the list as a request and as an answer."""
    put(f"{name}-in-a-request", in_request, asked(before), asked(after))
    put(f"{name}-in-an-answer", in_answer, answered(before), answered(after))


def operation(**more: Any) -> Document:
    """Return a description of one operation with these keys."""
    return described({"responses": OK, **more})


def parameter(**more: Any) -> Document:
    """Return a description of one query parameter with these keys."""
    return operation(parameters=[{"name": "q", "in": "query", "schema": {"type": "string"}, **more}])


def top(**more: Any) -> Document:
    """Return a description with these keys at its top."""
    return {**operation(), **more}


def item(**more: Any) -> Document:
    """Return a description whose path item has these keys."""
    whole = operation()
    return {**whole, "paths": {"/parcels": {**whole["paths"]["/parcels"], **more}}}


def thing(*required: str, **properties: Any) -> Document:
    """Return a schema of objects."""
    return {"type": "object", "required": list(required), "properties": properties}


TEXT: Document = {"type": "string"}
WHOLE: Document = {"type": "integer"}

# oneOf takes what fits exactly one

schema_pair(
    "any-of-numbers-becomes-one-of",
    "breaking",
    "compatible",
    {"anyOf": [WHOLE, {"type": "number"}]},
    {"oneOf": [WHOLE, {"type": "number"}]},
)
schema_pair(
    "a-third-that-takes-all",
    "breaking",
    "breaking",
    {"oneOf": [{**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}]},
    {"oneOf": [{**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}, TEXT]},
)
CAT, DOG = thing("meow", meow=TEXT), thing("bark", bark=TEXT)
schema_pair(
    "objects-are-opened-and-begin-to-overlap",
    "compatible",
    "breaking",
    {"oneOf": [{**CAT, "additionalProperties": False}, {**DOG, "additionalProperties": False}]},
    {"oneOf": [CAT, DOG]},
)
schema_pair(
    "one-of-two-halves",
    "breaking",
    "breaking",
    thing("foo", "bar", foo=TEXT, bar=TEXT),
    {"oneOf": [thing("foo", foo=TEXT, bar=TEXT), thing("bar", foo=TEXT, bar=TEXT)]},
)
schema_pair(
    "disjoint-any-of-becomes-one-of",
    "equivalent",
    "equivalent",
    {"anyOf": [TEXT, WHOLE]},
    {"oneOf": [TEXT, WHOLE]},
)
schema_pair(
    "ranges-begin-to-overlap",
    "breaking",
    "compatible",
    {"oneOf": [{**WHOLE, "maximum": 5}, {**WHOLE, "minimum": 6}]},
    {"oneOf": [{**WHOLE, "maximum": 6}, {**WHOLE, "minimum": 6}]},
)
schema_pair(
    "one-of-the-same-in-another-order",
    "equivalent",
    "equivalent",
    {"oneOf": [CAT, DOG]},
    {"oneOf": [DOG, CAT]},
)

# What depends on another property

PAY = thing(card=TEXT, name=TEXT, zip=TEXT)
schema_pair(
    "more-depends-on-a-property",
    "breaking",
    "compatible",
    {**PAY, "dependentRequired": {"card": ["name"]}},
    {**PAY, "dependentRequired": {"card": ["name", "zip"]}},
)
schema_pair(
    "dependent-required-comes",
    "breaking",
    "compatible",
    PAY,
    {**PAY, "dependentRequired": {"card": ["name"]}},
)
schema_pair(
    "a-dependent-schema-narrows",
    "breaking",
    "compatible",
    {**PAY, "dependentSchemas": {"card": {"properties": {"name": {"maxLength": 9}}}}},
    {**PAY, "dependentSchemas": {"card": {"properties": {"name": {"maxLength": 5}}}}},
)
schema_pair(
    "dependents-in-another-order",
    "equivalent",
    "equivalent",
    {**PAY, "dependentRequired": {"card": ["name", "zip"]}},
    {**PAY, "dependentRequired": {"card": ["zip", "name"]}},
)

# OpenAPI 3.2 and dynamic references

COPY: Document = {"responses": OK}
put("a-custom-method-goes", "breaking", item(additionalOperations={"COPY": COPY}), item())
put("a-custom-method-comes", "compatible", item(), item(additionalOperations={"COPY": COPY}))
put(
    "a-custom-method-needs-a-body",
    "breaking",
    item(additionalOperations={"COPY": COPY}),
    item(
        additionalOperations={
            "COPY": {**COPY, "requestBody": {"required": True, "content": {"application/json": {}}}}
        }
    ),
)
put("the-query-method-goes", "breaking", item(query=COPY), item())


def stream(schema: Any) -> Document:
    """Return a description whose answer is a stream of such items."""
    return described(
        {"responses": {"200": {"description": "d", "content": {"application/jsonl": {"itemSchema": schema}}}}}
    )


put("an-item-of-a-stream-widens", "breaking", stream(thing("a", a=WHOLE)), stream(thing("a", a=TEXT)))


def dynamic(leaf: Any) -> Document:
    """Return a description of a tree whose nodes are found by a dynamic anchor."""
    node = {"$dynamicAnchor": "node", **thing("v", v=leaf, next={"$dynamicRef": "#node"})}
    return {**asked(thing(root={"$dynamicRef": "#node"})), "components": {"schemas": {"Node": node}}}


put("a-dynamic-target-narrows", "breaking", dynamic(TEXT), dynamic(WHOLE))

# Closing an open object

OPEN = thing(a=TEXT)
schema_pair(
    "an-open-object-is-closed", "breaking", "compatible", OPEN, {**OPEN, "additionalProperties": False}
)
schema_pair(
    "an-open-object-is-closed-unevaluated",
    "breaking",
    "compatible",
    OPEN,
    {**OPEN, "unevaluatedProperties": False},
)
schema_pair(
    "a-closed-object-is-opened", "compatible", "breaking", {**OPEN, "additionalProperties": False}, OPEN
)
schema_pair("open-is-said-as-it-is", "equivalent", "equivalent", OPEN, {**OPEN, "additionalProperties": True})

# What no rule judges

put(
    "an-extension-of-an-operation",
    "unknown",
    operation(**{"x-rate-limit": 5}),
    operation(**{"x-rate-limit": 6}),
)
put("an-extension-at-the-top", "unknown", top(), top(**{"x-sunset": "2027-01-01"}))
put(
    "an-extension-deep-within",
    "unknown",
    asked(thing(a={**TEXT, "x-max": {"y": [1, 2]}})),
    asked(thing(a={**TEXT, "x-max": {"y": [1, 3]}})),
)
put("the-words-of-a-path", "docs", item(description="a"), item(description="b"))
put("an-extension-of-a-path", "unknown", item(**{"x-a": 1}), item())


def linked(**link: Any) -> Document:
    """Return a description whose answer has a link."""
    return described(
        {"operationId": "make", "responses": {"200": {"description": "d", "links": {"next": link}}}}
    )


put("a-link-leads-elsewhere", "behaviour", linked(operationId="a"), linked(operationId="b"))
put(
    "a-link-goes",
    "behaviour",
    linked(operationId="make"),
    described({"operationId": "make", "responses": {"200": {"description": "d"}}}),
)


def serving(**variable: Any) -> Document:
    """Return a description of a server with a variable."""
    return top(
        servers=[{"url": "https://{region}.a.b", "variables": {"region": {"default": "eu", **variable}}}]
    )


put("a-region-goes", "behaviour", serving(enum=["eu", "us"]), serving(enum=["eu"]))
put("a-region-comes", "compatible", serving(enum=["eu"]), serving(enum=["eu", "us"]))
put(
    "another-default-region", "breaking", serving(enum=["eu", "us"]), serving(default="us", enum=["eu", "us"])
)
put("reserved-characters-are-not-allowed-any-more", "behaviour", parameter(allowReserved=True), parameter())


def union(**more: Any) -> Document:
    """Return a description that answers with one of two things."""
    parts = {name: thing("kind", kind=TEXT, **{name.lower(): WHOLE}) for name in ("Cat", "Dog")}
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in parts]
    return {**answered({"oneOf": refs, **more}), "components": {"schemas": parts}}


put("a-discriminator-goes", "behaviour", union(discriminator={"propertyName": "kind"}), union())


def bearer(**more: Any) -> Document:
    """Return a description of an operation that wants a token."""
    return top(
        security=[{"t": []}],
        components={"securitySchemes": {"t": {"type": "http", "scheme": "bearer", **more}}},
    )


put("another-kind-of-token", "behaviour", bearer(bearerFormat="JWT"), bearer(bearerFormat="opaque"))
put("an-extension-of-a-scheme", "unknown", bearer(), bearer(**{"x-ttl": 5}))
put(
    "the-name-of-an-element",
    "breaking",
    answered(thing(a={**TEXT, "xml": {"name": "a"}}), "application/xml"),
    answered(thing(a={**TEXT, "xml": {"name": "b"}}), "application/xml"),
)
put(
    "an-element-becomes-an-attribute",
    "breaking",
    answered(thing(a=TEXT), "text/xml"),
    answered(thing(a={**TEXT, "xml": {"attribute": True}}), "text/xml"),
)
put(
    "the-name-of-an-element-of-json",
    "docs",
    answered(thing(a={**TEXT, "xml": {"name": "a"}})),
    answered(thing(a={**TEXT, "xml": {"name": "b"}})),
)

# One reading of what goes

put("an-optional-parameter-goes", "behaviour", parameter(), operation())
put("an-optional-property-goes", "behaviour", asked(thing(a=TEXT, b=TEXT)), asked(thing(a=TEXT)))

# Payloads for conditions

schema_pair(
    "a-condition-asks-for-more",
    "breaking",
    "compatible",
    thing("kind", kind={"enum": ["a", "b"]}, size=WHOLE),
    {
        **thing("kind", kind={"enum": ["a", "b"]}, size=WHOLE),
        "if": {"properties": {"kind": {"const": "b"}}},
        "then": {"required": ["size"]},
    },
)
schema_pair(
    "a-condition-limits-a-text",
    "breaking",
    "compatible",
    thing("country", "zip", country=TEXT, zip=TEXT),
    {
        **thing("country", "zip", country=TEXT, zip=TEXT),
        "if": {"properties": {"country": {"const": "US"}}},
        "then": {"properties": {"zip": {"pattern": "^[0-9]{5}$"}}},
    },
)
schema_pair(
    "another-condition",
    "breaking",
    "breaking",
    {
        **thing(n=WHOLE, s=TEXT),
        "if": {"properties": {"n": {"minimum": 10}}, "required": ["n"]},
        "then": {"required": ["s"]},
    },
    {
        **thing(n=WHOLE, s=TEXT),
        "if": {"properties": {"n": {"maximum": 9}}, "required": ["n"]},
        "then": {"required": ["s"]},
    },
)

# Dropped without a note

put("a-method-that-is-no-operation", "unknown", item(get="x"), item(get="y"))
put("parameters-that-are-no-list", "unknown", operation(parameters={}), operation(parameters={"a": 1}))

# Cousins

put("an-example-only", "docs", parameter(example="a"), parameter(example="b"))
put(
    "a-named-example",
    "docs",
    {
        **parameter(examples={"a": {"$ref": "#/components/examples/A"}}),
        "components": {"examples": {"A": {"value": "a"}}},
    },
    {
        **parameter(examples={"a": {"$ref": "#/components/examples/A"}}),
        "components": {"examples": {"A": {"value": "b"}}},
    },
)
put(
    "required-in-another-order",
    "equivalent",
    asked(thing("a", "b", a=TEXT, b=TEXT)),
    asked(thing("b", "a", a=TEXT, b=TEXT)),
)
put("enum-in-another-order", "equivalent", asked({"enum": ["a", "b"]}), asked({"enum": ["b", "a"]}))
put(
    "null-in-other-words",
    "equivalent",
    asked(thing(a={"type": ["string", "null"], "description": "d"})),
    asked(thing(a={"anyOf": [{"type": "string", "description": "d"}, {"type": "null"}]})),
)
put(
    "moved-to-components",
    "equivalent",
    asked(thing(a={**TEXT, "x-a": 1})),
    {
        **asked(thing(a={"$ref": "#/components/schemas/A"})),
        "components": {"schemas": {"A": {**TEXT, "x-a": 1}}},
    },
)
put(
    "a-parameter-moved-to-the-path",
    "equivalent",
    parameter(**{"x-a": 1}),
    item(parameters=[{"name": "q", "in": "query", "schema": TEXT, "x-a": 1}]),
)
WRAPPED = {"$ref": "#/components/schemas/A", "description": "d"}
put(
    "words-beside-a-reference-in-3.1",
    "docs",
    {**asked(thing(a=WRAPPED)), "components": {"schemas": {"A": TEXT}}},
    {**asked(thing(a={**WRAPPED, "description": "e"})), "components": {"schemas": {"A": TEXT}}},
)
put(
    "a-limit-beside-a-reference-in-3.1",
    "breaking",
    {**asked(thing(a=WRAPPED)), "components": {"schemas": {"A": TEXT}}},
    {**asked(thing(a={**WRAPPED, "maxLength": 3})), "components": {"schemas": {"A": TEXT}}},
)
put(
    "a-limit-beside-a-reference-in-3.0",
    "docs",
    {**asked(thing(a=WRAPPED)), "openapi": "3.0.3", "components": {"schemas": {"A": TEXT}}},
    {
        **asked(thing(a={**WRAPPED, "maxLength": 3})),
        "openapi": "3.0.3",
        "components": {"schemas": {"A": TEXT}},
    },
)
put(
    "an-unused-schema-changes",
    "docs",
    top(components={"schemas": {"A": TEXT}}),
    top(components={"schemas": {"A": WHOLE}}),
)
put(
    "an-extension-in-a-callback",
    "unknown",
    operation(callbacks={"c": {"{$request.body#/to}": {"post": {"responses": OK, "x-a": 1}}}}),
    operation(callbacks={"c": {"{$request.body#/to}": {"post": {"responses": OK, "x-a": 2}}}}),
)
put(
    "an-extension-in-a-webhook",
    "unknown",
    top(webhooks={"w": {"post": {"responses": OK, "x-a": 1}}}),
    top(webhooks={"w": {"post": {"responses": OK, "x-a": 2}}}),
)
put(
    "an-answer-header-of-another-kind",
    "unknown",
    described({"responses": {"200": {"description": "d", "headers": {"X-A": {"schema": TEXT, "x-a": 1}}}}}),
    described({"responses": {"200": {"description": "d", "headers": {"X-A": {"schema": TEXT, "x-a": 2}}}}}),
)
put(
    "a-keyword-nobody-knows",
    "unknown",
    asked({**TEXT, "contentSchema": {"type": "string"}}),
    asked({**TEXT, "contentSchema": {"type": "integer"}}),
)
put(
    "a-property-of-a-map-goes",
    "behaviour",
    asked({**thing(a=TEXT, b=TEXT), "additionalProperties": True}),
    asked({**thing(a=TEXT), "additionalProperties": True}),
)
put(
    "a-list-that-may-be-a-text-is-joined",
    "breaking",
    parameter(schema={"oneOf": [TEXT, {"type": "array", "items": TEXT}]}),
    parameter(schema={"oneOf": [TEXT, {"type": "array", "items": TEXT}]}, explode=False),
)
put(
    "a-scope-comes",
    "compatible",
    *(
        top(
            security=[{"o": ["a"]}],
            components={
                "securitySchemes": {
                    "o": {
                        "type": "oauth2",
                        "flows": {"clientCredentials": {"tokenUrl": "https://a.b/t", "scopes": s}},
                    }
                }
            },
        )
        for s in ({"a": "x"}, {"a": "x", "b": "y"})
    ),
)
