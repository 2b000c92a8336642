"""An OpenAPI document as the suite reads it: its operations, and values held against its schemas."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from contract_tests.checks.json_schema import Direction, components, plain
from contract_tests.target.exchange import Exchange, Received

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER = re.compile(r"\{([^{}]*)\}")
# Longer chains of references go round.
_MOST_REFERENCES = 30


@dataclass(frozen=True)
class Response:
    """One documented response.

    Attributes:
        status: as the document writes it: "200", "4XX" or "default".
        content: by media type, the schema of the body (None: it has none).
        headers: the header objects by name.
        links: the link objects by name.
        raw: the response object.
    """

    status: str
    content: Mapping[str, Any] = field(repr=False)
    headers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    links: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Operation:
    """One operation of the document.

    Attributes:
        responses: by documented status, the schema of its JSON body (None: no JSON body documented).
        answers: by what the document writes for a status, the response.
        body: the schema of the JSON request body, or None.
        content: by media type, the schema of the request body.
        query: the parameter objects of the query, by name.
        parameters: all parameter objects.
        security: the alternatives of security requirements; empty if none is needed.
        raw: the operation object.
    """

    method: str
    path: str
    operation_id: str
    responses: Mapping[int, Any] = field(repr=False)
    body: Any = field(repr=False)
    query: Mapping[str, Any] = field(default_factory=dict, repr=False)
    answers: Mapping[str, Response] = field(default_factory=dict, repr=False)
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)
    parameters: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    body_required: bool = False
    security: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> str:
        """The name under which reports show the operation."""
        return f"{self.method} {self.path}"

    def response(self, status: int) -> Response | None:
        """Return the documented response of a status: its own, else that of its range, else the default."""
        for name in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if name in self.answers:
                return self.answers[name]
        return None

    @cached_property
    def template(self) -> re.Pattern[str]:
        """What matches the paths of this operation; each parameter is a group."""
        parts = _PARAMETER.split(self.path)
        text = "".join(re.escape(part) if n % 2 == 0 else "([^/]+)" for n, part in enumerate(parts))
        return re.compile(text)

    @property
    def path_names(self) -> list[str]:
        """The names of the parameters in the path, in order."""
        return _PARAMETER.findall(self.path)

    def path_values(self, path: str) -> dict[str, str]:
        """Return the values of the parameters in a path, as they stand there."""
        match = self.template.fullmatch(path)
        return dict(zip(self.path_names, match.groups(), strict=True)) if match else {}


@dataclass(frozen=True)
class Document:
    """All operations of a document, with the validators that its schemas give."""

    document: dict[str, Any] = field(repr=False)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the document."""
        return tuple(self._read_operations())

    @cached_property
    def base_path(self) -> str:
        """The path of the document's first server, with its default values, without a slash at the end."""
        servers = self.document.get("servers")
        server = servers[0] if isinstance(servers, list) and servers else {}
        if not isinstance(server, dict):
            return ""
        variables: Any = server.get("variables") or {}
        url = _PARAMETER.sub(
            lambda found: str((variables.get(found[1]) or {}).get("default", found[1])),
            str(server.get("url", "/")),
        )
        path = urlsplit(url).path.rstrip("/")
        return path if not path or path.startswith("/") else f"/{path}"

    def _read_operations(self) -> Iterator[Operation]:
        paths = self.document.get("paths")
        for path, item in paths.items() if isinstance(paths, dict) else ():
            item = self.resolve(item)
            for method in _METHODS:
                if isinstance(item.get(method), dict):
                    yield self._operation(path, method, item, item[method])

    def _operation(self, path: str, method: str, item: dict[str, Any], raw: dict[str, Any]) -> Operation:
        named: dict[tuple[Any, Any], Mapping[str, Any]] = {}
        for each in [*_list(item.get("parameters")), *_list(raw.get("parameters"))]:
            parameter = self.resolve(each)
            named[parameter.get("name"), parameter.get("in")] = parameter
        parameters = tuple(each for each in named.values() if isinstance(each.get("name"), str))
        body = self.resolve(raw.get("requestBody", {}))
        answers = {
            str(status): self._response(str(status), each) for status, each in _items(raw, "responses")
        }
        security = raw.get("security", self.document.get("security"))
        return Operation(
            method=method.upper(),
            path=path,
            operation_id=str(raw.get("operationId") or f"{method} {path}"),
            responses={
                int(status): json_schema(answer.content)
                for status, answer in answers.items()
                if status.isdigit()
            },
            body=json_schema(self._content(body)),
            query={each["name"]: each for each in parameters if each.get("in") == "query"},
            answers=answers,
            content=self._content(body),
            parameters=parameters,
            body_required=body.get("required") is True,
            security=tuple(each for each in _list(security) if isinstance(each, dict)),
            raw=raw,
        )

    def _response(self, status: str, raw: Any) -> Response:
        response = self.resolve(raw)
        headers = {name: self.resolve(each) for name, each in _items(response, "headers")}
        links = {name: self.resolve(each) for name, each in _items(response, "links")}
        return Response(status, self._content(response), headers, links, response)

    def _content(self, holder: Mapping[str, Any]) -> dict[str, Any]:
        return {
            str(media).partition(";")[0].strip().lower(): each.get("schema")
            if isinstance(each, dict)
            else None
            for media, each in _items(holder, "content")
        }

    def resolve(self, node: Any) -> dict[str, Any]:
        """Return what a reference inside the document leads to; {} for what leads nowhere."""
        for _ in range(_MOST_REFERENCES):
            if not isinstance(node, dict):
                return {}
            if not isinstance(node.get("$ref"), str):
                return node
            target: Any = self.document
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = (
                    target.get(key.replace("~1", "/").replace("~0", "~"))
                    if isinstance(target, dict)
                    else None
                )
            node = target
        return {}

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request means, by its method and its path below the base address."""
        return next((each for each in self._matching(path) if each.method == method.upper()), None)

    def find_operation(self, method: str, template: str) -> Operation | None:
        """Return the operation of a method and a path as the document writes it."""
        return next((o for o in self.operations if (o.method, o.path) == (method, template)), None)

    def _matching(self, path: str) -> list[Operation]:
        """Return the operations of a path; a path without parameters comes before a template that fits."""
        found = self._found.get(path)
        if found is None:
            fitting = [each for each in self.operations if each.path == path or each.template.fullmatch(path)]
            fewest = min((len(each.path_names) for each in fitting if each.path != path), default=0)
            exact = [each for each in fitting if each.path == path]
            found = exact or [each for each in fitting if len(each.path_names) == fewest]
            # A method of another template that fits is reached as well.
            found += [each for each in fitting if each not in found]
            if len(self._found) < 100_000:
                self._found[path] = found
        return found

    @cached_property
    def _found(self) -> dict[str, list[Operation]]:
        return {}

    def label(self, method: str, path: str) -> str:
        """Return the label of the operation that a request means; of no operation, its method and path."""
        operation = self.find(method, path)
        return operation.label if operation else f"{method} {path}"

    def response_schema(self, exchange: Exchange, received: Received) -> Any:
        """Return the schema of the JSON body that is documented for an answer, or None."""
        operation = self.find(exchange.sent.method, exchange.sent.path)
        response = operation.response(received.status) if operation else None
        return json_schema(response.content) if response else None

    def methods(self, path: str) -> set[str]:
        """Return the documented methods of a path; empty for a path that the document does not know."""
        matching = self._matching(path)
        # Of templates that fit as well only the nearest one is the resource (RFC 9110, section 10.2.1).
        return {each.method for each in matching if each.path == matching[0].path}

    @cached_property
    def documented(self) -> tuple[tuple[Operation, int], ...]:
        """Every documented pair of operation and status."""
        return tuple((operation, status) for operation in self.operations for status in operation.responses)

    @cached_property
    def _validators(self) -> dict[tuple[int, Direction, bool], jsonschema_rs.Draft202012Validator | None]:
        return {}

    @cached_property
    def _kept(self) -> dict[tuple[int, Direction, bool], Any]:
        return {}

    @cached_property
    def _components(self) -> dict[tuple[Direction, bool], dict[str, Any]]:
        return {
            (side, bounded): components(self.document, side, bounded=bounded)
            for side in ("request", "response")
            for bounded in (False, True)
        }

    def validator(
        self, schema: Any, direction: Direction = "response", *, formats: bool = True
    ) -> jsonschema_rs.Draft202012Validator | None:
        """Return what validates values under a schema of this document; None if it cannot be understood."""
        key = id(schema), direction, formats
        bounded = formats and direction == "request"
        # Kept as well, so that no other schema gets its number.
        self._kept[key] = schema
        if key not in self._validators:
            try:
                self._validators[key] = jsonschema_rs.Draft202012Validator(
                    self.with_components(
                        plain(schema, direction, bounded=bounded), direction, bounded=bounded
                    ),
                    validate_formats=formats,
                    mask="the value",
                )
            except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
                self._validators[key] = None
        return self._validators[key]

    def with_components(self, schema: Any, direction: Direction, *, bounded: bool = False) -> dict[str, Any]:
        """Return a schema in terms of JSON Schema with all that it may refer to."""
        whole = dict(schema) if isinstance(schema, dict) else {"not": {}} if schema is False else {}
        names, waiting = {}, _references(whole)
        while waiting:
            reference = waiting.pop()
            kind, _, name = reference.removeprefix("#/components/").partition("/")
            if not reference.startswith("#/components/"):
                # To the middle of the document, which is seldom: all of it, then.
                return {**self.document, **whole, "components": self._components[direction, bounded]}
            name = name.partition("/")[0].replace("~1", "/").replace("~0", "~")
            held = self._components[direction, bounded].get(kind)
            if (kind, name) not in names and isinstance(held, dict) and name in held:
                names[kind, name] = held[name]
                waiting |= _references(held[name])
        parts: dict[str, dict[str, Any]] = {}
        for (kind, name), value in names.items():
            parts.setdefault(kind, {})[name] = value
        return {**whole, "components": parts} if parts else whole

    def complaints(
        self, schema: Any, value: Any, direction: Direction = "response", *, formats: bool = True
    ) -> list[str]:
        """Return at most five violations of a schema of this document by a value, values masked."""
        validator = self.validator(schema, direction, formats=formats)
        found: list[str] = []
        try:
            for error in validator.iter_errors(value) if validator else ():
                where = "/".join(str(part) for part in error.instance_path)
                found.append(f"{where or 'the body'}: {error.message}")
                if len(found) == 5:
                    break
        except UnicodeEncodeError:
            found.append("a text holds half of a character (RFC 8259, section 8.2)")
        return found


def _references(node: Any) -> set[str]:
    """Return all references that stand anywhere in a schema."""
    found, waiting = set(), [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("$ref"), str):
                found.add(each["$ref"])
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def is_json(media_type: str) -> bool:
    """Return whether a media type, in lower case and without parameters, is one of JSON (RFC 6839)."""
    return media_type == "application/json" or media_type.endswith("+json")


def covers(documented: str, media_type: str) -> bool:
    """Return whether a documented media type or range holds one, in lower case and without parameters."""
    kind, _, rest = documented.partition("/")
    found, _, other = media_type.partition("/")
    return bool(media_type) and kind in ("*", found) and rest in ("*", other)


def json_schema(content: Mapping[str, Any]) -> Any:
    """Return the schema of a content object's JSON, or None."""
    return next((schema for media, schema in content.items() if is_json(media)), None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _items(holder: Any, name: str) -> Iterator[tuple[str, Any]]:
    value = holder.get(name) if isinstance(holder, Mapping) else None
    yield from (value.items() if isinstance(value, Mapping) else ())
