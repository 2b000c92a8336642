"""Documents that nobody honest would write, and some that somebody careless would.

One honest base, and for each case what is changed in it and what must become of it: a part of the one line
with which it is refused, or None where it does no harm and must give a whole package. `{canary}` in a text
stands for a file that must never come into being.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]

OK = {
    "description": "fine",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}},
}
NUMBER = {"name": "parcelId", "in": "path", "required": True, "schema": {"type": "string"}}
BASE: Document = {
    "openapi": "3.0.3",
    "info": {"title": "Parcels", "version": "1", "description": "All of it."},
    "servers": [{"url": "https://api.example/v1"}],
    "paths": {
        "/parcels": {
            "get": {
                "operationId": "listParcels",
                "tags": ["parcels"],
                "parameters": [
                    {"name": "pageSize", "in": "query", "schema": {"type": "integer", "default": 10}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {"200": OK, "404": {"description": "none"}},
            },
            "post": {
                "operationId": "createParcel",
                "tags": ["parcels"],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewParcel"}}},
                },
                "responses": {"201": OK},
            },
        },
        "/parcels/{parcelId}": {
            "get": {
                "operationId": "getParcel",
                "tags": ["parcels"],
                "parameters": [NUMBER],
                "responses": {"200": OK},
            }
        },
    },
    "components": {
        "schemas": {
            "NewParcel": {
                "type": "object",
                "required": ["weight"],
                "properties": {
                    "weight": {"type": "number"},
                    "note": {
                        "type": "string",
                        "default": "none",
                        "description": "What to say",
                        "example": "Hello",
                    },
                },
            },
            "Parcel": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "status": {"type": "string", "enum": ["new", "done"]},
                    "sizes": {"type": "array", "items": {"type": "integer"}},
                },
            },
        }
    },
}

DELETE: Any = object()
# Harmless cases that make one document together, by the beginning of their names.
AT_ONCE = {
    "code everywhere at once": ("code in ",),
    "all awkward names at once": (
        *("a parameter '", "a property '", "a schema by", "a title by", "a name of"),
        *("a keyword as", "the name of a built-in", "a UUID as", "the schema ", "an enum that", "deepObject"),
        *("explode: false", "a number as", "a body of two", "ranges and", "alternatives that a req"),
        *(
            "an object that holds",
            "backslashes at",
            "a boolean in",
            "an id with",
            "the path '/@",
            "an enum of ['a', N",
        ),
    ),
    "oddities at once": (
        *("a property without", "a default in a path", "the Authorization header", "an answer of two types"),
        *("a single reference with properties", "what the caller must not", "what no answer has"),
        *("an allOf of texts", "an enum of ['a', 'a", "an enum of ['\u043d"),
    ),
    "values of other kinds at once": (
        "an answer of any type",
        *(
            "a time in",
            "null as",
            "a body of XML",
            "a PDF",
            "500 prop",
            "quotes at",
            "objects that hold each",
        ),
        *("an enum of ['\"'", "a long word of", "unions of"),
    ),
}


def _laughs() -> str:
    """Aliases of aliases of aliases: ten lines that unfold to a billion values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Case:
    """A hostile document.

    Attributes:
        name: what is wrong with it.
        write: gives its bytes; takes the path of the canary.
        refused: a part of the line that it must be refused with; None if it is harmless.
        suffix: of the file's name.
    """

    name: str
    write: Callable[[str], bytes]
    refused: str | None
    suffix: str = ".json"


def changed(**edits: Any) -> Document:
    """Return the base with values put in, each at a path of keys with `>` between; DELETE takes one out."""
    document = copy.deepcopy(BASE)
    for path, value in edits.items():
        put(document, path, value)
    return document


def put(document: Document, path: str, value: Any) -> None:
    """Put a value at a path of keys; a number steps into a list, and `+` appends."""
    *steps, last = path.split(">")
    node: Any = document
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    if last == "+":
        node.append(value)
    elif value is DELETE:
        del node[last]
    else:
        node[int(last) if isinstance(node, list) else last] = value


def written(document: Document) -> Callable[[str], bytes]:
    def write(canary: str) -> bytes:
        text = json.dumps(document)
        return text.replace("{canary}", json.dumps(canary)[1:-1]).encode()

    return write


