"""Further hostile documents, about the fields that hold no schema: servers, keys, methods, names, forms.

As in `hostile`: the honest base, what is changed in it, and a part of the line that it is refused with. Where
a document does no harm but has what the client does without, a part of the note that says so.
"""

from collections.abc import Iterator
from typing import Any

from contract_tests.self_tests.generator.hostile.documents import (
    BODY,
    CREATE,
    GET,
    LIST,
    NEW,
    PARCEL,
    STRING,
    Case,
    changed,
    operation,
    query,
    ref,
    written,
)

KEY = "components>securitySchemes>key"


def _server(url: str, **more: Any) -> dict[str, Any]:
    return {"servers": [{"url": url, **more}]}


def _key(place: str, name: Any) -> dict[str, Any]:
    return {KEY: {"type": "apiKey", "in": place, "name": name}, "security": [{"key": []}]}


def _variable(default: Any) -> dict[str, Any]:
    return {"variables": {"h": {"default": default}}}


def refused() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Name, what is put where, and a part of the refusal."""
    for url, reason in {
        "https://api.example/v1\nopen('{canary}')": "is no address",
        "https://api.example:99999999/v1": "is no address",
        "https://api.example:0/v1": "is no address",
        "https://[::1/v1": "is no address",
        "https://\u0430pi.example/v1": "is no address",
        "https://a b.example": "is no address",
        "https://-a.example/": "is no address",
        "https:///v1": "is no address",
        "https:evil": "is no address",
        "https://api.example/v1/../../x": "holds a segment",
        "https://api.example/v1/%2e%2e/x": "holds a segment",
        "https://user@api.example/": "must not hold a user",
        "https://{h}.example/": "a brace for which no variable",
        "https://api.example/{a/b}": "a brace for which no variable",
    }.items():
        yield f"the server {url!r}", _server(url), reason
    for default, reason in {
        "evil.example/#": "must not hold a user, a query",
        "key@evil.example": "must not hold a user",
        "');open('{canary}','w');('": "is no address",
        "{h}": "a brace for which no variable",
    }.items():
        yield f"a server's variable {default!r}", _server("https://{h}/v1", **_variable(default)), reason
    for name in ("X-A\r\nX-Evil: 1", "", "X A", "X-\u0430", "X:", 7):
        yield f"a key in the header {name!r}", _key("header", name), "/components/securitySchemes/key"
    for name in ("Host", "content-LENGTH", "Transfer-Encoding", "Connection", "TE"):
        yield f"a key in the message's own header {name}", _key("header", name), "set by the HTTP library"
    yield "a key in a cookie that ends", _key("cookie", "a; b=c"), "cannot be the name of a cookie"
    yield "a key of an empty name in the query", _key("query", ""), "is empty"
    for method in ("DELETE", "Get", "query", "connect", "subscribe"):
        yield f"the method {method!r}", {f"paths>/parcels>{method}": operation()}, f"{method!r} is no method"
    yield (
        "a header of cookies beside a cookie",
        {
            f"{LIST}>parameters>+": {"name": "Cookie", "in": "header", "schema": STRING},
            f"{LIST}>parameters>1": {"name": "c", "in": "cookie", "schema": STRING},
        },
        "has cookies besides this header; remove it",
    )
    yield (
        "headers that differ in capitals",
        {f"{LIST}>parameters>+": {"name": "x-trace", "in": "header", "schema": STRING}},
        "become one argument",
    )
    yield (
        "a body in another charset",
        {BODY: {'application/json; charset="UTF-16"': {"schema": ref("NewParcel")}}},
        "writes UTF-8, and not 'UTF-16'",
    )
    yield (
        "a form in another charset",
        {BODY: {"application/x-www-form-urlencoded;charset=koi8-u": {"schema": ref("NewParcel")}}},
        "writes UTF-8",
    )
    yield (
        "a media type with a line of its own",
        {BODY: {"application/json\r\nX-Evil: 1": {"schema": ref("NewParcel")}}},
        "U+000D",
    )
    yield (
        "a number that no double holds",
        {f"{NEW}>properties>n": {"type": "number", "default": 2**53 + 1}},
        "no number that 64 bits hold exactly",
    )
    yield (
        "a default beside the only boolean",
        {f"{PARCEL}>properties>b": {"type": "boolean", "enum": [False], "default": True}},
        "none of the enum's values",
    )
    yield (
        "a default beside the listed numbers",
        {f"{PARCEL}>properties>n": {"type": "number", "enum": [1.5], "default": 2.5}},
        "none of the enum's values",
    )
    yield (
        "two defaults of one property",
        {
            "components>schemas>A": {
                "allOf": [
                    {"type": "object", "properties": {"a": {"type": "string", "default": one}}}
                    for one in "xy"
                ]
            }
        },
        " in another part",
    )
    yield (
        "letters that become others",
        {f"{NEW}>properties>\ufb01le": STRING, f"{NEW}>properties>file": STRING},
        "become one attribute",
    )
    yield (
        "one accent in two ways",
        {f"{NEW}>properties>caf\u00e9": STRING, f"{NEW}>properties>cafe\u0301": STRING},
        "become one attribute",
    )
    yield "a tag with one strange letter", {f"{LIST}>tags": ["p\u0430rcels"]}, "CYRILLIC SMALL LETTER A"
    yield (
        "an alphabet's letters beside their look-alikes",
        {f"{LIST}>tags": ["\u0441\u043e\u0440"], f"{GET}>tags": ["sor"]},
        "become one package",
    )
    yield "a hidden joiner", {f"{LIST}>operationId": "list\u200dParcels"}, "U+200D"
    yield "hidden letters", {f"{NEW}>properties>a\U000e0061": STRING}, "U+E0061"
    yield "letters of nobody", {f"{NEW}>properties>\ue000": STRING}, "U+E000"
    yield "a command for a terminal", {"info>description": "\x1b[2J"}, "U+001B"
    yield (
        "allOf in a circle of three",
        {
            f"components>schemas>{one}": {"allOf": [ref(other), {"type": "object"}]}
            for one, other in ("AB", "BC", "CA")
        },
        "made of itself",
    )
    yield (
        "arrays in a circle of three",
        {
            f"components>schemas>{one}": {"type": "array", "items": ref(other)}
            for one, other in ("AB", "BC", "CA")
        },
        "made of itself",
    )
    yield (
        "an object as a discriminator's mapping that is a list",
        {f"{PARCEL}>discriminator": {"propertyName": "id", "mapping": ["a"]}},
        "discriminator/mapping",
    )
    yield "a body of a circle", _circle("requestBodies", f"{CREATE}>requestBody"), "made of itself"
    yield (
        "a parameter of a circle",
        {
            "components>parameters>A": {"$ref": "#/components/parameters/B"},
            "components>parameters>B": {"$ref": "#/components/parameters/A"},
            f"{LIST}>parameters>+": {"$ref": "#/components/parameters/A"},
        },
        "which is a reference again",
    )


def _circle(section: str, place: str) -> dict[str, Any]:
    itself = {"$ref": f"#/components/{section}/A"}
    return {f"components>{section}>A": itself, place: itself}


def noted() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Name, what is put where, and a part of the note that says what the client does without."""
    yield "a server that is only a path", _server("/v1"), "Client() has to be given one"
    yield "a server that runs", _server("javascript:open('{canary}')"), "Client() has to be given one"
    yield "a server's variable", _server("https://{h}/v1", **_variable("a.example")), "has 'a.example' in its"
    yield "a scheme that is not declared", {"security": [{"nowhere": []}]}, "which the document lacks"
    yield (
        "a scheme of certificates",
        {KEY: {"type": "mutualTLS"}, f"{LIST}>security": [{"key": []}]},
        "which the client cannot serve",
    )
    yield "calls of the service", {"webhooks": {"on": {"post": operation()}}}, "the service makes"
    yield (
        "calls back",
        {f"{CREATE}>callbacks": {"on": {"{$request.body#/url}": {"post": operation()}}}},
        "the service makes",
    )
    yield "a slip in a field", {f"{LIST}>paramaters": [query(STRING)]}, "no such field here (operation)"
    yield (
        "the length as a parameter",
        {f"{LIST}>parameters>1>name": "Content-Length"},
        "sets the header 'Content-Length' by itself",
    )


def cases() -> list[Case]:
    """Those that are refused; each before anything is generated."""
    return [Case(name, written(changed(**edits)), reason) for name, edits, reason in refused()]
