"""Say what compiled libraries make of the large answer that the section of the client measures.

    python -m contract_tests.bench.programs.answer_limit [SEED]

Needs msgspec and pydantic. Both get types made of the same schemas as ours, and check formats less
strictly. Prints the least processor time of forty turns of each, in milliseconds.
"""

import datetime
import json
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from contract_tests.bench.sections.parsing import ITEMS, answer
from contract_tests.bench.tools.documents import document

_TYPES = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}
_FORMATS = {"uuid": uuid.UUID, "date": datetime.date, "date-time": datetime.datetime}
Make = Callable[[str, list[tuple[str, Any, bool]]], Any]


def type_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], make: Make) -> Any:
    """Return the type of a schema of `documents`."""
    if schema.get("nullable"):
        return type_of({**schema, "nullable": False}, schemas, make) | None
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        found = schemas[name]
        if found.get("type") != "object":
            return type_of(found, schemas, make)
        needed = found.get("required", [])
        fields = [
            (each, type_of(inner, schemas, make), each in needed)
            for each, inner in found["properties"].items()
        ]
        return make(name, sorted(fields, key=lambda field: not field[2]))
    several = schema.get("anyOf") or schema.get("oneOf")
    kinds = schema["type"] if isinstance(schema.get("type"), list) else [schema.get("type")]
    if several or len(kinds) > 1:
        inner = several or [{**schema, "type": kind} for kind in kinds]
        result = type_of(inner[0], schemas, make)
        for each in inner[1:]:
            result = result | type_of(each, schemas, make)
        return result
    if kinds == ["array"]:
        return list[type_of(schema["items"], schemas, make)]  # type: ignore[misc]
    return _FORMATS.get(schema.get("format", ""), _TYPES[str(kinds[0])])


def main(seed: int) -> None:
    """Measure and print."""
    msgspec, pydantic = import_module("msgspec"), import_module("pydantic")
    made = document(5, seed, circles=False)
    content = json.dumps(answer(made, ITEMS)).encode()
    page = {"$ref": "#/components/schemas/ShipmentPage"}
    schemas = made["components"]["schemas"]

    def struct(name: str, fields: list[tuple[str, Any, bool]]) -> Any:
        return msgspec.defstruct(name, [one[:2] if one[2] else (*one[:2], None) for one in fields])

    def model(name: str, fields: list[tuple[str, Any, bool]]) -> Any:
        return pydantic.create_model(
            name, **{one: (kind, ... if needed else None) for one, kind, needed in fields}
        )

    decoder = msgspec.json.Decoder(type_of(page, schemas, struct))
    validated = type_of(page, schemas, model)
    for name, read in (
        ("json.loads", json.loads),
        ("msgspec", decoder.decode),
        ("pydantic", validated.model_validate_json),
    ):
        print(f"{name:10} {min(_took(read, content) for _ in range(40)) * 1000:6.1f} ms")


def _took(read: Callable[[bytes], Any], content: bytes) -> float:
    begun = time.process_time()
    read(content)
    return time.process_time() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
