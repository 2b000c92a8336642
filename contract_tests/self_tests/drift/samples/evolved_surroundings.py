"""Pairs of descriptions whose surroundings evolve: security, servers, encoding, XML, what is said of all."""

from typing import Any

from contract_tests.self_tests.drift.samples.schema_pairs import Document, Pair, answered, asked
from contract_tests.self_tests.drift.samples.unheard_pairs import TEXT, WHOLE, item, operation, thing, top

PAIRS: list[Pair] = []


def put(name: str, truth: str, base: Document, revision: Document) -> None:
    """Put a pair on the list."""
    PAIRS.append(Pair(name, truth, base, revision))


# Security

KEY: Document = {"type": "apiKey", "in": "header", "name": "X-Key"}
FLOWS: Document = {"clientCredentials": {"tokenUrl": "https://a.b/t", "scopes": {"read": "r", "write": "w"}}}
GRANT: Document = {"type": "oauth2", "flows": FLOWS}
SCHEMES: Document = {
    "key": KEY,
    "token": {"type": "http", "scheme": "bearer"},
    "grant": GRANT,
    "cert": {"type": "mutualTLS"},
    "id": {"type": "openIdConnect", "openIdConnectUrl": "https://a.b/.well-known"},
}


def secured(*wanted: Document, **schemes: Document) -> Document:
    """Return a description that wants one of these."""
    return top(security=list(wanted), components={"securitySchemes": {**SCHEMES, **schemes}})


put("a-scope-more", "breaking", secured({"grant": ["read"]}), secured({"grant": ["read", "write"]}))
put("a-scope-less", "compatible", secured({"grant": ["read", "write"]}), secured({"grant": ["read"]}))
put("one-way-in-goes", "breaking", secured({"key": []}, {"token": []}), secured({"key": []}))
put("one-way-in-comes", "compatible", secured({"key": []}), secured({"key": []}, {"cert": []}))
put(
    "a-key-has-another-name",
    "breaking",
    secured({"key": []}),
    secured({"key": []}, key={**KEY, "name": "X-Api-Key"}),
)
put(
    "a-key-goes-into-the-query",
    "breaking",
    secured({"key": []}),
    secured({"key": []}, key={**KEY, "in": "query"}),
)
put(
    "basic-instead-of-bearer",
    "breaking",
    secured({"token": []}),
    secured({"token": []}, token={"type": "http", "scheme": "basic"}),
)
put(
    "identities-come-from-elsewhere",
    "breaking",
    secured({"id": []}),
    secured({"id": []}, id={"type": "openIdConnect", "openIdConnectUrl": "https://c.d/.well-known"}),
)
put(
    "tokens-come-from-elsewhere",
    "breaking",
    secured({"grant": ["read"]}),
    secured(
        {"grant": ["read"]},
        grant={
            **GRANT,
            "flows": {"clientCredentials": {**FLOWS["clientCredentials"], "tokenUrl": "https://c.d/t"}},
        },
    ),
)
put("nobody-is-asked-any-more", "compatible", secured({"key": []}), secured())
put("strangers-are-refused", "breaking", secured({"key": []}, {}), secured({"key": []}))
put("both-become-one", "compatible", secured({"key": [], "token": []}), secured({"key": []}))
put("one-becomes-both", "breaking", secured({"key": []}), secured({"key": [], "token": []}))
put(
    "devices-get-a-flow",
    "compatible",
    {**secured({"grant": ["read"]}), "openapi": "3.2.0"},
    {
        **secured(
            {"grant": ["read"]},
            grant={
                **GRANT,
                "flows": {
                    **FLOWS,
                    "deviceAuthorization": {
                        "deviceAuthorizationUrl": "https://a.b/d",
                        "tokenUrl": "https://a.b/t",
                        "scopes": {"read": "r"},
                    },
                },
            },
        ),
        "openapi": "3.2.0",
    },
)
put(
    "a-flow-goes",
    "breaking",
    secured(
        {"grant": ["read"]},
        grant={
            **GRANT,
            "flows": {**FLOWS, "password": {"tokenUrl": "https://a.b/t", "scopes": {"read": "r"}}},
        },
    ),
    secured({"grant": ["read"]}),
)
put(
    "the-scheme-tells-where-its-metadata-are",
    "unknown",
    {**secured({"grant": []}), "openapi": "3.2.0"},
    {**secured({"grant": []}, grant={**GRANT, "oauth2MetadataUrl": "https://a.b/m"}), "openapi": "3.2.0"},
)
put(
    "an-operation-is-asked-for-a-key",
    "breaking",
    {**operation(), "components": {"securitySchemes": SCHEMES}},
    {**operation(security=[{"key": []}]), "components": {"securitySchemes": SCHEMES}},
)

