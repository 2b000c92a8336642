"""Render a package: the generator's parser, our templates, and the names that neither of them knows.

The generator's own command renders templates with nothing but its parsed endpoints: no extensions, no
security, no servers, no further files. So the same parser and renderer (of the one version that is pinned)
are driven from here, and the templates are given the rest.
"""

import contextlib
import copy
import io
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import ClassOverride, Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import GeneratorData
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol, Value
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonCode, PythonIdentifier, remove_string_escapes, snake_case
from pydantic import ValidationError

from scripts.document.media_types import kind
from scripts.document.operations import Operation, operations, resolved
from scripts.document.transliteration import plain_letters
from scripts.generator import class_names, module_cache, naming, tables, views
from scripts.generator.collisions import tell_apart
from scripts.generator.docstrings import literal, tidy, wrapped
from scripts.generator.python_names import LONGEST, operation_name
from scripts.generator.renaming import spell
from scripts.generator.runtime_copy import error_names
from scripts.lib.errors import Refusal, Refusals
from scripts.runtime.core import BaseClient
from scripts.runtime.models import Model
from scripts.runtime.redaction import looks_secret

# Names that generated modules use for themselves; a schema of such a name gets "Model" appended.
_TAKEN_CLASSES = (
    "Any",
    "AsyncResources",
    "BinaryIO",
    "BytesIO",
    "CallHeaders",
    "CallTimeout",
    "Client",
    "File",
    "FileTypes",
    "Generator",
    "Hidden",
    "Literal",
    "Mapping",
    "Model",
    "Options",
    "Response",
    "Self",
    "TextIO",
    "TYPE_CHECKING",
    "TypeVar",
    "UNSET",
    "UUID",
    "Unpack",
    "Unset",
)
# Names that the code around a method needs: a method `property` would end all properties after it.
_SHADOWING = frozenset(
    (
        *("bool", "bytes", "dict", "float", "int", "object", "set", "str", "tuple", "type"),
        *("None", "Any", "builtins", "classmethod", "datetime", "property"),
    )
)
_BINARY = {"type": "string", "format": "binary"}


def render(
    document: dict[str, Any], settings: dict[str, Any], templates: Path, output: Path, page: str = ""
) -> None:
    """Write the package of `document` into the new folder `output`.

    Args:
        document: as the preflight has let it pass.
        settings: those of the generator.
        templates: the folder of those that take precedence over the generator's own.
        output: the package; its name is that of the settings if they have one.
        page: the address of the page that describes the document.

    Raises:
        Refusal: two operations share a name, or the document marks something that is not there.
        Refusals: the generator leaves something out, or writes one thing over another.
    """
    config = _config(settings, output)
    prepared = copy.deepcopy(document)
    accepts = _prepare(prepared, config)
    apart = tell_apart(prepared)
    wires = {plain: apart.get(wire, wire) for plain, wire in (apart | spell(prepared)).items()}
    with module_cache.shared(), class_names.unique():
        data = GeneratorData.from_dict(prepared, config=config)
    if isinstance(data, GeneratorError):
        raise Refusals(_complaints([data]))
    _refuse([*_complaints([*_operation_errors(data), *data.errors]), *_collisions(data)])
    for prop in _properties(data):
        if (wire := wires.get(views.raw(prop.name))) is not None:
            object.__setattr__(prop, "name", UntrustedString(wire))
    _rename(data)
    _mend_texts(data)
    project = Project(openapi=data, config=config, custom_template_path=templates)
    known = _endpoints(document, data, config, page)
    tree = _resources(document, data, config, known)
    project.env.filters.update(
        prose=lambda text, indent: literal(wrapped(tidy(views.raw(text)), indent)),
        in_class=views.in_class,
        literal=lambda encoding: repr(dict(encoding)),
    )
    password = tables.password_names(document)
    project.env.globals.update(
        endpoints={id(key): view for key, view in known.items()},
        view=lambda one: known[str(one.name)],
        resources=tree.within,
        environments=_environments(document),
        prefix=tables.prefix(project.package_name),
        errors=error_names(),
        codec=views.codec,
        argument=views.argument,
        class_imports=views.class_imports,
        type_imports=views.type_imports,
        default_imports=views.default_imports,
        raw=views.raw,
        secret=lambda name: looks_secret(name) or name in password,
        page=page,
    )
    with contextlib.redirect_stdout(io.StringIO()):
        _refuse(_complaints(project.build()))
    _write_rest(project, document, tree, accepts, config)


