"""Which keywords of the document's schemas a run has tried: with values that keep them, and that break them.

For a request both are wanted. In an answer a broken keyword is a finding, so only "kept" is to be hoped for.
"""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from contract_tests.checks.document import Contract, Operation
from contract_tests.checks.json_schema import Direction, plain
from contract_tests.target.exchange import Exchange, strict_json

# The keywords that say yes or no, each with the types of JSON that it speaks about (None: all of them).
_KEYWORDS: dict[str, tuple[type, ...] | None] = {
    "type": None,
    "enum": None,
    "const": None,
    "pattern": (str,),
    "format": (str,),
    "minLength": (str,),
    "maxLength": (str,),
    "minimum": (int, float),
    "maximum": (int, float),
    "exclusiveMinimum": (int, float),
    "exclusiveMaximum": (int, float),
    "multipleOf": (int, float),
    "required": (dict,),
    "additionalProperties": (dict,),
    "minProperties": (dict,),
    "maxProperties": (dict,),
    "minItems": (list,),
    "maxItems": (list,),
    "uniqueItems": (list,),
    "oneOf": None,
    "anyOf": None,
    "allOf": None,
    "not": None,
}
_DEEPEST = 12
Row = tuple[str, str, str]


class Coverage:
    """Counts by place ("POST /x request", "GET /x answer 200"), pointer within its schema, and keyword."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._validators: dict[Row, jsonschema_rs.Draft202012Validator | None] = {}
        self._counts: dict[Row, list[int]] = {}
        self._schemas: dict[str, Any] = {}
        for operation in contract.operations:
            schemas = {"request": operation.body} | {
                f"answer {status}": schema for status, schema in operation.responses.items()
            }
            for name, parameter in operation.query.items():
                row = (f"{operation.label} request", f"/{name}", "required")
                if parameter.get("required"):
                    self._counts[row] = [0, 0]
                schema = plain(parameter.get("schema", {}), "request")
                if isinstance(schema, dict) and schema.get("type") == "string":
                    # Whatever stands in a query is a text.
                    schema = {key: value for key, value in schema.items() if key != "type"}
                self._add(f"{operation.label} request", schema, f"/{name}")
                self._schemas[f"{operation.label} query {name}"] = schema
            for side, schema in schemas.items():
                if schema is not None:
                    self._schemas[f"{operation.label} {side}"] = plain(schema, _direction(side))
                    self._add(f"{operation.label} {side}", schema, "")

    def _add(self, place: str, schema: Any, pointer: str) -> None:
        for where, node in self._nodes(plain(schema, _direction(place)), pointer, _direction(place)):
            self._counts |= {(place, where, keyword): [0, 0] for keyword in _KEYWORDS if keyword in node}

    def _nodes(
        self, schema: Any, pointer: str, side: Direction, depth: int = 0
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        schema = self._resolved(schema, side)
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        yield pointer, schema
        for name, child in schema.get("properties", {}).items():
            yield from self._nodes(child, f"{pointer}/{_escaped(name)}", side, depth + 1)
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                yield from self._nodes(schema[name], f"{pointer}/*", side, depth + 1)

    def _resolved(self, schema: Any, side: Direction) -> Any:
        for _ in range(_DEEPEST):
            if not isinstance(schema, dict) or "$ref" not in schema:
                return schema
            schema = plain(self._contract.resolve({"$ref": schema["$ref"]}), side)
        return {}

    def saw(self, exchange: Exchange) -> None:
        """Count what one exchange tried. What is no JSON, or of no operation, tries nothing."""
        operation = self._contract.find(exchange.sent.method, exchange.sent.path)
        if operation is None:
            return
        label = operation.label
        self._saw_query(operation, exchange.sent.query)
        self._saw_body(f"{label} request", exchange.sent.body)
        if exchange.received is not None:
            self._saw_body(f"{label} answer {exchange.received.status}", exchange.received.body)

    def _saw_query(self, operation: Operation, query: list[tuple[str, str]]) -> None:
        place = f"{operation.label} request"
        for name in operation.query:
            values = [value for key, value in query if key == name]
            if row := self._counts.get((place, f"/{name}", "required")):
                row[0 if values else 1] += 1
            for value in values:
                self._walk(place, f"/{name}", self._schemas[f"{operation.label} query {name}"], value, 0)

    def _saw_body(self, place: str, body: bytes) -> None:
        if place not in self._schemas or not body:
            return
        try:
            value = strict_json(body)
        except ValueError:
            return
        self._walk(place, "", self._schemas[place], value, 0)

    def _walk(self, place: str, pointer: str, schema: Any, value: Any, depth: int) -> None:
        schema = self._resolved(schema, _direction(place))
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        for keyword, types in _KEYWORDS.items():
            row = self._counts.get((place, pointer, keyword)) if keyword in schema else None
            if row is not None and (types is None or _is_one_of(value, types)):
                kept = self._keeps((place, pointer, keyword), schema, value)
                row[0 if kept else 1] += 1
        named = schema.get("properties", {})
        if isinstance(value, dict):
            for name, child in value.items():
                if name in named:
                    self._walk(place, f"{pointer}/{_escaped(name)}", named[name], child, depth + 1)
                elif isinstance(schema.get("additionalProperties"), dict):
                    self._walk(place, f"{pointer}/*", schema["additionalProperties"], child, depth + 1)
        elif isinstance(value, list) and "items" in schema:
            for child in value:
                self._walk(place, f"{pointer}/*", schema["items"], child, depth + 1)

    def _keeps(self, row: Row, schema: dict[str, Any], value: Any) -> bool:
        if (validator := self._validators.get(row)) is None:
            # One keyword alone; additionalProperties means nothing without the names beside it.
            alone = {row[2]: schema[row[2]]}
            if row[2] == "additionalProperties":
                alone["properties"] = dict.fromkeys(schema.get("properties", {}), True)
            validator = self._validators[row] = self._validator(alone, _direction(row[0]))
        if validator is None:
            return True
        try:
            return validator.is_valid(value)
        except (UnicodeEncodeError, ValueError):
            return False

    def _validator(self, alone: dict[str, Any], side: Direction) -> jsonschema_rs.Draft202012Validator | None:
        """Return the validator of a keyword; None for one that cannot be understood."""
        whole = self._contract.with_components(alone, side)
        try:
            return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
            return None

    def rows(self) -> list[dict[str, Any]]:
        """Return every keyword of the document with its counts, in the order of the document."""
        return [
            {"place": place, "pointer": pointer, "keyword": keyword, "kept": kept, "broken": broken}
            for (place, pointer, keyword), (kept, broken) in self._counts.items()
        ]


def _direction(place: str) -> Direction:
    return "request" if place.endswith("request") else "response"


def _is_one_of(value: Any, types: tuple[type, ...]) -> bool:
    return isinstance(value, types) and not isinstance(value, bool)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