def _raw(text: str | bytes) -> Callable[[str], bytes]:
    return lambda canary: text if isinstance(text, bytes) else text.replace("{canary}", canary).encode()


LIST, CREATE = "paths>/parcels>get", "paths>/parcels>post"
GET = "paths>/parcels/{parcelId}>get"
PARCEL, NEW = "components>schemas>Parcel", "components>schemas>NewParcel"
BODY = f"{CREATE}>requestBody>content"
STRING: Document = {"type": "string"}

# One text with all the ways out of a docstring, a literal, an f-string, a comment and a line.
PAYLOAD = (
    "x\"\"\"\nopen('{canary}', 'w')\n\"\"\" ' \" \\\" \\' {open('{canary}', 'w')} "
    "\\N{BELL} \\x \\\n__import__('os').system('touch {canary}') # \\"
)


def operation(**fields: Any) -> Document:
    return {
        "operationId": "another",
        "tags": ["parcels"],
        "responses": {"200": {"description": "fine"}},
        **fields,
    }


def query(schema: Any, name: str = "extra", **fields: Any) -> Document:
    return {"name": name, "in": "query", "schema": schema, **fields}


def ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _edits() -> Iterator[tuple[str, dict[str, Any], str | None]]:
    """Name, what is put where, and what must become of it."""
    # Injection: text that tries to become code, in every place that the generator takes text from.
    yield "code in the title", {"info>title": PAYLOAD}, None
    yield "code in the description", {"info>description": PAYLOAD}, None
    yield "code in the version", {"info>version": PAYLOAD}, None
    yield "code in a summary", {f"{LIST}>summary": PAYLOAD}, None
    yield "code in an operation's description", {f"{LIST}>description": PAYLOAD}, None
    yield "code in a parameter's description", {f"{LIST}>parameters>0>description": PAYLOAD}, None
    yield (
        "code in a parameter schema's description",
        {f"{LIST}>parameters>0>schema>description": PAYLOAD},
        None,
    )
    yield "code in an answer's description", {f"{LIST}>responses>200>description": PAYLOAD}, None
    yield "code in a schema's description", {f"{PARCEL}>description": PAYLOAD}, None
    yield "code in a property's description", {f"{NEW}>properties>note>description": PAYLOAD}, None
    yield "code in an example", {f"{NEW}>properties>note>example": PAYLOAD}, None
    yield "code in a schema's example", {f"{PARCEL}>example": {PAYLOAD: PAYLOAD}}, None
    yield "code in a format", {f"{NEW}>properties>note>format": PAYLOAD}, None
    yield "code in a pattern", {f"{NEW}>properties>note>pattern": PAYLOAD}, None
    yield "code in an extension", {"x-code": PAYLOAD, f"{LIST}>x-code": PAYLOAD}, None
    yield "code in a server's address", {"servers>0>url": PAYLOAD}, None
    yield "code in a schema's title", {f"{PARCEL}>title": PAYLOAD}, "the text"
    yield "code in a tag", {f"{LIST}>tags": [PAYLOAD]}, "the text"
    yield "code in an operationId", {f"{LIST}>operationId": PAYLOAD}, "the text"
    yield "code in a schema's name", {f"components>schemas>{PAYLOAD}": STRING}, "the name of a component"
    yield "code in a property's name", {f"{NEW}>properties>{PAYLOAD}": STRING}, "the text"
    yield "code in an enum", {f"{PARCEL}>properties>status>enum": ["new", PAYLOAD]}, "the text"
    yield (
        "code in the names of an enum",
        {
            f"{PARCEL}>properties>status>x-enum-varnames": [
                "new",
                PAYLOAD.replace("\n", ";").replace("{canary}", "canary"),
            ]
        },
        None,
    )
    yield "code in a default", {f"{NEW}>properties>note>default": PAYLOAD}, "the text"
    yield "code in a constant", {f"{NEW}>properties>note": {"const": PAYLOAD}}, "the text"
    yield "code in a parameter's name", {f"{LIST}>parameters>+": query(STRING, PAYLOAD)}, "the text"
    yield (
        "code in a header's name",
        {f"{LIST}>parameters>+": {"name": PAYLOAD, "in": "header", "schema": STRING}},
        "the text",
    )
    yield "code in a path", {f"paths>/{PAYLOAD}": {"get": operation()}}, "the text"
    yield "code in a media type", {f"{BODY}>{PAYLOAD}": {"schema": STRING}}, "the text"
    yield "code in a status", {f"{LIST}>responses>{PAYLOAD}": OK}, "is neither a status"
    yield (
        "code in a default of no type",
        {f"{NEW}>properties>note": {"default": {"__import__('os')": "{canary}"}}},
        None,
    )
    yield (
        "code in a default of a date",
        {
            f"{NEW}>properties>note": {
                "type": "string",
                "format": "date",
                "default": "'+open('{canary}','w')+'",
            }
        },
        "is not of the format date",
    )
    yield (
        "code in a default of a UUID",
        {
            f"{NEW}>properties>note": {
                "type": "string",
                "format": "uuid",
                "default": "') or open('{canary}','w'",
            }
        },
        "is not of the format uuid",
    )
    yield (
        "a format within a path",
        {"paths>/a/{parcelId.__class__}/{parcelId}": {"get": operation(parameters=[NUMBER])}},
        "does not see {parcelId.__class__}",
    )
    yield "a name of Python's own", {f"{NEW}>properties>__class__": STRING}, None
    yield "a keyword as a name", {f"{NEW}>properties>import": STRING}, None
    yield "the name of a built-in function", {f"{NEW}>properties>eval": STRING}, None
    yield (
        "backslashes at the end of texts",
        {f"{LIST}>description": "\\" * 3, f"{PARCEL}>description": "\\"},
        None,
    )
    yield "quotes at the end of texts", {f"{LIST}>summary": '"""', f"{PARCEL}>description": 'x"'}, None
    yield "a long word of backslashes", {f"{LIST}>description": "\\" * 499}, None
    yield "a text with another line break", {f"{LIST}>description": "a\r\nb\rc\u2028d"}, None
    # Commands for the log of a CI system.
    yield (
        "a command in an operationId",
        {f"{LIST}>operationId": "::error::x", GET: DELETE, "paths>/x": {}},
        None,
    )
    yield "a command in a refused text", {f"{LIST}>operationId": "\n::set-env name=x::\u202e"}, "the text"
    yield "an older command in a refused text", {f"{LIST}>tags": ["##[error]\u202e"]}, "# #[error]"
    # References.
    yield (
        "a reference to a file",
        {f"{LIST}>responses>200": {"$ref": "file:///etc/passwd"}},
        "refers to 'file:",
    )
    yield (
        "a reference to a file beside it",
        {f"{PARCEL}>properties>id": {"$ref": "other.json#/a"}},
        "refers to 'other",
    )
    yield (
        "a reference to an address",
        {f"{PARCEL}>properties>id": {"$ref": "http://127.0.0.1:9/x"}},
        "refers to 'http",
    )
    yield (
        "a reference without a scheme",
        {f"{PARCEL}>properties>id": {"$ref": "//127.0.0.1/x"}},
        "refers to '//",
    )
    yield "a reference that leads nowhere", {f"{PARCEL}>properties>id": ref("Gone")}, "is not there"
    yield (
        "a reference into a schema",
        {f"{PARCEL}>properties>id": {"$ref": f"#/{NEW}/properties/note".replace(">", "/")}},
        "the generator follows only",
    )
    yield (
        "a reference to another kind",
        {f"{LIST}>responses>200": ref("Parcel")},
        "follows only #/components/responses",
    )
    yield (
        "a reference that is no text",
        {f"{PARCEL}>properties>id": {"$ref": 7}},
        "#/components/schemas/Parcel/prop",
    )
    yield "a reference to itself", {"components>schemas>A": ref("A")}, "is made of itself"
    yield (
        "references in a circle",
        {f"components>schemas>{a}": ref(b) for a, b in ("AB", "BC", "CB")},
        "made of itself",
    )
    yield "an allOf of itself", {"components>schemas>A": {"allOf": [ref("A"), STRING]}}, "made of itself"
    yield "an anyOf of itself", {"components>schemas>A": {"anyOf": [ref("A"), STRING]}}, "made of itself"
    yield (
        "an array of itself",
        {"components>schemas>A": {"type": "array", "items": ref("A")}},
        "made of itself",
    )
    yield "an object that holds itself", {f"{PARCEL}>properties>parent": ref("Parcel")}, None
    yield (
        "objects that hold each other",
        {f"{PARCEL}>properties>other": ref("NewParcel"), f"{NEW}>properties>other": ref("Parcel")},
        None,
    )
    yield (
        "a response that is itself",
        {
            "components>responses>A": {"$ref": "#/components/responses/A"},
            f"{LIST}>responses>200": {"$ref": "#/components/responses/A"},
        },
        "made of itself",
    )
    yield (
        "a path item that is a reference",
        {"paths>/x": {"$ref": "#/paths/~1parcels"}},
        "a path item that is a reference",
    )
    yield "a path item from elsewhere", {"paths>/x": {"$ref": "https://x.example/a"}}, "refers to 'https"
    yield (
        "a discriminator to elsewhere",
        {f"{PARCEL}>discriminator": {"propertyName": "id", "mapping": {"a": "https://x.example/a.json"}}},
        "is no schema under",
    )
    yield "another base for references", {f"{PARCEL}>$id": "https://x.example/"}, "another base"
    yield "another language of schemas", {f"{PARCEL}>$schema": "https://x.example/"}, "another base"
    yield "a dynamic reference", {f"{PARCEL}>properties>id": {"$dynamicRef": "#x"}}, "another base"
    yield (
        "words beside a reference",
        {f"{PARCEL}>properties>other": {**ref("NewParcel"), "nullable": True}},
        "nullable beside $ref",
    )
    # Versions and shapes.
    yield "Swagger 2.0", {"openapi": DELETE, "swagger": "2.0"}, "Swagger 2.0"
    yield "a later version", {"openapi": "3.3.0"}, "only 3.0 to 3.2"
    yield "a version that is a number", {"openapi": 3.1}, "is not a text"
    yield "a version with a line of its own", {"openapi": "3.0.3\n::error::"}, "only 3.0 to 3.2"
    yield "no paths", {"paths": DELETE}, "Field required"
    yield "paths in a list", {"paths": []}, "#/paths"
    yield "empty paths", {"paths": {}}, "there are no operations"
    yield "an operation in a list", {LIST: []}, "#/paths/~1parcels/get"
    yield "an operation without answers", {f"{GET}>responses": DELETE}, "Field required"
    yield "no answer at all", {f"{GET}>responses": {}}, "documents no answer"
    yield "a schema of an unknown type", {f"{PARCEL}>type": "file"}, "#/components/schemas/Parcel/type"
    yield "properties in a list", {f"{PARCEL}>properties": []}, "#/components/schemas/Parcel/properties"
    # Paths.
    for path, reason in {
        "https://evil.example/x": "does not begin with a slash",
        "//evil.example/x": "the address of another host",
        "x": "does not begin with a slash",
        "": "does not begin with a slash",
        "/a\\b": "many take for a slash",
        "/a?b=\u0000": "U+0000",
        "/a?b={c": "a brace without its other half",
        "/a?b={c}": "generated",
        "/a?b=c": "generated",
        "/a#b": "generated",
        "/a b": "generated",
        "/a/\u0430%": "generated",
        "/a/..?b": "which leaves the path",
        "/a/..#b": "which leaves the path",
        "/a%2fb?c": "in its encoded form",
        "/a/../b": "which leaves the path",
        "/a/.": "which leaves the path",
        "/a%2fb": "in its encoded form",
        "/a%2E%2E/b": "in its encoded form",
        "/a\u0000b": "U+0000",
        "/a\u200bb": "U+200B",
        "/a//b": "an empty segment",
        "/a{b": "a brace without its other half",
        "/@evil.example": None,
    }.items():
        yield f"the path {path!r}", {f"paths>{path}": {"get": operation()}}, reason
    yield (
        "a path with a slash at its end beside one without",
        {"paths>/parcels/": {"get": operation()}},
        "differs from",
    )
    yield (
        "paths that differ in a parameter's name",
        {"paths>/parcels/{other}": {"put": operation(parameters=[NUMBER | {"name": "other"}])}},
        "differs from",
    )
    yield "a parameter that is not declared", {f"{GET}>parameters": []}, "'parcelId' is not declared"
    yield (
        "a parameter that is not in the path",
        {f"{LIST}>parameters>+": NUMBER},
        "but not in that of GET /parcels",
    )
    yield (
        "a parameter twice in the path",
        {"paths>/a/{parcelId}/{parcelId}": {"get": operation(parameters=[NUMBER])}},
        "stands in it twice",
    )
    # Names that fall together.
    yield "an operationId twice", {f"{GET}>operationId": "listParcels"}, "of GET /parcels already"
    yield "an operationId in capitals", {f"{GET}>operationId": "LISTPARCELS", f"{GET}>tags": ["b"]}, "already"
    yield "an operationId in another case", {f"{GET}>operationId": "list_parcels"}, "of GET /parcels already"
    yield "an id of '.'", {f"{GET}>operationId": "."}, "no letter or digit"
    yield "an id of '..'", {f"{GET}>operationId": ".."}, "no letter or digit"
    yield "an id with a slash", {f"{GET}>operationId": "../../evil"}, None
    yield "an empty id", {f"{GET}>operationId": ""}, "no letter or digit"
    yield "an id of 10,000 letters", {f"{GET}>operationId": "a" * 10_000}, "is longer than 180"
    yield "tags that become one package", {f"{GET}>tags": ["Parcels"]}, "become one package"
    yield "a tag of dots", {f"{GET}>tags": [".."]}, "no letter or digit"
    yield (
        "a letter that only looks right",
        {f"{NEW}>properties>\u0441ity": STRING},
        "CYRILLIC SMALL LETTER ES",
    )
    yield (
        "schemas that become one class",
        {"components>schemas>parcel": {"type": "object"}},
        "become one module",
    )
    yield (
        "a schema by the name of Response",
        {"components>schemas>Response": {"type": "object"}},
        None,
    )
    yield "a title by the name of Any", {f"{PARCEL}>title": "any"}, None
    yield (
        "an inner class by the name of a schema",
        {f"{NEW}>properties>x": {"title": "PARCEL", "type": "object", "properties": {"a": STRING}}},
        None,
    )
    yield "properties that become one attribute", {f"{NEW}>properties>Note": STRING}, "become one attribute"
    yield "a starred property", {f"{NEW}>properties>height*": STRING}, "ends in '*'"
    yield "a property without letters", {f"{NEW}>properties>?!": STRING}, None
    yield "a property without a name", {f"{NEW}>properties>": STRING}, None
    yield "a property with a hidden character", {f"{NEW}>properties>a\u200bb": STRING}, "U+200B"
    for name in (
        "additional_properties",
        "to_dict",
        "from_dict",
        "describe",
        "d",
        "cls",
        "self",
        "_m",
        "Model",
    ):
        yield f"a property {name!r}", {f"{PARCEL}>properties>{name}": STRING}, None
    for name in ("url", "headers", "client", "params", "body", "self", "kwargs", "_c", "_TABLE", "UNSET"):
        yield f"a parameter {name!r}", {f"{LIST}>parameters>+": query(STRING, name)}, None
    yield (
        "parameters that become one argument",
        {f"{LIST}>parameters>+": query(STRING, "page_size")},
        "one argument",
    )
    yield (
        "a parameter twice",
        {f"{LIST}>parameters>+": BASE["paths"]["/parcels"]["get"]["parameters"][0]},
        "pageSize",
    )
    yield (
        "a required name without a property",
        {f"{NEW}>required": ["weight", "heigth"]},
        "'heigth' is required",
    )
    # Parameters.
    yield (
        "a parameter with content",
        {
            f"{LIST}>parameters>+": {
                "name": "f",
                "in": "query",
                "content": {"application/json": {"schema": STRING}},
            }
        },
        "drops a parameter that has `content`",
    )
    yield (
        "a parameter without a schema",
        {f"{LIST}>parameters>+": {"name": "f", "in": "query"}},
        "without a schema",
    )
    yield (
        "deepObject",
        {
            f"{LIST}>parameters>+": query(
                {"type": "object", "properties": {"a": STRING}}, "deep", style="deepObject"
            )
        },
        None,
    )
    yield (
        "deepObject of an array",
        {f"{LIST}>parameters>+": query({"type": "array", "items": STRING}, style="deepObject")},
        "has no meaning for array",
    )
    yield "matrix", {f"{GET}>parameters>0": NUMBER | {"style": "matrix"}}, "does not know style 'matrix'"
    yield (
        "explode: false",
        {f"{LIST}>parameters>+": query({"type": "array", "items": STRING}, "joined", explode=False)},
        None,
    )
    yield (
        "explode: false for an object",
        {f"{LIST}>parameters>+": query({"type": "object", "properties": {"a": STRING}}, explode=False)},
        "ignores explode: false",
    )
    yield "allowReserved", {f"{LIST}>parameters>+": query(STRING, allowReserved=True)}, "allowReserved"
    yield (
        "an array in a path",
        {f"{GET}>parameters>0>schema": {"type": "array", "items": STRING}},
        "can stand in a path",
    )
    yield "a boolean in a path", {f"{GET}>parameters>0>schema": {"type": "boolean"}}, None
    yield (
        "a time in a path",
        {f"{GET}>parameters>0>schema": {"type": "string", "format": "date-time"}},
        None,
    )
    yield "a default in a path", {f"{GET}>parameters>0>schema>default": "x"}, None
    yield "a UUID as a header", {f"{LIST}>parameters>1>schema>format": "uuid"}, None
    yield "null as a header", {f"{LIST}>parameters>1>schema>nullable": True}, None
    yield "a date as a header", {f"{LIST}>parameters>1>schema>format": "date"}, "can be a header"
    yield "an object as a header", {f"{LIST}>parameters>1>schema": ref("Parcel")}, "can be a header"
    yield "anything as a header", {f"{LIST}>parameters>1>schema": {}}, "can be a header"
    yield "a header with a line break", {f"{LIST}>parameters>1>name": "X-A\r\nX-B"}, "U+000D"
    yield "a header with a space", {f"{LIST}>parameters>1>name": "X A"}, "cannot be the name of a header"
    yield "the Authorization header", {f"{LIST}>parameters>1>name": "Authorization"}, None
    yield (
        "a number as a cookie",
        {f"{LIST}>parameters>+": {"name": "c", "in": "cookie", "schema": {"type": "integer"}}},
        None,
    )
    yield (
        "an array as a cookie",
        {
            f"{LIST}>parameters>+": {
                "name": "c",
                "in": "cookie",
                "schema": {"type": "array", "items": STRING},
            }
        },
        "can be a cookie",
    )
    yield (
        "an object in an object in the query",
        {f"{LIST}>parameters>+": query({"type": "object", "properties": {"a": {"type": "object"}}})},
        "nested in a query parameter",
    )
    # Bodies and answers.
    yield (
        "a body of XML",
        {BODY: {"application/xml": {"schema": ref("NewParcel")}}},
        None,
    )
    yield (
        "a body of two kinds, one unknown",
        {f"{BODY}>text/csv": {"schema": STRING}},
        None,
    )
    yield "a body without a schema", {BODY: {"application/json": {}}}, "a body without a schema"
    yield "a form that is a text", {BODY: {"multipart/form-data": {"schema": STRING}}}, "only a single object"
    yield (
        "a form with an object in it",
        {
            BODY: {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "properties": {"a": ref("Parcel")}}
                }
            }
        },
        "the form's field 'a'",
    )
    yield (
        "an answer of any type",
        {f"{LIST}>responses>200>content": {"*/*": {"schema": STRING}}},
        None,
    )
    yield (
        "an answer of two types",
        {f"{LIST}>responses>200>content>application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        None,
    )
    yield (
        "an answer of JSON that is raw",
        {
            f"{LIST}>responses>200>content": {
                "application/json": {"schema": {"type": "string", "format": "binary"}}
            }
        },
        "JSON cannot carry raw bytes",
    )
    yield (
        "a text that is an object",
        {f"{LIST}>responses>200>content": {"text/plain": {"schema": ref("Parcel")}}},
        "reads text only as a text",
    )
    yield (
        "a PDF",
        {
            f"{LIST}>responses>200>content": {
                "application/pdf": {"schema": {"type": "string", "format": "binary"}}
            }
        },
        None,
    )
    for status in ("2xx", "20", "999", "OK", "\uff12\uff10\uff10", "-1", "0200"):
        yield f"the status {status!r}", {f"{LIST}>responses>{status}": OK}, "is neither a status"
    yield "ranges and default", {f"{LIST}>responses>4XX": OK, f"{LIST}>responses>default": OK}, None
    yield (
        "an address of an operation's own",
        {f"{GET}>servers": [{"url": "https://x.example"}]},
        "of single operations",
    )
    # Schemas.
    yield (
        "an array without items",
        {f"{PARCEL}>properties>sizes": {"type": "array"}},
        "an array without `items`",
    )
    yield "what a schema is not", {f"{PARCEL}>properties>id>not": {"type": "integer"}}, "does not read 'not'"
    yield (
        "properties by pattern",
        {f"{PARCEL}>patternProperties": {"^x": STRING}},
        "does not read 'patternProperties'",
    )
    yield (
        "a single reference with properties beside it",
        {"components>schemas>A": {"allOf": [ref("Parcel")], "properties": {"a": STRING}}},
        None,
    )
    yield (
        "oneOf beside properties",
        {"components>schemas>A": {"oneOf": [STRING, {"type": "integer"}], "properties": {"a": STRING}}},
        "ignores properties beside oneOf",
    )
    yield (
        "an allOf of texts",
        {"components>schemas>A": {"allOf": [STRING, {"maxLength": 3}]}},
        None,
    )
    yield (
        "alternatives that nobody can tell apart",
        {
            "components>schemas>A": {
                "oneOf": [
                    ref("Parcel"),
                    {"type": "object", "required": ["id"], "properties": {"id": STRING}},
                ]
            }
        },
        None,
    )
    yield (
        "alternatives that a required field tells apart",
        {
            "components>schemas>A": {"oneOf": [ref("NewParcel"), ref("Parcel")]},
            f"{PARCEL}>properties>weight": {"type": "number"},
        },
        None,
    )
    yield (
        "alternatives that take any further field of a kind",
        {
            "components>schemas>A": {"oneOf": [ref("NewParcel"), ref("Parcel")]},
            f"{PARCEL}>properties>weight": {"type": "number"},
            f"{NEW}>additionalProperties": STRING,
        },
        None,
    )
    yield (
        "what the caller must not send, required",
        {f"{NEW}>properties>weight>readOnly": True},
        None,
    )
    yield (
        "what no answer has, required",
        {f"{PARCEL}>properties>id>writeOnly": True},
        None,
    )
    yield "an empty list of types", {"openapi": "3.1.0", f"{PARCEL}>properties>id>type": []}, "an empty list"
    # Enums, constants, defaults.
    for values, reason in (
        ([], "at least 1"),
        (["a", "a"], None),
        (["a", "A"], None),
        (["a b", "a-b"], None),
        (["1", "value_0"], None),
        (["a", 1], "mixes values"),
        ([1.5], "text or integers only"),
        ([[1]], "text or integers only"),
        ([1, 2], "though the type is string"),
        (["\u043d\u043e\u0432\u0438\u0439"], None),
        (["a\u202eb"], "U+202E"),
        (['"', "\\", "'", "{", "%"], None),
        (["a", None], None),
    ):
        yield f"an enum of {values}", {f"{PARCEL}>properties>status>enum": values}, reason
    yield (
        "an enum whose own names are one",
        {f"{PARCEL}>properties>status>x-enum-varnames": ["New", "NEW"]},
        "become one member",
    )
    yield (
        "an enum that may be null and does not say so",
        {f"{PARCEL}>properties>status>nullable": True},
        None,
    )
    for schema, reason in (
        ({"type": "integer", "default": "1"}, "is of string"),
        ({"type": "integer", "default": 2**70}, "more than 64 bits"),
        ({"type": "number", "default": "inf"}, "is of string"),
        ({"type": "number", "default": "nan"}, "is of string"),
        ({"type": "boolean", "default": "true"}, "is of string"),
        ({"type": "string", "default": 'a"b'}, None),
        ({"type": "string", "default": "a\\b"}, None),
        ({"type": "string", "format": "date", "default": "20200101"}, "is no date"),
        ({"type": "string", "format": "date-time", "default": "2020-01-01T00:00:00"}, "no time zone"),
        ({"type": "string", "format": "date-time", "default": "2020-01-01T00:00:00Z"}, None),
        ({"type": "array", "items": STRING, "default": ["a"]}, None),
        ({"type": "string", "enum": ["a"], "default": "b"}, "none of the enum's values"),
        ({"const": 1.5}, "a constant of number"),
        ({"const": 'a"b'}, None),
    ):
        yield f"the schema {json.dumps(schema)}", {f"{NEW}>properties>extra": schema}, reason
    # Time and memory.
    deep: Document = STRING
    for _ in range(60):
        deep = {"type": "object", "properties": {"a_rather_long_name": deep}}
    yield "objects within objects", {f"{NEW}>properties>deep": deep}, None
    yield "500 properties", {f"{PARCEL}>properties>p{i}": STRING for i in range(500)}, None
    yield (
        "unions of unions",
        {
            **{
                f"components>schemas>U{i}": {"anyOf": [ref(f"U{i + 1}"), ref(f"U{i + 1}")]} for i in range(30)
            },
            "components>schemas>U30": STRING,
        },
        None,
    )


def cases() -> list[Case]:
    """All of them."""
    edited = list(_edits())
    found = [Case(name, written(changed(**edits)), refused) for name, edits, refused in edited]
    for name, beginning in AT_ONCE.items():
        document = copy.deepcopy(BASE)
        for one, edits, refused in edited:
            if refused is None and one.startswith(beginning):
                for path, value in edits.items():
                    put(document, path, copy.deepcopy(value))
        found.append(Case(name, written(document), None))
    text = json.dumps(BASE)
    head = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\n"
    raw: list[tuple[str, str | bytes, str | None, str]] = [
        ("an empty file", b"", "is not an OpenAPI document", ".json"),
        ("a list", b"[]", "not an object", ".json"),
        ("no JSON", b'{"openapi": ', "not JSON", ".json"),
        ("a web page", b"<!doctype html><html>404</html>", "is not an OpenAPI document", ".yaml"),
        ("UTF-16", text.encode("utf-16"), "not UTF-8", ".json"),
        ("a byte order mark", b"\xef\xbb\xbf" + text.encode(), None, ".json"),
        (
            "a key twice",
            text.replace('"info"', '"info": {},\n"info"', 1),
            ".json:2:1: the key 'info' stands twice",
            ".json",
        ),
        (
            "a key twice in YAML",
            f"{head}paths: {{}}\npaths: {{}}\n",
            ".yaml:4:1: not YAML: the key 'paths'",
            ".yaml",
        ),
        (
            "a path twice",
            text.replace('"/parcels/{parcelId}"', '"/parcels"', 1),
            "the key '/parcels'",
            ".json",
        ),
        ("NaN", text.replace('"default": 10', '"default": NaN'), "NaN is not JSON", ".json"),
        ("1e999", text.replace('"default": 10', '"default": 1e999'), "JSON cannot carry", ".json"),
        (
            "an integer of 5,000 digits",
            text.replace('"default": 10', f'"default": {"1" * 5000}'),
            "digits",
            ".json",
        ),
        ("half a character", text.replace("All of it", "\\ud800"), "JSON cannot carry", ".json"),
        ("brackets without end", "[" * 100_000, "nested deeper", ".json"),
        ("braces without end", '{"a":' * 100_000, "nested deeper", ".json"),
        ("YAML's brackets without end", "- " * 5_000, "deep", ".yaml"),
        ("an alias", f"{head}paths: &a {{}}\nx-b: *a\n", None, ".yaml"),
        ("a billion laughs", _laughs(), "aliases that unfold to more than 1000000 values", ".yaml"),
        ("an alias that holds itself", f"{head}x: &a\n  - *a\n", "an alias of what it stands in", ".yaml"),
        (
            "a tag",
            f"{head}x: !!python/object/apply:os.system ['touch {{canary}}']\n",
            "tags are not taken",
            ".yaml",
        ),
        ("two documents", f"{head}---\n{head}", "not YAML", ".yaml"),
        ("more than 20 MB", b" " * (20 * 1024 * 1024 + 1), "larger than", ".json"),
    ]
    return found + [Case(name, _raw(content), refused, suffix) for name, content, refused, suffix in raw]
