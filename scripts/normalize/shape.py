"""Slips of form whose meaning is plain: put right before anything relies on the form, each with a note."""

import re
from collections.abc import Iterator
from typing import Any

from scripts.document.operations import METHODS
from scripts.document.tree import SHAPES, Tree, escape
from scripts.lib.errors import Refusal

_TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
# Names of types in other languages, and formats that people write as types.
_OTHERS: dict[str, str] = {
    **dict.fromkeys(("str", "text", "varchar", "char"), "string"),
    **dict.fromkeys(("int", "int32", "int64", "long", "short", "bigint"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "real", "numeric"), "number"),
    "bool": "boolean",
    "list": "array",
    "arr": "array",
    "dict": "object",
    "map": "object",
    "hash": "object",
    "json": "object",
    "date": "date",
    "date-time": "date-time",
    "datetime": "date-time",
    "uuid": "uuid",
    "timestamp": "date-time",
    "email": "email",
    "uri": "uri",
    "file": "binary",
    "binary": "binary",
    "any": "any",
    "mixed": "any",
}
# How Swagger 2.0 names the styles of a list.
_COLLECTIONS: dict[str, dict[str, Any]] = {
    "csv": {"explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}
_PLACES = frozenset(("path", "query", "header", "cookie"))


def empty_fields(tree: Tree) -> Iterator[Refusal]:
    """Drop a field without a value (`tags:` and nothing after it), as YAML is written."""
    for node in tree.nodes:
        data = ("default", "example", "const")
        for key, value in list(node.value.items()):
            if value is None and key not in data and node.kind not in ("components", "callback"):
                del node.value[key]
            elif key in ("properties", "schemas", "patternProperties") and isinstance(value, dict):
                for name, child in list(value.items()):
                    if child is None:
                        value[name] = {}
                        yield Refusal(
                            f"{node.pointer}/{key}/{escape(str(name))}", "says nothing; taken for any value"
                        )
    for key, value in list(tree.document.items()):
        if value is None:
            del tree.document[key]
    components = tree.document.get("components")
    if isinstance(components, dict):
        for section in [section for section, held in components.items() if held is None]:
            del components[section]


def listed_parts(tree: Tree) -> Iterator[Refusal]:
    """Mend a list of one (`Pet: [{$ref: …}]`) where one thing belongs, as a stray dash in YAML makes it."""
    for node in tree.nodes:
        if isinstance(node.value.get("$ref"), str):
            continue
        for field, (form, _) in SHAPES.get(node.kind, {}).items():
            held = node.value.get(field)
            if form == "one":
                yield from _taken_out(node.value, (field,), node.pointer)
            elif form == "map" and isinstance(held, dict):
                yield from _taken_out(held, tuple(held), f"{node.pointer}/{escape(field)}")


def _taken_out(home: dict[str, Any], keys: tuple[str, ...], pointer: str) -> Iterator[Refusal]:
    for key in keys:
        given = home.get(key)
        if isinstance(given, list) and len(given) == 1 and isinstance(given[0], dict):
            home[key] = given[0]
            yield Refusal(f"{pointer}/{escape(str(key))}", "a list of one; taken for the one that it holds")


def truths(tree: Tree) -> Iterator[Refusal]:
    """Write a schema that is true as one without keywords, and drop a property that is false."""
    for node in tree.nodes:
        if node.kind in ("media type", "parameter", "header") and node.value.get("schema") is True:
            node.value["schema"] = {}
        if node.kind != "schema":
            continue
        if node.value.get("items") is True:
            node.value["items"] = {}
        properties = node.value.get("properties")
        if not isinstance(properties, dict):
            continue
        for name, value in list(properties.items()):
            if value is True:
                properties[name] = {}
            elif value is False:
                del properties[name]
                yield Refusal(f"{node.pointer}/properties/{escape(name)}", "no value fits it; left out")


def server_addresses(tree: Tree) -> Iterator[Refusal]:
    """Drop query and fragment of the address of a server; paths are appended to what is before them."""
    for kind in ("document", "path item", "operation"):
        for node in tree.of_kind(kind):
            servers = node.value.get("servers")
            for number, server in enumerate(servers if isinstance(servers, list) else ()):
                url = server.get("url") if isinstance(server, dict) else None
                if isinstance(url, str) and (found := re.search(r"[?#]", url)):
                    server["url"] = url[: found.start()]
                    yield Refusal(
                        f"{node.pointer}/servers/{number}/url",
                        "no path can follow a query or a fragment; left out, give it with the call if it is"
                        " needed",
                    )


def required_parts(tree: Tree) -> Iterator[Refusal]:
    """Add what OpenAPI asks for and no client needs: a title, a version, a description of an answer."""
    document = tree.document
    if not isinstance(document.get("info"), dict):
        document["info"] = {}
        yield Refusal("#/info", "is missing; the client is called after its folder alone")
    for key, otherwise in (("title", "An API"), ("version", "0")):
        value = document["info"].get(key)
        if not isinstance(value, str):
            document["info"][key] = otherwise if value is None else str(value)
    if "paths" not in document:
        document["paths"] = {}
    for node in tree.of_kind("response"):
        if not isinstance(node.value.get("description"), str):
            node.value["description"] = ""


def types(tree: Tree) -> Iterator[Refusal]:
    """Mend a type that is spelled otherwise: `string,`, `Integer`, `bool`, `date`."""
    for node in tree.of_kind("schema"):
        items = node.value.get("items")
        if isinstance(items, str) and items in _TYPES:
            node.value["items"] = {"type": items}
            yield Refusal(f"{node.pointer}/items", f"{items!r} is the name of a type; read as its schema")
        given = node.value.get("type")
        listed = given if isinstance(given, list) else [given]
        if given is None or all(one in _TYPES for one in listed):
            if isinstance(given, list):
                kept = list(dict.fromkeys(listed))
                node.value["type"] = kept[0] if len(kept) == 1 and kept != ["null"] else kept
            continue
        meant = [_meant(one) if isinstance(one, str) else None for one in listed]
        told = [one for one in meant if one is not None]
        if len(told) < len(meant):
            continue
        del node.value["type"]
        formats = [one for one in told if one not in _TYPES and one != "any"]
        names = list(dict.fromkeys("string" if one in formats else one for one in told))
        if "any" not in names:
            node.value["type"] = names if len(names) > 1 else names[0]
            for one in formats[:1]:
                node.value.setdefault("format", one)
        shown = node.value.get("type", "any value")
        yield Refusal(f"{node.pointer}/type", f"{given!r} is no type; read as {shown!r}")


def _meant(text: str) -> str | None:
    """Return the type, the format or `any` that a name means; None if that cannot be told."""
    bare = re.sub(r"[^a-z0-9-]", "", text.lower())
    return bare if bare in _TYPES else _OTHERS.get(bare)


def flags(tree: Tree) -> Iterator[Refusal]:
    """Let an object require a property that has `required: true`, as other languages write it."""
    for node in tree.of_kind("schema"):
        given = node.value.get("required")
        if isinstance(given, bool | str):
            del node.value["required"]
            owner = node.parent
            inside = owner is not None and node.pointer == f"{owner.pointer}/properties/{escape(node.name)}"
            if given in (True, "true") and owner is not None and owner.kind == "schema" and inside:
                needed = owner.value.setdefault("required", [])
                if isinstance(needed, list) and node.name not in needed:
                    needed.append(node.name)
                yield Refusal(f"{node.pointer}/required", f"the object requires {node.name!r}")
            else:
                yield Refusal(f"{node.pointer}/required", "is no list of names; left out")
        elif isinstance(given, list):
            node.value["required"] = list(dict.fromkeys(one for one in given if isinstance(one, str)))
        if node.value.pop("x-nullable", None) is True and tree.document.get("openapi", "").startswith("3.0"):
            node.value.setdefault("nullable", True)


def keyword_forms(tree: Tree) -> Iterator[Refusal]:
    """Schemas that are `true` or `false`, empty lists, and values that the generator cannot hold."""
    for node in tree.of_kind("schema"):
        for key in ("items", "unevaluatedItems", "contentSchema", "contains"):
            if isinstance(node.value.get(key), bool):
                if key == "items":
                    node.value["items"] = {}
                else:
                    del node.value[key]
        held = node.value.get("patternProperties")
        if isinstance(held, dict):
            for name, child in list(held.items()):
                if child is True:
                    held[name] = {}
                elif child is False:
                    del held[name]
                    yield Refusal(
                        f"{node.pointer}/patternProperties/{escape(name)}", "must not be there; left out"
                    )
        for key in ("allOf", "anyOf", "oneOf"):
            parts = node.value.get(key)
            if isinstance(parts, list):
                node.value[key] = [{} if part is True else part for part in parts if part is not False]
        if isinstance(node.value.get("items"), list):
            # JSON Schema before 2020-12 wrote tuples so.
            node.value["prefixItems"] = node.value.pop("items")
        for key in ("allOf", "anyOf", "oneOf", "type"):
            if node.value.get(key) == []:
                del node.value[key]
                yield Refusal(f"{node.pointer}/{key}", "an empty list, which says nothing; left out")
        values = node.value.get("enum")
        if values == []:
            del node.value["enum"]
            yield Refusal(f"{node.pointer}/enum", "lists nothing; left out")
        if "const" in node.value and isinstance(node.value["const"], list | dict):
            value = node.value.pop("const")
            node.value.setdefault("type", "array" if isinstance(value, list) else "object")
            yield Refusal(f"{node.pointer}/const", "the client takes any value of its type")
        if node.value.get("default", 0) is None:
            del node.value["default"]
        for key in ("deprecated", "readOnly", "writeOnly", "nullable"):
            if isinstance(node.value.get(key), str):
                node.value[key] = node.value[key].lower() == "true"


def parameter_forms(tree: Tree) -> Iterator[Refusal]:
    """Parameters as Swagger 2.0 wrote them, or without any schema: what they say becomes their schema."""
    own = ("type", "format", "items", "enum", "default", "minimum", "maximum", "pattern", "maxLength")
    for node in tree.of_kind("parameter"):
        value = node.value
        if isinstance(value.get("in"), str) and value["in"] not in _PLACES and value["in"].lower() in _PLACES:
            value["in"] = value["in"].lower()
        if "schema" in value or "content" in value:
            continue
        value["schema"] = {key: value.pop(key) for key in own if key in value} or {"type": "string"}
        if value.get("in") == "query":
            for key, told in _COLLECTIONS.get(str(value.pop("collectionFormat", None)), {}).items():
                value.setdefault(key, told)
        if value["schema"] == {"type": "string"}:
            yield Refusal(node.pointer, "says nothing of its value; taken for text")
        else:
            yield Refusal(node.pointer, "its schema stands in the parameter itself, as in Swagger 2.0")
    for node in tree.of_kind("response"):
        if isinstance(node.value.get("schema"), dict) and "content" not in node.value:
            node.value["content"] = {"application/json": {"schema": node.value.pop("schema")}}
            yield Refusal(node.pointer, "its schema stands in the answer itself, as in Swagger 2.0")


def method_names(tree: Tree) -> Iterator[Refusal]:
    """Write a method in small letters."""
    for node in tree.of_kind("path item"):
        for key in list(node.value):
            small = key.lower()
            if key != small and small in METHODS and small not in node.value:
                items = [(small if name == key else name, value) for name, value in node.value.items()]
                node.value.clear()
                node.value.update(items)
                yield Refusal(f"{node.pointer}/{escape(key)}", f"a method is written {small!r}; read so")


def statuses(tree: Tree) -> Iterator[Refusal]:
    """Mend a status in another spelling: `2xx`, `200 OK`, `Default`."""
    for node in tree.of_kind("operation"):
        answers = node.value.get("responses")
        if not isinstance(answers, dict):
            continue
        renamed = {key: _status(key.strip()) for key in answers}
        if any(key != name for key, name in renamed.items()):
            held = dict(answers)
            answers.clear()
            for key, value in held.items():
                name = renamed[key]
                is_kept = name not in answers and (name == key or name not in held)
                if is_kept:
                    answers[name] = value
                if name != key:
                    told = f"read as {name}" if is_kept else f"{name} is described already; left out"
                    yield Refusal(f"{node.pointer}/responses/{escape(key)}", told)


def _status(key: str) -> str:
    if key.lower() == "default":
        return "default"
    if re.fullmatch(r"[1-5][xX]{2}", key):
        return key.upper()
    match = re.fullmatch(r"([1-5][0-9]{2})\s+\D.*", key)
    return match[1] if match else key


def texts(tree: Tree) -> Iterator[Refusal]:
    """Make a text of a number or a truth where a text for people belongs: `summary: 5`."""
    for node in tree.nodes:
        for key in ("summary", "description", "title", "operationId"):
            value = node.value.get(key)
            if value is None or isinstance(value, str | dict) or node.kind in ("components", "callback"):
                continue
            if isinstance(value, list):
                del node.value[key]
                yield Refusal(f"{node.pointer}/{key}", "is no text; left out")
            else:
                node.value[key] = str(value)
        for key in ("deprecated", "required", "nullable", "explode"):
            if isinstance(node.value.get(key), str) and node.kind in ("operation", "parameter", "header"):
                node.value[key] = node.value[key].lower() == "true"
        for key in _COUNTS & node.value.keys() if node.kind == "schema" else ():
            value = node.value[key]
            if isinstance(value, str):
                number = re.fullmatch(r"-?[0-9]{1,15}", value)
                del node.value[key]
                if number:
                    node.value[key] = int(value)
                yield Refusal(
                    f"{node.pointer}/{key}",
                    f"{value!r} is no number; {'read as one' if number else 'left out'}",
                )


_COUNTS = frozenset(
    (
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
        *("minimum", "maximum", "multipleOf"),
    )
)
