"""Operations of a document tree, compiled.

Schemas are taken in first and compiled after that, so that each is translated once for the whole document.
What is not understood in an operation takes that operation out and nothing else.
"""

import string
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from novapost_mock.document.found import DIVIDED, METHODS, Found
from novapost_mock.document.operation import Operation
from novapost_mock.document.parameters import KnownParameters, parameters_of
from novapost_mock.document.ruled import Ruled
from novapost_mock.document.security import security_of
from novapost_mock.document.servers import base_paths
from novapost_mock.document.version_3_2 import other_operations
from novapost_mock.responses.documented import Documented
from novapost_mock.responses.media_type import MediaType, parse_written
from novapost_mock.responses.operation import Behaviour
from novapost_mock.responses.parameters import Parameter
from novapost_mock.responses.request_body import BodyMedia, RequestBody
from novapost_mock.responses.response import Answer, Answers
from novapost_mock.responses.routes import Router, Template
from novapost_mock.schemas.generator import CannotError, Generator
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.parameter_values import Reader
from novapost_mock.schemas.pointers import mapping, resolved, shown
from novapost_mock.schemas.schema_set import RELAXATIONS, SchemaSet, both_ways
from novapost_mock.schemas.validators import Node
from novapost_mock.schemas.violation import DocumentError

MAX_OPERATIONS = 5_000
_WITH_BODY = frozenset({"post", "put", "patch"})
Finish = Callable[[], Operation]


# An answer of rules that breaks one of these is of another form; other keywords are a mistake to be told of.
_OF_ANOTHER_FORM = frozenset({"additionalProperties", "unevaluatedProperties", "required", "type"})


