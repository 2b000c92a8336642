"""Paths as the suite asks for them: a query in a path is a parameter, a fragment is not sent.

What cannot be asked for by its path is left out, each with a line that says so.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from scripts.document import version_3_2
from scripts.document.operations import resolved
from scripts.document.tree import Tree
from scripts.generator.tables import wire_path

_DIVIDED = re.compile(r"[?#]")
_OPEN = re.compile(r"\{([^{}]+)\}")
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def with_asked_paths(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a document whose paths hold neither query nor fragment, and a line for each that was left out.

    A path is put behind the address of a server (OpenAPI, Paths Object), so one without a slash gives no
    address. Of two operations at one place the later one is left out.
    """
    paths = document.get("paths")
    named = paths if isinstance(paths, dict) else {}
    if all(path.startswith("/") and wire_path(path) == path and not _DIVIDED.search(path) for path in named):
        return document, ()
    kept: dict[str, Any] = {}
    lines = []
    # Plain paths first: what a query tells apart is the one that gives way.
    for path, item in sorted(named.items(), key=lambda each: bool(_DIVIDED.search(each[0]))):
        place = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}"
        if path.startswith("x-"):
            continue  # an extension
        if not path.startswith("/"):
            lines.append(f"{place} does not begin with a slash, and is not asked for")
        else:
            bare, item = _divided(document, path, item)
            there = kept.get(bare)
            if there is None:
                kept[bare] = item
            elif _METHODS & item.keys() & there.keys() or "$ref" in item or "$ref" in there:
                lines.append(f"{place} is at the place of {bare}, and is not asked for")
            else:
                shared = {"parameters", "servers"} & (item.keys() | there.keys())
                parts = [_lent(document, each, shared) for each in (there, item)]
                kept[bare] = parts[0] | parts[1]
    return {**document, "paths": kept}, tuple(lines)


def _divided(document: dict[str, Any], path: str, item: Any) -> tuple[str, Any]:
    """Return a path without query and fragment, and its item with the query as parameters."""
    bare, _, query = path.partition("#")[0].partition("?")
    pairs = [each.partition("=")[::2] for each in query.split("&") if each]
    if not pairs or not isinstance(item, Mapping):
        return wire_path(bare), item
    changed = dict(item)
    for method in _METHODS & item.keys():
        operation = item[method]
        if isinstance(operation, Mapping):
            listed = _with_query(_parameters(document, item, operation), pairs)
            changed[method] = {**operation, "parameters": listed}
    return wire_path(bare), {name: value for name, value in changed.items() if name != "parameters"}


def _parameters(
    document: dict[str, Any], item: Mapping[str, Any], operation: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """Return the parameters of an operation, those of its own instead of those that its path lends it."""
    found: dict[tuple[Any, Any], Mapping[str, Any]] = {}
    for each in (*(item.get("parameters") or ()), *(operation.get("parameters") or ())):
        parameter = resolved(document, each)
        if isinstance(parameter, Mapping):
            found[parameter.get("in"), parameter.get("name")] = parameter
    return list(found.values())


def _with_query(listed: list[Mapping[str, Any]], pairs: list[tuple[str, str]]) -> list[Any]:
    found: list[Mapping[str, Any]] = list(listed)
    for name, text in pairs:
        open_ = _OPEN.fullmatch(text)
        if open_ is None:
            only = {"type": "string", "enum": [unquote_plus(text)]}
            found.append({"name": unquote_plus(name), "in": "query", "required": True, "schema": only})
            continue
        for position, each in enumerate(found):
            if (each.get("in"), each.get("name")) == ("path", open_[1]):
                found[position] = {**each, "in": "query", "name": unquote_plus(name), "style": "form"}
    return found


def _lent(document: dict[str, Any], item: Mapping[str, Any], shared: set[str]) -> dict[str, Any]:
    """Return a path item whose operations have what it lends them as their own."""
    result = {name: value for name, value in item.items() if name not in shared}
    for method in _METHODS & result.keys():
        operation = dict(result[method])
        operation["parameters"] = _parameters(document, item, operation)
        if item.get("servers"):
            operation.setdefault("servers", item["servers"])
        result[method] = operation
    return result


def in_words_of_3_1(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a document of OpenAPI 3.2 as one of 3.1, and a line for each operation of another method."""
    result = copy.deepcopy(document)
    for rule in (version_3_2.media_types, version_3_2.version):
        list(rule(Tree(result)))  # what it notes is about the client
    paths = result.get("paths")
    lines = []
    for path, item in list(paths.items()) if isinstance(paths, dict) else ():
        operations = [item[method] for method in _METHODS & item.keys()] if isinstance(item, dict) else []
        if any(isinstance(each, dict) and "x-http-method" in each for each in operations):
            del result["paths"][path]
            lines.append(f"{path.replace('#', ' has the method ')}, which is not asked for")
    return result, tuple(lines)


def with_plain_names(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document for a reader that fills paths by `str.format`, which takes `{user.id}` apart."""
    paths = document["paths"]
    odd = [path for path in paths if not all(map(_PLAIN.fullmatch, _OPEN.findall(path)))]
    if not odd:
        return document
    return {**document, "paths": {_plain(path): _renamed(document, paths[path]) for path in paths}}


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def _plain(path: str) -> str:
    return _OPEN.sub(lambda match: f"{{{_word(match[1])}}}", path)


def _word(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else "_" + re.sub(r"\W", "_", name)


def _renamed(document: dict[str, Any], item: Any) -> Any:
    item = resolved(document, item)
    if not isinstance(item, Mapping):
        return item
    result = dict(item)
    if isinstance(item.get("parameters"), list):
        named = (resolved(document, each) for each in item["parameters"])
        result["parameters"] = [
            {**each, "name": _word(each["name"])}
            if isinstance(each, Mapping) and each.get("in") == "path" and isinstance(each.get("name"), str)
            else each
            for each in named
        ]
    return result | {method: _renamed(document, item[method]) for method in _METHODS & item.keys()}
