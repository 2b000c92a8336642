"""The schemas of one document in the form in which two can be compared: references followed, allOf merged."""

from dataclasses import replace
from itertools import starmap
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from scripts.drift.document.equality import equal
from scripts.drift.document.heirs import heirs_of
from scripts.drift.document.spec import Spec, as_dict, as_list
from scripts.drift.document.types import meet, tighter_high, tighter_low
from scripts.drift.judge.schemas.shape import Shape, allowed, both, nullable, stated

if TYPE_CHECKING:
    from scripts.drift.findings import Pointer

# What a dynamic reference with several targets is called: which one it means depends on the way to it.
DYNAMIC = "the dynamic reference"
MAX_BRANCHES = 64
# How many branches are built in all; unions within unions can double at every level.
MAX_MERGED = 20_000


def is_file(reference: str) -> bool:
    """Return whether a reference leads into another file of the document."""
    return reference.startswith("#/.~1")


def name_in_file(name: str) -> str:
    """Return the name of a schema in a file of its own, by the last token of the reference."""
    return unquote(name).replace("~1", "/").rpartition("/")[2].partition(".")[0]


class Reader:
    """The schemas of one document as one role sees them; "request" leaves out read-only properties."""

    def __init__(self, spec: Spec, role: str) -> None:
        self.spec = spec
        self.role = role
        # Where each named schema stands that was met.
        self.places: dict[str, Pointer] = {}
        self._hiding = "readOnly" if role == "request" else "writeOnly"
        self._shapes: dict[int, Shape] = {}
        self._kept: list[Any] = []
        self._branches: dict[int, list[Shape] | None] = {}
        self._merged = 0
        self._heirs: dict[str, dict[str, str]] | None = None

    def kinds(self, shape: Shape) -> list[str]:
        """Return the marks of a named schema and of its heirs, none if it has no discriminator."""
        if not shape.component or shape.discriminator is None or shape.unions:
            return []
        if self._heirs is None:
            self._heirs = heirs_of(self.spec)
        heirs = self._heirs.get(f"#/components/schemas/{shape.component}")
        return [] if heirs is None else [*heirs, shape.component]

    def shape(self, raw: Any) -> Shape:
        """Return the shape of a schema as the document has it."""
        if isinstance(raw, Shape):
            return raw
        known = self._shapes.get(id(raw)) if isinstance(raw, dict) else None
        if known is None:
            known = self._build(raw, frozenset())
            if isinstance(raw, dict):
                self._shapes[id(raw)] = known
                self._kept.append(raw)
        return known

    def branches(self, shape: Shape) -> list[Shape] | None:
        """Return a shape without its unions, once for each way through them; None if these are too many."""
        if id(shape) not in self._branches:
            self._kept.append(shape)
            self._branches[id(shape)] = self._through(shape)
        return self._branches[id(shape)]

    def _through(self, shape: Shape) -> list[Shape] | None:
        ways = [replace(shape, unions=(), exclusive=(), raw=None)]
        for group in shape.unions:
            options = [self.shape(one) for one in group]
            options = list({id(one): one for one in options}.values())
            self._merged += len(ways) * len(options)
            if len(ways) * len(options) > MAX_BRANCHES or self._merged > MAX_MERGED:
                return None
            ways = [self._merge(way, option) for way in ways for option in options]
        for way in ways:
            way.is_way = True
        return [way for way in ways if not way.never]

    def _build(self, raw: Any, trail: frozenset[str]) -> Shape:
        if raw is False:
            return Shape(types=frozenset(), never=True, raw=raw)
        if not isinstance(raw, dict):
            return Shape(raw=raw)
        reference = raw.get("$ref")
        if isinstance(reference, str):
            return self._of_reference(raw, "$ref", reference, trail)
        reference = raw.get("$dynamicRef")
        if isinstance(reference, str):
            if len(self.spec.targets(reference)) > 1:
                return Shape(opaque=f"{DYNAMIC} {reference}", name=reference, raw=raw)
            return self._of_reference(raw, "$dynamicRef", reference, trail)
        shape = stated(raw, self.role, self.hidden(raw))
        for member in as_list(raw.get("allOf")):
            shape = self._merge(shape, self._build(member, trail))
        if raw.get("nullable") is True and not self.spec.is_31:
            shape = nullable(shape)
        elif raw.get("nullable") is True and "type" in raw:
            shape = nullable(shape)  # 3.1 has no such keyword; who writes it means it
        # It was made here, so nobody else has it yet.
        shape.raw, shape.name, shape.component = raw, str(raw.get("title") or shape.name), ""
        return shape

    def _of_reference(
        self, raw: dict[str, Any], keyword: str, reference: str, trail: frozenset[str]
    ) -> Shape:
        siblings = {k: v for k, v in raw.items() if k != keyword}
        name = reference.rpartition("/")[2]
        if is_file(reference):
            name = name_in_file(name)
        found = self.spec.lookup(reference)
        if found is None:
            self.spec.unresolved.add(reference)
            return Shape(opaque=reference or "an empty reference", name=name, raw=raw)
        if reference in trail:
            return Shape(name=name, raw=raw)  # a circle of allOf alone says nothing
        target = found[0]
        known = self._shapes.get(id(target)) if isinstance(target, dict) else None
        if known is None:
            component = name if reference.startswith("#/components/schemas/") or is_file(reference) else ""
            known = self._build(target, trail | {reference})
            if not isinstance(target, dict) or "$ref" in target:
                known = replace(known)  # somebody else's
            known.name, known.component = name, component
            if component:
                self.places.setdefault(component, found[1])
            if isinstance(target, dict) and not trail:
                self._shapes[id(target)] = known
                self._kept.append(target)
        matters = {
            k: v for k, v in siblings.items() if k not in ("description", "summary", "example", "title")
        }
        if self.spec.is_31 and matters:
            merged = self._merge(known, self._build(siblings, trail))
            return replace(merged, name=name, component="", raw=raw)
        return known

    def hidden(self, raw: dict[str, Any]) -> frozenset[str]:
        """Return the properties of a schema that this role neither sends nor sees."""
        properties = as_dict(raw.get("properties"))
        return frozenset(str(name) for name, child in properties.items() if self._is_hidden(child))

    def _is_hidden(self, child: Any) -> bool:
        for _ in range(20):
            if not isinstance(child, dict):
                return False
            if child.get(self._hiding) is True:
                return True
            members = as_list(child.get("allOf"))
            if len(members) == 1 and "$ref" not in child:
                child = members[0]
                continue
            if "$ref" not in child:
                return False
            found = self.spec.lookup(child.get("$ref"))
            if found is None:
                return False
            child = found[0]
        return False

    def _merge(self, one: Shape, other: Shape) -> Shape:
        """Return what both allow together."""
        if one.never or other.never:
            return Shape(types=frozenset(), never=True)
        types = meet(one.types, other.types)
        enum = one.enum if other.enum is None else other.enum
        if one.enum is not None and other.enum is not None:
            enum = [value for value in one.enum if any(equal(value, also) for also in other.enum)]
        if enum is not None:
            enum = [value for value in enum if allowed(value, types)]
        hidden = one.hidden | other.hidden
        properties = self._merged_properties(one, other)
        return Shape(
            types=types,
            enum=enum,
            low=tighter_low(one.low, other.low),
            high=tighter_high(one.high, other.high),
            multiples=tuple(dict.fromkeys(one.multiples + other.multiples)),
            lengths=both(one.lengths, other.lengths),
            patterns=tuple(dict.fromkeys(one.patterns + other.patterns)),
            formats=tuple(dict.fromkeys(one.formats + other.formats)),
            items=self._both_schemas(one.items, other.items),
            prefix=self._merged_prefix(one, other),
            counts=both(one.counts, other.counts),
            unique=one.unique or other.unique,
            properties={k: v for k, v in properties.items() if k not in hidden},
            required=(one.required | other.required) - hidden,
            hidden=hidden,
            by_pattern=one.by_pattern | other.by_pattern,
            additional=self._both_schemas(one.additional, other.additional),
            unevaluated=self._both_schemas(one.unevaluated, other.unevaluated),
            sizes=both(one.sizes, other.sizes),
            unions=one.unions + other.unions,
            exclusive=one.exclusive + other.exclusive,
            rest=one.rest + tuple(r for r in other.rest if not any(equal(r[1], o[1]) for o in one.rest)),
            discriminator=one.discriminator or other.discriminator,
            opaque=one.opaque or other.opaque,
            never=not types or enum == [],
            name=other.name or one.name,
            component=other.component,
        )

    def _merged_properties(self, one: Shape, other: Shape) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for name in [*one.properties, *(n for n in other.properties if n not in one.properties)]:
            parts = []
            for side in (one, other):
                if name in side.properties:
                    parts.append(side.properties[name])
                elif side.additional is not None and not side.by_pattern:
                    parts.append(side.additional)
            merged: Any = parts[0]
            for part in parts[1:]:
                merged = self._both_schemas(merged, part)
            properties[name] = merged
        return properties

    def _merged_prefix(self, one: Shape, other: Shape) -> tuple[Any, ...]:
        longer, shorter = (one, other) if len(one.prefix) >= len(other.prefix) else (other, one)
        padded = [*shorter.prefix, *[shorter.items] * (len(longer.prefix) - len(shorter.prefix))]
        return tuple(starmap(self._both_schemas, zip(longer.prefix, padded, strict=True)))

    def _both_schemas(self, one: Any, other: Any) -> Any:
        if one is None or one is True or one is other:
            return other if one is None or other is not None else one
        if other is None or other is True:
            return one
        if one is False or other is False:
            return False
        if not isinstance(one, Shape) and not isinstance(other, Shape) and equal(one, other):
            return one
        if isinstance(one, Shape) or isinstance(other, Shape):
            return self._merge(self.shape(one), self.shape(other))
        both = {"allOf": [one, other]}
        self._kept.append(both)
        return both
