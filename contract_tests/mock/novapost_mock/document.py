"""The OpenAPI document that the mock serves: operations, what they take, what they may answer.

Everything is compiled once. What the mock does not understand is refused here, with its place, rather than
passed over when a request comes.
"""

import functools
import hashlib
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from novapost_mock.errors import ErrorShape, fitting_shape
from novapost_mock.masking import words_of
from novapost_mock.sample import sample
from novapost_mock.schemas import DocumentError, Shape, Violation, translate

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """A documented answer.

    Attributes:
        status: the HTTP status.
        description: the document's text for it.
        shape: what its JSON body must fit; None if it has none.
        example: a body for it: the documented example if it fits, else one made from the schema.
        error_shape: how a refusal is written in it; None if neither shape of error fits.
    """

    status: int
    description: str
    shape: Shape | None
    example: Any
    error_shape: ErrorShape | None

    def violations(self, value: Any) -> list[Violation]:
        """Return what keeps a body from fitting this answer."""
        return [] if self.shape is None else self.shape.violations(value)


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        operation_id: its name in the document.
        method: upper case.
        path: the template below the base path, such as `/test-api-keys`.
        parameters: the shapes of its query parameters by name.
        required: the names of those that must be given.
        body: the shape of its JSON body; None if it takes none.
        answers: the documented answers by status.
    """

    operation_id: str
    method: str
    path: str
    parameters: Mapping[str, Shape]
    required: frozenset[str]
    body: Shape | None
    answers: Mapping[int, Answer]


@dataclass(frozen=True)
class Document:
    """A document, read and compiled.

    Attributes:
        sha256: of its bytes, in hexadecimal.
        base_path: the path of its servers without a slash at the end, such as `/v.1.0`.
        operations: in the document's order.
        words: the names that it gives, which the journal may show.
        tree: its value, as it was read.
    """

    sha256: str
    base_path: str
    operations: tuple[Operation, ...]
    words: frozenset[str] = frozenset()
    tree: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read a document of OpenAPI 3.0 written as JSON.

        Raises:
            DocumentError: it is no such document, or uses what the mock does not understand.
        """
        try:
            tree = json.loads(content)
        except ValueError as error:
            raise DocumentError("the document is not JSON") from error
        if not isinstance(tree, dict) or not str(tree.get("openapi", "")).startswith("3.0."):
            raise DocumentError("openapi: the mock reads OpenAPI 3.0")
        sha256 = hashlib.sha256(content).hexdigest()
        return cls(sha256, _base_path(tree), _Reader(tree).operations(), words_of(tree), tree)

    @functools.cached_property
    def _by_segments(self) -> dict[tuple[str, ...], dict[str, Operation]]:
        table: dict[tuple[str, ...], dict[str, Operation]] = {}
        for operation in self.operations:
            key = tuple(operation.path.removeprefix("/").split("/"))
            table.setdefault(key, {})[operation.method] = operation
        return table

    def at(self, segments: tuple[str, ...]) -> Mapping[str, Operation]:
        """Return the operations at a path by method; empty where the document has no such path.

        A concrete path is preferred to a template that would fit as well (OpenAPI 3.0, Paths Object).

        Args:
            segments: the decoded segments below the base path.
        """
        table = self._by_segments
        if segments in table:
            return table[segments]
        return next((found for key, found in table.items() if _fits(key, segments)), {})


@functools.cache
def embedded() -> Document:
    """Return the document that ships with the mock, a copy of `openapi/effective.json`."""
    return Document.from_bytes(importlib.resources.files(__package__).joinpath("effective.json").read_bytes())


def _fits(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    return len(template) == len(segments) and all(
        bool(given) if wanted.startswith("{") and wanted.endswith("}") else wanted == given
        for wanted, given in zip(template, segments, strict=True)
    )


def _base_path(tree: Mapping[str, Any]) -> str:
    servers = tree.get("servers") or [{"url": "/"}]
    paths = {urlsplit(str(server["url"])).path.rstrip("/") for server in servers}
    if len(paths) != 1:
        raise DocumentError("servers: the mock serves one base path, these have several")
    return paths.pop()


class _Reader:
    """Reads the operations of one document tree."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._tree = tree
        self._schemas = tree.get("components", {}).get("schemas", {})
        self._translated = {
            name: translate(schema, f"#/components/schemas/{name}") for name, schema in self._schemas.items()
        }

    def operations(self) -> tuple[Operation, ...]:
        return tuple(
            self._operation(method, path, item)
            for path, item in self._tree.get("paths", {}).items()
            for method in _METHODS
            if method in item
        )

    def _operation(self, method: str, path: str, item: Mapping[str, Any]) -> Operation:
        place = f"#/paths/{path}/{method}"
        tree = item[method]
        if "operationId" not in tree:
            raise DocumentError(f"{place}: no operationId")
        listed = [self._resolved(each) for each in (*item.get("parameters", ()), *tree.get("parameters", ()))]
        queried = {each["name"]: each for each in listed if each["in"] == "query"}
        return Operation(
            operation_id=tree["operationId"],
            method=method.upper(),
            path=path,
            parameters={name: self._shape(each["schema"], place) for name, each in queried.items()},
            required=frozenset(name for name, each in queried.items() if each.get("required")),
            body=self._body(tree, place),
            answers={
                answer.status: answer
                for status, each in tree["responses"].items()
                for answer in [self._answer(status, self._resolved(each), f"{place}/responses/{status}")]
            },
        )

    def _body(self, tree: Mapping[str, Any], place: str) -> Shape | None:
        media = self._media(self._resolved(tree.get("requestBody", {})), f"{place}/requestBody")
        return None if media is None else self._shape(media["schema"], place)

    def _answer(self, status: str, tree: Mapping[str, Any], place: str) -> Answer:
        if not (len(status) == 3 and status.isdigit()):
            raise DocumentError(f"{place}: the mock reads statuses one by one, not ranges")
        media = self._media(tree, place)
        description = tree.get("description", "")
        if media is None:
            return Answer(int(status), description, None, None, None)
        shape = self._shape(media["schema"], place)
        documented = [media["example"]] if "example" in media else []
        documented += [each["value"] for each in media.get("examples", {}).values() if "value" in each]
        error_shape = fitting_shape(shape.accepts) if int(status) >= 400 else None
        made = error_shape(description) if error_shape else sample(media["schema"], self._schemas)
        example = next((value for value in (*documented, made) if shape.accepts(value)), None)
        return Answer(int(status), description, shape, example, error_shape)

    def _media(self, tree: Mapping[str, Any], place: str) -> Mapping[str, Any] | None:
        content: Mapping[str, Any] = tree.get("content", {})
        if not content:
            return None
        if _JSON not in content:
            raise DocumentError(f"{place}: the mock speaks {_JSON}")
        media: Mapping[str, Any] = content[_JSON]
        return media

    def _shape(self, schema: Mapping[str, Any], place: str) -> Shape:
        return Shape(schema, self._translated, place)

    def _resolved(self, tree: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = tree.get("$ref")
        if reference is None:
            return tree
        found: Any = self._tree
        for step in str(reference).removeprefix("#/").split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, Mapping) or name not in found:
                raise DocumentError(f"{reference}: leads nowhere")
            found = found[name]
        return self._resolved(found)
