"""Do generator, suite and mock read one document of OpenAPI 3.2 alike? They share no code."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from novapost_mock.document import version_3_2 as of_the_mock
from novapost_mock.document.found import METHODS
from scripts.document import version_3_2 as of_the_scripts
from scripts.document.operations import resolved
from scripts.document.tree import Tree

Told = dict[str, Any]

STRING = {"type": "string"}
OK = {"responses": {"204": {"description": "d"}}}
FORM = "application/x-www-form-urlencoded"
FIELDS = {"type": "object", "required": ["a"], "properties": {"a": STRING, "b": {"type": "integer"}}}
# What comes item by item is a file for a client, and lines or a text for a mock.
_STREAMS: tuple[Any, ...] = (
    {"type": "string", "format": "binary"},
    {"type": "string", "minLength": 1},
    {"type": "array", "minItems": 1, "items": STRING},
)


def ref(section: str, name: str) -> dict[str, str]:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{section}/{name}"}


def whole_query(media: Any) -> dict[str, Any]:
    """Return a parameter that is all of a query."""
    return {"name": "all", "in": "querystring", "content": {FORM: media}}


def answering(media: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return an operation whose answer has these media types."""
    return {"responses": {"200": {"description": "d", "content": media}}, **more}


COMPONENTS = {
    "schemas": {"Fields": FIELDS, "Alias": ref("schemas", "Fields")},
    "parameters": {"Whole": whole_query({"schema": FIELDS}), "Alias": ref("parameters", "Whole")},
    "mediaTypes": {
        "Text": {"schema": STRING, "examples": {"one": {"dataValue": "x", "serializedValue": '"x"'}}},
        "Form": {"schema": FIELDS},
        "value": {"schema": STRING, "examples": {"default": {"dataValue": "x"}}},
        "Lines": {"itemSchema": STRING},
        "Alias": ref("mediaTypes", "Text"),
        "Round": ref("mediaTypes", "Round"),
    },
    "pathItems": {
        "Shared": {
            "parameters": [whole_query({"schema": FIELDS})],
            "get": OK,
            "query": OK,
            "additionalOperations": {"COPY": OK},
        }
    },
}
ITEMS: dict[str, dict[str, Any]] = {
    "other methods": {"get": OK, "query": OK, "additionalOperations": {"COPY": OK, "Lock": OK}},
    "methods that are none": {
        "get": OK,
        "additionalOperations": {"b c": OK, "GET": OK, "ЗАПИТ": OK, "X": None},
    },
    "a query twice": {
        "query": {**OK, "parameters": [{"name": "a", "in": "query", "schema": STRING}]},
        "additionalOperations": {"QUERY": OK},
    },
    "an item elsewhere": ref("pathItems", "Shared"),
    "a whole query": {"get": {**OK, "parameters": [whole_query({"schema": FIELDS})]}},
    "a whole query of all": {"parameters": [whole_query({"schema": FIELDS})], "get": OK, "query": OK},
    "a whole query of another method": {
        "additionalOperations": {"COPY": {**OK, "parameters": [whole_query({"schema": FIELDS})]}}
    },
    "a whole query elsewhere": {"get": {**OK, "parameters": [ref("parameters", "Whole")]}},
    "a whole query behind two references": {"get": {**OK, "parameters": [ref("parameters", "Alias")]}},
    "a whole query by its schema's name": {
        "get": {**OK, "parameters": [whole_query({"schema": ref("schemas", "Alias")})]}
    },
    "a whole query by its media type's name": {
        "get": {**OK, "parameters": [whole_query(ref("mediaTypes", "Form"))]}
    },
    "a whole query that is no form": {"get": {**OK, "parameters": [whole_query({"schema": STRING})]}},
    "a whole query with an odd list": {
        "get": {**OK, "parameters": [whole_query({"schema": {**FIELDS, "required": True}})]}
    },
    "a media type by its name": {"get": answering({"application/json": ref("mediaTypes", "Text")})},
    "a media type behind two references": {
        "get": answering({"application/json": ref("mediaTypes", "Alias")})
    },
    "a media type in a circle": {"get": answering({"application/json": ref("mediaTypes", "Round")})},
    "a media type that is not there": {"get": answering({"application/json": ref("mediaTypes", "None")})},
    "lines": {"get": answering({"application/jsonl": {"itemSchema": STRING}})},
    "lines by name": {"get": answering({"application/jsonl": ref("mediaTypes", "Lines")})},
    "events": {"get": answering({"text/event-stream": {"itemSchema": STRING}})},
    "events and a schema": {
        "get": answering({"text/event-stream": {"itemSchema": STRING, "schema": STRING}})
    },
    "names like those of data": {
        "get": {
            "responses": {
                "default": {"description": "d", "content": {"application/jsonl": {"itemSchema": STRING}}},
                "200": {"description": "d", "content": {"application/json": ref("mediaTypes", "value")}},
            }
        }
    },
    "properties of such names": {
        "get": answering(
            {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "dataValue": STRING,
                            "content": {"type": "object", "properties": {"itemSchema": STRING}},
                            "examples": {"type": "object", "properties": {"dataValue": STRING}},
                        },
                    }
                }
            }
        )
    },
    "an example of such names": {
        "get": answering(
            {
                "application/json": {
                    "schema": {},
                    "example": {"content": {"a": {"itemSchema": 1}}, "parameters": [{"in": "querystring"}]},
                    "examples": {"one": {"dataValue": {"examples": {"two": {"dataValue": 1}}}}},
                }
            }
        )
    },
}


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_both_ends_read_a_document_of_3_2_alike(item: dict[str, Any]) -> None:
    """Else the suite would find fault with a mock of the same document."""
    document = {
        "openapi": "3.2.0",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": item},
        "components": COMPONENTS,
    }

    read = of_scripts(copy.deepcopy(document))

    assert read
    assert read == of_mock(copy.deepcopy(document))