def _refuse(found: Sequence[Refusal]) -> None:
    if found:
        raise Refusals(found)


def _config(settings: dict[str, Any], output: Path) -> Config:
    if unknown := sorted(map(str, settings.keys() - ConfigFile.model_fields)):
        raise Refusal("the settings", f"openapi-python-client has no setting {', '.join(unknown)}")
    try:
        file = ConfigFile(**settings)
    except ValidationError as error:
        raise Refusals(
            Refusal(f"the settings: {'.'.join(map(str, fault['loc']))}", fault["msg"])
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        ) from None
    config = Config.from_sources(
        file.model_copy(update={"post_hooks": []}),
        MetaType.NONE,
        document_source=Path("document"),
        file_encoding="utf-8",
        overwrite=False,
        output_path=output,
    )
    for name in _TAKEN_CLASSES:
        module = f"{name.lower()}_{'constant_' if name.isupper() else ''}model"
        names = {"class_name": f"{name}Model", "module_name": module}
        override = ClassOverride.model_validate(names)
        config.class_overrides.setdefault(name, override)
    return config


def _prepare(document: dict[str, Any], config: Config) -> dict[str, str]:
    """Make a copy of the document one that the generator takes whole; gives each operation's Accept.

    It knows JSON, text and octet streams. Any other media type of an answer or a body is bytes to a
    client, and where an answer comes in several, JSON is asked for.
    """
    accepts: dict[str, str] = {}
    # Several operations may refer to one answer, which is prepared once.
    shared: dict[int, list[str]] = {}
    for found in operations(document):
        wanted: list[str] = []
        responses = found.value.get("responses")
        for status, reference in (responses if isinstance(responses, dict) else {}).items():
            response = resolved(document, reference)
            if (
                isinstance(response, dict)
                and isinstance(response.get("content"), dict)
                and response["content"]
            ):
                content = response["content"]
                chosen = shared.get(id(content)) or shared.setdefault(id(content), _choose(content))
                success = str(status).startswith("2") or status == "default"
                wanted = [*chosen, *wanted] if success else [*wanted, *chosen]
        body = resolved(document, found.value.get("requestBody"))
        if isinstance(body, dict) and isinstance(body.get("content"), dict):
            _prepare_bodies(body["content"], config)
        accepts[_name(found)] = ", ".join(dict.fromkeys(wanted)) or "*/*"
    return accepts


# What the generator takes an answer for. Under its own name it could be the media type of a body as well, for
# which the generator is told something else.
_ANSWERS = {"json": "application/json", "bytes": "application/octet-stream", "text": "text/answer"}


def _choose(content: dict[str, Any]) -> list[str]:
    """Leave one media type in an answer, and give all that it stands for: files and texts come in any."""
    names = list(content)
    chosen = min(names, key=lambda name: kind(name) != "json")
    media = content[chosen] if isinstance(content[chosen], dict) else {}
    form = kind(chosen)
    if form in ("form", "multipart") or (len({kind(name) for name in names}) > 1 and form != "json"):
        form = "bytes"
    if form == "bytes":
        media = {"schema": dict(_BINARY)}
    elif form == "text":
        media = {"schema": {"type": "string"}}
    elif "schema" not in media:
        media = {"schema": {}}
    content.clear()
    content[_ANSWERS[form]] = media
    return names


def _prepare_bodies(content: dict[str, Any], config: Config) -> None:
    for name, media in content.items():
        if kind(name) in ("bytes", "text"):
            config.content_type_overrides[name] = "application/octet-stream"
            media["schema"] = dict(_BINARY)
        elif kind(name) == "json":
            config.content_type_overrides[name] = "application/json"


def _mend_texts(data: GeneratorData) -> None:
    """Write texts of the document as they are; the generator doubles their backslashes and quotes."""
    for prop in _properties(data):
        name = "value" if isinstance(prop, ConstProperty) else "default"
        value = getattr(prop, name)
        if value is None:
            continue
        text = views.raw(value.raw_value) if isinstance(value.raw_value, str | UntrustedString) else None
        if text is not None and views.code(value.python_code) == repr(remove_string_escapes(text)):
            object.__setattr__(prop, name, Value(python_code=PythonCode(repr(text)), raw_value=text))


