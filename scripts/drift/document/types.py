"""Types, bounds and formats: the small facts about JSON values that the judge rests on."""

from typing import Any

ALL_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_OBJECT = frozenset({"object"})
# A schema that states no type and speaks of one kind of value means that kind, whatever JSON Schema says.
INFERRED: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (_OBJECT, ("properties", "required", "additionalProperties", "patternProperties", "maxProperties")),
    (frozenset({"array"}), ("items", "minItems", "maxItems", "uniqueItems", "prefixItems")),
    (frozenset({"string"}), ("pattern", "minLength", "maxLength")),
    (frozenset({"number", "integer"}), ("minimum", "maximum", "multipleOf", "exclusiveMinimum")),
)
_INTEGERS = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32)},
}
_FLOAT32 = 3.4028234663852886e38

# The formats that a validator asserts, each with values that have it and the nearest that have not.
FORMATS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "date-time": (("2025-08-27T08:03:02Z",), ("2025-08-27", "27.08.2025 08:03")),
    "date": (("2025-08-27",), ("2025-08-27T08:03:02Z", "27.08.2025")),
    "time": (("08:03:02Z",), ("08:03",)),
    "duration": (("P1D",), ("1 day",)),
    "email": (("a@example.com",), ("a at example",)),
    "idn-email": (("a@example.com", "ї@example.com"), ("a at example",)),
    "hostname": (("example.com",), ("-not a host-",)),
    "idn-hostname": (("example.com", "приклад.укр"), ("-not a host-",)),
    "ipv4": (("192.0.2.1",), ("2001:db8::1", "300.0.0.1")),
    "ipv6": (("2001:db8::1",), ("192.0.2.1",)),
    "uri": (("https://example.com/a",), ("/a", "not a uri")),
    "uri-reference": (("/a", "https://example.com/a"), ("\\\\a b",)),
    "iri": (("https://example.com/a", "https://приклад.укр/"), ("/a",)),
    "iri-reference": (("/a", "https://example.com/a"), ("\\\\a b",)),
    "uri-template": (("/a/{b}",), ("/a/{b",)),
    "uuid": (("6f1c2a3e-7c1b-4d5e-8f90-0123456789ab",), ("6f1c2a3e",)),
    "json-pointer": (("/a/b",), ("a/b",)),
    "relative-json-pointer": (("0/a",), ("/a",)),
    "regex": (("^a+$",), ("(",)),
}
_WIDER = {
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("iri", "iri-reference"),
    ("uri-reference", "iri-reference"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
}


def kind_of(value: Any) -> str:
    """Return the JSON type of a value; a number without a fraction is an integer, however it is written."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def integer_bounds(name: Any) -> tuple[float, float] | None:
    """Return the least and the greatest number of a format; int64 and double are as wide as JSON goes."""
    if name == "float":
        return -_FLOAT32, _FLOAT32
    return _INTEGERS.get(name) if isinstance(name, str) else None


def format_within(inner: str, outer: str) -> bool:
    """Whether every text of one format has another, too."""
    return inner == outer or (inner, outer) in _WIDER


def meet(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return the types that both allow; an integer is a number."""
    both = one & other
    if "integer" in one | other and "number" in one | other:
        pair = ("number" in one or "integer" in one) and ("number" in other or "integer" in other)
        both |= {"integer"} if pair else set()
    return both


def tighter_low(
    one: tuple[float, bool] | None, other: tuple[float, bool] | None
) -> tuple[float, bool] | None:
    """Return the higher of two lower bounds."""
    if one is None or other is None:
        return one or other
    return max(one, other)


def tighter_high(
    one: tuple[float, bool] | None, other: tuple[float, bool] | None
) -> tuple[float, bool] | None:
    """Return the lower of two upper bounds."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda bound: (bound[0], not bound[1]))
