"""What a rendered page shows of an API, as values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.drift.findings import Pointer

MEDIA_TYPE = "application/json"


@dataclass
class ShownField:
    """A row of a table of fields.

    Attributes:
        name: the name of the field or parameter.
        kind: its type, such as "string"; "array" for "string[]".
        items: the type of the entries of an array, None if it is not shown.
        format: its format, None if none is shown.
        is_required: whether it is marked required.
        is_enum: whether it is marked as an enumeration.
        values: the values of the enumeration, where they are shown.
        limits: other keywords that are shown, such as `maxLength`.
        example: the example as text, None if none is shown.
        description: the sentences below it.
        line: the line of the page, from 1.
        fields: the rows that are shown within it, of an object or of the entries of a list.
    """

    name: str
    kind: str
    items: str | None = None
    format: str | None = None
    is_required: bool = False
    is_enum: bool = False
    values: list[str] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=dict)
    example: str | None = None
    description: list[str] = field(default_factory=list)
    line: int = 1
    fields: "list[ShownField]" = field(default_factory=list)

    @property
    def holds_fields(self) -> bool:
        """Return whether other rows may be shown within it."""
        return self.kind == "object" or (self.kind == "array" and self.items in ("object", None))

    def within(self, at: Pointer) -> Iterator[tuple[Pointer, "ShownField"]]:
        """Return the field and all fields within it, each with its pointer."""
        yield at, self
        inner = (*at, "items", "properties") if self.kind == "array" else (*at, "properties")
        for one in self.fields:
            yield from one.within((*inner, one.name))

    def named(self, start: str) -> "Iterator[tuple[str, ShownField]]":
        """Return the field and all fields within it, each with its way in words."""
        yield f"{start}/{self.name}", self
        for one in self.fields:
            yield from one.named(f"{start}/{self.name}{'/*' if self.kind == 'array' else ''}")

    def schema(self) -> dict[str, Any]:
        """Return the field as a schema that says what is shown and nothing else."""
        schema: dict[str, Any] = {} if self.kind == "any" else {"type": self.kind}
        if self.items is not None:
            schema["items"] = {"type": self.items}
        if self.fields and self.kind == "array":
            schema["items"] = {"type": "object", **fields_schema(self.fields)}
        elif self.fields:
            schema |= fields_schema(self.fields)
        if self.format is not None:
            schema["format"] = self.format
        if self.values:
            schema["enum"] = [self._value(one) for one in self.values]
        elif self.is_enum:
            schema["x-enum"] = "values are not shown"
        schema |= self.limits
        if self.example is not None:
            schema["example"] = self._value(self.example)
        if self.description:
            schema["description"] = "\n".join(self.description)
        return schema

    def _value(self, text: str) -> Any:
        """Return a value that is shown as text in the type of the field."""
        try:
            if self.kind == "integer":
                return int(text)
            if self.kind == "number":
                return float(text)
        except ValueError:
            return text
        return {"true": True, "false": False}.get(text, text) if self.kind == "boolean" else text


def fields_schema(fields: Sequence[ShownField]) -> dict[str, Any]:
    """Return the properties that a table of fields shows, and which of them are required."""
    required = [one.name for one in fields if one.is_required]
    schema: dict[str, Any] = {"properties": {one.name: one.schema() for one in fields}}
    return {**schema, "required": required} if required else schema


@dataclass
class ShownBody:
    """The body of a request or an answer; `fields` is empty where none are shown."""

    media_type: str | None = None
    fields: list[ShownField] = field(default_factory=list)


@dataclass
class ShownAnswer:
    """An answer: only the one whose tab is open shows fields."""

    status: str
    description: list[str] = field(default_factory=list)
    body: ShownBody = field(default_factory=ShownBody)
    line: int = 1


@dataclass
class ShownOperation:
    """An operation as a page shows it."""

    method: str
    path: str
    summary: str = ""
    description: list[str] = field(default_factory=list)
    parameters: list[tuple[str, ShownField]] = field(default_factory=list)
    body: ShownBody | None = None
    answers: list[ShownAnswer] = field(default_factory=list)
    line: int = 1

    @property
    def name(self) -> str:
        """How people call it: "POST /a"."""
        return f"{self.method.upper()} {self.path}"

    def bodies(self) -> Iterator[tuple[tuple[str, ...], ShownBody]]:
        """Return the bodies that show something, and where they stand below the operation."""
        if self.body is not None:
            yield ("requestBody",), self.body
        for answer in self.answers:
            yield ("responses", answer.status), answer.body


@dataclass
class Reading:
    """All that a rendered page shows of an API.

    Attributes:
        title: the first heading of the page.
        operations: the operations of which more than method and path is shown.
        taken: the lines of the page, from 1, that the operations hold; the others are prose.
    """

    title: str = ""
    operations: list[ShownOperation] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def fields(self) -> Iterator[tuple[str, ShownField]]:
        """Return all fields, each with its place in words of the API."""
        for operation in self.operations:
            yield from (
                (f"{operation.name} {place} parameter {one.name}", one) for place, one in operation.parameters
            )
            for where, body in operation.bodies():
                part = "request" if where[0] == "requestBody" else f"answer {where[1]}"
                for one in body.fields:
                    yield from one.named(f"{operation.name} {part} ")

    def document(self) -> tuple[dict[str, Any], dict[Pointer, int]]:
        """Return an OpenAPI document that says what is shown, and the lines of its parts."""
        document: dict[str, Any] = {
            "openapi": "3.0.3",
            "info": {"title": self.title or "a rendered page", "version": "as shown"},
            "paths": {},
        }
        lines: dict[Pointer, int] = {}
        for operation in self.operations:
            at: Pointer = ("paths", operation.path, operation.method)
            lines[at[:2]] = lines[at] = operation.line
            document["paths"].setdefault(operation.path, {})[operation.method] = _operation(
                operation, at, lines
            )
        return document, lines


def _operation(operation: ShownOperation, at: Pointer, lines: dict[Pointer, int]) -> dict[str, Any]:
    shown: dict[str, Any] = {"responses": {}}
    if operation.summary:
        shown["summary"] = operation.summary
    if operation.description:
        shown["description"] = "\n".join(operation.description).strip()
    for index, (place, one) in enumerate(operation.parameters):
        schema = one.schema()
        parameter = {"name": one.name, "in": place, "required": one.is_required or place == "path"}
        if "description" in schema:
            parameter["description"] = schema.pop("description")
        shown.setdefault("parameters", []).append({**parameter, "schema": schema})
        lines[*at, "parameters", str(index)] = one.line
    if operation.body is not None:
        shown["requestBody"] = _body(operation.body, (*at, "requestBody"), lines)
        shown["requestBody"]["required"] = any(one.is_required for one in operation.body.fields)
    for answer in operation.answers:
        there: Pointer = (*at, "responses", answer.status)
        lines[there] = answer.line
        told = {"description": "\n".join(answer.description)}
        shown["responses"][answer.status] = told | _body(answer.body, there, lines)
    return shown


def _body(body: ShownBody, at: Pointer, lines: dict[Pointer, int]) -> dict[str, Any]:
    if not body.fields and body.media_type is None:
        return {}
    media_type = body.media_type or MEDIA_TYPE
    schema: dict[str, Any] = {}
    if body.fields:
        schema = {"type": "object", **fields_schema(body.fields)}
    for one in body.fields:
        for pointer, inner in one.within((*at, "content", media_type, "schema", "properties", one.name)):
            lines[pointer] = inner.line
    return {"content": {media_type: {"schema": schema}}}