class Compiler:
    """Compiles the operations of one document."""

    def __init__(
        self,
        tree: Mapping[str, Any],
        name_of: Callable[[str, str, str], tuple[str, bool]],
        ruled: Ruled,
        seed: int = 0,
    ) -> None:
        """Prepare to compile.

        Args:
            tree: the document.
            name_of: maps method, path and operationId (empty if there is none) to the name of the operation
                and whether rules imitate it.
            ruled: the operations that rules imitate.
            seed: what generated bodies are drawn from.
        """
        self.notes = Notes()
        self._tree = tree
        self._name_of = name_of
        self._ruled = ruled
        self._is_32 = str(tree.get("openapi", "")).startswith("3.2")
        is_31 = self._is_31 = not str(tree.get("openapi", "")).startswith("3.0")
        self._request_schemas, self._response_schemas = both_ways(tree, is_31, self.notes)
        self._generator = Generator(self._response_schemas, seed)
        self._parameters: KnownParameters = {}
        self._taken_names: set[str] = set()
        self._names: dict[tuple[str, str], tuple[str, bool]] = {}
        # Requests are read in whichever way something fits; only closed parts of an allOf let nothing in.
        self._asks = Generator(self._request_schemas, seed)
        self._open = SchemaSet(tree, is_31, "request", Notes(), relaxed=frozenset({"closed"}))
        # Remarks on the document are made once, by the strict sets.
        relaxed = [
            Generator(SchemaSet(tree, is_31, "response", Notes(), relaxed=names), seed)
            for names in (*(frozenset({each}) for each in RELAXATIONS), frozenset(RELAXATIONS))
        ]
        self._documented = Documented(tree, self._response_schemas, self._generator, self.notes, relaxed)

    def operations(self, progress: Callable[[int, int], None] | None = None) -> tuple[Operation, ...]:
        """Compile all operations, in the document's order.

        Args:
            progress: called after each with how many are compiled, and how many there are.

        Raises:
            DocumentError: there are too many, or nothing is left since paths lead out of the document.
        """
        finishing: list[tuple[Found, tuple[Template, ...], Finish | DocumentError]] = []
        routed: dict[tuple[tuple[str, ...], str], str] = {}
        strays: list[DocumentError] = []
        for found in self._found(strays):
            if len(finishing) == MAX_OPERATIONS:
                raise DocumentError(f"#/paths: more than {MAX_OPERATIONS} operations")
            templates: tuple[Template, ...] = ()
            try:
                templates = self._templates(found)
                taken = [routed.setdefault((t.key, found.method), found.path) for t in templates]
                alone = not found.query and not any(DIVIDED.search(path) for path in taken)
                if alone and all(path != found.path for path in taken):
                    told = (
                        f"{shown(taken[0])} stands at the same place; the first that a request fits answers"
                    )
                    self.notes.add(found.place, told)
                finishing.append((found, templates, self._read(found, templates)))
            except DocumentError as error:
                finishing.append((found, templates, error))
            except RecursionError:
                finishing.append((found, templates, DocumentError(f"{found.place}: nests too deep")))
        if strays and not finishing:
            raise strays[0]
        operations: list[Operation] = []
        for each in finishing:
            operations.append(self._finished(*each))
            if progress is not None:
                progress(len(operations), len(finishing))
        return _with_variants(operations)

    def _found(self, strays: list[DocumentError]) -> Iterator[Found]:
        if self._tree.get("webhooks"):
            self.notes.add("#/webhooks", "calls that the API itself makes are not imitated")
        paths = self._tree.get("paths")
        if not isinstance(paths, Mapping):
            return
        for path, raw in paths.items():
            if path.startswith("x-"):
                continue
            place = f"#/paths/{shown(path)}"
            try:
                # Beside a reference stands what the path has of its own.
                own = {key: value for key, value in mapping(raw).items() if key != "$ref"}
                item = {**resolved(self._tree, raw, place), **own}
            except DocumentError as error:
                self.notes.add(place, str(error).removeprefix(f"{place}: "))
                reference = mapping(raw).get("$ref", "#")
                if isinstance(reference, str) and not reference.startswith("#"):
                    strays.append(error)
                continue
            written = self._written(item, place)
            for method in METHODS:
                if method in written:
                    yield Found(method, path, item, written[method])
            for method, operation in other_operations(item) if self._is_32 else ():
                yield Found(method, path, item, operation)

    def _written(self, item: Mapping[Any, Any], place: str) -> dict[str, Mapping[str, Any]]:
        """Return the operations of a path by method; one under its right name comes first."""
        written: dict[str, Mapping[str, Any]] = {}
        for key in sorted((key for key in item if isinstance(key, str)), key=lambda key: key not in METHODS):
            method, operation = key.lower(), item[key]
            if method not in METHODS or not isinstance(operation, Mapping):
                continue
            if method in written:
                self.notes.add(f"{place}/{key}", f"{method} is described already; passed over")
            written.setdefault(method, operation)
        return written

    def _named(self, found: Found) -> tuple[str, bool]:
        """Return the name of an operation, unique in the document, and whether rules imitate it."""
        place = found.method, found.path
        if place not in self._names:
            given = found.tree.get("operationId")
            method, wanted = found.method.upper(), given if isinstance(given, str) else ""
            name, by_rules = self._name_of(method, found.path, wanted)
            taken = self._taken_names
            if name in taken:
                self.notes.add(f"{found.place}/operationId", "the same name as another operation")
                name, by_rules = self._name_of(method, found.path, "")
            number = 1
            while name in taken:
                number += 1
                name = f"{name.rstrip(string.digits)}{number}"
            taken.add(name)
            self._names[place] = name, by_rules
        return self._names[place]

    def _templates(self, found: Found) -> tuple[Template, ...]:
        path, *_ = DIVIDED.split(found.path, maxsplit=1)
        path = path if path.startswith("/") else f"/{path}"
        own = found.tree.get("servers") or found.item.get("servers")
        # Where a client sends everything that knows this mock by one address, and where it belongs.
        bases = base_paths(self._tree.get("servers"))
        bases = tuple(dict.fromkeys((*base_paths(own), *bases))) if own else bases
        return tuple(Template(base, path) for base in bases)

    def _finished(
        self, found: Found, templates: tuple[Template, ...], finish: Finish | DocumentError
    ) -> Operation:
        name, _ = self._named(found)
        try:
            if isinstance(finish, DocumentError):
                raise finish
            return finish()
        except DocumentError as error:
            reason = str(error)
        except RecursionError:
            reason = f"{found.place}: nests too deep"
        return Operation(name, found.method.upper(), found.path, "none", reason, templates)

    def _read(self, found: Found, templates: tuple[Template, ...]) -> Finish:
        """Take in the schemas of an operation, and return what compiles it once all are taken in."""
        tree, place = found.tree, found.place
        name, by_rules = self._named(found)
        parameters = parameters_of(found, self._tree, self._request_schemas, self.notes, self._parameters)
        body = self._body(tree, place)
        takes_no_body = "requestBody" not in tree and found.method in _WITH_BODY
        security = security_of(found, self._tree, self.notes)
        answers = self._documented.answers(tree, place)

        def suits(compiled: Sequence[Parameter], takes_json: bool, given: Answers) -> bool:
            answer = given.of(200)
            if not self._ruled.suits(compiled, takes_json):
                return False
            if answer is None or any(
                each.keyword in _OF_ANOTHER_FORM for each in answer.violations(self._ruled.answers.get(name))
            ):
                told = "the rules answer otherwise than this document has it, so its schema answers"
                self.notes.add(f"{place}/responses", told)
                return False
            return True

        def finish() -> Operation:
            compiled = [parameter() for parameter in parameters]
            taken, json_body = (None, None) if body is None else body()
            given_answers = answers()
            success = given_answers.success()
            if success is None:
                self.notes.add(f"{place}/responses", "no success is documented; 200 without a body it is")
                success = 200, Answer("200", 200, "")
            behaviour = Behaviour(
                found.method.upper(),
                templates,
                compiled,
                taken,
                security,
                given_answers,
                success,
                self._generator,
                takes_no_body and (self._is_31 or 415 in given_answers.exact),
            )
            return Operation(
                name,
                behaviour.method,
                found.path,
                "rules" if by_rules and suits(compiled, json_body is not None, given_answers) else "schema",
                "",
                templates,
                {each.name: each for each in compiled if each.where == "query"},
                None if json_body is None else json_body.shape,
                given_answers,
                behaviour,
            )

        return finish

    def _body(
        self, tree: Mapping[str, Any], place: str
    ) -> Callable[[], tuple[RequestBody, BodyMedia | None]] | None:
        if "requestBody" not in tree:
            return None
        here = f"{place}/requestBody"
        body = resolved(self._tree, tree["requestBody"], here)
        taken: list[tuple[MediaType, Node | None, Any, str]] = []
        for kind, media in mapping(body.get("content")).items():
            read = parse_written(kind)
            if read is None:
                self.notes.add(f"{here}/content", f"{shown(kind, 60)} is no media type and is passed over")
                continue
            schema = mapping(media).get("schema")
            at = f"{here}/content/{kind}/schema"
            taken.append(
                (read, None if schema is None else self._request_schemas.node(schema, at), schema, at)
            )
        if not taken:
            return None

        def finish() -> tuple[RequestBody, BodyMedia | None]:
            media = []
            for kind, node, schema, at in taken:
                schemas = self._request_schemas
                if node is not None and self._lets_nothing_in(node):
                    schemas, node = self._open, self._open.node(schema, at)
                    self.notes.add(at, schemas.remark)
                shape = None if node is None else schemas.shape(node)
                media.append(BodyMedia(kind, shape, None if node is None else Reader(schemas, node)))
            return (
                RequestBody(body.get("required") is True, media),
                next((each for each in media if each.media.is_json), None),
            )

        return finish

    def _lets_nothing_in(self, node: Node) -> bool:
        """Whether no body fits a schema because objects that come together in it are each closed."""
        if not self._open.may_relax(self._request_schemas, node):
            return False
        try:
            self._asks.value(node)
        except CannotError:
            return True
        return False


def router(operations: Sequence[Operation]) -> Router[Operation]:
    """Build the table of paths; what is not imitated stands in it too, so that it can say so."""
    return Router((template, each.method, each) for each in operations for template in each.templates)


def _with_variants(operations: list[Operation]) -> tuple[Operation, ...]:
    """Return operations; the first of those at one place has all, the most closely described in front."""
    places: dict[tuple[Any, str], list[int]] = defaultdict(list)
    for number, each in enumerate(operations):
        if each.templates and each.behaviour is not None:
            places[each.templates[0].key, each.method].append(number)
    for numbers in places.values():
        if len(numbers) > 1:
            several = sorted((operations[n] for n in numbers), key=lambda each: -each.path.count("="))
            operations[numbers[0]] = replace(operations[numbers[0]], variants=tuple(several))
    return tuple(operations)