def test_a_property_keeps_its_name() -> None:
    """`dataValue` is new beside examples; in a schema it is a name as all others."""
    properties = ITEMS["properties of such names"]["get"]["responses"]["200"]["content"]["application/json"]
    document = {"openapi": "3.2.0", "paths": {"/a": ITEMS["properties of such names"]}}

    for read in (of_scripts, of_mock):
        ((_, body),) = read(copy.deepcopy(document))["GET"]["contents"]["200"].items()
        assert body["schema"] == properties["schema"]


@pytest.mark.parametrize("status", ["200", "default"])
def test_a_media_type_by_its_name_is_put_in_its_place_in_each_answer(status: str) -> None:
    """Else the generator finds a reference that it does not know."""
    answer = {"description": "d", "content": {"application/json": ref("mediaTypes", "Form")}}
    document: dict[str, Any] = {
        "openapi": "3.2.0",
        "paths": {"/a": {"get": {"responses": {status: answer}}}},
        "components": copy.deepcopy(COMPONENTS),
    }

    for rule in (of_the_scripts.media_types, of_the_scripts.version):
        assert list(rule(Tree(document))) == []

    found = document["paths"]["/a"]["get"]["responses"][status]["content"]
    assert found == {"application/json": {"schema": FIELDS}}
    assert "mediaTypes" not in document["components"]


def of_scripts(document: dict[str, Any]) -> Told:
    """Return what generator and suite read."""
    for _ in of_the_scripts.version(Tree(document)):
        pass
    found: Told = {}
    for path, raw in document["paths"].items():
        item = resolved(document, raw)
        for method in METHODS:
            if method in item:
                operation = item[method]
                name = operation.get("x-http-method", method.upper())
                assert path.partition("#")[0] == "/a"
                found[name] = explained(document, item, operation)
    return found


def of_mock(document: dict[str, Any]) -> Told:
    """Return what the mock reads."""
    document = of_the_mock.in_words_of_3_1(document)
    item = resolved(document, document["paths"]["/a"])
    own = ((method, item[method]) for method in METHODS if method in item)
    return {
        method.upper(): explained(document, item, operation)
        for method, operation in (*own, *of_the_mock.other_operations(item))
    }


def explained(document: Any, item: Mapping[str, Any], operation: Mapping[str, Any]) -> Told:
    """Return what an operation takes and answers."""
    listed = [*item.get("parameters", ()), *operation.get("parameters", ())]
    parameters = [resolved(document, each) for each in listed]
    return {
        "parameters": [(one["in"], one["name"], one.get("required"), one["schema"]) for one in parameters],
        "contents": {
            status: {name: dict(_media(media)) for name, media in response.get("content", {}).items()}
            for status, response in operation["responses"].items()
        },
    }


def _media(media: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if "schema" in media:
        yield "schema", "a stream" if media["schema"] in _STREAMS else media["schema"]
    if "example" in media:
        yield "example", media["example"]
    yield "examples", {name: each["value"] for name, each in media.get("examples", {}).items()}
