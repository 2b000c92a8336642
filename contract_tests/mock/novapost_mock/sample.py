"""A value that fits a schema, made from its examples. Always the same for the same schema."""

from collections.abc import Mapping
from typing import Any

_REF_PREFIX = "#/components/schemas/"
_BY_FORMAT = {
    "date-time": "2025-01-01T00:00:00Z",
    "date": "2025-01-01",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def sample(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """Make a value after a schema: its example, else its default, else its first enum value, else by type.

    Objects get every property that is required or has an example. The result fits wherever the examples
    fit; a pattern without an example is not solved, so the caller checks what comes out.

    Args:
        schema: an OpenAPI schema or reference.
        schemas: the document's `components.schemas`.
    """
    reference = schema.get("$ref")
    if reference is not None:
        return sample(schemas[str(reference).removeprefix(_REF_PREFIX)], schemas)
    for keyword in ("example", "default"):
        if keyword in schema:
            return schema[keyword]
    if schema.get("enum"):
        return schema["enum"][0]
    if "allOf" in schema:
        parts = [sample(part, schemas) for part in schema["allOf"]]
        return {name: value for part in parts if isinstance(part, dict) for name, value in part.items()}
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            return sample(schema[keyword][0], schemas)
    return _by_type(schema, schemas)


def _by_type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    match schema.get("type", "object" if "properties" in schema else None):
        case "object":
            required = schema.get("required", ())
            properties = schema.get("properties", {})
            wanted = {n: s for n, s in properties.items() if n in required or "example" in s}
            return {name: sample(each, schemas) for name, each in wanted.items()}
        case "array":
            return [sample(schema.get("items", {}), schemas)] * schema.get("minItems", 0)
        case "string":
            text = _BY_FORMAT.get(schema.get("format", ""), "text")
            return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case _:
            return None
