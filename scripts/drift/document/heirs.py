"""The schemas that only a discriminator leads to: the heirs of a schema that lists no alternatives.

OpenAPI 3, "Discriminator Object": a message of the parent may be one of any schema that has the parent in its
`allOf`, or that the mapping names. The mark of an heir is its key in the mapping, or its own name.
"""

from typing import Any

from scripts.drift.document.spec import Spec, as_dict, as_list

_START = "#/components/schemas/"


def heirs_of(spec: Spec) -> dict[str, dict[str, str]]:
    """Return for each parent, by its reference, the references of its heirs by their marks."""
    schemas = as_dict(as_dict(spec.document.get("components")).get("schemas"))
    parents: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        for part in as_list(as_dict(schema).get("allOf")):
            reference = as_dict(part).get("$ref")
            if isinstance(reference, str):
                parents.setdefault(reference, []).append(f"{_START}{name}")
    found = {}
    for name, schema in schemas.items():
        discriminator = as_dict(as_dict(schema).get("discriminator"))
        if discriminator and not any(as_list(schema.get(key)) for key in ("oneOf", "anyOf")):
            marks = _marks(discriminator, _below(f"{_START}{name}", parents))
            found[f"{_START}{name}"] = {mark: one for mark, one in marks.items() if spec.lookup(one)}
    return found


def _below(parent: str, parents: dict[str, list[str]]) -> list[str]:
    found: dict[str, None] = {}
    waiting = [parent]
    while waiting:
        for heir in parents.get(waiting.pop(), ()):
            if heir != parent and heir not in found:
                found[heir] = None
                waiting.append(heir)
    return list(found)


def _marks(discriminator: dict[str, Any], heirs: list[str]) -> dict[str, str]:
    marks = {
        str(mark): str(target) if str(target).startswith("#") else f"{_START}{target}"
        for mark, target in as_dict(discriminator.get("mapping")).items()
    }
    mapped = set(marks.values())
    return marks | {heir.removeprefix(_START): heir for heir in heirs if heir not in mapped}
