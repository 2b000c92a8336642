"""Schemas of OpenAPI 3.0, translated to JSON Schema Draft 4 and compiled.

An OpenAPI 3.0 schema is Draft 4 with a few keywords more and less. One of those changes what is valid,
`nullable`, and is translated; a keyword that is not listed here is refused, because a validator would pass
over it in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

_SCHEMA = frozenset({"items", "additionalProperties", "not"})
_LIST_OF_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf"})
# fmt: off
_PLAIN = frozenset({
    "title", "type", "format", "enum", "required",
    "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
    "maxLength", "minLength", "pattern",
    "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties",
})
_WITHOUT_EFFECT = frozenset({
    "description", "default", "example", "externalDocs", "deprecated",
    "discriminator", "readOnly", "writeOnly", "xml", "nullable",
})
# fmt: on
_REF_PREFIX = "#/components/schemas/"


class DocumentError(ValueError):
    """A document that the mock does not understand; the message names the place."""


@dataclass(frozen=True)
class Violation:
    """What is wrong with a value, in terms of the schema and not of the value.

    Attributes:
        path: the way to the faulty part; property names and indices as text, empty for the whole value.
        keyword: the keyword that is not met.
        names: property names at fault: the missing one, or those that are not allowed.
    """

    path: tuple[str, ...]
    keyword: str
    names: tuple[str, ...] = ()


class Shape:
    """A compiled schema."""

    def __init__(self, schema: Mapping[str, Any], components: Mapping[str, Any], place: str) -> None:
        """Compile a schema.

        Args:
            schema: an OpenAPI 3.0 schema or reference.
            components: the document's `components.schemas`, already translated.
            place: where the schema stands, for messages.

        Raises:
            DocumentError: the schema cannot be translated or compiled.
        """
        root = {"allOf": [translate(schema, place)], "components": {"schemas": components}}
        try:
            # offline: a reference that leads out of the document must fail, not fetch.
            self._validator = jsonschema_rs.Draft4Validator(root, validate_formats=True, offline=True)
        except (jsonschema_rs.ReferencingError, ValueError) as error:
            raise DocumentError(f"{place}: {type(error).__name__}") from error

    def accepts(self, value: Any) -> bool:
        """Tell whether a value fits."""
        return self._validator.is_valid(value)

    def violations(self, value: Any) -> list[Violation]:
        """Return everything that keeps a value from fitting, in the validator's order."""
        if self._validator.is_valid(value):
            return []
        return [_violation(error) for error in self._validator.iter_errors(value)]


def translate(schema: Any, place: str) -> Any:
    """Translate an OpenAPI 3.0 schema to Draft 4.

    Raises:
        DocumentError: it is not a schema, uses a keyword that is not known, or refers outside
            `#/components/schemas/`.
    """
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, Mapping):
        raise DocumentError(f"{place}: a schema is an object")
    if "$ref" in schema:
        reference = schema["$ref"]
        if not isinstance(reference, str) or not reference.startswith(_REF_PREFIX):
            raise DocumentError(f"{place}: a reference leads to {_REF_PREFIX}")
        return {"$ref": reference}  # what stands beside a reference has no effect in Draft 4
    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        here = f"{place}/{keyword}"
        if keyword in _PLAIN:
            result[keyword] = value
        elif keyword in _SCHEMA:
            result[keyword] = translate(value, here)
        elif keyword in _LIST_OF_SCHEMAS:
            result[keyword] = [translate(each, f"{here}/{index}") for index, each in enumerate(value)]
        elif keyword == "properties":
            result[keyword] = {name: translate(each, f"{here}/{name}") for name, each in value.items()}
        elif keyword not in _WITHOUT_EFFECT and not keyword.startswith("x-"):
            raise DocumentError(f"{here}: keyword not known in OpenAPI 3.0")
    if schema.get("nullable") is True and "type" in result:
        result["type"] = [result["type"], "null"]
    return result


def _violation(error: jsonschema_rs.ValidationError) -> Violation:
    facts = error.kind.as_dict()
    missing = facts.get("property")
    names = facts.get("unexpected", ()) if missing is None else (missing,)
    return Violation(tuple(str(step) for step in error.instance_path), error.kind.name, tuple(names))
