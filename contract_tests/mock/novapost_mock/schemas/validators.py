"""Validators of the schemas of one set; all that is known is compiled together, once.

A validator of its own for each schema would compile what schemas share again for each of them. So one
validator has an entry for each schema, and a value is held against `{entry: value}`.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import jsonschema_rs

from novapost_mock.schemas.pointers import shown
from novapost_mock.schemas.violation import DocumentError, Violation, violation

Node: TypeAlias = dict[str, Any] | bool

URI = "urn:document"
PREFIX = f"{URI}#/definitions/"
_REFERENCE = {"$ref"}
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
PATTERN_OPTIONS = jsonschema_rs.FancyRegexOptions(backtrack_limit=200_000, size_limit=10 * 1024 * 1024)


class Shape:
    """A compiled schema with the node that it was made from."""

    def __init__(self, node: Node, validator: jsonschema_rs.Validator, entry: str | None = None) -> None:
        """Keep a validator.

        Args:
            node: the schema.
            validator: its own, or one of many schemas.
            entry: under which name the schema stands in the validator of many.
        """
        self.node = node
        self._validator = validator
        self._entry = entry
        is_valid = validator.is_valid
        self.accepts: Callable[[Any], bool] = (
            is_valid if entry is None else lambda value: is_valid({entry: value})
        )
        """Tells whether a value fits."""

    def violations(self, value: Any) -> list[Violation]:
        """Return everything that keeps a value from fitting, in the validator's order."""
        if self.accepts(value):
            return []
        if self._entry is None:
            return [violation(error) for error in self._validator.iter_errors(value)]
        return [violation(error, 1) for error in self._validator.iter_errors({self._entry: value})]


class Validators:
    """Compiles the schemas of one set on demand."""

    def __init__(
        self, definitions: Mapping[str, Node | DocumentError], sound: Mapping[str, None], *, is_31: bool
    ) -> None:
        """Begin with no schemas.

        Args:
            definitions: what references lead to, by name; it may grow, and nothing in it changes.
            sound: the names of those that lead to no error; it may grow, too.
            is_31: whether the schemas are those of OpenAPI 3.1.
        """
        self._definitions = definitions
        self._sound = sound
        self._draft = jsonschema_rs.Draft202012 if is_31 else jsonschema_rs.Draft4
        self._validator = jsonschema_rs.Draft202012Validator if is_31 else jsonschema_rs.Draft4Validator
        self._formats = None if is_31 else _LATER_FORMATS
        self._registry: jsonschema_rs.Registry | None = None
        self._registered = 0
        self._entered: dict[str, str] = {}
        self._waiting: dict[str, Node] = {}
        self._together: dict[str, jsonschema_rs.Validator | None] = {}
        self._shapes: dict[str, Shape] = {}
        self._known: dict[int, tuple[Node, Shape]] = {}
        self._seen = 0

    def enter(self, node: Node) -> None:
        """Let a node be compiled together with the others."""
        if isinstance(node, dict) and node.keys() != _REFERENCE:
            text = json.dumps(node)
            if text not in self._entered:
                self._entered[text] = f"n{len(self._entered)}"
                self._waiting[self._entered[text]] = node

    def shape(self, node: Node) -> Shape:
        """Compile a node, or a part of one, which has to be kept as it is; equal ones are compiled once.

        Raises:
            DocumentError: the validator does not take it.
        """
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        text = json.dumps(node)
        found = self._shapes.get(text)
        if found is None:
            entry = self._entered.get(text)
            if isinstance(node, dict) and node.keys() == _REFERENCE:
                entry = str(node["$ref"]).removeprefix(PREFIX)
            validator = None if entry is None else self._of_many(entry)
            found = self.once(node) if validator is None else Shape(node, validator, entry)
            self._shapes[text] = found
        self._known[id(node)] = node, found
        return found

    def once(self, node: Node) -> Shape:
        """Compile a node for itself, and do not keep it.

        Raises:
            DocumentError: the validator does not take it.
        """
        try:
            return Shape(node, self._compiled(node))
        except (jsonschema_rs.ReferencingError, ValueError) as error:
            raise DocumentError(
                f"a schema that cannot be compiled: {shown(str(error).partition(chr(10))[0])}"
            ) from error

    def _of_many(self, entry: str) -> jsonschema_rs.Validator | None:
        """Return the validator that has an entry; None if one of its schemas is not to be compiled."""
        if entry not in self._together:
            names = list(self._sound)[self._seen :]
            self._seen += len(names)
            fresh: dict[str, Node] = {name: {"$ref": f"{PREFIX}{name}"} for name in names}
            fresh |= self._waiting
            self._waiting = {}
            try:
                validator = self._compiled({"properties": fresh})
            except (jsonschema_rs.ReferencingError, ValueError):
                validator = None
            self._together.update(dict.fromkeys(fresh, validator))
        return self._together.get(entry)

    def _compiled(self, node: Node) -> jsonschema_rs.Validator:
        if self._registry is None or self._registered < len(self._definitions):
            good = {k: d for k, d in self._definitions.items() if not isinstance(d, DocumentError)}
            self._registry = jsonschema_rs.Registry([(URI, {"definitions": good})], draft=self._draft)
            self._registered = len(self._definitions)
        # offline: a reference that leads out of the document must fail, not fetch.
        return self._validator(
            node,
            validate_formats=True,
            offline=True,
            registry=self._registry,
            pattern_options=PATTERN_OPTIONS,
            formats=self._formats,
        )


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def _later(name: str) -> Callable[[str], bool]:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid


# Draft 4 has none of them; schemas of OpenAPI 3.0 use them all the same.
_LATER_FORMATS: dict[str, Callable[[str], bool]] = {
    "uuid": _is_uuid,
    **{
        name: _later(name)
        for name in (
            "duration",
            "idn-email",
            "idn-hostname",
            "iri",
            "iri-reference",
            "json-pointer",
            "relative-json-pointer",
            "uri-reference",
            "uri-template",
        )
    },
}
