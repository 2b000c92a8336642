"""Made-up OpenAPI documents of any size that look like those of real services; a seed gives one everywhere.

A service has resources, each with up to five operations; a resource has schemas of its own (as it is, as it
is made, as it is changed, a page of them, its states), which share others (addresses, money, contacts,
problems), nest each other and point at other resources. Parameters and refusals are shared, security is by
key or token.
"""

import copy
import random
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

_KINDS = (
    "Shipment",
    "Parcel",
    "Pallet",
    "Courier",
    "Route",
    "Branch",
    "Invoice",
    "Payment",
    "Refund",
    "Claim",
    "Tariff",
    "Contract",
    "Customer",
    "Pickup",
    "Delivery",
    "Label",
    "Manifest",
    "Declaration",
    "Vehicle",
    "Warehouse",
)
_OF = (
    "",
    "Domestic",
    "Express",
    "Archived",
    "Partner",
    "Retail",
    "Regional",
    "Postal",
    "Customs",
    "Insured",
    "Seasonal",
    "Bulk",
    "Return",
    "Planned",
    "Internal",
    "Foreign",
    "Daily",
    "Sorted",
    "Leased",
    "Shared",
)
_STATES = (
    "draft",
    "planned",
    "accepted",
    "sorted",
    "in_transit",
    "arrived",
    "delivered",
    "refused",
    "lost",
    "returned",
    "cancelled",
    "archived",
)
_TEXTS = ("reference", "comment", "barcode", "origin", "destination", "carrier", "channel", "category",
          "batch", "zone", "terminal", "warehouse_code", "tracking_number", "customs_code")  # fmt: skip
_NUMBERS = ("weight", "height", "width", "length", "volume", "distance", "priority", "attempts", "pieces")
_TIMES = ("accepted_at", "planned_for", "delivered_on", "expires_on", "updated_at", "picked_up_at")
_VERBS = ("list", "create", "get", "update", "delete")


def document(count: int, seed: int = 1, *, circles: bool = True) -> Node:
    """Return a valid OpenAPI 3.0 document.

    Args:
        count: how many operations; at least 1.
        seed: the same one gives the same document.
        circles: whether schemas may refer to each other in circles, as real ones do.

    Raises:
        ValueError: there are no names for so many.
    """
    if not 1 <= count <= len(_KINDS) * len(_OF) * len(_VERBS):
        raise ValueError(
            f"{count} operations: between 1 and {len(_KINDS) * len(_OF) * len(_VERBS)} have names"
        )
    choose = random.Random(f"{seed}")
    # 1,000 operations are 200 resources. The kinds come first, then those of narrower kinds.
    names = [of + kind for of in _OF for kind in _KINDS][: -(-count // len(_VERBS))]
    schemas, left = _shared(), count
    paths: Node = {}
    for number, name in enumerate(names):
        schemas |= _schemas(name, names if circles else names[number + 1 :], choose)
        verbs = _VERBS[:left] if left < len(_VERBS) else _VERBS
        left -= len(verbs)
        for path, method, operation in _operations(name, verbs, choose):
            paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.0.3",
        "info": {"title": "Parcels of a made-up carrier", "version": f"1.{seed}.{count}"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "security": [{"key": []}],
        "tags": [{"name": _words(name)} for name in names],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
                "token": {"type": "http", "scheme": "bearer"},
            },
            "parameters": _PARAMETERS,
            "responses": {name: _problem(text) for name, text in _REFUSALS.values()},
            "schemas": schemas,
        },
    }


def edited(old: Node, seed: int = 1) -> Node:
    """Return the document after a release that adds, narrows, widens and removes parts.

    Args:
        old: as `document` makes it.
        seed: of the choice.
    """
    new = copy.deepcopy(old)
    choose = random.Random(f"edit {seed}")
    schemas = new["components"]["schemas"]
    bodies = sorted(name for name in schemas if f"New{name}" in schemas)
    for name in choose.sample(bodies, min(len(bodies), 8)):
        fresh, properties = schemas[f"New{name}"], schemas[name]["properties"]
        fresh["properties"]["reference"]["maxLength"] = 24
        fresh["required"] = sorted({*fresh["required"], "reference"})
        properties["checked_by"] = {"type": "string"}
        properties.pop("comment", None)
    schemas["Money"]["properties"]["currency"]["enum"].append("RON")
    return new


