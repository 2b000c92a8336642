"""Pairs of descriptions whose operations evolve: parameters, statuses, media types, webhooks, links."""

from typing import Any

from contract_tests.self_tests.drift.samples.schema_pairs import Document, Pair, answered, asked, described
from contract_tests.self_tests.drift.samples.unheard_pairs import OK, TEXT, WHOLE, operation, thing, top

PAIRS: list[Pair] = []


def put(name: str, truth: str, base: Document, revision: Document) -> None:
    """Put a pair on the list."""
    PAIRS.append(Pair(name, truth, base, revision))


def by(name: str = "q", where: str = "query", **more: Any) -> Document:
    """Return a description of one parameter."""
    known = {} if "content" in more else {"schema": TEXT}
    one = {"name": name, "in": where, **known, **more}
    path = "/parcels/{" + name + "}" if where == "path" else "/parcels"
    return described({"parameters": [one], "responses": OK}, path)


# Parameters

LIST: Document = {"type": "array", "items": TEXT}
put("a-list-is-joined", "breaking", by(schema=LIST), by(schema=LIST, explode=False))
put(
    "a-key-of-a-path-is-a-number",
    "breaking",
    by("id", "path", required=True),
    by("id", "path", required=True, schema=WHOLE),
)
put(
    "a-key-of-a-path-is-any-text",
    "compatible",
    by("id", "path", required=True, schema=WHOLE),
    by("id", "path", required=True),
)
put(
    "a-header-in-small-letters",
    "equivalent",
    by("X-Trace", "header"),
    by("x-trace", "header"),
)
put("a-cookie-is-required", "breaking", by("sid", "cookie"), by("sid", "cookie", required=True))
put("a-parameter-moves-to-a-header", "behaviour", by(), by("q", "header"))
put(
    "a-required-parameter-moves-to-a-header",
    "breaking",
    by(required=True),
    by("q", "header", required=True),
)


def packed(schema: Any) -> Document:
    """Return the content of a parameter that is written as JSON."""
    return {"application/json": {"schema": schema}}


put(
    "a-parameter-of-json-narrows",
    "breaking",
    by(content=packed(thing(a=TEXT))),
    by(content=packed(thing("a", a=TEXT))),
)
put(
    "a-parameter-becomes-json",
    "breaking",
    by(schema=thing(a=TEXT)),
    by(content=packed(thing(a=TEXT))),
)
DEEP: Document = {"style": "deepObject", "explode": True}
put(
    "a-filter-needs-more",
    "breaking",
    by(schema=thing(a=TEXT), **DEEP),
    by(schema=thing("b", a=TEXT, b=TEXT), **DEEP),
)
put(
    "a-filter-goes",
    "behaviour",
    by(schema=thing(a=TEXT, b=TEXT), **DEEP),
    by(schema=thing(a=TEXT), **DEEP),
)
put(
    "another-page-size-by-default",
    "behaviour",
    by(schema={**WHOLE, "default": 20}),
    by(schema={**WHOLE, "default": 50}),
)
put("a-page-size-by-default-comes", "docs", by(schema=WHOLE), by(schema={**WHOLE, "default": 20}))
put("a-page-size-by-default-goes", "behaviour", by(schema={**WHOLE, "default": 20}), by(schema=WHOLE))
put("a-parameter-needs-a-value", "breaking", by(allowEmptyValue=True), by())
put("a-parameter-is-deprecated", "docs", by(), by(deprecated=True))
put(
    "the-whole-query-narrows",
    "breaking",
    {
        **by(where="querystring", content={"application/x-www-form-urlencoded": {"schema": thing(a=TEXT)}}),
        "openapi": "3.2.0",
    },
    {
        **by(where="querystring", content={"application/x-www-form-urlencoded": {"schema": thing(a=WHOLE)}}),
        "openapi": "3.2.0",
    },
)


def headed(**header: Any) -> Document:
    """Return a description whose answer has a header."""
    return described(
        {"responses": {"200": {"description": "done", "headers": {"X-Left": {"schema": WHOLE, **header}}}}}
    )


put("a-header-need-not-come", "breaking", headed(required=True), headed())
put("a-header-is-a-text", "breaking", headed(), headed(schema=TEXT))
put("a-header-comes", "compatible", operation(), headed())
put("a-header-always-comes", "compatible", headed(), headed(required=True))

# Statuses and media types


def statuses(*names: str, schema: Any = None) -> Document:
    """Return a description that answers with these statuses."""
    answer: Document = {"description": "d"}
    if schema is not None:
        answer["content"] = {"application/json": {"schema": schema}}
    return described({"responses": dict.fromkeys(names, answer)})


put("created-instead-of-done", "breaking", statuses("200"), statuses("201"))
put("any-success", "compatible", statuses("200"), statuses("2XX"))
put(
    "an-error-is-told-otherwise",
    "breaking",
    statuses("200", "default", schema=thing("code", code=WHOLE)),
    statuses("200", "default", schema=thing("code", code=TEXT)),
)
put("not-modified-goes", "behaviour", statuses("200", "304"), statuses("200"))
put("accepted-as-well", "compatible", statuses("200"), statuses("200", "202"))
put("a-conflict-is-documented", "compatible", statuses("200"), statuses("200", "409"))


def sent(*media: str) -> Document:
    """Return a description of a body in these media types."""
    body = {"required": True, "content": {one: {"schema": thing(a=TEXT)} for one in media}}
    return operation(requestBody=body)


