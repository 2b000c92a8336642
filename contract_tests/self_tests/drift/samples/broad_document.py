"""A description with every object of OpenAPI and every keyword of JSON Schema, for sweeps."""

from typing import Any

Document = dict[str, Any]


def _named(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Document:
    address = {
        "type": "object",
        "title": "Address",
        "description": "Where it goes.",
        "externalDocs": {"url": "https://a.b/address", "description": "More"},
        "required": ["street", "country"],
        "properties": {
            "street": {"type": "string", "minLength": 1, "maxLength": 99, "examples": ["High Street 1"]},
            "country": {"type": "string", "enum": ["DE", "UA"], "default": "UA", "x-legacy": True},
            "zip": {"type": "string", "pattern": "^[0-9]{5}$", "deprecated": True},
            "id": {"type": "integer", "format": "int32", "readOnly": True, "minimum": 1, "maximum": 9999},
            "secret": {"type": "string", "format": "password", "writeOnly": True},
        },
        "additionalProperties": False,
        "minProperties": 2,
        "maxProperties": 5,
        "xml": {"name": "address", "namespace": "https://a.b/ns", "prefix": "a", "wrapped": True},
        "x-owner": {"team": "maps", "pages": [1, 2]},
    }
    size = {
        "type": "object",
        "properties": {
            "weight": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 30.5, "multipleOf": 0.5},
            "sides": {
                "type": "array",
                "items": {"type": "integer", "exclusiveMaximum": 500},
                "minItems": 3,
                "maxItems": 4,
                "uniqueItems": True,
            },
            "unit": {"const": "cm"},
            "note": {
                "type": ["string", "null"],
                "contentEncoding": "base64",
                "contentMediaType": "text/plain",
            },
        },
        "patternProperties": {"^x-": {"type": "string", "maxLength": 9}},
        "additionalProperties": {"type": "integer"},
        "dependentRequired": {"weight": ["unit"]},
        "dependentSchemas": {"sides": {"required": ["unit"]}},
        "propertyNames": {"maxLength": 40},
    }
    letter = {
        "type": "object",
        "required": ["kind", "pages"],
        "properties": {"kind": {"type": "string"}, "pages": {"type": "integer"}},
        "unevaluatedProperties": False,
    }
    box = {
        "allOf": [
            {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
            {"type": "object", "properties": {"size": _named("Size"), "fragile": {"type": "boolean"}}},
        ],
        "if": {"properties": {"fragile": {"const": True}}, "required": ["fragile"]},
        "then": {"required": ["size"]},
        "else": {"properties": {"size": {"maxProperties": 6}}},
        "not": {"required": ["pages"]},
    }
    thing = {
        "oneOf": [_named("Letter"), _named("Box")],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"l": "#/components/schemas/Letter", "b": "Box"},
        },
    }
    row = {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}],
        "items": False,
        "contains": {"type": "integer", "minimum": 5},
        "minContains": 1,
        "maxContains": 2,
        "$comment": "a row",
    }
    tree = {
        "$dynamicAnchor": "tree",
        "type": "object",
        "properties": {"leaf": {"type": "string", "maxLength": 7}, "next": {"$dynamicRef": "#tree"}},
        "$defs": {"used": {"type": "string", "maxLength": 8}, "left": {"type": "string", "maxLength": 6}},
        "required": ["leaf"],
        "not": {"$ref": "#/components/schemas/Tree/$defs/used"},
    }
    error = {"type": "object", "properties": {"code": {"type": "string", "format": "uuid"}, "more": {}}}
    schemas = {"Address": address, "Size": size, "Letter": letter, "Box": box, "Thing": thing, "Row": row}
    return {**schemas, "Tree": tree, "Error": error, "Draft": {"type": "string", "maxLength": 3}}


def _components() -> Document:
    return {
        "schemas": _schemas(),
        "parameters": {
            "Page": {
                "name": "page",
                "in": "query",
                "description": "Which",
                "schema": {"type": "integer"},
                "example": 3,
            },
            "Spare": {"name": "spare", "in": "query", "schema": {"type": "string"}},
        },
        "responses": {
            "Failed": {
                "description": "It failed.",
                "content": {"application/problem+json": {"schema": _named("Error"), "x-media": 1}},
            }
        },
        "requestBodies": {"Spare": {"content": {"text/plain": {"schema": {"type": "string"}}}}},
        "headers": {"Left": {"description": "Calls left", "schema": {"type": "integer", "minimum": 0}}},
        "examples": {"Home": {"summary": "Home", "value": {"street": "a", "country": "UA"}, "x-by": "me"}},
        "links": {
            "Next": {
                "operationId": "look",
                "parameters": {"id": "$response.body#/id"},
                "description": "Go on",
            }
        },
        "callbacks": {
            "Later": {"{$request.body#/later}": {"put": {"responses": {"200": {"description": "ok"}}}}}
        },
        "pathItems": {"Spare": {"get": {"responses": {"200": {"description": "spare"}}}}},
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A token"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key", "x-rotates": "P30D"},
            "login": {
                "type": "oauth2",
                "flows": {
                    "authorizationCode": {
                        "authorizationUrl": "https://a.b/auth",
                        "tokenUrl": "https://a.b/token",
                        "refreshUrl": "https://a.b/refresh",
                        "scopes": {"read": "May read", "write": "May write"},
                        "x-flow": 1,
                    }
                },
            },
            "open": {"type": "openIdConnect", "openIdConnectUrl": "https://a.b/.well-known"},
        },
        "x-components": {"a": 1},
    }


