"""What a schema says beside the values that it allows, and which schemas are inside of it.

References and allOf are taken in, so that a schema that moves or is split keeps its notes where they were.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from scripts.drift.document.spec import Spec, as_dict, as_list
from scripts.drift.document.types import INFERRED
from scripts.drift.findings import Pointer

# A schema as the document has it, and where.
Node: TypeAlias = tuple[Any, Pointer]

_NUMBER = (int, float)
# What holds one schema; `items` of old is a list, too.
_ONE = (
    *("additionalProperties", "unevaluatedProperties", "unevaluatedItems"),
    *("not", "if", "then", "else", "contains", "propertyNames"),
)
# The keywords whose difference the judge of schemas sees, with the kind of value that it understands.
MODELLED: dict[str, type[Any] | tuple[type[Any], ...]] = {
    **dict.fromkeys(("maximum", "minimum", "multipleOf"), _NUMBER),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), (*_NUMBER, bool)),
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _NUMBER
    ),
    **dict.fromkeys(("minContains", "maxContains"), int),
    **dict.fromkeys(("pattern", "$ref", "$dynamicRef", "contentEncoding", "contentMediaType"), str),
    **dict.fromkeys(("uniqueItems", "nullable"), bool),
    **dict.fromkeys(("enum", "required", "oneOf", "anyOf", "allOf", "prefixItems"), list),
    "const": object,
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), dict),
    "items": (dict, bool, list),
    **dict.fromkeys(_ONE, (dict, bool)),
}
# Keywords with facts of their own.
TOLD = frozenset(
    {
        *("description", "title", "deprecated", "default", "example", "examples", "externalDocs", "readOnly"),
        *("writeOnly", "xml", "discriminator", "format", "type", "dependentRequired"),
    }
)
# What stands there limits the schema around it, and no message has it by itself.
CONDITIONS = frozenset({*_ONE[1:], "dependentSchemas"})
DEFINITIONS = ("$defs", "definitions")
_SEVERAL = ("patternProperties", "dependentSchemas", *DEFINITIONS)
_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object", "file"})


class Notes:
    """The notes of one schema.

    Attributes:
        pointer: where it stands.
        notes: the values of each keyword of `TOLD`, the outermost first.
        rest: the values of all keywords that nobody else judges.
        places: where the first of each keyword of `rest` stands.
        ignored: what stands beside references and counts for nothing.
        properties: the schemas of each property.
        inner: the schemas in other places, by place.
        branches: the alternatives of each union.
    """

    def __init__(self, spec: Spec, nodes: Sequence[Node]) -> None:
        self.pointer: Pointer = nodes[0][1] if nodes else ()
        self.raw: Any = nodes[0][0] if nodes else {}
        self.notes: dict[str, list[Any]] = {}
        self.rest: dict[str, list[Any]] = {}
        self.ignored: dict[str, list[Any]] = {}
        self.properties: dict[str, list[Node]] = {}
        self.inner: dict[str, list[Node]] = {}
        self.branches: dict[str, list[Node]] = {}
        self.places: dict[str, Pointer] = {}
        self.ids: set[int] = set()
        self._speaks = False
        level: list[Node] = list(nodes)
        while level:
            node, at = level.pop(0)
            if not isinstance(node, dict) or id(node) in self.ids:
                continue
            self.ids.add(id(node))
            for keyword in ("$ref", "$dynamicRef"):
                if isinstance(node.get(keyword), str):
                    targets = spec.targets(node[keyword])[:1]
                    level = [*targets, *level]
            if isinstance(node.get("$ref"), str) and not spec.is_31:
                for key, value in node.items():
                    if key != "$ref":
                        self.ignored.setdefault(key, []).append(value)
                continue
            self._take(node, at)
            level += [(one, (*at, "allOf", str(i))) for i, one in enumerate(as_list(node.get("allOf")))]
            level += self._alternatives(node, at)

    def _take(self, node: dict[str, Any], at: Pointer) -> None:
        lists_values = "enum" in node or "const" in node
        self._speaks |= not lists_values and any(key in node for _, keys in INFERRED for key in keys)
        for key, value in node.items():
            if key in TOLD:
                self.notes.setdefault(key, []).append(value)
            elif key in MODELLED and _is_of(value, MODELLED[key]):
                self._malformed(key, value)
            elif key not in DEFINITIONS:
                self.rest.setdefault(key, []).append(value)
                self.places.setdefault(key, at)
        for name, child in as_dict(node.get("properties")).items():
            self.properties.setdefault(str(name), []).append((child, (*at, "properties", str(name))))
        for key in ("items", *_ONE):
            if isinstance(node.get(key), dict):
                self.inner.setdefault(key, []).append((node[key], (*at, key)))
        for key in _SEVERAL:
            for name, child in as_dict(node.get(key)).items():
                self.inner.setdefault(f"{key} {name}", []).append((child, (*at, key, str(name))))
        for key in ("prefixItems", "items"):
            for index, child in enumerate(as_list(node.get(key))):
                self.inner.setdefault(f"items {index}", []).append((child, (*at, key, str(index))))

    def _malformed(self, key: str, value: Any) -> None:
        """Note the entries of a keyword that nobody understands."""
        wrong: list[Any] = []
        if key == "required":
            wrong = [one for one in value if not isinstance(one, str)]
        elif key in ("oneOf", "anyOf", "allOf", "prefixItems"):
            wrong = [one for one in value if not isinstance(one, dict | bool)]
        elif key in ("properties", "patternProperties", "dependentSchemas"):
            wrong = [[name, one] for name, one in value.items() if not isinstance(one, dict | bool)]
        elif (key == "multipleOf" and value <= 0) or (
            key.startswith(("min", "max")) and _is_negative_count(key, value)
        ):
            wrong = [value]
        if wrong:
            self.rest.setdefault(key, []).append(wrong)

    def _alternatives(self, node: dict[str, Any], at: Pointer) -> list[Node]:
        """Take the alternatives of a union; one alone beside null is as good as the schema itself."""
        alone: list[Node] = []
        for key in ("oneOf", "anyOf"):
            found = [
                (child, (*at, key, str(i)))
                for i, child in enumerate(as_list(node.get(key)))
                if not (isinstance(child, dict) and child.keys() == {"type"} and child["type"] == "null")
            ]
            if len(found) == 1:
                alone += found
            elif found:
                self.branches.setdefault("", []).extend(found)
        return alone

    def is_typed(self) -> bool:
        """Return whether a type is stated."""
        return "type" in self.notes

    def is_untyped(self) -> bool:
        """Return whether no type is stated, and what else is stated tells of which kind values are."""
        return not self.is_typed() and self._speaks and not self.branches

    def of(self, key: str) -> Any:
        """Return what counts of a keyword: the outermost value, None without one."""
        return self.notes.get(key, [None])[0]


def unknown_types(notes: Notes) -> Iterator[Any]:
    """Yield what stands under `type` and is no type."""
    for value in notes.notes.get("type", ()):
        names = value if isinstance(value, list) else [value]
        yield from (one for one in names if not (isinstance(one, str) and one in _TYPES))


def _is_of(value: Any, kinds: type[Any] | tuple[type[Any], ...]) -> bool:
    if isinstance(value, bool) and kinds is not object:
        return kinds is bool or (isinstance(kinds, tuple) and bool in kinds)
    return isinstance(value, kinds)


def _is_negative_count(key: str, value: Any) -> bool:
    return key not in ("minimum", "maximum") and value < 0
