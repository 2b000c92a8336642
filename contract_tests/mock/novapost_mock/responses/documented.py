"""Documented answers of a document tree, compiled: their media types, examples and headers."""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from novapost_mock.messages import Headers
from novapost_mock.responses.media_type import MediaType, concrete, parse_written
from novapost_mock.responses.response import BODILESS, Answer, AnswerMedia, Answers, made
from novapost_mock.schemas.generator import CannotError, Generator
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.pointers import mapping, resolved, shown
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.validators import Node
from novapost_mock.schemas.violation import DocumentError

# Set by the adapter.
_OWN_HEADERS = frozenset(
    {"content-type", "content-length", "transfer-encoding", "connection", "date", "server"}
)
_ONLY_IF_REQUIRED = frozenset({"set-cookie", "content-encoding", "content-range", "www-authenticate"})
_MOMENT = "Thu, 01 Jan 2026 00:00:00 GMT"
_HTTP_FORMS: Mapping[str, tuple[str | int, ...]] = {
    **dict.fromkeys(("last-modified", "expires", "sunset"), (_MOMENT,)),
    **dict.fromkeys(("retry-after", "age"), ("1", 1)),
    "etag": ('"1"',),
    "content-disposition": ("attachment",),
    "set-cookie": ("name=value",),
}
"""Headers whose form HTTP fixes (RFC 9110, RFC 6266, RFC 6265, RFC 8594), while schemas call them texts."""
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}", re.ASCII)
_RANGE = re.compile(r"[1-5]XX", re.IGNORECASE)


