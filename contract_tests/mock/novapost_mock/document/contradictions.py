"""Where a document contradicts itself: examples, defaults and enums that do not fit their schemas.

Examples are evidence of what an API really sends. A mock that keeps to the schema answers otherwise, so tests
are green and production is red; whoever starts it learns here which of the two may be wrong.
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from novapost_mock.document.found import METHODS
from novapost_mock.responses.examples import meant
from novapost_mock.responses.media_type import concrete, parse_written
from novapost_mock.schemas.keywords import ONE_SCHEMA, SCHEMA_LISTS, SCHEMA_MAPS
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.patterns.language import language
from novapost_mock.schemas.pointers import listing, mapping, resolved, shown
from novapost_mock.schemas.schema_set import SchemaSet, both_ways
from novapost_mock.schemas.texts import NoTextError, Texts, Wanted
from novapost_mock.schemas.validators import Node
from novapost_mock.schemas.violation import DocumentError, Violation

_GIVEN = ("example", "examples", "default", "enum")
MAX_CHECKED = 20_000
MAX_DEPTH = 60
MAX_OF_ONE = 8
"""How many faults of one example are told."""


class Claim(NamedTuple):
    """A value that a document gives beside a schema.

    Attributes:
        place: where the value stands.
        value: the value.
        schema: the schema that it should fit, as it stands in the document.
        of: the place of the schema.
        sets: whose judgement counts; one that takes the value is enough.
        is_json: whether the value may be written as a JSON text.
    """

    place: str
    value: Any
    schema: Any
    of: str
    sets: tuple[SchemaSet, ...]
    is_json: bool = False


class _Walk:
    """Collects what a document claims."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree = tree
        is_31 = not str(tree.get("openapi", "")).startswith("3.0")
        self.request_schemas, self.response_schemas = both_ways(tree, is_31, Notes())

    def claims(self) -> Iterator[Claim]:
        """Every claim of the document, in its order."""
        components = mapping(self.tree.get("components"))
        both = tuple(dict.fromkeys((self.response_schemas, self.request_schemas)))
        for path, item in mapping(self.tree.get("paths")).items():
            here = f"#/paths/{shown(path)}"
            yield from self._parameters(mapping(item).get("parameters"), f"{here}/parameters")
            for method in METHODS:
                if isinstance(mapping(item).get(method), Mapping):
                    yield from self._operation(item[method], f"{here}/{method}")
        for name, each in mapping(components.get("responses")).items():
            yield from self._response(each, f"#/components/responses/{shown(name)}")
        for name, each in mapping(components.get("requestBodies")).items():
            yield from self._content(
                each, f"#/components/requestBodies/{shown(name)}", (self.request_schemas,)
            )
        yield from self._parameters(components.get("parameters"), "#/components/parameters")
        for name, each in mapping(components.get("headers")).items():
            yield from self._described(each, f"#/components/headers/{shown(name)}", (self.response_schemas,))
        for name, each in mapping(components.get("schemas")).items():
            yield from self._schema(each, f"#/components/schemas/{shown(name)}", both)

    def _operation(self, tree: Mapping[str, Any], here: str) -> Iterator[Claim]:
        yield from self._parameters(tree.get("parameters"), f"{here}/parameters")
        yield from self._content(tree.get("requestBody"), f"{here}/requestBody", (self.request_schemas,))
        for status, response in mapping(tree.get("responses")).items():
            yield from self._response(response, f"{here}/responses/{shown(status)}")

    def _parameters(self, listed: Any, here: str) -> Iterator[Claim]:
        each: Any
        for name, each in listed.items() if isinstance(listed, Mapping) else enumerate(listing(listed)):
            yield from self._described(each, f"{here}/{shown(name)}", (self.request_schemas,))

    def _response(self, tree: Any, here: str) -> Iterator[Claim]:
        yield from self._content(tree, here, (self.response_schemas,))
        for name, header in mapping(mapping(tree).get("headers")).items():
            yield from self._described(header, f"{here}/headers/{shown(name)}", (self.response_schemas,))

    def _content(self, tree: Any, here: str, sets: tuple[SchemaSet, ...]) -> Iterator[Claim]:
        for kind, media in mapping(mapping(tree).get("content")).items():
            read = parse_written(kind)
            if read is None:
                continue
            place = f"{here}/content/{shown(kind)}"
            # An example of another type may be its text: XML, CSV and the like as they are sent.
            is_value = read.is_json or read.sub == "x-www-form-urlencoded" or read.main in ("text", "*")
            for claim in self._described(media, place, sets, are_values=is_value):
                yield claim._replace(is_json=concrete(read).is_json and claim.of == f"{place}/schema")

    def _described(
        self, tree: Any, here: str, sets: tuple[SchemaSet, ...], *, are_values: bool = True
    ) -> Iterator[Claim]:
        """Yield the values that a parameter, a header or a media type gives beside its schema."""
        tree = mapping(tree)
        if "schema" in tree:
            if are_values:
                yield from self._examples(tree, here, tree["schema"], f"{here}/schema", sets)
            yield from self._schema(tree["schema"], f"{here}/schema", sets)
        yield from self._content(tree, here, sets) if "content" in tree else ()

    def _examples(
        self, tree: Mapping[str, Any], here: str, schema: Any, of: str, sets: tuple[SchemaSet, ...]
    ) -> Iterator[Claim]:
        if "example" in tree:
            yield Claim(f"{here}/example", tree["example"], schema, of, sets)
        for name, raw in mapping(tree.get("examples")).items():
            place = f"{here}/examples/{shown(name)}"
            try:
                example = resolved(self.tree, raw, place)
            except DocumentError:
                continue
            if "value" in example:
                yield Claim(f"{place}/value", example["value"], schema, of, sets)

    def _schema(self, schema: Any, here: str, sets: tuple[SchemaSet, ...], depth: int = 0) -> Iterator[Claim]:
        if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
            return
        if "example" in schema:
            yield Claim(f"{here}/example", schema["example"], schema, here, sets)
        if isinstance(schema.get("examples"), list):
            for number, each in enumerate(schema["examples"]):
                yield Claim(f"{here}/examples/{number}", each, schema, here, sets)
        if "default" in schema:
            yield Claim(f"{here}/default", schema["default"], schema, here, sets)
        others = {name: value for name, value in schema.items() if name != "enum"}
        for number, each in enumerate(listing(schema.get("enum"))):
            yield Claim(f"{here}/enum/{number}", each, others, here, sets)
        for keyword, value in schema.items():
            place = f"{here}/{keyword}"
            if keyword in ONE_SCHEMA:
                yield from self._schema(value, place, sets, depth + 1)
            elif keyword in SCHEMA_LISTS:
                for number, each in enumerate(listing(value)):
                    yield from self._schema(each, f"{place}/{number}", sets, depth + 1)
            elif keyword in (*SCHEMA_MAPS, "$defs", "definitions"):
                for name, each in mapping(value).items():
                    yield from self._schema(each, f"{place}/{shown(name)}", sets, depth + 1)


