"""A Swagger 2.0 description with every kind of object, for sweeps."""

from typing import Any


def swagger() -> dict[str, Any]:
    """Return the description, new each time."""
    return {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1", "x-i": 1},
        "host": "a.b",
        "basePath": "/v1",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "tags": [{"name": "a"}],
        "security": [{"k": []}],
        "securityDefinitions": {
            "k": {"type": "apiKey", "in": "header", "name": "X"},
            "o": {
                "type": "oauth2",
                "flow": "implicit",
                "authorizationUrl": "https://a",
                "scopes": {"r": "read"},
                "x-o": 1,
            },
            "b": {"type": "basic", "description": "d"},
        },
        "parameters": {
            "P": {"name": "p", "in": "query", "type": "string"},
            "Spare": {"name": "s", "in": "query", "type": "string"},
        },
        "responses": {"R": {"description": "d", "schema": {"$ref": "#/definitions/D"}}},
        "x-top": 1,
        "externalDocs": {"url": "https://a"},
        "definitions": {
            "D": {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"type": "string", "x-nullable": True}, "b": {"$ref": "#/definitions/E"}},
                "discriminator": "a",
                "example": {"a": "x"},
            },
            "E": {"type": "integer", "format": "int32"},
        },
        "paths": {
            "x-paths": 1,
            "/a/{id}": {
                "x-item": 1,
                "parameters": [{"name": "id", "in": "path", "required": True, "type": "string"}],
                "post": {
                    "operationId": "o",
                    "summary": "s",
                    "description": "d",
                    "tags": ["a"],
                    "deprecated": True,
                    "schemes": ["https"],
                    "consumes": ["application/json"],
                    "produces": ["application/json", "text/csv"],
                    "x-op": 1,
                    "security": [{"o": ["r"]}],
                    "parameters": [
                        {"$ref": "#/parameters/P"},
                        {
                            "name": "body",
                            "in": "body",
                            "description": "bd",
                            "required": True,
                            "schema": {"$ref": "#/definitions/D"},
                            "x-body": 1,
                        },
                        {
                            "name": "l",
                            "in": "query",
                            "type": "array",
                            "items": {"type": "string", "collectionFormat": "csv"},
                            "collectionFormat": "multi",
                            "allowEmptyValue": True,
                            "x-p": 1,
                            "default": ["a"],
                        },
                    ],
                    "responses": {
                        "200": {
                            "description": "d",
                            "schema": {"$ref": "#/definitions/D"},
                            "headers": {"X-H": {"type": "integer", "description": "h", "x-h": 1}},
                            "examples": {"application/json": {"a": "x"}},
                            "x-r": 1,
                        },
                        "404": {"$ref": "#/responses/R"},
                        "x-rs": 1,
                    },
                },
                "put": {
                    "consumes": ["multipart/form-data"],
                    "parameters": [
                        {
                            "name": "f",
                            "in": "formData",
                            "type": "file",
                            "description": "fd",
                            "x-f": 1,
                            "required": True,
                        },
                        {"name": "n", "in": "formData", "type": "string", "maxLength": 4},
                    ],
                    "responses": {"204": {"description": "n"}},
                },
            },
        },
    }