# Servers


def at(*urls: str, **more: Any) -> Document:
    """Return a description with these servers."""
    return top(servers=[{"url": url, **more} for url in urls])


put("another-version-of-the-base", "breaking", at("https://a.b/v1"), at("https://a.b/v2"))
put("the-words-of-a-server", "docs", at("https://a.b", description="a"), at("https://a.b", description="b"))
put(
    "the-name-of-a-server",
    "docs",
    {**at("https://a.b"), "openapi": "3.2.0"},
    {**at("https://a.b", name="live"), "openapi": "3.2.0"},
)
put(
    "an-operation-has-its-own-server",
    "breaking",
    at("https://a.b"),
    {**operation(servers=[{"url": "https://c.d"}]), "servers": [{"url": "https://a.b"}]},
)
put(
    "a-path-has-its-own-server",
    "breaking",
    at("https://a.b"),
    {**item(servers=[{"url": "https://c.d"}]), "servers": [{"url": "https://a.b"}]},
)
put("a-second-server", "compatible", at("https://a.b"), at("https://a.b", "https://c.d"))
put("the-servers-are-not-told-any-more", "behaviour", at("https://a.b/v1"), top())

# Extensions and what is said of all

put(
    "a-logo",
    "unknown",
    top(info={"title": "t", "version": "1", "x-logo": {"url": "a"}}),
    top(info={"title": "t", "version": "1", "x-logo": {"url": "b"}}),
)
put("a-version", "docs", top(info={"title": "t", "version": "1"}), top(info={"title": "t", "version": "2"}))
put(
    "a-licence",
    "docs",
    top(info={"title": "t", "version": "1"}),
    top(info={"title": "t", "version": "1", "license": {"name": "MIT", "identifier": "MIT"}}),
)
put(
    "a-contact",
    "docs",
    top(info={"title": "t", "version": "1", "contact": {"email": "a@b.c"}}),
    top(info={"title": "t", "version": "1", "contact": {"email": "d@b.c"}}),
)
put(
    "the-words-of-a-tag",
    "docs",
    top(tags=[{"name": "a", "description": "b"}]),
    top(tags=[{"name": "a", "description": "c"}]),
)
put(
    "the-parent-of-a-tag",
    "unknown",
    top(tags=[{"name": "a"}, {"name": "b"}]),
    top(tags=[{"name": "a"}, {"name": "b", "parent": "a"}]),
)
put(
    "more-to-read-elsewhere",
    "docs",
    top(externalDocs={"url": "https://a.b"}),
    top(externalDocs={"url": "https://c.d"}),
)
put(
    "another-dialect",
    "unknown",
    top(jsonSchemaDialect="https://a.b/x"),
    top(jsonSchemaDialect="https://a.b/y"),
)
put("another-self", "unknown", top(**{"$self": "https://a.b/x"}), top(**{"$self": "https://a.b/y"}))
put(
    "an-open-list-loses-a-value",
    "breaking",
    asked(thing(a={**TEXT, "x-extensible-enum": ["a", "b"]})),
    asked(thing(a={**TEXT, "x-extensible-enum": ["a"]})),
)
put(
    "deprecated-with-a-day",
    "docs",
    operation(),
    operation(deprecated=True, **{"x-sunset": "2030-01-01"}),
)
put("an-extension-of-a-component", "unknown", top(components={"x-pool": 1}), top(components={"x-pool": 2}))
put(
    "an-extension-of-a-property-of-an-answer",
    "unknown",
    answered(thing(a={**TEXT, "x-pii": True})),
    answered(thing(a=TEXT)),
)

# Forms


def form(**encoding: Any) -> Document:
    """Return a description of a form with a file."""
    content = {
        "multipart/form-data": {
            "schema": thing(file={}, tags={"type": "array", "items": TEXT}),
            "encoding": encoding,
        }
    }
    return operation(requestBody={"required": True, "content": content})


put(
    "a-kind-of-picture-goes",
    "breaking",
    form(file={"contentType": "image/png, image/jpeg"}),
    form(file={"contentType": "image/png"}),
)
put(
    "a-kind-of-picture-comes",
    "compatible",
    form(file={"contentType": "image/png"}),
    form(file={"contentType": "image/png, image/jpeg"}),
)
put(
    "a-part-has-a-header",
    "unknown",
    form(file={"contentType": "image/png"}),
    form(file={"contentType": "image/png", "headers": {"X-Sum": {"required": True, "schema": TEXT}}}),
)
put(
    "a-list-in-a-form-is-written-otherwise",
    "unknown",
    form(tags={"style": "form"}),
    form(tags={"style": "pipeDelimited"}),
)


