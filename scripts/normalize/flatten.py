"""An allOf as the one object, or the one choice of objects, that it describes.

The generator joins the parts of a plain allOf itself. Where it would drop or widen something (a part that may
be null, that is an allOf or a choice, that says of what further properties are, that narrows a property of
another part), the parts are joined here.
"""

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any

from scripts.document import schema_types
from scripts.document.tree import Node, Tree
from scripts.lib.errors import Refusal

_CHOICES = ("oneOf", "anyOf")
_OBJECT = ("properties", "required", "additionalProperties")
_PROSE = ("title", "description", "example", "examples", "deprecated", "externalDocs", "default")
# More alternatives than this are no choice that a caller could make sense of.
_MOST = 64


def choices(tree: Tree) -> Iterator[Refusal]:
    """Put what stands beside a choice into each alternative."""
    for node in tree.of_kind("schema"):
        for key in _CHOICES:
            _drop_idle(tree, node, key)
        kinds = [key for key in _CHOICES if node.value.get(key)]
        beside = [key for key in (*_OBJECT, "allOf") if key in node.value]
        if len(kinds) == 1 and not beside:
            yield from _typed(tree, node, kinds[0])
        elif kinds and (len(kinds) > 1 or beside):
            yield from _distributed(tree, node, kinds)


def _drop_idle(tree: Tree, node: Node, key: str) -> None:
    """Leave out alternatives that only say which properties are required: the server judges that."""
    parts = node.value.get(key)
    if not isinstance(parts, list) or not parts:
        return
    idle = [isinstance(part, dict) and not (part.keys() - {"required", "type", *_PROSE}) for part in parts]
    if all(idle) and any("required" in part or "type" not in part for part in parts):
        about = ("type", "properties", "allOf", "enum", "items", "additionalProperties")
        if any(word in node.value for word in about) or not any("type" in part for part in parts):
            del node.value[key]
            if not any(word in node.value for word in about) and any("required" in part for part in parts):
                node.value["type"] = "object"


def _typed(tree: Tree, node: Node, key: str) -> Iterator[Refusal]:
    """Alternatives that leave their type to the schema around them have it themselves."""
    given = node.value.get("type")
    if given is None:
        return
    listed = given if isinstance(given, list) else [given]
    parts = tree.children(node, key)
    for part in parts:
        if "$ref" not in part.value and schema_types.types(tree, part) == {"any"}:
            part.value["type"] = copy.copy(given)
    if all("$ref" in part.value or part.value.get("type") is not None for part in parts):
        del node.value["type"]
        if "null" in listed and not any(schema_types.is_nullable(part) for part in parts):
            node.value[key].append({"type": "null"})
    yield from ()


def _distributed(tree: Tree, node: Node, kinds: list[str]) -> Iterator[Refusal]:
    sets = [tree.children(node, key) for key in kinds]
    total = 1
    for parts in sets:
        total *= len(parts)
    own = {key: node.value.pop(key) for key in (*_OBJECT, "allOf", "type") if key in node.value}
    nullable = node.value.pop("nullable", None)
    discriminator = node.value.pop("discriminator", None)
    for key in kinds:
        node.value.pop(key)
    if total > _MOST or not any(schema_types.types(tree, one) <= {"object", "any"} for one in sets[0]):
        node.value.update(own)
        yield Refusal(node.pointer, f"the client does not check {' and '.join(kinds)} here, the server does")
        return
    base = [*(own.pop("allOf", None) or ()), *([{"type": "object", **own}] if own.keys() - {"type"} else [])]
    # What is said of properties says nothing of a text or a number.
    free = len(sets) == 1 and not own.get("type") and base == [{"type": "object", **own}]
    node.value["oneOf"] = [
        copy.deepcopy(chosen[0].value)
        if free and not schema_types.types(tree, chosen[0]) & {"object", "any"}
        else {"allOf": [*copy.deepcopy(base), *(copy.deepcopy(part.value) for part in chosen)]}
        for chosen in product(*sets)
    ]
    if nullable is True:
        node.value["nullable"] = True
    if discriminator is not None and len(kinds) == 1 and not base:
        node.value["discriminator"] = discriminator


