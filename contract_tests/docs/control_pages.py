"""The reference pages of the control API and of the faults, from the document that the mock serves."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from contract_tests.docs.markdown import cell, page, prose
from novapost_mock.faults.json import KINDS, SYNONYMS

_SHORT = "Short for the `body` of this name."


def control() -> str:
    """Return the calls under /__mock__/, from the document that the mock itself serves there."""
    document = _control_document()
    parts = [
        "# The control API\n",
        prose(document["info"]["description"]),
        prose(
            "The mock serves this API as an OpenAPI document at `/__mock__/openapi.json`. A test in the",
            "same process can call the methods of [the mock](mock.md) instead. Two more answers are",
            "possible for each call: 403 for a page of another origin, and 401 if the mock requires a token",
            "and the request has none ([settings](settings.md)).",
        ),
    ]
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            parts += [f"## {method.upper()} /__mock__{path}\n", f"{call['summary']}\n"]
            parts += [
                _item(document, each["name"], each["schema"], each["in"])
                for each in call.get("parameters", ())
            ]
            if "requestBody" in call:
                schema = call["requestBody"]["content"]["application/json"]["schema"]
                parts.append(f"- body: {_shape(document, schema)}")
            for status, answer in call["responses"].items():
                if status != "403":
                    parts.append(f"- {status}: {_answer_text(document, answer)}")
            parts.append("")
    return page("novapost_mock/control/control.json", parts)


def faults() -> str:
    """Return what a fault may say, from the control API's document, and the names that are short for some."""
    properties = _control_document()["components"]["schemas"]["Fault"]["properties"]
    parts = [
        "# The faults\n",
        prose(
            "A fault makes the mock answer wrongly, late or not at all. `PUT /__mock__/faults` takes a list",
            "of faults; `novapost_mock.arm(…)` and the marker's `faults=[…]` take the same objects. A fault",
            "can have several properties: it can wait, then answer 503 with a page in HTML. If several",
            "faults match a call, only the first one acts.",
        ),
        "## By name\n",
        prose(
            'A `kind` stands for other properties: `{"kind": "html"}`. If you also give one of these',
            "properties, your value counts.",
        ),
        "| kind | stands for |",
        "|---|---|",
        *(f"| `{name}` | `{json.dumps(dict(stands))}` |" for name, stands in KINDS.items()),
        "\n## Properties\n",
        "| property | values | does |",
        "|---|---|---|",
    ]
    for name, schema in properties.items():
        if name not in SYNONYMS:
            parts.append(f"| `{name}` | {_values(schema)} | {cell(schema.get('description', _SHORT))} |")
    parts += ["\nThese names also work: " + ", ".join(f"`{a}` for `{b}`" for a, b in SYNONYMS.items()) + "."]
    return page("novapost_mock/control/control.json and novapost_mock/faults/json.py", parts)


def _control_document() -> dict[str, Any]:
    text = (resources.files("novapost_mock.control") / "control.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _item(document: Mapping[str, Any], name: str, schema: Mapping[str, Any], place: str) -> str:
    schema = _resolved(document, schema)
    text = schema.get("description", "")
    return f"- `{name}` in the {place}: {_values(schema)}{f'. {cell(text)}' if text else ''}"


def _answer_text(document: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    answer = _resolved(document, answer)
    content = answer.get("content", {})
    shapes = [_shape(document, media["schema"]) for media in content.values() if "schema" in media]
    text = cell(answer["description"]).rstrip(".")
    return f"{text}. {'; '.join(shapes)}" if shapes else f"{text}."


def _shape(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return a schema in a few words: its properties by name, or what it is."""
    if (name := schema.get("$ref", "").rpartition("/")[2]) == "Fault":
        return "[a fault](faults.md)"
    schema = _resolved(document, schema)
    if "oneOf" in schema:
        return ", or ".join(_shape(document, each) for each in schema["oneOf"])
    if "anyOf" in schema:
        return ", or ".join(_shape(document, each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"a list, each {_shape(document, schema['items'])}"
    if schema.get("properties"):
        return f"`{{{', '.join(json.dumps(each) for each in schema['properties'])}}}`"
    return name or str(schema.get("type", "any JSON"))


def _values(schema: Mapping[str, Any]) -> str:
    """Return what a property may be: its list of values, its bounds, or its type."""
    if "anyOf" in schema:
        return ", or ".join(_values(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    kind = str(schema.get("type", "any"))
    if "minimum" in schema and "maximum" in schema:
        above = "above " if schema.get("exclusiveMinimum") else ""
        return f"{kind}, {above}{schema['minimum']} to {schema['maximum']}"
    if "pattern" in schema:
        return f"{kind}, `{schema['pattern']}`"
    return kind


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node