put(
    "a-charset-is-told",
    "equivalent",
    sent("application/json"),
    sent("application/json; charset=utf-8"),
)
put("any-application", "compatible", sent("application/json"), sent("application/*"))
put("yaml-goes", "breaking", sent("application/json", "application/yaml"), sent("application/json"))
put(
    "a-patch-of-another-kind",
    "breaking",
    sent("application/merge-patch+json"),
    sent("application/json-patch+json"),
)
put(
    "a-body-is-required",
    "breaking",
    operation(requestBody={"content": packed(TEXT)}),
    operation(requestBody={"content": packed(TEXT), "required": True}),
)
put("a-body-of-nothing-comes", "compatible", operation(), operation(requestBody={"content": packed(TEXT)}))

# Names and paths

put("another-name", "client-api", operation(operationId="a"), operation(operationId="b"))
put("another-tag", "client-api", operation(tags=["a"]), operation(tags=["b"]))
put("a-slash-at-the-end", "breaking", described({"responses": OK}), described({"responses": OK}, "/parcels/"))
put(
    "a-key-of-a-path-is-named-otherwise",
    "client-api",
    by("id", "path", required=True),
    by("key", "path", required=True),
)
HEAD = {"paths": {"/a": {"head": {"responses": OK}, "options": {"responses": OK}}}}
put("a-head-goes", "breaking", top(**HEAD), top(paths={"/a": {"options": HEAD["paths"]["/a"]["options"]}}))

# Calls of the server


def hook(schema: Any, answer: str = "200") -> Document:
    """Return a description of a webhook."""
    body = {"required": True, "content": packed(schema)}
    return top(
        webhooks={"sent": {"post": {"requestBody": body, "responses": {answer: {"description": "d"}}}}}
    )


put("a-notice-says-less", "breaking", hook(thing("a", a=TEXT)), hook(thing(a=TEXT)))
put("a-notice-says-more", "compatible", hook(thing(a=TEXT)), hook(thing("b", a=TEXT, b=TEXT)))
put("a-new-state-in-a-notice", "breaking", hook({"enum": ["a"]}), hook({"enum": ["a", "b"]}))
put("a-notice-is-not-sent-any-more", "breaking", hook(TEXT), top())
put("a-notice-expects-another-answer", "breaking", hook(TEXT), hook(TEXT, "204"))


def called(expression: str, schema: Any = TEXT, **more: Any) -> Document:
    """Return a description of a callback."""
    call = {"requestBody": {"content": packed(schema)}, "responses": OK, **more}
    return operation(callbacks={"later": {expression: {"post": call}}})


put(
    "a-call-goes-elsewhere",
    "breaking",
    called("{$request.body#/to}"),
    called("{$request.body#/hook}"),
)
put(
    "a-call-has-another-state",
    "breaking",
    called("{$request.body#/to}", {"enum": ["a"]}),
    called("{$request.body#/to}", {"enum": ["a", "z"]}),
)
put(
    "a-call-is-signed",
    "compatible",
    called("{$url}"),
    called("{$url}", parameters=[{"name": "S", "in": "header", "schema": TEXT}]),
)


def linked(**link: Any) -> Document:
    """Return a description whose answer has a link."""
    return described(
        {
            "operationId": "make",
            "responses": {"200": {"description": "d", "links": {"next": {"operationId": "make", **link}}}},
        }
    )


put(
    "a-link-takes-another-value",
    "behaviour",
    linked(parameters={"q": "$response.body#/id"}),
    linked(parameters={"q": "$response.body#/key"}),
)
put("a-link-leads-to-another-server", "behaviour", linked(), linked(server={"url": "https://b.c"}))
put("a-link-has-a-body", "behaviour", linked(), linked(requestBody="$response.body"))

# OpenAPI 3.2


def streamed(schema: Any, role: str = "answer") -> Document:
    """Return a description of a stream of lines."""
    content = {"application/jsonl": {"itemSchema": schema}}
    if role == "answer":
        return {
            **described({"responses": {"200": {"description": "d", "content": content}}}),
            "openapi": "3.2.0",
        }
    return {**operation(requestBody={"content": content}), "openapi": "3.2.0"}


put("a-line-needs-more", "breaking", streamed(thing(a=TEXT), "body"), streamed(thing("a", a=TEXT), "body"))
put("a-line-has-less", "breaking", streamed(thing("a", a=TEXT)), streamed(thing(a=TEXT)))
put(
    "events-carry-another-type",
    "breaking",
    streamed(thing(data={**TEXT, "contentSchema": thing(a=TEXT), "contentMediaType": "application/json"})),
    streamed(thing(data={"type": "null"})),
)
put(
    "a-stream-becomes-a-list",
    "breaking",
    streamed(TEXT),
    {**answered(LIST, "application/jsonl"), "openapi": "3.2.0"},
)
put(
    "a-summary-of-an-answer",
    "docs",
    {**described({"responses": {"200": {"description": "d", "summary": "a"}}}), "openapi": "3.2.0"},
    {**described({"responses": {"200": {"description": "d", "summary": "b"}}}), "openapi": "3.2.0"},
)
FEW: Document = {"type": "array", "prefixItems": [TEXT, WHOLE]}
put(
    "parts-in-order-are-encoded-otherwise",
    "breaking",
    operation(
        requestBody={
            "content": {"multipart/mixed": {"schema": FEW, "prefixEncoding": [{"contentType": "text/plain"}]}}
        }
    ),
    operation(
        requestBody={
            "content": {"multipart/mixed": {"schema": FEW, "prefixEncoding": [{"contentType": "text/html"}]}}
        }
    ),
)
put(
    "the-limit-of-a-request",
    "unknown",
    asked(thing(a=TEXT)),
    {**asked(thing(a=TEXT)), "x-max-size": 10},
)