def element(how: Any, **more: Any) -> Document:
    """Return a description of a body in XML."""
    schema = {**thing(a={"type": "array", "items": {**TEXT, "xml": {"name": "one"}}, "xml": how}), **more}
    return operation(requestBody={"required": True, "content": {"application/xml": {"schema": schema}}})


put("a-list-is-wrapped", "breaking", element({}), element({"wrapped": True}))
put(
    "another-namespace",
    "breaking",
    element({"namespace": "https://a.b"}),
    element({"namespace": "https://c.d"}),
)
put(
    "another-prefix",
    "behaviour",
    element({"prefix": "a"}),
    element({"prefix": "b"}),
)
put("another-root", "breaking", element({}, xml={"name": "a"}), element({}, xml={"name": "b"}))
put(
    "the-kind-of-a-node",
    "breaking",
    {**element({"nodeType": "element"}), "openapi": "3.2.0"},
    {**element({"nodeType": "cdata"}), "openapi": "3.2.0"},
)
put(
    "a-number-in-xml",
    "breaking",
    operation(requestBody={"content": {"application/xml": {"schema": thing(a=TEXT)}}}),
    operation(requestBody={"content": {"application/xml": {"schema": thing(a=WHOLE)}}}),
)

# The version of the language

put("from-3.0-to-3.1", "equivalent", {**asked(thing(a=TEXT)), "openapi": "3.0.3"}, asked(thing(a=TEXT)))
put(
    "null-in-the-words-of-3.1",
    "equivalent",
    {
        **asked(
            thing(a={**TEXT, "nullable": True}, b={"type": "number", "minimum": 0, "exclusiveMinimum": True})
        ),
        "openapi": "3.0.3",
    },
    asked(thing(a={"type": ["string", "null"]}, b={"type": "number", "exclusiveMinimum": 0})),
)
put(
    "null-is-lost-on-the-way-to-3.1",
    "unknown",
    {**asked(thing(a={**TEXT, "nullable": True})), "openapi": "3.0.3"},
    asked(thing(a={**TEXT, "nullable": True})),
)

# What only references lead to, while the place that refers stays as it is


def referring(place: str, default: int) -> Document:
    """Return a description whose schema A is referred to from one place, with another default."""
    schema: Document = {"$ref": "#/components/schemas/A"}
    parameter: Document = {"name": "q", "in": "query", "schema": schema}
    schemas: Document = {
        "A": {"type": "object", "properties": {"n": {"type": "integer", "default": default}}},
        "W": {"allOf": [schema, {"type": "object", "properties": {"m": {"type": "string"}}}]},
    }
    schemas["A"]["title"] = f"with {default}"
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/W"}}}}
    common = [parameter] if place == "path" else []
    if place == "component":
        common = [{"$ref": "#/components/parameters/Q"}]
    answer = {"responses": {"200": {"description": "d"}}}
    described: Document = {"requestBody": body, **answer} if place == "parent" else answer
    return {
        **top(components={"schemas": schemas, "parameters": {"Q": parameter}}),
        "paths": {"/a": {"parameters": common, "post": described}},
    }


for PLACE in ("path", "component", "parent"):
    put(f"behind-a-reference-of-a-{PLACE}", "behaviour", referring(PLACE, 1), referring(PLACE, 2))


put(
    "a-scheme-is-written-in-capitals",
    "equivalent",
    secured({"token": []}),
    secured({"token": []}, token={"type": "http", "scheme": "Bearer"}),
)
put(
    "a-key-in-a-header-is-written-in-small-letters",
    "equivalent",
    secured({"key": []}),
    secured({"key": []}, key={**KEY, "name": "x-key"}),
)
put(
    "a-key-in-the-query-is-written-in-small-letters",
    "breaking",
    secured({"key": []}, key={**KEY, "in": "query"}),
    secured({"key": []}, key={**KEY, "in": "query", "name": "x-key"}),
)
put(
    "a-file-may-be-anything",
    "compatible",
    form(file={"contentType": "image/png"}),
    form(file={"contentType": "*/*"}),
)
put(
    "a-file-may-be-any-picture",
    "compatible",
    form(file={"contentType": "image/png"}),
    form(file={"contentType": "IMAGE/*"}),
)
put(
    "a-file-may-be-any-text",
    "breaking",
    form(file={"contentType": "image/png"}),
    form(file={"contentType": "text/*"}),
)
