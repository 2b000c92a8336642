"""References inside one document (RFC 6901 pointers); none ever leads out of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from novapost_mock.schemas.violation import DocumentError

MAX_HOPS = 32


# Where other versions of OpenAPI have schemas, and where people look for them.
_ELSEWHERE = ("#/definitions/", "#/components/schema/", "#/schemas/")
_SECTIONS = ("schemas", "responses", "parameters", "requestBodies", "headers", "examples")


def mended(tree: Any, reference: Any) -> Any:
    """Return a reference that names a component alone, or in another place, as OpenAPI writes it.

    A reference to a place where something stands is returned as it is.
    """
    if not isinstance(reference, str) or not isinstance(tree, Mapping):
        return reference
    name = reference
    for start in _ELSEWHERE:
        name = name.removeprefix(start)
    if name == reference and ("/" in name or "#" in name):
        return reference
    components = mapping(tree.get("components"))
    home = next((section for section in _SECTIONS if name in mapping(components.get(section))), None)
    if home is None or (reference != name and _stands(tree, reference)):
        return reference
    return f"#/components/{home}/{name}"


def target(tree: Any, reference: Any, place: str) -> Any:
    """Return what a reference of the form `#/…` leads to.

    Raises:
        DocumentError: it leads out of the document or nowhere.
    """
    reference = mended(tree, reference)
    if not isinstance(reference, str) or not reference.startswith("#/"):
        text = reference if isinstance(reference, str) else ""
        file, _, part = text.partition("#")
        if file and part and not part.startswith("/") and "://" not in text:
            raise DocumentError(
                f"{place}: {shown(reference, 60)} is not followed; a place within a file is written #/A/B"
            )
        raise DocumentError(
            f"{place}: {shown(reference, 60)} leads out of the document and is not followed; "
            "only files of its own folder are read"
        )
    return _at(tree, reference, place)


def _at(tree: Any, reference: str, place: str) -> Any:
    found = tree
    for step in reference[2:].split("/"):
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, Sequence) and not isinstance(found, str) and _is_index(name, len(found)):
            found = found[int(name)]
        else:
            raise DocumentError(f"{place}: {shown(reference)} leads nowhere")
    return found


def _stands(tree: Any, reference: str) -> bool:
    try:
        _at(tree, reference, "")
    except DocumentError:
        return False
    return True


def leads(tree: Any, reference: str) -> bool:
    """Tell whether something stands where a reference of the form `#/…` leads."""
    return _stands(tree, mended(tree, reference))


def resolved(tree: Any, value: Any, place: str) -> Mapping[str, Any]:
    """Follow the `$ref` of an object, and of what it leads to, until there is none.

    Raises:
        DocumentError: a reference leads out, nowhere or in a circle, or the value is no object.
    """
    for _ in range(MAX_HOPS):
        if not isinstance(value, Mapping):
            raise DocumentError(f"{place}: an object is expected")
        if "$ref" not in value:
            return value
        value = target(tree, value["$ref"], place)
    raise DocumentError(f"{place}: references lead in a circle")


def shown(text: object, limit: int = 120) -> str:
    """Return a text of the document as it may stand in a message: one line, printable, not long."""
    line = str(text)
    if not line.isprintable():
        line = "".join(c if c.isprintable() else "?" for c in line)
    return line if len(line) <= limit else f"{line[:limit]}…"


def mapping(value: Any) -> Mapping[str, Any]:
    """Return the value if it is an object, an empty one otherwise."""
    return value if isinstance(value, Mapping) else {}


def listing(value: Any) -> Sequence[Any]:
    """Return the value if it is a list, an empty one otherwise."""
    return value if isinstance(value, list) else ()


def _is_index(name: str, length: int) -> bool:
    return name.isascii() and name.isdigit() and len(name) < 9 and int(name) < length