def _properties(data: GeneratorData) -> Iterator[PropertyProtocol]:
    """All properties that the generator knows, those within others included."""
    waiting: list[PropertyProtocol] = []
    for model in data.models:
        waiting += [*(model.required_properties or ()), *(model.optional_properties or ())]
        waiting += [model.additional_properties] if model.additional_properties else []
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            waiting += [prop for _, prop in endpoint.iter_all_parameters()]
            waiting += [body.prop for body in endpoint.bodies]
            waiting += [answer.prop for answer in views.responses(endpoint)]
    while waiting:
        prop = waiting.pop()
        yield prop
        if isinstance(prop, UnionProperty):
            waiting += prop.inner_properties
        elif isinstance(prop, ListProperty):
            waiting.append(prop.inner_property)


def _rename(data: GeneratorData) -> None:
    """Move fields and parameters out of the way of names that our classes and functions need."""
    own = {name for name in dir(Model) if not name.startswith("_")} | {"additional_properties"}
    for model in data.models:
        for prop in (*(model.required_properties or ()), *(model.optional_properties or ())):
            if prop.python_name in own:
                object.__setattr__(prop, "python_name", str.__new__(PythonIdentifier, f"{prop.python_name}_"))
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            for location, prop in endpoint.iter_all_parameters():
                if prop.python_name == "body":
                    name = str.__new__(PythonIdentifier, f"body_{location}")
                    object.__setattr__(prop, "python_name", name)


def _name(found: Operation) -> str:
    return operation_name(found.value.get("operationId"), found.method, found.path)


def _operation_errors(data: GeneratorData) -> Iterator[GeneratorError]:
    for collection in data.endpoint_collections_by_tag.values():
        yield from collection.parse_errors


def _complaints(errors: Iterable[GeneratorError]) -> list[Refusal]:
    # Under `header` the generator names the operation or the schema, if it knows.
    texts = (_without_objects(f"{error.header} {error.detail or ''}") for error in errors)
    return [Refusal("the generator", f"leaves something out: {text}") for text in dict.fromkeys(texts)]


def _without_objects(text: str) -> str:
    # Where the generator prints an object of its own, there is nothing to read but its address.
    return " ".join(re.sub(r"<openapi_python_client\.[^<>]*>", "(a part of it)", text).split())


def _collisions(data: GeneratorData) -> Iterator[Refusal]:
    """Yield what would be written to one file twice: by the names that the generator itself has given.

    The preflight knows the names in the document; those of schemas within schemas are the generator's.
    """
    homes: dict[str, str] = {}
    for one in (*data.models, *data.enums):
        name, module = str(one.class_info.name), str(one.class_info.module_name)
        if module in homes or module == "__init__":
            yield Refusal(
                f"class {name}", f"becomes the module {module!r}, as {homes.get(module, 'another')} does"
            )
        elif not name.isascii() or len(module) > LONGEST:
            yield Refusal(
                f"class {name}", f"is not of at most {LONGEST} plain letters and digits; give it a title"
            )
        homes.setdefault(module, name)


def _endpoints(
    document: Mapping[str, Any], data: GeneratorData, config: Config, page: str
) -> dict[str, views.EndpointView]:
    parsed = {
        str(endpoint.name): endpoint
        for collection in data.endpoint_collections_by_tag.values()
        for endpoint in collection.endpoints
    }
    known: dict[str, views.EndpointView] = {}
    names = {(found.method, found.path): _name(found) for found in operations(document)}
    token = tables.token_source(document, tables.names_by_id(document, names))
    for found in operations(document):
        name = _name(found)
        more = found.value.get("externalDocs")
        source = more.get("url") if isinstance(more, dict) and isinstance(more.get("url"), str) else page
        body = resolved(document, found.value.get("requestBody"))
        content = body.get("content") if isinstance(body, dict) else None
        encodings = {
            media_type: tables.encoding(media_type, media)
            for media_type, media in (content if isinstance(content, dict) else {}).items()
            if isinstance(media, dict)
        }
        end = found.value.get("x-description-end")
        description = views.raw(parsed[name].description)
        known[name] = views.endpoint(
            parsed[name],
            found,
            encodings,
            str(source or ""),
            description=description if end is None else _until(description, end, found.label),
            elsewhere=_elsewhere(document, found),
            own_key=token["parameter"] if token is not None and token["operation"] == name else "",
        )
    return known


