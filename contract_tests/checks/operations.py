"""An OpenAPI document as the suite reads it: its operations, and values held against its schemas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jsonschema_rs

from contract_tests.target.exchange import Exchange, Received

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Operation:
    """One operation of the document.

    Attributes:
        responses: by documented status, the schema of its JSON body (None: no body documented).
        body: the schema of the JSON request body, or None.
        query: the parameter objects of the query, by name.
    """

    method: str
    path: str
    operation_id: str
    responses: Mapping[int, Any] = field(repr=False)
    body: Any = field(repr=False)
    query: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> str:
        """The name under which reports show the operation."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Document:
    """All operations of a document, with the validators that its schemas give."""

    document: dict[str, Any] = field(repr=False)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the document."""
        return tuple(self._read_operations())

    def _read_operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method not in item:
                    continue
                raw = item[method]
                yield Operation(
                    method=method.upper(),
                    path=path,
                    operation_id=raw.get("operationId", f"{method} {path}"),
                    responses={
                        int(status): self._json_schema(self._resolve(response))
                        for status, response in raw["responses"].items()
                        if status.isdigit()
                    },
                    body=self._json_schema(self._resolve(raw.get("requestBody", {}))),
                    query={
                        parameter["name"]: parameter
                        for parameter in map(
                            self._resolve, [*item.get("parameters", []), *raw.get("parameters", [])]
                        )
                        if parameter["in"] == "query"
                    },
                )

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    @staticmethod
    def _json_schema(holder: dict[str, Any]) -> Any:
        return holder.get("content", {}).get("application/json", {}).get("schema")

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request means, by its method and its path below the base address."""
        return next((o for o in self.operations if o.method == method.upper() and o.path == path), None)

    def response_schema(self, exchange: Exchange, received: Received) -> Any:
        """Return the schema of the JSON body that is documented for an answer, or None."""
        operation = self.find(exchange.sent.method, exchange.sent.path)
        return operation.responses.get(received.status) if operation else None

    def methods(self, path: str) -> set[str]:
        """The documented methods of a path; empty for a path that the document does not know."""
        return {o.method for o in self.operations if o.path == path}

    @cached_property
    def documented(self) -> tuple[tuple[Operation, int], ...]:
        """Every documented pair of operation and status."""
        return tuple((operation, status) for operation in self.operations for status in operation.responses)

    @cached_property
    def _validators(self) -> dict[int, jsonschema_rs.Draft202012Validator]:
        return {}

    def complaints(self, schema: Any, value: Any) -> list[str]:
        """What is wrong with a value under a schema of this document, values masked, at most five."""
        validator = self._validators.get(id(schema))
        if validator is None:
            validator = self._validators[id(schema)] = jsonschema_rs.Draft202012Validator(
                {**plain(schema), "components": plain(self.document.get("components", {}))},
                validate_formats=True,
                mask="the value",
            )
        found = []
        try:
            for error in validator.iter_errors(value):
                where = "/".join(str(part) for part in error.instance_path)
                found.append(f"{where or 'the body'}: {error.message}")
                if len(found) == 5:
                    break
        except UnicodeEncodeError:
            found.append("a text holds half of a character (RFC 8259, section 8.2)")
        return found


def plain(schema: Any) -> Any:
    """An OpenAPI 3.0 schema in terms of JSON Schema: `nullable` becomes a type list."""
    if isinstance(schema, list):
        return [plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    terms = {key: plain(value) for key, value in schema.items() if key != "example"}
    if terms.pop("nullable", None) is True and isinstance(terms.get("type"), str):
        terms["type"] = [terms["type"], "null"]
    return terms
