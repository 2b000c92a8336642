"""Bodies of requests: read by media type, then held against the schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from novapost_mock.messages import MAX_TAKEN, Request
from novapost_mock.responses.json_body import BodyError, read_json
from novapost_mock.responses.media_type import MediaType, parse
from novapost_mock.responses.parameters import query_pairs, without_index
from novapost_mock.schemas.parameter_values import Reader, unfolded, way_of
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.validators import Shape

MAX_PARTS = 1_000


@dataclass(frozen=True)
class BodyFault:
    """Why a body is refused.

    Attributes:
        kind: unreadable (400), unfit (422 or 400), unsupported (415), too-large (413).
        text: one sentence for the caller, which repeats nothing of the body.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class BodyMedia:
    """One media type that an operation takes.

    Attributes:
        media: the type or range.
        shape: what the value has to fit; None if anything will do.
        reader: reads texts of forms back; None without a shape.
    """

    media: MediaType
    shape: Shape | None
    reader: Reader | None = field(default=None, repr=False)

    @property
    def schemas(self) -> SchemaSet:
        """Where the references of the schema lead."""
        assert self.reader is not None
        return self.reader.schemas

    def fault(self, request: Request, declared: MediaType) -> BodyFault | None:
        """Return what is wrong with the body of a request."""
        if self.shape is None:
            return _unreadable(request, declared)
        if self.media.is_range and self.shape.accepts(request.body.decode("latin-1")):
            return None  # a file of any type, whatever its type would make of it
        if declared.is_json:
            try:
                value = read_json(request, any_type=True)
            except BodyError as error:
                return BodyFault("unreadable", error.reason)
            return self._unfit([value])
        if declared.sub == "x-www-form-urlencoded":
            return self._form(query_pairs(request.body.decode("utf-8", "replace")))
        if declared.main == "multipart":
            parts = parts_of(request)
            if parts is None:
                return BodyFault("unreadable", "Request body is not multipart as its Content-Type says")
            return self._form(parts)
        if declared.is_text and declared.sub not in ("yaml", "x-yaml", "csv"):
            try:
                text = request.body.decode("utf-8")
            except UnicodeDecodeError:
                return BodyFault("unreadable", "Request body is not UTF-8")
            assert self.reader is not None
            return self._unfit([text, *self.reader.structured(text)])
        if declared.is_xml:
            # Loaded when it is needed: a mock that never sees XML starts sooner.
            xml = import_module("novapost_mock.responses.xml")
            try:
                return self._unfit([xml.read_xml(request.body, self.schemas, self.shape.node)])
            except xml.XmlError:
                return BodyFault("unreadable", "Request body is not XML that can be read")
        return None  # YAML, CSV and files are taken as they are

    def _form(self, pairs: Sequence[tuple[str, str]]) -> BodyFault | None:
        assert self.reader is not None
        listed = {name for name in self.reader.named if name.endswith("[]")}
        if listed:
            pairs = [(each if (each := without_index(n)) in listed else n, text) for n, text in pairs]
        deep = {name for name, _ in pairs if "[" in name and name.endswith("]")} - self.reader.named
        readings: list[Any] = list(self.reader.object(pairs))
        if known := {name for name in deep if self._is_below(name)}:
            tree = unfolded((way_of(name) if name in known else [name], text) for name, text in pairs)
            if tree is None:
                return BodyFault("unfit", "Request body has a text and its parts under one name")
            readings = [self.reader.nested(tree)]
        elif deep:
            readings.append(_nested(pairs))
            # name[] is how many clients write a list.
            readings += self.reader.object([(name.removesuffix("[]"), text) for name, text in pairs])
        if self.reader.types & {"array", "object"} and len(pairs) == 0:
            readings.append({})
        return self._unfit(readings)

    def _is_below(self, name: str) -> bool:
        """Whether a name with brackets is about a part of a property that has parts."""
        assert self.reader is not None
        outer = way_of(name)[0]
        return outer in self.reader.named and bool(self.reader.property(outer).types & {"array", "object"})

    def _unfit(self, readings: Sequence[Any]) -> BodyFault | None:
        assert self.shape is not None
        if any(self.shape.accepts(value) for value in readings):
            return None
        first = next(iter(self.shape.violations(readings[0])), None)
        if first is None:
            return BodyFault("unfit", "Request body does not fit the schema")
        names = f" {first.names[0]}" if first.keyword == "required" and first.names else ""
        # The way may hold names that the caller made up; only plain ones are repeated.
        way = "/".join(step if step.isidentifier() or step.isdigit() else "…" for step in first.path)
        return BodyFault("unfit", f"Request body does not fit the schema at /{way}: {first.keyword}{names}")


