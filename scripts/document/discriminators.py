"""Where a discriminator leads: the entries of its `mapping`, and since OpenAPI 3.2 its `defaultMapping`."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.document.tree import escape

_DEFAULT = "defaultMapping"


def leads(schema: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield what a schema's discriminator names, as the object that holds it, the key there, and the name.

    The user may change what stands under the key, or delete it.
    """
    return (entry for entry in entries(schema) if isinstance(entry[2], str))


def entries(schema: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Yield what `leads` does, and what stands where a name should."""
    discriminator = schema.get("discriminator")
    if not isinstance(discriminator, dict):
        return
    mapping = discriminator.get("mapping")
    if isinstance(mapping, dict):
        yield from ((mapping, key, target) for key, target in list(mapping.items()))
    if _DEFAULT in discriminator:
        yield discriminator, _DEFAULT, discriminator[_DEFAULT]


def place(pointer: str, schema: Mapping[str, Any], holder: Mapping[str, Any], key: str) -> str:
    """Return the pointer to an entry that `leads` found in the schema at `pointer`."""
    inner = "" if holder is schema["discriminator"] else "/mapping"
    return f"{pointer}/discriminator{inner}/{escape(key)}"


def full(target: str) -> str:
    """Return the reference that an entry means: it may be the name of a component alone."""
    return target if "/" in target else f"#/components/schemas/{target}"


def default_of(schema: Mapping[str, Any]) -> str | None:
    """Return the reference to the schema of whatever the mapping does not name; None if there is none."""
    discriminator = schema["discriminator"]
    return next((full(target) for holder, _, target in leads(schema) if holder is discriminator), None)