class Documented:
    """Compiles the answers of one document."""

    def __init__(
        self,
        tree: Mapping[str, Any],
        schemas: SchemaSet,
        generator: Generator,
        notes: Notes,
        relaxed: Sequence[Generator],
    ) -> None:
        """Prepare to compile.

        Args:
            tree: the document.
            schemas: its schemas, for answers.
            generator: makes values of them.
            notes: where remarks go.
            relaxed: make values of the same schemas, each with something passed over that its author may not
                have meant.
        """
        self._tree = tree
        self._schemas = schemas
        self._generator = generator
        self._notes = notes
        self._relaxed = relaxed
        self._shared: dict[tuple[str, int], Callable[[], Answer | None]] = {}
        self._plain: dict[tuple[MediaType, int, str], tuple[AnswerMedia, str]] = {}

    def answers(self, tree: Mapping[str, Any], place: str) -> Callable[[], Answers]:
        """Take in the answers of an operation, and return what compiles them once all schemas are taken in.

        Raises:
            DocumentError: one of them cannot be understood.
        """
        reading: dict[str, Callable[[], Answer]] = {}
        listed = mapping(tree.get("responses"))
        for key, raw in listed.items():
            here = f"{place}/responses/{shown(key, 40)}"
            if key.startswith("x-"):
                continue
            status = _status(key)
            if status is None:
                self._notes.add(here, "neither a status, nor a range such as 4XX, nor default; passed over")
                continue
            if status in reading or (status != key and status in listed):
                self._notes.add(here, f"{status} is described already; passed over")
                continue
            reading[status] = self._shared_answer(status, raw, here)

        def finish() -> Answers:
            done = {key: read() for key, read in reading.items()}
            return Answers(
                {int(key): each for key, each in done.items() if key.isdigit()},
                {int(key[0]): each for key, each in done.items() if key.endswith("XX")},
                done.get("default"),
            )

        return finish

    def _shared_answer(self, key: str, raw: Any, here: str) -> Callable[[], Answer]:
        """Read an answer; one that several operations refer to is made once, unless it needs a remark."""
        tree = resolved(self._tree, raw, here)
        if tree is raw:
            return self._answer(key, tree, here)
        known = self._shared.get((key, id(tree)))
        if known is not None:
            # A failure and a remark name the operation, so each operation reads it anew.
            return lambda: known() or self._answer(key, tree, here)()
        told = self._notes.told
        read = self._answer(key, tree, here)

        @functools.cache
        def without_remark() -> Answer | None:
            told = self._notes.told
            answer = read()
            return None if answer.failure or told < self._notes.told else answer

        if told == self._notes.told:
            self._shared[key, id(tree)] = without_remark
        return lambda: without_remark() or read()

    def _answer(self, key: str, tree: Mapping[str, Any], here: str) -> Callable[[], Answer]:
        status = int(key) if key.isdigit() else 500 if key == "default" else int(key[0]) * 100
        media: list[tuple[MediaType, Node | None, dict[str, Any], Any, str]] = []
        content = mapping(tree.get("content"))
        if "content" not in tree and isinstance(tree.get("schema"), Mapping):
            # As Swagger 2.0 wrote it.
            content = {"application/json": {"schema": tree["schema"]}}
        for kind, each in content.items():
            read = parse_written(kind)
            if read is None:
                self._notes.add(f"{here}/content", f"{shown(kind, 60)} is no media type and is passed over")
                continue
            schema = mapping(each).get("schema")
            place = f"{here}/content/{kind}/schema"
            node = None if schema is None else self._schemas.node(schema, place)
            examples = self._examples(mapping(each), here)
            media.append((concrete(read), node, examples, schema, place))
        headers = self._headers(tree, here)
        description = str(tree.get("description", ""))

        def finish() -> Answer:
            compiled: list[AnswerMedia] = []
            spoken: AnswerMedia | None = None
            failure = "a status of 1xx is not a final answer" if status < 200 else ""
            for kind, node, examples, schema, place in media if status not in BODILESS else ():
                each, fault = self._made(kind, node, examples, status, description, _root(schema))
                if fault:
                    # Branches of oneOf that cannot be told apart are common, and so are closed objects in an
                    # allOf. Nothing fits then; what its author means is something else.
                    for generator in self._relaxed:
                        if node is None or not generator.schemas.may_relax(self._schemas, node):
                            continue
                        other = generator.schemas.node(schema, place)
                        shape = generator.schemas.shape(other)
                        each, fault = made(
                            kind, other, shape, examples, generator, status, description, _root(schema)
                        )
                        # Without the node, which is not of the strict set, it is the same by chance.
                        each = replace(each, node=None)
                        if not fault:
                            self._notes.add(place, generator.schemas.remark)
                            break
                if fault:
                    failure = f"{here}: {fault}"
                    continue
                compiled.append(each)
                if spoken is None and kind.is_json:
                    spoken = each
            if compiled and status >= 200:
                failure = ""
            return Answer(
                key,
                status,
                description,
                compiled,
                headers(),
                failure,
                None if spoken is None else spoken.shape,
                None if spoken is None else spoken.reason_writer,
            )

        return finish

    def _made(
        self,
        kind: MediaType,
        node: Node | None,
        examples: Mapping[str, Any],
        status: int,
        description: str,
        root: str,
    ) -> tuple[AnswerMedia, str]:
        """Make the bodies of an answer; without examples and reasons those of one schema are all the same."""
        key = kind, id(node), root
        is_plain = node is not None and not examples and status < 400
        known = self._plain.get(key) if is_plain else None
        if known is not None:
            return known
        shape = None if node is None else self._schemas.shape(node)
        result = made(kind, node, shape, examples, self._generator, status, description, root)
        if is_plain:
            self._plain[key] = result
        return result

    def _examples(self, media: Mapping[str, Any], here: str) -> dict[str, Any]:
        found: dict[str, Any] = {"": media["example"]} if "example" in media else {}
        for name, raw in mapping(media.get("examples")).items():
            try:
                example = resolved(self._tree, raw, f"{here}/examples/{shown(name, 40)}")
            except DocumentError as error:
                self._notes.add(here, str(error))
                continue
            if "value" in example:
                found[name] = example["value"]
        return found

    def _headers(self, tree: Mapping[str, Any], here: str) -> Callable[[], Headers]:
        wanted: list[tuple[str, bool, Node, list[Any], bool]] = []
        for name, raw in mapping(tree.get("headers")).items():
            place = f"{here}/headers/{shown(name, 60)}"
            header = resolved(self._tree, raw, place)
            required = header.get("required") is True
            lower = name.lower()
            if not _HEADER_NAME.fullmatch(name) or lower in _OWN_HEADERS:
                continue
            if lower in _ONLY_IF_REQUIRED and not required:
                continue
            # `content` has one entry, which stands for the schema (OpenAPI 3.1, 4.8.21).
            media = next(iter(mapping(header.get("content")).values()), None)
            told = header if media is None else mapping(media)
            node = self._schemas.node(told.get("schema", {"type": "string"}), f"{place}/schema")
            examples = list(self._examples({**header, **told}, place).values())
            wanted.append((name, required, node, examples, header.get("explode") is True))

        def finish() -> Headers:
            result = []
            for name, required, node, examples, explode in wanted:
                known = _HTTP_FORMS.get(name.lower(), ())
                fitting = [each for each in (*examples, *known) if self._schemas.shape(node).accepts(each)]
                try:
                    value = fitting[0] if fitting else self._generator.value(node)
                except CannotError:
                    if required:
                        self._notes.add(f"{here}/headers/{shown(name, 60)}", "no value was found that fits")
                    continue
                text = _header_text(value, explode)
                if text is not None:
                    result.append((name, text))
            return tuple(result)

        return finish


def _status(key: str) -> str | None:
    """Return a status as OpenAPI writes it: `default`, `4XX` or `404`; None if it is none."""
    key = key.strip()
    if key.lower() == "default":
        return "default"
    if _RANGE.fullmatch(key):
        return key.upper()
    found = re.fullmatch(r"([1-5][0-9]{2})(?:\s+\D.*)?", key)
    return found and found[1]


def _root(schema: Any) -> str:
    tree = mapping(schema)
    xml = mapping(tree.get("xml")).get("name")
    if isinstance(xml, str):
        return xml
    return str(tree["$ref"]).rpartition("/")[2] if "$ref" in tree else "value"


def _header_text(value: Any, explode: bool) -> str | None:
    """Return a value in the style `simple`; None if it cannot stand in a header."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, list):
        texts = [_header_text(each, explode) for each in value]
        text = ",".join(each for each in texts if each is not None)
    elif isinstance(value, dict):
        mark = "=" if explode else ","
        text = ",".join(f"{name}{mark}{_header_text(each, explode)}" for name, each in value.items())
    else:
        text = "null" if value is None else str(value)
    return text if text.isascii() and text.isprintable() else None
