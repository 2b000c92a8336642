"""Schemas of OpenAPI in the words of a draft of JSON Schema, for one direction, and where they refer to.

OpenAPI 3.0 schemas become JSON Schema Draft 4, those of 3.1 stay Draft 2020-12. A property that is readOnly
is not asked for in requests, one that is writeOnly has no place in answers (OpenAPI 3.0.4, 4.7.24.1). A
keyword that makes no sense where it stands is passed over, as a validator would, but noted.
"""

import functools
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

import jsonschema_rs

from novapost_mock.schemas.directions import Marks
from novapost_mock.schemas.keywords import (
    IN_PLACE,
    ONE_SCHEMA,
    ONLY_31,
    PLAIN,
    SCHEMA_LISTS,
    SCHEMA_MAPS,
    SILENT,
    TYPES,
    UNREADABLE,
    is_of,
    is_same,
    read_as,
    type_meant,
)
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.pointers import leads, mended, shown, target
from novapost_mock.schemas.validators import PATTERN_OPTIONS, PREFIX, Node
from novapost_mock.schemas.violation import DocumentError

Direction: TypeAlias = Literal["request", "response"]
Relaxation: TypeAlias = Literal["choice", "closed", "format"]
Scope: TypeAlias = tuple[tuple[str, str], ...]
"""The definition that each `$dynamicAnchor` on the way here names, the outermost of several."""

CLOSING = ("additionalProperties", "unevaluatedProperties")
MAX_BOUND = 5_000
"""Definitions under dynamic anchors or of what does not travel: each schema may need one in many ways."""
_WIDTHS = {"int32": 2**31, "int64": 2**63}
_NOTHING: dict[str, Any] = {"not": {}}


