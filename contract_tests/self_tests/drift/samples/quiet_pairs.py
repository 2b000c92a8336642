"""More pairs of descriptions with a change that is easily passed over, the truth beside each."""

from typing import Any

from contract_tests.self_tests.drift.samples.schema_pairs import Document, Pair, answered, asked, described
from contract_tests.self_tests.drift.samples.unheard_pairs import (
    OK,
    PAY,
    TEXT,
    WHOLE,
    item,
    linked,
    operation,
    stream,
    thing,
    top,
)

PAIRS: list[Pair] = []


def put(name: str, truth: str, base: Document, revision: Document) -> None:
    """Put a pair on the list."""
    PAIRS.append(Pair(name, truth, base, revision))


def schema_pair(name: str, in_request: str, in_answer: str, before: Any, after: Any) -> None:
    """Put the same pair of schemas on the list as a request and as an answer."""
    put(f"{name}-in-a-request", in_request, asked(before), asked(after))
    put(f"{name}-in-an-answer", in_answer, answered(before), answered(after))


def with_schemas(whole: Document, **schemas: Document) -> Document:
    """Return a description with named schemas."""
    return {**whole, "components": {"schemas": schemas}}


def named(name: str) -> Document:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


# oneOf family
schema_pair(
    "oneof-to-anyof",
    "compatible",
    "breaking",
    {"oneOf": [WHOLE, {"type": "number"}]},
    {"anyOf": [WHOLE, {"type": "number"}]},
)
schema_pair(
    "oneof-nested-in-property",
    "breaking",
    "compatible",
    thing(a={"anyOf": [{"maxLength": 5, "type": "string"}, {"minLength": 3, "type": "string"}]}),
    thing(a={"oneOf": [{"maxLength": 5, "type": "string"}, {"minLength": 3, "type": "string"}]}),
)
schema_pair(
    "oneof-drop-required",
    "breaking",
    "breaking",
    {"oneOf": [thing("a", a=TEXT), thing("b", b=TEXT)]},
    {"oneOf": [thing(a=TEXT), thing("b", b=TEXT)]},
)
schema_pair(
    "oneof-disc-same-objects",
    "equivalent",
    "equivalent",
    {
        "oneOf": [
            {"title": "A", **thing("k", k={"const": "a"}, x=TEXT)},
            {"title": "B", **thing("k", k={"const": "b"}, x=TEXT)},
        ]
    },
    {
        "anyOf": [
            {"title": "A", **thing("k", k={"const": "a"}, x=TEXT)},
            {"title": "B", **thing("k", k={"const": "b"}, x=TEXT)},
        ]
    },
)
schema_pair(
    "oneof-enum-overlap",
    "breaking",
    "compatible",
    {"anyOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]},
    {"oneOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]},
)
schema_pair(
    "oneof-null-twice",
    "breaking",
    "compatible",
    {"anyOf": [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]},
    {"oneOf": [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]},
)
schema_pair(
    "oneof-arrays-overlap-at-empty",
    "breaking",
    "compatible",
    {"anyOf": [{"type": "array", "items": TEXT}, {"type": "array", "items": WHOLE}]},
    {"oneOf": [{"type": "array", "items": TEXT}, {"type": "array", "items": WHOLE}]},
)
# deps
schema_pair(
    "dep-required-fewer",
    "compatible",
    "breaking",
    {**PAY, "dependentRequired": {"card": ["name", "zip"]}},
    {**PAY, "dependentRequired": {"card": ["name"]}},
)
schema_pair(
    "dep-schema-requires-more",
    "breaking",
    "compatible",
    {**PAY, "dependentSchemas": {"card": {"required": ["name"]}}},
    {**PAY, "dependentSchemas": {"card": {"required": ["name", "zip"]}}},
)
schema_pair(
    "dep-required-as-schema",
    "equivalent",
    "equivalent",
    {**PAY, "dependentRequired": {"card": ["name"]}},
    {**PAY, "dependentSchemas": {"card": {"required": ["name"]}}},
)
# closing family
schema_pair(
    "closing-nested",
    "breaking",
    "compatible",
    thing(a=thing(b=TEXT)),
    thing(a={**thing(b=TEXT), "additionalProperties": False}),
)
schema_pair(
    "closing-in-array",
    "breaking",
    "compatible",
    {"type": "array", "items": thing(b=TEXT)},
    {"type": "array", "items": {**thing(b=TEXT), "additionalProperties": False}},
)
schema_pair(
    "restrict-others",
    "breaking",
    "compatible",
    thing(a=TEXT),
    {**thing(a=TEXT), "additionalProperties": {"type": "string"}},
)
schema_pair(
    "closing-allof",
    "breaking",
    "compatible",
    {"allOf": [thing(a=TEXT), thing(b=TEXT)]},
    {"allOf": [thing(a=TEXT), thing(b=TEXT)], "unevaluatedProperties": False},
)
schema_pair(
    "empty-schema-beyond",
    "equivalent",
    "equivalent",
    thing(a=TEXT),
    {**thing(a=TEXT), "additionalProperties": {}},
)
schema_pair(
    "closed-both-new-optional",
    "compatible",
    "breaking",
    {**thing(a=TEXT), "additionalProperties": False},
    {**thing(a=TEXT, b=TEXT), "additionalProperties": False},
)
# propertynames/not/if
schema_pair(
    "not-required-new", "breaking", "compatible", thing(a=TEXT), {**thing(a=TEXT), "not": {"required": ["b"]}}
)
schema_pair(
    "if-both-sides-same-order",
    "equivalent",
    "equivalent",
    {"if": {"required": ["a", "b"]}, "then": {"required": ["c"]}, **thing(a=TEXT, b=TEXT, c=TEXT)},
    {"if": {"required": ["b", "a"]}, "then": {"required": ["c"]}, **thing(a=TEXT, b=TEXT, c=TEXT)},
)
schema_pair(
    "if-else-new",
    "breaking",
    "compatible",
    thing("t", t={"enum": ["x", "y"]}, v=TEXT),
    {
        **thing("t", t={"enum": ["x", "y"]}, v=TEXT),
        "if": {"properties": {"t": {"const": "x"}}},
        "else": {"required": ["v"]},
    },
)
schema_pair(
    "if-then-number-range",
    "breaking",
    "compatible",
    thing("u", "n", u={"enum": ["kg", "g"]}, n={"type": "number"}),
    {
        **thing("u", "n", u={"enum": ["kg", "g"]}, n={"type": "number"}),
        "if": {"properties": {"u": {"const": "kg"}}},
        "then": {"properties": {"n": {"maximum": 30}}},
    },
)
schema_pair(
    "contains-narrower",
    "breaking",
    "compatible",
    {"type": "array", "contains": {"type": "number"}},
    {"type": "array", "contains": {"type": "integer"}},
)
schema_pair(
    "unevaluated-items-closed",
    "breaking",
    "compatible",
    {"type": "array", "prefixItems": [TEXT]},
    {"type": "array", "prefixItems": [TEXT], "unevaluatedItems": False},
)
# 3.2
put(
    "32-additional-op-param-required",
    "breaking",
    item(additionalOperations={"LINK": {"responses": OK}}),
    item(
        additionalOperations={
            "LINK": {
                "responses": OK,
                "parameters": [{"name": "a", "in": "query", "required": True, "schema": TEXT}],
            }
        }
    ),
)
put(
    "32-additional-op-ext",
    "unknown",
    item(additionalOperations={"LINK": {"responses": OK}}),
    item(additionalOperations={"LINK": {"responses": OK, "x-a": 1}}),
)
put(
    "32-itemschema-removed",
    "breaking",
    stream(thing("a", a=TEXT)),
    described({"responses": {"200": {"description": "d", "content": {"application/jsonl": {}}}}}),
)
put(
    "32-media-ref",
    "breaking",
    {
        **described(
            {
                "responses": {
                    "200": {
                        "description": "d",
                        "content": {"application/json": {"$ref": "#/components/mediaTypes/M"}},
                    }
                }
            }
        ),
        "components": {"mediaTypes": {"M": {"schema": WHOLE}}},
    },
    {
        **described(
            {
                "responses": {
                    "200": {
                        "description": "d",
                        "content": {"application/json": {"$ref": "#/components/mediaTypes/M"}},
                    }
                }
            }
        ),
        "components": {"mediaTypes": {"M": {"schema": TEXT}}},
    },
)
put("32-self", "unknown", top(), top(**{"$self": "https://a.b/api"}))
put(
    "32-querystring",
    "breaking",
    operation(
        parameters=[
            {
                "name": "q",
                "in": "querystring",
                "content": {"application/x-www-form-urlencoded": {"schema": thing(a=TEXT)}},
            }
        ]
    ),
    operation(
        parameters=[
            {
                "name": "q",
                "in": "querystring",
                "content": {"application/x-www-form-urlencoded": {"schema": thing("a", a=TEXT)}},
            }
        ]
    ),
)
put(
    "32-server-name",
    "docs",
    top(servers=[{"url": "https://a.b", "name": "x"}]),
    top(servers=[{"url": "https://a.b", "name": "y"}]),
)
put(
    "dyn-two-anchors",
    "unknown",
    with_schemas(
        asked({"$dynamicRef": "#n"}),
        A={"$dynamicAnchor": "n", "type": "string"},
        B={"$dynamicAnchor": "n", "type": "integer"},
    ),
    with_schemas(
        asked({"$dynamicRef": "#n"}),
        A={"$dynamicAnchor": "n", "type": "string"},
        B={"$dynamicAnchor": "n", "type": "number"},
    ),
)
put(
    "anchor-ref-narrowed",
    "breaking",
    with_schemas(asked({"$ref": "#an"}), A={"$anchor": "an", **TEXT}),
    with_schemas(asked({"$ref": "#an"}), A={"$anchor": "an", **TEXT, "maxLength": 3}),
)
# silent classes
put(
    "header-allowreserved-ext-encoding",
    "unknown",
    operation(
        requestBody={
            "content": {
                "multipart/form-data": {
                    "schema": thing(a=TEXT),
                    "encoding": {"a": {"contentType": "text/plain"}},
                }
            }
        }
    ),
    operation(
        requestBody={
            "content": {
                "multipart/form-data": {
                    "schema": thing(a=TEXT),
                    "encoding": {"a": {"contentType": "text/plain", "x-a": 1}},
                }
            }
        }
    ),
)
put(
    "disc-added-listed",
    "behaviour",
    with_schemas(
        answered({"oneOf": [named("A"), named("B")]}),
        A=thing("k", k={"const": "A"}),
        B=thing("k", k={"const": "B"}),
    ),
    with_schemas(
        answered({"oneOf": [named("A"), named("B")], "discriminator": {"propertyName": "k"}}),
        A=thing("k", k={"const": "A"}),
        B=thing("k", k={"const": "B"}),
    ),
)
put(
    "disc-mapping-swapped",
    "unknown",
    *(
        with_schemas(
            answered(
                {"oneOf": [named("A"), named("B")], "discriminator": {"propertyName": "k", "mapping": m}}
            ),
            A=thing("k", k=TEXT, a=TEXT),
            B=thing("k", k=TEXT, b=TEXT),
        )
        for m in (
            {"x": "#/components/schemas/A", "y": "#/components/schemas/B"},
            {"x": "#/components/schemas/B", "y": "#/components/schemas/A"},
        )
    ),
)
put(
    "disc-child-changes",
    "breaking",
    with_schemas(
        answered(named("P")),
        P={**thing("k", k=TEXT), "discriminator": {"propertyName": "k"}},
        C={"allOf": [named("P"), thing(a=WHOLE)]},
    ),
    with_schemas(
        answered(named("P")),
        P={**thing("k", k=TEXT), "discriminator": {"propertyName": "k"}},
        C={"allOf": [named("P"), thing(a=TEXT)]},
    ),
)
put(
    "info-ext",
    "unknown",
    top(info={"title": "Parcels", "version": "1", "x-a": 1}),
    top(info={"title": "Parcels", "version": "1", "x-a": 2}),
)
put("tag-added", "docs", top(tags=[{"name": "a"}]), top(tags=[{"name": "a"}, {"name": "b"}]))
put(
    "tag-reordered",
    "equivalent",
    top(tags=[{"name": "a"}, {"name": "b"}]),
    top(tags=[{"name": "b"}, {"name": "a"}]),
)
put(
    "server-order",
    "docs",
    top(servers=[{"url": "https://a.b"}, {"url": "https://c.d"}]),
    top(servers=[{"url": "https://c.d"}, {"url": "https://a.b"}]),
)
put(
    "server-var-spelled",
    "equivalent",
    top(servers=[{"url": "https://a.b/v1"}]),
    top(servers=[{"url": "https://a.b/{v}", "variables": {"v": {"default": "v1"}}}]),
)
put(
    "oauth-flow-gone",
    "breaking",
    *(
        top(security=[{"o": []}], components={"securitySchemes": {"o": {"type": "oauth2", "flows": f}}})
        for f in (
            {
                "clientCredentials": {"tokenUrl": "https://a/t", "scopes": {}},
                "password": {"tokenUrl": "https://a/t", "scopes": {}},
            },
            {"clientCredentials": {"tokenUrl": "https://a/t", "scopes": {}}},
        )
    ),
)
put(
    "oauth-flow-comes",
    "compatible",
    *(
        top(security=[{"o": []}], components={"securitySchemes": {"o": {"type": "oauth2", "flows": f}}})
        for f in (
            {"clientCredentials": {"tokenUrl": "https://a/t", "scopes": {}}},
            {
                "clientCredentials": {"tokenUrl": "https://a/t", "scopes": {}},
                "password": {"tokenUrl": "https://a/t", "scopes": {}},
            },
        )
    ),
)
put(
    "apikey-ext",
    "unknown",
    *(
        top(
            security=[{"k": []}],
            components={"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "X", "x-r": n}}},
        )
        for n in (1, 2)
    ),
)
put(
    "unused-scheme",
    "docs",
    *(
        top(components={"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": n}}})
        for n in ("X", "Y")
    ),
)
put(
    "unused-response", "docs", *(top(components={"responses": {"R": {"description": n}}}) for n in ("X", "Y"))
)
put(
    "path-param-over",
    "docs",
    item(
        parameters=[{"name": "q", "in": "query", "schema": TEXT}],
        post={"responses": OK, "parameters": [{"name": "q", "in": "query", "schema": TEXT}]},
    ),
    item(
        parameters=[{"name": "q", "in": "query", "schema": WHOLE}],
        post={"responses": OK, "parameters": [{"name": "q", "in": "query", "schema": TEXT}]},
    ),
)
put(
    "xml-wrapped",
    "breaking",
    *(
        asked_xml
        for asked_xml in (
            described(
                {
                    "requestBody": {
                        "content": {
                            "application/xml": {"schema": thing(a={"type": "array", "items": TEXT, **x})}
                        }
                    },
                    "responses": OK,
                }
            )
            for x in ({}, {"xml": {"wrapped": True}})
        )
    ),
)
put(
    "xml-attr-false",
    "equivalent",
    answered(thing(a=TEXT), "application/xml"),
    answered(thing(a={**TEXT, "xml": {"attribute": False}}), "application/xml"),
)
put(
    "xml-soap-suffix",
    "breaking",
    answered(thing(a={**TEXT, "xml": {"namespace": "u"}}), "application/soap+xml"),
    answered(thing(a={**TEXT, "xml": {"namespace": "v"}}), "application/soap+xml"),
)
put(
    "link-param",
    "behaviour",
    linked(operationId="a", parameters={"id": "$response.body#/id"}),
    linked(operationId="a", parameters={"id": "$response.body#/no"}),
)
put(
    "link-comes",
    "compatible",
    described({"operationId": "make", "responses": {"200": {"description": "d"}}}),
    linked(operationId="make"),
)
put(
    "callback-goes",
    "breaking",
    operation(callbacks={"c": {"{$request.body#/to}": {"post": {"responses": OK}}}}),
    operation(),
)
put(
    "callback-expression",
    "breaking",
    operation(callbacks={"c": {"{$request.body#/to}": {"post": {"responses": OK}}}}),
    operation(callbacks={"c": {"{$request.body#/url}": {"post": {"responses": OK}}}}),
)
put(
    "webhook-body-less",
    "breaking",
    *(
        top(
            webhooks={
                "w": {
                    "post": {
                        "requestBody": {"required": True, "content": {"application/json": {"schema": s}}},
                        "responses": OK,
                    }
                }
            }
        )
        for s in (thing("a", a=TEXT), thing(a=TEXT))
    ),
)
put(
    "nullable-30-31",
    "equivalent",
    {**asked(thing(a={"type": "string", "nullable": True})), "openapi": "3.0.3"},
    asked(thing(a={"type": ["string", "null"]})),
)
put(
    "nullable-30-oneof",
    "equivalent",
    {
        **with_schemas(asked(thing(a={"allOf": [named("A")], "nullable": True})), A=thing(b=TEXT)),
        "openapi": "3.0.3",
    },
    with_schemas(asked(thing(a={"oneOf": [named("A"), {"type": "null"}]})), A=thing(b=TEXT)),
)
put(
    "exclusive-30-31",
    "equivalent",
    {**asked({"type": "integer", "minimum": 1, "exclusiveMinimum": True}), "openapi": "3.0.3"},
    asked({"type": "integer", "exclusiveMinimum": 1}),
)
put("example-to-examples", "docs", asked({**TEXT, "example": "a"}), asked({**TEXT, "examples": ["a"]}))
put("const-vs-enum", "equivalent", asked({"const": "a"}), asked({"enum": ["a"]}))
put(
    "ref-to-response",
    "equivalent",
    described(
        {
            "responses": {
                "200": {"description": "d", "x-a": 1, "content": {"application/json": {"schema": TEXT}}}
            }
        }
    ),
    {
        **described({"responses": {"200": {"$ref": "#/components/responses/R"}}}),
        "components": {
            "responses": {
                "R": {"description": "d", "x-a": 1, "content": {"application/json": {"schema": TEXT}}}
            }
        },
    },
)
put(
    "ref-desc-override-31",
    "docs",
    *(
        {
            **described({"responses": {"200": {"$ref": "#/components/responses/R", "description": x}}}),
            "components": {"responses": {"R": {"description": "d"}}},
        }
        for x in "ab"
    ),
)
put(
    "allof-split-with-ext",
    "equivalent",
    asked({**thing(a=TEXT, b=TEXT), "x-a": 1}),
    asked({"allOf": [thing(a=TEXT), thing(b=TEXT)], "x-a": 1}),
)
put(
    "title-only", "client-api", asked({**thing(a=TEXT), "title": "A"}), asked({**thing(a=TEXT), "title": "B"})
)
put("int-format", "docs", asked(thing(a=WHOLE)), asked(thing(a={**WHOLE, "format": "int64"})))
put(
    "format-unknown-number",
    "docs",
    asked(thing(a={"type": "number", "format": "decimal128"})),
    asked(thing(a={"type": "number", "format": "money"})),
)
put("readonly-in-answer", "docs", answered(thing(a=TEXT)), answered(thing(a={**TEXT, "readOnly": True})))
put(
    "readonly-prop-in-request-changes",
    "docs",
    asked(thing(a={**TEXT, "readOnly": True})),
    asked(thing(a={**WHOLE, "readOnly": True})),
)
put("method-becomes-text", "breaking", item(get={"responses": OK}), item(get="x"))
put(
    "responses-null",
    "breaking",
    described(
        {"responses": {"200": {"description": "d", "content": {"application/json": {"schema": TEXT}}}}}
    ),
    described({"responses": None}),
)
put("schema-true-to-any", "equivalent", asked(thing(a=True)), asked(thing(a={})))
put(
    "schema-malformed-minlength",
    "unknown",
    asked({**TEXT, "minLength": "3"}),
    asked({**TEXT, "minLength": "4"}),
)
put("unknown-type", "unknown", asked({"type": "text"}), asked({"type": "txt"}))
put(
    "defs-unused",
    "docs",
    asked({**thing(a=TEXT), "$defs": {"z": TEXT}}),
    asked({**thing(a=TEXT), "$defs": {"z": WHOLE}}),
)
put(
    "defs-used",
    "breaking",
    asked(
        thing(a={"$ref": "#/paths/~1parcels/post/requestBody/content/application~1json/schema/$defs/z"})
        | {"$defs": {"z": TEXT}}
    ),
    asked(
        thing(a={"$ref": "#/paths/~1parcels/post/requestBody/content/application~1json/schema/$defs/z"})
        | {"$defs": {"z": {**TEXT, "maxLength": 2}}}
    ),
)
put(
    "cookie-style",
    "docs",
    operation(parameters=[{"name": "c", "in": "cookie", "schema": TEXT}]),
    operation(parameters=[{"name": "c", "in": "cookie", "schema": TEXT, "explode": False}]),
)
put(
    "header-param-removed",
    "behaviour",
    operation(parameters=[{"name": "X-A", "in": "header", "schema": TEXT}]),
    operation(),
)
put(
    "required-param-removed",
    "behaviour",
    operation(parameters=[{"name": "a", "in": "query", "required": True, "schema": TEXT}]),
    operation(),
)
put(
    "status-ext",
    "unknown",
    *(
        described({"responses": {"200": {"description": "d"}, "404": {"description": "n", "x-code": n}}})
        for n in (1, 2)
    ),
)
put(
    "ext-moved-range",
    "unknown",
    described({"responses": {"2XX": {"description": "d", "x-a": 1}}}),
    described({"responses": {"200": {"description": "d"}}}),
)

# What is sent has only the properties that it names, so a new one collides with no other alternative.
EITHER = thing("a", a=TEXT), thing("b", b=TEXT)
schema_pair(
    "an-alternative-gets-a-property",
    "compatible",
    "compatible",
    {"oneOf": list(EITHER)},
    {"oneOf": [thing("a", a=TEXT, p=TEXT), EITHER[1]]},
)
schema_pair(
    "an-alternative-that-may-be-empty-gets-a-property",
    "compatible",
    "compatible",
    {"oneOf": [thing(a=TEXT), thing(b=TEXT)]},
    {"oneOf": [thing(a=TEXT, p=TEXT), thing(b=TEXT)]},
)
schema_pair(
    "an-alternative-narrows",
    "breaking",
    "compatible",
    {"oneOf": list(EITHER)},
    {"oneOf": [thing("a", a={**TEXT, "maxLength": 3}), EITHER[1]]},
)
schema_pair(
    "a-third-alternative-of-another-type",
    "compatible",
    "breaking",
    {"oneOf": list(EITHER)},
    {"oneOf": [*EITHER, TEXT]},
)
