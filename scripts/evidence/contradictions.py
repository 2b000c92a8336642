"""Examples, defaults and enums that do not fit the schema that they belong to.

An example is evidence: where it contradicts its schema one of the two is wrong, and a client that is
generated from the schema may refuse what the server really sends.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from scripts.document.media_types import kind
from scripts.document.operations import mapping, resolved
from scripts.document.parse import parse_json
from scripts.document.tree import Node, Tree, escape
from scripts.lib.errors import Refusal, printable

_DOCUMENT = "urn:document"
_MOST = 500
_MOST_EACH = 5
# Of no meaning to a validator, or of another one than OpenAPI has.
_IGNORED = ("example", "examples", "xml", "externalDocs", "discriminator", "deprecated", "$comment")
# Of these, one that refuses a text says that the schema has no text in mind, or not only.
_OF_NO_TEXT = ("type", "anyOf", "oneOf")
_OPTIONS = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000, size_limit=5 * 1024 * 1024)


@dataclass(frozen=True)
class Contradiction:
    """One value that does not fit.

    Attributes:
        place: the JSON pointer of the example, default or enum, and below it of the value.
        schema: the JSON pointer of the schema that the value does not fit.
        keyword: which of its keywords.
        value: the value.
        reason: what is wrong, in words.
    """

    place: str
    schema: str
    keyword: str
    value: Any
    reason: str

    def note(self) -> Refusal:
        """Return the contradiction as a line for people."""
        return Refusal(self.place, f"contradicts {self.schema}/{self.keyword}: {self.reason}")


def contradictions(document: dict[str, Any]) -> list[Contradiction]:
    """Return at most 500 contradictions, in document order; a schema that no validator takes has none."""
    tree = Tree(document)
    try:
        registry = jsonschema_rs.Registry(
            [(_DOCUMENT, _translated(document))], draft=jsonschema_rs.Draft202012
        )
    except (ValueError, jsonschema_rs.ReferencingError):
        return []
    found: dict[tuple[str, str, str], Contradiction] = {}
    validators: dict[str, Any] = {}
    for place, schema, readings in _evidence(tree):
        if schema not in validators:
            validators[schema] = _validator(schema, registry)
        validator = validators[schema]
        if validator is None or any(map(validator.is_valid, readings)):
            continue
        for error in _errors(validator, readings):
            one = _contradiction(place, schema, error)
            found.setdefault((one.place, one.schema, one.keyword), one)
        if len(found) >= _MOST:
            break
    return list(found.values())


def _validator(schema: str, registry: Any) -> Any:
    try:
        return jsonschema_rs.Draft202012Validator(
            {"$ref": _DOCUMENT + quote(schema, safe="#/~")},
            registry=registry,
            validate_formats=True,
            ignore_unknown_formats=True,
            offline=True,
            pattern_options=_OPTIONS,
        )
    except (ValueError, jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError):
        return None  # a pattern that is none, or a keyword in the wrong form


def _errors(validator: Any, readings: tuple[Any, ...]) -> list[Any]:
    """Return at most five errors of a value that fits in none of its readings.

    If the schema takes a text here, but another one, the text is meant, and otherwise the JSON that it holds.
    """
    errors = list(islice(validator.iter_errors(readings[0]), _MOST_EACH))
    if len(readings) > 1 and any(
        not error.instance_path and error.schema_path[-1:] and error.schema_path[-1] in _OF_NO_TEXT
        for error in errors
    ):
        return list(islice(validator.iter_errors(readings[1]), _MOST_EACH))
    return errors


def fits(schema: Mapping[str, Any], keywords: Iterable[str], value: Any) -> bool:
    """Whether some keywords of a schema allow a value; keywords that no validator takes do."""
    own = {keyword: schema[keyword] for keyword in keywords if keyword in schema}
    _translate(own)
    try:
        validator = jsonschema_rs.Draft202012Validator(own, pattern_options=_OPTIONS)
    except (ValueError, jsonschema_rs.ValidationError):
        return True
    return validator.is_valid(value)


def _contradiction(place: str, schema: str, error: Any) -> Contradiction:
    *way, keyword = [str(step) for step in error.schema_path] or ["schema"]
    pointer = "#" + "".join(f"/{escape(step)}" for step in way) if way else schema
    below = "".join(f"/{escape(str(step))}" for step in error.instance_path)
    return Contradiction(place + below, pointer, keyword, error.instance, printable(str(error.message), 200))


def _evidence(tree: Tree) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Yield every value that a document gives for a schema: its place, the schema's pointer, its readings.

    The first reading is the value as it is written; a second one is the JSON that a text of JSON holds.
    """
    for node in tree.nodes:
        if "$ref" in node.value:
            continue
        if node.kind in ("media type", "parameter", "header"):
            schema = tree.find(f"{node.pointer}/schema")
            if schema is not None:
                yield from _examples(tree, node, schema)
        elif node.kind == "schema":
            yield from _own(node)