def parts(tree: Tree) -> Iterator[Refusal]:
    """Join an allOf that the generator would not join into one object, or into one choice of objects."""
    found: list[tuple[Node, dict[str, Any]]] = []
    for node in tree.of_kind("schema"):
        listed = tree.children(node, "allOf")
        if listed and _trouble(tree, node, listed):
            joined = _joined(tree, node)
            if joined is not None:
                kept = {key: node.value[key] for key in _PROSE if key in node.value}
                kept |= {key: value for key, value in node.value.items() if key.startswith("x-")}
                found.append((node, {**joined, **kept}))
    # Only now, since one may be a part of another.
    for node, joined in found:
        node.value.clear()
        node.value.update(joined)
    yield from ()


def _trouble(tree: Tree, node: Node, listed: list[Node]) -> str | None:
    """Why the generator would not join an allOf as it is meant."""
    if len(listed) == 1 and "$ref" in listed[0].value:
        return "beside" if any(node.value.get(key) for key in _OBJECT) else None
    if len(listed) == 1 and not listed[0].value:
        return "nothing"
    found: dict[str, Any] = {}
    for part in listed:
        inner = tree.resolve(part)
        if any(inner.value.get(key) for key in _CHOICES):
            return "choice"
        if schema_types.is_nullable(inner):
            return "null"
        if inner.value.get("allOf") and "$ref" not in part.value:
            return "nested"
        if isinstance(inner.value.get("additionalProperties"), dict) and inner.value["additionalProperties"]:
            return "further"
        if schema_types.types(tree, part) - {"object", "any"} or "enum" in inner.value:
            return "scalar"
        if not any(key in inner.value for key in (*_OBJECT, "allOf", "type", "$ref")):
            return "idle"
        if "type" not in inner.value and "properties" not in inner.value and "allOf" not in inner.value:
            return "idle"
        for name, child in schema_types.properties(tree, part).items():
            if name in found and found[name] != child.value:
                return "narrowed"
            found.setdefault(name, child.value)
    if schema_types.is_nullable(node) and len(listed) > 1:
        return "null"
    for name, value in (node.value.get("properties") or {}).items():
        if name in found and found[name] != value:
            return "narrowed"
    return None


def _joined(tree: Tree, node: Node) -> dict[str, Any] | None:
    """Return the schema that an allOf amounts to, or None where that cannot be told."""
    ways = _ways(tree, node, 0)
    if ways is None:
        return None
    results = []
    for way in ways:
        whole = _whole(way, asked_null=schema_types.is_nullable(node))
        if whole is None:
            return None
        results.append(whole)
    return results[0] if len(results) == 1 else {"oneOf": results}


def _ways(tree: Tree, node: Node, depth: int) -> list[list[dict[str, Any]]] | None:
    """Return rows of plain schemas that hold together, one for each way through the choices within."""
    if depth > 20:
        return None
    node = tree.resolve(node)
    own = {key: value for key, value in node.value.items() if key not in ("allOf", *_CHOICES)}
    rows: list[list[dict[str, Any]]] = [[]]
    for part in tree.children(node, "allOf"):
        inner = _ways(tree, part, depth + 1)
        if inner is None or len(rows) * len(inner) > _MOST:
            return None
        rows = [[*row, *more] for row in rows for more in inner]
    if own:
        rows = [[*row, own] for row in rows]
    for key in _CHOICES:
        alternatives = tree.children(node, key)
        if not alternatives:
            continue
        found: list[list[dict[str, Any]]] = []
        for part in alternatives:
            inner = _ways(tree, part, depth + 1)
            if inner is None:
                return None
            found += inner
        if len(rows) * len(found) > _MOST:
            return None
        rows = [[*row, *more] for row in rows for more in found]
    return rows


def _whole(row: list[dict[str, Any]], asked_null: bool) -> dict[str, Any] | None:
    """One schema that says what all of a row say."""
    kinds = {kind for one in row for kind in _types_of(one)}
    if not kinds and not any(one.get("required") for one in row):
        return {}
    if kinds <= {"object"}:
        return _object(row, asked_null)
    if kinds == {"integer", "number"}:
        kinds = {"integer"}
    if len(kinds) != 1:
        return None
    whole: dict[str, Any] = {}
    for one in row:
        for key, value in one.items():
            if key == "enum" and isinstance(whole.get("enum"), list):
                whole["enum"] = [item for item in whole["enum"] if item in value] or whole["enum"]
            elif key == "items" and isinstance(whole.get("items"), dict) and whole["items"]:
                whole["items"] = narrower(whole["items"], value)
            else:
                whole[key] = copy.deepcopy(value)
    whole["type"] = kinds.pop()
    whole.pop("title", None)
    return whole


