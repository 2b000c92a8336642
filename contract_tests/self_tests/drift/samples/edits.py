"""Single edits of effective.json as an API team makes them, each with the truth beside it.

The truth is decided by the values that each side allows, see `scripts.drift`: "breaking", "behaviour",
"client-api", "docs", "compatible", or "equivalent" where nothing may be found at all.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Edit = Callable[[Document], object]


@dataclass(frozen=True)
class Case:
    """One edit: its name, what it means, and what it does to a document."""

    name: str
    truth: str
    edit: Edit

    def applied(self, document: Document) -> Document:
        """Return a copy of the document with the edit."""
        result = copy.deepcopy(document)
        self.edit(result)
        return result


CASES: list[Case] = []


def case(truth: str) -> Callable[[Edit], Edit]:
    """Put an edit on the list under its function's name."""

    def take(edit: Edit) -> Edit:
        CASES.append(Case(edit.__name__.strip("_").replace("_", "-"), truth, edit))
        return edit

    return take


def put(truth: str, name: str, edit: Edit) -> None:
    """Put a short edit on the list."""
    CASES.append(Case(name, truth, edit))


def issue(d: Document) -> Document:
    """POST /test-api-keys."""
    operation: Document = d["paths"]["/test-api-keys"]["post"]
    return operation


def login(d: Document) -> Document:
    """GET /clients/authorization."""
    operation: Document = d["paths"]["/clients/authorization"]["get"]
    return operation


def body(d: Document) -> Document:
    """Return the schema of the request body."""
    schema: Document = issue(d)["requestBody"]["content"]["application/json"]["schema"]
    return schema


def phone(d: Document) -> Document:
    """Return the one field of the request."""
    schema: Document = body(d)["properties"]["phone"]
    return schema


def answer(d: Document) -> Document:
    """Return the schema of the key that is answered."""
    schema: Document = d["components"]["schemas"]["TestApiKeyResponse"]
    return schema


def schemas(d: Document) -> Document:
    """All named schemas."""
    found: Document = d["components"]["schemas"]
    return found


def key_parameter(d: Document) -> Document:
    """Return the query parameter of the JWT call."""
    parameter: Document = login(d)["parameters"][0]
    return parameter


# Requests get narrower: an old client is refused

