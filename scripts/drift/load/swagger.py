"""Swagger 2.0 in the terms of OpenAPI 3.0, as far as a comparison needs it."""

from typing import Any

from scripts.drift.document.references import references
from scripts.lib.errors import Refusal

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
# The keys of a document that are put elsewhere; all others stay.
_CONVERTED = (
    *("swagger", "host", "basePath", "schemes", "consumes", "produces", "paths", "definitions", "parameters"),
    *("responses", "securityDefinitions"),
)
_JSON = ["application/json"]
# What a parameter of Swagger 2.0 says about its value beside its name and place.
_OF_VALUE = (
    *("type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
    *("maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "enum", "multipleOf"),
)
_STYLES = {"csv": ("form", False), "multi": ("form", True), "ssv": ("spaceDelimited", False)}
_FLOWS = {"accessCode": "authorizationCode", "application": "clientCredentials"}
_REFERENCES = (
    ("#/definitions/", "#/components/schemas/"),
    ("#/responses/", "#/components/responses/"),
    ("#/parameters/", "#/components/parameters/"),
)


def converted(document: dict[str, Any], name: str) -> tuple[dict[str, Any], list[str]]:
    """Return an OpenAPI 3.0 document with the same operations, and a note that it was converted.

    Raises:
        Refusal: another version of Swagger than 2.
    """
    if not str(document.get("swagger")).startswith("2"):
        raise Refusal(name, "is a Swagger document of another version than 2.0")
    old: dict[str, Any] = _renamed(document)
    shared, used = _dict(old.get("parameters")), references(old.get("paths"))
    consumes, produces = _types(old.get("consumes")), _types(old.get("produces"))
    paths: dict[str, Any] = {}
    for path, item in _dict(old.get("paths")).items():
        if not isinstance(item, dict):
            paths[path] = item
            continue
        common = [_resolved(p, shared) for p in _list(item.get("parameters"))]
        new: dict[str, Any] = {k: v for k, v in item.items() if k not in (*_METHODS, "parameters")}
        for method in _METHODS:
            if isinstance(item.get(method), dict):
                new[method] = _operation(item[method], common, shared, consumes, produces)
                if set(_types(item[method].get("schemes"))) - set(_types(old.get("schemes"))):
                    schemes = {"schemes": item[method]["schemes"]}
                    new[method] |= {"servers": _servers({**old, **schemes})} if old.get("host") else schemes
        paths[path] = new
    result: dict[str, Any] = {key: value for key, value in old.items() if key not in _CONVERTED}
    result |= {"openapi": "3.0.3", "paths": paths}
    if old.get("host") or old.get("basePath"):
        result["servers"] = _servers(old)
    result["components"] = {
        "schemas": _dict(old.get("definitions")),
        "responses": {k: _response(v, produces or _JSON) for k, v in _dict(old.get("responses")).items()},
        # Those in use are taken in where they are.
        "parameters": {k: v for k, v in shared.items() if f"#/components/parameters/{k}" not in used},
        "securitySchemes": {k: _scheme(v) for k, v in _dict(old.get("securityDefinitions")).items()},
    }
    return result, ["is Swagger 2.0; converted to OpenAPI 3.0 for the comparison"]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _types(value: Any) -> list[str]:
    return [one for one in _list(value) if isinstance(one, str)]


def _renamed(value: Any) -> Any:
    """Return a copy with references to where OpenAPI 3 keeps things, and x-nullable as nullable."""
    if isinstance(value, list):
        return [_renamed(one) for one in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, child in value.items():
        if key == "$ref" and isinstance(child, str):
            for old, new in _REFERENCES:
                if child.startswith(old):
                    child = new + child.removeprefix(old)
        if key == "discriminator" and isinstance(child, str):
            child = {"propertyName": child}
        result["nullable" if key == "x-nullable" else key] = _renamed(child)
    return result


def _resolved(parameter: Any, shared: dict[str, Any]) -> dict[str, Any]:
    reference = _dict(parameter).get("$ref")
    if isinstance(reference, str):
        beside = {key: value for key, value in parameter.items() if key != "$ref"}
        found = _dict(shared.get(reference.rpartition("/")[2]))
        return {**found, "x-beside-reference": beside} if beside else found
    return _dict(parameter)


def _operation(
    old: dict[str, Any],
    common: list[dict[str, Any]],
    shared: dict[str, Any],
    consumes: list[str],
    produces: list[str],
) -> dict[str, Any]:
    consumes = _types(old.get("consumes")) or consumes
    produces = _types(old.get("produces")) or produces or _JSON
    own = [_resolved(p, shared) for p in _list(old.get("parameters"))]
    named = {(p.get("in"), p.get("name")): p for p in [*common, *own]}
    left = ("parameters", "consumes", "produces", "responses", "schemes")
    new: dict[str, Any] = {k: v for k, v in old.items() if k not in left}
    new["parameters"] = [_parameter(p) for p in named.values() if p.get("in") not in ("body", "formData")]
    body = next((p for p in named.values() if p.get("in") == "body"), None)
    form = [p for p in named.values() if p.get("in") == "formData"]
    if body is not None:
        content = {kind: {"schema": body.get("schema", {})} for kind in consumes or _JSON}
        more = {key: value for key, value in body.items() if key not in ("in", "schema", "required")}
        new["requestBody"] = {**more, "required": body.get("required") is True, "content": content}
    elif form:
        new["requestBody"] = _form(form, consumes)
    new["responses"] = {
        str(k): v if str(k).startswith("x-") else _response(v, produces)
        for k, v in _dict(old.get("responses")).items()
    }
    return new


def _schema(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = {key: parameter[key] for key in _OF_VALUE if key in parameter}
    if schema.get("type") == "file":
        schema = {"type": "string", "format": "binary"}
    return schema


def _beside(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return what a field of a form or a header says beside its value."""
    left = (*_OF_VALUE, "name", "in", "required")
    return {key: value for key, value in parameter.items() if key not in left}


def _parameter(old: dict[str, Any]) -> dict[str, Any]:
    left = (*_OF_VALUE, "collectionFormat", "allowEmptyValue")
    new = {key: value for key, value in old.items() if key not in left} | {"schema": _schema(old)}
    if old.get("allowEmptyValue"):
        new["allowEmptyValue"] = True
    if old.get("type") == "array" and old.get("in") == "query":
        new["style"], new["explode"] = _STYLES.get(str(old.get("collectionFormat", "csv")), ("form", False))
    return new


def _form(fields: list[dict[str, Any]], consumes: list[str]) -> dict[str, Any]:
    files = any(one.get("type") == "file" for one in fields)
    kinds = consumes if any("form" in k for k in consumes) else []
    kinds = kinds or ["multipart/form-data" if files else "application/x-www-form-urlencoded"]
    schema = {
        "type": "object",
        "properties": {str(one.get("name")): {**_beside(one), **_schema(one)} for one in fields},
        "required": [str(one.get("name")) for one in fields if one.get("required") is True],
    }
    required = bool(schema["required"])
    return {"required": required, "content": {kind: {"schema": schema} for kind in kinds}}


def _response(old: Any, produces: list[str]) -> dict[str, Any]:
    old = _dict(old)
    if "$ref" in old:
        return {**old}
    new = {key: value for key, value in old.items() if key not in ("schema", "headers", "examples")}
    if "schema" in old:
        new["content"] = {kind: {"schema": old["schema"]} for kind in produces}
    for kind, example in _dict(old.get("examples")).items():
        new.setdefault("content", {}).setdefault(kind, {})["example"] = example
    headers = {
        name: {**_beside(_dict(one)), "schema": _schema(_dict(one))}
        for name, one in _dict(old.get("headers")).items()
    }
    if headers:
        new["headers"] = headers
    return new


def _servers(old: dict[str, Any]) -> list[dict[str, Any]]:
    host, base = str(old.get("host") or ""), str(old.get("basePath") or "/")
    if not host:
        return [{"url": base}]
    return [{"url": f"{scheme}://{host}{base}"} for scheme in _types(old.get("schemes")) or ["https"]]


def _scheme(old: Any) -> dict[str, Any]:
    scheme = _dict(old)
    if scheme.get("type") == "basic":
        return {**scheme, "type": "http", "scheme": "basic"}
    if scheme.get("type") != "oauth2":
        return scheme
    flow = str(scheme.get("flow"))
    kept = {key: scheme[key] for key in ("authorizationUrl", "tokenUrl", "scopes") if key in scheme}
    more = {key: value for key, value in scheme.items() if key not in ("flow", *kept)}
    return {**more, "flows": {_FLOWS.get(flow, flow): kept}}