def _elsewhere(document: Mapping[str, Any], found: Operation) -> str:
    """Return what a docstring says of an operation that has servers of its own."""
    places = [
        f"{server.address} ({server.name})" if server.name else server.address
        for server in tables.own_servers(document, found)
    ]
    if not places:
        return ""
    return (
        f"Sent to {' or '.join(places)} by a client that has an address of the document; a client with"
        " another `base_url` sends it there."
    )


def _until(description: str, end: object, place: str) -> str:
    """Return a description up to the text that `x-description-end` names: what follows is about the page."""
    if not isinstance(end, str) or not end:
        raise Refusal(place, "x-description-end must be a text of the description")
    before, found, _ = description.partition(end)
    if not found:
        raise Refusal(place, "x-description-end: the description has no such text")
    return before.rstrip()


def python_name(text: str) -> str:
    """Return a Python name of a path segment or of the name of a parameter."""
    name = snake_case(plain_letters(text)) or "root"
    if not name.isidentifier():
        name = f"n{name}" if f"n{name}".isidentifier() else "unnamed"
    return f"{name}_" if keyword.iskeyword(name) or name in _SHADOWING else name


def _resources(
    document: Mapping[str, Any],
    data: GeneratorData,
    config: Config,
    known: Mapping[str, views.EndpointView],
) -> views.ResourceView:
    asked: list[naming.Asked] = []
    paths = {found.path for found in operations(document)}
    for found in operations(document):
        wish = found.value.get("x-client-name")
        if wish is not None and not isinstance(wish, str):
            raise Refusal(found.label, "x-client-name must be resource.method")
        has_items = any(p.startswith(found.path.rstrip("/") + "/{") for p in paths)
        asked.append(
            naming.Asked(
                found.method,
                found.path,
                _name(found),
                single=not has_items and _single(known[_name(found)]),
                wish=wish,
            )
        )
    own = {name for name in dir(BaseClient) if not name.startswith("_")} | {"aio"}
    environments = {one.name for one in _environments(document)}
    if own & environments:
        raise Refusal(
            "/servers", f"the environment {min(own & environments)} has the name of a client's method"
        )
    tree = naming.resources(asked, python_name, frozenset(own | environments))
    classes = {str(model.class_info.name) for model in data.models} | {
        str(e.class_info.name) for e in data.enums
    }
    by_place = {(view.method, view.path): view for view in known.values()}
    return views.resource(tree, by_place, frozenset(classes))


def _single(view: views.EndpointView) -> bool:
    """Whether an operation answers one object that holds no array."""
    for answer in view.successes:
        if not isinstance(answer.prop, ModelProperty):
            return False
        fields = (*(answer.prop.required_properties or ()), *(answer.prop.optional_properties or ()))
        if any("_p.Array(" in views.codec(prop) for prop in fields):
            return False
    return bool(view.successes)


def _environments(document: Mapping[str, Any]) -> list[tables.Environment]:
    """Return the environments that a client can be made for: the first server of each name."""
    named: dict[str, tables.Environment] = {}
    for one in tables.environments(document):
        if one.name:
            named.setdefault(one.name, one)
    return list(named.values())


def _write_rest(
    project: Project,
    document: Mapping[str, Any],
    tree: views.ResourceView,
    accepts: Mapping[str, str],
    config: Config,
) -> None:
    """Write the files that the generator has no place for: the resources and the table."""
    folder = project.package_dir / "resources"
    folder.mkdir()
    template = project.env.get_template("resource.py.jinja")
    (folder / "__init__.py").write_text(
        '"""The operations as methods, one module for each resource."""\n', encoding="utf-8", newline="\n"
    )
    for top in tree.within:
        for view in top.everything():
            text = template.render(resource=view)
            (folder / f"{view.module}.py").write_text(text, encoding="utf-8", newline="\n")
    names = {(found.method, found.path): _name(found) for found in operations(document)}
    table = tables.write(document, project.package_name, str(views.raw(project.version)), names, accepts)
    (project.package_dir / "_table.py").write_text(table, encoding="utf-8", newline="\n")
