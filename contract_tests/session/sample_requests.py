"""Requests that fit a document: made of its examples, and where it has none of its schemas."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.checks.document import Contract
from contract_tests.checks.operations import Operation, is_json
from contract_tests.checks.parameter_styles import cookie_text, header_text, path_text, query_pairs, text_of
from contract_tests.principles.members import members_of
from novapost_mock.schemas.generator import CannotError, Generator
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.violation import DocumentError

Options = dict[str, Any]
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class CannotAsk(Exception):
    """No request that fits could be made; the message says what could not."""


class Samples:
    """Makes requests for the operations of one contract."""

    def __init__(self, contract: Contract, seed: int = 0) -> None:
        self._contract = contract
        tree = contract.document
        is_31 = not str(tree.get("openapi", "")).startswith("3.0")
        self._schemas = SchemaSet(tree, is_31, "request", Notes())
        self._generator = Generator(self._schemas, seed)
        self._nodes: dict[int, Any] = {}

    def path(self, operation: Operation, values: Mapping[str, Any], variant: int = 0) -> str:
        """Return the path of an operation.

        Args:
            values: those of path parameters that are known; the others are made up.

        Raises:
            CannotAsk: a value cannot be made.
        """
        path = operation.path
        for parameter in operation.parameters:
            if parameter.get("in") == "path":
                name = parameter["name"]
                value = values[name] if name in values else self.parameter(parameter, variant)
                path = path.replace(f"{{{name}}}", path_text(parameter, value) or "-")
        return path

    def options(
        self, operation: Operation, variant: int = 0, *, optional: bool = False, body: Any = ...
    ) -> Options:
        """Return the query, headers and body of a request, as `httpx.Client.build_request` has them.

        Args:
            optional: whether parameters that are not required are sent as well.
            body: the value of the body; left out, one is made.

        Raises:
            CannotAsk: a value cannot be made.
        """
        params: list[tuple[str, str]] = []
        headers: dict[str, str] = {}
        cookies: list[str] = []
        for parameter in operation.parameters:
            place, name = parameter.get("in"), parameter["name"]
            if place == "path" or not (parameter.get("required") is True or optional):
                continue
            value = self.parameter(parameter, variant)
            if place == "query":
                params += query_pairs(parameter, value)
            elif place == "header" and name.lower() not in ("accept", "content-type", "authorization"):
                headers[name] = header_text(parameter, value)
            elif place == "cookie":
                cookies.append(f"{name}={cookie_text(parameter, value)}")
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        options: Options = {"params": params} if params else {}
        media_type = self.media_type(operation)
        if media_type is not None and (operation.body_required or operation.content):
            value = self.body(operation, variant) if body is ... else body
            if media_type.endswith(("/xml", "+xml")) and not isinstance(value, str):
                raise CannotAsk("the document shows no body of XML, and none is made")
            options |= written(media_type, value)
            headers |= options.pop("headers", {})
        return options | ({"headers": headers} if headers else {})

    @staticmethod
    def media_type(operation: Operation) -> str | None:
        """Return the media type in which an operation is asked; None for one without a body."""
        order = [media for media in operation.content if is_json(media)]
        order += [media for media in (FORM, MULTIPART) if media in operation.content]
        return next(iter([*order, *operation.content]), None)

    def body(self, operation: Operation, variant: int = 0) -> Any:
        """Return a body that fits: the document's example, else one made of the schema.

        Raises:
            CannotAsk: none can be made.
        """
        media_type = self.media_type(operation) or ""
        schema = operation.content.get(media_type)
        found = list(self.body_examples(operation, media_type))
        fitting = [each for each in found if not self._contract.complaints(schema, each, "request")]
        if variant < len(fitting):
            return fitting[variant]
        return self.value(schema, variant - len(fitting))

    def body_examples(self, operation: Operation, media_type: str) -> Iterator[Any]:
        """Yield the examples that the document has for a body."""
        body = self._contract.resolve(operation.raw.get("requestBody", {}))
        for media, each in (body.get("content") or {}).items():
            if str(media).partition(";")[0].strip().lower() == media_type and isinstance(each, dict):
                yield from self._examples(each)

    def parameter(self, parameter: Mapping[str, Any], variant: int = 0) -> Any:
        """Return a value of a parameter: an example of the document, else one made of its schema.

        Raises:
            CannotAsk: none can be made.
        """
        schema = _schema_of(parameter)
        examples = list(self._examples(parameter))
        fitting = [each for each in examples if not self._contract.complaints(schema, each, "request")]
        if variant < len(fitting):
            return fitting[variant]
        if schema is None:
            return "text"
        return self.value(schema, variant - len(fitting))

    def _examples(self, holder: Mapping[str, Any]) -> Iterator[Any]:
        if "example" in holder:
            yield holder["example"]
        named = holder.get("examples")
        for each in named.values() if isinstance(named, dict) else ():
            example = self._contract.resolve(each)
            if "value" in example:
                yield example["value"]

    def value(self, schema: Any, variant: int = 0) -> Any:
        """Return a value that fits a schema.

        Raises:
            CannotAsk: none can be made.
        """
        try:
            if id(schema) not in self._nodes:
                self._nodes[id(schema)] = self._schemas.node(schema if schema is not None else True, "#")
            return self._generator.value(self._nodes[id(schema)], variant)
        except (CannotError, DocumentError, RecursionError) as error:
            raise CannotAsk("no value that fits the schema was found") from error

    def members(self, schema: Any, names: set[str], variant: int = 0) -> dict[str, Any] | None:
        """Return an object with some members alone that fits a schema; None if none was found."""
        try:
            known = members_of(self._contract, schema)
            found = {name: self.value(each, variant) for name, each in known.items() if name in names}
            if self._contract.complaints(schema, found, "request"):
                whole = self.value(schema, variant)
                found = {n: v for n, v in whole.items() if n in names} if isinstance(whole, dict) else {}
        except CannotAsk:
            return None
        return None if self._contract.complaints(schema, found, "request") else found


def written(media_type: str, value: Any) -> Options:
    """Return a body in a media type, as options of `httpx.Client.build_request`."""
    if media_type == FORM and isinstance(value, dict):
        return {"data": {name: _parts(each) for name, each in value.items()}}
    if media_type == MULTIPART and isinstance(value, dict):
        return {"files": [(name, (None, part)) for name, each in value.items() for part in _several(each)]}
    headers = {"Content-Type": media_type if "*" not in media_type else "application/octet-stream"}
    if is_json(media_type):
        return {"content": json.dumps(value).encode(), "headers": headers}
    return {"content": _text(value).encode(), "headers": headers}


def _schema_of(parameter: Mapping[str, Any]) -> Any:
    """Return the schema of a parameter, which may stand below its one media type."""
    content = parameter.get("content")
    media = next(iter(content.values()), None) if isinstance(content, dict) else None
    return media.get("schema") if isinstance(media, dict) else parameter.get("schema")


def _text(value: Any) -> str:
    return ",".join(map(_text, value)) if isinstance(value, list) else text_of(value)


def _parts(value: Any) -> Any:
    return [_text(each) for each in value] if isinstance(value, list) else _text(value)


def _several(value: Any) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]
