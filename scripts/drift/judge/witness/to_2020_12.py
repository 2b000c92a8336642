"""Schemas of OpenAPI as JSON Schema 2020-12 that any validator takes, exactly as the document has them."""

from typing import Any

from scripts.drift.document.spec import as_list
from scripts.drift.document.types import FORMATS, integer_bounds
from scripts.drift.judge.schemas.reader import Reader

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_ONE = ("not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("patternProperties", "dependentSchemas")
_PLAIN = {
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), int
    ),
    **dict.fromkeys(("minContains", "maxContains"), int),
    "pattern": str,
    "uniqueItems": bool,
    "dependentRequired": dict,
}
# RFC 4648. To a validator an encoding is a remark; who has to decode a text refuses another one.
_ENCODED = {
    "base64": r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    "base64url": r"^[A-Za-z0-9_-]*={0,2}$",
    "base32": r"^[A-Z2-7]*={0,6}$",
    "base16": r"^(?:[0-9A-Fa-f]{2})*$",
}
_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


class Plain:
    """Conversions for one document and role; each schema is converted once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._definitions: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self._uses: dict[str, set[str]] = {}
        self._current: set[str] = set()
        self._pending: list[tuple[str, Any]] = []

    def schema(self, raw: Any) -> dict[str, Any]:
        """Return a schema that stands alone, with what it refers to under `$defs`."""
        used: set[str] = set()
        self._current = used
        body = self._convert(raw)
        while self._pending:  # not by recursion: a document may chain thousands of references
            pending, target = self._pending.pop()
            self._current = self._uses[pending] = set()
            self._definitions[pending] = self._convert(target)
        reached: set[str] = set()
        waiting = list(used)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self._uses[name]
        definitions = {name: self._definitions[name] for name in sorted(reached)}
        root = body if isinstance(body, dict) else ({} if body else {"not": {}})
        return {"$schema": _SCHEMA, **root, **({"$defs": definitions} if definitions else {})}

    def _reference(self, reference: str) -> Any:
        name = self._names.get(reference)
        if name is None:
            found = self._reader.spec.lookup(reference)
            if found is None:
                return True
            name = self._names[reference] = f"s{len(self._names)}"
            self._pending.append((name, found[0]))
        self._current.add(name)
        return {"$ref": f"#/$defs/{name}"}

    def _convert(self, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw is not False
        is_31 = self._reader.spec.is_31
        keyword = "$ref" if isinstance(raw.get("$ref"), str) else "$dynamicRef"
        reference = raw.get(keyword)
        if isinstance(reference, str):
            several = keyword == "$dynamicRef" and len(self._reader.spec.targets(reference)) > 1
            target = True if several else self._reference(reference)
            siblings = {k: v for k, v in raw.items() if k != keyword}
            if not is_31 or not siblings or not isinstance(target, dict):
                return target
            return {"allOf": [target, self._convert(siblings)]}
        made = self._own(raw)
        if raw.get("nullable") is True and (not is_31 or "type" in raw):
            return {"anyOf": [made, {"type": "null"}]}
        return made

    def _own(self, raw: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        stated = raw.get("type")
        types = [t for t in ([stated] if isinstance(stated, str) else as_list(stated)) if t in _TYPES]
        if types:
            made["type"] = types if len(types) > 1 else types[0]
        shape = self._reader.shape(raw) if "x-extensible-enum" in raw else None
        if "const" in raw:
            made["const"] = raw["const"]
        elif isinstance(raw.get("enum"), list):
            made["enum"] = raw["enum"]
        elif shape is not None and shape.enum is not None:
            made["enum"] = shape.enum
        for key, kind in _PLAIN.items():
            value = raw.get(key)
            if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
                made[key] = value
        self._numbers(raw, made)
        self._format(raw, made)
        for key in _ONE:
            if isinstance(raw.get(key), dict | bool):
                made[key] = self._convert(raw[key])
        for key in _MANY:
            if as_list(raw.get(key)):
                made[key] = [self._convert(one) for one in raw[key]]
        for key in _NAMED:
            if isinstance(raw.get(key), dict):
                made[key] = {str(name): self._convert(one) for name, one in raw[key].items()}
        items = raw.get("items")
        if isinstance(items, list):
            made["prefixItems"] = [self._convert(one) for one in items]
        elif isinstance(items, dict | bool):
            made["items"] = self._convert(items)
        self._object(raw, made)
        return made

    def _object(self, raw: dict[str, Any], made: dict[str, Any]) -> None:
        hidden = self._reader.hidden(raw)
        if isinstance(raw.get("properties"), dict):
            kept = {str(k): v for k, v in raw["properties"].items()}
            made["properties"] = {k: True if k in hidden else self._convert(v) for k, v in kept.items()}
        required = [k for k in as_list(raw.get("required")) if isinstance(k, str) and k not in hidden]
        if required:
            made["required"] = sorted(set(required))
        for key in ("additionalProperties", "unevaluatedProperties"):
            if isinstance(raw.get(key), dict | bool):
                made[key] = self._convert(raw[key])

    def _numbers(self, raw: dict[str, Any], made: dict[str, Any]) -> None:
        for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            value, excluded = raw.get(limit), raw.get(exclusive)
            if isinstance(value, int | float) and not isinstance(value, bool):
                made[exclusive if excluded is True else limit] = value
            if isinstance(excluded, int | float) and not isinstance(excluded, bool):
                made[exclusive] = excluded
        step = raw.get("multipleOf")
        if isinstance(step, int | float) and not isinstance(step, bool) and step > 0:
            made["multipleOf"] = step

    def _format(self, raw: dict[str, Any], made: dict[str, Any]) -> None:
        stated = raw.get("format")
        bounds = integer_bounds(stated)
        if bounds is not None:
            made["minimum"] = max(bounds[0], made.get("minimum", bounds[0]))
            made["maximum"] = min(bounds[1], made.get("maximum", bounds[1]))
        elif stated in FORMATS:
            made["format"] = stated
        encoding = "base64" if stated == "byte" else str(raw.get("contentEncoding")).lower()
        if encoding in _ENCODED and "pattern" not in made and made.get("type") == "string":
            made["pattern"] = _ENCODED[encoding]
