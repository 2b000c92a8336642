"""What a schema says on one level, with one way to say a thing.

Children stay as the document has them and take shape when they are asked for, so circles cost nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from scripts.drift.document.spec import as_dict, as_list
from scripts.drift.document.types import (
    ALL_TYPES,
    INFERRED,
    integer_bounds,
    kind_of,
    tighter_high,
    tighter_low,
)

# Formats that say how a value is shown or carried and not what it may be.
_SILENT_FORMATS = {"password", "binary", "int64", "double", "decimal", "number", "string", "integer"}
# What this module does not model; two schemas that say it in the same words agree on it.
_REST = (
    *("not", "if", "then", "else", "contains", "minContains", "maxContains", "propertyNames"),
    *("dependentRequired", "dependentSchemas", "unevaluatedItems", "contentEncoding", "contentMediaType"),
)


@dataclass
class Shape:
    """What a schema says, on one level.

    `additional` is None where it is not stated; `unevaluated` closes what the branches of a union leave open.
    `low` and `high` are pairs of bound and whether it is excluded. `rest` holds what is not modelled.
    `is_way` is set where it is one way through a union, whose other ways it does not know.
    `exclusive` says of each union whether a value may fit one of its alternatives only.
    """

    types: frozenset[str] = ALL_TYPES
    enum: list[Any] | None = None
    low: tuple[float, bool] | None = None
    high: tuple[float, bool] | None = None
    multiples: tuple[float, ...] = ()
    lengths: tuple[int, int | None] = (0, None)
    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    items: Any = None
    prefix: tuple[Any, ...] = ()
    counts: tuple[int, int | None] = (0, None)
    unique: bool = False
    properties: dict[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    by_pattern: dict[str, Any] = field(default_factory=dict)
    additional: Any = None
    unevaluated: Any = None
    sizes: tuple[int, int | None] = (0, None)
    unions: tuple[tuple[Any, ...], ...] = ()
    exclusive: tuple[bool, ...] = ()
    rest: tuple[tuple[str, Any], ...] = ()
    discriminator: dict[str, Any] | None = None
    opaque: str | None = None
    never: bool = False
    name: str = ""
    component: str = ""
    is_way: bool = False
    raw: Any = None

    @property
    def beyond(self) -> Any:
        """What is said of properties that are not named: None if nothing."""
        return self.additional if self.additional is not None else self.unevaluated

    @property
    def is_any(self) -> bool:
        """Whether every value is allowed."""
        return (
            replace(
                self, name="", component="", raw=None, discriminator=None, hidden=frozenset(), is_way=False
            )
            == _ANY
        )


_ANY = Shape()
_NULL = {"type": "null"}


def stated(raw: dict[str, Any], role: str, hidden: frozenset[str]) -> Shape:
    """Return what the keywords of one schema say, its references and allOf left out.

    Args:
        raw: the schema as the document has it.
        role: "request" or "response".
        hidden: the properties that this role neither sends nor sees.
    """
    types = _types(raw)
    enum = _enum(raw, role)
    low, high = _bounds(raw)
    properties = {str(k): v for k, v in as_dict(raw.get("properties")).items()}
    items = raw.get("items")
    prefix = tuple(as_list(raw.get("prefixItems")))
    if isinstance(items, list):  # before 2020-12, and in documents that never noticed
        prefix, items = tuple(items), raw.get("additionalItems")
    shape = Shape(
        types=types,
        enum=enum,
        low=low,
        high=high,
        multiples=_numbers(raw, "multipleOf"),
        lengths=_count(raw, "minLength", "maxLength"),
        patterns=tuple(p for p in [raw.get("pattern")] if isinstance(p, str)),
        formats=_formats(raw),
        items=items if isinstance(items, dict | bool) else None,
        prefix=prefix,
        counts=_count(raw, "minItems", "maxItems"),
        unique=raw.get("uniqueItems") is True,
        properties={k: v for k, v in properties.items() if k not in hidden},
        required=frozenset(k for k in as_list(raw.get("required")) if isinstance(k, str)) - hidden,
        hidden=hidden,
        by_pattern={str(k): v for k, v in as_dict(raw.get("patternProperties")).items()},
        additional=_beyond(raw, "additionalProperties"),
        unevaluated=_beyond(raw, "unevaluatedProperties"),
        sizes=_count(raw, "minProperties", "maxProperties"),
        unions=tuple(tuple(as_list(raw[k])) for k in ("oneOf", "anyOf") if as_list(raw.get(k))),
        exclusive=tuple(k == "oneOf" for k in ("oneOf", "anyOf") if as_list(raw.get(k))),
        rest=tuple((k, raw[k]) for k in _REST if k in raw),
        discriminator=as_dict(raw.get("discriminator")) or None,
    )
    if shape.enum is not None:
        shape.enum = [value for value in shape.enum if allowed(value, types)]
    return shape


def _types(raw: dict[str, Any]) -> frozenset[str]:
    stated = raw.get("type")
    names = [stated] if isinstance(stated, str) else as_list(stated)
    known = frozenset(name for name in names if isinstance(name, str) and name in ALL_TYPES)
    if "file" in names:
        return frozenset({"string"})
    if known:
        return known | ({"integer"} if "number" in known else set())
    if "enum" in raw or "const" in raw:
        return ALL_TYPES
    for kind, keywords in INFERRED:
        if any(keyword in raw for keyword in keywords):
            return kind
    return ALL_TYPES


def _enum(raw: dict[str, Any], role: str) -> list[Any] | None:
    if "const" in raw:
        return [raw["const"]]
    if isinstance(raw.get("enum"), list):
        return list(raw["enum"])
    open_list = raw.get("x-extensible-enum")
    return list(open_list) if role == "request" and isinstance(open_list, list) else None


def nullable(shape: Shape) -> Shape:
    """Return a shape that allows null, too."""
    enum = shape.enum
    if enum is not None and None not in enum:
        enum = [*enum, None]
    return replace(shape, types=shape.types | {"null"}, enum=enum, unions=_null_groups(shape.unions))


def _null_groups(unions: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    return tuple(group if _NULL in group else (*group, _NULL) for group in unions)


def allowed(value: Any, types: Iterable[str]) -> bool:
    """Tell whether a value is of one of some types."""
    kind = kind_of(value)
    return kind in types or (kind == "integer" and "number" in types)


def _bounds(raw: dict[str, Any]) -> tuple[tuple[float, bool] | None, tuple[float, bool] | None]:
    low = high = None
    least, most = raw.get("minimum"), raw.get("maximum")
    below, above = raw.get("exclusiveMinimum"), raw.get("exclusiveMaximum")
    if _is_number(least):
        low = (least, below is True)
    if _is_number(below):
        low = tighter_low(low, (below, True))
    if _is_number(most):
        high = (most, above is True)
    if _is_number(above):
        high = tighter_high(high, (above, True))
    bounds = integer_bounds(raw.get("format"))
    if bounds:
        low, high = tighter_low(low, (bounds[0], False)), tighter_high(high, (bounds[1], False))
    return low, high


def _formats(raw: dict[str, Any]) -> tuple[str, ...]:
    stated = raw.get("format")
    if not isinstance(stated, str) or stated in _SILENT_FORMATS or integer_bounds(stated):
        return ()
    return (stated,)


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(raw: dict[str, Any], key: str) -> tuple[float, ...]:
    value = raw.get(key)
    return (value,) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else ()


def _count(raw: dict[str, Any], least: str, most: str) -> tuple[int, int | None]:
    low, high = raw.get(least), raw.get(most)
    return (
        max(0, int(low)) if _is_number(low) else 0,
        int(high) if _is_number(high) and high >= 0 else None,
    )


def both(one: tuple[int, int | None], other: tuple[int, int | None]) -> tuple[int, int | None]:
    """Return the bounds that keep two bounds."""
    highs = [high for high in (one[1], other[1]) if high is not None]
    return max(one[0], other[0]), min(highs) if highs else None


def _beyond(raw: dict[str, Any], key: str) -> Any:
    value = raw.get(key)
    return value if isinstance(value, dict | bool) else None
