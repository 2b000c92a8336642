"""What the templates show: the generator's endpoints and models, reduced to names, types and codecs.

The generator has parsed the document; here its objects become plain values, so that a template holds
nothing but the text around them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openapi_python_client.parser.bodies import Body
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, LiteralEnumProperty, ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty
from openapi_python_client.parser.responses import Response
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonCode

from scripts.document.operations import Operation
from scripts.generator.naming import Resource
from scripts.lib.errors import Refusal
from scripts.runtime.errors import status_error
from scripts.runtime.redaction import looks_secret

_SIMPLE: dict[type, str] = {
    AnyProperty: "_p.ANY",
    BooleanProperty: "_p.BOOLEAN",
    DateProperty: "_p.DATE",
    DateTimeProperty: "_p.MOMENT",
    FileProperty: "_p.FILE",
    FloatProperty: "_p.NUMBER",
    IntProperty: "_p.INTEGER",
    NoneProperty: "_p.NULL",
    StringProperty: "_p.TEXT",
    UuidProperty: "_p.UUID",
}
# The mark of `scripts.normalize.parameters` on a parameter whose value is written as JSON.
WRITTEN = "x-written-as"
_FORMS = {"response.json()": "json", "response.text": "text", "response.content": "bytes", "None": "none"}
_BODY_FORMS = {"json": "json", "data": "form", "files": "multipart", "content": "content"}


def raw(text: UntrustedString | str | None) -> str:
    """Return the text behind the generator's wrapper; it is escaped before it is written."""
    if isinstance(text, UntrustedString):
        return text.get_untrusted_value()
    return text or ""


def code(snippet: PythonCode) -> str:
    """Return the generator's code as text."""
    return snippet.as_unembedded_code()


def in_class(annotation: str) -> str:
    """Return an annotation that stands in a class with a method named `list`."""
    return re.sub(r"(?<![\w.\"'])list\[", "builtins.list[", annotation)


def codec(prop: PropertyProtocol) -> str:
    """Return the expression of a property's codec.

    Raises:
        Refusal: the generator has a kind of property that we do not know.
    """
    if isinstance(prop, UnionProperty):
        return f"_p.Union({', '.join(codec(inner) for inner in prop.inner_properties)})"
    if isinstance(prop, ListProperty):
        return f"_p.Array({codec(prop.inner_property)})"
    if isinstance(prop, ModelProperty):
        return f"_m.Nested({prop.class_info.name})"
    if isinstance(prop, EnumProperty):
        return f"_p.Listed({prop.class_info.name})"
    if isinstance(prop, LiteralEnumProperty):
        return f"_p.Choice({sorted(prop.values)!r})"
    if isinstance(prop, ConstProperty):
        return f"_p.Constant({code(prop.value.python_code)})"
    for kind, expression in _SIMPLE.items():
        if isinstance(prop, kind):
            return expression
    raise Refusal(raw(prop.name), f"a property of kind {type(prop).__name__} has no codec")