class Translator:
    """Translates schemas, and names the definitions to which they refer: by pointer and dynamic anchors."""

    def __init__(
        self,
        tree: Mapping[str, Any],
        is_31: bool,
        direction: Direction,
        notes: Notes,
        relaxed: frozenset[Relaxation],
    ) -> None:
        self._tree = tree
        self._relaxed = relaxed
        self._is_31 = is_31
        self._direction = direction
        self._notes = notes
        self._definitions: dict[str, Node | DocumentError] = {}
        self._references: dict[str, tuple[set[str], set[str]]] = {}
        self._collected: tuple[set[str], set[str]] = (set(), set())
        self._keys: dict[tuple[str, Scope, frozenset[str]], str] = {}
        self._bound = 0
        self._scopes: dict[str, tuple[Scope, frozenset[str]]] = {}
        self._anchored: dict[str, Any] = {}
        self._scope: Scope = ()
        self._pointers: dict[str, str] = {}
        self._fresh: list[str] = []
        self._patterns: dict[tuple[str, Any], bool] = {}
        self._loose: dict[str, str] = {}
        mark = "readOnly" if direction == "request" else "writeOnly"
        self._marks = Marks(tree, mark, beside_references=is_31)
        self._home = "#"
        self._untravelled: frozenset[str] = frozenset()
        """What the schema around a part of an `allOf` has and what does not travel this way."""
        self._draft = jsonschema_rs.Draft202012Validator if is_31 else jsonschema_rs.Draft4Validator

    def _translate(self, schema: Any, place: str, *, in_place: bool = True) -> Node:
        outer = self._scope, self._untravelled, self._home
        try:
            return self._translated(schema, place, in_place)
        finally:
            self._scope, self._untravelled, self._home = outer

    def _translated(self, schema: Any, place: str, in_place: bool) -> Node:
        if isinstance(schema, bool):
            return schema
        if isinstance(schema, list) and len(schema) == 1 and isinstance(schema[0], Mapping):
            self._notes.add(shown(place), "a list of one; taken for the one that it holds")
            schema = schema[0]
        if schema is None or isinstance(schema, str):
            told = type_meant(schema) or {}
            self._notes.add(shown(place), f"no schema; read as {shown(told)}" if told else "lets anything in")
            return dict(told)
        if not isinstance(schema, Mapping):
            raise DocumentError(f"{shown(place)}: a schema is an object")
        for keyword in ("$recursiveRef",) if self._is_31 else ("$dynamicRef", "$recursiveRef"):
            if keyword in schema:
                raise DocumentError(f"{shown(place)}: {keyword} is not understood")
        result: dict[str, Any] = {}
        if self._is_31:
            self._home = place if isinstance(schema.get("$id"), str) else self._home
            self._enter(schema, place)
            if "$dynamicRef" in schema:
                result["allOf"] = [{"$ref": self._refer_dynamically(schema["$dynamicRef"], place, in_place)}]
        marked = self._marks.names(schema, place) | self._untravelled
        if "$ref" in schema:
            self._untravelled = marked if self._is_31 else self._untravelled
            result["$ref"] = self._refer(schema["$ref"], place, in_place)
            if not self._is_31:  # what stands beside a reference has no effect in Draft 4
                return _or_null(result) if schema.get("nullable") is True else result
        for keyword, value in schema.items():
            self._untravelled = marked if keyword == "allOf" else frozenset()
            if self._relaxed and self._is_passed_over(schema, keyword):
                continue
            self._keyword(result, keyword, value, f"{place}/{keyword}", in_place)
        self._apply_type(result, schema.get("type"), place)
        if "enum" in result:
            self._apply_listed(result, place)
        loose = result.pop("$loose", None)
        if loose is not None:
            result["allOf"] = [*result.get("allOf", ()), {"$ref": loose}]
        self._apply_bounds(result)
        _apply_width(result)
        self._apply_direction(result, marked)
        if schema.get("nullable") is True and self._may_be_null(result):
            if self._is_31:  # 3.1 has no such keyword; whoever writes it means what 3.0 means by it
                self._notes.add(shown(place), "nullable is a keyword of OpenAPI 3.0; taken as meant there")
            return _or_null(result)
        return result

    def _is_passed_over(self, schema: Mapping[str, Any], keyword: str) -> bool:
        if keyword in CLOSING:
            return "closed" in self._relaxed and schema[keyword] is False
        return (
            keyword == "format" and "format" in self._relaxed and bool({"pattern", "allOf"} & schema.keys())
        )

    def _keyword(self, result: dict[str, Any], keyword: str, value: Any, here: str, in_place: bool) -> None:
        if keyword.startswith("x-"):
            return
        if keyword in ONLY_31 and not self._is_31:
            self._notes.add(shown(here), f"{keyword} has no effect in OpenAPI 3.0")
        elif keyword in PLAIN:
            if PLAIN[keyword](value):
                self._plain(result, keyword, value, here)
            else:
                self._notes.add(shown(here), f"passed over, since this is no value for {keyword}")
        elif keyword in ONE_SCHEMA:
            if keyword == "items" and isinstance(value, list):
                value = [self._translate(v, f"{here}/{i}", in_place=False) for i, v in enumerate(value)]
                result["prefixItems" if self._is_31 else "items"] = value
            else:
                stays = in_place and keyword in IN_PLACE
                result[keyword] = self._translate(value, here, in_place=stays)
        elif keyword in SCHEMA_LISTS and isinstance(value, list) and value:
            stays = in_place and keyword in IN_PLACE
            nodes = [self._translate(v, f"{here}/{i}", in_place=stays) for i, v in enumerate(value)]
            if keyword == "oneOf" and "choice" in self._relaxed:
                keyword = "anyOf"
            if keyword == "anyOf" and keyword in result:
                keyword, nodes = "allOf", [{keyword: nodes}]
            result[keyword] = [*result.get(keyword, ()), *nodes]
        elif keyword in SCHEMA_MAPS and isinstance(value, Mapping):
            stays = in_place and keyword in IN_PLACE
            fitting = {n: v for n, v in value.items() if keyword != "patternProperties" or self._reads(n)}
            if len(fitting) < len(value):
                self._notes.add(shown(here), "a name in it is no regular expression of ECMA-262")
            result[keyword] = {
                n: self._translate(v, f"{here}/{n}", in_place=stays) for n, v in fitting.items()
            }
        elif keyword not in SILENT:
            self._notes.add(
                shown(here), f"{shown(keyword)} is not a keyword of a schema or has no value for it"
            )

    def _plain(self, result: dict[str, Any], keyword: str, value: Any, here: str) -> None:
        if keyword == "examples":
            # 3.1 wants a list; a map is what examples are elsewhere in OpenAPI.
            value = list(value.values()) if isinstance(value, Mapping) else value
            if not isinstance(value, list):
                return
        if keyword in ("enum", "required"):
            value = [
                each for i, each in enumerate(value) if not any(is_same(each, other) for other in value[:i])
            ]
        if keyword == "pattern" and not self._reads(value):
            if self._is_known(value, jsonschema_rs.Draft202012Validator):
                # The engine takes it, only the rules for schemas do not, `(?i)` for one. What is referred
                # to is not held to these rules.
                name = self._loose.setdefault(value, f"p{len(self._loose)}")
                self._definitions[name] = {"pattern": value}
                self._references[name] = set(), set()
                result["$loose"] = f"{PREFIX}{name}"
            else:
                self._notes.add(shown(here), "passed over, since this is no regular expression of ECMA-262")
            return
        if keyword == "required" and not value:
            return
        if keyword.startswith(("min", "max")) and keyword not in ("minimum", "maximum"):
            value = int(value)
        result[keyword] = value

    def _reads(self, pattern: str) -> bool:
        return self._is_known(pattern, self._draft)

    def _is_known(self, pattern: str, draft: Any) -> bool:
        known = self._patterns.get((pattern, draft))
        if known is None:
            try:
                draft({"pattern": pattern}, pattern_options=PATTERN_OPTIONS)
                known = True
            except ValueError:
                known = False
            self._patterns[pattern, draft] = known
        return known

    def _apply_type(self, result: dict[str, Any], value: Any, place: str) -> None:
        if value is None:
            return
        listed = value if isinstance(value, list) and self._is_31 else [value]
        known = [t for t in dict.fromkeys(t for t in listed if isinstance(t, str)) if t in TYPES]
        if known and len(known) == len(listed):
            result["type"] = known[0] if len(known) == 1 else known
        elif (told := type_meant(value)) is not None:
            result.update({name: each for name, each in told.items() if name == "type" or name not in result})
            self._notes.add(shown(f"{place}/type"), f"{shown(value, 40)} is no type; read as {shown(told)}")
        else:
            self._notes.add(shown(f"{place}/type"), f"{shown(value, 40)} is not a type")

    def _apply_listed(self, result: dict[str, Any], place: str) -> None:
        """Read the values of an enum as the type beside it, which YAML without quotes takes for another."""
        named = result.get("type")
        kinds = [kind for kind in (named if isinstance(named, list) else [named]) if kind and kind != "null"]
        if len(kinds) != 1 or all(each is None or is_of(each, kinds) for each in result["enum"]):
            return
        values = [each if each is None else read_as(each, kinds[0]) for each in result["enum"]]
        if any(each is UNREADABLE for each in values):
            return
        result["enum"] = values
        self._notes.add(shown(f"{place}/enum"), f"its values are read as {kinds[0]}, which the type is")

    def _apply_bounds(self, result: dict[str, Any]) -> None:
        """Write exclusive bounds as the draft has them: a flag in Draft 4, a number from then on."""
        for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            given = result.get(exclusive)
            if given is None:
                continue
            if self._is_31 and isinstance(given, bool):
                del result[exclusive]
                if given and plain in result:
                    result[exclusive] = result.pop(plain)
            elif not self._is_31 and not isinstance(given, bool):
                result[plain], result[exclusive] = given, True
            elif not self._is_31 and plain not in result:
                del result[exclusive]

    def _apply_direction(self, result: dict[str, Any], marked: frozenset[str]) -> None:
        """Ask for no property that does not travel this way, in whichever part of the schema it stands."""
        if not marked:
            return
        required = result.pop("required", ())
        if kept := [name for name in required if name not in marked]:
            result["required"] = kept
        if self._direction == "response":
            for name in marked & result.get("properties", {}).keys():
                result["properties"][name] = _NOTHING

    def _may_be_null(self, result: Mapping[str, Any]) -> bool:
        # An enum without null rules null out (OpenAPI 3.0.3, proposal 2019-10-31); answers are judged
        # leniently.
        return self._direction == "response" or None in result.get("enum", [None])

    def _refer(self, reference: Any, place: str, in_place: bool) -> str:
        if self._is_31 and isinstance(reference, str) and not reference.startswith("#/"):
            reference = self._identified.get(reference, reference)
        elif self._home != "#" and isinstance(reference, str) and not leads(self._tree, reference):
            # Below an `$id` the root of a pointer is the schema that has it (2020-12 core, 8.2.1).
            reference = f"{self._home}{reference[1:]}"
        reference = mended(self._tree, reference)
        schema = target(self._tree, reference, shown(place))
        untravelled = self._untravelled and self._untravelled & self._marks.required(schema, place)
        return self._collect(self._key(reference, self._scope, untravelled), in_place)

    @functools.cached_property
    def _identified(self) -> dict[str, str]:
        """Pointers by `$id`, by `#anchor` and by both (2020-12 core, 8.2); the first of equal ones counts."""
        found: dict[str, str] = {}
        waiting: list[tuple[str, Any, str]] = [("#", self._tree, "")]
        while waiting:
            pointer, value, base = waiting.pop()
            if isinstance(value, Mapping):
                if isinstance(value.get("$id"), str):
                    base = value["$id"].rstrip("#")
                    found.setdefault(base, pointer)
                for keyword in ("$anchor", "$dynamicAnchor"):
                    if isinstance(value.get(keyword), str):
                        found.setdefault(f"#{value[keyword]}", pointer)
                        found.setdefault(f"{base}#{value[keyword]}", pointer)
                steps = [
                    (str(name).replace("~", "~0").replace("/", "~1"), each) for name, each in value.items()
                ]
            else:
                steps = [(str(place), each) for place, each in enumerate(value)]
            waiting += [
                (f"{pointer}/{quote(name)}", each, base)
                for name, each in reversed(steps)
                if isinstance(each, Mapping | list)
            ]
        return found

    def _key(self, reference: str, scope: Scope, untravelled: frozenset[str] = frozenset()) -> str:
        key = self._keys.get((reference, scope, untravelled))
        if key is None:
            if scope or untravelled:
                self._bound += 1
                if self._bound > MAX_BOUND:
                    raise DocumentError(
                        f"{shown(reference)}: more than {MAX_BOUND} definitions under dynamic anchors, "
                        "or in an allOf with readOnly or writeOnly properties"
                    )
            key = self._keys[reference, scope, untravelled] = f"d{len(self._keys)}"
            self._scopes[key] = scope, untravelled
            self._pointers[key] = reference
            self._fresh.append(key)
        return key

    def _collect(self, key: str, in_place: bool) -> str:
        self._collected[0].add(key)
        if in_place:
            self._collected[1].add(key)
        return f"{PREFIX}{key}"

    def _enter(self, schema: Mapping[str, Any], place: str) -> None:
        """Bind the dynamic anchors of a schema and of its definitions, unless bound further out."""
        definitions = schema.get("$defs")
        inner = definitions.items() if isinstance(definitions, Mapping) else ()
        found: dict[str, str] = {}
        for pointer, each in ((place, schema), *((f"{place}/$defs/{name}", each) for name, each in inner)):
            anchor = each.get("$dynamicAnchor") if isinstance(each, Mapping) else None
            if isinstance(anchor, str) and anchor not in (*dict(self._scope), *found):
                found[anchor] = self._key(pointer, self._scope)
                self._anchored[found[anchor]] = each
        if found:
            self._scope = tuple(sorted((*self._scope, *found.items())))
            self._scopes.update(dict.fromkeys(found.values(), (self._scope, frozenset())))

    def _refer_dynamically(self, reference: Any, place: str, in_place: bool) -> str:
        """Return what a `$dynamicRef` leads to: the outermost anchor of its name (2020-12 core, 8.2.3.2)."""
        name = reference.removeprefix("#") if isinstance(reference, str) else ""
        if name.startswith("/"):
            return self._refer(reference, place, in_place)
        key = dict(self._scope).get(name)
        if key is None:
            raise DocumentError(f"{shown(place)}: no $dynamicAnchor is in reach of {shown(reference)}")
        return self._collect(key, in_place)


def _apply_width(result: dict[str, Any]) -> None:
    """Bound whole numbers by their format; validators take int32 and int64 for a remark."""
    width = _WIDTHS.get(result.get("format", ""))
    if width is None or result.get("type") not in ("integer", ["integer", "null"]):
        return
    if "minimum" not in result or result["minimum"] < -width:
        result["minimum"] = -width
        if isinstance(result.get("exclusiveMinimum"), bool):
            result.pop("exclusiveMinimum")
    if "maximum" not in result or result["maximum"] >= width:
        result["maximum"] = width - 1
        if isinstance(result.get("exclusiveMaximum"), bool):
            result.pop("exclusiveMaximum")


def _or_null(node: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [node, {"type": "null"}]}