def _examples(tree: Tree, node: Node, schema: Node) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    readings = _readings_of_json if node.kind == "media type" and kind(node.name) == "json" else _as_written
    if "example" in node.value:
        yield f"{node.pointer}/example", schema.pointer, readings(node.value["example"])
    for name, one in mapping(node.value, "examples").items():
        found = resolved(tree.document, one)
        if isinstance(found, Mapping) and "value" in found:
            place = f"{node.pointer}/examples/{escape(str(name))}/value"
            yield place, schema.pointer, readings(found["value"])


def _as_written(value: Any) -> tuple[Any, ...]:
    return (value,)


def _readings_of_json(value: Any) -> tuple[Any, ...]:
    """Return an example, and the object or array that it has as its JSON text."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return (value,)
    try:
        return value, parse_json(value.encode(), "example")
    except (Refusal, UnicodeEncodeError):
        return (value,)


def _own(node: Node) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    if "example" in node.value:
        yield f"{node.pointer}/example", node.pointer, (node.value["example"],)
    listed = node.value.get("examples")
    for i, one in enumerate(listed if isinstance(listed, list) else ()):
        yield f"{node.pointer}/examples/{i}", node.pointer, (one,)
    if node.value.get("default") is not None:
        yield f"{node.pointer}/default", node.pointer, (node.value["default"],)
    values = node.value.get("enum")
    for i, one in enumerate(values if isinstance(values, list) else ()):
        # An enum that says null says that null is fine.
        if one is not None:
            yield f"{node.pointer}/enum/{i}", node.pointer, (one,)


def _translated(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose schemas are those of JSON Schema 2020-12, in their places."""
    result = copy.deepcopy(document)
    is_30 = str(document.get("openapi")).startswith("3.0")
    for node in Tree(result).nodes:
        if node.kind != "schema":
            continue
        if is_30 and isinstance(node.value.get("$ref"), str):
            reference = node.value["$ref"]
            node.value.clear()
            node.value["$ref"] = reference
            continue
        _translate(node.value)
    return result


def _translate(schema: dict[str, Any]) -> None:
    for key in _IGNORED:
        schema.pop(key, None)
    for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(schema.get(strict), bool) and schema.pop(strict) and bound in schema:
            schema[strict] = schema.pop(bound)
    if schema.pop("nullable", None) is True:
        given = schema.get("type")
        if isinstance(given, str):
            schema["type"] = [given, "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    elif (
        isinstance(schema.get("enum"), list)
        and None in schema["enum"]
        and isinstance(schema.get("type"), str)
    ):
        schema["type"] = [schema["type"], "null"]
    needed = schema.get("required")
    if isinstance(needed, list):
        one_way = {
            name
            for name, child in mapping(schema, "properties").items()
            if isinstance(child, dict) and (child.get("readOnly") is True or child.get("writeOnly") is True)
        }
        schema["required"] = [name for name in needed if name not in one_way]
    elif needed is not None:
        del schema["required"]
