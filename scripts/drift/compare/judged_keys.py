"""The keys of each kind of object that are compared elsewhere, with the kind of value that is understood.

Whatever is not in these tables, or is of another kind of value, is compared by `rest` to the letter:
extensions, keys of later versions, and mistakes. So no key is passed over because nobody thought of it.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from scripts.document.objects import COMPONENTS as _COMPONENTS

Keys: TypeAlias = Mapping[str, type[Any] | tuple[type[Any], ...]]

_TEXTS: Keys = {"summary": object, "description": object, "externalDocs": object}

DOCUMENT: Keys = {
    **dict.fromkeys(("openapi", "info", "externalDocs"), object),
    **dict.fromkeys(("paths", "webhooks", "components"), dict),
    **dict.fromkeys(("servers", "security", "tags"), list),
}
INFO: Keys = dict.fromkeys(
    ("title", "summary", "description", "termsOfService", "contact", "license", "version"), object
)
ITEM: Keys = {
    **_TEXTS,
    "$ref": object,
    "parameters": list,
    "servers": list,
    "additionalOperations": dict,
    **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"), dict),
}
OPERATION: Keys = {
    **_TEXTS,
    **dict.fromkeys(("deprecated", "operationId", "tags"), object),
    **dict.fromkeys(("requestBody", "responses", "callbacks"), dict),
    **dict.fromkeys(("parameters", "security", "servers"), list),
}
PARAMETER: Keys = {
    "description": object,
    **dict.fromkeys(("name", "in", "style"), str),
    **dict.fromkeys(("required", "deprecated", "allowEmptyValue", "explode", "allowReserved"), bool),
    "schema": (dict, bool),
    "content": dict,
    **dict.fromkeys(("example", "examples"), object),
}
BODY: Keys = {"description": object, "name": object, "content": dict, "required": bool}
MEDIA_TYPE: Keys = {
    **dict.fromkeys(("schema", "itemSchema"), (dict, bool)),
    **dict.fromkeys(("example", "examples"), object),
    **dict.fromkeys(("encoding", "prefixEncoding", "itemEncoding"), object),
}
ANSWER: Keys = {
    "summary": object,
    "description": object,
    **dict.fromkeys(("headers", "content", "links"), dict),
}
LINK: Keys = dict.fromkeys(
    ("description", "operationId", "operationRef", "parameters", "requestBody", "server"), object
)
SCHEME: Keys = {
    **dict.fromkeys(
        ("description", "type", "name", "in", "scheme", "bearerFormat", "openIdConnectUrl"), object
    ),
    "deprecated": object,
    "flows": dict,
}
FLOW: Keys = {**dict.fromkeys(("authorizationUrl", "tokenUrl", "refreshUrl"), object), "scopes": dict}
SERVER: Keys = {"url": str, "description": object, "name": object, "variables": dict}
VARIABLE: Keys = {"default": object, "enum": list, "description": object}
TAG: Keys = {**_TEXTS, "name": object}
COMPONENTS: Keys = dict.fromkeys(_COMPONENTS, dict)