@dataclass(frozen=True)
class RequestBody:
    """What an operation takes as a body.

    Attributes:
        required: whether there has to be one.
        media: the types that it takes, in the document's order.
    """

    required: bool
    media: Sequence[BodyMedia]

    def fault(self, request: Request) -> BodyFault | None:
        """Return what is wrong with the body of a request; None if nothing is."""
        if len(request.body) > MAX_TAKEN:
            return BodyFault("too-large", f"Request body is larger than {MAX_TAKEN} bytes")
        declared = [parse(value) for value in request.header_values("content-type")]
        if not request.body and not self.required:
            return None
        if not request.body and not (declared and declared[0] and self._allows_nothing(declared[0])):
            return BodyFault("unreadable", "Request body is missing")
        if len(declared) != 1 or declared[0] is None:
            return BodyFault("unsupported", f"Content-Type must be {self._known()}")
        covering = self._covering(declared[0])
        if covering is None:
            return BodyFault("unsupported", f"Content-Type must be {self._known()}")
        return covering.fault(request, declared[0])

    def _allows_nothing(self, declared: MediaType) -> bool:
        """Whether no bytes at all are a value in this type: an empty text, form or file."""
        covering = self._covering(declared)
        if covering is None or declared.is_json or declared.is_xml or declared.main == "multipart":
            return False
        is_read = declared.is_text or declared.sub == "x-www-form-urlencoded"
        return is_read or covering.shape is None or covering.shape.accepts("")

    def _covering(self, declared: MediaType) -> BodyMedia | None:
        exact = next((each for each in self.media if each.media == declared), None)
        return exact or next((each for each in self.media if each.media.covers(declared)), None)

    def _known(self) -> str:
        return " or ".join(str(each.media) for each in self.media)


def _unreadable(request: Request, declared: MediaType) -> BodyFault | None:
    if not declared.is_json:
        return None
    try:
        read_json(request, any_type=True)
    except BodyError as error:
        return BodyFault("unreadable", error.reason)
    return None


def _nested(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """`a[b]=1&a[c]=2` as an object of objects, one level."""
    result: dict[str, Any] = {}
    for name, text in pairs:
        outer, bracket, inner = name.partition("[")
        if bracket and inner.endswith("]") and isinstance(result.setdefault(outer, {}), dict):
            result[outer][inner[:-1]] = text
        else:
            result[name] = text
    return result


def parts_of(request: Request) -> list[tuple[str, str]] | None:
    """Read a multipart body (RFC 7578, RFC 2046): names and contents; None if it is none.

    Contents that are not UTF-8 are read as Latin-1: a file is a text to a schema of OpenAPI, whatever is in
    it.
    """
    boundary = _boundary("".join(request.header_values("content-type")))
    if not boundary:
        return None
    mark = b"--" + boundary
    chunks = (b"\r\n" + request.body).split(b"\r\n" + mark)
    if len(chunks) < 2 or not chunks[-1].startswith(b"--") or len(chunks) > MAX_PARTS:
        return None
    found = []
    for chunk in chunks[1:-1]:
        head, blank, content = chunk.lstrip(b" \t").partition(b"\r\n\r\n")
        if not blank:
            return None
        name = _name(head)
        if name is None:
            return None
        try:
            found.append((name, content.decode("utf-8")))
        except UnicodeDecodeError:
            found.append((name, content.decode("latin-1")))
    return found


def _boundary(content_type: str) -> bytes:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "boundary":
            return value.strip().strip('"').encode("latin-1", "replace")
    return b""


def _name(head: bytes) -> str | None:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        field_name, _, value = line.partition(":")
        if field_name.strip().lower() == "content-disposition":
            return _disposition(value).get("name")
    return None


def _disposition(value: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    rest = value.partition(";")[2]
    while rest:
        name, _, rest = rest.lstrip(" ;").partition("=")
        if rest.startswith('"'):
            text, _, rest = rest[1:].partition('"')
            rest = rest.partition(";")[2]
        else:
            text, _, rest = rest.partition(";")
        found[name.strip().lower()] = text
    return found