def _object(row: list[dict[str, Any]], asked_null: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    more: Any = None
    nulls = []
    for one in row:
        for name, child in (one.get("properties") or {}).items():
            if name in properties:
                properties[name] = narrower(properties[name], child)
            else:
                properties[name] = copy.deepcopy(child)
        required += [name for name in one.get("required") or () if name not in required]
        further = one.get("additionalProperties")
        if isinstance(further, dict) and further and not isinstance(more, dict):
            more = copy.deepcopy(further)
        elif isinstance(further, bool) and more is None and len(row) == 1:
            more = further
        if _types_of(one) or one.get("properties"):
            nulls.append(one.get("nullable") is True or "null" in _listed(one.get("type")))
    whole: dict[str, Any] = {"type": "object"}
    if properties:
        whole["properties"] = properties
    if required:
        whole["required"] = required
    if more is not None:
        whole["additionalProperties"] = more
    if asked_null or (nulls and all(nulls)):
        whole["nullable"] = True
    return whole


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _types_of(schema: dict[str, Any]) -> list[str]:
    found = [one for one in _listed(schema.get("type")) if isinstance(one, str) and one != "null"]
    if found:
        return found
    if schema.get("properties") or "additionalProperties" in schema:
        return ["object"]
    if isinstance(schema.get("enum"), list):
        return list({schema_types.type_of(one) for one in schema["enum"] if one is not None})
    return ["array"] if "items" in schema else []


def narrower(one: Any, other: Any) -> Any:
    """Of two schemas for one value a schema that says more: the later one, unless it says less."""
    if not isinstance(one, dict) or not isinstance(other, dict) or not one:
        return copy.deepcopy(other)
    if not other or one == other:
        return one
    if "$ref" in other or ("$ref" not in one and "enum" in other):
        return copy.deepcopy(other)
    if "$ref" in one:
        # Bounds and prose beside a reference; the type that it names is kept.
        plain = not any(key in other for key in ("properties", "items", "enum", "const", "oneOf", "anyOf"))
        return one if plain else {"allOf": [one, copy.deepcopy(other)]}
    if one.get("type") == "object" and other.get("type", "object") == "object":
        return {"allOf": [one, copy.deepcopy(other)]}
    if one.get("type") == "array" and isinstance(other.get("items"), dict):
        return {**one, **copy.deepcopy(other), "items": narrower(one.get("items") or {}, other["items"])}
    if one.get("type") == "integer" and other.get("type") == "number":
        return {**copy.deepcopy(other), **one}
    return {**one, **copy.deepcopy(other)}


def early_parts(tree: Tree) -> Iterator[Refusal]:
    """Make a component of an allOf within a choice or an array that is a component.

    The generator makes such components first, when the objects that an allOf refers to are not there yet.
    """
    components = tree.document.get("components")
    held = components.get("schemas") if isinstance(components, dict) else None
    if not isinstance(held, dict):
        return
    for node in list(tree.of_kind("schema")):
        if node.parent is not None and node.parent.kind == "components":
            _move_parts(tree, node, held, node.name)
    yield from ()


def _leads_to(tree: Tree, part: Node, home: Node) -> bool:
    """Whether an object within a component refers to that component, directly or through others."""
    if schema_types.types(tree, part) != {"object"}:
        return False
    while home.parent is not None and home.parent.kind == "schema":
        home = home.parent
    waiting: list[Any] = [part.value]
    seen: set[str] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            reference = value.get("$ref")
            if reference == home.pointer:
                return True
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                target = tree.find(reference)
                waiting += [target.value] if target is not None else []
            waiting += value.values()
    return False


def _move_parts(tree: Tree, node: Node, held: dict[str, Any], name: str) -> None:
    number = 0
    listed = [
        (f"type_{i}", part)
        for i, part in enumerate(tree.children(node, "anyOf") + tree.children(node, "oneOf"))
    ]
    items = tree.find(f"{node.pointer}/items")
    for word, part in [*listed, *([("item", items)] if items is not None else [])]:
        own = f"{name}_{word}"
        if "$ref" in part.value:
            continue
        if part.value.get("allOf") or _leads_to(tree, part, node):
            while own in held:
                number += 1
                own = f"{name}_{word}_{number + 1}"
            held[own] = dict(part.value)
            part.value.clear()
            part.value["$ref"] = f"#/components/schemas/{own}"
        else:
            _move_parts(tree, part, held, own)