_PARAMETERS: Node = {
    "Limit": {
        "name": "limit",
        "in": "query",
        "description": "How many at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    },
    "Cursor": {
        "name": "cursor",
        "in": "query",
        "description": "Where the page before ended.",
        "schema": {"type": "string", "maxLength": 200},
    },
    "RequestId": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Told again in the answer.",
        "schema": {"type": "string", "format": "uuid"},
    },
}
_REFUSALS = {
    "400": ("BadRequest", "The request cannot be read"),
    "401": ("Unauthorized", "The key is missing or wrong"),
    "404": ("NotFound", "There is no such thing"),
    "409": ("Conflict", "It was changed by somebody else"),
    "422": ("Unprocessable", "A value is not allowed"),
    "429": ("TooMany", "Too many requests"),
}


def _shared() -> Node:
    return {
        "Problem": _object(
            {
                "code": {"type": "string", "enum": ["invalid", "missing", "conflict", "limit", "unknown"]},
                "message": {"type": "string"},
                "details": {"type": "array", "items": _ref("ProblemDetail")},
            },
            "code", "message",
        ),
        "ProblemDetail": _object({"field": {"type": "string"}, "reason": {"type": "string"}}, "reason"),
        "Money": _object(
            {
                "amount": {"type": "string", "pattern": "^-?[0-9]{1,12}(\\.[0-9]{2})?$"},
                "currency": {"type": "string", "enum": ["UAH", "EUR", "PLN", "CZK", "GBP"]},
            },
            "amount", "currency",
        ),
        "Address": _object(
            {
                "country": {"type": "string", "minLength": 2, "maxLength": 2},
                "city": {"type": "string", "minLength": 1, "maxLength": 80},
                "street": {"type": "string", "maxLength": 120},
                "postcode": {"type": "string", "maxLength": 12},
                "location": _ref("Location"),
            },
            "country", "city",
        ),
        "Location": _object(
            {
                "latitude": {"type": "number", "format": "double", "minimum": -90, "maximum": 90},
                "longitude": {"type": "number", "format": "double", "minimum": -180, "maximum": 180},
            },
            "latitude", "longitude",
        ),
        "Contact": _object(
            {
                "name": {"type": "string", "minLength": 1, "maxLength": 80},
                "telephone": {"type": "string", "pattern": "^[1-9][0-9]{7,14}$"},
                "email": {"type": "string", "format": "email"},
                "address": _ref("Address"),
            },
            "name", "telephone",
        ),
    }  # fmt: skip