def _send() -> Document:
    return {
        "operationId": "send",
        "summary": "Send it",
        "description": "Sends a parcel.",
        "tags": ["parcels"],
        "deprecated": True,
        "externalDocs": {"url": "https://a.b/send"},
        "security": [{"token": []}, {"login": ["write"], "key": []}, {"open": ["x"]}],
        "servers": [{"url": "https://send.a.b", "description": "Sending only"}],
        "x-rate-limit": {"per": "day", "calls": 100},
        "parameters": [
            {"$ref": "#/components/parameters/Page"},
            {
                "name": "tags",
                "in": "query",
                "style": "pipeDelimited",
                "explode": False,
                "allowReserved": True,
                "allowEmptyValue": True,
                "schema": {"type": "array", "items": {"type": "string", "maxLength": 5}},
                "examples": {"one": {"value": ["a"]}},
                "x-tags": 1,
            },
            {
                "name": "X-Trace",
                "in": "header",
                "required": True,
                "deprecated": True,
                "schema": {"type": "string"},
            },
            {
                "name": "c",
                "in": "cookie",
                "content": {"application/json": {"schema": _named("Error"), "example": {}}},
            },
            {"name": "Accept", "in": "header", "schema": {"type": "string"}},
        ],
        "requestBody": {
            "description": "The parcel",
            "required": True,
            "x-body": 1,
            "content": {
                "application/json": {
                    "schema": _named("Thing"),
                    "examples": {"h": {"$ref": "#/components/examples/Home"}},
                },
                "application/xml": {"schema": _named("Address")},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {"file": {"type": "string"}, "row": _named("Row")},
                    },
                    "encoding": {
                        "file": {
                            "contentType": "image/png, image/gif",
                            "headers": {"X-F": {"schema": {"type": "string"}}},
                        },
                        "row": {"style": "form", "explode": True, "allowReserved": False},
                    },
                },
            },
        },
        "responses": {
            "200": {
                "description": "Sent.",
                "headers": {
                    "X-Left": {"$ref": "#/components/headers/Left"},
                    "Content-Type": {"schema": {"type": "string"}},
                },
                "content": {
                    "application/json": {
                        "schema": _named("Address"),
                        "example": {"street": "a", "country": "UA"},
                    }
                },
                "links": {"next": {"$ref": "#/components/links/Next"}},
                "x-answer": 1,
            },
            "4XX": {"$ref": "#/components/responses/Failed"},
            "default": {
                "description": "Something else",
                "content": {"application/json": {"schema": _named("Tree")}},
            },
            "x-responses": 1,
        },
        "callbacks": {
            "done": {
                "{$request.body#/to}": {
                    "post": {
                        "requestBody": {"content": {"application/json": {"schema": _named("Thing")}}},
                        "responses": {"204": {"description": "Thanks."}},
                        "x-callback": 1,
                    },
                    "summary": "Called when done",
                },
                "x-callbacks": 1,
            },
            "later": {"$ref": "#/components/callbacks/Later"},
        },
    }


def document() -> Document:
    """Return the description, new each time."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "Parcels",
            "summary": "All about parcels",
            "description": "Sends parcels.",
            "version": "1.0.0",
            "termsOfService": "https://a.b/terms",
            "contact": {"name": "Us", "email": "us@a.b", "x-contact": 1},
            "license": {"name": "MIT", "identifier": "MIT"},
            "x-info": 1,
        },
        "servers": [
            {
                "url": "https://{region}.a.b/{version}",
                "description": "All regions",
                "variables": {
                    "region": {
                        "default": "eu",
                        "enum": ["eu", "us"],
                        "description": "Where",
                        "x-variable": 1,
                    },
                    "version": {"default": "v1"},
                },
                "x-server": 1,
            },
            {"url": "https://other.a.b"},
        ],
        "security": [{"key": []}],
        "tags": [
            {
                "name": "parcels",
                "description": "Parcels",
                "externalDocs": {"url": "https://a.b/p"},
                "x-tag": 1,
            }
        ],
        "externalDocs": {"url": "https://a.b/docs", "description": "Docs"},
        "x-top": {"sunset": "2027-01-01", "list": [1, {"a": 2}]},
        "paths": {
            "/parcels": {
                "summary": "Parcels",
                "description": "All parcels",
                "servers": [{"url": "https://parcels.a.b"}],
                "parameters": [{"name": "lang", "in": "query", "schema": {"type": "string", "maxLength": 2}}],
                "post": _send(),
                "x-item": {"a": [1]},
            },
            "/parcels/{id}": {
                "get": {
                    "operationId": "look",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                    ],
                    "responses": {
                        "200": {"description": "It.", "content": {"text/csv": {"schema": {"type": "string"}}}}
                    },
                },
            },
            "x-paths": 1,
        },
        "webhooks": {
            "arrived": {
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": _named("Box")}}},
                    "responses": {"200": {"description": "Noted."}},
                    "x-webhook": 1,
                }
            }
        },
        "components": _components(),
    }