put("breaking", "phone-pattern-narrowed", lambda d: phone(d).update(pattern="^[1-9][0-9]{9,14}$"))
put("breaking", "phone-pattern-for-germany-only", lambda d: phone(d).update(pattern="^49[0-9]{9,10}$"))
put("breaking", "phone-max-length-lowered", lambda d: phone(d).update(maxLength=12))
put("breaking", "phone-min-length-raised", lambda d: phone(d).update(minLength=10))
put("breaking", "phone-becomes-a-number", lambda d: phone(d).update(type="integer"))
put("breaking", "phone-becomes-a-list-of-choices", lambda d: phone(d).update(enum=["498213437654"]))
put("breaking", "phone-becomes-an-object", lambda d: body(d)["properties"].update(phone={"type": "object"}))
put("breaking", "phone-gets-a-format", lambda d: phone(d).update(format="uuid"))
put(
    "breaking",
    "phone-renamed",
    lambda d: body(d)["properties"].update(tel=body(d)["properties"].pop("phone")),
)
put(
    "breaking",
    "new-required-field-in-the-request",
    lambda d: body(d).update(
        required=["phone", "country"], properties={**body(d)["properties"], "country": {"type": "string"}}
    ),
)
put(
    "breaking",
    "request-becomes-a-list",
    lambda d: issue(d)["requestBody"]["content"].update(
        {"application/json": {"schema": {"type": "array", "items": body(d)}}}
    ),
)
put("breaking", "api-key-parameter-shortened", lambda d: key_parameter(d)["schema"].update(maxLength=20))
put(
    "breaking",
    "api-key-parameter-gets-a-pattern",
    lambda d: key_parameter(d)["schema"].update(pattern="^[0-9a-f]{40}$"),
)
put("breaking", "api-key-parameter-renamed", lambda d: key_parameter(d).update(name="key"))
put("breaking", "api-key-moves-to-a-header", lambda d: key_parameter(d).update({"in": "header"}))
put(
    "breaking",
    "new-required-parameter",
    lambda d: login(d)["parameters"].append(
        {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
)
put(
    "breaking",
    "new-required-header",
    lambda d: issue(d).update(
        parameters=[{"name": "X-Trace", "in": "header", "required": True, "schema": {"type": "string"}}]
    ),
)


put(
    "breaking",
    "request-media-type-replaced",
    lambda d: issue(d)["requestBody"].update(
        content={"application/xml": issue(d)["requestBody"]["content"]["application/json"]}
    ),
)
put("breaking", "parameter-becomes-numeric", lambda d: key_parameter(d).update(schema={"type": "integer"}))
put(
    "breaking", "phone-may-not-repeat-a-digit", lambda d: phone(d).update({"not": {"enum": ["498213437654"]}})
)

# Answers get wider: an old client does not understand

put("breaking", "new-status-of-a-key", lambda d: answer(d)["properties"]["status"]["enum"].append("Blocked"))
put("breaking", "status-of-a-key-is-any-text", lambda d: answer(d)["properties"]["status"].pop("enum"))
put("breaking", "expiry-may-be-missing", lambda d: answer(d)["required"].remove("expDate"))
put("breaking", "expiry-may-be-null", lambda d: answer(d)["properties"]["expDate"].update(nullable=True))
put("breaking", "expiry-becomes-a-date", lambda d: answer(d)["properties"]["expDate"].update(format="date"))
put(
    "breaking",
    "expiry-becomes-a-number",
    lambda d: answer(d)["properties"].update(expDate={"type": "integer"}),
)
put("breaking", "expiry-loses-its-format", lambda d: answer(d)["properties"]["expDate"].pop("format"))
put(
    "breaking",
    "new-field-in-a-closed-answer",
    lambda d: answer(d)["properties"].update(owner={"type": "string"}),
)
put("breaking", "closed-answer-is-opened", lambda d: answer(d).update(additionalProperties=True))
put("breaking", "key-may-be-empty", lambda d: answer(d)["properties"]["apiKey"].pop("minLength"))
put(
    "breaking",
    "answer-is-wrapped",
    lambda d: schemas(d).update(
        TestApiKeyResponse={"type": "object", "required": ["data"], "properties": {"data": answer(d)}}
    ),
)
put(
    "breaking",
    "answer-becomes-a-list",
    lambda d: issue(d)["responses"]["200"]["content"]["application/json"].update(
        schema={"type": "array", "items": {"$ref": "#/components/schemas/TestApiKeyResponse"}}
    ),
)
put(
    "breaking",
    "answer-field-renamed",
    lambda d: (
        answer(d)["properties"].update(api_key=answer(d)["properties"].pop("apiKey")),
        answer(d).update(required=["api_key", "createdAt", "expDate", "status"]),
    ),
)
put(
    "breaking",
    "answer-has-an-alternative",
    lambda d: issue(d)["responses"]["200"]["content"]["application/json"].update(
        schema={
            "oneOf": [
                {"$ref": "#/components/schemas/TestApiKeyResponse"},
                {"$ref": "#/components/schemas/AuthorizationResponse"},
            ]
        }
    ),
)
put(
    "breaking",
    "errors-become-objects",
    lambda d: schemas(d)["ErrorResponse"]["properties"]["errors"].update(items={"type": "object"}),
)
put(
    "breaking",
    "success-becomes-a-text",
    lambda d: schemas(d)["ErrorResponse"]["properties"].update(success={"type": "string"}),
)
put(
    "breaking",
    "jwt-is-any-text",
    lambda d: schemas(d)["AuthorizationResponse"]["properties"]["jwt"].pop("pattern"),
)
put("breaking", "jwt-may-be-missing", lambda d: schemas(d)["AuthorizationResponse"].update(required=[]))
put(
    "breaking",
    "answer-in-another-media-type",
    lambda d: issue(d)["responses"]["200"].update(
        content={"application/xml": issue(d)["responses"]["200"]["content"]["application/json"]}
    ),
)
put("breaking", "answer-without-a-body", lambda d: issue(d)["responses"]["200"].pop("content"))
put(
    "breaking",
    "created-instead-of-ok",
    lambda d: issue(d)["responses"].update({"201": issue(d)["responses"].pop("200")}),
)
put(
    "breaking",
    "error-values-become-lists",
    lambda d: schemas(d)["Error"]["properties"]["errors"].update(
        additionalProperties={"type": "array", "items": {"type": "string"}}
    ),
)

# Around the schemas

put("breaking", "operation-removed", lambda d: d["paths"]["/test-api-keys"].pop("post"))
put("breaking", "path-removed", lambda d: d["paths"].pop("/clients/authorization"))
put("breaking", "path-renamed", lambda d: d["paths"].update({"/test-keys": d["paths"].pop("/test-api-keys")}))
put(
    "breaking",
    "method-changed",
    lambda d: d["paths"]["/test-api-keys"].update(put=d["paths"]["/test-api-keys"].pop("post")),
)
put("breaking", "operation-needs-a-token", lambda d: issue(d).update(security=[{"JWT": []}]))
put("breaking", "everything-needs-a-token", lambda d: d.update(security=[{"JWT": []}]))
put("breaking", "all-servers-move", lambda d: d.update(servers=[{"url": "https://api.novapost.com/v.2.0"}]))
put("behaviour", "sandbox-server-goes", lambda d: d["servers"].pop(0))
put(
    "behaviour",
    "status-of-success-comes",
    lambda d: issue(d)["responses"].update(
        {"202": {"description": "accepted", "content": {"application/json": {"schema": {"type": "string"}}}}}
    ),
)

# Rules in prose


def _reworded(old: str, new: str) -> Edit:
    def edit(d: Document) -> None:
        text = issue(d)["description"]
        assert old in text, old
        issue(d)["description"] = text.replace(old, new)

    return edit


put("behaviour", "two-requests-a-day", _reworded("one request per day", "two requests per day"))
put("behaviour", "same-key-for-an-hour", _reworded("within the same day", "within the same hour"))
put(
    "behaviour", "ukrainian-keys-supported", _reworded("- UA key generation is currently not supported\n", "")
)
put(
    "behaviour",
    "new-rule-in-prose",
    _reworded("Next step:", "Keys must be rotated every 90 days.\n\nNext step:"),
)
put(
    "behaviour",
    "expired-keys-are-gone",
    _reworded("reactivated with a new expiration date", "removed for good"),
)
put("behaviour", "a-sentence-among-rules", _reworded("Next step:", "Welcome to our portal.\n\nNext step:"))
put("behaviour", "summary-that-a-rule-rests-on", lambda d: issue(d).update(summary="Make a key"))
put(
    "docs",
    "answer-described-otherwise",
    lambda d: issue(d)["responses"]["200"].update(description="Here it is"),
)
put(
    "behaviour",
    "stage-only-is-not-said-any-more",
    lambda d: answer(d)["properties"]["apiKey"].update(description="A key."),
)
put("docs", "example-of-a-key", lambda d: answer(d)["properties"]["apiKey"].update(example="0" * 40))
put("docs", "example-that-does-not-fit", lambda d: answer(d)["properties"]["status"].update(example="Gone"))
put(
    "docs",
    "example-with-a-field-too-many",
    lambda d: issue(d)["responses"]["503"]
    and d["components"]["responses"]["Time-out"]["content"]["application/json"].update(
        example={"errors": {}, "trace": "x"}
    ),
)
put("docs", "deprecated", lambda d: login(d).update(deprecated=True))
put("docs", "version-of-the-api", lambda d: d["info"].update(version="1.0.1"))
put("docs", "title-of-the-api", lambda d: d["info"].update(title="Nova Post API"))

# Names that only the generated client has

put("client-api", "operation-id-changed", lambda d: issue(d).update(operationId="issueTestApiKey"))
put("client-api", "tag-renamed", lambda d: issue(d).update(tags=["Keys"]))
put("client-api", "title-of-the-request", lambda d: body(d).update(title="NewTestApiKey"))

# Nobody is hurt

put(
    "compatible",
    "new-operation",
    lambda d: d["paths"].update(
        {"/ping": {"get": {"operationId": "ping", "responses": {"204": {"description": "alive"}}}}}
    ),
)
put(
    "compatible",
    "new-optional-field-in-the-request",
    lambda d: body(d)["properties"].update(region={"type": "string"}),
)
put("compatible", "phone-takes-more", lambda d: phone(d).update(pattern="^[1-9][0-9]{5,14}$", minLength=6))
put(
    "compatible",
    "phone-takes-anything",
    lambda d: [phone(d).pop(k) for k in ("pattern", "minLength", "maxLength")],
)
put("compatible", "phone-may-be-null", lambda d: phone(d).update(nullable=True))
put("compatible", "request-is-opened", lambda d: body(d).update(additionalProperties=True))
put("compatible", "field-need-not-be-sent", lambda d: body(d).update(required=[]))
put(
    "compatible",
    "new-optional-parameter",
    lambda d: login(d)["parameters"].append({"name": "lang", "in": "query", "schema": {"type": "string"}}),
)
put("compatible", "parameter-becomes-optional", lambda d: key_parameter(d).update(required=False))
put(
    "compatible",
    "second-media-type",
    lambda d: issue(d)["requestBody"]["content"].update(
        {"application/xml": issue(d)["requestBody"]["content"]["application/json"]}
    ),
)
put(
    "compatible",
    "key-status-never-expired",
    lambda d: answer(d)["properties"]["status"].update(enum=["Active"]),
)
put(
    "compatible",
    "key-of-forty-digits",
    lambda d: answer(d)["properties"]["apiKey"].update(pattern="^[0-9a-f]{40}$"),
)
put(
    "compatible",
    "new-error-documented",
    lambda d: issue(d)["responses"].update({"500": {"description": "broken"}}),
)
put("docs", "error-not-documented-any-more", lambda d: issue(d)["responses"].pop("400"))
put(
    "compatible",
    "header-in-the-answer",
    lambda d: issue(d)["responses"]["200"].update(headers={"X-Rate": {"schema": {"type": "integer"}}}),
)
put("compatible", "third-server", lambda d: d["servers"].append({"url": "https://eu.novapost.com/v.1.0"}))
put(
    "compatible",
    "new-optional-field-in-an-open-answer",
    lambda d: schemas(d)["Error"]["properties"].update(trace={"type": "string"}),
)
put("equivalent", "token-is-one-way-among-two", lambda d: issue(d).update(security=[{}, {"JWT": []}]))

put(
    "compatible",
    "status-of-success-with-a-known-body-comes",
    lambda d: issue(d)["responses"].update({"201": {**issue(d)["responses"]["200"], "description": "made"}}),
)

# The same in other words


@case("equivalent")
def _key_order(d: Document) -> None:
    """Every object from back to front."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(child) for key, child in reversed(value.items())}
        return [turned(child) for child in value] if isinstance(value, list) else value

    for key, value in turned(d).items():
        d[key] = value


@case("equivalent")
def _request_extracted(d: Document) -> None:
    schemas(d)["TestApiKeyRequest"] = body(d)
    media = issue(d)["requestBody"]["content"]["application/json"]
    media["schema"] = {"$ref": "#/components/schemas/TestApiKeyRequest"}


@case("equivalent")
def _answer_inlined(d: Document) -> None:
    media = issue(d)["responses"]["200"]["content"]["application/json"]
    media["schema"] = copy.deepcopy(answer(d))


@case("equivalent")
def _response_inlined(d: Document) -> None:
    issue(d)["responses"]["503"] = copy.deepcopy(d["components"]["responses"]["Time-out"])


@case("equivalent")
def _phone_in_an_all_of(d: Document) -> None:
    body(d)["properties"]["phone"] = {"allOf": [phone(d)]}


@case("equivalent")
def _answer_split_by_all_of(d: Document) -> None:
    properties = answer(d)["properties"]
    first = {name: properties[name] for name in ("apiKey", "status")}
    second = {name: properties[name] for name in ("createdAt", "expDate")}
    schemas(d)["TestApiKeyResponse"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {} for name in properties},
        "allOf": [
            {"type": "object", "required": ["apiKey", "status"], "properties": first},
            {"type": "object", "required": ["createdAt", "expDate"], "properties": second},
        ],
    }


@case("equivalent")
def _enum_as_one_of_constants(d: Document) -> None:
    status = answer(d)["properties"]["status"]
    status.pop("enum")
    status["oneOf"] = [{"enum": ["Active"]}, {"enum": ["Expired"]}]


@case("equivalent")
def _version_3_1(d: Document) -> None:
    d["openapi"] = "3.1.0"


@case("equivalent")
def _bounds_that_the_pattern_has(d: Document) -> None:
    phone(d).pop("minLength")
    phone(d).pop("maxLength")


@case("equivalent")
def _pattern_in_other_words(d: Document) -> None:
    phone(d)["pattern"] = r"^[1-9]\d{7}\d{0,7}$"


@case("equivalent")
def _parameter_of_the_whole_path(d: Document) -> None:
    d["paths"]["/clients/authorization"]["parameters"] = login(d).pop("parameters")


@case("equivalent")
def _servers_with_a_variable(d: Document) -> None:
    d["servers"][1]["url"] = "https://{host}/v.1.0"
    d["servers"][1]["variables"] = {"host": {"default": "api.novapost.com"}}


@case("equivalent")
def _no_security_said_for_the_operation(d: Document) -> None:
    issue(d)["security"] = []


@case("equivalent")
def _explode_said_as_it_is(d: Document) -> None:
    key_parameter(d).update(style="form", explode=True)


@case("docs")
def _unused_schema(d: Document) -> None:
    schemas(d)["Draft"] = {"type": "object"}