def _schemas(name: str, others: list[str], choose: random.Random) -> Node:
    states = sorted(choose.sample(_STATES, choose.randint(3, 7)), key=_STATES.index)
    texts, numbers = (
        choose.sample(_TEXTS, choose.randint(2, 6)),
        choose.sample(_NUMBERS, choose.randint(1, 4)),
    )
    own: Node = {"reference": {"type": "string", "minLength": 1, "maxLength": 40}}
    own |= {text: _described(text, {"type": "string", "maxLength": choose.choice((20, 60, 250))})
            for text in texts if text != "reference"}  # fmt: skip
    own |= {
        number: _described(number, choose.choice(({"type": "integer", "format": "int32", "minimum": 0},
                                                  {"type": "number", "format": "double", "minimum": 0})))
        for number in numbers
    }  # fmt: skip
    for time in choose.sample(_TIMES, choose.randint(1, 3)):
        own[time] = {"type": "string", "format": "date" if time.endswith("on") else "date-time"}
    own |= {"urgent": {"type": "boolean", "default": False}, "sender": _ref("Contact")}
    own |= {"price": _ref("Money"), "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 20}}
    own["lines"] = {"type": "array", "items": _ref(f"{name}Line")}
    if others:
        own["part_of"] = _ref(choose.choice(others))
    return {
        f"{name}State": {"type": "string", "enum": states},
        f"{name}Line": _object(
            {
                "title": {"type": "string", "maxLength": 120},
                "count": {"type": "integer", "format": "int32", "minimum": 1},
                "price": _ref("Money"),
                "declared": {"type": "string", "nullable": True},
            },
            "title", "count",
        ),
        name: _object(
            {
                "id": {"type": "string", "format": "uuid"},
                "state": _ref(f"{name}State"),
                "created_at": {"type": "string", "format": "date-time"},
                **own,
            },
            "id", "state", "created_at", "reference",
        ) | {"description": f"A {_words(name)} as the carrier keeps it."},
        f"New{name}": _object(own, "sender"),
        f"{name}Change": _object({"state": _ref(f"{name}State"), **{text: own[text] for text in own
                                  if text in (*texts, *numbers)}}),
        f"{name}Page": _object(
            {"items": {"type": "array", "items": _ref(name)}, "next": {"type": "string", "nullable": True}},
            "items",
        ),
    }  # fmt: skip


def _operations(name: str, verbs: tuple[str, ...], choose: random.Random) -> Iterator[tuple[str, str, Node]]:
    words = _words(name)
    many = f"/{words.replace(' ', '-')}s"
    one = f"{many}/{{id}}"
    ident = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    shared = [{"$ref": "#/components/parameters/RequestId"}]
    filters = [
        {"name": "state", "in": "query", "schema": {"type": "array", "items": _ref(f"{name}State")}},
        {"name": "created_after", "in": "query", "schema": {"type": "string", "format": "date"}},
        {
            "name": "order",
            "in": "query",
            "schema": {"type": "string", "enum": ["newest", "oldest", "reference"], "default": "newest"},
        },
    ]
    pages = [{"$ref": f"#/components/parameters/{each}"} for each in ("Limit", "Cursor")]
    made: dict[str, tuple[str, str, Node]] = {
        "list": (many, "get", {
            "summary": f"List every {words}",
            "parameters": [*filters[: choose.randint(1, 3)], *pages, *shared],
            "responses": _responses("200", f"{name}Page", "400"),
        }),
        "create": (many, "post", {
            "summary": f"Make a {words}",
            "parameters": shared,
            "requestBody": {"required": True, **_json(f"New{name}")},
            "responses": _responses("201", name, "400", "409", "422"),
        }),
        "get": (one, "get", {
            "summary": f"Get a {words}",
            "parameters": [ident, *shared],
            "responses": _responses("200", name, "404"),
        }),
        "update": (one, "patch", {
            "summary": f"Change a {words}",
            "parameters": [ident, *shared],
            "requestBody": {"required": True, **_json(f"{name}Change")},
            "responses": _responses("200", name, "400", "404", "409", "422"),
        }),
        "delete": (one, "delete", {
            "summary": f"Delete a {words}",
            "security": [{"token": []}],
            "parameters": [ident, *shared],
            "responses": {"204": {"description": "It is gone"}, **_responses("", "", "404", "409")},
        }),
    }  # fmt: skip
    for verb in verbs:
        path, method, operation = made[verb]
        yield path, method, {"operationId": f"{verb}{name}", "tags": [words], **operation}


def _responses(status: str, schema: str, *refusals: str) -> Node:
    good = {status: {"description": "As it is now", **_json(schema)}} if status else {}
    refused = {
        each: {"$ref": f"#/components/responses/{_REFUSALS[each][0]}"} for each in ("401", *refusals, "429")
    }
    return good | dict(sorted(refused.items()))


def _problem(text: str) -> Node:
    return {"description": text, **_json("Problem")}


def _json(schema: str) -> Node:
    return {"content": {"application/json": {"schema": _ref(schema)}}}


def _object(properties: Node, *required: str) -> Node:
    return {"type": "object", **({"required": list(required)} if required else {}), "properties": properties}


def _ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _described(name: str, schema: Node) -> Node:
    return {**schema, "description": f"The {name.replace('_', ' ')}, as it was told."}


def _words(name: str) -> str:
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()