def contradictions(tree: Mapping[str, Any]) -> Iterator[str]:
    """Tell every example, default and enum value that does not fit its schema, a line each.

    Also every text whose pattern, format and length leave nothing that fits. What cannot be understood is
    passed over here; it is told where the operation is read.
    """
    walk = _Walk(tree)
    taken: list[tuple[Claim, list[tuple[SchemaSet, Node]]]] = []
    # Taken in first and compiled after that, so that each schema is translated once.
    for number, claim in enumerate(walk.claims()):
        if number >= MAX_CHECKED:
            break
        nodes = []
        for schemas in claim.sets:
            try:
                nodes.append((schemas, schemas.node(claim.schema, claim.of)))
            except (DocumentError, RecursionError):
                continue
        if nodes:
            taken.append((claim, nodes))
    for claim, nodes in taken:
        found = _violations(claim, nodes)
        if found and claim.is_json:
            claim = claim._replace(value=meant(claim.value))
            found = _violations(claim, nodes)
        for violation in found[:MAX_OF_ONE]:
            fault = _fault(claim.value, violation)
            yield f"{claim.place}: does not fit its schema{_where(violation)}: {fault}"
        if len(found) > MAX_OF_ONE:
            yield f"{claim.place}: and {len(found) - MAX_OF_ONE} more"
    yield from _hopeless(walk)


def _violations(claim: Claim, nodes: list[tuple[SchemaSet, Node]]) -> list[Violation]:
    fewest: list[Violation] | None = None
    for schemas, node in nodes:
        try:
            found = schemas.shape(node).violations(claim.value)
        except (DocumentError, RecursionError):
            continue
        if not found:
            return []
        fewest = found if fewest is None else min(fewest, found, key=len)
    return fewest or []


def _where(violation: Violation) -> str:
    return f" at /{shown('/'.join(violation.path))}" if violation.path else ""


def _fault(value: Any, violation: Violation) -> str:
    """Return the keyword, with the value's type or the missing names where they help; never the value."""
    for step in violation.path:
        value = value[int(step)] if isinstance(value, list) else mapping(value).get(step)
    if violation.names:
        return f"{violation.keyword} ({', '.join(shown(name, 40) for name in violation.names)})"
    return f"{violation.keyword} (it is {_kind(value)})" if violation.keyword == "type" else violation.keyword


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "a boolean"
    names = {str: "a text", int: "a whole number", float: "a number", list: "an array"}
    return names.get(type(value), "an object")


def _hopeless(walk: _Walk) -> Iterator[str]:
    """Texts whose pattern leaves nothing for the format and the length beside it."""
    texts = Texts(walk.response_schemas)
    for place, schema in _patterned(walk):
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        if not isinstance(least, int) or not isinstance(most, int | None):
            continue
        name = schema.get("format", "")
        if language((schema["pattern"],)) is None:
            continue  # not understood, so nothing can be said of it
        wanted = Wanted((schema["pattern"],), name if isinstance(name, str) else "", least, most)
        try:
            texts.one(Random(0), wanted)
        except NoTextError:
            beside = [each for each in ("format", "minLength", "maxLength") if each in schema]
            yield f"{place}: nothing was found that fits the pattern and {' and '.join(beside)} together"


def _patterned(walk: _Walk) -> Iterator[tuple[str, Mapping[str, Any]]]:
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), walk.tree)]
    while waiting:
        way, value = waiting.pop()
        if isinstance(value, dict):
            is_bounded = any(each in value for each in ("format", "minLength", "maxLength"))
            if isinstance(value.get("pattern"), str) and is_bounded:
                yield "/".join(_steps(way)), value
            waiting += [
                ((way, name), each)
                for name, each in reversed(value.items())
                if isinstance(each, (dict, list)) and name not in _GIVEN
            ]
        elif isinstance(value, list):
            waiting += [((way, number), each) for number, each in enumerate(value)]


def _steps(way: tuple[Any, ...]) -> list[str]:
    """Return the steps of a way that is written as pairs: the way before the last step, and that step."""
    steps: list[str] = []
    while way:
        way, step = way
        steps.append(shown(step))
    return ["#", *reversed(steps)]
