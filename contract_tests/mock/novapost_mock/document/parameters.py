"""The parameters of an operation, as a document declares them."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

from novapost_mock.document.found import DIVIDED, Found, add_query
from novapost_mock.responses.media_type import parse_written
from novapost_mock.responses.parameters import IGNORED_HEADERS, Parameter
from novapost_mock.responses.routes import Template
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.parameter_values import Reader
from novapost_mock.schemas.pointers import listing, resolved, shown
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.violation import DocumentError

_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_KNOWN_STYLES = {
    "path": {"simple", "label", "matrix"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "cookie": {"form", "cookie"},
}


KnownParameters = dict[int, tuple[Mapping[str, Any], Callable[[], Parameter]]]
"""What compiles a parameter, by the identity of the parameter, which is kept beside it."""


def parameters_of(
    found: Found,
    document: Mapping[str, Any],
    schemas: SchemaSet,
    notes: Notes,
    known: KnownParameters,
) -> list[Callable[[], Parameter]]:
    """Take in the schemas of an operation's parameters.

    Args:
        found: the operation.
        document: its document.
        schemas: those of the document, for requests.
        notes: where remarks go.
        known: the parameters of other operations; one that several have is compiled once.

    Returns:
        For each parameter a function that compiles it, once all schemas are taken in.

    Raises:
        DocumentError: one of them cannot be understood.
    """
    listed: dict[tuple[str, str], tuple[Mapping[str, Any], str]] = {}
    for tree, place in ((found.item, found.place.rpartition("/")[0]), (found.tree, found.place)):
        for index, raw in enumerate(listing(tree.get("parameters"))):
            here = f"{place}/parameters/{index}"
            each = resolved(document, raw, here)
            where = each.get("in")
            if isinstance(where, str) and where != where.lower():
                # Only then a copy: others share a parameter by its identity.
                each = {**each, "in": where.lower()}
            if not all(isinstance(each.get(key), str) for key in ("name", "in")) or each["in"] not in _STYLES:
                raise DocumentError(
                    f"{here}: a parameter has a name and stands in path, query, header or cookie"
                )
            listed[each["name"], each["in"]] = each, here
    add_query(found, listed)
    order = tuple(_STYLES)
    chosen = sorted(listed.values(), key=lambda each: order.index(each[0]["in"]))
    path, *_ = DIVIDED.split(found.path, maxsplit=1)
    named = _names(Template("", path))
    result = []
    for each, here in chosen:
        if each["in"] == "header" and each["name"].lower() in IGNORED_HEADERS:
            continue  # a required Authorization is read as security
        if each["in"] == "path" and each["name"] not in named:
            notes.add(here, "the path has no such parameter")
            continue
        told = notes.told
        of_others = known.get(id(each))
        compile_it = functools.cache(_parameter(each, here, schemas)) if of_others is None else of_others[1]
        if told == notes.told:  # a remark is made at each operation
            known[id(each)] = each, compile_it
        result.append(compile_it)
    return result


# What Swagger 2.0 has in the parameter itself, and how it names the styles of a list.
_OWN = ("type", "format", "items", "enum", "default", "minimum", "maximum", "pattern", "maxLength")
_COLLECTIONS: Mapping[str, Mapping[str, Any]] = {
    "csv": {"explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}


def _parameter(tree: Mapping[str, Any], place: str, schemas: SchemaSet) -> Callable[[], Parameter]:
    content = tree.get("content")
    is_json = isinstance(content, Mapping) and bool(content)
    schema: Any = tree.get("schema", {name: tree[name] for name in _OWN if name in tree} or True)
    if isinstance(content, Mapping) and content:
        kind, media = next(iter(content.items()))
        read = parse_written(kind)
        is_json = read is not None and read.is_json
        schema = media.get("schema", True) if isinstance(media, Mapping) else True
    where = tree["in"]
    told = _COLLECTIONS.get(str(tree.get("collectionFormat")), {}) if where == "query" else {}
    style = tree.get("style", told.get("style", _STYLES[where]))
    if not isinstance(style, str) or style not in _KNOWN_STYLES[where]:
        raise DocumentError(f"{place}/style: {shown(style, 40)} is no style of a parameter in {where}")
    explode = tree.get("explode", told.get("explode", style in ("form", "deepObject")))
    node = schemas.node(schema, f"{place}/schema")
    return lambda: Parameter(
        name=tree["name"],
        where=where,
        required=tree.get("required") is True or where == "path",
        style=style,
        explode=bool(explode),
        is_json=is_json,
        may_be_empty=tree.get("allowEmptyValue") is True,
        shape=schemas.shape(node),
        reader=Reader(schemas, node),
    )


def _names(template: Template) -> set[str]:
    return {name for segment in template.segments for name in re.findall(r"\{([^{}]*)\}", segment)}
