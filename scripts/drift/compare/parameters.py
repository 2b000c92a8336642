"""The facts about parameters and headers."""

from collections.abc import Iterator
from typing import Any

from scripts.drift.document.equality import Sameness, equal
from scripts.drift.document.spec import Operation, Part, Spec, as_dict, as_list
from scripts.drift.facts import Fact
from scripts.drift.findings import Pointer

# Unions within unions that are looked into for what a value can be.
_MAX_DEPTH = 4
# How a list is written of which each entry is a parameter of its own.
_REPEATED = "form, exploded"
_STYLE = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def parameters(
    base: Spec, revision: Spec, old: Operation, new: Operation, reader: str, same: Sameness
) -> Iterator[Fact]:
    """Yield what differs between the parameters of one operation."""
    for (where, name), before in old.parameters.items():
        place = f"{old.name} {where} parameter {before.value.get('name', name)}"
        after = new.parameters.get((where, name))
        if after is None:
            moved = [place for place, key in new.parameters if key == name]
            yield Fact(
                "parameter-removed", place, before.value, None, before.pointer, new.part.pointer, reader,
                {"moved": moved},
            )  # fmt: skip
            continue
        yield from one_parameter(base, revision, before, after, place, where, reader, same)
    for (where, name), after in new.parameters.items():
        if (where, name) not in old.parameters:
            place = f"{old.name} {where} parameter {after.value.get('name', name)}"
            yield Fact("parameter-added", place, None, after.value, old.part.pointer, after.pointer, reader)


def one_parameter(
    base: Spec,
    revision: Spec,
    before: Part,
    after: Part,
    place: str,
    where: str,
    reader: str,
    same: Sameness,
) -> Iterator[Fact]:
    """Yield what differs between two versions of one parameter or header."""
    if same.holds(before.value, after.value):
        return
    if before.elsewhere or after.elsewhere:
        if before.elsewhere != after.elsewhere:
            yield Fact("reference", place, before.elsewhere, after.elsewhere, before.pointer, after.pointer)
        return
    at = (before.pointer, after.pointer)
    kind = "header" if where == "answer" else "parameter"
    needed = before.value.get("required") is True or where == "path"
    needs = after.value.get("required") is True or where == "path"
    if needed != needs:
        yield Fact(f"{kind}-required", place, needed, needs, *at, reader)
    if where == "path" and not equal(before.value.get("required"), after.value.get("required")):
        text = "a parameter of the path is required, whatever is said"
        yield Fact("note", f"{place} required", None, None, *at, reader, {"text": text})
    if not equal(_flag(before, "allowEmptyValue"), _flag(after, "allowEmptyValue")):
        yield Fact("parameter-empty", place, _flag(before, "allowEmptyValue"), None, *at, reader)
    flags = _flag(before, "allowReserved"), _flag(after, "allowReserved")
    if flags[0] != flags[1]:
        yield Fact("parameter-reserved", place, *flags, *at, reader)
    if not equal(before.value.get("deprecated", False), after.value.get("deprecated", False)):
        yield Fact(
            "deprecated", place, before.value.get("deprecated"), after.value.get("deprecated"), *at, reader
        )
    shapes = _shape(base, before), _shape(revision, after)
    styles = _written(before, where, shapes[0]), _written(after, where, shapes[1])
    says = _says(before, where), _says(after, where)
    # OpenAPI 3: of a list in the simple style explode says nothing.
    listed = shapes == ("array", "array") and styles == ("simple", "simple")
    if styles[0] == styles[1] and shapes[0] == shapes[1] and says[0] != says[1] and not listed:
        text = f"is {says[1]} instead of {says[0]}, which makes no difference for such a value"
        yield Fact("note", f"{place} style", *says, *at, reader, {"text": text})
    if styles == ("plain", _REPEATED) and reader == "server":
        entry = _entry(revision, after)
        if entry is not None:
            # `?a=1` is a list of one as well.
            yield Fact("parameter-list", place, *styles, *at, reader)
            yield from _values(schema_of(before), entry, after, place, where, reader, same)
            return
    if styles[0] != styles[1]:
        yield Fact("parameter-style", place, *styles, *at, reader)
    yield from _values(schema_of(before), schema_of(after), after, place, where, reader, same)


def _values(
    before: tuple[Any, Pointer],
    after: tuple[Any, Pointer],
    part: Part,
    place: str,
    where: str,
    reader: str,
    same: Sameness,
) -> Iterator[Fact]:
    (old, old_at), (new, new_at) = before, after
    text = where in ("query", "path", "header", "cookie", "answer") and "content" not in part.value
    if not same.holds(old, new):
        yield Fact("schema", place, old, new, old_at, new_at, reader, {"in": where, "text": text})


def schema_of(part: Part) -> tuple[Any, tuple[str, ...]]:
    """Return the schema of a parameter or header, whether it stands there or under a media type."""
    if "schema" in part.value:
        return part.value["schema"], (*part.pointer, "schema")
    for kind, media in as_dict(part.value.get("content")).items():
        return as_dict(media).get("schema", True), (*part.pointer, "content", str(kind), "schema")
    return True, part.pointer


def _entry(spec: Spec, part: Part) -> tuple[Any, Pointer] | None:
    """Return the schema of the entries of a parameter that is a list and may have one of them alone."""
    found = spec.follow(*schema_of(part))
    fewest = found.value.get("minItems", 0)
    if found.value.get("type") != "array" or (isinstance(fewest, int | float) and fewest > 1):
        return None
    return found.value.get("items", True), (*found.pointer, "items")


def _flag(part: Part, key: str) -> bool:
    return part.value.get(key) is True


def _shape(spec: Spec, part: Part) -> str:
    """Return what style and explode act on: "array", "object" or "plain"."""
    return _shape_of(spec, *schema_of(part), 0)


def _shape_of(spec: Spec, schema: Any, pointer: Pointer, depth: int) -> str:
    found = spec.follow(schema, pointer).value
    types = found.get("type")
    for kind in ("array", "object"):
        if types == kind or (isinstance(types, list) and kind in types):
            return kind
    if "properties" in found:
        return "object"
    several = [one for key in ("allOf", "oneOf", "anyOf") for one in as_list(found.get(key))]
    if several and depth < _MAX_DEPTH:
        inside = {_shape_of(spec, one, (), depth + 1) for one in several}
        return next((kind for kind in ("array", "object") if kind in inside), "plain")
    return "plain" if types is not None or "enum" in found or "const" in found else "any"


def _says(part: Part, where: str) -> str:
    """Return what a parameter says of how it is written, defaults filled in."""
    style = part.value.get("style", _STYLE.get(where, "simple"))
    return f"{style}, {'exploded' if part.value.get('explode', style == 'form') is True else 'joined'}"


def _written(part: Part, where: str, shape: str) -> str:
    """How a value is put into the request; differences that no value shows are left out."""
    if "content" in part.value:
        return f"content {next(iter(as_dict(part.value['content'])), '')}"
    style = part.value.get("style", _STYLE.get(where, "simple"))
    if shape == "any" and _says(part, where) == _says(Part({}, ()), where):
        return "plain"
    if shape == "plain":
        return "plain" if style in ("form", "simple", "spaceDelimited", "pipeDelimited") else str(style)
    if style == "simple" and shape == "array":
        return "simple"  # OpenAPI 3: explode makes no difference to it
    explode = part.value.get("explode", style == "form")
    return f"{style}, {'exploded' if explode is True else 'joined'}"