def classes(prop: PropertyProtocol, *, models: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the classes that a codec names, as (module, class); with `models`, those of objects only."""
    if isinstance(prop, UnionProperty):
        for inner in prop.inner_properties:
            yield from classes(inner, models=models)
    elif isinstance(prop, ListProperty):
        yield from classes(prop.inner_property, models=models)
    elif isinstance(prop, ModelProperty) or (isinstance(prop, EnumProperty) and not models):
        yield prop.class_info.module_name, prop.class_info.name


def class_imports(props: Iterable[PropertyProtocol], prefix: str, *, models: bool = False) -> list[str]:
    """Return the imports of the classes that codecs name; with `models`, without the enumerations."""
    named = {pair for prop in props for pair in classes(prop, models=models)}
    return [f"from {prefix}{module} import {name}" for module, name in sorted(named)]


def type_imports(props: Iterable[PropertyProtocol], prefix: str) -> list[str]:
    """Return the import statements of the types that annotations name."""
    found: set[str] = set()
    for prop in props:
        found |= prop.get_imports(prefix=prefix) | prop.get_lazy_imports(prefix=prefix)
    return sorted(found)


def default_imports(props: Iterable[PropertyProtocol], prefix: str) -> list[str]:
    """Return the import statements of what the defaults of arguments need when a module is imported."""
    found: set[str] = set()
    for prop in props:
        if prop.default is not None:
            found |= prop.get_imports(prefix=prefix)
    return sorted(found)


@dataclass(frozen=True)
class Argument:
    """One keyword argument of a call, and where it travels."""

    name: str
    wire: str
    declaration: str
    codec: str
    description: str
    prop: PropertyProtocol


def argument(
    prop: PropertyProtocol, parameter: Mapping[str, Any] | None = None, *, own_key: str = ""
) -> Argument:
    """Return a property as an argument.

    Args:
        prop: the property.
        parameter: what the document says of it, if it is a parameter.
        own_key: the name of the one that may be left out, since the client has it.
    """
    description = raw(prop.description)
    example = raw(prop.example)
    if example and not looks_secret(raw(prop.name)):
        description = f"{description} Example: {example}".strip()
    expression = codec(prop) if parameter is None else _written(codec(prop), prop, parameter)
    declaration = code(prop.to_string())
    if own_key and raw(prop.name) == own_key and prop.required and prop.default is None:
        declaration += " | Unset = UNSET"
        description = description or f"the parameter {own_key} of the document."
        description += " If it is left out, the client uses its own."
    return Argument(str(prop.python_name), raw(prop.name), declaration, expression, description, prop)


def _written(expression: str, prop: PropertyProtocol, parameter: Mapping[str, Any]) -> str:
    """Return a codec's expression within the one that writes the parameter, if that is not the usual way."""
    place, style, explode = parameter.get("in"), parameter.get("style"), parameter.get("explode") is True
    if parameter.get(WRITTEN) == "json":
        return f"_s.Json({expression})"
    if place == "path" and (style in ("label", "matrix") or _is_compound(prop)):
        found = f"{expression}, {str(style or 'simple')!r}, {raw(prop.name)!r}"
        return f"_s.InPath({found}, explode=True)" if explode else f"_s.InPath({found})"
    if place in ("header", "cookie") and _is_compound(prop):
        return f"_s.Simple({expression}, explode=True)" if explode else f"_s.Simple({expression})"
    return expression


def _is_compound(prop: PropertyProtocol) -> bool:
    """Whether a value may be an array or an object."""
    if isinstance(prop, UnionProperty):
        return any(_is_compound(inner) for inner in prop.inner_properties)
    return isinstance(prop, ListProperty | ModelProperty | AnyProperty)


@dataclass(frozen=True)
class BodyView:
    """A body that an operation takes."""

    form: str
    media_type: str
    codec: str
    type: str
    check: str
    required: bool
    encoding: Mapping[str, str]
    prop: PropertyProtocol


def _body(body: Body, encoding: Mapping[str, str]) -> BodyView:
    prop: Any = body.prop
    return BodyView(
        form=_BODY_FORMS[str(body.body_type)],
        media_type=raw(body.content_type),
        codec=codec(prop),
        type=code(prop.get_type_string(no_optional=True)),
        check=_check(prop),
        required=bool(prop.required),
        encoding=encoding,
        prop=prop,
    )


def _check(prop: PropertyProtocol) -> str:
    """Return what tells one kind of body from another when an operation takes several."""
    if isinstance(prop, (ModelProperty, EnumProperty)):
        return str(prop.class_info.name)
    return (
        "list" if isinstance(prop, ListProperty) else "File" if isinstance(prop, FileProperty) else "object"
    )


@dataclass(frozen=True)
class AnswerView:
    """A documented answer: the statuses it stands for (None for `default`), and its body."""

    low: int | None
    high: int | None
    form: str
    codec: str
    type: str
    description: str
    prop: PropertyProtocol

    @property
    def succeeds(self) -> bool:
        """Whether this is a success."""
        return self.low is not None and 200 <= self.low < 300

    @property
    def statuses(self) -> str:
        """The statuses as the document writes them."""
        if self.low is None:
            return "any other status"
        return str(self.low) if self.low == self.high else f"{self.low // 100}XX"


def _answer(response: Response) -> AnswerView:
    low, high = response.status_code.range or (None, None)
    form = _FORMS[response.source["attribute"]]
    return AnswerView(
        low=low,
        high=high,
        form=form,
        codec="_p.NULL" if form == "none" else codec(response.prop),
        type="None" if form == "none" else code(response.prop.get_type_string()),
        description=raw(getattr(response.data, "description", None)),
        prop=response.prop,
    )


@dataclass(frozen=True)
class EndpointView:
    """One operation.

    Templates ask for most of it many times, for each way to call; so what takes a while is kept.
    """

    name: str
    tag: str
    method: str
    path: str
    summary: str
    description: str
    source: str
    elsewhere: str
    arguments: Mapping[str, list[Argument]]
    bodies: list[BodyView]
    answers: list[AnswerView]

    @cached_property
    def all_arguments(self) -> list[Argument]:
        """Path arguments first, then the others."""
        return [one for place in ("path", "query", "header", "cookie") for one in self.arguments[place]]

    @cached_property
    def props(self) -> list[PropertyProtocol]:
        """Everything that annotations name."""
        return [
            *(one.prop for one in self.all_arguments),
            *(one.prop for one in self.bodies),
            *(one.prop for one in self.answers if one.form != "none"),
        ]

    @property
    def is_styled(self) -> bool:
        """Whether an argument is written in a way of its own."""
        return any("_s." in one.codec for one in self.all_arguments)

    @property
    def successes(self) -> list[AnswerView]:
        """The answers that a caller hopes for; `default` where the document has nothing else."""
        found = [one for one in self.answers if one.succeeds]
        return found or [one for one in self.answers if one.low is None]

    @cached_property
    def result(self) -> str:
        """The type of what a successful call gives."""
        return _union(one.type for one in self.successes) or "Any"

    @cached_property
    def documented(self) -> str:
        """The type of whatever the document knows as an answer."""
        return _union(one.type for one in self.answers) or "Any"

    @property
    def body_type(self) -> str:
        """The annotation of `body`."""
        joined = _union(one.type for one in self.bodies)
        return joined if all(one.required for one in self.bodies) else f"{joined} | Unset"

    @property
    def body_default(self) -> str:
        """The default of `body` in a signature."""
        return "" if all(one.required for one in self.bodies) else " = UNSET"

    @cached_property
    def errors(self) -> list[tuple[str, str]]:
        """The errors of documented statuses as (class, what the document says)."""
        return [
            (status_error(one.low).__name__, f"{one.statuses} {one.description}".strip())
            for one in self.answers
            if one.low is not None and not one.succeeds and one.low >= 300
        ]

    @cached_property
    def flat(self) -> list[Argument] | None:
        """The fields of a single object body as arguments of their own, or None where that cannot be.

        It cannot where a field and a parameter share a name, or where a body that may be left out has
        fields that may not.
        """
        if len(self.bodies) != 1:
            return None
        prop = self.bodies[0].prop
        if not isinstance(prop, ModelProperty):
            return None
        required, optional = prop.required_properties or [], prop.optional_properties or []
        fields = [argument(one) for one in (*required, *optional)]
        taken = {one.name for one in self.all_arguments}
        if not fields or any(one.name in taken for one in fields):
            return None
        return None if required and not self.bodies[0].required else fields

    @cached_property
    def per_call(self) -> dict[str, str]:
        """Return the arguments that every call has, by what they set; renamed beside one of that name."""
        taken = {one.name for one in (*self.all_arguments, *(self.flat or ()))} | {"body"}
        return {name: _free(name, taken) for name in ("timeout", "headers")}

    @property
    def flat_class(self) -> tuple[str, str]:
        """Module and class of the object body."""
        info = self.bodies[0].prop.class_info  # type: ignore[attr-defined]
        return info.module_name, info.name


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _union(types: Iterable[str]) -> str:
    parts: list[str] = []
    for one in types:
        if one not in parts:
            parts.append(one)
    return "Any" if "Any" in parts else " | ".join(parts)


def responses(one: Endpoint) -> list[Response]:
    """Return the answers of an endpoint, `default` at the end."""
    return [*one.responses.patterns, *([one.responses.default] if one.responses.default else [])]


def endpoint(
    one: Endpoint,
    found: Operation,
    encodings: Mapping[str, Mapping[str, str]],
    source: str,
    *,
    description: str,
    elsewhere: str = "",
    own_key: str = "",
) -> EndpointView:
    """Return an endpoint of the generator.

    Args:
        one: as the generator has it.
        found: as the document has it.
        encodings: how the fields of its body are written, by media type.
        source: where it is described.
        description: what the document says of it, as far as it is to be shown.
        elsewhere: where it is sent, if not where all others go.
        own_key: the query parameter that a client with an API key fills in itself, or "".
    """
    known = {(each.get("in"), each.get("name")): each for each in found.parameters}

    def placed(place: str, props: Iterable[PropertyProtocol], own_key: str = "") -> list[Argument]:
        return [
            argument(prop, known.get((place, raw(prop.name)), {"in": place}), own_key=own_key)
            for prop in props
        ]

    return EndpointView(
        name=str(one.name),
        tag=str(one.tags[0]),
        method=one.method,
        path=found.path,
        summary=raw(one.summary),
        description=description,
        source=source,
        elsewhere=elsewhere,
        arguments={
            "path": placed("path", one.path_parameters),
            "query": placed("query", one.query_parameters, own_key),
            "header": placed("header", one.header_parameters),
            "cookie": placed("cookie", one.cookie_parameters),
        },
        bodies=[_body(body, encodings.get(raw(body.content_type), {})) for body in one.bodies],
        answers=[_answer(response) for response in responses(one)],
    )


@dataclass(frozen=True)
class ResourceView:
    """A resource with its classes' names, its methods, and the resources within it."""

    name: str
    module: str
    title: str
    methods: list[tuple[str, EndpointView]]
    within: list["ResourceView"] = field(default_factory=list)

    @property
    def props(self) -> list[PropertyProtocol]:
        """Everything that the signatures of its methods name."""
        return [
            prop
            for _, one in self.methods
            for prop in (*one.props, *(argument.prop for argument in one.flat or ()))
        ]

    @property
    def default_props(self) -> list[PropertyProtocol]:
        """Everything that its methods' signatures have as a default."""
        return [
            argument.prop for _, one in self.methods for argument in (*one.all_arguments, *(one.flat or ()))
        ]

    def everything(self) -> Iterator["ResourceView"]:
        """Yield this resource and all within it."""
        yield self
        for inner in self.within:
            yield from inner.everything()


def resource(
    tree: Resource, endpoints: Mapping[tuple[str, str], EndpointView], taken: frozenset[str], way: str = ""
) -> ResourceView:
    """Return a resource of the tree; `taken` holds the names of classes that it must not have."""
    module = f"{way}__{tree.name}" if way else tree.name
    title = "".join(part.capitalize() for part in re.split(r"_+", module)) or "Root"
    while any(
        f"{before}{title}{after}" in taken for before in ("", "Async") for after in ("Resource", "Raw")
    ):
        title += "X"
    return ResourceView(
        name=tree.name,
        module=module,
        title=title,
        methods=[(name, endpoints[one.method, one.path]) for name, one in tree.methods.items()],
        within=[resource(inner, endpoints, taken, module) for inner in tree.within.values()],
    )
