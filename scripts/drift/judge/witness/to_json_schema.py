"""A shape as JSON Schema: closed as its writer closes it, or as it stands."""

from typing import Any

from scripts.drift.document.types import ALL_TYPES, FORMATS
from scripts.drift.judge.schemas.discriminators import marks, property_of
from scripts.drift.judge.schemas.reader import Reader
from scripts.drift.judge.schemas.shape import Shape

MAX_SHAPES = 400
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Emitter:
    """Writes shapes as JSON schemas.

    With `closed`, an object that says nothing of other properties has none; with `marked`, each alternative
    has the value by which its discriminator selects it.
    """

    def __init__(self, reader: Reader, closed: bool = True, marked: bool = False) -> None:
        self._reader = reader
        self._closed = closed
        self._marked = marked

    def schema(self, shape: Shape) -> dict[str, Any] | None:
        """Return the schema with its definitions, None if it is too large to be written."""
        names: dict[int, str] = {}
        definitions: dict[str, Any] = {}
        waiting = [shape]
        kept = [shape]
        circular: list[bool] = []

        def reference(raw: Any) -> dict[str, Any]:
            child = self._reader.shape(raw)
            circular.extend([True] if child is shape else [])
            if id(child) not in names:
                names[id(child)] = f"s{len(names)}"
                kept.append(child)
                waiting.append(child)
            return {"$ref": f"#/$defs/{names[id(child)]}"}

        names[id(shape)] = "root"
        while waiting:
            if len(names) > MAX_SHAPES:
                return None
            one = waiting.pop()
            written = self._one(one, reference)
            if written is None:
                return None
            definitions[names[id(one)]] = written
        root = definitions.pop("root")
        if circular:
            return {"$schema": _SCHEMA, "$ref": "#/$defs/root", "$defs": definitions | {"root": root}}
        return {"$schema": _SCHEMA, **root, **({"$defs": definitions} if definitions else {})}

    def _one(self, shape: Shape, reference: Any) -> dict[str, Any] | None:
        if shape.never:
            return {"not": {}}
        if shape.unions and self._closed:
            branches = self._reader.branches(shape)
            if branches is None:
                return None
            return {"anyOf": [self._alternative(branch, reference(branch)) for branch in branches]}
        made: dict[str, Any] = {}
        if shape.types != ALL_TYPES:
            made["type"] = sorted(shape.types - ({"integer"} if "number" in shape.types else set()))
        if shape.enum is not None:
            made["enum"] = shape.enum
        self._scalars(shape, made)
        self._containers(shape, made, reference)
        for group, alone in zip(shape.unions, shape.exclusive, strict=True):
            options = [self._alternative(self._reader.shape(one), reference(one)) for one in group]
            made.setdefault("allOf", []).append({"oneOf" if alone else "anyOf": options})
        kinds = self._reader.kinds(shape) if self._marked and not shape.is_way else []
        if kinds:
            marked = {"properties": {str(property_of(shape)): {"enum": kinds}}}
            made.setdefault("allOf", []).append(marked)
        return made if self._rest(shape, made) else None

    def _alternative(self, branch: Shape, written: dict[str, Any]) -> dict[str, Any]:
        values = marks(branch, self._reader) if self._marked else []
        if not values:
            return written
        name = str(property_of(branch))
        return {"allOf": [written, {"properties": {name: {"enum": values}}, "required": [name]}]}

    def _rest(self, shape: Shape, made: dict[str, Any]) -> bool:
        from scripts.drift.judge.witness.to_2020_12 import Plain

        for keyword, value in shape.rest:
            if keyword in made:
                return False
            written = Plain(self._reader).schema({keyword: value})
            if "$defs" in written:
                return False
            made |= {k: v for k, v in written.items() if k != "$schema"}
        return True

    def _scalars(self, shape: Shape, made: dict[str, Any]) -> None:
        for bound, inside, outside in (
            (shape.low, "minimum", "exclusiveMinimum"),
            (shape.high, "maximum", "exclusiveMaximum"),
        ):
            if bound is not None:
                made[outside if bound[1] else inside] = bound[0]
        if len(shape.multiples) == 1:
            made["multipleOf"] = shape.multiples[0]
        elif shape.multiples:
            made.setdefault("allOf", []).extend({"multipleOf": one} for one in shape.multiples)
        for pair, names in (
            (shape.lengths, ("minLength", "maxLength")),
            (shape.counts, ("minItems", "maxItems")),
            (shape.sizes, ("minProperties", "maxProperties")),
        ):
            if pair[0]:
                made[names[0]] = pair[0]
            if pair[1] is not None:
                made[names[1]] = pair[1]
        texts: list[dict[str, Any]] = [{"pattern": one} for one in shape.patterns]
        texts += [{"format": one} for one in shape.formats if one in FORMATS]
        for text in texts:
            if made.keys() & text.keys():
                made.setdefault("allOf", []).append(text)
            else:
                made |= text
        if shape.unique:
            made["uniqueItems"] = True

    def _containers(self, shape: Shape, made: dict[str, Any], reference: Any) -> None:
        if shape.prefix:
            made["prefixItems"] = [True if one is None else reference(one) for one in shape.prefix]
        if shape.items is not None:
            made["items"] = shape.items if isinstance(shape.items, bool) else reference(shape.items)
        if shape.properties:
            made["properties"] = {name: reference(one) for name, one in shape.properties.items()}
        if shape.required:
            made["required"] = sorted(shape.required)
        if shape.by_pattern:
            made["patternProperties"] = {key: reference(one) for key, one in shape.by_pattern.items()}
        beyond = shape.beyond
        if isinstance(beyond, bool):
            made["additionalProperties"] = beyond
        elif beyond is not None:
            made["additionalProperties"] = reference(beyond)
        elif self._closed and "object" in shape.types and (shape.properties or shape.by_pattern):
            made["additionalProperties"] = False
